//! What is said of a policy that cannot be, and of a token that was not accepted or that a report was wanted of.

use alloc::format;
use alloc::string::String;
use core::fmt::Display;

use callerid::{ErrorCode, JwkSet, KeySource, KeysAtHand, Policy, Report, UnixTime, inspect};
use wasm_bindgen::JsError;

use crate::answer::Line;
use crate::exact;

/// Why there can be no such verifier.
pub(crate) fn refusal(place: &str, error: impl Display) -> JsError {
    JsError::new(&format!("{place}{error}"))
}

/// The report by these keys, and its code, which is the one that the token was refused with if it was
/// judged before.
pub(crate) fn by_keys(
    token: &str,
    keys: &JwkSet,
    source: Option<KeySource>,
    policy: &Policy,
    now: UnixTime,
    _: Option<ErrorCode>,
    line: Line,
) -> (String, Option<ErrorCode>) {
    let keys = match source {
        Some(source) => KeysAtHand::from_source(keys, source),
        None => KeysAtHand::given(keys),
    };
    let report = inspect(token, &keys, policy, now);
    (of_report(&report, line), report.code)
}

/// The report where there are no keys, for this reason.
pub(crate) fn without_keys(token: &str, words: &str, policy: &Policy, now: UnixTime, line: Line) -> String {
    of_report(&inspect(token, &KeysAtHand::unavailable(words), policy, now), line)
}

/// A report, with the members of the line before it.
pub(crate) fn of_report(report: &Report, line: Line) -> String {
    let text = report.to_json();
    match exact::readable(&text) {
        None => line.member("report", &text).end(),
        Some(readable) => {
            line.text("text", &text).member("big", &readable.paths).member("report", &readable.json).end()
        }
    }
}
