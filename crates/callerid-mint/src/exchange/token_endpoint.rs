//! The OAuth token endpoint: assertions (RFC 7523) and refresh tokens (RFC 6749 section 6) become tokens.

use callerid::UnixTime;

use super::refusal::FarSide::TokenEndpoint;
use super::reply::{self, AccessToken, Reply, ReplyError};
use super::request::Request;
use super::secret::Secret;
use super::{ExternalUser, Person};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Exchanges an assertion for the token that it asks for.
#[must_use]
pub fn exchange(token_uri: &str, assertion: &Secret) -> Request {
    let members = [("grant_type", JWT_BEARER), ("assertion", assertion.expose())];
    Request::form(TokenEndpoint, token_uri, &members).hiding(assertion)
}

/// Has a person's login renewed: an access token, and an ID token for the client that the person logged
/// in with.
#[must_use]
pub fn refresh(person: &Person) -> Request {
    let members = [
        ("grant_type", "refresh_token"),
        ("client_id", person.client_id()),
        ("client_secret", person.client_secret().expose()),
        ("refresh_token", person.refresh_token().expose()),
    ];
    let request = Request::form(TokenEndpoint, person.token_uri(), &members);
    request.hiding(person.client_secret()).hiding(person.refresh_token())
}

/// Has the login of a federated person renewed.
#[must_use]
pub fn refresh_external(user: &ExternalUser) -> Request {
    let members = [("grant_type", "refresh_token"), ("refresh_token", user.refresh_token().expose())];
    let request = Request::form(TokenEndpoint, user.token_url(), &members);
    request.with_client(user.client_id(), user.client_secret()).hiding(user.refresh_token())
}

/// The ID token of an answer. Its expiry stands in itself alone.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn id_token(request: &Request, reply: &Reply) -> Result<Secret, ReplyError> {
    reply::jwt_member(&reply.object(request)?, "id_token")
}

/// The access token of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn access_token(request: &Request, reply: &Reply, now: UnixTime) -> Result<AccessToken, ReplyError> {
    reply::access_token(&reply.object(request)?, now)
}
