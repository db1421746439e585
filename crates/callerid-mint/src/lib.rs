//! Makes and signs what `callerid` verifies: assertions and JWTs of service accounts, test tokens of
//! every kind, and the keys to sign them with.
//!
//! Nothing here reads a clock, a file, the network or a source of randomness: the time and the random
//! numbers are arguments.
//!
//! - [`SigningKey`]: a private key from PEM, from a JWK, or a new one.
//! - [`ServiceAccountKey`]: a key file, as Google hands it out.
//! - [`ServiceAccountClaims`]: what an account says of itself, to be exchanged for a token or sent as it
//!   is.
//! - [`exchange`]: how credentials become tokens, without the network.
//! - [`TestToken`]: tokens like Google's for tests, with an issuer of their own unless told to imitate
//!   Google, which the header then admits ([`TEST_MARKER`]).
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::alloc_instead_of_core,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_core,
    clippy::unwrap_used
)]

extern crate alloc;

mod base64url;
mod claims;
mod error;
pub mod exchange;
mod json;
mod jwt;
mod key;
mod key_jwk;
mod key_numbers;
mod key_pem;
mod service_account_claims;
mod service_account_key;
mod test_token;
mod test_token_kind;
mod url;

/// What gives away the tokens that are made here in Google's name; the core reads it.
pub use callerid::{EMULATOR_KEY_ID_PREFIX, TEST_MARKER};
pub use claims::Claims;
pub use error::{ClaimsError, KeyError, KeyFileError, SignError};
pub use key::{KEY_BYTES_MAX, RSA_BITS_MAX, RSA_BITS_MIN, SigningKey};
/// The traits that a source of random numbers implements.
pub use rsa::rand_core;
pub use service_account_claims::{LIFETIME_MAX, ServiceAccountClaims, TOKEN_ENDPOINT};
pub use service_account_key::{KEY_FILE_BYTES_MAX, ServiceAccountKey};
pub use test_token::{DEVELOPMENT_ISSUER, TestToken};
pub use test_token_kind::TestTokenKind;
