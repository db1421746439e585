//! base64url without padding (RFC 7515 section 2), in its one canonical spelling.
//!
//! Padding, white space, the standard alphabet, impossible lengths and unused bits that are not zero
//! are all refused: a second spelling of a signature would be a second name for one token.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Decodes canonical, unpadded base64url.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Encodes bytes as unpadded base64url.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
