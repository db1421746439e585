//! What the claims of a token must say (OpenID Connect Core section 3.1.3.7), once its signature is
//! good. Every check is answered, whatever the others say.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::check::{CheckName, Failure};
use crate::claims::{Claim, Claims, Email, email_domain, service_account_project};
use crate::error::ErrorCode;
use crate::policy::{Allowed, CallerRule, Policy};
use crate::profile::{AudienceForm, RequiredClaim};
use crate::time::UnixTime;

type Verdict = Result<(), Box<Failure>>;

/// One check of the claims of a token whose signature is good.
pub(crate) fn check_claim(check: CheckName, claims: &Claims<'_>, policy: &Policy, now: UnixTime) -> Verdict {
    match check {
        // Settled before the claims were looked at, or no check of this token.
        CheckName::Format | CheckName::Algorithm | CheckName::Key | CheckName::Signature => Ok(()),
        CheckName::Issuer => check_issuer(claims, policy),
        CheckName::Audience => check_audience(claims, policy),
        CheckName::Expiry => check_expiry(claims, policy, now),
        CheckName::IssuedAt => check_begun(check, "iat", ErrorCode::IssuedInFuture, claims, policy, now),
        CheckName::NotBefore => match claims.time("nbf") {
            Claim::Missing => Ok(()),
            _ => check_begun(check, "nbf", ErrorCode::TokenNotYetValid, claims, policy, now),
        },
        CheckName::Lifetime => check_lifetime(claims, policy),
        CheckName::RequiredClaims => check_required_claims(claims, policy, now),
        CheckName::Caller => check_caller(claims, policy),
        CheckName::Email | CheckName::Subject | CheckName::HostedDomain | CheckName::Project => {
            match policy.allowed() {
                Allowed::Each(rule) => check_demand(check, rule, claims, policy),
                Allowed::Any | Allowed::OneOf(_) => Ok(()),
            }
        }
        CheckName::AuthorizedParty => {
            let parties = texts(policy.authorized_parties());
            check_equal(check, "azp", ErrorCode::AuthorizedPartyMismatch, claims.text("azp"), &parties)
        }
        CheckName::Nonce => {
            let nonce = policy.nonce().map_or_else(Vec::new, |nonce| Vec::from([nonce]));
            check_equal(check, "nonce", ErrorCode::NonceMismatch, claims.text("nonce"), &nonce)
        }
    }
}

/// OpenID Connect Core section 3.1.3.7 step 2: exactly the issuer, nothing that looks like it.
fn check_issuer(claims: &Claims<'_>, policy: &Policy) -> Verdict {
    let issuers = texts(policy.profile().issuers());
    check_equal(CheckName::Issuer, "iss", ErrorCode::IssuerMismatch, claims.text("iss"), &issuers)
}

/// OpenID Connect Core section 3.1.3.7 step 3.
fn check_audience(claims: &Claims<'_>, policy: &Policy) -> Verdict {
    let check = CheckName::Audience;
    let audiences = match claims.audiences() {
        Claim::Missing => return Err(Failure::missing(check, "aud")),
        Claim::Malformed => return Err(Failure::malformed(check, "aud")),
        Claim::Present(audiences) => audiences,
    };
    if claims.audience_is_array() && policy.profile().rules().audience_form == AudienceForm::One {
        return Err(Failure::malformed(check, "aud").found(&audiences.join(", ")));
    }
    match policy.expected_audiences() {
        None => Ok(()),
        Some(expected) if expected.iter().any(|expected| audiences.contains(&expected.as_str())) => Ok(()),
        Some(expected) => Err(Failure::new(check, ErrorCode::AudienceMismatch)
            .expected(&texts(expected))
            .found(&audiences.join(", "))),
    }
}

