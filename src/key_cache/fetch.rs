//! What a host and the cache tell each other about a fetch.

use alloc::string::String;
use core::fmt;

use super::UnixMillis;
use crate::jwk::KeySetError;

/// The order to fetch the keys once, and the name of that fetch when its outcome is reported.
///
/// Tickets are numbered in the order in which their fetches start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FetchTicket(pub(super) u64);

impl FetchTicket {
    /// The ticket's number, for hosts that can only carry numbers.
    #[must_use]
    pub const fn to_number(self) -> u64 {
        self.0
    }

    /// The ticket of that number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// The place of a request in the order of fetches: it knows which ones started before it was made.
///
/// Only a fetch that starts later can show for certain that the issuer has no key of some id: an
/// earlier one may have read the set just before the key was added. Fetches are counted rather than
/// timed, so that no jump of the clock confuses the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyRequest(pub(super) u64);

impl KeyRequest {
    /// The request's number, for hosts that can only carry numbers.
    #[must_use]
    pub const fn to_number(self) -> u64 {
        self.0
    }

    /// The request of that number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// An answer of the key endpoint, of whatever status.
#[derive(Clone, Copy, Debug)]
pub struct KeyResponse<'a> {
    /// The HTTP status. Redirects are the host's to refuse.
    pub status: u16,
    /// The body; the host need not read more than
    /// [`KEY_SET_BYTES_MAX`](crate::jwk::KEY_SET_BYTES_MAX) bytes and one.
    pub body: &'a str,
    /// The `Cache-Control` field; several joined with commas (RFC 9110 section 5.3).
    pub cache_control: Option<&'a str>,
    /// The `Age` field.
    pub age: Option<&'a str>,
}

/// Why a fetch brought no keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFetchError {
    /// The document holds keys, but none that may verify signatures.
    NoUsableKey,
    /// The host did not report the fetch's outcome in time, or it is another fetch's turn.
    Overdue,
    /// The endpoint answered with another status than 200.
    Status(u16),
    /// The host got no answer at all; in its own words.
    Unreachable(String),
    /// The document is not a key set.
    Unreadable(KeySetError),
}

impl fmt::Display for KeyFetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUsableKey => formatter.write_str("the endpoint's key set holds no usable key"),
            Self::Overdue => formatter.write_str("the fetch took too long"),
            Self::Status(status) => write!(formatter, "the key endpoint answered with status {status}"),
            Self::Unreachable(words) => write!(formatter, "the key endpoint gave no keys: {words}"),
            Self::Unreadable(error) => write!(formatter, "the key endpoint sent something else: {error}"),
        }
    }
}

impl core::error::Error for KeyFetchError {}

/// The one fetch that is under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub(super) ticket: FetchTicket,
    /// The moment at which it is given up.
    pub(super) deadline: UnixMillis,
}
