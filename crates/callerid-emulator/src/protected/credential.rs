//! Where callers put their tokens.

use crate::http::Request;

/// What an authorization field holds (RFC 9110 section 11.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// A bearer token (RFC 6750 section 2.1), of whatever form.
    Bearer(&'a str),
    /// Something of another scheme.
    Other,
}

impl<'a> Credential<'a> {
    /// What the request holds in that field; an empty one holds nothing.
    pub(crate) fn of(request: &'a Request, field: &str) -> Option<Self> {
        let value = request.headers.get(field)?.to_str().unwrap_or("unreadable").trim();
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        match scheme {
            "" => None,
            // In any case: Google's own examples write it in lower case.
            scheme if scheme.eq_ignore_ascii_case("bearer") => Some(Self::Bearer(token.trim())),
            _ => Some(Self::Other),
        }
    }
}
