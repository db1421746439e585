//! Keys on disk: what they are good for, and what they must not be used for.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::server::{Answer, Server};
use crate::{callerid, data, fresh_directory, kept, run, verify_now};

fn keys(max_age: &str) -> Answer {
    let answer = Answer::of("200 OK", data("keys.json"));
    answer.field("Cache-Control", &format!("public, max-age={max_age}, must-revalidate"))
}

/// Shifts the times of the kept keys back, as if that many seconds had passed.
fn age(cache: &Path, seconds: u64) {
    let file = kept(cache).remove(0);
    let aged = fs::read_to_string(&file).unwrap();
    let shift = |line: &str| match line.split_once("-at: ") {
        Some((name, time)) => format!("{name}-at: {}", time.parse::<u64>().unwrap() - seconds),
        None => line.into(),
    };
    let (head, document) = aged.split_once("\n\n").unwrap();
    let head: Vec<String> = head.lines().map(shift).collect();
    fs::write(&file, format!("{}\n\n{document}", head.join("\n"))).unwrap();
}

#[test]
fn the_copy_on_disk_needs_no_network() {
    let cache = fresh_directory("offline");
    let server = Server::start(keys("600"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &["--offline"]).code, 2);
    assert_eq!(server.requests(), 0);
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    let ran = verify_now(&cache, server.url(), "valid.jwt", &["--offline"]);
    assert!(ran.code == 0 && ran.out.contains(r#""from":"disk_cache""#), "{ran:?}");

    // What is not among them may be among newer ones.
    let ran = verify_now(&cache, server.url(), "unknown-key.jwt", &["--offline"]);
    assert!(ran.code == 2 && ran.out.contains("lacks the token's key"), "{ran:?}");
    assert_eq!(server.requests(), 1);
}

#[test]
fn freshness_is_the_endpoints() {
    let cache = fresh_directory("freshness");
    let server = Server::start(keys("600"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    age(&cache, 500);
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    assert_eq!(server.requests(), 1);
    age(&cache, 200);
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    assert_eq!(server.requests(), 2);
}

#[test]
fn stale_keys_serve_in_an_outage_and_a_note_says_so() {
    let cache = fresh_directory("stale");
    let server = Server::start(keys("600"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    age(&cache, 3_600);
    server.now_answers(Answer::of("503 Service Unavailable", "later"));
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains(r#""note":"keys_stale""#) && ran.out.contains("status 503"), "{ran:?}");
    let offline = verify_now(&cache, server.url(), "valid.jwt", &["--offline"]);
    assert!(offline.code == 0 && offline.out.contains(r#""note":"keys_stale""#), "{offline:?}");
    assert_eq!(server.requests(), 2);

    age(&cache, 2 * 86_400);
    for more in [[].as_slice(), &["--offline"]] {
        let ran = verify_now(&cache, server.url(), "valid.jwt", more);
        assert!(ran.code == 2 && ran.out.contains(r#""code":"keys_unavailable""#), "{ran:?}");
    }
}

#[test]
fn a_rotation_is_noticed_by_the_unknown_key() {
    let cache = fresh_directory("rotation");
    let old = data("keys.json").replace(r#""kid": "k1""#, r#""kid": "k0""#);
    let server = Server::start(Answer::of("200 OK", old).field("Cache-Control", "max-age=20000"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 1);
    server.now_answers(keys("20000"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    assert_eq!(server.requests(), 2);
    let ran = verify_now(&cache, server.url(), "unknown-key.jwt", &[]);
    assert!(ran.code == 1 && ran.out.contains(r#""code":"key_not_found""#), "{ran:?}");
    assert_eq!(server.requests(), 3);
}

#[test]
fn damage_is_fetched_anew() {
    let cache = fresh_directory("damage");
    let server = Server::start(keys("600"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    let file = kept(&cache).remove(0);
    let good = fs::read_to_string(&file).unwrap();
    let tomorrow = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 86_400;
    let (start, _) = good.split_once("fetched-at: ").unwrap();
    for (round, damaged) in [
        String::new(),
        "\n\n".into(),
        good[..good.len() / 2].into(),
        good.replace("k1", "k7"),
        good.replace("url: http", "url: https"),
        good.replace("callerid key set 1", "callerid key set 0"),
        format!("{start}fetched-at: {tomorrow}\nexpires-at: {tomorrow}\n\n{}", data("keys.json")),
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(&file, damaged).unwrap();
        let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
        assert!(ran.code == 0 && ran.out.contains(r#""note":"cache_unusable""#), "{round} {ran:?}");
        assert_eq!(server.requests(), round + 2);
        assert!(fs::read_to_string(&file).unwrap().starts_with("callerid key set 1\n"));
    }
}

#[cfg(unix)]
#[test]
fn keys_that_others_may_write_are_not_trusted() {
    use std::os::unix::fs::PermissionsExt;
    let cache = fresh_directory("writable");
    let server = Server::start(keys("600"));
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &[]).code, 0);
    let file = kept(&cache).remove(0);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert!(ran.code == 0 && ran.out.contains("others may write to it"), "{ran:?}");
    assert_eq!(server.requests(), 2);
}

#[test]
fn no_place_to_keep_them_is_only_a_note() {
    let cache = fresh_directory("no-place");
    fs::write(&cache, "a file where a directory should be").unwrap();
    let server = Server::start(keys("600"));
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert!(ran.code == 0 && ran.out.contains(r#""note":"cache_not_written""#), "{ran:?}");
    fs::remove_file(&cache).unwrap();
}

#[test]
fn many_processes_at_once_leave_one_good_copy() {
    let cache = fresh_directory("at-once");
    let server = Server::start(keys("600"));
    std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..8).map(|_| scope.spawn(|| verify_now(&cache, server.url(), "valid.jwt", &[]))).collect();
        for run in runs {
            let ran = run.join().unwrap();
            assert_eq!(ran.code, 0, "{ran:?}");
        }
    });
    let files = fs::read_dir(cache.join("keys")).unwrap().count();
    assert_eq!((files, kept(&cache).len()), (1, 1), "a file was left behind");
    assert_eq!(verify_now(&cache, server.url(), "valid.jwt", &["--offline"]).code, 0);
}

#[test]
fn shows_how_fresh_they_are() {
    let cache = fresh_directory("keys-show");
    let server = Server::start(keys("600"));
    let show = |more: &[&str]| {
        run(callerid(&cache, &[&["keys", "show", "--keys", server.url()], more].concat()), "")
    };
    let ran = show(&[]);
    assert!(ran.code == 0 && ran.out.contains("expires  in 10 minutes"), "{ran:?}");
    let ran = show(&["--offline", "--json"]);
    assert!(ran.code == 0 && ran.out.contains(r#""key_source":{"from":"disk_cache""#), "{ran:?}");
}
