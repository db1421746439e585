//! From fresh to stale to too old.

use super::host::{Endpoint, HOUR, Host, MINUTE, Outcome, SECOND, START, at, millis, ok, set_of};
use crate::key_cache::{FRESHNESS_MAX, Freshness, KeyCache, Lookup, STALE_MAX};

const DAY: u64 = 24 * HOUR;

/// A host whose keys were fetched at `START` and are fresh for an hour.
fn warm_host() -> Host {
    let mut host = Host::new(Endpoint::with(&["a"]));
    host.latency = 0;
    assert_eq!(host.decide("a"), Outcome::Found);
    host
}

#[test]
fn headers_set_the_end_of_freshness() {
    let lifetimes = [
        (Some("public, max-age=21155, must-revalidate, no-transform"), Some("12"), 21_143),
        (Some("public, max-age=3000"), Some("1023"), 1_977),
        (None, None, 3_600),
        (Some("rubbish=\""), Some("rubbish"), 3_600),
        (Some("no-cache"), None, 60),
        (Some("max-age=1"), None, 60),
        (Some("max-age=31536000"), None, 86_400),
    ];
    for (cache_control, age, seconds) in lifetimes {
        let mut host = Host::new(Endpoint::with(&["a"]));
        (host.cache_control, host.age, host.latency) = (cache_control, age, 0);
        host.decide("a");
        let keys = host.peek().unwrap();
        assert_eq!(keys.fetched_at().as_seconds(), 1_800_000_000);
        assert_eq!(keys.expires_at().as_seconds() - keys.fetched_at().as_seconds(), seconds);
        host.run_until(START + u64::try_from(seconds).unwrap() * SECOND - 1);
        assert_ne!(host.peek().unwrap().freshness(), Freshness::Stale);
        host.run_for(1);
        assert_eq!(host.peek().unwrap().freshness(), Freshness::Stale);
    }
}

#[test]
fn keys_are_refreshed_ahead_in_the_background() {
    let mut host = warm_host();
    host.latency = 2 * SECOND;
    host.run_until(START + 55 * MINUTE - 1);
    assert_eq!(host.decide("a"), Outcome::Found);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::Fresh);
    assert_eq!(host.fetches.len(), 1);
    host.run_for(1);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::RefreshDue);
    // Nobody waits for the one fetch that this starts.
    for _ in 0..50 {
        let caller = host.ask(Some("a"));
        assert_eq!(host.callers[caller].outcome, Outcome::Found);
    }
    assert_eq!(host.fetches.len(), 2);
    host.run_for(2 * SECOND);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::Fresh);
}

#[test]
fn short_lifetimes_are_refreshed_in_their_last_tenth() {
    let mut host = Host::new(Endpoint::with(&["a"]));
    (host.cache_control, host.latency) = (Some("no-store"), 0);
    host.decide("a");
    host.run_until(START + 54 * SECOND - 1);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::Fresh);
    host.run_for(1);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::RefreshDue);
}

#[test]
fn an_idle_service_does_not_judge_by_old_keys() {
    let mut host = warm_host();
    host.latency = 30;
    host.endpoint = Endpoint::with(&["b"]);
    host.run_until(START + HOUR);
    for _ in 0..50 {
        host.ask(Some("b"));
    }
    assert!(host.outcomes().skip(1).all(|outcome| outcome == Outcome::Waiting));
    host.run_for(30);
    assert!(host.outcomes().skip(1).all(|outcome| outcome == Outcome::Found));
    assert_eq!(host.fetches.len(), 2);
    // The whole set was replaced: the removed key is gone.
    assert!(!host.peek().unwrap().keys().contains("a"));
    assert_eq!(host.decide("a"), Outcome::NotFound);
}

