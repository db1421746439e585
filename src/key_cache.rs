//! The keys of one endpoint: which ones judge a token now, and when to fetch new ones.
//!
//! A [`KeyCache`] owns neither a socket nor a clock. Its host says what time it is, does the fetches
//! that it orders, and reports how they went; so a command line, a browser and a test in virtual time
//! run the same decisions. `docs/decisions/0003-key-cache.md` has the reasons.

mod fetch;
mod freshness;
mod held;
mod moment;
mod outage;
mod pace;

pub use self::fetch::{FetchTicket, KeyFetchError, KeyRequest, KeyResponse};
pub use self::freshness::{FRESHNESS_DEFAULT, FRESHNESS_MAX, FRESHNESS_MIN};
pub use self::held::{CLOCK_TOLERANCE, CachedKeys, Freshness, REFRESH_AHEAD_MAX, STALE_MAX};
pub use self::moment::UnixMillis;
pub use self::outage::{BACKOFF_MAX, BACKOFF_MIN};
pub use self::pace::{ON_MISS_BURST, ON_MISS_PACE};

use alloc::string::String;
use core::time::Duration;

use self::fetch::Flight;
use self::held::Held;
use self::outage::Outage;
use self::pace::Pace;
use crate::jwk::JwkSet;
use crate::time::UnixTime;
use crate::visible::visible;

/// How long a fetch may be under way before it is given up; a host should give up sooner by itself.
///
/// A host that never reports back would otherwise block the cache for ever.
pub const FLIGHT_MAX: Duration = Duration::from_secs(15);

/// How much of a host's words about a failure is kept, in characters.
const WORDS_MAX: usize = 200;

/// The keys of one endpoint, over time.
///
/// For each token (or batch of tokens already at hand) a host makes one [`request`](Self::request),
/// then calls [`lookup`](Self::lookup) until the answer is [`Ready`](Lookup::Ready) or
/// [`Unavailable`](Lookup::Unavailable). At most one fetch is under way at any time.
///
/// ```
/// use callerid::key_cache::{CachedKeys, KeyCache, KeyFetchError, KeyResponse, Lookup, UnixMillis};
///
/// /// All that a program with one thread needs.
/// fn keys_for(
///     key_id: &str,
///     cache: &mut KeyCache,
///     clock: impl Fn() -> UnixMillis,
///     fetch: impl Fn() -> Result<String, String>,
/// ) -> Result<CachedKeys, KeyFetchError> {
///     let request = cache.request();
///     loop {
///         let ticket = match cache.lookup(request, Some(key_id), clock()) {
///             Lookup::Ready { keys, refresh: None } => return Ok(keys),
///             Lookup::Ready { refresh: Some(ticket), .. } | Lookup::Fetch(ticket) => ticket,
///             Lookup::Unavailable { reason, .. } => return Err(reason),
///             Lookup::Wait { until } => {
///                 std::thread::sleep(until.since(clock()));
///                 continue;
///             }
///         };
///         match fetch() {
///             Ok(body) => {
///                 let response = KeyResponse { status: 200, body: &body, cache_control: None, age: None };
///                 // The next lookup knows of an answer that is of no use.
///                 let _ = cache.answered(ticket, response, clock());
///             }
///             Err(words) => cache.failed(ticket, &words, clock()),
///         }
///     }
/// }
/// # let jwk = r#"{"kty":"EC","crv":"P-256","kid":"LYyP2g","x":"SlXFFkJ3JxMsXyXNrqzE3ozl_0913PmNbccLLWfeQFU","y":"GLSahrZfBErmMUcHP0MGaeVnJdBwquhrhQ8eP05NfCI"}"#;
/// # let clock = || UnixMillis::from_millis(1_800_000_000_000);
/// # let keys = keys_for("LYyP2g", &mut KeyCache::new(), clock, || Ok(jwk.into())).unwrap();
/// # assert!(keys.keys().contains("LYyP2g"));
/// # keys_for("LYyP2g", &mut KeyCache::new(), clock, || Err("no route".into())).unwrap_err();
/// ```
#[derive(Clone, Debug)]
pub struct KeyCache {
    held: Option<Held>,
    flight: Option<Flight>,
    outage: Option<Outage>,
    on_miss: Pace,
    last_ticket: u64,
}

