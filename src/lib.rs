//! Decodes and verifies the JSON Web Tokens that Google issues, and says who is calling.
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
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a test that panics has failed, as it should"
    )
)]

extern crate alloc;

mod algorithm;
mod audience_difference;
mod base64url;
mod caching_verifier;
mod check;
mod claim_checks;
mod claims;
mod decode;
mod der;
mod diagnosis;
mod error;
pub mod es256_verify;
mod evidence;
mod extract;
mod json;
mod jwk;
mod jws;
pub mod key_cache;
mod material;
mod notes;
mod pem;
mod policy;
mod prepared;
mod profile;
mod remembered_tokens;
mod report;
pub mod rsa_verify;
mod time;
mod token_kind;
mod verifier;
mod visible;

pub use algorithm::Algorithm;
pub use caching_verifier::{Accepted, CachingVerifier};
pub use check::{CheckName, Failure, VerifyError};
pub use claims::VerifiedToken;
pub use error::ErrorCode;
pub use extract::{Extraction, extract};
pub use jwk::{JwkSet, KEY_SET_BYTES_MAX, KEYS_MAX, KeyError, KeySetError, SetAsideKey, VerifyingKey};
pub use jws::{SignatureVerified, TOKEN_BYTES_MAX, UnverifiedToken};
pub use notes::{EMULATOR_KEY_ID_PREFIX, TEST_MARKER};
pub use policy::{Audience, CLOCK_SKEW_DEFAULT, CLOCK_SKEW_MAX, CallerRule, Callers, Policy, PolicyError};
pub use profile::{Profile, ProfileError};
pub use remembered_tokens::{REMEMBERED_TOKENS_DEFAULT, RememberedTokens};
pub use report::{
    Check, KeyFacts, KeyOrigin, KeySource, KeysAtHand, Note, Report, Status, Summary, Verdict, decode,
    inspect,
};
pub use time::{UnixTime, duration_in_words};
pub use token_kind::TokenKind;
pub use verifier::{refusal_without_keys, verify};
pub use visible::{is_visible, visible};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
