//! `callerid man`

use std::fs;
use std::path::Path;

use clap::CommandFactory;

use crate::cli::{Cli, Man};
use crate::error::{Error, Exit, Outcome};
use crate::host::terminal;

pub(crate) fn run(arguments: &Man) -> Outcome {
    match &arguments.directory {
        Some(directory) => write_all(directory)?,
        None => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            rendered.map_err(|error| Error::from_write(&error))?;
            terminal::print_bytes(&page)?;
        }
    }
    Ok(Exit::Done)
}

fn write_all(directory: &Path) -> Outcome<()> {
    let written =
        fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(Cli::command(), directory));
    written.map_err(|error| {
        Error::undecided(
            format_args!("the pages could not be written to {}: {error}", directory.display()),
            "Give a directory that you may write to.",
        )
    })
}