/// OpenID Connect Core section 3.1.3.7 step 9: valid while `now < exp + skew`.
fn check_expiry(claims: &Claims<'_>, policy: &Policy, now: UnixTime) -> Verdict {
    let check = CheckName::Expiry;
    match claims.time("exp") {
        Claim::Missing => Err(Failure::missing(check, "exp")),
        Claim::Malformed => Err(Failure::malformed(check, "exp")),
        Claim::Present(expiry) if expiry.is_after(shifted(now, policy, -1)) => Ok(()),
        Claim::Present(expiry) => {
            Err(Failure::new(check, ErrorCode::TokenExpired).found(&expiry.floor().to_string()))
        }
    }
}

/// `iat` and `nbf` may lie at most the skew ahead.
fn check_begun(
    check: CheckName,
    claim: &'static str,
    code: ErrorCode,
    claims: &Claims<'_>,
    policy: &Policy,
    now: UnixTime,
) -> Verdict {
    match claims.time(claim) {
        Claim::Missing => Err(Failure::missing(check, claim)),
        Claim::Malformed => Err(Failure::malformed(check, claim)),
        Claim::Present(time) if time.is_after(shifted(now, policy, 1)) => {
            Err(Failure::new(check, code).found(&time.floor().to_string()))
        }
        Claim::Present(_) => Ok(()),
    }
}

fn shifted(now: UnixTime, policy: &Policy, direction: i64) -> UnixTime {
    let skew = i64::from(policy.clock_skew()).saturating_mul(direction);
    UnixTime::from_seconds(now.as_seconds().saturating_add(skew))
}

/// What a stolen token is good for must stay bounded by what the issuer gives.
fn check_lifetime(claims: &Claims<'_>, policy: &Policy) -> Verdict {
    let Some((issued, expiry)) = claims.lifetime() else { return Ok(()) };
    let twice_the_skew = i64::from(policy.clock_skew()).saturating_mul(2);
    let longest = policy.profile().lifetime_max();
    if expiry.exceeds(&issued, longest.saturating_add(twice_the_skew)) {
        let lifetime = expiry.floor().as_seconds().saturating_sub(issued.floor().as_seconds());
        return Err(Failure::new(CheckName::Lifetime, ErrorCode::LifetimeTooLong)
            .expected(&[longest.to_string().as_str()])
            .found(&lifetime.to_string()));
    }
    Ok(())
}

fn check_required_claims(claims: &Claims<'_>, policy: &Policy, now: UnixTime) -> Verdict {
    let check = CheckName::RequiredClaims;
    for required in policy.profile().rules().required {
        match *required {
            RequiredClaim::Text { name, characters_max } => match claims.text(name) {
                Claim::Missing => return Err(Failure::missing(check, name)),
                Claim::Present(text) if !text.is_empty() && text.chars().count() <= characters_max => {}
                Claim::Malformed | Claim::Present(_) => return Err(Failure::malformed(check, name)),
            },
            RequiredClaim::PastTime { name } => {
                check_begun(check, name, ErrorCode::IssuedInFuture, claims, policy, now)?;
            }
        }
    }
    Ok(())
}

/// At least one rule must hold. Which of several rules fails for which reason is not told apart, but
/// an address that would be welcome if it were verified is.
fn check_caller(claims: &Claims<'_>, policy: &Policy) -> Verdict {
    let Allowed::OneOf(rules) = policy.allowed() else { return Ok(()) };
    let mut unverified = None;
    for rule in rules {
        match check_rule(rule, claims, policy) {
            Ok(()) => return Ok(()),
            Err(failure) if failure.code == ErrorCode::EmailUnverified => unverified = Some(failure),
            Err(_) => {}
        }
    }
    let caller = match claims.email(policy.profile()) {
        Email::Verified(email) | Email::Unverified(email) => Claim::Present(email),
        Email::Missing | Email::Malformed => claims.text("sub"),
    };
    let code = unverified.map_or(ErrorCode::CallerNotAllowed, |failure| failure.code);
    let failure = Failure::new(CheckName::Caller, code);
    Err(match caller {
        Claim::Present(caller) => failure.found(caller),
        Claim::Missing | Claim::Malformed => failure,
    })
}

