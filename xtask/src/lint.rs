//! `cargo xtask lint`: everything that can be judged without running a test.

use crate::process::{cargo, command, output, run as run_command};
use crate::{Outcome, crate_graph, dependencies, tracked_files};

type Step = (&'static str, fn() -> Outcome);

const STEPS: &[Step] = &[
    ("formatting", || run_command(&mut cargo("fmt --all --check"))),
    ("clippy", || run_command(&mut cargo("clippy --workspace --all-targets -- -D warnings"))),
    ("clippy, the part that verifies", || {
        run_command(&mut cargo("clippy --package callerid-wasm --no-default-features -- -D warnings"))
    }),
    ("rustdoc", rustdoc),
    ("JavaScript", javascript),
    ("core for the web", || build("callerid", "wasm32-unknown-unknown")),
    ("core without std", || build("callerid", "wasm32v1-none")),
    ("minting without std", || build("callerid-mint", "wasm32v1-none")),
    ("crate graph", crate_graph::check),
    ("dependency policy", dependencies::policy),
    ("security advisories", dependencies::advisories),
    ("tracked files", tracked_files::check),
];

/// Every step runs, whatever became of those before it.
pub(crate) fn run() -> Outcome {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        println!("── {name}");
        if let Err(error) = step() {
            println!("   {error}");
            failed.push(*name);
        }
    }
    println!("{} of {} lint steps passed", STEPS.len() - failed.len(), STEPS.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

fn rustdoc() -> Outcome {
    run_command(cargo("doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"))
}

/// Everything written by hand in JavaScript, wherever it is.
fn javascript() -> Outcome {
    run_command(command("npm", "ci --silent").current_dir("xtask/js"))?;
    // What stands in tests/types is written for the compiler alone.
    let folders = "bench examples pkg tests/browser tests/clients tests/node www xtask";
    run_command(&mut command(
        "node",
        &format!("xtask/js/node_modules/.bin/oxlint -c xtask/js/oxlint.json {folders}"),
    ))
}

fn build(package: &str, target: &str) -> Outcome {
    add_target(target)?;
    run_command(&mut cargo(&format!("build --package {package} --lib --target {target}")))
}

/// Adds a target of the compiler if it is missing.
pub(crate) fn add_target(target: &str) -> Outcome {
    let installed = output(&mut command("rustup", "target list --installed"))?;
    if !installed.lines().any(|line| line == target) {
        println!("   adding what is missing: rustup target add {target}");
        run_command(&mut command("rustup", &format!("target add {target}")))?;
    }
    Ok(())
}
