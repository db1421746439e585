//! When fetches start, who waits for them, and what their outcomes do.

use alloc::string::String;

use super::host::{Endpoint, HOUR, Host, MINUTE, Outcome, SECOND, START, at, ok, set_of};
use crate::jwk::KeySetError;
use crate::key_cache::{KeyCache, KeyFetchError, KeyResponse, Lookup};

#[test]
fn parallel_cold_callers_share_one_fetch() {
    for callers in [1, 50, 500] {
        let mut host = Host::new(Endpoint::with(&["a", "b"]));
        for caller in 0..callers {
            host.ask(Some(if caller % 2 == 0 { "a" } else { "b" }));
        }
        host.run_for(SECOND);
        assert!(host.outcomes().all(|outcome| outcome == Outcome::Found));
        assert_eq!(host.fetches.len(), 1, "{callers} callers");
    }
}

#[test]
fn warm_callers_fetch_nothing() {
    let mut host = Host::new(Endpoint::with(&["a"]));
    host.decide("a");
    for _ in 0..10 {
        assert_eq!(host.decide("a"), Outcome::Found);
        host.run_for(MINUTE);
    }
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn a_token_without_a_key_id_is_content_with_any_set() {
    let mut host = Host::new(Endpoint::with(&["a"]));
    for _ in 0..20 {
        host.ask(None);
        host.run_for(SECOND);
    }
    assert!(host.outcomes().all(|outcome| outcome == Outcome::Found));
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn a_single_key_without_an_id_answers_to_every_id() {
    let jwk = set_of(&["x"]).replace(r#""kid":"x","#, "");
    let mut host = Host::new(Endpoint::Answers(200, jwk));
    assert_eq!(host.decide("a"), Outcome::Found);
    assert_eq!(host.decide("b"), Outcome::Found);
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn a_cold_cache_cools_down_after_a_failure_and_says_for_how_long() {
    let mut host = Host::new(Endpoint::down());
    let mut delays = alloc::vec::Vec::new();
    for _ in 0..8 {
        let Outcome::Unavailable(seconds) = host.decide("a") else { panic!("keys out of nowhere") };
        delays.push(seconds);
        let fetches = host.fetches.len();
        // Nobody else fetches in the meantime, and everybody is told the time that is left, rounded up.
        host.run_for(seconds.saturating_sub(2) * SECOND + 600);
        assert_eq!(host.decide("a"), Outcome::Unavailable(if seconds == 1 { 1 } else { 2 }));
        host.run_until(host.now + if seconds == 1 { 0 } else { SECOND });
        assert_eq!(host.decide("a"), Outcome::Unavailable(1));
        assert_eq!(host.fetches.len(), fetches);
        host.run_for(400);
    }
    assert_eq!(delays, [1, 2, 4, 8, 16, 32, 60, 60]);
    host.endpoint = Endpoint::with(&["a"]);
    assert_eq!(host.decide("a"), Outcome::Found);
    // A success forgets the row of failures.
    host.endpoint = Endpoint::down();
    assert_eq!(host.decide("b"), Outcome::Unavailable(1));
}

#[test]
fn a_quiet_time_forgets_a_row_of_failures() {
    let mut host = Host::new(Endpoint::Fails);
    for seconds in [1, 2, 4] {
        assert_eq!(host.decide("a"), Outcome::Unavailable(seconds));
        host.run_for(seconds * SECOND);
    }
    host.run_for(59 * SECOND);
    assert_eq!(host.decide("a"), Outcome::Unavailable(8));
    host.run_for(68 * SECOND);
    assert_eq!(host.decide("a"), Outcome::Unavailable(1));
}

#[test]
fn a_caller_is_told_of_its_failed_fetch_however_late_it_comes_back() {
    let mut cache = KeyCache::new();
    let request = cache.request();
    let Lookup::Fetch(ticket) = cache.lookup(request, Some("a"), at(START)) else { panic!() };
    cache.failed(ticket, "no route", at(START));
    let Lookup::Unavailable { retry_after_seconds, .. } =
        cache.lookup(request, Some("a"), at(START + MINUTE))
    else {
        panic!("fetched twice for one request");
    };
    assert_eq!(retry_after_seconds, 1);
}

#[test]
fn every_caller_of_a_failed_cold_fetch_is_told() {
    let mut host = Host::new(Endpoint::Fails);
    for _ in 0..50 {
        host.ask(Some("a"));
    }
    host.run_for(100);
    assert!(host.outcomes().all(|outcome| outcome == Outcome::Unavailable(1)));
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn errors_are_not_cached_and_evict_nothing() {
    let html = "<!doctype html><title>404</title>";
    let private = set_of(&["a"]).replace(r#""x":"#, r#""d":"AA","x":"#);
    let unusable = [
        (404, set_of(&["b"]), KeyFetchError::Status(404)),
        (304, String::new(), KeyFetchError::Status(304)),
        (206, set_of(&["b"]), KeyFetchError::Status(206)),
        (200, String::new(), KeyFetchError::Unreadable(KeySetError::Malformed)),
        (200, String::from(html), KeyFetchError::Unreadable(KeySetError::Malformed)),
        (200, String::from(r#"{"keys":[]}"#), KeyFetchError::Unreadable(KeySetError::Empty)),
        (200, String::from(r#"{"keys":null}"#), KeyFetchError::Unreadable(KeySetError::Malformed)),
        (200, private, KeyFetchError::NoUsableKey),
        (200, " ".repeat(300_000), KeyFetchError::Unreadable(KeySetError::TooLarge)),
    ];
    for (status, body, reason) in unusable {
        let response = KeyResponse { status, body: &body, cache_control: Some("max-age=3600"), age: None };
        let (mut cache, now) = (KeyCache::new(), START);
        // Cold: the error is reported, and the next good answer counts.
        let request = cache.request();
        let Lookup::Fetch(ticket) = cache.lookup(request, Some("a"), at(now)) else { panic!("no fetch") };
        assert_eq!(cache.answered(ticket, response, at(now)), Err(reason.clone()));
        let Lookup::Unavailable { reason: told, .. } = cache.lookup(request, Some("a"), at(now)) else {
            panic!("not told of {reason}");
        };
        assert_eq!(told, reason);
        let now = now + SECOND;
        let Lookup::Fetch(ticket) = cache.lookup(cache.request(), Some("a"), at(now)) else {
            panic!("no second fetch after {reason}");
        };
        assert_eq!(cache.answered(ticket, ok(&set_of(&["a"])), at(now)), Ok(()));
        // Warm: the last good set stays.
        let now = now + HOUR;
        let Lookup::Fetch(ticket) = cache.lookup(cache.request(), Some("a"), at(now)) else {
            panic!("no third fetch");
        };
        assert_eq!(cache.answered(ticket, response, at(now)), Err(reason));
        assert!(cache.peek(at(now)).unwrap().keys().contains("a"));
    }
}

#[test]
fn a_set_with_some_unusable_keys_counts() {
    let body = set_of(&["a"]).replace("[", r#"[{"kty":"OKP","kid":"b","crv":"Ed25519","x":"AA"},"#);
    let mut host = Host::new(Endpoint::Answers(200, body));
    assert_eq!(host.decide("a"), Outcome::Found);
    // The unusable key is known, so no fetch is tried for it.
    assert_eq!(host.decide("b"), Outcome::NotFound);
    assert_eq!(host.fetches.len(), 1);
}

#[test]
fn a_fetch_that_nobody_reports_is_given_up() {
    let mut host = Host::new(Endpoint::Hangs);
    let first = host.ask(Some("a"));
    host.run_for(10 * SECOND);
    let second = host.ask(Some("a"));
    host.run_for(6 * SECOND);
    assert_eq!(host.fetches.len(), 1);
    assert_eq!(host.callers[first].decided_at, START + 15 * SECOND);
    assert_eq!(host.callers[first].outcome, Outcome::Unavailable(1));
    assert_eq!(host.callers[second].outcome, Outcome::Unavailable(1));
    host.endpoint = Endpoint::with(&["a"]);
    assert_eq!(host.decide("a"), Outcome::Found);
}

#[test]
fn an_overdue_answer_overwrites_nothing() {
    let mut cache = KeyCache::new();
    let Lookup::Fetch(older) = cache.lookup(cache.request(), Some("a"), at(START)) else { panic!() };
    let now = START + 20 * SECOND;
    let Lookup::Fetch(newer) = cache.lookup(cache.request(), Some("a"), at(now)) else { panic!() };
    // While the newer one is under way the older one neither brings keys nor ends it.
    assert_eq!(cache.answered(older, ok(&set_of(&["old"])), at(now)), Err(KeyFetchError::Overdue));
    cache.failed(older, "late", at(now));
    assert!(matches!(cache.lookup(cache.request(), Some("a"), at(now)), Lookup::Wait { .. }));
    assert_eq!(cache.answered(newer, ok(&set_of(&["new"])), at(now)), Ok(()));
    assert_eq!(cache.answered(older, ok(&set_of(&["old"])), at(now)), Err(KeyFetchError::Overdue));
    // Nor does the same answer count twice.
    assert_eq!(cache.answered(newer, ok(&set_of(&["old"])), at(now)), Err(KeyFetchError::Overdue));
    assert!(cache.peek(at(now)).unwrap().keys().contains("new"));
    assert!(!cache.peek(at(now)).unwrap().keys().contains("old"));
}

#[test]
fn the_words_of_a_failure_are_short_and_visible() {
    let mut cache = KeyCache::new();
    let Lookup::Fetch(ticket) = cache.lookup(cache.request(), None, at(START)) else { panic!() };
    cache.failed(ticket, &"\u{1b}[2J no route ".repeat(1_000), at(START));
    let Lookup::Unavailable { reason: KeyFetchError::Unreachable(words), .. } =
        cache.lookup(cache.request(), None, at(START))
    else {
        panic!("not told");
    };
    assert!(words.starts_with("\\u{1b}[2J no route"));
    assert!(words.len() < 2_000);
}
