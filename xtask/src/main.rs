//! The repository's own commands: `cargo xtask demo | test | lint | pkg | site | dist | bench`.

use std::error::Error;
use std::process::ExitCode;

mod bench;
mod clients;
mod crate_graph;
mod demo;
mod dependencies;
mod emulator;
mod lint;
mod package;
mod process;
mod site;
mod test;
mod tracked_files;

/// A failure is a sentence for the person at the terminal; nothing branches on it.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const HELP: &str = "\
The repository's own commands. Each one fetches what it lacks, or names the command that would.

Usage: cargo xtask <COMMAND>

  demo [--once]  builds everything and shows the main job: mint a token from the emulator, decode it, verify
                 it in the terminal and in Node, refuse it elsewhere, later and forged; then serves the
                 inspector page until Ctrl-C, unless --once is given.
  test           runs every test; with CALLERID_CORPUS=DIR also those on outside test vectors.
  lint           formatting, clippy, rustdoc, builds without std, dependencies, tracked files.
  pkg            builds the npm package: its generated part, in pkg/dist.
  site           builds the browser inspector: the folder to publish, in target/site.
  dist           builds the command line as it is released, with that page in it for `callerid inspect`.
  bench [--load] times verification beside other libraries, and prints a table with ratios; with --load,
                 sends 1,000 requests a second to the example function, with good tokens and bad ones.

Exit status: 0 all well, 1 something failed, 2 wrong usage or nothing to run.
";

fn main() -> ExitCode {
    // Where cargo started this program from is no matter: every path is from the root.
    if let Err(error) = std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")) {
        return unusable(&error.to_string());
    }
    let command = std::env::args().collect::<Vec<_>>()[1..].join(" ");
    let outcome = match &*command {
        "demo" => demo::run(false),
        "demo --once" => demo::run(true),
        "test" => return test::run(),
        "lint" => lint::run(),
        "pkg" => package::build(),
        "site" => site::run(),
        "dist" => site::distribute(),
        "bench" => bench::run_all(),
        "bench --load" => bench::load(),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        _ => return unusable(&format!("cannot read `{command}`\n\n{HELP}")),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("xtask: {error}");
    ExitCode::FAILURE
}

fn unusable(why: &str) -> ExitCode {
    eprintln!("xtask: {why}");
    ExitCode::from(2)
}
