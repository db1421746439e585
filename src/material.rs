//! Texts that people paste where a JWT belongs, told by their form.

use alloc::string::String;

use crate::base64url;
use crate::json::{self, Object, Value};
use crate::token_kind::TokenKind;

/// Credentials files of Application Default Credentials, by their `type`.
const CREDENTIALS_FILE_TYPES: [&str; 5] = [
    "authorized_user",
    "external_account",
    "external_account_authorized_user",
    "gdch_service_account",
    "impersonated_service_account",
];

/// What gcloud prints instead of a token.
const GCLOUD_MESSAGE: &str = "No identity token can be obtained from the current credentials";

/// The kind of a text that is no JWT, if its form tells.
pub(crate) fn recognise(text: &str) -> Option<TokenKind> {
    let text = text.trim();
    let is_dotted = |parts: usize| {
        text.split('.').count() == parts
            && text.starts_with("eyJ")
            && text.chars().all(|c| is_token_character(c) || c == '.')
    };
    let kind = if text.starts_with("ya29.") {
        TokenKind::AccessToken
    } else if text.starts_with("1//") || (text.starts_with("1/") && text.len() > 30) {
        TokenKind::RefreshToken
    } else if text.starts_with("4/") && text.len() > 20 {
        TokenKind::AuthorizationCode
    } else if text.starts_with("AIza") && text.len() == 39 && text.chars().all(is_token_character) {
        TokenKind::ApiKey
    } else if text.starts_with("AQ.") && text.chars().all(|c| is_token_character(c) || c == '.') {
        TokenKind::AuthKey
    } else if text.starts_with("GOCSPX-") {
        TokenKind::ClientSecret
    } else if text.starts_with(|c: char| c.is_ascii_digit()) && text.ends_with(".apps.googleusercontent.com")
    {
        TokenKind::ClientId
    } else if is_dotted(5) {
        TokenKind::Jwe
    } else if text.contains("-----BEGIN ") {
        if text.contains("PRIVATE KEY-----") { private_key(text) } else { TokenKind::KeySet }
    } else if text.starts_with('{') {
        return json::parse(text).ok().as_ref().and_then(Value::as_object).and_then(document);
    } else if is_saml(text) {
        TokenKind::SamlAssertion
    } else if text.contains(GCLOUD_MESSAGE) {
        TokenKind::GcloudMessage
    } else if is_claims_alone(text) {
        TokenKind::ClaimsOnly
    } else {
        return None;
    };
    Some(kind)
}

const fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// A key file is JSON, and its private key is PEM inside it.
fn private_key(text: &str) -> TokenKind {
    if text.starts_with('{') && text.contains("service_account") {
        TokenKind::ServiceAccountKeyFile
    } else {
        TokenKind::PrivateKey
    }
}

/// A JSON document that is known by its members.
fn document(document: &Object<'_>) -> Option<TokenKind> {
    match document.string("type") {
        Some("service_account") => return Some(TokenKind::ServiceAccountKeyFile),
        Some(name) if CREDENTIALS_FILE_TYPES.contains(&name) => return Some(TokenKind::CredentialsFile),
        _ => {}
    }
    if document.member("keys").is_some() || document.member("kty").is_some() {
        let is_private = document.member("d").is_some() || document.member("k").is_some();
        return Some(if is_private { TokenKind::PrivateKey } else { TokenKind::KeySet });
    }
    document.member("iss").map(|_| TokenKind::ClaimsOnly)
}

/// XML, or the base64 of it, that names SAML.
fn is_saml(text: &str) -> bool {
    text.contains("urn:oasis:names:tc:SAML")
        || text.starts_with("PHNhbWwycDpSZXNwb25zZ")
        || text.starts_with("PD94bWwg")
}

/// The payload alone, base64url, as gateways forward it; some pad it.
fn is_claims_alone(text: &str) -> bool {
    let text: String = text.trim_end_matches('=').into();
    text.starts_with("eyJ")
        && base64url::decode(&text).is_some_and(|bytes| {
            json::parse_object(&bytes).is_ok_and(|claims| claims.member("alg").is_none())
        })
}
