//! What a token must say to be accepted: for whom it is, and who may call.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::profile::Profile;

/// Difference between this clock and the issuer's that is forgiven unless the policy says otherwise,
/// in seconds. It is what Google documents for IAP, between the 0 of its Python and the 300 of its
/// Node library.
pub const CLOCK_SKEW_DEFAULT: u32 = 30;

/// Most that the skew may be set to, in seconds: beyond ten minutes an expiry means nothing.
pub const CLOCK_SKEW_MAX: u32 = 600;

/// Everything that a verdict depends on besides the token, the keys and the time.
///
/// Two questions cannot be left out: for whom the token is ([`Audience`]) and who may call
/// ([`Callers`]). Anyone can have Google sign an ID token for any audience, so the first question
/// alone identifies nobody.
#[derive(Clone, Debug)]
pub struct Policy {
    profile: Profile,
    audience: Audience,
    callers: Callers,
    authorized_parties: Vec<String>,
    nonce: Option<String>,
    clock_skew: u32,
}

/// The audiences that a token may be made for (`aud`, RFC 7519 section 4.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience(Expected);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expected {
    Any,
    OneOf(Vec<String>),
}

/// Who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callers(pub(crate) Allowed);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    Any,
    /// One rule, each of whose demands is reported as a check of its own.
    Each(CallerRule),
    /// At least one of these rules must hold; reported as one check.
    OneOf(Vec<CallerRule>),
}

/// A description of callers; **all** of its demands must hold.
///
/// E-mail demands need an address that the issuer vouches for: `email_verified` must be true, except
/// where the profile's issuer vouches for every address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerRule {
    pub(crate) emails: Vec<String>,
    pub(crate) email_domain: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) hosted_domain: Option<String>,
    pub(crate) project: Option<String>,
}

/// Why a policy cannot be made. An unset variable must not switch a check off, so nothing may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// The list of audiences, or one of them, is empty or only white space.
    AudienceEmpty,
    /// The list of caller rules, or a rule, or a value in it, is empty or only white space.
    CallersEmpty,
    /// An e-mail address without exactly one `@` between two texts.
    EmailMalformed,
    /// A domain with an `@` or without a dot.
    DomainMalformed,
    /// The nonce or an authorized party is empty.
    ExpectationEmpty,
    /// The skew is larger than [`CLOCK_SKEW_MAX`].
    ClockSkewTooLarge,
}

impl Audience {
    /// Exactly this audience, compared byte by byte.
    ///
    /// # Errors
    ///
    /// [`PolicyError::AudienceEmpty`] if it is empty.
    pub fn exactly(audience: impl Into<String>) -> Result<Self, PolicyError> {
        Self::one_of([audience])
    }

    /// Any of these audiences, each compared byte by byte.
    ///
    /// # Errors
    ///
    /// [`PolicyError::AudienceEmpty`] if there is none, or one is empty.
    pub fn one_of(audiences: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, PolicyError> {
        let audiences: Vec<String> = audiences.into_iter().map(Into::into).collect();
        if audiences.is_empty() || audiences.iter().any(|audience| is_blank(audience)) {
            return Err(PolicyError::AudienceEmpty);
        }
        Ok(Self(Expected::OneOf(audiences)))
    }

    /// Accepts tokens that were made for anybody. **A token sent to another service is then accepted
    /// here**, so this is for looking at tokens, not for guarding anything.
    #[must_use]
    pub const fn insecure_any() -> Self {
        Self(Expected::Any)
    }

    /// The expected audiences; `None` if any is accepted.
    pub(crate) fn expected(&self) -> Option<&[String]> {
        match &self.0 {
            Expected::Any => None,
            Expected::OneOf(audiences) => Some(audiences),
        }
    }
}

impl Callers {
    /// Everyone whose token is good. **Anyone on earth can have Google sign an ID token for any
    /// audience**, so whoever chooses this decides in some other way who may call.
    #[must_use]
    pub const fn any() -> Self {
        Self(Allowed::Any)
    }

    /// Callers that match at least one of the rules.
    ///
    /// # Errors
    ///
    /// [`PolicyError::CallersEmpty`] if there is no rule, and every error of the rules themselves.
    pub fn one_of(rules: impl IntoIterator<Item = CallerRule>) -> Result<Self, PolicyError> {
        let rules: Vec<CallerRule> = rules.into_iter().collect();
        if rules.is_empty() {
            return Err(PolicyError::CallersEmpty);
        }
        rules.iter().try_for_each(CallerRule::check)?;
        Ok(Self(Allowed::OneOf(rules)))
    }

    /// Callers that match this one rule; each of its demands becomes a check of its own in reports.
    ///
    /// # Errors
    ///
    /// Every error of the rule itself.
    pub fn matching(rule: CallerRule) -> Result<Self, PolicyError> {
        rule.check()?;
        Ok(Self(Allowed::Each(rule)))
    }

    /// Callers with one of these exact, verified e-mail addresses.
    ///
    /// # Errors
    ///
    /// [`PolicyError::CallersEmpty`] or [`PolicyError::EmailMalformed`].
    pub fn emails(emails: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, PolicyError> {
        Self::one_of([CallerRule::new().emails(emails)])
    }
}

impl CallerRule {
    /// A rule that demands nothing yet; it is refused as long as it stays so.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One of these exact e-mail addresses, compared byte by byte.
    #[must_use]
    pub fn emails(mut self, emails: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.emails.extend(emails.into_iter().map(Into::into));
        self
    }

