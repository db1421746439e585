//! The core for JavaScript: strings and numbers go in, one line of JSON comes out.
//!
//! Nothing is decided here. A token that is refused is a value like any other; only a policy that
//! cannot be made is an exception. `pkg/lib/core.js` is the one reader of what this module writes.
//!
//! It is compiled twice: as the whole, which also explains, and, without the feature `explanations`, as
//! the part that a service needs for every good token (`docs/decisions/0009-module-size.md`).

// The tests, which run natively, have `std`.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod answer;
mod exact;
#[cfg(feature = "explanations")]
pub mod explain;
#[cfg_attr(not(feature = "explanations"), path = "explained_elsewhere.rs")]
mod explanation;
mod judge;
mod setup;
mod verifier;

use callerid::UnixTime;

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
