//! `cargo xtask test`: every test there is, and an honest count.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use crate::lint::add_target;
use crate::process::{cargo, for_each_line};
use crate::{Outcome, clients, package, site};

type Step = (&'static str, fn(&mut Counts) -> Outcome);

const STEPS: &[Step] = &[
    ("Rust", rust),
    ("WebAssembly", web_assembly),
    ("npm package", package::test),
    ("Real clients", clients::test),
    ("Inspector page", site::test),
];

/// The target whose programs Node can run.
const WASI: &str = "wasm32-wasip1";

/// Families of outside vectors, each a folder of the directory that CALLERID_CORPUS names.
const FAMILIES: &str = "base64url esp google-jwks-snapshots google-real impostors jsontestsuite \
    jwks-zoo jwt_verify_lib library-keys library-tokens rfc tink wycheproof";

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
}

/// Every step runs; one that fails otherwise than by a counted test counts as a failure itself.
pub(crate) fn run() -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    for (name, step) in STEPS {
        println!("── {name}");
        let mut counts = Counts::default();
        if let Err(error) = step(&mut counts).and_then(|()| counts.judge()) {
            println!("{name}: {error}");
            counts.failed = counts.failed.max(1);
        }
        passed += counts.passed;
        failed += counts.failed;
    }
    let missing = missing_families();
    if !missing.is_empty() {
        println!("Not run, as CALLERID_CORPUS does not lead to them: {}", missing.join(" "));
        failed += usize::from(env::var_os("CI").is_some());
    }
    println!("{passed} passed, {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}

fn rust(counts: &mut Counts) -> Outcome {
    for_each_line(&mut cargo("test --workspace --no-fail-fast"), |line| {
        println!("{line}");
        counts.add_result(line);
    })
}

/// The arithmetic once more, in the WebAssembly of Node, where it is another one than natively.
fn web_assembly(counts: &mut Counts) -> Outcome {
    add_target(WASI)?;
    let mut tests = cargo(&format!("test --package callerid --lib --test it --target {WASI} --"));
    tests.args(["rsa_verify", "es256_verify", "wycheproof"]);
    tests.env("CARGO_TARGET_WASM32_WASIP1_RUNNER", "node --no-warnings xtask/src/wasi.mjs");
    tests.env("CARGO_ENCODED_RUSTFLAGS", package::flags(package::FOR_SPEED));
    for_each_line(&mut tests, |line| {
        println!("{line}");
        counts.add_result(line);
    })
}

fn missing_families() -> Vec<&'static str> {
    let corpus = env::var_os("CALLERID_CORPUS");
    let is_there = |family: &str| corpus.as_ref().is_some_and(|at| Path::new(at).join(family).is_dir());
    FAMILIES.split(' ').filter(|family| !is_there(family)).collect()
}

impl Counts {
    /// Adds `test result: ok. 5 passed; 0 failed; 1 ignored; …`; any other line adds nothing.
    fn add_result(&mut self, line: &str) {
        let result = line.strip_prefix("test result: ").unwrap_or_default();
        let words: Vec<&str> = result.split([' ', ';']).collect();
        for pair in words.windows(2) {
            let count = pair[0].parse().unwrap_or(0);
            match pair[1] {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }

    /// Adds `# pass 5`, `# fail 1`, `# skipped 0` and the like, as Node's test runner ends with.
    pub(crate) fn add_tap(&mut self, line: &str) {
        let Some((name, count)) = line.strip_prefix("# ").and_then(|line| line.split_once(' ')) else {
            return;
        };
        let count = count.parse().unwrap_or(0);
        match name {
            "pass" => self.passed += count,
            "fail" | "cancelled" => self.failed += count,
            "skipped" | "todo" => self.ignored += count,
            _ => {}
        }
    }

    /// Finding nothing wrong is not enough where nothing was looked at.
    fn judge(&self) -> Outcome {
        match self {
            Self { passed: 0, failed: 0, .. } => Err("no test ran".into()),
            Self { ignored: 1.., .. } => Err("a test that is ignored proves nothing".into()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn counts_what_libtest_prints() {
        let mut counts = Counts::default();
        counts.add_result("test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured");
        counts.add_result("test result: ok. 1 passed; 0 failed; 0 ignored; finished in 0.00s");
        counts.add_result("test a::b ... 5 passed");
        assert_eq!(counts, Counts { passed: 13, failed: 3, ignored: 1 });
    }

    #[test]
    fn counts_what_node_prints() {
        let mut counts = Counts::default();
        for line in ["ok 1 - # fail 9", "# tests 6", "# pass 3", "# fail 2", "# cancelled 1", "# skipped 1"] {
            counts.add_tap(line);
        }
        assert_eq!(counts, Counts { passed: 3, failed: 3, ignored: 1 });
    }

    #[test]
    fn nothing_run_or_something_ignored_is_not_enough() {
        assert!(Counts::default().judge().is_err());
        assert!(Counts { passed: 1, failed: 0, ignored: 1 }.judge().is_err());
        assert!(Counts { passed: 1, failed: 0, ignored: 0 }.judge().is_ok());
    }
}
