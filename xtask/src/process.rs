//! Running other programs, cargo above all, and saying which one is missing.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use serde_json::Value;

use crate::Outcome;

/// The cargo that runs this program, with these arguments, split at blanks.
pub(crate) fn cargo(arguments: &str) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments)
}

/// A program with these arguments, split at blanks.
pub(crate) fn command(program: &str, arguments: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments.split(' '));
    command
}

/// Runs to the end on this terminal; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status();
    ended(command, status)
}

/// Runs to the end and hands back what it printed.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let mut text = String::new();
    for_each_line(command, |line| text.extend([line, "\n"]))?;
    Ok(text)
}

/// Hands over each line of standard output as it comes; anything but success is an error.
pub(crate) fn for_each_line(command: &mut Command, mut take: impl FnMut(&str)) -> Outcome {
    let mut child = match command.stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return ended(command, Err(error)),
    };
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        take(&line?);
    }
    ended(command, child.wait())
}

fn ended(command: &Command, status: io::Result<ExitStatus>) -> Outcome {
    let program = command.get_program().to_string_lossy();
    let why = match status {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => format!("{command:?} ended with {status}"),
        Err(_) if program == "rustup" => "rustup is missing: see https://rustup.rs".into(),
        Err(error) => format!("cannot start {program}: {error}"),
    };
    Err(why.into())
}

/// The names of the packages of this workspace.
pub(crate) fn members() -> Outcome<BTreeSet<String>> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages.filter_map(|package| package["name"].as_str().map(Into::into)).collect())
}

/// A path in the directory that cargo builds into.
pub(crate) fn built(path: &str) -> Outcome<String> {
    let metadata = metadata()?;
    let target = metadata["target_directory"].as_str().unwrap_or("target");
    Ok(format!("{target}/{path}"))
}

fn metadata() -> Outcome<Value> {
    let text = output(&mut cargo("metadata --format-version 1 --no-deps"))?;
    Ok(serde_json::from_str(&text)?)
}
