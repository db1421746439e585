//! `--lines` on input that no file case can hold.

use std::io::{BufRead, BufReader, Read, Write};

use crate::server::{Answer, Server};
use crate::{NOW, callerid, data, fresh_directory, run};

fn keys_file() -> String {
    format!("{}/tests/cmd/data/keys.json", env!("CARGO_MANIFEST_DIR"))
}

fn lines(keys: &str) -> [&str; 8] {
    ["verify", "--lines", "--audience", "https://svc.example", "--now", NOW, "--keys", keys]
}

fn verdicts(out: &str) -> Vec<&str> {
    out.lines().map(|line| line.split('"').nth(3).unwrap()).collect()
}

#[test]
fn order_holds_over_many_lines() {
    let cache = fresh_directory("order");
    let keys = keys_file();
    let (valid, altered) = (data("valid.jwt"), data("flipped.jwt"));
    let pattern = |at: usize| at.is_multiple_of(7) || at.is_multiple_of(31);
    let input: String = (0..5_000).map(|at| if pattern(at) { "junk\n" } else { valid.as_str() }).collect();
    let ran = run(callerid(&cache, &lines(&keys)), input + &altered);
    let expected = (0..5_000).map(|at| if pattern(at) { "rejected" } else { "verified" });
    assert!(verdicts(&ran.out).into_iter().eq(expected.chain(["rejected"])));
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("5001 tokens: "), "{}", ran.err);
}

#[test]
fn odd_lines_get_their_reports() {
    let cache = fresh_directory("odd");
    let keys = keys_file();
    let mut input = vec![0xff, 0xfe, b'.', 0x80, b'\n', 0, b'\n'];
    input.extend(std::iter::repeat_n(b'x', 10_000_000));
    input.push(b'\n');
    input.extend(data("valid.jwt").trim_end().bytes());
    let ran = run(callerid(&cache, &lines(&keys)), input);
    assert_eq!(verdicts(&ran.out), ["rejected", "rejected", "rejected", "verified"]);
    let third = ran.out.lines().nth(2).unwrap();
    assert!(third.contains(r#""code":"token_too_large""#) && third.contains(r#""note":"line_cut""#));
    assert_eq!(ran.code, 1);
}

#[test]
fn reports_come_before_the_input_ends() {
    let cache = fresh_directory("live");
    let keys = keys_file();
    let mut child = callerid(&cache, &lines(&keys)).spawn().unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut output = BufReader::new(output);
    for _ in 0..3 {
        input.write_all(data("valid.jwt").as_bytes()).unwrap();
        let mut report = String::new();
        output.read_line(&mut report).unwrap();
        assert!(report.starts_with(r#"{"verdict":"verified""#));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_pipe_is_success() {
    let cache = fresh_directory("closed");
    let keys = keys_file();
    let mut child = callerid(&cache, &lines(&keys)).spawn().unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let writer = std::thread::spawn(move || while input.write_all(b"junk\n").is_ok() {});
    BufReader::new(output).read_line(&mut String::new()).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
    writer.join().unwrap();
}

#[test]
fn a_file_of_unknown_keys_costs_few_fetches() {
    let cache = fresh_directory("junk-keys");
    let server = Server::start(Answer::of("200 OK", data("keys.json")));
    let junk: String = (0..2_000).map(|_| data("unknown-key.jwt")).collect();
    let ran = run(callerid(&cache, &lines(server.url())), junk + &data("valid.jwt"));
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with("2001 tokens: 1 verified, 2000 rejected (2000 key_not_found)"),
        "{}",
        ran.err
    );
    assert!((1..=8).contains(&server.requests()), "{}", server.requests());
}
