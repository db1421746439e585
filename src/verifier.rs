//! The one engine that judges tokens: [`verify`] runs it silently, [`inspect`](crate::inspect) with an
//! observer that writes everything down. They cannot disagree.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::algorithm::Algorithm;
use crate::check::{CheckName, Failure, Outcome, VerifyError};
use crate::claim_checks::check_claim;
use crate::claims::{Claim, Claims, Email, VerifiedToken};
use crate::error::ErrorCode;
use crate::json::{self, JsonError};
use crate::jwk::{JwkSet, VerifyingKey};
use crate::jws::UnverifiedToken;
use crate::material;
use crate::policy::{Allowed, CallerRule, Policy};
use crate::time::UnixTime;
use crate::token_kind::classify;

/// Judges a token by keys that the caller trusts, a policy and the time.
///
/// This is the whole of it: format, algorithm, key, signature, then every claim that the policy's
/// profile and the policy itself ask about. The token chooses neither the key set nor the algorithm.
///
/// # Errors
///
/// A [`VerifyError`] that holds every failure that could be found, the most useful one first.
pub fn verify(
    token: &str,
    keys: &JwkSet,
    policy: &Policy,
    now: UnixTime,
) -> Result<VerifiedToken, VerifyError> {
    let mut failures = Vec::new();
    let verified = judge(token, Ok(keys), policy, now, &mut |_, outcome| {
        if let Outcome::Fail(failure) = outcome {
            failures.push(*failure);
        }
    });
    verified.ok_or(VerifyError { failures })
}

/// Why a token is refused whatever the keys are, so that none need be fetched for it; `None` where
/// keys would have to decide.
#[must_use]
pub fn refusal_without_keys(token: &str, policy: &Policy, now: UnixTime) -> Option<ErrorCode> {
    let mut refusal = None;
    let _ = judge(token, Err(ErrorCode::KeysUnavailable), policy, now, &mut |_, outcome| {
        if let Outcome::Fail(failure) = outcome {
            refusal = refusal.or(Some(failure.code));
        }
    });
    refusal.filter(|code| *code != ErrorCode::KeysUnavailable)
}

/// Judges a token and tells `record` the outcome of every check, in order.
///
/// Without keys the `key` check fails with the code that stands in their place, and all that follows is
/// skipped.
pub(crate) fn judge(
    token: &str,
    keys: Result<&JwkSet, ErrorCode>,
    policy: &Policy,
    now: UnixTime,
    record: &mut dyn FnMut(CheckName, Outcome),
) -> Option<VerifiedToken> {
    let parsed = match parse(token) {
        Ok(parsed) => parsed,
        Err(failure) => return refuse(failure, policy, record),
    };
    let (claims, key) = match examine(&parsed, keys, policy) {
        Ok(examined) => examined,
        Err(failure) => return refuse(failure, policy, record),
    };
    let mut all_passed = true;
    for check in checks(policy) {
        let outcome = match check_claim(check, &claims, policy, now) {
            // Without both its ends, which other checks report, there is no lifetime to judge.
            Ok(()) if check == CheckName::Lifetime && claims.lifetime().is_none() => Outcome::Skipped,
            Ok(()) => Outcome::Pass,
            Err(failure) => {
                all_passed = false;
                Outcome::Fail(failure)
            }
        };
        record(check, outcome);
    }
    // Whoever reads a verified token must find the times and the issuer that were judged.
    if all_passed { trusted(&parsed, &claims, key, policy) } else { None }
}

/// Records a failure that leaves everything after it without meaning.
fn refuse(
    failure: Box<Failure>,
    policy: &Policy,
    record: &mut dyn FnMut(CheckName, Outcome),
) -> Option<VerifiedToken> {
    let failed = failure.check;
    let mut failure = Some(failure);
    for check in checks(policy) {
        let outcome = match check.cmp(&failed) {
            Ordering::Less => Outcome::Pass,
            Ordering::Equal => failure.take().map_or(Outcome::Skipped, Outcome::Fail),
            Ordering::Greater => Outcome::Skipped,
        };
        record(check, outcome);
    }
    None
}

/// The checks that every token undergoes.
const ALWAYS: [CheckName; 11] = [
    CheckName::Format,
    CheckName::Algorithm,
    CheckName::Key,
    CheckName::Signature,
    CheckName::Issuer,
    CheckName::Audience,
    CheckName::Expiry,
    CheckName::IssuedAt,
    CheckName::NotBefore,
    CheckName::Lifetime,
    CheckName::RequiredClaims,
];

/// The checks that a policy asks for, in the order in which they are recorded.
fn checks(policy: &Policy) -> Vec<CheckName> {
    let (one_of, each) = match policy.allowed() {
        Allowed::Any => (false, None),
        Allowed::OneOf(_) => (true, None),
        Allowed::Each(rule) => (false, Some(rule)),
    };
    let demands = |demand: fn(&CallerRule) -> bool| each.is_some_and(demand);
    let asked_for = [
        (one_of, CheckName::Caller),
        (demands(|rule| !rule.emails.is_empty() || rule.email_domain.is_some()), CheckName::Email),
        (demands(|rule| rule.subject.is_some()), CheckName::Subject),
        (demands(|rule| rule.hosted_domain.is_some()), CheckName::HostedDomain),
        (demands(|rule| rule.project.is_some()), CheckName::Project),
        (!policy.authorized_parties().is_empty(), CheckName::AuthorizedParty),
        (policy.nonce().is_some(), CheckName::Nonce),
    ];
    let mut checks = Vec::from(ALWAYS);
    checks.extend(asked_for.into_iter().filter_map(|(asked, check)| asked.then_some(check)));
    checks
}

