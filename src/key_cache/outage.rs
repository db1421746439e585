//! What is remembered of fetches that failed.

use core::time::Duration;

use super::{KeyFetchError, UnixMillis};

/// How long no fetch is tried after the first failure in a row; each further failure doubles it.
pub const BACKOFF_MIN: Duration = Duration::from_secs(1);

/// The longest time for which no fetch is tried after a failure.
pub const BACKOFF_MAX: Duration = Duration::from_mins(1);

/// How long after a retry became due a failure still counts as an outage going on.
///
/// While it does, callers are served with old keys and retries run in the background. Later, after a
/// quiet time, nobody knows what the endpoint would say, and one caller waits to find out.
const OUTAGE_MEMORY: Duration = Duration::from_mins(1);

/// An unbroken row of failed fetches.
#[derive(Clone, Debug)]
pub(super) struct Outage {
    /// The last failed fetch.
    pub(super) ticket: u64,
    pub(super) reason: KeyFetchError,
    /// No fetch starts before this moment.
    pub(super) retry_at: UnixMillis,
    failures: u32,
}

impl Outage {
    /// One more failure, at the moment `at`.
    pub(super) fn after(previous: Option<&Self>, ticket: u64, reason: KeyFetchError, at: UnixMillis) -> Self {
        let earlier = previous.filter(|outage| outage.is_going_on(at)).map_or(0, |outage| outage.failures);
        let delay = BACKOFF_MIN.saturating_mul(2_u32.saturating_pow(earlier)).min(BACKOFF_MAX);
        Self { ticket, reason, retry_at: at.plus(delay), failures: earlier.saturating_add(1) }
    }

    pub(super) fn is_going_on(&self, now: UnixMillis) -> bool {
        now < self.retry_at.plus(OUTAGE_MEMORY)
    }

    /// Forgets what a clock that has since jumped back made of the next retry.
    pub(super) fn settle(&mut self, now: UnixMillis) {
        self.retry_at = self.retry_at.min(now.plus(BACKOFF_MAX));
    }

    /// Whole seconds until a retry makes sense; at least one.
    pub(super) fn retry_after_seconds(&self, now: UnixMillis) -> u64 {
        let millis = self.retry_at.as_millis().saturating_sub(now.as_millis());
        millis.div_ceil(1_000).max(1)
    }
}
