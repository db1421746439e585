//! `callerid keygen`

use std::fs;
use std::io;
use std::path::Path;

use callerid_mint::{KeyError, SigningKey};

use crate::cli::{KeyKind, Keygen};
use crate::error::{Error, Exit, Outcome};
use crate::host::{files, randomness, terminal};
use crate::render;

const BITS_DEFAULT: u32 = 2_048;

pub(crate) fn run(arguments: &Keygen) -> Outcome {
    let mut random = randomness::for_keys();
    let key = match (arguments.r#type, arguments.bits) {
        (KeyKind::Rsa, bits) => SigningKey::generate_rsa(bits.unwrap_or(BITS_DEFAULT), &mut random),
        (KeyKind::P256, None | Some(256)) => SigningKey::generate_p256(&mut random),
        (KeyKind::P256, Some(_)) => {
            return Err(Error::undecided("a key of P-256 has 256 bits", "Leave --bits out."));
        }
    };
    let refused = |error: KeyError| Error::undecided(&error, error.hint());
    let key = key.map_err(refused)?;
    let private = key.expose_private_pem().map_err(refused)?;
    files::create_private(&arguments.file, private.as_bytes())
        .map_err(|error| not_written(&arguments.file, &error))?;
    let published = publish(arguments, &key);
    if let Err(Error::Failed { .. }) = published {
        // A private key whose public half is lost is of no use, and in the way.
        let _ = fs::remove_file(&arguments.file);
    }
    published.map(|()| Exit::Done)
}

fn publish(arguments: &Keygen, key: &SigningKey) -> Outcome<()> {
    let public = render::json::indented(&key.public_keys().to_jwk_set()) + "\n";
    let id = key.key_id().unwrap_or_default();
    match &arguments.public {
        Some(file) => {
            files::replace(file, public.as_bytes(), false).map_err(|error| not_written(file, &error))?;
            terminal::print(&format!("{id}\n"))
        }
        None => {
            terminal::print(&public)?;
            terminal::say(&format!("The private key {id} is in {}.", arguments.file.display()));
            Ok(())
        }
    }
}

fn not_written(file: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::AlreadyExists => {
            "A private key is never overwritten: give another name, or remove the file first."
        }
        _ => "Give a file in a directory that you may write to.",
    };
    Error::undecided(format_args!("{} could not be written: {error}", file.display()), hint)
}
