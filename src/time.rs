//! Points in time as tokens state them: seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2).

use alloc::format;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;

use calendar::{civil_from_days, parse_rfc3339};

mod calendar;

/// The last second of the year 9999: no later time is believed.
const LATEST: i64 = 253_402_300_799;

/// Longest decimal notation of a time that is read, in bytes; none of Google's comes near.
const NUMERIC_DATE_LENGTH_MAX: usize = 40;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A whole number of seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// The crate never reads a clock: whoever calls it says what time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The time that lies that many seconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// Reads whole unix seconds, or a date and time as RFC 3339 section 5.6 writes it
    /// (`2026-01-31T12:00:00Z`, `2026-01-31T13:00:00.5+01:00`); fractions of a second are dropped.
    ///
    /// Returns `None` for anything else and for times outside the years 1970 to 9999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok().filter(|seconds| *seconds <= LATEST).map(Self);
        }
        parse_rfc3339(text).filter(|seconds| (0..=LATEST).contains(seconds)).map(Self)
    }

    /// How far `self` lies from `now`, in words: `in 41 minutes`, `3 hours ago`, `now`.
    #[must_use]
    pub fn relative_to(self, now: Self) -> String {
        match self.0.cmp(&now.0) {
            Ordering::Equal => String::from("now"),
            Ordering::Greater => format!("in {}", duration_in_words(self.0.abs_diff(now.0))),
            Ordering::Less => format!("{} ago", duration_in_words(self.0.abs_diff(now.0))),
        }
    }
}

/// Writes the time as RFC 3339 does, in UTC: `2026-01-31T12:00:00Z`.
impl fmt::Display for UnixTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.div_euclid(86_400);
        let second = self.0.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second.div_euclid(3_600),
            second.div_euclid(60).rem_euclid(60),
            second.rem_euclid(60),
        )
    }
}

/// A length of time in words, in its largest one or two units: `3 hours 20 minutes`.
#[must_use]
pub fn duration_in_words(seconds: u64) -> String {
    const UNITS: [(u64, &str); 5] =
        [(365 * DAY, "year"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")];
    let mut units = UNITS.iter();
    let Some((length, name)) = units.find(|(length, _)| seconds >= *length) else {
        return String::from("0 seconds");
    };
    let count = seconds.checked_div(*length).unwrap_or_default();
    let rest = seconds.checked_rem(*length).unwrap_or_default();
    let words = counted(count, name);
    // Beyond a handful of the larger unit, the smaller one is noise.
    match units.next() {
        Some((length, name)) if count < 10 && rest >= *length => {
            format!("{words} {}", counted(rest.checked_div(*length).unwrap_or_default(), name))
        }
        _ => words,
    }
}

fn counted(count: u64, name: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}

/// A `NumericDate` (RFC 7519 section 2) exactly as the JSON number says, fraction included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumericDate {
    seconds: i64,
    /// Digits after the decimal point, without trailing zeros.
    fraction: String,
}

impl NumericDate {
    /// Reads a JSON number; `None` if it lies outside the years 1970 to 9999 or is absurdly long.
    pub(crate) fn from_json_number(text: &str) -> Option<Self> {
        if text.len() > NUMERIC_DATE_LENGTH_MAX {
            return None;
        }
        // As every issuer writes it.
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::whole(text);
        }
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.bytes().all(|digit| digit == b'0') {
            return Some(Self { seconds: 0, fraction: String::new() });
        }
        if negative {
            return None;
        }
        let point = i64::try_from(whole.len()).ok()?.checked_add(i64::from(exponent))?;
        let (whole, fraction) = match usize::try_from(point) {
            // Twelve digits hold every time up to the year 9999.
            Ok(point) if point <= digits.len() => digits.split_at_checked(point)?,
            Ok(point) if point <= NUMERIC_DATE_LENGTH_MAX => {
                return Self::whole(&format!("{digits:0<point$}"));
            }
            Ok(_) => return None,
            // Smaller than one second: written out, unless the exponent is absurd.
            Err(_) if point < -40 => return None,
            Err(_) => {
                let zeros = usize::try_from(point.unsigned_abs()).ok()?;
                let fraction = format!("{}{digits}", "0".repeat(zeros));
                return Some(Self { seconds: 0, fraction: trimmed(&fraction) });
            }
        };
        let mut date = Self::whole(whole)?;
        date.fraction = trimmed(fraction);
        Some(date)
    }

    fn whole(digits: &str) -> Option<Self> {
        let digits = if digits.is_empty() { "0" } else { digits };
        let seconds = digits.parse().ok().filter(|seconds| *seconds <= LATEST)?;
        Some(Self { seconds, fraction: String::new() })
    }

    /// The last whole second that does not lie after this time.
    pub(crate) const fn floor(&self) -> UnixTime {
        UnixTime(self.seconds)
    }

    /// The first whole second that does not lie before this time.
    pub(crate) const fn ceiling(&self) -> i64 {
        let partial: i64 = if self.fraction.is_empty() { 0 } else { 1 };
        self.seconds.saturating_add(partial)
    }

    /// Whether this time lies after the given one.
    pub(crate) fn is_after(&self, time: UnixTime) -> bool {
        self.seconds > time.0 || (self.seconds == time.0 && !self.fraction.is_empty())
    }

    /// Whether this time lies more than `seconds` after the other one.
    pub(crate) fn exceeds(&self, other: &Self, seconds: i64) -> bool {
        let limit = other.seconds.saturating_add(seconds);
        // Fractions compare as digit strings: both start right after the decimal point.
        self.seconds > limit || (self.seconds == limit && self.fraction > other.fraction)
    }
}

fn trimmed(fraction: &str) -> String {
    String::from(fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests;
