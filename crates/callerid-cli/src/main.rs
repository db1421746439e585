//! callerid in the terminal.

mod call;
mod cli;
mod command;
mod error;
mod host;
mod input;
mod inspect;
mod mint;
mod render;
mod usage;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let outcome = match cli::Cli::try_parse() {
        Ok(cli) => command::run(cli.command),
        Err(error) => usage::answer(error),
    };
    outcome.unwrap_or_else(|error| error.report()).into()
}
