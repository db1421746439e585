//! What is worth knowing about a token or a policy although it is no check.

use alloc::format;
use alloc::vec::Vec;

use crate::json::Object;
use crate::jws::{KEY_OFFERS, SIGNATURE_REMOVED};
use crate::policy::{Allowed, Policy};
use crate::report::Note;

/// The header member, with the value `true`, of every token of `callerid-mint` that imitates Google.
///
/// No token of Google's has it, and nothing but a test should take one that does.
pub const TEST_MARKER: &str = "callerid_test";

/// How the id of every key begins that an emulator of Google signs with.
///
/// The headers of its tokens are member for member those of Google's, as clients may insist on that, so the
/// key's id is what gives them away. No key of Google's is named so.
pub const EMULATOR_KEY_ID_PREFIX: &str = "callerid-emulator-";

/// What the token itself gives reason to say.
pub(crate) fn about_token(header: Option<&Object<'_>>, signature: Option<&str>) -> Vec<Note> {
    let mut notes = Vec::new();
    if signature == Some(SIGNATURE_REMOVED) {
        notes.push(Note::new(
            "signature_removed",
            "Google has removed the signature after checking it; nobody can verify this copy.",
        ));
    }
    if header.is_some_and(|header| header.member(TEST_MARKER).is_some()) {
        notes.push(Note::new(
            "test_token",
            "The header marks this as a token made for tests, with a key that only its maker trusts.",
        ));
    }
    if header.and_then(|header| header.string("kid")).is_some_and(|id| id.starts_with(EMULATOR_KEY_ID_PREFIX))
    {
        notes.push(Note::new(
            "emulated_token",
            "The key is named as those of the local emulator (callerid emulate) are; Google did not sign this.",
        ));
    }
    for name in KEY_OFFERS {
        if header.is_some_and(|header| header.member(name).is_some()) {
            let message = format!("The header offers a key of its own ({name}); it was ignored.");
            notes.push(Note { note: "key_offer_ignored", message });
        }
    }
    notes
}

/// What the policy leaves open.
pub(crate) fn about_policy(policy: &Policy) -> Vec<Note> {
    let mut notes = Vec::new();
    if policy.expected_audiences().is_none() {
        notes.push(Note::new(
            "any_audience",
            "No audience was expected, so a token that was made for another service passes too.",
        ));
    }
    if *policy.allowed() == Allowed::Any {
        notes.push(Note::new(
            "no_caller_rule",
            "No caller was expected. Anyone can have Google sign a token for any audience, so the signature and the audience alone do not say that this caller may call.",
        ));
    }
    notes
}