fn parse(token: &str) -> Result<UnverifiedToken, Box<Failure>> {
    UnverifiedToken::parse(token).map_err(|code| {
        let is_something_else = code == ErrorCode::TokenMalformed && material::recognise(token).is_some();
        Failure::new(CheckName::Format, if is_something_else { ErrorCode::NotAJwt } else { code })
    })
}

/// Everything up to the signature, in order; the first failure leaves the rest without meaning.
fn examine<'p, 'k>(
    parsed: &'p UnverifiedToken,
    keys: Result<&'k JwkSet, ErrorCode>,
    policy: &Policy,
) -> Result<(Claims<'p>, &'k VerifyingKey), Box<Failure>> {
    let claims = json::parse_object(parsed.unverified_payload()).map_err(|error| match error {
        JsonError::DuplicateMember => Failure::new(CheckName::Format, ErrorCode::DuplicateMember),
        _ => Failure::new(CheckName::Format, ErrorCode::ClaimsMalformed),
    })?;
    let algorithm = check_algorithm(parsed, policy)?;
    let key = select_key(parsed, algorithm, keys, policy)?;
    parsed.check_signature(key).map_err(|code| {
        // A key of another type than the token says is a matter of the key, not of the signature.
        let check =
            if code == ErrorCode::AlgorithmNotAllowed { CheckName::Key } else { CheckName::Signature };
        let failure = Failure::new(check, code);
        if check == CheckName::Key {
            failure.expected(&[key.algorithm().as_str()]).found(&parsed.unverified_header().algorithm)
        } else {
            failure
        }
    })?;
    Ok((Claims::new(claims), key))
}

/// RFC 8725 section 3.1: the profile says which algorithms there are; the header is compared with it.
fn check_algorithm(parsed: &UnverifiedToken, policy: &Policy) -> Result<Algorithm, Box<Failure>> {
    let allowed = policy.profile().algorithms();
    let failure = |code| {
        Failure::new(CheckName::Algorithm, code)
            .expected(&allowed.iter().map(|algorithm| algorithm.as_str()).collect::<Vec<_>>())
            .found(&parsed.unverified_header().algorithm)
    };
    match parsed.unverified_algorithm() {
        None => Err(failure(ErrorCode::AlgorithmUnsupported)),
        Some(algorithm) if allowed.contains(&algorithm) => Ok(algorithm),
        Some(_) => Err(failure(ErrorCode::AlgorithmNotAllowed)),
    }
}

fn select_key<'k>(
    parsed: &UnverifiedToken,
    algorithm: Algorithm,
    keys: Result<&'k JwkSet, ErrorCode>,
    policy: &Policy,
) -> Result<&'k VerifyingKey, Box<Failure>> {
    let key_id = parsed.unverified_key_id();
    let failure = |code| {
        let failure = Failure::new(CheckName::Key, code);
        key_id.map_or_else(|| failure.clone(), |key_id| failure.clone().found(key_id))
    };
    if key_id.is_none() && policy.profile().rules().key_id_required {
        return Err(failure(ErrorCode::KeyIdMissing));
    }
    let keys = keys.map_err(failure)?;
    keys.select(key_id, algorithm).map_err(failure)
}

/// What a caller may rely upon, once every check has passed.
fn trusted(
    parsed: &UnverifiedToken,
    claims: &Claims<'_>,
    key: &VerifyingKey,
    policy: &Policy,
) -> Option<VerifiedToken> {
    let text = |claim: Claim<&str>| match claim {
        Claim::Present(text) => Some(String::from(text)),
        Claim::Missing | Claim::Malformed => None,
    };
    let (issued_at, expires_at) = claims.lifetime()?;
    // From the last of the times that must have come, to the first that must not have passed.
    let skew = i64::from(policy.clock_skew());
    let begun = ["iat", "nbf", "auth_time"].into_iter().filter_map(|name| match claims.time(name) {
        Claim::Present(time) => Some(time.ceiling().saturating_sub(skew)),
        Claim::Missing | Claim::Malformed => None,
    });
    let timely = begun.max()?..expires_at.ceiling().saturating_add(skew);
    let (email, email_verified) = match claims.email(policy.profile()) {
        Email::Verified(email) => (Some(String::from(email)), true),
        Email::Unverified(email) => (Some(String::from(email)), false),
        Email::Missing | Email::Malformed => (None, false),
    };
    Some(VerifiedToken {
        // The header tells apart only unsigned tokens and those with shared secrets; this is neither.
        kind: classify(None, claims.object()),
        issuer: text(claims.text("iss"))?,
        subject: text(claims.text("sub")),
        audiences: match claims.audiences() {
            Claim::Present(audiences) => audiences.into_iter().map(String::from).collect(),
            Claim::Missing | Claim::Malformed => return None,
        },
        email,
        email_verified,
        hosted_domain: text(claims.hosted_domain(policy.profile())),
        authorized_party: text(claims.text("azp")),
        issued_at: issued_at.floor(),
        expires_at: expires_at.floor(),
        timely,
        key_id: key.key_id().map(String::from),
        fingerprint: parsed.fingerprint(),
        claims: String::from_utf8(parsed.unverified_payload().to_vec()).ok()?,
    })
}
