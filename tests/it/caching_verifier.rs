//! A remembered token must get the verdict that a fresh look would give it.

use std::sync::Arc;

use callerid::{Audience, CachingVerifier, Callers, JwkSet, Policy, Profile, UnixTime, verify};
use proptest::prelude::*;

use crate::support::{K1, K2, SigningTestKey, X1, sign};

const ISSUED: i64 = 1_700_000_000;
const EXPIRY: i64 = ISSUED + 3_600;

fn token(number: usize, key: &SigningTestKey) -> String {
    let claims = format!(
        r#"{{"iss":"https://accounts.google.com","aud":"aud-1","sub":"{number}","iat":{ISSUED},"nbf":{},"exp":{EXPIRY}.5}}"#,
        ISSUED + 7,
    );
    sign(r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#, claims, key)
}

fn keys(members: &str) -> JwkSet {
    JwkSet::parse(&format!(r#"{{"keys":[{}]}}"#, K1.jwk(members))).expect("keys")
}

fn policy() -> Policy {
    Policy::new(Profile::google(), Audience::exactly("aud-1").expect("an audience"), Callers::any())
}

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

/// Judges with memory and without, and demands one answer. Returns whether the token was remembered.
fn check(verifier: &mut CachingVerifier, token: &str, keys: &JwkSet, now: UnixTime) -> Option<bool> {
    let fresh = verify(token, keys, &policy(), now);
    let remembered = verifier.verify(token, keys, now);
    assert_eq!(remembered.is_ok(), fresh.is_ok());
    match (remembered, fresh) {
        (Ok(remembered), Ok(fresh)) => {
            assert_eq!(*remembered.verified, fresh);
            Some(remembered.repeated)
        }
        (remembered, fresh) => {
            assert_eq!(remembered.err(), fresh.err());
            None
        }
    }
}

#[test]
fn a_verified_token_is_remembered_by_its_whole_text() {
    let keys = keys(r#""kid":"k1""#);
    let mut verifier = CachingVerifier::new(policy(), 10);
    let good = token(1, &K1);
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 60)), Some(false));
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 61)), Some(true));
    for at_byte in (0..good.len()).step_by(11) {
        let mut bytes = good.clone().into_bytes();
        bytes[at_byte] = if bytes[at_byte] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(bytes).expect("ASCII");
        assert_eq!(check(&mut verifier, &altered, &keys, at(ISSUED + 60)), None);
    }
    for longer in [format!("{good}A"), format!("{good}."), format!(" {good}"), good[..good.len() - 1].into()]
    {
        assert_eq!(check(&mut verifier, &longer, &keys, at(ISSUED + 60)), None);
    }
}

#[test]
fn a_remembered_token_expires_and_is_not_valid_before_its_time() {
    let keys = keys(r#""kid":"k1""#);
    let mut verifier = CachingVerifier::new(policy(), 10);
    let good = token(1, &K1);
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 60)), Some(false));
    // 30 seconds are forgiven at both ends; the token expires half a second after EXPIRY.
    assert_eq!(check(&mut verifier, &good, &keys, at(EXPIRY + 30)), Some(true));
    assert_eq!(check(&mut verifier, &good, &keys, at(EXPIRY + 31)), None);
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 7 - 30)), Some(true));
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 7 - 31)), None);
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 60)), Some(true));
}

#[test]
fn a_token_is_forgotten_with_its_key_set() {
    let mut verifier = CachingVerifier::new(policy(), 10);
    let good = token(1, &K1);
    assert_eq!(check(&mut verifier, &good, &keys(r#""kid":"k1""#), at(ISSUED + 60)), Some(false));
    assert_eq!(check(&mut verifier, &good, &keys(r#""kid":"k9""#), at(ISSUED + 60)), None);
    let other = JwkSet::parse(&format!(r#"{{"keys":[{}]}}"#, X1.jwk(r#""kid":"k1""#))).expect("keys");
    assert_eq!(check(&mut verifier, &good, &other, at(ISSUED + 60)), None);
    // The same keys read again are the same set.
    assert_eq!(check(&mut verifier, &good, &keys(r#""kid":"k1""#), at(ISSUED + 60)), Some(true));
    let with_another = format!(r#"{{"keys":[{},{}]}}"#, K1.jwk(r#""kid":"k1""#), K2.jwk(r#""kid":"k2""#));
    let with_another = JwkSet::parse(&with_another).expect("keys");
    assert_eq!(check(&mut verifier, &good, &with_another, at(ISSUED + 60)), Some(false));
}

#[test]
fn bad_tokens_displace_nothing() {
    let keys = keys(r#""kid":"k1""#);
    let mut verifier = CachingVerifier::new(policy(), 2);
    let good = token(1, &K1);
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 60)), Some(false));
    for number in 0..20 {
        assert_eq!(check(&mut verifier, &token(number, &X1), &keys, at(ISSUED + 60)), None);
    }
    assert_eq!(check(&mut verifier, &good, &keys, at(ISSUED + 60)), Some(true));
}

#[test]
fn the_memory_is_bounded_and_gives_up_the_oldest() {
    let keys = keys(r#""kid":"k1""#);
    let mut verifier = CachingVerifier::new(policy(), 3);
    let tokens: Vec<String> = (0..5).map(|number| token(number, &K1)).collect();
    let now = at(ISSUED + 60);
    for token in &tokens {
        let accepted = verifier.verify(token, &keys, now).expect("accepted");
        assert!(!accepted.repeated);
    }
    let remembered = |verifier: &mut CachingVerifier, number: usize| {
        let holders = Arc::strong_count(&verifier.verify(&tokens[4], &keys, now).expect("accepted").verified);
        assert_eq!(holders, 2, "one here, one remembered");
        check(verifier, &tokens[number], &keys, now)
    };
    assert_eq!(remembered(&mut verifier, 4), Some(true));
    assert_eq!(remembered(&mut verifier, 3), Some(true));
    assert_eq!(remembered(&mut verifier, 2), Some(true));
    assert_eq!(remembered(&mut verifier, 0), Some(false));
    verifier.forget();
    assert_eq!(remembered(&mut verifier, 3), Some(false));
}

#[test]
fn nothing_is_remembered_without_room() {
    let keys = keys(r#""kid":"k1""#);
    let mut verifier = CachingVerifier::new(policy(), 0);
    for _ in 0..2 {
        let accepted = verifier.verify(&token(1, &K1), &keys, at(ISSUED + 60)).expect("accepted");
        assert!(!accepted.repeated);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Tokens, times and key sets in any order.
    #[test]
    fn memory_changes_no_verdict(steps in prop::collection::vec((0_usize..4, -120_i64..120, 0_usize..3, any::<bool>()), 1..24)) {
        let sets = [keys(r#""kid":"k1""#), keys(r#""kid":"k1","use":"sig""#), keys(r#""kid":"k9""#)];
        let tokens: Vec<String> =
            (0..4).map(|number| token(number, if number == 3 { &X1 } else { &K1 })).collect();
        let mut verifier = CachingVerifier::new(policy(), 2);
        for (number, offset, set, late) in steps {
            let edge = if late { EXPIRY } else { ISSUED };
            check(&mut verifier, &tokens[number], &sets[set], at(edge + offset));
        }
    }
}
