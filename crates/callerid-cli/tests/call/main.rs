//! `callerid call` against the backends that the emulator guards as Google does: real requests over the
//! loopback interface, one emulator per test.

mod refusals;
mod requests;
#[path = "../host/server.rs"]
mod server;
mod streaming;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use callerid_emulator::{Config, Emulator};

/// What `callerid` printed, and its exit status.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// An emulator with one backend of each kind: `run`, `function` and `iap`.
fn emulator() -> Emulator {
    let protected = ["run=run", "function=function-1st-gen", "iap=iap"];
    let protected = protected.into_iter().map(|text| text.parse().unwrap()).collect();
    Emulator::start(Config { protected, ..Config::default() }).unwrap()
}

/// The OAuth client of the emulated proxy.
const CLIENT: &str = "123456789012-emulatediap.apps.googleusercontent.com";

/// Gives the emulator an order.
fn order(emulator: &Emulator, name: &str, body: &str) {
    let url = format!("{}/{name}", emulator.urls().control);
    let status = ureq::post(url).header("content-type", "application/json").send(body).unwrap().status();
    assert_eq!(status, 200, "{name} {body}");
}

/// `callerid call` with a token of the emulator's metadata server; nothing of it is kept.
fn call(emulator: &Emulator, arguments: &[&str]) -> Command {
    let mut command = callerid(emulator);
    command.args(["call", "--metadata", "--no-cache"]).args(arguments);
    command
}

/// `callerid` that finds the emulator where Google would be.
fn callerid(emulator: &Emulator) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callerid"));
    command.env("GCE_METADATA_HOST", &emulator.urls().metadata_host).env("LC_ALL", "C.UTF-8");
    command.env("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", &emulator.urls().iam_credentials);
    for name in ["GOOGLE_APPLICATION_CREDENTIALS", "http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end. Whatever it printed, there was no token in it that anybody could use.
#[track_caller]
fn run(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A command that is done early closes its input, which is its right.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: status.code().unwrap(), out: text(stdout), err: text(stderr) };
    refuse_tokens(&ran);
    ran
}

/// Nothing that starts like a token may be on standard error. On standard output a backend may show what it
/// saw: a token without its signature, or the proxy's own assertion.
#[track_caller]
fn refuse_tokens(ran: &Ran) {
    assert!(!ran.err.contains("eyJ"), "{}", ran.err);
    let is_of_tokens = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    for word in ran.out.split(|character| !is_of_tokens(character)).filter(|word| word.starts_with("eyJ")) {
        // What is covered ends with the dot before it.
        let is_harmless = word.ends_with(".SIGNATURE_REMOVED_BY_GOOGLE")
            || word.ends_with('.')
            || callerid::decode(word, callerid::UnixTime::from_seconds(0)).kind
                == callerid::TokenKind::IapAssertion;
        assert!(is_harmless, "{}", ran.out);
    }
}

/// A file for this test alone.
fn file(name: &str, contents: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("call-{name}"));
    std::fs::write(&path, contents).unwrap();
    path
}
