//! The report on a token: every check with its outcome, its reason and the next step.
//!
//! `verify` accepts a token exactly when its report says `verified`: both run the same engine.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::check::{CheckName, Failure, Outcome};
use crate::claims::{Claim, Claims};
use crate::decode::Parts;
use crate::diagnosis::{Advice, Situation, explain};
use crate::error::ErrorCode;
use crate::evidence::{evidence, skipped_message};
use crate::json::Object;
use crate::jwk::{JwkSet, KeySetError, VerifyingKey};
use crate::jws::{self, UnverifiedToken};
use crate::material;
use crate::notes;
use crate::policy::Policy;
use crate::time::UnixTime;
use crate::token_kind::{TokenKind, classify, suggested_profile};
use crate::verifier::judge;

mod json;

/// The outcome for the token as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At least one check failed.
    Rejected,
    /// Nothing could be decided, because the keys could not be had or nobody asked.
    Undecided,
    /// Every check passed.
    Verified,
}

/// The outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The token did not pass.
    Fail,
    /// The token passed.
    Pass,
    /// An earlier failure left nothing to judge.
    Skipped,
}

/// One check of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The question that was asked.
    pub check: CheckName,
    /// Its outcome.
    pub status: Status,
    /// The reason of a failure.
    pub code: Option<ErrorCode>,
    /// What was expected; several values mean any of them.
    pub expected: Vec<String>,
    /// What the token says; **untrusted text** unless the report says `verified`.
    pub found: Option<String>,
    /// The outcome in a sentence, fit to be shown: hostile characters in it are escaped.
    pub message: String,
    /// What to do next, after a failure.
    pub hint: Option<String>,
}

/// Something worth knowing that is no check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// A stable name, in `snake_case`.
    pub note: &'static str,
    /// The note in a sentence, fit to be shown.
    pub message: String,
}

/// Where the keys came from. A key that the token brought or pointed to is never used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySource {
    /// How they were had.
    pub from: KeyOrigin,
    /// The address they were fetched from, if they were.
    pub url: Option<String>,
    /// When they were fetched, if they were.
    pub fetched_at: Option<UnixTime>,
    /// Until when the endpoint's freshness headers let them be used without asking again.
    pub expires_at: Option<UnixTime>,
}

/// How keys were had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyOrigin {
    /// From a copy on disk that an earlier run fetched.
    DiskCache,
    /// They were given with the token.
    Given,
    /// From the endpoint, or from memory since it was last asked.
    Url,
}

/// The keys that a token is to be judged by, and where they came from.
#[derive(Clone, Debug)]
pub struct KeysAtHand<'a> {
    keys: Result<&'a JwkSet, ErrorCode>,
    source: Option<KeySource>,
    problem: Option<String>,
}

/// Everything that can be said about a token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The outcome for the token as a whole.
    pub verdict: Verdict,
    /// The failure most useful to the caller.
    pub code: Option<ErrorCode>,
    /// What the text is.
    pub kind: TokenKind,
    /// Every check that was asked for, in order.
    pub checks: Vec<Check>,
    /// The header as JSON text; **untrusted**.
    pub header: Option<String>,
    /// The claims as JSON text; **untrusted** unless the verdict is [`Verdict::Verified`].
    pub claims: Option<String>,
    /// Who, for whom, since when and until when, in words fit to be shown.
    pub summary: Summary,
    /// The key that the signature was checked with.
    pub key: Option<KeyFacts>,
    /// The id of the key that the header names; **untrusted text**.
    pub key_id: Option<String>,
    /// The `exp` claim, rounded down to whole seconds; **untrusted** unless verified.
    pub expires_at: Option<UnixTime>,
    /// A short name for the token that can stand in logs.
    pub fingerprint: Option<String>,
    /// Where the keys came from.
    pub key_source: Option<KeySource>,
    /// What else is worth knowing.
    pub notes: Vec<Note>,
}

/// The main claims in words; **unverified** unless the report's verdict is [`Verdict::Verified`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Whom the token speaks for.
    pub caller: Option<String>,
    /// Whom it was made for.
    pub audience: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When it was issued.
    pub issued: Option<String>,
    /// When it expires, or expired.
    pub expires: Option<String>,
    /// The profile that verifies tokens of its kind: a suggestion, taken from the token itself.
    pub suggested_profile: Option<String>,
}

