//! What the whole module is told of a token that was not accepted, or that a report is wanted of.
//!
//! It judges the token once more, by the same keys, and has the words for it.

use alloc::string::String;
use core::fmt::Display;

use callerid::{ErrorCode, JwkSet, KeySource, Policy, UnixTime, verify};
use wasm_bindgen::JsError;

use crate::answer::Line;

/// There can be no such verifier; the whole module, asked for the same, says why.
pub(crate) fn refusal(_: &str, _: impl Display) -> JsError {
    JsError::new("")
}

/// Since when the keys are there and until when, unless they were given; and the code that the token is
/// refused with, if it is.
pub(crate) fn by_keys(
    token: &str,
    keys: &JwkSet,
    source: Option<KeySource>,
    policy: &Policy,
    now: UnixTime,
    refusal: Option<ErrorCode>,
    line: Line,
) -> (String, Option<ErrorCode>) {
    let refusal = refusal.or_else(|| verify(token, keys, policy, now).err().map(|error| error.code()));
    let seconds = |time: Option<UnixTime>| time.map(|time| time.as_seconds() as u64);
    let fill = |grounds: Line| match source {
        None => grounds,
        Some(source) => grounds
            .optional("fetchedAt", seconds(source.fetched_at))
            .optional("expiresAt", seconds(source.expires_at)),
    };
    (line.object("refused", fill).end(), refusal)
}

/// Why there are no keys.
pub(crate) fn without_keys(_: &str, words: &str, _: &Policy, _: UnixTime, line: Line) -> String {
    line.object("refused", |grounds| grounds.text("words", words)).end()
}
