//! `cargo xtask bench`: verifying and minting beside the libraries that people would use instead.

use crate::process::{built, cargo, command, run};
use crate::{Outcome, clients, package};

/// Where tokens and figures are written.
const FOLDER: &str = "target/bench";

/// Loads a Cloud Function over HTTP, as it is in `examples` and as it is written on Google's library.
pub(crate) fn load() -> Outcome {
    package::build()?;
    run(command("npm", "ci --silent").current_dir("bench/node"))?;
    run(&mut command("node", "bench/node/load.mjs"))
}

/// Runs every benchmark over the same tokens; figures end in a table and in `target/bench/figures.json`.
pub(crate) fn run_all() -> Outcome {
    std::fs::create_dir_all(FOLDER)?;
    let file = |name: &str| format!("{FOLDER}/{name}");
    let [native, node, lines, mint] = ["native.json", "node.json", "lines.json", "mint.json"].map(file);
    let [rs256, es256, keys] = ["rs256.txt", "es256.txt", "keys.json"].map(file);
    package::build()?;
    run(command("npm", "ci --silent").current_dir("bench/node"))?;
    run(&mut cargo("build --release --package callerid-cli"))?;
    let binary = built("release/callerid")?;
    let mut verifying = cargo("run --release --manifest-path bench/native/Cargo.toml --");
    run(verifying.args([&native, &rs256, &es256, &keys]))?;
    run(command("node", "bench/node/bench.mjs").args([&rs256, &es256, &keys, &node]))?;
    run(command("node", "bench/node/lines.mjs").args([&*binary, &rs256, &keys, &lines]))?;
    let python = clients::python_with_packages()?;
    run(command("node", "bench/node/mint.mjs").args([&*binary, &*python, &*mint]))?;
    let figures = file("figures.json");
    run(command("node", "bench/node/table.mjs").args([&native, &node, &lines, &mint, &figures]))
}
