//! The core for JavaScript: strings and numbers go in, one line of JSON comes out.
//!
//! Nothing is decided here. A token that is refused is a value like any other; only a policy that
//! cannot be made is an exception. `pkg/lib/core.js` is the one reader of what this module writes.

// The tests, which run natively, have `std`.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod answer;
mod exact;
mod judge;
mod setup;
mod verifier;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use callerid::{ErrorCode, UnixTime};
use wasm_bindgen::prelude::wasm_bindgen;

use answer::{Line, quoted};

/// Shows what a token says without verifying it, as `{"report":…}`.
#[wasm_bindgen]
#[must_use]
pub fn decode(token: &str, seconds: f64) -> String {
    answer::of_report(&callerid::decode(token, unix_time(seconds)), Line::default())
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

/// Whole seconds; JavaScript has made sure that they are finite and in range.
fn unix_time(seconds: f64) -> UnixTime {
    UnixTime::from_seconds(seconds as i64)
}

/// The host of a module without `std`: where memory comes from, and what becomes of a panic.
#[cfg(target_family = "wasm")]
mod host {
    use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

    #[global_allocator]
    static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

    /// A trap, which JavaScript sees as an exception; words for it would weigh several kilobytes.
    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