fn check_rule(rule: &CallerRule, claims: &Claims<'_>, policy: &Policy) -> Verdict {
    [CheckName::Subject, CheckName::HostedDomain, CheckName::Project, CheckName::Email]
        .into_iter()
        .try_for_each(|check| check_demand(check, rule, claims, policy))
}

/// One demand of a caller rule; what the rule does not demand holds.
fn check_demand(check: CheckName, rule: &CallerRule, claims: &Claims<'_>, policy: &Policy) -> Verdict {
    match check {
        CheckName::Subject => rule.subject.as_deref().map_or(Ok(()), |subject| {
            check_equal(check, "sub", ErrorCode::SubjectMismatch, claims.text("sub"), &[subject])
        }),
        CheckName::HostedDomain => rule.hosted_domain.as_deref().map_or(Ok(()), |domain| {
            match claims.hosted_domain(policy.profile()) {
                // An account without an organisation belongs to another one, in effect.
                Claim::Missing => {
                    Err(Failure::new(check, ErrorCode::HostedDomainMismatch).of("hd").expected(&[domain]))
                }
                Claim::Present(hosted) if hosted.eq_ignore_ascii_case(domain) => Ok(()),
                hosted => check_equal(check, "hd", ErrorCode::HostedDomainMismatch, hosted, &[domain]),
            }
        }),
        CheckName::Email if !rule.emails.is_empty() || rule.email_domain.is_some() => {
            check_email(rule, claims, policy)
        }
        CheckName::Project => rule.project.as_deref().map_or(Ok(()), |project| {
            let email = verified_email(check, claims, policy)?;
            if service_account_project(email) == Some(project) {
                return Ok(());
            }
            Err(Failure::new(check, ErrorCode::ProjectMismatch).expected(&[project]).found(email))
        }),
        _ => Ok(()),
    }
}

fn check_email(rule: &CallerRule, claims: &Claims<'_>, policy: &Policy) -> Verdict {
    let welcome = |email: &str| {
        let listed = rule.emails.is_empty() || rule.emails.iter().any(|expected| expected == email);
        let in_domain = rule
            .email_domain
            .as_deref()
            .is_none_or(|domain| email_domain(email).is_some_and(|found| found.eq_ignore_ascii_case(domain)));
        listed && in_domain
    };
    let domain = rule.email_domain.as_deref().map(|domain| ["*@", domain].concat());
    let expected = || rule.emails.iter().map(String::as_str).chain(domain.as_deref()).collect::<Vec<_>>();
    let mismatch = |email: &str| {
        Failure::new(CheckName::Email, ErrorCode::EmailMismatch).expected(&expected()).found(email)
    };
    match claims.email(policy.profile()) {
        Email::Unverified(email) if !welcome(email) => Err(mismatch(email)),
        _ => {
            let email = verified_email(CheckName::Email, claims, policy)?;
            if welcome(email) { Ok(()) } else { Err(mismatch(email)) }
        }
    }
}

fn verified_email<'c>(
    check: CheckName,
    claims: &'c Claims<'_>,
    policy: &Policy,
) -> Result<&'c str, Box<Failure>> {
    match claims.email(policy.profile()) {
        Email::Missing => Err(Failure::missing(check, "email")),
        Email::Malformed => Err(Failure::malformed(check, "email")),
        Email::Unverified(email) => Err(Failure::new(check, ErrorCode::EmailUnverified).found(email)),
        Email::Verified(email) => Ok(email),
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// A text claim that must equal one of the expected texts, byte by byte.
fn check_equal(
    check: CheckName,
    name: &'static str,
    mismatch: ErrorCode,
    claim: Claim<&str>,
    expected: &[&str],
) -> Verdict {
    match claim {
        Claim::Missing => Err(Failure::missing(check, name).expected(expected)),
        Claim::Malformed => Err(Failure::malformed(check, name).expected(expected)),
        Claim::Present(found) if expected.contains(&found) => Ok(()),
        Claim::Present(found) => Err(Failure::new(check, mismatch).expected(expected).found(found)),
    }
}
