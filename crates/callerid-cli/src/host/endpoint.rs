//! The keys of one endpoint: the core's key cache decides, this fetches, waits and keeps on disk.

use std::thread;
use std::time::Duration;

use callerid::key_cache::{
    CachedKeys, FetchTicket, Freshness, KeyCache, KeyFetchError, KeyRequest, KeyResponse, Lookup,
};
use callerid::{KeyOrigin, KeySource, Note};

use super::clock;
use super::disk_cache::{DiskCache, Kept};
use super::http::Address;

/// An endpoint, its keys so far, and what is worth telling about them.
pub(crate) struct Endpoint {
    address: Address,
    url: String,
    is_offline: bool,
    cache: KeyCache,
    disk: Option<DiskCache>,
    origin: KeyOrigin,
    notes: Vec<Note>,
    problem: Option<String>,
    clock_ahead: Option<i64>,
}

/// Keys to judge a token by.
#[derive(Clone)]
pub(crate) struct Fetched {
    pub(crate) keys: CachedKeys,
    pub(crate) source: KeySource,
    /// That the keys are older than they should be.
    pub(crate) note: Option<Note>,
}

/// What became of one attempt to have keys.
pub(crate) enum Attempt {
    Keys(Fetched),
    /// There are none, for this reason, in words that can follow "because".
    NoKeys(String),
    /// Too early: try again after this time.
    Wait(Duration),
}

impl Endpoint {
    /// Looks for keys on disk; fetches nothing yet.
    pub(crate) fn open(url: &str, is_offline: bool) -> Result<Self, &'static str> {
        let address = Address::parse(url)?;
        let disk = DiskCache::of(url);
        let mut notes = Vec::new();
        let cache = match disk.as_ref().map_or(Kept::Nothing, DiskCache::read) {
            Kept::Cache(cache) => *cache,
            Kept::Nothing => KeyCache::new(),
            Kept::Unusable(reason) => {
                let message = format!("The copy of the keys on disk was not used: {reason}.");
                notes.push(Note { note: "cache_unusable", message });
                KeyCache::new()
            }
        };
        let origin = KeyOrigin::DiskCache;
        let url = url.into();
        Ok(Self { address, url, is_offline, cache, disk, origin, notes, problem: None, clock_ahead: None })
    }

    /// Marks the moment at which one or more tokens ask for their keys.
    pub(crate) const fn request(&self) -> KeyRequest {
        self.cache.request()
    }

    /// The keys for a token that names this key, waiting for them if need be.
    pub(crate) fn keys_for(&mut self, key_id: Option<&str>) -> Result<Fetched, String> {
        let request = self.request();
        loop {
            match self.attempt(request, key_id) {
                Attempt::Keys(fetched) => return Ok(fetched),
                Attempt::NoKeys(reason) => return Err(reason),
                Attempt::Wait(time) => thread::sleep(time),
            }
        }
    }

    /// Has keys, or fetches them if the cache says so, or says how long to wait.
    pub(crate) fn attempt(&mut self, request: KeyRequest, key_id: Option<&str>) -> Attempt {
        if self.is_offline {
            return self.without_fetching(key_id);
        }
        loop {
            let now = clock::now_millis();
            match self.cache.lookup(request, key_id, now) {
                Lookup::Ready { keys, refresh: None } => return Attempt::Keys(self.fetched(keys)),
                Lookup::Ready { refresh: Some(ticket), .. } | Lookup::Fetch(ticket) => self.fetch(ticket),
                Lookup::Unavailable { reason, .. } => {
                    return Attempt::NoKeys(format!("{reason} ({})", callerid::visible(&self.url)));
                }
                Lookup::Wait { until } => {
                    return Attempt::Wait(until.since(now).max(Duration::from_millis(1)));
                }
            }
        }
    }

    fn without_fetching(&mut self, key_id: Option<&str>) -> Attempt {
        let offline = "--offline forbids fetching";
        match self.cache.peek(clock::now_millis()) {
            Some(keys) if keys.knows(key_id) => Attempt::Keys(self.fetched(keys)),
            Some(keys) => {
                let age = keys.fetched_at().relative_to(clock::now());
                Attempt::NoKeys(format!(
                    "the copy on disk, fetched {age}, lacks the token's key, and {offline} them again"
                ))
            }
            None => {
                let url = callerid::visible(&self.url);
                Attempt::NoKeys(format!("there is no usable copy of {url} on disk, and {offline}"))
            }
        }
    }

    fn fetch(&mut self, ticket: FetchTicket) {
        let reply = self.address.get();
        let now = clock::now_millis();
        let outcome = match reply {
            Ok(reply) => {
                self.clock_ahead = reply.clock_ahead;
                let (cache_control, age) = (reply.cache_control.as_deref(), reply.age.as_deref());
                let response = KeyResponse { status: reply.status, body: &reply.body, cache_control, age };
                let outcome = self.cache.answered(ticket, response, now).map_err(|error| error.to_string());
                if outcome.is_ok() {
                    self.origin = KeyOrigin::Url;
                    self.keep(&reply.body);
                }
                outcome
            }
            Err(words) => {
                self.cache.failed(ticket, &words, now);
                Err(KeyFetchError::Unreachable(words).to_string())
            }
        };
        self.problem = outcome.err();
    }

    fn keep(&mut self, document: &str) {
        let Some(keys) = self.cache.peek(clock::now_millis()) else { return };
        if let Some(Err(error)) = self.disk.as_ref().map(|disk| disk.write(document, &keys)) {
            let message = format!("The keys could not be kept on disk: {error}.");
            let note = Note { note: "cache_not_written", message };
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    fn fetched(&self, keys: CachedKeys) -> Fetched {
        let source = KeySource {
            from: self.origin,
            url: Some(self.url.clone()),
            fetched_at: Some(keys.fetched_at()),
            expires_at: Some(keys.expires_at()),
        };
        let note = (keys.freshness() == Freshness::Stale).then(|| {
            let age = keys.fetched_at().relative_to(clock::now());
            let reason = self.problem.as_deref().unwrap_or("--offline forbids fetching newer ones");
            let message = format!("The keys were fetched {age} and are no longer fresh, but {reason}.");
            Note { note: "keys_stale", message }
        });
        Fetched { keys, source, note }
    }

    /// What is worth knowing of the copy on disk.
    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The difference between this machine's clock and the endpoint's, if it is larger than the skew.
    pub(crate) fn clock_note(&self, skew: u32) -> Option<Note> {
        let ahead = self.clock_ahead.filter(|ahead| ahead.unsigned_abs() > u64::from(skew))?;
        let host = self.address.host();
        let is_google = host.ends_with(".googleapis.com") || host == "www.gstatic.com";
        let whose =
            if is_google { "Google's".into() } else { format!("that of {}", callerid::visible(host)) };
        let message = format!(
            "This machine's clock is {} {} {whose}.",
            callerid::duration_in_words(ahead.unsigned_abs()),
            if ahead > 0 { "ahead of" } else { "behind" },
        );
        Some(Note { note: "clock_differs", message })
    }
}
