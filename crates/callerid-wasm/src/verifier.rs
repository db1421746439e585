//! The verifier that JavaScript holds, and the fetches that it orders.

use alloc::string::{String, ToString as _};

use callerid::key_cache::{
    CachedKeys, FetchTicket, Freshness, KeyCache, KeyRequest, KeyResponse, Lookup, UnixMillis,
};
use callerid::{JwkSet, KeyOrigin, KeySource, UnixTime, UnverifiedToken, refusal_without_keys};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer::Line;
use crate::explanation;
use crate::judge::{Judge, Wanted};
use crate::unix_time;

/// A policy and its keys.
///
/// Tokens come as UTF-8, which the platform's encoder makes of a string faster than generated code does.
///
/// What `verify` and `inspect` give back is one of
/// - `{"number":N,"refresh":TICKET,"big":PATHS,"caller":{…}}`: who is calling, to be recalled by the number;
/// - `{"retryAfter":SECONDS,"refresh":TICKET,"text":…,"big":PATHS,"report":{…}}`;
/// - the same without a report, but with what the whole module needs for one, if this one does not
///   explain: `"refused":{"fetchedAt":SECONDS,"expiresAt":SECONDS}`, by these keys, or
///   `"refused":{"words":…}`, why there are none;
/// - `{"request":N,"fetch":TICKET}`: fetch the keys, tell the outcome, ask again with `request`;
/// - `{"request":N,"wait":MILLIS}`: ask again when the fetch under way has ended, at the latest then.
///
/// A `refresh` is a fetch to be done in the background. Members without value are left out.
#[wasm_bindgen]
pub struct Verifier {
    judge: Judge,
    keys: Keys,
}

pub(crate) enum Keys {
    Given(JwkSet),
    Fetched { cache: KeyCache, url: String },
}

/// The moment of a question, by the machine's clock and by the one that tokens are judged by.
#[derive(Clone, Copy)]
struct Clocks {
    machine: UnixMillis,
    tokens: UnixTime,
}

#[wasm_bindgen]
impl Verifier {
    /// Judges a token. `request` is negative at first, and then what the answer before said.
    pub fn verify(&mut self, token: &[u8], request: f64, millis: f64, seconds: f64) -> String {
        self.decide(text(token), Wanted::Caller, request, Clocks::at(millis, seconds))
    }

    /// Judges a token and reports every check.
    pub fn inspect(&mut self, token: &[u8], request: f64, millis: f64, seconds: f64) -> String {
        self.decide(text(token), Wanted::Report, request, Clocks::at(millis, seconds))
    }

    /// Judges a token with the keys at hand, for callers that cannot wait; never asks to.
    #[wasm_bindgen(js_name = verifyNow)]
    pub fn verify_now(&mut self, token: &[u8], millis: f64, seconds: f64) -> String {
        self.decide_now(text(token), Wanted::Caller, Clocks::at(millis, seconds))
    }

    /// Like `inspect`, with the keys at hand.
    #[wasm_bindgen(js_name = inspectNow)]
    pub fn inspect_now(&mut self, token: &[u8], millis: f64, seconds: f64) -> String {
        self.decide_now(text(token), Wanted::Report, Clocks::at(millis, seconds))
    }

