//! `cargo xtask demo`: one token, from a local Google to the command line, to the npm package in Node and,
//! to be seen, to the page.

use std::fs::{self, File};
use std::path::{self, Path};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::emulator::Emulator;
use crate::process::{built, cargo, command, output, run as run_command};
use crate::{Outcome, package, site};

const DAY: u64 = 24 * 60 * 60;
const ACCEPTED: i32 = 0;
const REJECTED: i32 = 1;

const PROJECT: &str = "demo-project";
const CALLER: &str = "caller@demo-project.iam.gserviceaccount.com";
const AUDIENCE: &str = "https://hello.example";
const ELSEWHERE: &str = "https://other.example";
/// Where the token and the keys are left, to try more with them.
const FOLDER: &str = "target/demo";

/// Shows the main job; then, unless it is to be done once, serves the page until it is interrupted.
pub(crate) fn run(once: bool) -> Outcome {
    run_command(&mut cargo("build --release --package callerid-cli"))?;
    package::build()?;
    site::run()?;
    if Path::new(FOLDER).exists() {
        fs::remove_dir_all(FOLDER)?;
    }
    fs::create_dir_all(FOLDER)?;

    println!("\n── A Google of our own, on this machine");
    let emulator = emulate()?;
    let keys = emulator.text("/jwks/google")?;
    judge(&emulator, &keys)?;
    println!("\n── The same token through the npm package, in Node\n");
    run_command(command("node", "xtask/src/demo.mjs verify").args([FOLDER, AUDIENCE, CALLER, &keys]))?;

    if let Some(corpus) = std::env::var_os("CALLERID_CORPUS") {
        issued_by_google(&Path::new(&corpus).join("google-real"))?;
    }
    println!("\nEvery step ended as it should.");
    if once {
        Ok(())
    } else {
        run_command(command("node", "xtask/src/demo.mjs serve").args([FOLDER, AUDIENCE]))
    }
}

/// What the command line says of a token; and of others, which it must not accept.
fn judge(emulator: &Emulator, keys: &str) -> Outcome {
    let folder = Path::new(FOLDER);
    let verify = |audience: &str| format!("verify --audience {audience} --email {CALLER} --keys {keys}");
    println!("\n$ cd {FOLDER}");
    println!("\n── A service account asks its metadata server for an ID token");
    let token = mint(emulator, AUDIENCE)?;
    put(&token)?;
    println!("\n── What is this token? Decoding tells, and trusts nothing.");
    callerid("decode", folder, ACCEPTED)?;
    println!("\n── Was it signed with these keys, for this service and by this caller, and is it in force?");
    callerid(&verify(AUDIENCE), folder, ACCEPTED)?;
    println!("\n── The same token at another service");
    callerid(&verify(ELSEWHERE), folder, REJECTED)?;
    println!("\n── The same token a day later");
    let tomorrow = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + DAY;
    callerid(&format!("{} --now {tomorrow}", verify(AUDIENCE)), folder, REJECTED)?;
    println!("\n── A token for another service, into which the claims of the first one were put");
    put(&forged(&token, &mint(emulator, ELSEWHERE)?)?)?;
    callerid(&verify(AUDIENCE), folder, REJECTED)?;
    put(&token)
}

/// The claims of one token, with everything else of another.
fn forged(claims: &str, rest: &str) -> Outcome<String> {
    let parts = |token: &str| token.split('.').map(String::from).collect::<Vec<_>>();
    match (&*parts(claims), &*parts(rest)) {
        ([_, claims, _], [header, _, signature]) => Ok(format!("{header}.{claims}.{signature}")),
        _ => Err("a token that is not of three parts".into()),
    }
}

fn put(token: &str) -> Outcome {
    Ok(fs::write(Path::new(FOLDER).join("token.jwt"), token)?)
}

fn emulate() -> Outcome<Emulator> {
    let arguments = format!("emulate --project {PROJECT} --service-account {CALLER}");
    println!("$ callerid {arguments}");
    let arguments = format!("{arguments} --listen 127.0.0.1:0");
    Emulator::start(&mut program(&arguments)?)
}

/// A token of the emulator's metadata server, as anything on Google Cloud gets one.
fn mint(emulator: &Emulator, audience: &str) -> Outcome<String> {
    let host = emulator.text("/metadata_host")?;
    let arguments = format!("mint --metadata --audience {audience}");
    println!("$ GCE_METADATA_HOST={host} callerid {arguments} > token.jwt");
    let mut mint = program(&arguments)?;
    Ok(output(mint.env("GCE_METADATA_HOST", host))?.trim().into())
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
        let (audience, now) = read_case(&folder.path())?;
        let verify = format!("verify --profile {profile} --keys jwks.json");
        let verify = format!("{verify} --audience {audience} --now {now}");
        callerid(&verify, &folder.path(), ACCEPTED)?;
    }
    Ok(())
}

/// Runs `callerid` in this folder, in plain sight, and holds it to its exit status.
fn callerid(arguments: &str, folder: &Path, expected: i32) -> Outcome {
    println!("$ callerid {arguments} < token.jwt\n");
    let mut callerid = program(arguments)?;
    let token = File::open(folder.join("token.jwt"))?;
    let status = callerid.current_dir(folder).stdin(token).status()?;
    println!("\n[{status}]");
    if status.code() == Some(expected) {
        return Ok(());
    }
    Err(format!("that should have ended with exit status {expected}").into())
}

/// The command line that was built, with a cache of its own: nothing is left in that of the user.
fn program(arguments: &str) -> Outcome<Command> {
    let mut callerid = command(&built("release/callerid")?, arguments);
    callerid.env("CALLERID_CACHE_DIR", path::absolute(FOLDER)?.join("cache"));
    Ok(callerid)
}

/// The audience of a token of Google's, and a time at which it was in force.
fn read_case(folder: &Path) -> Outcome<(String, u64)> {
    let path = folder.join("case.json");
    let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let case: Value = serde_json::from_slice(&text)?;
    match (case["aud"].as_str(), case["verify_at"].as_u64()) {
        (Some(audience), Some(now)) => Ok((audience.into(), now)),
        _ => Err(format!("{}: needs `aud` and `verify_at`", path.display()).into()),
    }
}
