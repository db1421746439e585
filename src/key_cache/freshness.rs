//! How long a response stays fresh, by its own headers (RFC 9111 section 4.2).

use alloc::vec::Vec;
use core::time::Duration;

/// Shortest time for which a fetched set is fresh, whatever the headers say: `no-store`, or a response
/// that a shared cache hands out in its last second, must not turn every token into a fetch.
pub const FRESHNESS_MIN: Duration = Duration::from_mins(1);

/// Longest time for which a fetched set is fresh, so that no header keeps a removed key alive for
/// longer than a day. Google's headers say six hours at most.
pub const FRESHNESS_MAX: Duration = Duration::from_hours(24);

/// How long a set is fresh whose headers do not say; Google's shortest usual answer.
pub const FRESHNESS_DEFAULT: Duration = Duration::from_hours(1);

/// What HTTP calls white space (RFC 9110 section 5.6.3).
const WHITE_SPACE: [char; 2] = [' ', '\t'];

/// The freshness lifetime that is left to a response: `max-age` minus `Age`, within bounds.
///
/// A header that cannot be read counts as missing. `no-cache` and `no-store` leave the shortest
/// lifetime. `s-maxage`, `private` and `public` speak to shared caches, which this is none of;
/// `must-revalidate` is answered in `docs/decisions/0003-key-cache.md`.
pub(super) fn lifetime(cache_control: Option<&str>, age: Option<&str>) -> Duration {
    let directives = cache_control.and_then(directives).unwrap_or_default();
    let names = |name: &str| directives.iter().any(|directive| directive.0.eq_ignore_ascii_case(name));
    let max_age = if names("no-cache") || names("no-store") {
        Duration::ZERO
    } else {
        // Section 4.2.1: of several values for one directive the first counts.
        let max_age = directives.iter().find(|directive| directive.0.eq_ignore_ascii_case("max-age"));
        max_age.and_then(|directive| delta_seconds(directive.1?)).unwrap_or(FRESHNESS_DEFAULT)
    };
    // Section 5.1: of a list of ages the first counts.
    let age = age.and_then(|age| delta_seconds(age.split(',').next()?.trim_matches(WHITE_SPACE)));
    max_age.saturating_sub(age.unwrap_or_default()).clamp(FRESHNESS_MIN, FRESHNESS_MAX)
}

/// The directives of a `Cache-Control` field (section 5.2), or `None` if its quotes do not close.
///
/// Values lose their quotes and keep any backslashes: no value that is read here needs one.
fn directives<'a>(field: &'a str) -> Option<Vec<(&'a str, Option<&'a str>)>> {
    let (mut quoted, mut escaped) = (false, false);
    let separates = |character: char| {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' => return !quoted,
            _ => {}
        }
        false
    };
    let members: Vec<&str> = field.split(separates).map(|member| member.trim_matches(WHITE_SPACE)).collect();
    if quoted {
        return None;
    }
    let directive = |member: &'a str| match member.split_once('=') {
        Some((name, value)) => (name, Some(unquoted(value))),
        None => (member, None),
    };
    Some(members.into_iter().map(directive).collect())
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// A number of seconds (section 1.2.2); one too large to be held becomes the largest that can be.
fn delta_seconds(text: &str) -> Option<Duration> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests;
