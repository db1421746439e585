//! The claims of a token (RFC 7519 section 4), read one by one with their types.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::json::{Object, Value};
use crate::profile::{EmailSource, Profile};
use crate::time::{NumericDate, UnixTime};
use crate::token_kind::TokenKind;

/// What Identity-Aware Proxy puts before the addresses of an external identity provider's users.
const EXTERNAL_IDENTITY_PREFIX: &str = "securetoken.google.com/";

/// The claims as they stand in the payload; how far they are to be trusted, the holder must know.
#[derive(Clone, Debug)]
pub(crate) struct Claims<'a> {
    object: Object<'a>,
}

/// A claim that was looked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Claim<T> {
    Missing,
    /// It is there, but of the wrong type or out of range.
    Malformed,
    Present(T),
}

/// What a token says of its caller's e-mail address, and whether it may be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Email<'a> {
    Missing,
    Malformed,
    Unverified(&'a str),
    Verified(&'a str),
}

impl<'a> Claims<'a> {
    pub(crate) const fn new(object: Object<'a>) -> Self {
        Self { object }
    }

    pub(crate) const fn object(&self) -> &Object<'a> {
        &self.object
    }

    pub(crate) fn text(&self, name: &str) -> Claim<&str> {
        match self.object.member(name) {
            None => Claim::Missing,
            Some(Value::String(text)) => Claim::Present(text),
            Some(_) => Claim::Malformed,
        }
    }

    pub(crate) fn time(&self, name: &str) -> Claim<NumericDate> {
        match self.object.member(name) {
            None => Claim::Missing,
            Some(Value::Number(digits)) => {
                NumericDate::from_json_number(digits).map_or(Claim::Malformed, Claim::Present)
            }
            Some(_) => Claim::Malformed,
        }
    }

    /// `iat` and `exp`, if both can be read.
    pub(crate) fn lifetime(&self) -> Option<(NumericDate, NumericDate)> {
        match (self.time("iat"), self.time("exp")) {
            (Claim::Present(issued), Claim::Present(expiry)) => Some((issued, expiry)),
            _ => None,
        }
    }

    /// The audiences of `aud`: one string, or an array of strings.
    pub(crate) fn audiences(&self) -> Claim<Vec<&str>> {
        match self.object.member("aud") {
            None => Claim::Missing,
            Some(Value::String(audience)) => Claim::Present(Vec::from([audience.as_ref()])),
            Some(Value::Array(items)) => {
                let audiences: Option<Vec<&str>> = items.iter().map(Value::as_string).collect();
                audiences.filter(|audiences| !audiences.is_empty()).map_or(Claim::Malformed, Claim::Present)
            }
            Some(_) => Claim::Malformed,
        }
    }

    /// Whether `aud` is an array, whatever is in it.
    pub(crate) fn audience_is_array(&self) -> bool {
        matches!(self.object.member("aud"), Some(Value::Array(_)))
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.object.member(name) == Some(&Value::Bool(true))
    }

    /// The caller's e-mail address, as far as this profile's issuer vouches for it.
    pub(crate) fn email(&self, profile: &Profile) -> Email<'_> {
        let claim = if profile.rules().email == EmailSource::Issuer { "iss" } else { "email" };
        let email = match self.text(claim) {
            Claim::Missing => return Email::Missing,
            Claim::Malformed => return Email::Malformed,
            Claim::Present(email) => email,
        };
        let verified = match profile.rules().email {
            EmailSource::Issuer => true,
            EmailSource::VerifiedClaim => self.is_true("email_verified"),
            // Behind an external identity provider the proxy passes on what that provider says.
            EmailSource::VouchedClaim if email.starts_with(EXTERNAL_IDENTITY_PREFIX) => {
                let inner = self.object.member("gcip").and_then(Value::as_object);
                inner.is_some_and(|inner| {
                    inner.refuse_duplicates().is_ok()
                        && inner.member("email_verified") == Some(&Value::Bool(true))
                })
            }
            EmailSource::VouchedClaim => true,
        };
        if verified { Email::Verified(email) } else { Email::Unverified(email) }
    }

    /// The domain of the organisation that manages the caller's account, as the issuer vouches for it.
    pub(crate) fn hosted_domain(&self, profile: &Profile) -> Claim<&str> {
        // What a service account writes into its own tokens proves nothing about an organisation.
        if profile.rules().email == EmailSource::Issuer { Claim::Missing } else { self.text("hd") }
    }
}