    /// An e-mail address in exactly this domain, subdomains excluded.
    ///
    /// Outside Google Workspace Google is not the authority for a mailbox; to admit the members of an
    /// organisation, demand their hosted domain instead.
    #[must_use]
    pub fn email_domain(mut self, domain: impl Into<String>) -> Self {
        self.email_domain = Some(domain.into());
        self
    }

    /// This subject (`sub`), which stays the same when an address changes.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// A member of this Google Workspace or Cloud organisation domain (`hd`).
    #[must_use]
    pub fn hosted_domain(mut self, domain: impl Into<String>) -> Self {
        self.hosted_domain = Some(domain.into());
        self
    }

    /// A service account that belongs to this project, given by id; the default accounts of Compute
    /// Engine and Cloud Build carry the project's number instead.
    #[must_use]
    pub fn project(mut self, project: impl Into<String>) -> Self {
        self.project = Some(project.into());
        self
    }

    fn check(&self) -> Result<(), PolicyError> {
        let singles = [&self.email_domain, &self.subject, &self.hosted_domain, &self.project];
        let values = || singles.iter().filter_map(|value| value.as_ref()).chain(&self.emails);
        if values().next().is_none() || values().any(|value| is_blank(value)) {
            return Err(PolicyError::CallersEmpty);
        }
        let is_address = |email: &String| {
            email
                .split_once('@')
                .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'))
        };
        if !self.emails.iter().all(is_address) {
            return Err(PolicyError::EmailMalformed);
        }
        let is_domain = |domain: &&String| domain.contains('.') && !domain.contains('@');
        if ![&self.email_domain, &self.hosted_domain].into_iter().flatten().all(|domain| is_domain(&domain)) {
            return Err(PolicyError::DomainMalformed);
        }
        Ok(())
    }
}

impl Policy {
    /// A policy for the tokens of one issuer, made for this audience, from these callers.
    #[must_use]
    pub const fn new(profile: Profile, audience: Audience, callers: Callers) -> Self {
        Self {
            profile,
            audience,
            callers,
            authorized_parties: Vec::new(),
            nonce: None,
            clock_skew: CLOCK_SKEW_DEFAULT,
        }
    }

    /// Demands that the token was handed to one of these clients (`azp`, OpenID Connect Core section 2).
    ///
    /// # Errors
    ///
    /// [`PolicyError::ExpectationEmpty`] if there is none, or one is empty.
    pub fn with_authorized_parties(
        mut self,
        parties: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, PolicyError> {
        self.authorized_parties = parties.into_iter().map(Into::into).collect();
        if self.authorized_parties.is_empty() || self.authorized_parties.iter().any(|party| is_blank(party)) {
            return Err(PolicyError::ExpectationEmpty);
        }
        Ok(self)
    }

    /// Demands that the token answers the request that carried this nonce (OpenID Connect Core
    /// section 3.1.3.7).
    ///
    /// # Errors
    ///
    /// [`PolicyError::ExpectationEmpty`] if the nonce is empty.
    pub fn with_nonce(mut self, nonce: impl Into<String>) -> Result<Self, PolicyError> {
        let nonce = nonce.into();
        if is_blank(&nonce) {
            return Err(PolicyError::ExpectationEmpty);
        }
        self.nonce = Some(nonce);
        Ok(self)
    }

    /// Forgives clocks that differ by up to this many seconds.
    ///
    /// # Errors
    ///
    /// [`PolicyError::ClockSkewTooLarge`] above [`CLOCK_SKEW_MAX`].
    pub fn with_clock_skew(mut self, seconds: u32) -> Result<Self, PolicyError> {
        if seconds > CLOCK_SKEW_MAX {
            return Err(PolicyError::ClockSkewTooLarge);
        }
        self.clock_skew = seconds;
        Ok(self)
    }

    /// Whose tokens the policy is for.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The audiences that are expected; `None` if any is accepted.
    #[must_use]
    pub fn expected_audiences(&self) -> Option<&[String]> {
        self.audience.expected()
    }

    /// The difference between clocks that is forgiven, in seconds.
    #[must_use]
    pub const fn clock_skew(&self) -> u32 {
        self.clock_skew
    }

    pub(crate) const fn allowed(&self) -> &Allowed {
        &self.callers.0
    }

    pub(crate) fn authorized_parties(&self) -> &[String] {
        &self.authorized_parties
    }

    pub(crate) fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::AudienceEmpty => "the expected audience is empty (is the variable that holds it set?)",
            Self::CallersEmpty => "a caller rule is empty (is the variable that holds it set?)",
            Self::EmailMalformed => "a caller's e-mail address is not of the form NAME@DOMAIN",
            Self::DomainMalformed => "a caller's domain is not of the form EXAMPLE.COM",
            Self::ExpectationEmpty => "an expected nonce or authorized party is empty",
            Self::ClockSkewTooLarge => {
                return write!(formatter, "the clock skew is larger than {CLOCK_SKEW_MAX} seconds");
            }
        };
        formatter.write_str(sentence)
    }
}

impl core::error::Error for PolicyError {}
