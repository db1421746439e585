//! Where a token comes from: the argument or standard input.

use std::io::{self, IsTerminal, Read};

use callerid::{Note, extract};

use crate::error::{Error, Outcome};
use crate::host::terminal;

/// Longest text that is searched for a token, in bytes.
const TEXT_BYTES_MAX: usize = 1_048_576;

/// The one token of a text, and what was taken away around it.
pub(crate) struct Found {
    pub(crate) token: String,
    pub(crate) notes: Vec<Note>,
}

/// Finds the one token in what was pasted.
pub(crate) fn token(argument: Option<String>) -> Outcome<Found> {
    let mut text = text(argument)?;
    let mut extraction = extract(&text.text);
    let token = match extraction.tokens.as_slice() {
        [token] => token.clone(),
        tokens => {
            return Err(Error::undecided(
                format_args!("the text holds {} different tokens", tokens.len()),
                "Pass one of them; many at once, one per line, are for callerid verify --lines.",
            ));
        }
    };
    text.notes.append(&mut extraction.notes);
    Ok(Found { token, notes: text.notes })
}

/// The text exactly, but for the line end behind it.
pub(crate) fn exact_token(argument: Option<String>) -> Outcome<String> {
    let text = text(argument)?.text;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}

/// What was pasted, whatever it is, or nothing where nobody pasted anything.
pub(crate) fn optional(argument: Option<String>) -> Outcome<Option<String>> {
    match argument {
        None if io::stdin().is_terminal() => Ok(None),
        None => {
            let text = from_bytes(standard_input(TEXT_BYTES_MAX)?).text;
            Ok(Some(text).filter(|text| !text.trim().is_empty()))
        }
        argument => text(argument).map(|text| Some(text.text)),
    }
}

struct Text {
    text: String,
    notes: Vec<Note>,
}

fn text(argument: Option<String>) -> Outcome<Text> {
    let text = match argument {
        Some(argument) if argument != "-" => Text { text: argument, notes: Vec::new() },
        _ => {
            if io::stdin().is_terminal() {
                terminal::say(if cfg!(windows) {
                    "Paste the token, then press Enter, Ctrl-Z and Enter."
                } else {
                    "Paste the token, then press Enter and Ctrl-D."
                });
            }
            from_bytes(standard_input(TEXT_BYTES_MAX)?)
        }
    };
    if text.text.len() > TEXT_BYTES_MAX {
        return Err(too_long(TEXT_BYTES_MAX));
    }
    if text.text.trim().is_empty() {
        return Err(Error::undecided(
            "there is no token: the input is empty",
            "Check the command or the variable that should have brought it.",
        ));
    }
    Ok(text)
}

/// All of standard input, unless it is longer than that.
pub(crate) fn standard_input(bytes_max: usize) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|error| {
        Error::undecided(
            format_args!("standard input could not be read: {error}"),
            "Pass the text as an argument, or check where the input comes from.",
        )
    })?;
    if bytes.len() > bytes_max { Err(too_long(bytes_max)) } else { Ok(bytes) }
}

fn too_long(bytes_max: usize) -> Error {
    Error::undecided(
        format_args!("the input is longer than {bytes_max} bytes"),
        "Pass the token alone; many at once, one per line, are for callerid verify --lines.",
    )
}

/// Text in UTF-8, or in UTF-16 as PowerShell writes it. What is neither becomes a token that is refused.
fn from_bytes(bytes: Vec<u8>) -> Text {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        let note = "The text was in UTF-16 and was read as such.";
        Text {
            text: String::from_utf16_lossy(&units),
            notes: vec![Note { note: "utf16_decoded", message: note.into() }],
        }
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            Text { text: String::from_utf8_lossy(rest).into_owned(), notes: Vec::new() }
        }
        all => Text { text: String::from_utf8_lossy(all).into_owned(), notes: Vec::new() },
    }
}
