//! What is said of tokens and codes without a policy.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use callerid::ErrorCode;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer::{Line, quoted};
use crate::explanation::of_report;
use crate::unix_time;

/// Shows what a token says without verifying it, as `{"report":…}`.
#[wasm_bindgen]
#[must_use]
pub fn decode(token: &str, seconds: f64) -> String {
    of_report(&callerid::decode(token, unix_time(seconds)), Line::default())
}

/// Finds the tokens in a pasted text, as `{"tokens":[…],"notes":[{"note":…,"message":…}]}`.
#[wasm_bindgen]
#[must_use]
pub fn extract(text: &str) -> String {
    let extraction = callerid::extract(text);
    let tokens: Vec<String> = extraction.tokens.iter().map(|token| quoted(token)).collect();
    let note = |note: &callerid::Note| {
        format!("{{\"note\":{},\"message\":{}}}", quoted(note.note), quoted(&note.message))
    };
    let notes: Vec<String> = extraction.notes.iter().map(note).collect();
    format!("{{\"tokens\":[{}],\"notes\":[{}]}}", tokens.join(","), notes.join(","))
}

/// Every error code with its sentence, its hint and the HTTP status that answers a request with it.
#[wasm_bindgen(js_name = errorCodes)]
#[must_use]
pub fn error_codes() -> String {
    let entry = |code: &ErrorCode| {
        let status = match code {
            code if code.is_undecided() => 503,
            code if code.is_about_the_caller() => 403,
            _ => 401,
        };
        format!(
            "{}:{{\"status\":{status},\"message\":{},\"hint\":{}}}",
            quoted(code.as_str()),
            quoted(code.sentence()),
            quoted(code.hint())
        )
    };
    let entries: Vec<String> = ErrorCode::ALL.iter().map(entry).collect();
    format!("{{{}}}", entries.join(","))
}
