//! `callerid completions`

use clap::CommandFactory;

use crate::cli::{Cli, Completions};
use crate::error::{Exit, Outcome};
use crate::host::terminal;

pub(crate) fn run(arguments: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "callerid", &mut script);
    terminal::print_bytes(&script)?;
    Ok(Exit::Done)
}
