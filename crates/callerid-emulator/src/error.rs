//! Why an emulator cannot start.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why an emulator cannot start. No variant holds key material.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration contradicts itself or cannot be read.
    Configuration(String),
    /// A file could not be read or written.
    File {
        /// Which file or directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A key could not be made or read.
    Key(String),
    /// The address could not be listened on.
    Listen {
        /// Which address.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The machine gave no threads or no randomness.
    System(String),
}

impl StartError {
    pub(crate) fn file(path: &Path, error: io::Error) -> Self {
        Self::File { path: path.into(), error }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Configuration(_) => {
                "Correct the configuration; `callerid emulate --help` shows an example."
            }
            Self::File { .. } => "Name a directory that you may write to, and files that you may read.",
            Self::Key(_) => "Empty the state directory, so that new keys are made.",
            Self::Listen { .. } => "Choose another address; port 0 takes any that is free.",
            Self::System(_) => "Try again; the machine may be out of threads or file descriptors.",
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(what) => write!(formatter, "the configuration cannot be used: {what}"),
            Self::File { path, error } => write!(formatter, "{}: {error}", path.display()),
            Self::Key(what) => write!(formatter, "a key cannot be used: {what}"),
            Self::Listen { address, error } => write!(formatter, "{address} cannot be listened on: {error}"),
            Self::System(what) => write!(formatter, "the emulator cannot run: {what}"),
        }
    }
}

impl std::error::Error for StartError {}
