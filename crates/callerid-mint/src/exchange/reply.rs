//! What came back.

use alloc::string::String;
use core::fmt;

use callerid::{UnixTime, UnverifiedToken};

use super::refusal::Refusal;
use super::request::Request;
use super::secret::Secret;
use crate::json::{self, Object};

/// Longest answer that is read, in bytes; tokens have less than 16 KiB.
pub const REPLY_BYTES_MAX: usize = 131_072;

/// An answer to a [`Request`], as the host received it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The `Metadata-Flavor` field.
    pub metadata_flavor: Option<String>,
    /// After how many seconds the far side wants to be asked again (`Retry-After`), if it says so.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Secret,
}

/// An access token, and until when it is good.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token itself.
    pub token: Secret,
    /// Until when it is good; an hour at most if nobody said.
    pub expires_at: UnixTime,
}

/// Why an answer brings no token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyError {
    /// The far side said no.
    Refused(Refusal),
    /// It answered in another form than the one agreed on.
    Unreadable {
        /// What is wrong with the answer, in words that can follow "it answered".
        what: &'static str,
    },
    /// Something else answered in place of the metadata server.
    NotTheMetadataServer,
}

impl ReplyError {
    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_worth_another_try(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.is_passing())
    }
}

impl From<Refusal> for ReplyError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => fmt::Display::fmt(refusal, formatter),
            Self::Unreadable { what } => write!(formatter, "it answered {what}"),
            Self::NotTheMetadataServer => {
                formatter.write_str("the answer lacks Metadata-Flavor: Google, so something else gave it")
            }
        }
    }
}

impl core::error::Error for ReplyError {}

impl Reply {
    /// The body of a success; every other status is a refusal.
    pub(crate) fn success(&self, request: &Request) -> Result<&str, ReplyError> {
        let body = self.body.expose();
        if self.status == 200 {
            return Ok(body);
        }
        // A page of a proxy is no refusal by Google.
        if matches!(self.status, 300..=399) {
            return Err(ReplyError::Unreadable { what: "with a redirect, and none is followed" });
        }
        Err(Refusal::read(request, self.status, body).into())
    }

    /// The members of a success.
    pub(crate) fn object(&self, request: &Request) -> Result<Object<'_>, ReplyError> {
        let body = self.success(request)?;
        json::parse_object(body).map_err(|_| ReplyError::Unreadable { what: form_of(body) })
    }
}

/// What a text is that should be JSON, in words that can follow "it answered".
pub(crate) fn form_of(body: &str) -> &'static str {
    let start = body.trim_start();
    if start.is_empty() {
        "with nothing"
    } else if start.starts_with('<') {
        "with a web page, as a proxy or the login page of a network does"
    } else if start.starts_with('{') {
        "with JSON that is cut off or damaged"
    } else {
        "with a text that is not JSON"
    }
}

/// The text of a member.
pub(crate) fn member(object: &Object<'_>, name: &'static str) -> Option<Secret> {
    let text = object.raw(name).and_then(json::string)?;
    (!text.trim().is_empty()).then(|| Secret::new(text))
}

/// The token of a member, which has to be a JWT.
pub(crate) fn jwt_member(object: &Object<'_>, name: &'static str) -> Result<Secret, ReplyError> {
    let token = member(object, name).ok_or(ReplyError::Unreadable { what: "without a token" })?;
    checked_jwt(token)
}

/// A text that has to be a JWT.
pub(crate) fn checked_jwt(token: Secret) -> Result<Secret, ReplyError> {
    match UnverifiedToken::parse(token.expose()) {
        Ok(_) => Ok(token),
        Err(_) if token.expose().trim_start().starts_with('<') => {
            Err(ReplyError::Unreadable { what: form_of(token.expose()) })
        }
        Err(_) => Err(ReplyError::Unreadable { what: "with something that is not a whole JWT" }),
    }
}

/// The access token of an OAuth answer (RFC 6749 section 5.1). Some servers write `expires_in` as a string.
pub(crate) fn access_token(object: &Object<'_>, now: UnixTime) -> Result<AccessToken, ReplyError> {
    let token =
        member(object, "access_token").ok_or(ReplyError::Unreadable { what: "without an access token" })?;
    let seconds = object.raw("expires_in").and_then(|raw| raw.trim_matches('"').parse::<i64>().ok());
    let seconds = seconds.filter(|seconds| *seconds > 0).unwrap_or(3_600);
    Ok(AccessToken { token, expires_at: UnixTime::from_seconds(now.as_seconds().saturating_add(seconds)) })
}
