//! Key ids that the set does not hold: rotated keys, and junk.

use alloc::format;

use super::host::{Endpoint, HOUR, Host, MINUTE, Outcome, SECOND, START, at, millis, ok, set_of};
use crate::key_cache::{KeyCache, Lookup, ON_MISS_BURST, ON_MISS_PACE};

fn on_miss_budget(elapsed: u64) -> usize {
    usize::try_from(u64::from(ON_MISS_BURST) + elapsed / millis(ON_MISS_PACE)).unwrap()
}

/// A host that has just fetched its keys, with a full budget.
fn warm_host() -> Host {
    let mut host = Host::new(Endpoint::with(&["a"]));
    assert_eq!(host.decide("a"), Outcome::Found);
    host.fetches.clear();
    host
}

#[test]
fn an_unknown_key_id_is_decided_by_the_cold_fetch() {
    let mut host = Host::new(Endpoint::with(&["a"]));
    assert_eq!(host.decide("junk"), Outcome::NotFound);
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn concurrent_callers_share_the_fetch_for_a_rotated_key() {
    let mut host = warm_host();
    host.endpoint = Endpoint::with(&["a", "b"]);
    for _ in 0..500 {
        host.ask(Some("b"));
    }
    let known = host.ask(Some("a"));
    assert_eq!(host.callers[known].outcome, Outcome::Found);
    host.run_for(30);
    assert!(host.outcomes().all(|outcome| outcome == Outcome::Found));
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn a_key_that_is_added_seconds_after_a_fetch_is_learnt() {
    let mut host = warm_host();
    host.run_for(3 * SECOND);
    host.endpoint = Endpoint::with(&["b"]);
    let asked_at = host.now;
    assert_eq!(host.decide("b"), Outcome::Found);
    assert_eq!(host.now - asked_at, host.latency);
}

#[test]
fn forty_junk_key_ids_at_once_cost_two_fetches() {
    // The first starts one; the others come while it is under way, and share the next.
    let mut host = warm_host();
    for junk in 0..40 {
        host.ask(Some(&format!("junk-{junk}")));
    }
    host.run_for(SECOND);
    assert!(host.outcomes().skip(1).all(|outcome| outcome == Outcome::NotFound));
    assert_eq!(host.fetches.len(), 2);
}

#[test]
fn a_new_key_is_learnt_right_after_forty_junk_key_ids() {
    // One after the other: each waits for a fetch of its own.
    let mut host = warm_host();
    let started_at = host.now;
    for junk in 0..40 {
        assert_eq!(host.decide(&format!("junk-{junk}")), Outcome::NotFound);
    }
    assert!(host.fetches.len() <= on_miss_budget(host.now - started_at));
    host.endpoint = Endpoint::with(&["b"]);
    let asked_at = host.now;
    assert_eq!(host.decide("b"), Outcome::Found);
    assert!(host.now - asked_at <= millis(ON_MISS_PACE) + host.latency);
    // All at once, and the key is added while their fetch is under way, too late to be in it.
    let mut host = warm_host();
    for junk in 0..40 {
        host.ask(Some(&format!("junk-{junk}")));
    }
    host.run_for(10);
    host.endpoint = Endpoint::with(&["b"]);
    assert_eq!(host.decide("b"), Outcome::Found);
    assert_eq!(host.fetches.len(), 2);
}

#[test]
fn the_burst_is_spent_and_comes_back() {
    let mut host = warm_host();
    host.latency = 0;
    let burst = usize::try_from(ON_MISS_BURST).unwrap();
    let started_at = host.now;
    for _ in 0..burst {
        host.decide("junk");
    }
    assert_eq!((host.fetches.len(), host.now), (burst, started_at));
    host.decide("junk");
    assert_eq!((host.fetches.len(), host.now), (burst + 1, started_at + 5 * SECOND));
    host.run_for(u64::from(ON_MISS_BURST) * 5 * SECOND);
    let resumed_at = host.now;
    for _ in 0..burst {
        host.decide("junk");
    }
    assert_eq!((host.fetches.len(), host.now), (2 * burst + 1, resumed_at));
}

#[test]
fn a_sustained_flood_hides_no_rotation_and_harms_no_known_key() {
    let mut host = warm_host();
    let flood = 2 * HOUR;
    let rotation = START + 20 * MINUTE + 7;
    for tick in 0..flood / 20 {
        host.run_until(START + 50 + tick * 20);
        host.ask(Some(&format!("junk-{tick}")));
        if host.now >= rotation {
            host.endpoint = Endpoint::with(&["a", "b"]);
        }
        // One caller with a known key and one with the new key in each second.
        if tick % 50 == 0 {
            let known = host.ask(Some("a"));
            assert_eq!(host.callers[known].outcome, Outcome::Found, "at {} ms", host.now - START);
            host.ask(Some("b"));
        }
    }
    host.run_for(MINUTE);
    // Refreshed all the while, so that only the on-miss budget is ever drawn on.
    assert!(host.fetches.len() <= on_miss_budget(flood + MINUTE), "{} fetches", host.fetches.len());
    for caller in host.callers.iter().skip(1) {
        let waited = caller.decided_at - caller.asked_at;
        assert!(waited <= millis(ON_MISS_PACE) + 2 * host.latency, "waited {waited} ms");
        match caller.key_id() {
            "a" => assert_eq!(caller.outcome, Outcome::Found),
            "b" if caller.asked_at > rotation + 20 => assert_eq!(caller.outcome, Outcome::Found),
            "b" => {}
            _ => assert_eq!(caller.outcome, Outcome::NotFound),
        }
    }
}

#[test]
fn a_flood_does_not_touch_the_budget_of_refreshes() {
    let mut host = warm_host();
    let mut clock = START + 55 * MINUTE;
    host.run_until(clock);
    // The endpoint fails, so the flood keeps its own budget and the pause after failures busy.
    host.endpoint = Endpoint::down();
    for _ in 0..3_000 {
        host.ask(Some("junk"));
        clock += 20;
        host.run_until(clock);
    }
    host.endpoint = Endpoint::with(&["b"]);
    host.run_for(MINUTE);
    host.ask(Some("a"));
    host.run_for(SECOND);
    assert!(host.peek().unwrap().keys().contains("b"));
}

#[test]
fn an_unknown_key_stays_undecided_where_its_fetch_failed() {
    let mut host = warm_host();
    host.endpoint = Endpoint::down();
    assert_eq!(host.decide("b"), Outcome::Unavailable(1));
    assert_eq!(host.decide("a"), Outcome::Found);
    // A short pause is waited for, a long one is told.
    let asked_at = host.now;
    assert_eq!(host.decide("b"), Outcome::Unavailable(2));
    assert_eq!(host.now - asked_at, SECOND + host.latency);
    assert_eq!(host.decide("b"), Outcome::Unavailable(4));
    assert_eq!(host.decide("b"), Outcome::Unavailable(8));
    let fetches = host.fetches.len();
    assert_eq!(host.decide("b"), Outcome::Unavailable(8));
    assert_eq!(host.fetches.len(), fetches);
    assert_eq!(host.decide("a"), Outcome::Found);
    host.endpoint = Endpoint::with(&["b"]);
    host.run_for(8 * SECOND);
    assert_eq!(host.decide("b"), Outcome::Found);
}

#[test]
fn one_request_serves_a_batch_of_tokens_at_hand() {
    let mut cache = KeyCache::new();
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), None, at(START)) else { panic!() };
    cache.answered(ticket, ok(&set_of(&["a"])), at(START)).unwrap();
    let request = cache.request();
    let mut fetches = 0;
    for token in 0..10_000 {
        let key_id = format!("junk-{token}");
        if let Lookup::Fetch(ticket) = cache.lookup(request, Some(&key_id), at(START)) {
            fetches += 1;
            cache.answered(ticket, ok(&set_of(&["a"])), at(START)).unwrap();
        }
        assert!(matches!(cache.lookup(request, Some(&key_id), at(START)), Lookup::Ready { .. }));
    }
    assert_eq!(fetches, 1);
}
