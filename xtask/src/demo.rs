//! `cargo xtask demo`: one token judged by the command line, by the npm package in Node and, to be seen,
//! in the page.

use std::fs::{self, File};
use std::path::Path;

use serde_json::Value;

use crate::process::{built, cargo, command, run as run_command};
use crate::{Outcome, package, site};

const DAY: u64 = 24 * 60 * 60;
const ACCEPTED: i32 = 0;
const REJECTED: i32 = 1;

/// Shows the main job; then, unless it is to be done once, serves the page until it is interrupted.
pub(crate) fn run(once: bool) -> Outcome {
    run_command(&mut cargo("build --release --package callerid-cli"))?;
    package::build()?;
    site::run()?;
    let sample = Path::new("tests/vectors/demo");
    let (audience, now) = read_case(sample, "audience", "now")?;
    let verify = "verify --keys keys.json";

    println!("\n$ cd {}", sample.display());
    println!("\n── What is this token? Decoding tells, and trusts nothing.");
    callerid("decode", sample, ACCEPTED)?;
    println!("\n── Did Google sign it, for this service, and is it in force?");
    let right = format!("{verify} --audience {audience} --now {now}");
    callerid(&right, sample, ACCEPTED)?;
    println!("\n── The same token at another service");
    let elsewhere = format!("{verify} --audience https://other.example --now {now}");
    callerid(&elsewhere, sample, REJECTED)?;
    println!("\n── The same token a day later");
    let late = format!("{verify} --audience {audience} --now {}", now + DAY);
    callerid(&late, sample, REJECTED)?;

    println!("\n── The same token through the npm package, in Node\n");
    let sample = sample.to_string_lossy();
    let now = now.to_string();
    run_command(command("node", "xtask/src/demo.mjs verify").args([&*sample, &*audience, &*now]))?;

    if let Some(corpus) = std::env::var_os("CALLERID_CORPUS") {
        issued_by_google(&Path::new(&corpus).join("google-real"))?;
    }
    println!("\nEvery step ended as it should.");
    if once { Ok(()) } else { run_command(&mut command("node", "xtask/src/demo.mjs serve")) }
}

/// Verifies tokens that Google really issued, each at a time within its life.
fn issued_by_google(tokens: &Path) -> Outcome {
    let mut folders = fs::read_dir(tokens)?.collect::<Result<Vec<_>, _>>()?;
    folders.sort_by_key(fs::DirEntry::file_name);
    for folder in folders {
        let name = folder.file_name().to_string_lossy().into_owned();
        let profile = match name.split('-').next() {
            Some("iap") => "iap",
            _ if name.starts_with("sa-selfsigned-") => continue,
            _ => "google",
        };
        println!("\n── A token that Google really issued: {name}");
        println!("$ cd {}", folder.path().display());
        let (audience, now) = read_case(&folder.path(), "aud", "verify_at")?;
        let verify = format!("verify --profile {profile} --keys jwks.json");
        let verify = format!("{verify} --audience {audience} --now {now}");
        callerid(&verify, &folder.path(), ACCEPTED)?;
    }
    Ok(())
}

/// Runs `callerid` in this folder, in plain sight, and holds it to its exit status.
fn callerid(arguments: &str, folder: &Path, expected: i32) -> Outcome {
    println!("$ callerid {arguments} < token.jwt\n");
    let mut callerid = command(&built("release/callerid")?, arguments);
    let token = File::open(folder.join("token.jwt"))?;
    let status = callerid.current_dir(folder).stdin(token).status()?;
    println!("\n[{status}]");
    if status.code() == Some(expected) {
        return Ok(());
    }
    Err(format!("that should have ended with exit status {expected}").into())
}

/// The audience of a case and a time at which its token is in force.
fn read_case(folder: &Path, audience: &str, now: &str) -> Outcome<(String, u64)> {
    let path = folder.join("case.json");
    let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let case: Value = serde_json::from_slice(&text)?;
    match (case[audience].as_str(), case[now].as_u64()) {
        (Some(audience), Some(now)) => Ok((audience.into(), now)),
        _ => Err(format!("{}: needs `{audience}` and `{now}`", path.display()).into()),
    }
}
