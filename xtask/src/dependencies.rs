//! The dependency policy of `deny.toml`, judged by cargo-deny.

use crate::Outcome;
use crate::process::{built, cargo, command, run};

/// Licences, duplicate versions and sources need nothing but the crates that the lock file names.
pub(crate) fn policy() -> Outcome {
    let deny = cargo_deny()?;
    // cargo-deny reads the crates of every platform, where a build fetches those of one. Without
    // a network it judges what is there, and says what it lacks. Without --workspace it would
    // look at the root package alone.
    let _ = run(&mut cargo("fetch --locked --quiet"));
    run(&mut command(&deny, "--offline --locked --workspace check bans licenses sources"))
}

/// Known vulnerabilities need the RustSec database, which lives on GitHub.
pub(crate) fn advisories() -> Outcome {
    let deny = cargo_deny()?;
    if command(&deny, "fetch db").output()?.status.success() {
        return run(&mut command(&deny, "--locked --workspace check --disable-fetch advisories"));
    }
    println!("   NOT CHECKED: the RustSec database cannot be fetched from github.com");
    Ok(())
}

/// cargo-deny from the PATH, else one built into the target directory.
fn cargo_deny() -> Outcome<String> {
    let starts = |program: &str| command(program, "--version").output().is_ok();
    let ours = built("tools/bin/cargo-deny")?;
    if let Some(found) = ["cargo-deny", &ours].into_iter().find(|program| starts(program)) {
        return Ok(found.into());
    }
    println!("   cargo-deny is missing and is built once, in about 5 minutes on 2 cores");
    run(cargo("install cargo-deny@0.20.2 --locked --quiet --root").arg(built("tools")?))?;
    Ok(ours)
}
