//! What git may not hold: paths of one machine, private registries, generated files.

use crate::Outcome;
use crate::process::command;

/// What is banned; the arguments with which git lists it; what a listed line may say all the same.
const BANS: &[(&str, &str, &str)] = &[
    (
        "a path of one machine",
        // Not the middle of an address. Outside vectors stay as they came.
        "grep -nIE (^|[^[:alnum:]._~$}*-])/(work|root|home)/ -- . :!tests/vectors",
        "\0",
    ),
    (
        "not from crates.io",
        "grep -nE ^source.= -- *Cargo.lock",
        "= \"registry+https://github.com/rust-lang/crates.io-index\"",
    ),
    (
        "not from registry.npmjs.org",
        "grep -nE \"resolved\":.\"http -- *package-lock.json",
        ": \"https://registry.npmjs.org/",
    ),
    (
        "generated",
        "ls-files -- *.wasm *.tgz :(glob)**/node_modules/** :(glob)**/dist/** :(glob)**/target/**",
        "\0",
    ),
];

pub(crate) fn check() -> Outcome {
    let mut findings = Vec::new();
    for (banned, query, except) in BANS {
        let git = command("git", query).output();
        let git = git.map_err(|error| format!("git, from https://git-scm.com, is needed: {error}"))?;
        // git grep ends with 1 where it finds nothing.
        if git.status.code() > Some(1) {
            return Err(String::from_utf8_lossy(&git.stderr).into());
        }
        let listed = String::from_utf8_lossy(&git.stdout);
        let lines = listed.lines().filter(|line| !line.contains(except));
        findings.extend(lines.map(|line| format!("{banned}: {line}")));
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n   ").into()) }
}
