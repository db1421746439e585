//! The questions that are asked of a token, and the answers that refuse it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::ErrorCode;

/// The name of a question that is asked of a token, in the order of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CheckName {
    /// Are there three parts, canonical base64url, a JOSE header and a JSON object of claims?
    Format,
    /// Is it an algorithm that this issuer signs with?
    Algorithm,
    /// Is there exactly one trusted key for it?
    Key,
    /// Did that key sign this header and payload?
    Signature,
    /// Was it issued by the profile's issuer (`iss`)?
    Issuer,
    /// Was it made for us (`aud`)?
    Audience,
    /// Is there time left (`exp`)?
    Expiry,
    /// Was it issued in the past (`iat`)?
    IssuedAt,
    /// Has its time begun (`nbf`)?
    NotBefore,
    /// Is its lifetime one that this issuer gives (`exp` − `iat`)?
    Lifetime,
    /// Are the other claims there that this issuer always sends?
    RequiredClaims,
    /// Does at least one of the caller rules hold?
    Caller,
    /// Does it speak for one of the expected, verified addresses (`email`)?
    Email,
    /// Does it speak for the expected subject (`sub`)?
    Subject,
    /// Does the caller belong to the expected organisation domain (`hd`)?
    HostedDomain,
    /// Is the caller a service account of the expected project?
    Project,
    /// Was it handed to one of the expected clients (`azp`)?
    AuthorizedParty,
    /// Does it answer the expected request (`nonce`)?
    Nonce,
}

impl CheckName {
    /// The stable name, in `snake_case`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Expiry => "expiry",
            Self::IssuedAt => "issued_at",
            Self::NotBefore => "not_before",
            Self::Lifetime => "lifetime",
            Self::RequiredClaims => "required_claims",
            Self::Caller => "caller",
            Self::Email => "email",
            Self::Subject => "subject",
            Self::HostedDomain => "hosted_domain",
            Self::Project => "project",
            Self::AuthorizedParty => "authorized_party",
            Self::Nonce => "nonce",
        }
    }
}

/// One check that a token did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The check.
    pub check: CheckName,
    /// Why it failed.
    pub code: ErrorCode,
    /// The claim that is missing or malformed, where that is the reason.
    pub claim: Option<&'static str>,
    /// What was expected; several values mean any of them.
    pub expected: Vec<String>,
    /// What the token says instead; **untrusted text**.
    pub found: Option<String>,
}

/// What became of one check.
pub(crate) enum Outcome {
    Fail(Box<Failure>),
    Pass,
    Skipped,
}

/// Made where a check fails, which is rare: in a box, and `cold`, it is out of the way of good tokens.
impl Failure {
    #[cold]
    pub(crate) fn new(check: CheckName, code: ErrorCode) -> Box<Self> {
        Box::new(Self { check, code, claim: None, expected: Vec::new(), found: None })
    }

    #[cold]
    pub(crate) fn missing(check: CheckName, claim: &'static str) -> Box<Self> {
        Self::new(check, ErrorCode::ClaimMissing).of(claim)
    }

    #[cold]
    pub(crate) fn malformed(check: CheckName, claim: &'static str) -> Box<Self> {
        Self::new(check, ErrorCode::ClaimMalformed).of(claim)
    }

    #[cold]
    pub(crate) fn of(mut self: Box<Self>, claim: &'static str) -> Box<Self> {
        self.claim = Some(claim);
        self
    }

    #[cold]
    pub(crate) fn expected(mut self: Box<Self>, expected: &[&str]) -> Box<Self> {
        self.expected = expected.iter().map(|expected| String::from(*expected)).collect();
        self
    }

    #[cold]
    pub(crate) fn found(mut self: Box<Self>, found: &str) -> Box<Self> {
        self.found = Some(String::from(found));
        self
    }
}

/// Why a token was refused: every failure that could be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    pub(crate) failures: Vec<Failure>,
}

impl VerifyError {
    /// The code of the first failure in the order of the checks.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.failures.first().map_or(ErrorCode::TokenMalformed, |failure| failure.code)
    }

    /// The failures in the order of the checks; never empty.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code().sentence())
    }
}

impl core::error::Error for VerifyError {}