#[test]
fn known_keys_outlive_an_outage_up_to_the_ceiling() {
    let mut host = warm_host();
    host.endpoint = Endpoint::down();
    host.run_until(START + HOUR);
    // The first caller waits for the failure, the next ones for nothing, while retries go on.
    while host.now < START + HOUR + DAY {
        let caller = host.ask(Some("a"));
        host.run_for(0);
        assert_eq!(host.callers[caller].outcome, Outcome::Found, "after {} ms", host.now - START);
        assert_eq!(host.callers[caller].decided_at, host.callers[caller].asked_at);
        host.run_for(10 * SECOND);
    }
    let retries = host.fetches.len();
    assert!((1_200..1_500).contains(&retries), "about one a minute, not {retries}");
    assert!(host.peek().is_none());
    assert!(matches!(host.decide("a"), Outcome::Unavailable(_)));
    // The endpoint comes back, and so do the keys.
    host.endpoint = Endpoint::with(&["a"]);
    host.run_for(MINUTE);
    assert_eq!(host.decide("a"), Outcome::Found);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::Fresh);
}

#[test]
fn an_outage_ends_in_the_background() {
    let mut host = warm_host();
    host.endpoint = Endpoint::Fails;
    host.run_until(START + HOUR);
    host.decide("a");
    host.endpoint = Endpoint::with(&["a"]);
    host.latency = 5 * SECOND;
    host.run_for(SECOND);
    let caller = host.ask(Some("a"));
    assert_eq!(host.callers[caller].outcome, Outcome::Found);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::Stale);
    host.run_for(5 * SECOND);
    assert_eq!(host.peek().unwrap().freshness(), Freshness::Fresh);
}

#[test]
fn a_caller_waits_for_one_failure_and_no_more() {
    let mut cache = KeyCache::new();
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), Some("a"), at(START)) else { panic!() };
    cache.answered(ticket, ok(&set_of(&["a"])), at(START)).unwrap();
    let now = START + HOUR;
    let request = cache.request();
    let Lookup::Fetch(ticket) = cache.lookup(request, Some("a"), at(now)) else { panic!() };
    cache.failed(ticket, "no route", at(now));
    // However late it comes back, and whatever its key.
    let now = now + 5 * MINUTE;
    assert!(matches!(cache.lookup(request, Some("junk"), at(now)), Lookup::Unavailable { .. }));
    assert!(matches!(cache.lookup(request, Some("a"), at(now)), Lookup::Ready { .. }));
}

#[test]
fn an_outage_long_ago_does_not_excuse_old_keys() {
    let mut host = warm_host();
    host.endpoint = Endpoint::Fails;
    host.run_until(START + 56 * MINUTE);
    host.ask(Some("a"));
    host.endpoint = Endpoint::with(&["b"]);
    host.run_until(START + 20 * HOUR);
    assert_eq!(host.decide("a"), Outcome::NotFound);
    assert_eq!(host.decide("b"), Outcome::Found);
}

#[test]
fn a_hanging_refresh_holds_nobody_up_while_keys_are_fresh() {
    let mut host = warm_host();
    host.endpoint = Endpoint::Hangs;
    host.run_until(START + 55 * MINUTE);
    for _ in 0..295 {
        let caller = host.ask(Some("a"));
        assert_eq!(host.callers[caller].outcome, Outcome::Found);
        host.run_for(SECOND);
    }
    // Each is given up after 15 s and followed by a longer pause.
    let starts: alloc::vec::Vec<u64> =
        host.fetches.iter().skip(1).map(|start| (start - START) / SECOND - 3_300).collect();
    assert_eq!(starts, [0, 16, 33, 52, 75, 106, 153, 228]);
}

#[test]
fn no_key_lives_longer_than_its_freshness_and_the_ceiling() {
    let mut host = Host::new(Endpoint::with(&["a"]));
    (host.cache_control, host.latency) = (Some("max-age=99999999999999999999"), 0);
    host.decide("a");
    host.run_until(START + millis(FRESHNESS_MAX) + millis(STALE_MAX) - 1);
    assert!(host.peek().is_some());
    host.run_for(1);
    assert!(host.peek().is_none());
}
