//! ID tokens and IAP assertions, claim for claim as Google issues them.

use callerid_mint::Claims;
use serde_json::{Value, json};

use crate::keys::Owner;
use crate::oauth::CLIENT_ID;
use crate::randomness::blinding;
use crate::settings::Signature;
use crate::state::{Account, State};

pub(crate) const ISSUER: &str = "https://accounts.google.com";
pub(crate) const IAP_ISSUER: &str = "https://cloud.google.com/iap";

/// How long Google's ID tokens live, in seconds.
const LIFETIME: i64 = 3_600;
/// How long IAP's assertions live, in seconds.
const IAP_LIFETIME: i64 = 600;
/// What a key is named that nobody can find.
const UNKNOWN_KEY_ID: &str = "callerid-emulator-unknown-00000000000000";
/// What Cloud Run puts in the place of a signature.
const REDACTED: &str = "SIGNATURE_REMOVED_BY_GOOGLE";

/// What differs between the ID tokens of an account.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) has_email: bool,
    /// The object under `google`.
    pub(crate) google: Option<Value>,
}

/// An ID token that speaks for an account.
pub(crate) fn of_account(state: &State, account: &Account, audience: &str, form: Form) -> Option<String> {
    let (issued_at, expires_at) = times(state, LIFETIME);
    let mut claims = Claims::new().with_text("aud", audience).with_text("azp", &account.unique_id);
    if form.has_email && !state.settings().tokens.no_email {
        claims = claims.with_text("email", &account.email).with_json("email_verified", "true").ok()?;
    }
    claims = claims.with_number("exp", expires_at);
    if let Some(google) = form.google {
        claims = claims.with_json("google", &google.to_string()).ok()?;
    }
    let claims =
        claims.with_number("iat", issued_at).with_text("iss", ISSUER).with_text("sub", &account.unique_id);
    issue(state, &Owner::Google, &claims)
}

/// An ID token that speaks for a person who has logged in with gcloud, for that OAuth client.
pub(crate) fn of_user(state: &State, email: &str, audience: &str, access_token: &str) -> Option<String> {
    let (issued_at, expires_at) = times(state, LIFETIME);
    let mut claims = Claims::new()
        .with_text("iss", ISSUER)
        .with_text("azp", CLIENT_ID)
        .with_text("aud", audience)
        .with_text("sub", &crate::config::numeric_id(email));
    if let Some(domain) = hosted_domain(email) {
        claims = claims.with_text("hd", domain);
    }
    let claims = claims
        .with_text("email", email)
        .with_json("email_verified", "true")
        .ok()?
        .with_text("at_hash", &access_token_hash(access_token))
        .with_number("iat", issued_at)
        .with_number("exp", expires_at);
    issue(state, &Owner::Google, &claims)
}

/// An assertion of Identity-Aware Proxy for a caller that it has let through.
pub(crate) fn of_iap(state: &State, email: &str, subject: &str, audience: &str) -> Option<String> {
    let (issued_at, expires_at) = times(state, IAP_LIFETIME);
    let mut claims = Claims::new()
        .with_text("aud", audience)
        .with_text("azp", audience)
        .with_text("email", email)
        .with_number("exp", expires_at)
        .with_json("google", &json!({"access_levels": [], "device_id": ""}).to_string())
        .ok()?;
    if let Some(domain) = hosted_domain(email) {
        claims = claims.with_text("hd", domain);
    }
    let claims = claims
        .with_number("iat", issued_at)
        .with_text("identity_source", "GOOGLE")
        .with_text("iss", IAP_ISSUER)
        .with_text("sub", subject);
    issue(state, &Owner::Iap, &claims)
}

/// When a token is issued and when it expires.
fn times(state: &State, lifetime: i64) -> (i64, i64) {
    let tokens = state.settings().tokens;
    let issued_at = state.now().saturating_add(tokens.issued);
    (issued_at, issued_at.saturating_add(tokens.lifetime.unwrap_or(lifetime)))
}

/// Signs, unless something else has been ordered.
fn issue(state: &State, owner: &Owner, claims: &Claims) -> Option<String> {
    let tokens = state.settings().tokens;
    let sign = |claims: &Claims| {
        if !tokens.unknown_key {
            return state.sign(owner, claims);
        }
        state.with_signing_key(owner, |key| {
            let unknown = key.clone().with_key_id(Some(UNKNOWN_KEY_ID)).ok()?;
            unknown.sign_jwt_emulating_google(claims, &mut blinding()).ok()
        })
    };
    let token = sign(claims)?;
    let (signed, _) = token.rsplit_once('.')?;
    match tokens.signature {
        Signature::Good => Some(token),
        Signature::Redacted => Some(format!("{signed}.{REDACTED}")),
        Signature::Wrong => {
            let other = sign(&claims.clone().with_number("iat", 0))?;
            Some(format!("{signed}.{}", other.rsplit_once('.')?.1))
        }
    }
}

/// Consumer accounts and service accounts belong to no organisation.
fn hosted_domain(email: &str) -> Option<&str> {
    let (_, domain) = email.rsplit_once('@')?;
    let is_nobodys =
        matches!(domain, "gmail.com" | "googlemail.com") || domain.ends_with("gserviceaccount.com");
    (!is_nobodys).then_some(domain)
}

/// OpenID Connect Core section 3.1.3.6.
fn access_token_hash(access_token: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(access_token);
    crate::keys::base64url(digest.get(..16).unwrap_or_default())
}