    /// The most tokens that can be recalled.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        self.judge.remembered.capacity() as f64
    }

    /// Whether the token that was accepted under this number, whole, would be accepted again: negative
    /// if not, or if nobody knows; 0 if it would; else it would, and a fetch with this ticket is to be
    /// done in the background.
    pub fn recall(&mut self, number: f64, millis: f64, seconds: f64) -> f64 {
        let (number, clocks) = (number as u64, Clocks::at(millis, seconds));
        let is_good = |keys: &JwkSet| self.judge.remembered.recall(number, keys, clocks.tokens).is_some();
        match &mut self.keys {
            Keys::Given(keys) if is_good(keys) => 0.0,
            Keys::Fetched { cache, .. } => match cache.peek(clocks.machine) {
                // Whether stale keys may serve, or are waited for, is decided where it always is.
                Some(keys) if keys.freshness() != Freshness::Stale && is_good(keys.keys()) => {
                    refresh_due(cache, &keys, clocks.machine).map_or(0.0, |ticket| ticket as f64)
                }
                _ => -1.0,
            },
            Keys::Given(_) => -1.0,
        }
    }

    /// Has the keys fetched before the first token comes: `{}` once they are there, else as `verify`.
    pub fn ready(&mut self, request: f64, millis: f64) -> String {
        let Keys::Fetched { cache, .. } = &mut self.keys else {
            return Line::default().member("ready", "true").end();
        };
        let request = asked_at(cache, request);
        let line = Line::default();
        match cache.lookup(request, None, unix_millis(millis)) {
            Lookup::Ready { refresh, .. } => {
                line.optional("refresh", number(refresh)).member("ready", "true")
            }
            Lookup::Unavailable { reason, retry_after_seconds } => {
                line.number("retryAfter", retry_after_seconds).text("problem", &reason.to_string())
            }
            waiting => unfinished(&waiting, request),
        }
        .end()
    }

    /// Tells the endpoint's answer to a fetch. Says whether its keys are those that count from now on.
    pub fn answered(
        &mut self,
        ticket: f64,
        status: u16,
        body: &str,
        cache_control: Option<String>,
        age: Option<String>,
        millis: f64,
    ) -> bool {
        let response =
            KeyResponse { status, body, cache_control: cache_control.as_deref(), age: age.as_deref() };
        let Keys::Fetched { cache, .. } = &mut self.keys else { return false };
        // The cache remembers a failure itself, and tells it to those who ask.
        cache.answered(FetchTicket::from_number(ticket as u64), response, unix_millis(millis)).is_ok()
    }

    /// Tells that a fetch got no answer, and why, in words.
    pub fn failed(&mut self, ticket: f64, words: &str, millis: f64) {
        if let Keys::Fetched { cache, .. } = &mut self.keys {
            cache.failed(FetchTicket::from_number(ticket as u64), words, unix_millis(millis));
        }
    }
}

/// For whoever judged the token elsewhere, with the part of this module that only verifies.
#[cfg(feature = "explanations")]
#[wasm_bindgen]
impl Verifier {
    /// As `inspectNow` by the keys that were given, which were fetched from this address, at this time,
    /// in seconds, to be used until that.
    #[wasm_bindgen(js_name = inspectFetched)]
    #[must_use]
    pub fn inspect_fetched(
        &self,
        token: &[u8],
        url: String,
        fetched_at: f64,
        expires_at: f64,
        seconds: f64,
    ) -> String {
        let Keys::Given(keys) = &self.keys else { return String::new() };
        let source = KeySource {
            from: KeyOrigin::Url,
            url: Some(url),
            fetched_at: Some(unix_time(fetched_at)),
            expires_at: Some(unix_time(expires_at)),
        };
        let now = unix_time(seconds);
        let (policy, line) = (&self.judge.policy, Line::default());
        explanation::by_keys(text(token), keys, Some(source), policy, now, None, line).0
    }

    /// The report on a token for which no keys can be had, for a reason of the host's own.
    #[must_use]
    pub fn unavailable(&self, token: &[u8], words: &str, seconds: f64) -> String {
        self.without_keys(text(token), words, unix_time(seconds), Line::default())
    }
}

impl Verifier {
    pub(crate) const fn new(judge: Judge, keys: Keys) -> Self {
        Self { judge, keys }
    }

    fn decide(&mut self, token: &str, wanted: Wanted, request: f64, clocks: Clocks) -> String {
        let Keys::Fetched { cache, url } = &mut self.keys else {
            return self.judge_by_given(token, wanted, clocks);
        };
        // Keys that are fresh and decide about the token spare the lookup, which would say the same.
        if let Some(keys) = cache.peek(clocks.machine).filter(|keys| keys.freshness() == Freshness::Fresh) {
            let source = source(&keys, url);
            let judged = self.judge.answer(token, wanted, keys.keys(), source, None, clocks.tokens);
            if let Ok(answer) = judged {
                return answer;
            }
        }
        if refusal_without_keys(token, &self.judge.policy, clocks.tokens).is_some() {
            return self.without_keys(token, "none were needed", clocks.tokens, Line::default());
        }
        let key_id = UnverifiedToken::parse(token).ok();
        let key_id = key_id.as_ref().and_then(UnverifiedToken::unverified_key_id);
        let Keys::Fetched { cache, url } = &mut self.keys else { return String::new() };
        let request = asked_at(cache, request);
        match cache.lookup(request, key_id, clocks.machine) {
            Lookup::Ready { keys, refresh } => {
                let source = source(&keys, url);
                let refresh = number(refresh);
                self.judge
                    .answer(token, wanted, keys.keys(), source, refresh, clocks.tokens)
                    .unwrap_or_else(|key_not_found| key_not_found)
            }
            Lookup::Unavailable { reason, retry_after_seconds } => {
                let line = Line::default().number("retryAfter", retry_after_seconds);
                self.without_keys(token, &reason.to_string(), clocks.tokens, line)
            }
            waiting => unfinished(&waiting, request).end(),
        }
    }

