//! The Security Token Service: the token of a federated identity becomes an access token (RFC 8693).

use alloc::format;
use alloc::string::String;

use callerid::UnixTime;

use super::ExternalAccount;
use super::refusal::FarSide::SecurityTokenService;
use super::reply::{self, AccessToken, Reply, ReplyError};
use super::request::Request;
use super::secret::Secret;
use crate::json::{self, quoted};

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Exchanges the token of a federated identity for an access token with that scope.
#[must_use]
pub fn exchange(account: &ExternalAccount, subject_token: &Secret, scope: &str) -> Request {
    let options = match &account.workforce_pool_user_project {
        // The client already says whose project pays.
        Some(project) if account.client.is_none() => format!("{{\"userProject\":{}}}", quoted(project)),
        _ => String::new(),
    };
    let members = [
        ("grant_type", TOKEN_EXCHANGE),
        ("audience", account.audience.as_str()),
        ("scope", scope),
        ("requested_token_type", ACCESS_TOKEN),
        ("subject_token", subject_token.expose()),
        ("subject_token_type", account.subject_token_type.as_str()),
        ("options", options.as_str()),
    ];
    let members = if options.is_empty() { members.get(..6).unwrap_or_default() } else { &members };
    let request = Request::form(SecurityTokenService, &account.token_url, members).hiding(subject_token);
    match &account.client {
        Some((id, secret)) => request.with_client(id, secret),
        None => request,
    }
}

/// The access token of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn access_token(request: &Request, reply: &Reply, now: UnixTime) -> Result<AccessToken, ReplyError> {
    reply::access_token(&reply.object(request)?, now)
}

/// The token that a program printed, as `GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES` has it.
///
/// # Errors
///
/// What is wrong with it, in words that can follow "the program answered"; `None` among them if the token
/// has expired.
pub fn executable_token(printed: &str, now: UnixTime) -> Result<Secret, ExecutableError> {
    let object = json::parse_object(printed).map_err(|_| ExecutableError::Unreadable)?;
    if object.raw("version") != Some("1") {
        return Err(ExecutableError::Version);
    }
    if object.raw("success") != Some("true") {
        let text = |name| object.raw(name).and_then(json::string).map(|text| super::request::masked(&text));
        let code = text("code").unwrap_or_default();
        return Err(ExecutableError::Failed { code, message: text("message").unwrap_or_default() });
    }
    let expiry = object.raw("expiration_time").map(|raw| raw.parse::<i64>());
    match expiry {
        Some(Ok(expiry)) if expiry <= now.as_seconds() => return Err(ExecutableError::Expired),
        Some(Err(_)) => return Err(ExecutableError::Unreadable),
        _ => {}
    }
    let name = match object.raw("token_type").and_then(json::string) {
        Some(kind) if kind.ends_with(":saml2") => "saml_response",
        _ => "id_token",
    };
    reply::member(&object, name).ok_or(ExecutableError::Unreadable)
}

/// Why a program's answer brings no token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExecutableError {
    /// The token in it has expired.
    Expired,
    /// The program says that it failed.
    Failed {
        /// Its own code; **untrusted text**.
        code: String,
        /// Its own words; **untrusted text**.
        message: String,
    },
    /// It is not the JSON that was agreed on.
    Unreadable,
    /// `version` is not 1.
    Version,
}

impl core::fmt::Display for ExecutableError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Expired => formatter.write_str("its token has expired"),
            Self::Failed { code, message } => write!(formatter, "it says that it failed: {code} {message}"),
            Self::Unreadable => formatter.write_str("it did not print the JSON that is agreed on"),
            Self::Version => formatter.write_str("version of what it printed is not 1"),
        }
    }
}

impl core::error::Error for ExecutableError {}