/// What a host does next for a request.
#[derive(Clone, Debug)]
#[must_use]
pub enum Lookup {
    /// Fetch now, report with [`answered`](KeyCache::answered) or [`failed`](KeyCache::failed), then
    /// look up again.
    ///
    /// The fetch serves all requests: it should go on when the one that started it is cancelled. It must
    /// go past any HTTP cache of the host's own (`cache: "no-store"` in a browser), which would answer
    /// with the very set that lacks the key.
    Fetch(FetchTicket),
    /// Judge the token by these keys; if they lack its key, then so does the issuer.
    Ready {
        /// The keys.
        keys: CachedKeys,
        /// A fetch to start in the background, for the sake of later requests.
        refresh: Option<FetchTicket>,
    },
    /// Nothing can be said of the token: `keys_unavailable`.
    Unavailable {
        /// Why the last fetch failed.
        reason: KeyFetchError,
        /// After this time a new request may fare better (RFC 9110 section 10.2.3).
        retry_after_seconds: u64,
    },
    /// A fetch is under way or will be allowed soon: look up again when it ends, at the latest at
    /// this moment.
    Wait {
        /// At most [`FLIGHT_MAX`] ahead.
        until: UnixMillis,
    },
}

impl KeyCache {
    /// A cache without keys.
    #[must_use]
    pub const fn new() -> Self {
        Self { held: None, flight: None, outage: None, on_miss: Pace::new(), last_ticket: 0 }
    }

    /// A cache with the keys that an earlier one fetched, as a host has kept them.
    ///
    /// `fetched_at` and `expires_at` are those of [`CachedKeys`]. Returns `None` if the document is no
    /// key set with a usable key, or if no cache can have given such times.
    #[must_use]
    pub fn restore(
        document: &str,
        fetched_at: UnixTime,
        expires_at: UnixTime,
        now: UnixMillis,
    ) -> Option<Self> {
        let keys = JwkSet::parse(document).ok().filter(|keys| !keys.keys().is_empty())?;
        let (fetched_at, expires_at) = (UnixMillis::from(fetched_at), UnixMillis::from(expires_at));
        let possible = fetched_at <= now.plus(CLOCK_TOLERANCE)
            && fetched_at <= expires_at
            && expires_at <= fetched_at.plus(FRESHNESS_MAX);
        possible.then(|| Self { held: Some(Held::new(keys, 0, fetched_at, expires_at)), ..Self::new() })
    }

    /// Marks the moment at which one or more tokens ask for their keys.
    #[must_use]
    pub const fn request(&self) -> KeyRequest {
        KeyRequest(self.last_ticket)
    }

    /// What to do next for a token that names this key, or none.
    ///
    /// No unknown key id is judged before a fetch that started after the request has ended. Such
    /// fetches have a budget of their own ([`ON_MISS_BURST`], [`ON_MISS_PACE`]), so that junk can
    /// neither cause many of them nor use up those that keep known keys fresh.
    pub fn lookup(&mut self, request: KeyRequest, key_id: Option<&str>, now: UnixMillis) -> Lookup {
        self.settle(now);
        let Some(keys) = self.held.as_ref().and_then(|held| held.at(now)) else {
            return self.without_keys(request, now);
        };
        let freshness = keys.freshness();
        if freshness == Freshness::Stale && !self.has_just_failed(request, now) {
            return self.fetch_or_wait(now);
        }
        if !keys.knows(key_id) && !self.has_fetched_since(request) {
            return self.for_unknown_key(request, now);
        }
        let refresh = if freshness == Freshness::Fresh { None } else { self.start_in_background(now) };
        Lookup::Ready { keys, refresh }
    }

    /// The keys that may be used now, for hosts that cannot wait; `None` if there are none.
    ///
    /// Unless their freshness is [`Fresh`](Freshness::Fresh), a lookup is due as soon as the host can
    /// fetch again. If they lack a token's key, a newer set may have it.
    #[must_use]
    pub fn peek(&mut self, now: UnixMillis) -> Option<CachedKeys> {
        self.settle(now);
        self.held.as_ref().and_then(|held| held.at(now))
    }

    /// Takes the endpoint's answer to a fetch.
    ///
    /// Only a usable key set replaces the last one, and replaces it whole.
    ///
    /// # Errors
    ///
    /// Why the answer is not used. The last good set stays, and the next lookups know of the failure.
    pub fn answered(
        &mut self,
        ticket: FetchTicket,
        response: KeyResponse<'_>,
        now: UnixMillis,
    ) -> Result<(), KeyFetchError> {
        self.settle(now);
        self.land(ticket)?;
        match read(response) {
            Ok(keys) => {
                let lifetime = freshness::lifetime(response.cache_control, response.age);
                self.held = Some(Held::new(keys, ticket.0, now, now.plus(lifetime)));
                self.outage = None;
                Ok(())
            }
            Err(reason) => {
                self.remember_failure(ticket, reason.clone(), now);
                Err(reason)
            }
        }
    }

