//! `callerid keygen` as it is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

/// Make a key for development: the private half as PEM, the public half as a JWK set
///
/// The private key goes to a file that you alone may read, and that must not be there yet. The JWK set goes
/// to standard output or a file; verifiers take it with callerid verify --keys. The key's id is its thumbprint
/// (RFC 7638).
///
/// Exit status: 0 done, 2 a file could not be written.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Keygen {
    /// The file for the private key
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// The kind of key: RSA for RS256, P-256 for ES256 [default: rsa]
    #[arg(long, value_name = "KIND", value_enum, default_value_t = KeyKind::Rsa, hide_default_value = true)]
    pub(crate) r#type: KeyKind,
    /// The size of an RSA key: 2048 to 8192, in steps of 8 [default: 2048]
    #[arg(long, value_name = "BITS")]
    pub(crate) bits: Option<u32>,
    /// Write the JWK set to this file, and print the key's id instead
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) public: Option<PathBuf>,
}

/// The kinds of keys that tokens can be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyKind {
    Rsa,
    P256,
}

const EXAMPLES: &str = "\
Examples:
  callerid keygen key.pem > keys.json
  callerid keygen --type p256 --public keys.json key.pem";
