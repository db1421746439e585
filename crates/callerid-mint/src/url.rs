//! Addresses that come out of credentials files, and text that goes into addresses and forms.

use alloc::string::String;
use core::fmt::Write as _;

/// The hosts of one address.
pub(crate) struct Url<'a> {
    pub(crate) scheme: &'a str,
    /// In lower case or not, as it was written.
    pub(crate) host: &'a str,
    /// The path with what follows it; empty or starting with `/` or `?`.
    pub(crate) rest: &'a str,
}

impl<'a> Url<'a> {
    /// Reads an address; `None` if its host is not plain to see.
    pub(crate) fn parse(url: &'a str) -> Option<Self> {
        let is_odd =
            |character: char| character.is_whitespace() || character.is_control() || character == '\\';
        if url.contains(is_odd) {
            return None;
        }
        let (scheme, after) = url.split_once("://")?;
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let host = match authority.strip_prefix('[') {
            Some(inner) => inner.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        // With an @ the host would be another one than it seems.
        (!host.is_empty() && !authority.contains('@')).then_some(Self { scheme, host, rest })
    }

    pub(crate) fn is_on_this_machine(&self) -> bool {
        matches!(self.scheme, "http" | "https") && matches!(self.host, "127.0.0.1" | "::1" | "localhost")
    }

    /// Whether what is sent there can be read by nobody on the way.
    pub(crate) fn is_private(&self) -> bool {
        self.scheme == "https" || self.is_on_this_machine()
    }

    /// Whether the host belongs to that domain.
    pub(crate) fn is_in(&self, domain: &str) -> bool {
        let host = self.host.to_ascii_lowercase();
        host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    }
}

/// Whether an address is https, or on this machine.
pub(crate) fn is_private(url: &str) -> bool {
    Url::parse(url).is_some_and(|url| url.is_private())
}

/// Text as a part of a query or form: everything but the unreserved characters of RFC 3986 section 2.3 is
/// percent-encoded.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len().saturating_mul(3));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The domain becomes part of host names.
pub(crate) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
        !label.is_empty() && label.chars().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}
