//! Moments by the host's clock.

use core::time::Duration;

use crate::time::UnixTime;

/// A moment by the host's clock: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// [`UnixTime`] is too coarse to pace fetches. This is the machine's own clock, whatever time tokens are
/// judged for: it may jump ahead or back, but where it stands still no wait ever ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(u64);

impl UnixMillis {
    /// The moment that lies that many milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The time that has passed since an earlier moment; nothing if that one is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The second that the moment lies in.
    #[must_use]
    pub fn to_unix_time(self) -> UnixTime {
        UnixTime::from_seconds(i64::try_from(self.0.div_euclid(1_000)).unwrap_or(i64::MAX))
    }

    pub(super) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)))
    }

    pub(super) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// The first moment of the second; times before 1970 become 1970.
impl From<UnixTime> for UnixMillis {
    fn from(time: UnixTime) -> Self {
        Self(u64::try_from(time.as_seconds()).unwrap_or_default().saturating_mul(1_000))
    }
}
