//! The role of a machine at Amazon as a federated identity: a signed request that Google's Security Token
//! Service sends on to Amazon (Signature Version 4).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use callerid::UnixTime;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::FarSide;
pub use super::external_account::AwsSource;
use super::reply::{self, Reply, ReplyError};
use super::request::Request;
use super::secret::Secret;
use crate::json::{self, quoted};
use crate::url::{Url, percent_encoded};

/// The credentials of a role.
#[derive(Clone, Debug)]
pub struct AwsCredentials {
    /// The id of the access key.
    pub access_key_id: String,
    /// The key itself.
    pub secret_access_key: Secret,
    /// The session that it belongs to, if it is a passing one.
    pub session_token: Option<Secret>,
}

/// Opens a session with Amazon's metadata server, for five minutes.
#[must_use]
pub fn session(url: &str) -> Request {
    let request = Request::put(FarSide::SubjectTokenSource, url.into());
    request.with("X-aws-ec2-metadata-token-ttl-seconds", "300")
}

/// Asks Amazon's metadata server, within a session if there is one.
#[must_use]
pub fn get(url: &str, session: Option<&Secret>) -> Request {
    let request = Request::get(FarSide::SubjectTokenSource, url.into());
    match session {
        Some(session) => request.with("X-aws-ec2-metadata-token", session.expose()).hiding(session),
        None => request,
    }
}

/// The text of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn text(request: &Request, reply: &Reply) -> Result<Secret, ReplyError> {
    let text = reply.success(request)?.trim();
    let is_plain =
        !text.is_empty() && text.len() <= 2_048 && text.chars().all(|character| character.is_ascii_graphic());
    if is_plain { Ok(text.into()) } else { Err(ReplyError::Unreadable { what: "with something unexpected" }) }
}

/// The credentials of an answer.
///
/// # Errors
///
/// The refusal, or what is wrong with the answer.
pub fn credentials(request: &Request, reply: &Reply) -> Result<AwsCredentials, ReplyError> {
    let object = reply.object(request)?;
    let missing = || ReplyError::Unreadable { what: "without the credentials of a role" };
    Ok(AwsCredentials {
        access_key_id: reply::member(&object, "AccessKeyId").ok_or_else(missing)?.expose().into(),
        secret_access_key: reply::member(&object, "SecretAccessKey").ok_or_else(missing)?,
        session_token: reply::member(&object, "Token"),
    })
}

/// The federated identity's token: the signed request, as one text.
///
/// `audience` is the provider's full name; it is signed along, so that the request is good for that
/// provider alone.
#[must_use]
pub fn subject_token(
    source: &AwsSource,
    region: &str,
    credentials: &AwsCredentials,
    audience: &str,
    now: UnixTime,
) -> Option<Secret> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if region.is_empty() || !region.chars().all(is_plain) {
        return None;
    }
    let url = source.verification_url.replace("{region}", region);
    let time = time_stamp(now);
    let host = Url::parse(&url)?.host.to_string();
    let mut fields = Vec::new();
    fields.push(("host", host));
    fields.push(("x-amz-date", time));
    if let Some(session) = &credentials.session_token {
        fields.push(("x-amz-security-token", session.expose().into()));
    }
    fields.push(("x-goog-cloud-target-resource", audience.into()));
    let authorization = authorization(&Url::parse(&url)?, "POST", &fields, region, "sts", credentials)?;
    let mut headers: Vec<String> = Vec::new();
    for (name, value) in
        [("Authorization", &authorization)].into_iter().chain(fields.iter().map(|(n, v)| (*n, v)))
    {
        headers.push(format!("{{\"key\":{},\"value\":{}}}", quoted(name), quoted(value)));
    }
    let request =
        format!("{{\"url\":{},\"method\":\"POST\",\"headers\":[{}]}}", quoted(&url), headers.join(","));
    debug_assert!(json::is_json(&request), "the request is JSON");
    Some(percent_encoded(&request).into())
}

/// The `Authorization` field of a request without a body. The fields are those that are signed, in the
/// order of their names, with `x-amz-date` among them.
fn authorization(
    url: &Url<'_>,
    method: &str,
    fields: &[(&str, String)],
    region: &str,
    service: &str,
    credentials: &AwsCredentials,
) -> Option<String> {
    let time = fields.iter().find(|(name, _)| *name == "x-amz-date").map(|(_, time)| time.as_str())?;
    let day = time.get(..8)?;
    let (path, query) = url.rest.split_once('?').unwrap_or((url.rest, ""));
    let path = if path.is_empty() { "/" } else { path };
    let mut parameters: Vec<&str> = query.split('&').collect();
    parameters.sort_unstable();
    let mut lines = String::new();
    for (name, value) in fields {
        let _ = writeln!(lines, "{name}:{}", value.trim());
    }
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let nothing = hexadecimal(&Sha256::digest(b""));
    let canonical = format!("{method}\n{path}\n{}\n{lines}\n{names}\n{nothing}", parameters.join("&"));
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hexadecimal(&Sha256::digest(canonical.as_bytes())));
    let start = zeroize::Zeroizing::new(format!("AWS4{}", credentials.secret_access_key.expose()));
    let mut key = mac(start.as_bytes(), day)?;
    for part in [region, service, "aws4_request"] {
        key = mac(&key, part)?;
    }
    let signature = hexadecimal(&mac(&key, &to_sign)?);
    let id = &credentials.access_key_id;
    Some(format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"))
}

fn mac(key: &[u8], text: &str) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(zeroize::Zeroizing::new(mac.finalize().into_bytes().to_vec()))
}

/// `20150830T123600Z`
fn time_stamp(now: UnixTime) -> String {
    now.to_string().chars().filter(|character| !matches!(character, '-' | ':')).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The case `get-vanilla` of Amazon's own test suite for Signature Version 4.
    #[test]
    fn signs_as_amazon_does() {
        let credentials = AwsCredentials {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session_token: None,
        };
        let fields = [
            ("host", "example.amazonaws.com".into()),
            ("x-amz-date", time_stamp(UnixTime::from_seconds(1_440_938_160))),
        ];
        let url = Url::parse("https://example.amazonaws.com/").unwrap();
        let signed = authorization(&url, "GET", &fields, "us-east-1", "service", &credentials).unwrap();
        assert_eq!(
            signed,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
    }
}
