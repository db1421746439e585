//! A fetched key set and the times that bound its use.

use alloc::sync::Arc;
use core::time::Duration;

use super::UnixMillis;
use crate::algorithm::Algorithm;
use crate::error::ErrorCode;
use crate::jwk::JwkSet;
use crate::time::UnixTime;

/// How long keys may be used after their freshness has ended while the endpoint gives no new ones.
///
/// An outage of Google's endpoint shorter than a day then harms nobody, and a removed key lives no
/// longer than a day after its last fresh second.
pub const STALE_MAX: Duration = Duration::from_hours(24);

/// The longest time before the end of freshness at which a refresh in the background is due.
pub const REFRESH_AHEAD_MAX: Duration = Duration::from_mins(5);

/// A refresh is due in this last part of the freshness lifetime, if it is not longer than
/// [`REFRESH_AHEAD_MAX`].
const REFRESH_AHEAD_PART: u32 = 10;

/// How far ahead of the clock a set may have been fetched: clocks are set by small steps.
pub const CLOCK_TOLERANCE: Duration = Duration::from_mins(1);

/// Key set, age and origin in one: what a token is judged by, and what a report says of it.
#[derive(Clone, Debug)]
pub struct CachedKeys {
    keys: Arc<JwkSet>,
    fetched_at: UnixMillis,
    expires_at: UnixMillis,
    freshness: Freshness,
}

/// How old a key set is, measured by its own lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Nothing needs to be done.
    Fresh,
    /// The lifetime nears its end: a fetch in the background would spare callers the wait.
    RefreshDue,
    /// The lifetime is over, and the keys serve only because the endpoint gives no new ones.
    Stale,
}

impl CachedKeys {
    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &JwkSet {
        &self.keys
    }

    /// When they were fetched.
    #[must_use]
    pub fn fetched_at(&self) -> UnixTime {
        self.fetched_at.to_unix_time()
    }

    /// When their freshness ends or ended.
    #[must_use]
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at.to_unix_time()
    }

    /// How old they were when they were handed out.
    #[must_use]
    pub const fn freshness(&self) -> Freshness {
        self.freshness
    }

    /// Whether the set can tell anything of a token that names this key: that it is there, is not
    /// usable or is there twice. Otherwise a newer set may know it.
    #[must_use]
    pub fn knows(&self, key_id: Option<&str>) -> bool {
        // The algorithm narrows the choice only where no key is named.
        key_id.is_none() || !matches!(self.keys.select(key_id, Algorithm::Rs256), Err(ErrorCode::KeyNotFound))
    }
}

/// The last good key set.
#[derive(Clone, Debug)]
pub(super) struct Held {
    keys: Arc<JwkSet>,
    /// The fetch that brought it; 0 if it came from elsewhere.
    pub(super) ticket: u64,
    fetched_at: UnixMillis,
    expires_at: UnixMillis,
}

impl Held {
    pub(super) fn new(keys: JwkSet, ticket: u64, fetched_at: UnixMillis, expires_at: UnixMillis) -> Self {
        Self { keys: Arc::new(keys), ticket, fetched_at, expires_at }
    }

    /// Puts an end to the freshness of a set that was fetched in the future.
    ///
    /// The clock has jumped, so the set's age is unknown. Its remaining time counts from now, or it
    /// would last until the clock has caught up.
    pub(super) fn settle(&mut self, now: UnixMillis) {
        if self.fetched_at > now.plus(CLOCK_TOLERANCE) {
            self.fetched_at = now;
            self.expires_at = now;
        }
    }

    /// The set as it is at that moment, or `None` if it is too old for any use.
    pub(super) fn at(&self, now: UnixMillis) -> Option<CachedKeys> {
        let lifetime = self.expires_at.since(self.fetched_at);
        let ahead = lifetime.checked_div(REFRESH_AHEAD_PART).unwrap_or_default().min(REFRESH_AHEAD_MAX);
        let freshness = if now < self.expires_at.minus(ahead) {
            Freshness::Fresh
        } else if now < self.expires_at {
            Freshness::RefreshDue
        } else if now < self.expires_at.plus(STALE_MAX) {
            Freshness::Stale
        } else {
            return None;
        };
        let Self { fetched_at, expires_at, .. } = *self;
        Some(CachedKeys { keys: Arc::clone(&self.keys), fetched_at, expires_at, freshness })
    }
}
