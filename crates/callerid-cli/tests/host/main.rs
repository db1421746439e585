//! The command line with a network and a disk: every test starts its own key endpoint on this machine and
//! has its own directory for the keys that are kept.

mod corpus;
mod emulating;
mod fetching;
mod keeping;
mod server;
mod streaming;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// When the tokens in `tests/cmd/data` are in force.
const NOW: &str = "1800000000";

/// What `callerid` printed, and its exit status.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/data").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A command that keeps its keys there and sees no proxy.
fn callerid(cache: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callerid"));
    command.args(arguments).env("CALLERID_CACHE_DIR", cache).env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(mut command: Command, input: impl AsRef<[u8]>) -> Ran {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.as_ref().to_vec();
    // A command that is done early closes its input, which is its right.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

/// Verifies a token of `tests/cmd/data` with the keys at this address.
fn verify(cache: &Path, url: &str, token: &str, more: &[&str]) -> Ran {
    let arguments = ["verify", "--json", "--audience", "https://svc.example", "--keys", url];
    let arguments = [&arguments, more].concat();
    run(callerid(cache, &arguments), data(token))
}

/// The same, at a time when the token is in force.
fn verify_now(cache: &Path, url: &str, token: &str, more: &[&str]) -> Ran {
    verify(cache, url, token, &[&["--now", NOW], more].concat())
}

/// A new directory under a name that no other test uses.
fn fresh_directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&directory));
    directory
}

/// The files that hold kept keys.
fn kept(cache: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(cache.join("keys")) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension() == Some(OsStr::new("txt"))).collect()
}
