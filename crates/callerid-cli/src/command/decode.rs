//! `callerid decode`

use callerid::{TokenKind, decode};

use crate::cli::Decode;
use crate::error::{Exit, Outcome};
use crate::host::{clock, terminal};
use crate::input;
use crate::render;

pub(crate) fn run(arguments: Decode) -> Outcome {
    let mut found = input::token(arguments.token)?;
    let now = arguments.now.unwrap_or_else(clock::now);
    let mut report = decode(&found.token, now);
    report.notes.append(&mut found.notes);
    if arguments.json {
        terminal::print(&(report.to_json() + "\n"))?;
    } else {
        terminal::print_styled(&render::decoded(&report, now))?;
    }
    Ok(if report.kind == TokenKind::Unknown { Exit::Rejected } else { Exit::Done })
}
