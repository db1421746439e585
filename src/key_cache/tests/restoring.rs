//! Keys that a host has kept, on disk for instance.

use super::host::{HOUR, MINUTE, START, at, ok, set_of};
use crate::key_cache::{Freshness, KeyCache, Lookup};
use crate::time::UnixTime;

const NOW: i64 = 1_800_000_000;

fn restore(document: &str, fetched: i64, expires: i64) -> Option<KeyCache> {
    let time = |offset| UnixTime::from_seconds(NOW + offset);
    KeyCache::restore(document, time(fetched), time(expires), at(START))
}

#[test]
fn restored_keys_age_as_fetched_ones_do() {
    let set = set_of(&["a"]);
    let mut cache = restore(&set, -600, 3_000).unwrap();
    assert!(matches!(
        cache.lookup(cache.request(), Some("a"), at(START)),
        Lookup::Ready { refresh: None, .. }
    ));
    assert_eq!(cache.peek(at(START + 45 * MINUTE)).unwrap().freshness(), Freshness::RefreshDue);
    assert_eq!(cache.peek(at(START + 50 * MINUTE)).unwrap().freshness(), Freshness::Stale);
    assert!(cache.peek(at(START + 50 * MINUTE + 24 * HOUR)).is_none());
    let mut cache = restore(&set, -7_200, -3_600).unwrap();
    assert!(matches!(cache.lookup(cache.request(), Some("a"), at(START)), Lookup::Fetch(_)));
}

#[test]
fn restored_keys_refuse_no_token() {
    let mut cache = restore(&set_of(&["a"]), -600, 3_000).unwrap();
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), Some("b"), at(START)) else {
        panic!("judged by a set of which nobody knows the fetch");
    };
    cache.answered(ticket, ok(&set_of(&["b"])), at(START)).unwrap();
    assert!(cache.peek(at(START)).unwrap().keys().contains("b"));
}

#[test]
fn what_is_reported_can_be_restored() {
    let mut cache = restore(&set_of(&["a"]), -600, 3_000).unwrap();
    let keys = cache.peek(at(START)).unwrap();
    let document = keys.keys().to_jwk_set();
    let again = KeyCache::restore(&document, keys.fetched_at(), keys.expires_at(), at(START))
        .unwrap()
        .peek(at(START));
    assert_eq!(again.unwrap().expires_at(), keys.expires_at());
}

#[test]
fn nonsense_is_not_restored() {
    let set = set_of(&["a"]);
    assert!(restore(&set, 60, 3_660).is_some());
    assert!(restore(&set, 61, 3_661).is_none(), "fetched in the future");
    assert!(restore(&set, -600, -601).is_none(), "expired before it was fetched");
    assert!(restore(&set, -600, 85_800).is_some());
    assert!(restore(&set, -600, 85_801).is_none(), "fresh for longer than any set");
    assert!(restore(&set, i64::MIN + NOW, 3_600).is_none());
    assert!(restore(&set, -600, i64::MAX - NOW).is_none());
    for document in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"OKP"}]}"#, "<html>"] {
        assert!(restore(document, -600, 3_000).is_none(), "{document}");
    }
}
