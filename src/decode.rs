//! Looks into a token without judging it, as far as its parts can be read at all.

use alloc::vec::Vec;

use crate::base64url;
use crate::json::{self, Object, Value};
use crate::jws::TOKEN_BYTES_MAX;

/// The parts of a text that looks like a token, each as far as it can be read; **all untrusted**.
pub(crate) struct Parts<'a> {
    /// The text up to the second dot, if there is one.
    pub(crate) signing_input: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
    header: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(token: &'a str) -> Self {
        if token.len() > TOKEN_BYTES_MAX {
            return Self { signing_input: None, signature: None, header: None, payload: None };
        }
        let mut parts = token.splitn(3, '.');
        let header = parts.next().and_then(base64url::decode);
        let payload = parts.next().and_then(base64url::decode);
        let signature = parts.next();
        let signing_input = signature.and_then(|signature| {
            let end = token.len().checked_sub(signature.len())?.checked_sub(1)?;
            token.get(..end)
        });
        Self { signing_input, signature, header, payload }
    }

    pub(crate) fn header(&self) -> Option<Object<'_>> {
        object(self.header.as_deref()?)
    }

    pub(crate) fn claims(&self) -> Option<Object<'_>> {
        object(self.payload.as_deref()?)
    }
}

/// An object as it stands, duplicate members and all.
fn object(bytes: &[u8]) -> Option<Object<'_>> {
    match json::parse(core::str::from_utf8(bytes).ok()?).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}
