//! A host with any number of concurrent callers, in virtual time.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use crate::algorithm::Algorithm;
use crate::error::ErrorCode;
use crate::key_cache::{
    CachedKeys, FLIGHT_MAX, FetchTicket, KeyCache, KeyRequest, KeyResponse, Lookup, UnixMillis,
};

/// A usual day.
pub(super) const START: u64 = 1_800_000_000_000;

pub(super) const SECOND: u64 = 1_000;
pub(super) const MINUTE: u64 = 60 * SECOND;
pub(super) const HOUR: u64 = 60 * MINUTE;

pub(super) const fn at(millis: u64) -> UnixMillis {
    UnixMillis::from_millis(millis)
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap()
}

/// A JWK set with a P-256 key for each id (the numbers are those of a former IAP key).
pub(super) fn set_of(key_ids: &[&str]) -> String {
    let jwk = |key_id: &&str| {
        format!(
            r#"{{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"{key_id}","x":"SlXFFkJ3JxMsXyXNrqzE3ozl_0913PmNbccLLWfeQFU","y":"GLSahrZfBErmMUcHP0MGaeVnJdBwquhrhQ8eP05NfCI"}}"#
        )
    };
    format!(r#"{{"keys":[{}]}}"#, key_ids.iter().map(jwk).collect::<Vec<_>>().join(","))
}

pub(super) fn ok(body: &str) -> KeyResponse<'_> {
    KeyResponse { status: 200, body, cache_control: Some("public, max-age=3600"), age: None }
}

/// What the endpoint does with a fetch.
#[derive(Clone, Debug)]
pub(super) enum Endpoint {
    /// It answers with that status and body.
    Answers(u16, String),
    /// The connection fails.
    Fails,
    /// The host never hears of the fetch again.
    Hangs,
}

impl Endpoint {
    pub(super) fn with(key_ids: &[&str]) -> Self {
        Self::Answers(200, set_of(key_ids))
    }

    pub(super) fn down() -> Self {
        Self::Answers(503, String::from("Service Unavailable"))
    }
}

/// What became of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Waiting,
    /// The token's key was there.
    Found,
    /// The token was refused: no such key.
    NotFound,
    /// Nothing could be said; come back after so many seconds.
    Unavailable(u64),
}

pub(super) struct Caller {
    request: KeyRequest,
    key_id: Option<String>,
    pub(super) asked_at: u64,
    pub(super) outcome: Outcome,
    pub(super) decided_at: u64,
    wake_at: u64,
}

impl Caller {
    pub(super) fn key_id(&self) -> &str {
        self.key_id.as_deref().unwrap_or_default()
    }
}

struct Fetch {
    ticket: FetchTicket,
    started_at: u64,
    /// `None`: never.
    ends_at: Option<u64>,
    endpoint: Endpoint,
}

pub(super) struct Host {
    pub(super) cache: KeyCache,
    pub(super) now: u64,
    pub(super) endpoint: Endpoint,
    /// How long the endpoint takes to answer; what it answers is settled when the fetch starts.
    pub(super) latency: u64,
    pub(super) cache_control: Option<&'static str>,
    pub(super) age: Option<&'static str>,
    pub(super) callers: Vec<Caller>,
    /// When each fetch started.
    pub(super) fetches: Vec<u64>,
    waiting: Vec<usize>,
    under_way: Vec<Fetch>,
}

