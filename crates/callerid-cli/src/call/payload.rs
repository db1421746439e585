//! What is sent with a request: from the command line, a file or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Outcome};

/// Something to send.
pub(crate) enum Payload {
    Bytes(Vec<u8>),
    /// A stream, with its length if it is known.
    Stream(Box<dyn Read>, Option<u64>),
}

impl Payload {
    /// Opens what `-d` or `--json` names.
    pub(crate) fn open(data: &str) -> Outcome<Self> {
        match data.strip_prefix('@') {
            _ if data == "-" => Ok(Self::standard_input()),
            Some("-") => Ok(Self::standard_input()),
            Some(file) => Self::file(Path::new(file)),
            None => Ok(Self::Bytes(data.into())),
        }
    }

    /// How many bytes it has, if that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Self::Stream(_, length) => *length,
        }
    }

    fn standard_input() -> Self {
        Self::Stream(Box::new(io::stdin()), None)
    }

    fn file(path: &Path) -> Outcome<Self> {
        let unreadable = |reason: String| {
            Error::undecided(
                format_args!("{} cannot be sent: {reason}", path.display()),
                "After @ stands the name of a file; -d @- sends standard input.",
            )
        };
        let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
        let metadata = file.metadata().map_err(|error| unreadable(error.to_string()))?;
        if metadata.is_dir() {
            return Err(unreadable("it is a directory".into()));
        }
        // A pipe has no length before its end.
        let length = metadata.is_file().then_some(metadata.len());
        Ok(Self::Stream(Box::new(file), length))
    }
}
