//! Clocks that jump.

use super::host::{HOUR, MINUTE, SECOND, START, at, ok, set_of};
use crate::key_cache::{Freshness, KeyCache, Lookup, ON_MISS_BURST, UnixMillis};

const YEAR: u64 = 365 * 24 * HOUR;

fn fetched_at(moment: u64) -> KeyCache {
    let mut cache = KeyCache::new();
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), None, at(moment)) else { panic!() };
    cache.answered(ticket, ok(&set_of(&["a"])), at(moment)).unwrap();
    cache
}

#[test]
fn a_set_from_the_future_is_fetched_again() {
    let mut cache = fetched_at(START + YEAR);
    let now = START;
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), Some("a"), at(now)) else {
        panic!("believed a set of next year");
    };
    // If that fails, the keys are stale, and last a day and no longer.
    cache.failed(ticket, "no route", at(now));
    assert!(matches!(cache.lookup(cache.request(), Some("a"), at(now)), Lookup::Ready { .. }));
    assert_eq!(cache.peek(at(now)).unwrap().freshness(), Freshness::Stale);
    assert_eq!(cache.peek(at(now)).unwrap().fetched_at(), at(now).to_unix_time());
    assert!(cache.peek(at(now + 24 * HOUR - 1)).is_some());
    assert!(cache.peek(at(now + 24 * HOUR)).is_none());
}

#[test]
fn small_steps_back_are_forgiven() {
    let mut cache = fetched_at(START);
    assert_eq!(cache.peek(at(START - MINUTE)).unwrap().freshness(), Freshness::Fresh);
    assert_eq!(cache.peek(at(START - MINUTE - 1)).unwrap().freshness(), Freshness::Stale);
}

#[test]
fn a_jump_ahead_and_back_costs_a_fetch_and_no_keys() {
    let mut cache = fetched_at(START);
    assert!(cache.peek(at(START + YEAR)).is_none());
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), Some("a"), at(START + YEAR)) else { panic!() };
    cache.failed(ticket, "no route", at(START + YEAR));
    assert_eq!(cache.peek(at(START + MINUTE)).unwrap().freshness(), Freshness::Fresh);
}

#[test]
fn an_unreported_fetch_is_given_up_although_the_clock_jumps_back() {
    let mut cache = KeyCache::new();
    let request = cache.request();
    let Lookup::Fetch(_) = cache.lookup(request, Some("a"), at(START + YEAR)) else { panic!() };
    let Lookup::Wait { until } = cache.lookup(request, Some("a"), at(START)) else { panic!() };
    assert_eq!(until, at(START + 15 * SECOND));
    assert!(matches!(cache.lookup(request, Some("a"), until), Lookup::Unavailable { .. }));
}

#[test]
fn the_pause_after_a_failure_ends_although_the_clock_jumps_back() {
    let mut cache = KeyCache::new();
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), None, at(START + YEAR)) else { panic!() };
    cache.failed(ticket, "no route", at(START + YEAR));
    let now = at(START);
    let Lookup::Unavailable { retry_after_seconds, .. } = cache.lookup(cache.request(), None, now) else {
        panic!()
    };
    assert_eq!(retry_after_seconds, 60);
    assert!(matches!(cache.lookup(cache.request(), None, at(START + MINUTE)), Lookup::Fetch(_)));
}

#[test]
fn unknown_key_ids_are_paced_although_the_clock_jumps_back() {
    let mut cache = fetched_at(START);
    let later = START + 30 * MINUTE;
    let mut spend_on_miss = |now: UnixMillis| {
        let request = cache.request();
        match cache.lookup(request, Some("junk"), now) {
            Lookup::Fetch(ticket) => cache.answered(ticket, ok(&set_of(&["a"])), now).map(|()| now).unwrap(),
            Lookup::Wait { until } => until,
            other => panic!("{other:?}"),
        }
    };
    for _ in 0..ON_MISS_BURST {
        assert_eq!(spend_on_miss(at(later)), at(later));
    }
    assert_eq!(spend_on_miss(at(later)), at(later + 5 * SECOND));
    // Not so far back that the set becomes one from the future.
    let back = later - 30 * SECOND;
    assert_eq!(spend_on_miss(at(back)), at(back + 5 * SECOND));
    assert_eq!(spend_on_miss(at(back + 5 * SECOND)), at(back + 5 * SECOND));
}

#[test]
fn the_ends_of_time_are_moments_like_others() {
    for moments in [[0, 0, u64::MAX], [u64::MAX, u64::MAX, 0], [0, u64::MAX, 0], [u64::MAX, 0, u64::MAX]] {
        let mut cache = KeyCache::new();
        for round in moments.into_iter().cycle().take(60) {
            let request = cache.request();
            for key_id in [None, Some("a"), Some("junk")] {
                match cache.lookup(request, key_id, at(round)) {
                    Lookup::Fetch(ticket) | Lookup::Ready { refresh: Some(ticket), .. } => {
                        let _ = cache.answered(ticket, ok(&set_of(&["a"])), at(round));
                    }
                    _ => {}
                }
                let _ = cache.peek(at(round)).map(|keys| (keys.fetched_at(), keys.expires_at()));
            }
        }
    }
}
