//! Tokens for tests, signed with a key of one's own.

use std::path::Path;

use callerid::UnixTime;
use callerid_mint::{
    Claims, ClaimsError, DEVELOPMENT_ISSUER, KEY_BYTES_MAX, SigningKey, TEST_MARKER, TestToken, TestTokenKind,
};
use zeroize::Zeroizing;

use super::MintedToken;
use crate::error::{Error, Outcome};
use crate::host::{clock, files, randomness};

/// What such a token is to say.
pub(crate) struct DevelopmentToken<'a> {
    /// The file with the private key.
    pub(crate) key: &'a Path,
    pub(crate) audience: Option<&'a str>,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) email: Option<&'a str>,
    pub(crate) subject: Option<&'a str>,
    /// Seconds.
    pub(crate) lifetime: Option<u32>,
    /// A JSON object.
    pub(crate) claims: Option<&'a str>,
    /// Whose tokens it is to imitate: a kind of token, or a profile.
    pub(crate) imitated: Option<&'a str>,
}

/// Signs a token for tests. Its issuer is its own, unless it is to imitate Google.
pub(crate) fn development_token(wanted: &DevelopmentToken<'_>) -> Outcome<MintedToken> {
    let file = wanted.key.display();
    let text = files::read_text(wanted.key, KEY_BYTES_MAX).map(Zeroizing::new).map_err(|error| {
        let hint = "callerid keygen makes one.";
        Error::undecided(format_args!("the key in {file} could not be read: {error}"), hint)
    })?;
    let key = SigningKey::parse(&text)
        .map_err(|error| Error::undecided(format_args!("{file}: {error}"), error.hint()))?;
    let refused = |error: ClaimsError| Error::undecided(&error, error.hint());
    let token = shaped(wanted)?;
    let token = match wanted.audience {
        Some(audience) => token.with_audience(audience).map_err(refused)?,
        None => token,
    };
    let token = match wanted.email {
        Some(email) => token.with_email(email).map_err(refused)?,
        None => token,
    };
    let token = wanted.subject.into_iter().fold(token, TestToken::with_subject);
    let token = wanted.lifetime.into_iter().fold(token, TestToken::with_lifetime);
    let claims = wanted.claims.map(Claims::from_json).transpose().map_err(refused)?.unwrap_or_default();
    // An imitation has the audience of its kind; otherwise nobody should be left to guess.
    if wanted.audience.is_none() && wanted.imitated.is_none() && claims.json_of("aud").is_none() {
        return Err(Error::undecided(
            "--audience is missing: for whom is the token?",
            "Add --audience with the URL of the service, or aud to --claims.",
        ));
    }
    let token = token.with_claims(claims);
    let now = clock::now();
    let claims = token.to_claims(now);
    let signed = token.sign(&key, now, &mut randomness::source());
    let signed = signed.map_err(|error| Error::undecided(&error, error.hint()))?;
    let expiry = claims.json_of("exp").and_then(|time| time.parse().ok());
    let expires_at = expiry.map_or(now, UnixTime::from_seconds);
    let warnings = match wanted.imitated {
        Some(_) => vec![format!(
            "THIS TOKEN IMITATES GOOGLE'S. It is for tests alone, and its header says so: {TEST_MARKER}"
        )],
        None => Vec::new(),
    };
    Ok(MintedToken::new(Zeroizing::new(signed), expires_at).with(claims.text_of("email"), warnings))
}

/// The kind of token: named by itself, or by the profile that verifies it, with its parameter.
fn shaped(wanted: &DevelopmentToken<'_>) -> Outcome<TestToken> {
    let Some(name) = wanted.imitated else {
        let issuer = wanted.issuer.unwrap_or(DEVELOPMENT_ISSUER);
        return Ok(TestToken::new(TestTokenKind::GoogleServiceAccount).with_issuer(issuer));
    };
    let (kind, parameter) = match name.split_once(':') {
        Some((kind, parameter)) => (kind, Some(parameter)),
        None => (name, None),
    };
    let kind = if kind == "google" { TestTokenKind::GoogleServiceAccount.as_str() } else { kind };
    let Some(kind) = TestTokenKind::from_name(kind) else {
        let names = TestTokenKind::ALL.map(TestTokenKind::as_str).join(", ");
        return Err(Error::undecided(
            "--imitate names no kind of token that Google issues",
            format_args!("There are google, {names}."),
        ));
    };
    let token = TestToken::new(kind).imitating_google();
    Ok(match (kind, parameter) {
        (_, None) => token,
        (TestTokenKind::AppCheck, Some(number)) => token.with_project_number(number),
        (TestTokenKind::Gke, Some(issuer)) => token.with_issuer(issuer),
        (TestTokenKind::ServiceAccount, Some(email)) => {
            token.with_email(email).map_err(|error| Error::undecided(&error, error.hint()))?
        }
        (_, Some(project)) => token.with_project_id(project),
    })
}
