//! The npm package: its generated part, and its tests in Node.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Outcome;
use crate::lint::add_target;
use crate::process::{built, cargo, command, for_each_line, run};
use crate::test::Counts;

/// Where the core's reports on the vectors are, which those of the package must equal.
const REPORTS: &str = "CALLERID_REPORTS";
const TARGET: &str = "wasm32-unknown-unknown";
/// The profiles whose modules are compiled for speed, with vectors, by which RSA takes less than half the
/// time.
pub(crate) const FOR_SPEED: &str = "wasm";
const VERIFYING: &str = "wasm-verifying";
/// The profile whose modules are compiled for size.
const FOR_SIZE: &str = "wasm-small";

/// Compiles the modules and writes everything generated into `pkg/dist`.
pub(crate) fn build() -> Outcome {
    let whole = module("callerid-wasm", FOR_SPEED)?;
    let verifying = module("callerid-wasm --no-default-features", VERIFYING)?;
    run(generator().args(["package", "pkg", &whole, &verifying]))
}

/// Compiles the whole module and writes everything generated for the page into `dist` of this copy of `pkg`.
///
/// For size: a page judges one token at a time, and is waited for.
pub(crate) fn build_for_page(package: &str) -> Outcome {
    run(generator().args(["package", package, &*module("callerid-wasm", FOR_SIZE)?]))
}

/// Compiles a package to a module for the page, and writes it and its glue into a folder.
pub(crate) fn build_module(package: &str, folder: &str, name: &str) -> Outcome {
    run(generator().args(["bind", &*module(package, FOR_SIZE)?, folder, name]))
}

fn generator() -> Command {
    cargo("run --quiet --package xtask-pkg --")
}

/// Compiles a package to a module by this profile, and says where it is.
fn module(package: &str, profile: &str) -> Outcome<String> {
    add_target(TARGET)?;
    let build = format!("build --package {package} --target {TARGET} --profile {profile}");
    run(cargo(&build).env("CARGO_ENCODED_RUSTFLAGS", flags(profile)))?;
    let name = package.split(' ').next().unwrap_or_default().replace('-', "_");
    built(&format!("{TARGET}/{profile}/{name}.wasm"))
}

/// What the compiler is told, in place of whatever this machine's own settings say.
pub(crate) fn flags(profile: &str) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    // Where a panic would name the file that it arose in, it need not name this machine's folders.
    let mut flags = vec![format!("--remap-path-prefix={}=", home.join("registry").join("src").display())];
    if profile != FOR_SIZE {
        flags.push("-Ctarget-feature=+simd128".into());
    }
    flags.join("\x1f")
}

/// Packs the package as it would be published, and uses it as its users do.
pub(crate) fn test(counts: &mut Counts) -> Outcome {
    build()?;
    let reports = Path::new("target/reports");
    fs::create_dir_all(reports)?;
    let reports = reports.canonicalize()?;
    run(cargo("test --quiet --package callerid --test it vectors").env(REPORTS, &reports))?;
    run_node_tests("tests/node", 2, &[(REPORTS, &reports)], counts)
}

/// Runs the tests of this folder with Node's own runner, so many files at once, with the packages of its
/// lock file.
pub(crate) fn run_node_tests(
    folder: &str,
    at_once: usize,
    variables: &[(&str, &Path)],
    counts: &mut Counts,
) -> Outcome {
    // The vectors' reports must be the same on the command line, which may be built with the page in it.
    run(cargo("build --package callerid-cli").envs(variables.iter().copied()))?;
    let native = built(&format!("debug/callerid{}", env::consts::EXE_SUFFIX))?;
    run(command("npm", "ci --silent").current_dir(folder))?;
    let mut node = command("node", "--test --test-reporter=tap");
    node.arg(format!("--test-concurrency={at_once}")).envs(variables.iter().copied());
    for_each_line(node.current_dir(folder).env("CALLERID", native), |line| {
        println!("{line}");
        counts.add_tap(line);
    })
}