/// The key that a signature was checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFacts {
    /// Its id, if it has one.
    pub key_id: Option<String>,
    /// Its algorithm.
    pub algorithm: &'static str,
    /// Its size in bits.
    pub bits: u32,
    /// Its RFC 7638 thumbprint.
    pub thumbprint: String,
}

/// Judges a token as [`verify`](crate::verify) does, and reports every check.
///
/// The report of a bad token is a value like any other; nothing here fails.
#[must_use]
pub fn inspect(token: &str, keys: &KeysAtHand<'_>, policy: &Policy, now: UnixTime) -> Report {
    let mut outcomes = Vec::new();
    let verified =
        judge(token, keys.keys, policy, now, &mut |check, outcome| outcomes.push((check, outcome)));
    let parts = Parts::of(token);
    let mut report = look_at(token, &parts, now);
    let claims = parts.claims().map(Claims::new);
    let situation = Situation {
        token,
        parts: &parts,
        claims: claims.as_ref(),
        kind: report.kind,
        policy,
        now,
        keys: keys.keys.ok(),
        keys_problem: keys.problem.as_deref(),
    };
    let failure = outcomes.iter().find_map(|(_, outcome)| match outcome {
        Outcome::Fail(failure) => Some(failure),
        Outcome::Pass | Outcome::Skipped => None,
    });
    let failed = failure.map(|failure| failure.check);
    report.code = failure.map(|failure| failure.code);
    report.verdict = match failed {
        None if verified.is_some() => Verdict::Verified,
        // The token came as far as the keys, and there were none.
        Some(CheckName::Key) if keys.keys.is_err() && report.code != Some(ErrorCode::KeyIdMissing) => {
            Verdict::Undecided
        }
        _ => Verdict::Rejected,
    };
    let key_was_found = failed.is_none_or(|failed| failed > CheckName::Key);
    let key = used_key(token, keys, policy).filter(|_| key_was_found);
    report.checks = outcomes
        .into_iter()
        .map(|(check, outcome)| match outcome {
            Outcome::Pass => evidence(check, &situation, key),
            Outcome::Fail(failure) => failed_check(*failure, &situation),
            Outcome::Skipped => Check {
                status: Status::Skipped,
                message: failed.map(|failed| skipped_message(check, failed)).unwrap_or_default(),
                ..Check::passed(check)
            },
        })
        .collect();
    report.key = key.map(KeyFacts::of);
    report.key_source.clone_from(&keys.source);
    report.notes.extend(notes::about_policy(policy));
    report
}

/// Says what a text is and shows what a token says, **without verifying anything**.
///
/// The verdict is always [`Verdict::Undecided`], and there are no checks.
#[must_use]
pub fn decode(token: &str, now: UnixTime) -> Report {
    look_at(token, &Parts::of(token), now)
}

fn look_at(token: &str, parts: &Parts<'_>, now: UnixTime) -> Report {
    let header = parts.header();
    let claims = parts.claims();
    let kind = match (&header, &claims) {
        (Some(header), Some(claims)) => classify(Some(header), claims),
        _ => material::recognise(token).unwrap_or(TokenKind::Unknown),
    };
    let expires_at = claims.clone().and_then(|claims| match Claims::new(claims).time("exp") {
        Claim::Present(expiry) => Some(expiry.floor()),
        Claim::Missing | Claim::Malformed => None,
    });
    Report {
        verdict: Verdict::Undecided,
        code: None,
        kind,
        checks: Vec::new(),
        key_id: header.as_ref().and_then(|header| header.string("kid")).map(String::from),
        notes: notes::about_token(header.as_ref(), parts.signature),
        summary: claims.as_ref().map(|claims| Summary::of(kind, claims, now)).unwrap_or_default(),
        header: header.as_ref().map(text_of),
        claims: claims.as_ref().map(text_of),
        key: None,
        expires_at,
        fingerprint: match parts.signing_input {
            Some(signing_input) => Some(jws::fingerprint(signing_input)),
            None if token.trim().is_empty() => None,
            None => Some(jws::fingerprint(token)),
        },
        key_source: None,
    }
}

