//! What the whole module is told of a token that was not accepted, or that a report is wanted of.
//!
//! It judges the token once more, by the same keys, and has the words for it.

use alloc::string::String;
use core::fmt::Display;

use callerid::{JwkSet, KeySource, Policy, UnixTime};
use wasm_bindgen::JsError;

use crate::answer::Line;

/// There can be no such verifier; the whole module, asked for the same, says why.
pub(crate) fn refusal(_: &str, _: impl Display) -> JsError {
    JsError::new("")
}

/// Since when the keys are there and until when, unless they were given.
pub(crate) fn by_keys(
    _: &str,
    _: &JwkSet,
    source: Option<KeySource>,
    _: &Policy,
    _: UnixTime,
    line: Line,
) -> String {
    let seconds = |time: Option<UnixTime>| time.map(|time| time.as_seconds() as u64);
    let fill = |grounds: Line| match source {
        None => grounds,
        Some(source) => grounds
            .optional("fetchedAt", seconds(source.fetched_at))
            .optional("expiresAt", seconds(source.expires_at)),
    };
    line.object("refused", fill).end()
}

/// Why there are no keys.
pub(crate) fn without_keys(_: &str, words: &str, _: &Policy, _: UnixTime, line: Line) -> String {
    line.object("refused", |grounds| grounds.text("words", words)).end()
}
