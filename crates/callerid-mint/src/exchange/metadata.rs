//! The metadata server of a machine in Google's cloud.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use callerid::UnixTime;

use super::refusal::FarSide::MetadataServer;
use super::reply::{self, AccessToken, Reply, ReplyError};
use super::request::Request;
use super::secret::Secret;
use crate::url::{is_domain, percent_encoded};

/// Where it is, unless the environment says otherwise. By its number, since that needs no name server.
pub const HOST: &str = "169.254.169.254";

/// What every request and every answer has to carry, so that nobody is taken for the other by mistake.
pub const FLAVOR: (&str, &str) = ("Metadata-Flavor", "Google");

const ACCOUNT: &str = "instance/service-accounts/default";

/// An ID token of the machine's account that names its e-mail address (`format=full`).
#[must_use]
pub fn identity(host: &str, audience: &str) -> Request {
    get(host, &format!("{ACCOUNT}/identity?audience={}&format=full", percent_encoded(audience)))
}

/// An access token of the machine's account, with these scopes or else those of the machine.
#[must_use]
pub fn token<S: AsRef<str>>(host: &str, scopes: &[S]) -> Request {
    let scopes: Vec<String> = scopes.iter().map(|scope| percent_encoded(scope.as_ref())).collect();
    let query = if scopes.is_empty() { String::new() } else { format!("?scopes={}", scopes.join(",")) };
    get(host, &format!("{ACCOUNT}/token{query}"))
}

/// The e-mail address of the machine's account.
#[must_use]
pub fn email(host: &str) -> Request {
    get(host, &format!("{ACCOUNT}/email"))
}

/// The domain of the cloud that the machine is in.
#[must_use]
pub fn universe_domain(host: &str) -> Request {
    get(host, "universe/universe-domain")
}

fn get(host: &str, path: &str) -> Request {
    let url = format!("http://{host}/computeMetadata/v1/{path}");
    Request::get(MetadataServer, url).with(FLAVOR.0, FLAVOR.1)
}

/// The ID token of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn id_token(request: &Request, reply: &Reply) -> Result<Secret, ReplyError> {
    check_flavor(reply)?;
    reply::checked_jwt(reply.success(request)?.trim().into())
}

/// The access token of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn access_token(request: &Request, reply: &Reply, now: UnixTime) -> Result<AccessToken, ReplyError> {
    check_flavor(reply)?;
    reply::access_token(&reply.object(request)?, now)
}

/// The text of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn text(request: &Request, reply: &Reply) -> Result<String, ReplyError> {
    check_flavor(reply)?;
    let text = reply.success(request)?.trim();
    let is_plain =
        !text.is_empty() && text.len() <= 256 && text.chars().all(|character| character.is_ascii_graphic());
    if is_plain {
        Ok(text.to_string())
    } else {
        Err(ReplyError::Unreadable { what: "with something unexpected" })
    }
}

/// The domain of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn domain(request: &Request, reply: &Reply) -> Result<String, ReplyError> {
    let text = text(request, reply)?;
    if is_domain(&text) {
        Ok(text)
    } else {
        Err(ReplyError::Unreadable { what: "with something that is no domain" })
    }
}

/// Refusals carry the field too.
fn check_flavor(reply: &Reply) -> Result<(), ReplyError> {
    if reply.metadata_flavor.as_deref() == Some(FLAVOR.1) {
        Ok(())
    } else {
        Err(ReplyError::NotTheMetadataServer)
    }
}
