//! Any text as a token, as something pasted, and as a thing to look at.
#![no_main]

use std::sync::LazyLock;

use callerid::{
    Audience, Callers, JwkSet, KeysAtHand, Policy, Profile, UnixTime, UnverifiedToken, Verdict, decode, extract,
    inspect, verify,
};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<JwkSet> = LazyLock::new(|| {
    JwkSet::parse(include_str!("../../tests/vectors/keys/trusted.json")).expect("a key set")
});
static POLICY: LazyLock<Policy> =
    LazyLock::new(|| Policy::new(Profile::google(), Audience::insecure_any(), Callers::any()));

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let now = UnixTime::from_seconds(1_760_000_000);
    let _ = UnverifiedToken::parse(text);
    let _ = decode(text, now).to_json();
    assert!(!extract(text).tokens.is_empty());
    let report = inspect(text, &KeysAtHand::given(&KEYS), &POLICY, now);
    let _ = report.to_json();
    assert_eq!(verify(text, &KEYS, &POLICY, now).is_ok(), report.verdict == Verdict::Verified);
});