    /// Takes the news that a fetch got no answer: no route, no TLS, no patience.
    ///
    /// The words are kept for whoever reads [`Unavailable`](Lookup::Unavailable).
    pub fn failed(&mut self, ticket: FetchTicket, words: &str, now: UnixMillis) {
        self.settle(now);
        if self.land(ticket).is_ok() {
            let words = words.chars().take(WORDS_MAX).collect::<String>();
            self.remember_failure(ticket, KeyFetchError::Unreachable(visible(&words)), now);
        }
    }

    /// Gives up an overdue fetch, and brings back to now what a clock that has jumped back made lie
    /// too far ahead.
    fn settle(&mut self, now: UnixMillis) {
        self.on_miss.settle(now);
        if let Some(held) = &mut self.held {
            held.settle(now);
        }
        if let Some(outage) = &mut self.outage {
            outage.settle(now);
        }
        if let Some(flight) = &mut self.flight {
            flight.deadline = flight.deadline.min(now.plus(FLIGHT_MAX));
            if flight.deadline <= now {
                let Flight { ticket, deadline } = *flight;
                self.flight = None;
                self.remember_failure(ticket, KeyFetchError::Overdue, deadline);
            }
        }
    }

    fn without_keys(&mut self, request: KeyRequest, now: UnixMillis) -> Lookup {
        match &self.outage {
            Some(outage) if outage.ticket > request.0 || now < outage.retry_at => unavailable(outage, now),
            _ => self.fetch_or_wait(now),
        }
    }

    fn for_unknown_key(&mut self, request: KeyRequest, now: UnixMillis) -> Lookup {
        if let Some(outage) = self.outage.as_ref().filter(|outage| outage.ticket > request.0) {
            return unavailable(outage, now);
        }
        if let Some(flight) = &self.flight {
            return Lookup::Wait { until: flight.deadline };
        }
        let mut allowed_at = self.on_miss.allowed_at(now);
        if let Some(outage) = &self.outage {
            allowed_at = allowed_at.max(outage.retry_at);
            if allowed_at.since(now) > ON_MISS_PACE {
                return unavailable(outage, now);
            }
        }
        if allowed_at > now {
            return Lookup::Wait { until: allowed_at };
        }
        self.on_miss.spend(now);
        Lookup::Fetch(self.start(now))
    }

    fn fetch_or_wait(&mut self, now: UnixMillis) -> Lookup {
        match &self.flight {
            Some(flight) => Lookup::Wait { until: flight.deadline },
            None => Lookup::Fetch(self.start(now)),
        }
    }

    fn start_in_background(&mut self, now: UnixMillis) -> Option<FetchTicket> {
        let allowed = self.outage.as_ref().is_none_or(|outage| outage.retry_at <= now);
        (self.flight.is_none() && allowed).then(|| self.start(now))
    }

    fn start(&mut self, now: UnixMillis) -> FetchTicket {
        self.last_ticket = self.last_ticket.saturating_add(1);
        let ticket = FetchTicket(self.last_ticket);
        self.flight = Some(Flight { ticket, deadline: now.plus(FLIGHT_MAX) });
        ticket
    }

    /// Ends the fetch under way, if it is this one.
    ///
    /// One that was given up stays so. Only the youngest fetch can therefore bring keys, and an older
    /// answer never overwrites a newer one.
    fn land(&mut self, ticket: FetchTicket) -> Result<(), KeyFetchError> {
        match self.flight {
            Some(flight) if flight.ticket == ticket => {
                self.flight = None;
                Ok(())
            }
            _ => Err(KeyFetchError::Overdue),
        }
    }

    fn remember_failure(&mut self, ticket: FetchTicket, reason: KeyFetchError, at: UnixMillis) {
        self.outage = Some(Outage::after(self.outage.as_ref(), ticket.0, reason, at));
    }

    fn has_fetched_since(&self, request: KeyRequest) -> bool {
        self.held.as_ref().is_some_and(|held| held.ticket > request.0)
    }

    fn has_just_failed(&self, request: KeyRequest, now: UnixMillis) -> bool {
        self.outage.as_ref().is_some_and(|outage| outage.ticket > request.0 || outage.is_going_on(now))
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        Self::new()
    }
}

fn read(response: KeyResponse<'_>) -> Result<JwkSet, KeyFetchError> {
    if response.status != 200 {
        return Err(KeyFetchError::Status(response.status));
    }
    let keys = JwkSet::parse(response.body).map_err(KeyFetchError::Unreadable)?;
    if keys.keys().is_empty() { Err(KeyFetchError::NoUsableKey) } else { Ok(keys) }
}

fn unavailable(outage: &Outage, now: UnixMillis) -> Lookup {
    Lookup::Unavailable {
        reason: outage.reason.clone(),
        retry_after_seconds: outage.retry_after_seconds(now),
    }
}

#[cfg(test)]
mod tests;