fn text_of(object: &Object<'_>) -> String {
    let mut text = String::new();
    object.write(&mut text);
    text
}

fn failed_check(failure: Failure, situation: &Situation<'_>) -> Check {
    let Advice { message, hint } = explain(&failure, situation);
    Check {
        check: failure.check,
        status: Status::Fail,
        code: Some(failure.code),
        expected: failure.expected,
        found: failure.found,
        message,
        hint: Some(hint),
    }
}

/// The key that the engine selected, for a token that came so far.
fn used_key<'k>(token: &str, keys: &KeysAtHand<'k>, policy: &Policy) -> Option<&'k VerifyingKey> {
    let parsed = UnverifiedToken::parse(token).ok()?;
    let algorithm = parsed.unverified_algorithm()?;
    let key_id = parsed.unverified_key_id();
    if key_id.is_none() && policy.profile().rules().key_id_required {
        return None;
    }
    keys.keys.ok()?.select(key_id, algorithm).ok()
}

impl<'a> KeysAtHand<'a> {
    /// Keys that the caller gave.
    #[must_use]
    pub const fn given(keys: &'a JwkSet) -> Self {
        let source = KeySource { from: KeyOrigin::Given, url: None, fetched_at: None, expires_at: None };
        Self { keys: Ok(keys), source: Some(source), problem: None }
    }

    /// Keys from somewhere else.
    #[must_use]
    pub const fn from_source(keys: &'a JwkSet, source: KeySource) -> Self {
        Self { keys: Ok(keys), source: Some(source), problem: None }
    }

    /// No keys: the document that was to hold them cannot be read.
    #[must_use]
    pub fn unreadable(error: KeySetError) -> Self {
        Self { keys: Err(error.code()), source: None, problem: Some(error.to_string()) }
    }

    /// No keys: they could not be had, for the reason given in words that can follow "because".
    #[must_use]
    pub fn unavailable(problem: impl Into<String>) -> Self {
        Self { keys: Err(ErrorCode::KeysUnavailable), source: None, problem: Some(problem.into()) }
    }
}

impl KeyFacts {
    fn of(key: &VerifyingKey) -> Self {
        Self {
            key_id: key.key_id().map(String::from),
            algorithm: key.algorithm().as_str(),
            bits: key.bits(),
            thumbprint: key.thumbprint(),
        }
    }
}

impl Check {
    /// A check that passed and has nothing to show for it yet.
    pub(crate) const fn passed(check: CheckName) -> Self {
        Self {
            check,
            status: Status::Pass,
            code: None,
            expected: Vec::new(),
            found: None,
            message: String::new(),
            hint: None,
        }
    }
}

impl Note {
    pub(crate) fn new(note: &'static str, message: &str) -> Self {
        Self { note, message: String::from(message) }
    }
}

impl Summary {
    fn of(kind: TokenKind, claims: &Object<'_>, now: UnixTime) -> Self {
        let suggested_profile = suggested_profile(kind, claims).map(|profile| profile.to_string());
        let claims = Claims::new(claims.clone());
        let text = |name| match claims.text(name) {
            Claim::Present(text) => Some(crate::visible::visible(text)),
            Claim::Missing | Claim::Malformed => None,
        };
        let time = |name| match claims.time(name) {
            Claim::Present(time) => Some(format!("{} ({})", time.floor().relative_to(now), time.floor())),
            Claim::Missing | Claim::Malformed => None,
        };
        let audience = match claims.audiences() {
            Claim::Present(audiences) => Some(crate::visible::visible(&audiences.join(", "))),
            Claim::Missing | Claim::Malformed => None,
        };
        Self {
            caller: text("email").or_else(|| text("sub")),
            audience,
            issuer: text("iss"),
            issued: time("iat"),
            expires: time("exp"),
            suggested_profile,
        }
    }
}

impl Verdict {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Undecided => "undecided",
            Self::Verified => "verified",
        }
    }
}

impl Status {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Pass => "pass",
            Self::Skipped => "skipped",
        }
    }
}

impl KeyOrigin {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DiskCache => "disk_cache",
            Self::Given => "given",
            Self::Url => "url",
        }
    }
}
