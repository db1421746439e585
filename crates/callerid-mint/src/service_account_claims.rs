//! What a service account says of itself: assertions for the token endpoint (RFC 7523), and JWTs that
//! are sent as they are (AIP-4111).

use alloc::string::{String, ToString};

use callerid::UnixTime;

use crate::claims::Claims;
use crate::error::ClaimsError;

/// Google's token endpoint, which every assertion is made for, wherever it is posted to.
pub const TOKEN_ENDPOINT: &str = "https://oauth2.googleapis.com/token";

/// Longest lifetime that Google allows what an account signs itself, in seconds; also the usual one.
pub const LIFETIME_MAX: u32 = 3_600;

/// Claims that a service account is to sign, with its own key or through `signJwt`.
///
/// Google signs nothing here: Cloud Run, for one, takes only the ID token that an assertion is exchanged
/// for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccountClaims {
    email: String,
    purpose: Purpose,
    subject: Option<String>,
    lifetime: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Purpose {
    AccessForAudience(String),
    AccessForScope(String),
    AccessToken { scope: String },
    ApiGateway(String),
    IdToken { target_audience: String },
    Iap(String),
}

impl ServiceAccountClaims {
    /// An assertion to be exchanged for an ID token for `target_audience`.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailMalformed`] or [`ClaimsError::AudienceEmpty`].
    pub fn id_token_assertion(email: &str, target_audience: &str) -> Result<Self, ClaimsError> {
        Self::new(email, Purpose::IdToken { target_audience: audience(target_audience)? })
    }

    /// An assertion to be exchanged for an access token with these scopes.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailMalformed`] or [`ClaimsError::ScopeMalformed`].
    pub fn access_token_assertion<S: AsRef<str>>(email: &str, scopes: &[S]) -> Result<Self, ClaimsError> {
        Self::new(email, Purpose::AccessToken { scope: scope(scopes)? })
    }

    /// A JWT that a Google API takes in place of an access token, for an API named by its address:
    /// `https://SERVICE.googleapis.com/`, with the slash (AIP-4111).
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailMalformed`] or [`ClaimsError::AudienceEmpty`].
    pub fn access_jwt_for_audience(email: &str, api: &str) -> Result<Self, ClaimsError> {
        Self::new(email, Purpose::AccessForAudience(audience(api)?))
    }

    /// A JWT that Google APIs take in place of an access token, with these scopes (AIP-4111).
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailMalformed`] or [`ClaimsError::ScopeMalformed`].
    pub fn access_jwt_for_scopes<S: AsRef<str>>(email: &str, scopes: &[S]) -> Result<Self, ClaimsError> {
        Self::new(email, Purpose::AccessForScope(scope(scopes)?))
    }

    /// A JWT that Identity-Aware Proxy takes in place of an ID token, for the URL of what it protects;
    /// `https://HOST/*` stands for all of it.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailMalformed`] or [`ClaimsError::AudienceEmpty`].
    pub fn iap_jwt(email: &str, url: &str) -> Result<Self, ClaimsError> {
        Self::new(email, Purpose::Iap(audience(url)?))
    }

    /// A JWT for an API behind API Gateway or Cloud Endpoints, for the audience that its OpenAPI document
    /// names.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailMalformed`] or [`ClaimsError::AudienceEmpty`].
    pub fn api_gateway_jwt(email: &str, api: &str) -> Result<Self, ClaimsError> {
        Self::new(email, Purpose::ApiGateway(audience(api)?))
    }

    fn new(email: &str, purpose: Purpose) -> Result<Self, ClaimsError> {
        if !is_email(email) {
            return Err(ClaimsError::EmailMalformed);
        }
        Ok(Self { email: String::from(email), purpose, subject: None, lifetime: LIFETIME_MAX })
    }

    /// Speaks for a person of the Workspace domain that delegated this to the account; only assertions
    /// for an access token can.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::SubjectOutOfPlace`] or [`ClaimsError::EmailMalformed`].
    pub fn with_subject(mut self, email: &str) -> Result<Self, ClaimsError> {
        if !matches!(self.purpose, Purpose::AccessToken { .. }) {
            return Err(ClaimsError::SubjectOutOfPlace);
        }
        if !is_email(email) {
            return Err(ClaimsError::EmailMalformed);
        }
        self.subject = Some(String::from(email));
        Ok(self)
    }

    /// Lets the claims expire after so many seconds instead of an hour.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::LifetimeOutOfRange`] for 0 and for more than [`LIFETIME_MAX`].
    pub fn with_lifetime(mut self, seconds: u32) -> Result<Self, ClaimsError> {
        if seconds == 0 || seconds > LIFETIME_MAX {
            return Err(ClaimsError::LifetimeOutOfRange { seconds });
        }
        self.lifetime = seconds;
        Ok(self)
    }

    /// The account's e-mail address.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The claims as they are signed now.
    #[must_use]
    pub fn to_claims(&self, now: UnixTime) -> Claims {
        let issued_at = now.as_seconds();
        let expires_at = issued_at.saturating_add(i64::from(self.lifetime));
        let subject = match self.purpose {
            Purpose::AccessToken { .. } => self.subject.as_deref(),
            _ => Some(self.email.as_str()),
        };
        let audience = match &self.purpose {
            Purpose::AccessForAudience(audience) | Purpose::ApiGateway(audience) | Purpose::Iap(audience) => {
                Some(audience.as_str())
            }
            Purpose::AccessForScope(_) => None,
            Purpose::AccessToken { .. } | Purpose::IdToken { .. } => Some(TOKEN_ENDPOINT),
        };
        let (name, value) = match &self.purpose {
            Purpose::AccessForAudience(_) | Purpose::Iap(_) => ("", ""),
            Purpose::AccessForScope(scope) | Purpose::AccessToken { scope } => ("scope", scope.as_str()),
            Purpose::ApiGateway(_) => ("email", self.email.as_str()),
            Purpose::IdToken { target_audience } => ("target_audience", target_audience.as_str()),
        };
        let texts = [("iss", Some(self.email.as_str())), ("sub", subject), ("aud", audience)];
        let claims = texts.into_iter().filter_map(|(name, text)| text.map(|text| (name, text)));
        let claims = claims.fold(Claims::new(), |claims, (name, text)| claims.with_text(name, text));
        let claims = claims.with_number("iat", issued_at).with_number("exp", expires_at);
        if name.is_empty() { claims } else { claims.with_text(name, value) }
    }
}

fn audience(text: &str) -> Result<String, ClaimsError> {
    if text.trim().is_empty() { Err(ClaimsError::AudienceEmpty) } else { Ok(text.to_string()) }
}

/// Scopes as one claim holds them: with a space between (RFC 6749 section 3.3).
fn scope<S: AsRef<str>>(scopes: &[S]) -> Result<String, ClaimsError> {
    let mut claim = String::new();
    for scope in scopes {
        let scope = scope.as_ref();
        if scope.is_empty() || scope.contains(char::is_whitespace) {
            return Err(ClaimsError::ScopeMalformed);
        }
        if !claim.is_empty() {
            claim.push(' ');
        }
        claim.push_str(scope);
    }
    if claim.is_empty() { Err(ClaimsError::ScopeMalformed) } else { Ok(claim) }
}

/// Whether a text has the form `NAME@DOMAIN`.
pub(crate) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'))
        && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}
