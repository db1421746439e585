//! The keys that were chosen: given in a file, or those of an endpoint.

use std::path::Path;

use callerid::{JwkSet, KEY_SET_BYTES_MAX, Profile};

use super::endpoint::Endpoint;
use super::files;
use crate::error::{Error, Outcome};
use crate::input;

/// Where keys are to come from.
pub(crate) enum Keys {
    Endpoint(Box<Endpoint>),
    Given {
        keys: JwkSet,
        /// The file's name, for people.
        file: String,
    },
}

impl Keys {
    /// Opens the file or address that was given, else the profile's endpoint; fetches nothing yet.
    pub(crate) fn open(choice: Option<&str>, profile: &Profile, is_offline: bool) -> Outcome<Self> {
        match choice {
            None => Self::endpoint(&profile.jwk_set_url(), is_offline),
            Some(url) if url.contains("://") => Self::endpoint(url, is_offline),
            Some(file) => {
                let document = read_document(file)?;
                Ok(Self::Given { keys: parse(&document, file)?, file: name(file).into() })
            }
        }
    }

    fn endpoint(url: &str, is_offline: bool) -> Outcome<Self> {
        let endpoint = Endpoint::open(url, is_offline).map_err(bad_address)?;
        Ok(Self::Endpoint(Box::new(endpoint)))
    }
}

pub(crate) fn bad_address(reason: &str) -> Error {
    Error::undecided(
        format_args!("the address of the keys cannot be used: {reason}"),
        "Give an https URL, or the keys themselves as a file.",
    )
}

/// The text of a file of keys; `-` is standard input.
pub(crate) fn read_document(file: &str) -> Outcome<String> {
    let text = if file == "-" {
        let bytes = input::standard_input(KEY_SET_BYTES_MAX)?;
        String::from_utf8(bytes).map_err(|_| "it is not text in UTF-8".into())
    } else {
        files::read_text(Path::new(file), KEY_SET_BYTES_MAX).map_err(|error| error.to_string())
    };
    text.map_err(|reason| {
        Error::undecided(
            format_args!("the keys in {} could not be read: {reason}", name(file)),
            "Give a file with a JWK set, a map of key ids to PEM texts, or PEM.",
        )
    })
}

/// The keys of a document that came from this file or address.
pub(crate) fn parse(document: &str, from: &str) -> Outcome<JwkSet> {
    JwkSet::parse(document)
        .map_err(|error| Error::undecided(format_args!("{}: {error}", name(from)), error.code().hint()))
}

fn name(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}
