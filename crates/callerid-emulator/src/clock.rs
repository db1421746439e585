//! What time it is for the emulator: the machine's time, an offset from it, or one moment for ever.

use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use callerid::UnixTime;

#[derive(Default)]
pub(crate) struct Clock(RwLock<Setting>);

#[derive(Clone, Copy, Default)]
pub(crate) struct Setting {
    /// How many seconds the clock is ahead of the machine's.
    pub(crate) offset: i64,
    /// The moment at which the clock stands.
    pub(crate) frozen_at: Option<i64>,
}

impl Clock {
    pub(crate) fn set(&self, setting: Setting) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = setting;
    }

    pub(crate) fn setting(&self) -> Setting {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn seconds(&self) -> i64 {
        let Setting { offset, frozen_at } = self.setting();
        let machine = || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        };
        frozen_at.unwrap_or_else(machine).saturating_add(offset).max(0)
    }

    pub(crate) fn now(&self) -> UnixTime {
        UnixTime::from_seconds(self.seconds())
    }

    /// The time as HTTP writes it (RFC 9110 section 5.6.7), so many seconds from now.
    pub(crate) fn http_date(&self, ahead: i64) -> String {
        let seconds = u64::try_from(self.seconds().saturating_add(ahead)).unwrap_or_default();
        // What HTTP can write ends with the year 9999.
        let moment = UNIX_EPOCH + Duration::from_secs(seconds.min(253_402_300_799));
        httpdate::fmt_http_date(moment)
    }
}
