//! Finds the credentials that a token is to be minted with.

use std::io;
use std::path::Path;

use callerid_mint::KEY_FILE_BYTES_MAX;
use callerid_mint::exchange::Credentials;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::environment;
use crate::cli::SourceFlags;
use crate::error::{Error, Outcome};
use crate::host::exchange::Exchange;
use crate::host::files;

/// Where a token comes from.
pub(super) enum Source {
    File {
        credentials: Box<Credentials>,
        /// Which contents the file has: another file, another token.
        digest: String,
    },
    Metadata {
        host: String,
        /// Whether it was asked for, or is only what is left.
        is_chosen: bool,
    },
}

/// The source that was chosen, else the first of Application Default Credentials, in the order of Google's
/// libraries.
pub(super) fn find(flags: &SourceFlags, exchange: &Exchange) -> Outcome<Source> {
    if let Some(file) = &flags.credentials {
        exchange.tell(format_args!("the credentials are in {}, as --credentials says", file.display()));
        return read(file, "--credentials");
    }
    if flags.metadata {
        exchange.tell("the metadata server is asked, as --metadata says");
        return Ok(Source::Metadata { host: environment::metadata_host(), is_chosen: true });
    }
    if let Some(file) = environment::credentials_file() {
        let name = "GOOGLE_APPLICATION_CREDENTIALS";
        exchange.tell(format_args!("the credentials are in {}, as {name} says", file.display()));
        // What was chosen and is missing is not passed over in silence.
        return read(&file, name);
    }
    if let Some(file) = environment::well_known_file() {
        if file.is_file() {
            exchange.tell(format_args!("the credentials are in {}, where gcloud left them", file.display()));
            return read(&file, "gcloud auth application-default login");
        }
        exchange.tell(format_args!("gcloud left no credentials in {}", file.display()));
    }
    if environment::forbids_metadata() {
        return Err(nothing_found("the environment forbids to look for a metadata server"));
    }
    exchange.tell("what is left is the metadata server");
    Ok(Source::Metadata { host: environment::metadata_host(), is_chosen: false })
}

/// Nothing else is left to be tried.
pub(super) fn nothing_found(last: &str) -> Error {
    let gcloud = environment::well_known_file().unwrap_or_default();
    Error::undecided(
        format_args!(
            "there are no credentials: GOOGLE_APPLICATION_CREDENTIALS is not set, there is no file {}, and {last}",
            gcloud.display()
        ),
        "Log in with gcloud auth application-default login --impersonate-service-account=SERVICE_ACCOUNT, or name a file with --credentials.",
    )
}

fn read(file: &Path, named_by: &str) -> Outcome<Source> {
    let text = files::read_text(file, KEY_FILE_BYTES_MAX).map(Zeroizing::new);
    let text = text.map_err(|error| {
        let hint = if error.kind() == io::ErrorKind::NotFound && file.starts_with("~") {
            "Write $HOME in place of ~, which nobody replaces there."
        } else {
            "Check the path, and whether you may read the file."
        };
        let what = format!(
            "the credentials in {}, which {named_by} names, could not be read: {error}",
            file.display()
        );
        Error::undecided(what, hint)
    })?;
    let universe = environment::universe_domain();
    let credentials = Credentials::parse(&text, universe.as_deref())
        .map_err(|error| Error::undecided(format_args!("{}: {error}", file.display()), error.hint()))?;
    let digest = Sha256::digest(text.as_bytes());
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Source::File { credentials: Box::new(credentials), digest })
}
