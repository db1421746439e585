//! What to say about a command line that cannot be understood. What was typed may be a token in the
//! wrong place, so nothing of it is repeated unless it can be none.

use callerid::{TokenKind, UnixTime, decode};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::{Error, Exit, Outcome};
use crate::host::terminal;

/// Help and version are answers; everything else is an error in two lines.
pub(crate) fn answer(error: clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal::print_styled(&error.render().ansi().to_string())?;
            Ok(Exit::Done)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            Err(Error::undecided("there is no command", "callerid --help lists the commands."))
        }
        _ => Err(Error::undecided(what(&error), hint(&error))),
    }
}

fn what(error: &clap::Error) -> String {
    let argument = strings(error, ContextKind::InvalidArg).join(", ");
    let typed = argument.split('=').next().unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument if is_flag(typed) => format!("there is no flag {typed} here"),
        ErrorKind::UnknownArgument => "there is one argument too many".into(),
        ErrorKind::InvalidSubcommand => "there is no such command".into(),
        ErrorKind::MissingRequiredArgument => format!("{argument} is missing"),
        ErrorKind::ArgumentConflict => match strings(error, ContextKind::PriorArg).as_slice() {
            [] => format!("{argument} is there twice"),
            [prior] if *prior == argument => format!("{argument} is there twice"),
            [prior] => format!("{argument} does not go together with {prior}"),
            [first, ..] => format!("{argument} does not go together with {first} and the like"),
        },
        ErrorKind::InvalidValue if strings(error, ContextKind::InvalidValue).concat().is_empty() => {
            format!("{argument} needs a value")
        }
        ErrorKind::InvalidValue => {
            let known = strings(error, ContextKind::ValidValue).join(", ");
            format!("the value of {argument} is none of {known}")
        }
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(reason) => format!("the value of {argument} cannot be used: {reason}"),
            None => format!("the value of {argument} cannot be used"),
        },
        ErrorKind::InvalidUtf8 => "an argument is not text in UTF-8".into(),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{argument} has another number of values")
        }
        _ => "the command line cannot be understood".into(),
    }
}

fn hint(error: &clap::Error) -> String {
    let suggestion = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .find_map(|kind| strings(error, kind).into_iter().next());
    match (error.kind(), suggestion) {
        (_, Some(suggestion)) => format!("Did you mean {suggestion}?"),
        (ErrorKind::InvalidSubcommand, None) => {
            "callerid --help lists the commands; to look into a token: callerid decode TOKEN.".into()
        }
        (ErrorKind::UnknownArgument, None) => {
            "Put a text with spaces in quotes; --help after the command lists its flags.".into()
        }
        _ => "--help after the command explains its flags.".into(),
    }
}

fn strings(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

/// Flags of any tool look like this; a token has capitals, digits or more characters.
fn is_flag(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with('-')
        && text.chars().all(|character| character.is_ascii_lowercase() || character == '-')
}

/// Takes any text but a token or a secret, which would be shown again later.
pub(crate) fn plain_text(text: &str) -> Result<String, String> {
    let kind = decode(text, UnixTime::from_seconds(0)).kind;
    let opaque = matches!(kind, TokenKind::AccessToken | TokenKind::ClaimsOnly | TokenKind::Jwe);
    if text.starts_with("eyJ") || opaque || kind.is_secret() {
        return Err("it is a token or a secret, which does not belong here".into());
    }
    Ok(text.into())
}

pub(crate) fn time(text: &str) -> Result<UnixTime, String> {
    UnixTime::parse(text)
        .ok_or_else(|| "it is neither unix seconds nor RFC 3339 such as 2026-01-31T12:00:00Z".into())
}