/// The domain of an address whose local part is one; the prefixed addresses of external identities
/// belong to no domain.
pub(crate) fn email_domain(email: &str) -> Option<&str> {
    let (local, domain) = email.rsplit_once('@')?;
    let plain = !local.is_empty() && !local.contains(['@', ':', '/']);
    plain.then_some(domain)
}

/// The project, by id or number, that a service account's address names.
pub(crate) fn service_account_project(email: &str) -> Option<&str> {
    let (name, domain) = email.split_once('@')?;
    match domain {
        "appspot.gserviceaccount.com" => Some(name),
        "developer.gserviceaccount.com" => name.strip_suffix("-compute"),
        "cloudbuild.gserviceaccount.com" => Some(name),
        _ => {
            let project = domain.strip_suffix(".iam.gserviceaccount.com")?;
            // Google's own agents live in Google's projects and serve everybody.
            (!project.starts_with("gcp-sa-")).then_some(project)
        }
    }
}

/// A caller whose token passed every check; **its claims may be relied upon** as far as the issuer's
/// word goes.
///
/// Only [`verify`](crate::verify) makes one:
///
/// ```compile_fail,E0277
/// let token: callerid::VerifiedToken = Default::default();
/// ```
///
/// ```compile_fail,E0616
/// fn change(mut token: callerid::VerifiedToken) {
///     token.subject = None;
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct VerifiedToken {
    pub(crate) kind: TokenKind,
    pub(crate) issuer: String,
    pub(crate) subject: Option<String>,
    pub(crate) audiences: Vec<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) hosted_domain: Option<String>,
    pub(crate) authorized_party: Option<String>,
    pub(crate) issued_at: UnixTime,
    pub(crate) expires_at: UnixTime,
    pub(crate) timely: Range<i64>,
    pub(crate) key_id: Option<String>,
    pub(crate) fingerprint: String,
    pub(crate) claims: String,
}

impl VerifiedToken {
    /// What kind of token it is.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The unix seconds at which every check of a time passes, with the skew of the policy that accepted
    /// the token.
    pub(crate) const fn timely(&self) -> &Range<i64> {
        &self.timely
    }

    /// Who issued the token (`iss`).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The caller's id at the issuer (`sub`): stable, and never used again for somebody else.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// For whom the token was made (`aud`).
    #[must_use]
    pub fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// The caller's e-mail address; to be relied upon only if [`email_verified`](Self::email_verified).
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Whether the issuer vouches for the address.
    #[must_use]
    pub const fn email_verified(&self) -> bool {
        self.email_verified
    }

    /// The Google Workspace or Cloud organisation domain of the caller's account (`hd`).
    #[must_use]
    pub fn hosted_domain(&self) -> Option<&str> {
        self.hosted_domain.as_deref()
    }

    /// The client that the token was handed to (`azp`).
    #[must_use]
    pub fn authorized_party(&self) -> Option<&str> {
        self.authorized_party.as_deref()
    }

    /// When the token was issued (`iat`).
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// When the token's time is over (`exp`), the forgiven skew not counted.
    #[must_use]
    pub const fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// The id of the key that signed the token.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// A short name for the token that can stand in logs.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// All claims as JSON text, as they were signed: big integers have all their digits.
    #[must_use]
    pub fn claims(&self) -> &str {
        &self.claims
    }
}

/// Shows who is calling, not the other claims.
impl fmt::Debug for VerifiedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedToken")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .field("email", &self.email)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}
