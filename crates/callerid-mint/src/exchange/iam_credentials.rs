//! The IAM Credentials API: an access token becomes tokens of a service account.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use callerid::UnixTime;

use super::refusal::FarSide::IamCredentials;
use super::reply::{self, AccessToken, Reply, ReplyError};
use super::request::Request;
use super::secret::Secret;
use crate::Claims;
use crate::json::quoted;
use crate::url::percent_encoded;

/// Who is to speak, by which way, and on whose word.
#[derive(Clone, Copy, Debug)]
pub struct Impersonation<'a> {
    /// The address of the API, such as `https://iamcredentials.googleapis.com`.
    pub endpoint: &'a str,
    /// The service account that is to speak: its e-mail address or number.
    pub account: &'a str,
    /// The accounts on the way, in order.
    pub delegates: &'a [String],
    /// The access token of whoever asks.
    pub access_token: &'a Secret,
    /// The project that pays.
    pub quota_project: Option<&'a str>,
}

impl Impersonation<'_> {
    /// An ID token of the account, with its e-mail address in it.
    #[must_use]
    pub fn id_token(&self, audience: &str) -> Request {
        self.post("generateIdToken", &format!("\"audience\":{},\"includeEmail\":true", quoted(audience)))
    }

    /// An access token of the account, for that many seconds.
    #[must_use]
    pub fn access_token<S: AsRef<str>>(&self, scopes: &[S], lifetime: u32) -> Request {
        let scopes: Vec<String> = scopes.iter().map(|scope| quoted(scope.as_ref())).collect();
        let members = format!("\"scope\":[{}],\"lifetime\":\"{lifetime}s\"", scopes.join(","));
        self.post("generateAccessToken", &members)
    }

    /// Claims, signed by the account with a key that Google keeps.
    #[must_use]
    pub fn sign_jwt(&self, claims: &Claims) -> Request {
        self.post("signJwt", &format!("\"payload\":{}", quoted(&claims.to_json())))
    }

    fn post(&self, method: &str, members: &str) -> Request {
        // The project has to be written as a dash.
        let name = |account: &str| format!("projects/-/serviceAccounts/{account}");
        let url = format!(
            "{}/v1/{}:{method}",
            self.endpoint.trim_end_matches('/'),
            name(&percent_encoded(self.account).replace("%40", "@")),
        );
        let delegates: Vec<String> = self.delegates.iter().map(|account| quoted(&name(account))).collect();
        let body = format!("{{{members},\"delegates\":[{}]}}", delegates.join(","));
        Request::json(IamCredentials, url, body)
            .with_bearer(self.access_token)
            .with_quota_project(self.quota_project)
    }
}

/// The ID token of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn id_token(request: &Request, reply: &Reply) -> Result<Secret, ReplyError> {
    reply::jwt_member(&reply.object(request)?, "token")
}

/// The access token of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn access_token(request: &Request, reply: &Reply) -> Result<AccessToken, ReplyError> {
    let object = reply.object(request)?;
    let missing = ReplyError::Unreadable { what: "without an access token that has an expiry" };
    let token = reply::member(&object, "accessToken").ok_or_else(|| missing.clone())?;
    let expiry = reply::member(&object, "expireTime");
    let expires_at = expiry.and_then(|time| UnixTime::parse(time.expose())).ok_or(missing)?;
    Ok(AccessToken { token, expires_at })
}

/// The JWT of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn signed_jwt(request: &Request, reply: &Reply) -> Result<Secret, ReplyError> {
    reply::jwt_member(&reply.object(request)?, "signedJwt")
}
