//! Laws that hold whatever the token, the keys, the policy and the time.

use std::sync::LazyLock;

use callerid::{Audience, Callers, JwkSet, Policy, Profile, UnixTime, UnverifiedToken, extract, verify};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::generate::{Claims, NOW};
use crate::judged::{judge, look_at, policy};
use crate::support::{K1, sign};
use crate::vectors::{JUDGED, cases, document, now, token};

static TRUSTED: LazyLock<JwkSet> = LazyLock::new(|| {
    let path = crate::generate::folder().join("keys/trusted.json");
    JwkSet::parse(&crate::support::read_text(&path)).expect("keys")
});

/// Cases whose tokens are written out, to be changed at random.
static CASES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let cases = JUDGED.iter().flat_map(|family| cases(family));
    cases.filter(|case| case["token"].is_string()).collect()
});

fn google(skew: u32) -> Policy {
    let audience = Audience::exactly("aud-1").expect("an audience");
    Policy::new(Profile::google(), audience, Callers::any()).with_clock_skew(skew).expect("a skew")
}

/// A change of one text: characters put in, taken away or replaced.
fn changed(text: &str, changes: &[(usize, u8, char)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (place, how, character) in changes {
        let at = place % (characters.len() + 1);
        match how % 3 {
            0 => characters.insert(at, *character),
            1 if at < characters.len() => drop(characters.remove(at)),
            _ if at < characters.len() => characters[at] = *character,
            _ => {}
        }
    }
    characters.into_iter().collect()
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8, char)>> {
    let character = prop_oneof![
        proptest::char::range('A', 'z'),
        proptest::char::range('0', '9'),
        prop_oneof![Just('.'), Just('='), Just('-'), Just('_'), Just('"'), Just('{'), Just(',')],
        any::<char>(),
    ];
    vec((any::<usize>(), any::<u8>(), character), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// `judge` itself demands that verify and inspect agree and that nothing secret is shown.
    #[test]
    fn verify_and_inspect_agree(
        of_token in any::<prop::sample::Index>(),
        of_policy in any::<prop::sample::Index>(),
        changes in changes(),
        shift in -4_000_i64..4_000,
    ) {
        let case = of_token.get(&CASES);
        let keys = document(case).and_then(|document| JwkSet::parse(&document).ok());
        let now = UnixTime::from_seconds(now(case).as_seconds().saturating_add(shift));
        let token = changed(&token(case), &changes);
        judge(&token, keys.as_ref(), &policy(of_policy.get(&CASES)), now);
        judge(&token, keys.as_ref(), &policy(case), now);
        look_at(&token, now);
    }

    #[test]
    fn any_changed_byte_is_noticed(place in any::<prop::sample::Index>(), character in "[ -~]") {
        let good = Claims::person().by_k1();
        let at = place.index(good.len());
        prop_assume!(good[at..=at] != character);
        let altered = format!("{}{character}{}", &good[..at], &good[at + 1..]);
        prop_assert!(verify(&good, &TRUSTED, &google(30), UnixTime::from_seconds(NOW)).is_ok());
        prop_assert!(verify(&altered, &TRUSTED, &google(30), UnixTime::from_seconds(NOW)).is_err());
    }

    #[test]
    fn what_has_expired_stays_expired(
        issued in -4_000_i64..4_000,
        lifetime in 0_i64..4_000,
        skew in 0_u32..600,
        times in vec(-9_000_i64..9_000, 2..6),
    ) {
        let token = sign(crate::generate::HEADER, Claims::google().lasting(issued, issued + lifetime).json(), &K1);
        let policy = google(skew);
        let expired = |time: i64| {
            let verdict = verify(&token, &TRUSTED, &policy, UnixTime::from_seconds(NOW + time));
            verdict.err().is_some_and(|error| {
                error.failures().iter().any(|failure| failure.code.as_str() == "token_expired")
            })
        };
        let mut times = times;
        times.sort_unstable();
        for pair in times.windows(2) {
            prop_assert!(!expired(pair[0]) || expired(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn nothing_falls_over_any_text(text in "\\PC{0,200}", now in any::<i64>()) {
        try_everything(&text, now);
    }

    #[test]
    fn nothing_falls_over_any_bytes(bytes in vec(any::<u8>(), 0..300), now in any::<i64>()) {
        try_everything(&String::from_utf8_lossy(&bytes), now);
        // As header, and as payload.
        let token = sign(&bytes, b"{}", &K1);
        try_everything(&token, now);
    }

    #[test]
    fn nothing_falls_over_changed_keys(of in any::<prop::sample::Index>(), changes in changes()) {
        let documents = crate::generate::keys::documents();
        let (_, document) = of.get(&documents);
        let document = changed(document, &changes);
        if let Ok(keys) = JwkSet::parse(&document) {
            let written = keys.to_jwk_set();
            if !keys.keys().is_empty() {
                let again = JwkSet::parse(&written).expect("what was written can be read");
                prop_assert_eq!(again.to_jwk_set(), written);
                JwkSet::parse(&keys.to_pem_map()).ok();
            }
            judge(&Claims::google().by_k1(), Some(&keys), &google(30), UnixTime::from_seconds(NOW));
        }
        try_everything(&document, NOW);
    }

    #[test]
    fn claims_keep_every_digit_and_letter(name in "[a-z]{12}", text in "\\PC{0,40}", number in "[1-9][0-9]{0,60}") {
        let value = format!("[{},{number}]", crate::generate::quoted(&text));
        let token = Claims::google().with(&name, &value).by_k1();
        let verified = verify(&token, &TRUSTED, &google(30), UnixTime::from_seconds(NOW));
        let claims: Value = serde_json::from_str(verified.expect("accepted").claims()).expect("JSON");
        prop_assert_eq!(claims[&name][0].as_str(), Some(text.as_str()));
        prop_assert_eq!(claims[&name][1].to_string(), number);
    }
}

fn try_everything(text: &str, now: i64) {
    let now = UnixTime::from_seconds(now);
    let _ = UnverifiedToken::parse(text);
    look_at(text, now);
    judge(text, Some(&TRUSTED), &google(30), now);
    assert!(!extract(text).tokens.is_empty());
    if let Ok(keys) = JwkSet::parse(text) {
        judge(text, Some(&keys), &google(30), now);
    }
}