    fn decide_now(&mut self, token: &str, wanted: Wanted, clocks: Clocks) -> String {
        let Keys::Fetched { cache, url } = &mut self.keys else {
            return self.judge_by_given(token, wanted, clocks);
        };
        let Some(keys) = cache.peek(clocks.machine) else {
            return self.undecided_now(token, "none have been fetched yet", clocks);
        };
        let refresh = refresh_due(cache, &keys, clocks.machine);
        let source = source(&keys, url);
        let judged = self.judge.answer(token, wanted, keys.keys(), source, refresh, clocks.tokens);
        judged.unwrap_or_else(|_| {
            self.undecided_now(token, "those at hand lack the one that the token names", clocks)
        })
    }

    /// The answer where only a fetch could decide, and the fetch for the sake of later questions.
    fn undecided_now(&mut self, token: &str, words: &str, clocks: Clocks) -> String {
        let needs_keys = refusal_without_keys(token, &self.judge.policy, clocks.tokens).is_none();
        let key_id = UnverifiedToken::parse(token).ok();
        let key_id = key_id.as_ref().and_then(UnverifiedToken::unverified_key_id);
        let refresh = match &mut self.keys {
            Keys::Fetched { cache, .. } if needs_keys => fetch_due(cache, key_id, clocks.machine),
            _ => None,
        };
        self.without_keys(token, words, clocks.tokens, Line::default().optional("refresh", refresh))
    }

    fn judge_by_given(&mut self, token: &str, wanted: Wanted, clocks: Clocks) -> String {
        let Keys::Given(keys) = &self.keys else { return String::new() };
        self.judge.answer(token, wanted, keys, None, None, clocks.tokens).unwrap_or_else(|answer| answer)
    }

    fn without_keys(&self, token: &str, words: &str, now: UnixTime, line: Line) -> String {
        explanation::without_keys(token, words, &self.judge.policy, now, line)
    }
}

/// The text of a token. JavaScript's encoder writes nothing but UTF-8; should it not, nothing is no token.
fn text(token: &[u8]) -> &str {
    str::from_utf8(token).unwrap_or_default()
}

/// The moment at which a request was made: now, unless it was made before.
fn asked_at(cache: &KeyCache, request: f64) -> KeyRequest {
    if request < 0.0 { cache.request() } else { KeyRequest::from_number(request as u64) }
}

/// The fetch that keys at hand ask for, unless they are fresh.
fn refresh_due(cache: &mut KeyCache, keys: &CachedKeys, now: UnixMillis) -> Option<u64> {
    match keys.freshness() {
        Freshness::Fresh => None,
        Freshness::RefreshDue | Freshness::Stale => fetch_due(cache, None, now),
    }
}

/// The fetch that is due now, if one is.
fn fetch_due(cache: &mut KeyCache, key_id: Option<&str>, now: UnixMillis) -> Option<u64> {
    match cache.lookup(cache.request(), key_id, now) {
        Lookup::Ready { refresh, .. } => number(refresh),
        Lookup::Fetch(ticket) => Some(ticket.to_number()),
        _ => None,
    }
}

fn unfinished(lookup: &Lookup, request: KeyRequest) -> Line {
    let line = Line::default().number("request", request.to_number());
    match lookup {
        Lookup::Fetch(ticket) => line.number("fetch", ticket.to_number()),
        Lookup::Wait { until } => line.number("wait", until.as_millis()),
        Lookup::Ready { .. } | Lookup::Unavailable { .. } => line,
    }
}

fn number(ticket: Option<FetchTicket>) -> Option<u64> {
    ticket.map(FetchTicket::to_number)
}

fn source(keys: &CachedKeys, url: &str) -> Option<KeySource> {
    Some(KeySource {
        from: KeyOrigin::Url,
        url: Some(String::from(url)),
        fetched_at: Some(keys.fetched_at()),
        expires_at: Some(keys.expires_at()),
    })
}

fn unix_millis(millis: f64) -> UnixMillis {
    UnixMillis::from_millis(millis as u64)
}

impl Keys {
    pub(crate) const fn at(url: String) -> Self {
        Self::Fetched { cache: KeyCache::new(), url }
    }
}

impl Clocks {
    fn at(millis: f64, seconds: f64) -> Self {
        Self { machine: unix_millis(millis), tokens: unix_time(seconds) }
    }
}
