//! How often tokens with unknown keys may cause a fetch.

use core::time::Duration;

use super::UnixMillis;

/// How many fetches unknown key ids may cause at once, after a quiet time.
///
/// Enough that a few stray tokens are decided without delay.
pub const ON_MISS_BURST: u32 = 10;

/// The pace of fetches for unknown key ids once the burst is spent: one in this time.
///
/// It also bounds how long a token with a new key waits for its fetch to start.
pub const ON_MISS_PACE: Duration = Duration::from_secs(5);

/// A token bucket, written down as the moment at which it will be full again (the generic cell rate
/// algorithm): one number, whatever the flood.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    full_at: UnixMillis,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self { full_at: UnixMillis::from_millis(0) }
    }

    /// Forgets what a clock that has since jumped back made of the bucket: it is empty at worst.
    pub(super) fn settle(&mut self, now: UnixMillis) {
        self.full_at = self.full_at.min(now.plus(ON_MISS_PACE.saturating_mul(ON_MISS_BURST)));
    }

    /// The first moment, not before `now`, at which a fetch is allowed.
    pub(super) fn allowed_at(&self, now: UnixMillis) -> UnixMillis {
        let room = ON_MISS_PACE.saturating_mul(ON_MISS_BURST.saturating_sub(1));
        now.max(self.full_at.minus(room))
    }

    /// Takes one fetch out of the bucket.
    pub(super) fn spend(&mut self, now: UnixMillis) {
        self.full_at = self.full_at.max(now).plus(ON_MISS_PACE);
    }
}
