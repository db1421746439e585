//! base64url without padding (RFC 7515 section 2), in constant time because private keys pass here.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    Base64UrlUnpadded::decode_vec(text).ok().map(Zeroizing::new)
}

/// base64 with padding (RFC 4648 section 4), as HTTP's own authentication has it.
pub(crate) fn standard(bytes: &[u8]) -> String {
    base64ct::Base64::encode_string(bytes)
}
