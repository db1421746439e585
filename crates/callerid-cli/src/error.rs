//! Why a command could not do its work, and the exit status of every end.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::host::terminal;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Verified, or done.
    Done,
    /// The token was refused, or the far side refused us.
    Rejected,
    /// Nothing could be decided.
    Undecided,
}

/// What went wrong, in words that never hold a byte of a token or a key.
#[derive(Debug)]
pub(crate) enum Error {
    /// Whoever read our output has read enough.
    ClosedPipe,
    /// Anything else.
    Failed {
        /// How the command ends.
        exit: Exit,
        /// What happened.
        what: String,
        /// What to do next.
        hint: String,
    },
}

pub(crate) type Outcome<T = Exit> = Result<T, Error>;

impl Error {
    /// Nothing could be decided.
    pub(crate) fn undecided(what: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self::new(Exit::Undecided, what, hint)
    }

    /// The token was refused, or the far side refused us.
    pub(crate) fn rejected(what: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self::new(Exit::Rejected, what, hint)
    }

    /// An end whose exit status depends on what was answered.
    pub(crate) fn ending(exit: Exit, what: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self::new(exit, what, hint)
    }

    fn new(exit: Exit, what: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self::Failed { exit, what: one_line(&what.to_string()), hint: one_line(&hint.to_string()) }
    }

    /// The output could not be written.
    pub(crate) fn from_write(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Self::undecided(
            format_args!("the output could not be written: {error}"),
            "Check the disk that the output goes to.",
        )
    }

    /// Prints the two lines; a closed pipe is none of ours to complain about.
    pub(crate) fn report(self) -> Exit {
        match self {
            Self::ClosedPipe => Exit::Done,
            Self::Failed { exit, what, hint } => {
                terminal::say(&format!("error: {what}\nhint: {hint}"));
                exit
            }
        }
    }
}

/// Untrusted text can be part of a message, and two lines stay two.
fn one_line(text: &str) -> String {
    callerid::visible(&text.replace(['\r', '\n'], " "))
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Rejected => 1,
            Exit::Undecided => 2,
        })
    }
}
