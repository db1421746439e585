//! The machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use callerid::UnixTime;
use callerid::key_cache::UnixMillis;

pub(crate) fn now() -> UnixTime {
    to_unix_time(SystemTime::now())
}

pub(crate) fn now_millis() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// A clock that was never set stands at 1970 or before, which is all 1970 here.
pub(crate) fn to_unix_time(time: SystemTime) -> UnixTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