impl Host {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self {
            cache: KeyCache::new(),
            now: START,
            endpoint,
            latency: 30,
            cache_control: Some("public, max-age=3600, must-revalidate"),
            age: None,
            callers: Vec::new(),
            fetches: Vec::new(),
            waiting: Vec::new(),
            under_way: Vec::new(),
        }
    }

    /// A caller comes with a token that names this key.
    pub(super) fn ask(&mut self, key_id: Option<&str>) -> usize {
        let caller = self.callers.len();
        self.callers.push(Caller {
            request: self.cache.request(),
            key_id: key_id.map(ToString::to_string),
            asked_at: self.now,
            outcome: Outcome::Waiting,
            decided_at: 0,
            wake_at: 0,
        });
        self.waiting.push(caller);
        self.look_up(caller);
        caller
    }

    /// So many callers come at once.
    pub(super) fn ask_often(&mut self, key_id: &str, callers: u64) {
        for _ in 0..callers {
            self.ask(Some(key_id));
        }
    }

    /// A caller comes and stays until it has an answer.
    pub(super) fn decide(&mut self, key_id: &str) -> Outcome {
        let caller = self.ask(Some(key_id));
        while self.callers[caller].outcome == Outcome::Waiting {
            let next = self.next_event();
            self.run_until(next);
        }
        self.callers[caller].outcome
    }

    pub(super) fn run_for(&mut self, millis: u64) {
        self.run_until(self.now + millis);
    }

    /// Lets everything happen that is due up to that moment.
    pub(super) fn run_until(&mut self, moment: u64) {
        while self.next_event() <= moment {
            self.now = self.now.max(self.next_event());
            self.end_fetches();
            let due = |caller: &usize| self.callers[*caller].wake_at <= self.now;
            for caller in self.waiting.iter().copied().filter(due).collect::<Vec<_>>() {
                self.look_up(caller);
            }
        }
        self.now = self.now.max(moment);
    }

    pub(super) fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        self.callers.iter().map(|caller| caller.outcome)
    }

    /// What a host without patience sees.
    pub(super) fn peek(&mut self) -> Option<CachedKeys> {
        self.cache.peek(at(self.now))
    }

    fn next_event(&self) -> u64 {
        let wakes = self.waiting.iter().map(|caller| self.callers[*caller].wake_at);
        wakes.chain(self.under_way.iter().filter_map(|fetch| fetch.ends_at)).min().unwrap_or(u64::MAX)
    }

    fn end_fetches(&mut self) {
        let now = self.now;
        let (ended, under_way) = core::mem::take(&mut self.under_way)
            .into_iter()
            .partition::<Vec<_>, _>(|fetch| fetch.ends_at.is_some_and(|ends_at| ends_at <= now));
        self.under_way = under_way;
        for fetch in ended {
            match &fetch.endpoint {
                Endpoint::Answers(status, body) => {
                    let (cache_control, age) = (self.cache_control, self.age);
                    let response = KeyResponse { status: *status, body, cache_control, age };
                    let _ = self.cache.answered(fetch.ticket, response, at(now));
                }
                Endpoint::Fails => self.cache.failed(fetch.ticket, "connection refused", at(now)),
                Endpoint::Hangs => {}
            }
            // The end of a fetch wakes everybody.
            for caller in self.waiting.clone() {
                self.look_up(caller);
            }
        }
    }

    fn start(&mut self, ticket: FetchTicket) {
        let given_up = |fetch: &Fetch| self.now >= fetch.started_at + millis(FLIGHT_MAX);
        assert!(self.under_way.iter().all(given_up), "two fetches at once");
        self.fetches.push(self.now);
        self.under_way.push(Fetch {
            ticket,
            started_at: self.now,
            ends_at: (!matches!(self.endpoint, Endpoint::Hangs)).then(|| self.now + self.latency),
            endpoint: self.endpoint.clone(),
        });
    }

    fn look_up(&mut self, caller: usize) {
        let Caller { request, key_id, .. } = &self.callers[caller];
        let key_id = key_id.clone();
        let outcome = match self.cache.lookup(*request, key_id.as_deref(), at(self.now)) {
            Lookup::Fetch(ticket) => {
                self.start(ticket);
                self.callers[caller].wake_at = self.now + millis(FLIGHT_MAX);
                return;
            }
            Lookup::Wait { until } => {
                assert!(until > at(self.now), "a wait that is over");
                assert!(until.since(at(self.now)) <= FLIGHT_MAX, "a wait without end");
                self.callers[caller].wake_at = until.as_millis();
                return;
            }
            Lookup::Ready { keys, refresh } => {
                if let Some(ticket) = refresh {
                    self.start(ticket);
                }
                match keys.keys().select(key_id.as_deref(), Algorithm::Es256) {
                    Ok(_) | Err(ErrorCode::KeyAmbiguous) => Outcome::Found,
                    Err(_) => Outcome::NotFound,
                }
            }
            Lookup::Unavailable { retry_after_seconds, .. } => {
                assert!((1..=60).contains(&retry_after_seconds));
                Outcome::Unavailable(retry_after_seconds)
            }
        };
        self.callers[caller].outcome = outcome;
        self.callers[caller].decided_at = self.now;
        self.waiting.retain(|waiting| *waiting != caller);
    }
}
