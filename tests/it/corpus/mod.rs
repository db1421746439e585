//! Vectors that nobody here wrote, read from the folder that `CALLERID_CORPUS` names.

use std::path::PathBuf;

use callerid::{ErrorCode, JwkSet, UnverifiedToken};

mod google;
mod key_documents;
mod library_tokens;
mod rfc;
mod text_formats;
mod wycheproof;

/// The folder of one family; without a corpus, says so, and fails where the tests decide what lands.
pub(crate) fn family(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CALLERID_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("NOT RUN: {name}, because CALLERID_CORPUS is not set");
        assert!(std::env::var_os("CI").is_none(), "CALLERID_CORPUS must be set under CI");
    }
    folder.map(|folder| folder.join(name))
}

/// Whether a signature is good, claims aside: the JWS layer alone, key by `kid` if there is one.
pub(crate) fn check_signature(token: &str, keys: &JwkSet) -> Result<Vec<u8>, ErrorCode> {
    let parsed = UnverifiedToken::parse(token)?;
    let algorithm = parsed.unverified_algorithm().ok_or(ErrorCode::AlgorithmUnsupported)?;
    let key = keys.select(parsed.unverified_key_id(), algorithm)?;
    Ok(parsed.verify_signature(key)?.unvalidated_payload().to_vec())
}

/// The same, from the text of a key set.
pub(crate) fn check_signature_by(token: &str, document: &str) -> Result<Vec<u8>, ErrorCode> {
    check_signature(token, &JwkSet::parse(document).map_err(|_| ErrorCode::JwksMalformed)?)
}

/// Whether a token names RS256 or ES256; a verifier of these must refuse every other.
pub(crate) fn is_ours(token: &str) -> bool {
    UnverifiedToken::parse(token).is_ok_and(|parsed| parsed.unverified_algorithm().is_some())
}

/// A token with one bit of its decoded parts changed.
pub(crate) fn with_bit_flipped(token: &str, part: usize, bit: usize) -> String {
    let mut parts: Vec<Vec<u8>> = token.split('.').map(crate::support::from_base64url).collect();
    parts[part][bit / 8] ^= 1 << (bit % 8);
    parts.iter().map(crate::support::base64url).collect::<Vec<_>>().join(".")
}

/// Bits of a decoded part.
pub(crate) fn bits(token: &str, part: usize) -> usize {
    crate::support::from_base64url(token.split('.').nth(part).expect("a part")).len() * 8
}
