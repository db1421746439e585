//! What a failure most probably means, and what to do about it: a table from symptom to sentence.

use alloc::format;
use alloc::string::{String, ToString};

use crate::audience_difference;
use crate::check::{CheckName, Failure};
use crate::claims::{Claim, Claims};
use crate::decode::Parts;
use crate::error::ErrorCode;
use crate::json::Value;
use crate::jwk::JwkSet;
use crate::material;
use crate::policy::Policy;
use crate::time::{NumericDate, UnixTime, duration_in_words};
use crate::token_kind::{TokenKind, suggested_profile};
use crate::visible::visible;

/// All that is known when a failure is explained; what comes from the token is **untrusted**.
pub(crate) struct Situation<'a> {
    pub(crate) token: &'a str,
    pub(crate) parts: &'a Parts<'a>,
    pub(crate) claims: Option<&'a Claims<'a>>,
    pub(crate) kind: TokenKind,
    pub(crate) policy: &'a Policy,
    pub(crate) now: UnixTime,
    pub(crate) keys: Option<&'a JwkSet>,
    /// Why the keys could not be had, if they could not.
    pub(crate) keys_problem: Option<&'a str>,
}

/// What happened, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// A symptom and what it means.
struct Diagnosis {
    /// The codes with which the symptom shows.
    codes: &'static [ErrorCode],
    /// The advice, if the symptom is there.
    says: fn(&Failure, &Situation<'_>) -> Option<Advice>,
}

/// Milliseconds of any time since 1973 have at least so many digits, and so many seconds no token lives.
const MILLISECONDS_DIGITS: usize = 12;

/// Seconds by which Google's Node and Java libraries forgive an expired token.
const NODE_SKEW: u64 = 300;

/// Bytes of an RS256 signature by the 2048-bit keys that Google signs with.
const RSA_2048_SIGNATURE_BYTES: usize = 256;

static DIAGNOSES: [Diagnosis; 27] = [
    Diagnosis { codes: &[ErrorCode::NotAJwt], says: something_else },
    Diagnosis { codes: &[ErrorCode::TokenMalformed], says: nothing_there },
    Diagnosis { codes: &[ErrorCode::TokenMalformed], says: parts_missing },
    Diagnosis { codes: &[ErrorCode::Base64Invalid], says: spelled_wrongly },
    Diagnosis { codes: &[ErrorCode::Base64Invalid, ErrorCode::SignatureInvalid], says: signature_cut_off },
    Diagnosis { codes: &[ErrorCode::AlgorithmUnsupported], says: unsigned },
    Diagnosis { codes: &[ErrorCode::AlgorithmUnsupported], says: shared_secret },
    Diagnosis { codes: &[ErrorCode::KeyUnusable, ErrorCode::DuplicateMember], says: key_set_aside },
    Diagnosis {
        codes: &[ErrorCode::KeysUnavailable, ErrorCode::JwksMalformed, ErrorCode::DuplicateMember],
        says: keys_out_of_reach,
    },
    Diagnosis { codes: &[ErrorCode::IssuerMismatch], says: issuer_slash },
    Diagnosis {
        codes: &[
            ErrorCode::IssuerMismatch,
            ErrorCode::KeyNotFound,
            ErrorCode::AlgorithmNotAllowed,
            ErrorCode::KeyIdMissing,
        ],
        says: wrong_kind,
    },
    Diagnosis {
        codes: &[
            ErrorCode::IssuerMismatch,
            ErrorCode::KeyNotFound,
            ErrorCode::AlgorithmNotAllowed,
            ErrorCode::KeyIdMissing,
        ],
        says: another_profile,
    },
    Diagnosis { codes: &[ErrorCode::KeyNotFound], says: key_rotated_away },
    Diagnosis { codes: &[ErrorCode::KeyNotFound], says: key_unknown },
    Diagnosis { codes: &[ErrorCode::IssuerMismatch], says: issuer_named },
    Diagnosis { codes: &[ErrorCode::ClaimMalformed], says: milliseconds },
    Diagnosis { codes: &[ErrorCode::ClaimMalformed], says: audience_list },
    Diagnosis { codes: &[ErrorCode::ClaimMissing], says: never_expires },
    Diagnosis { codes: &[ErrorCode::ClaimMissing], says: email_left_out },
    Diagnosis { codes: &[ErrorCode::ClaimMissing, ErrorCode::ClaimMalformed], says: claim_named },
    Diagnosis { codes: &[ErrorCode::AudienceMismatch], says: other_audience },
    Diagnosis { codes: &[ErrorCode::TokenExpired], says: expired },
    Diagnosis { codes: &[ErrorCode::IssuedInFuture, ErrorCode::TokenNotYetValid], says: from_the_future },
    Diagnosis { codes: &[ErrorCode::LifetimeTooLong], says: lives_too_long },
    Diagnosis { codes: &[ErrorCode::EmailUnverified], says: unverified_email },
    Diagnosis { codes: &[ErrorCode::HostedDomainMismatch], says: no_hosted_domain },
    Diagnosis { codes: &[], says: expected_and_found },
];

/// The most telling explanation of a failure.
pub(crate) fn explain(failure: &Failure, situation: &Situation<'_>) -> Advice {
    DIAGNOSES
        .iter()
        .filter(|diagnosis| diagnosis.codes.is_empty() || diagnosis.codes.contains(&failure.code))
        .find_map(|diagnosis| (diagnosis.says)(failure, situation))
        .unwrap_or_else(|| Advice {
            message: String::from(failure.code.sentence()),
            hint: String::from(failure.code.hint()),
        })
}

#[expect(clippy::unnecessary_wraps, reason = "every row of the table has this form")]
fn advice(message: impl Into<String>, hint: impl Into<String>) -> Option<Advice> {
    Some(Advice { message: message.into(), hint: hint.into() })
}

fn something_else(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let kind = material::recognise(situation.token)?;
    let secret = if kind.is_secret() { " Whoever has this secret can use it." } else { "" };
    advice(format!("This is {}.{secret}", kind.title()), kind.next_step())
}

fn nothing_there(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    if !situation.token.trim().is_empty() {
        return None;
    }
    advice("There is no token.", "Check that the variable or the header that should hold it is set.")
}

fn parts_missing(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    match situation.token.matches('.').count() {
        0 if situation.token.starts_with("eyJ") => advice(
            "The token is cut off: only its header is there.",
            "Copy the whole token again: header, payload and signature, with the two dots between them.",
        ),
        1 => advice(
            "The token is cut off: it has two of its three parts, and the signature is missing.",
            "Copy the token again from where it was issued; many logs cut long lines.",
        ),
        dots if dots > 2 => advice(
            format!("The text has {} parts instead of three.", dots.saturating_add(1)),
            "Pass the token alone, without anything before or behind it.",
        ),
        _ => None,
    }
}

fn spelled_wrongly(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    const FRESH: &str = "Pass the token on exactly as it was issued.";
    if situation.token.contains('=') {
        return advice("The token is padded with =, which RFC 7515 forbids.", FRESH);
    }
    if situation.token.contains(['+', '/']) {
        return advice(
            "The token is in the standard base64 alphabet (+ and /) instead of base64url (- and _).",
            FRESH,
        );
    }
    if situation.token.contains(char::is_whitespace) {
        return advice("There is white space inside the token.", FRESH);
    }
    None
}

fn signature_cut_off(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let signature = situation.parts.signature?;
    // Three quarters of the characters, whether they decode or not.
    let bytes = signature.len().saturating_mul(3).checked_div(4)?;
    let is_rsa = situation.parts.header()?.string("alg") == Some("RS256");
    if !is_rsa || bytes >= RSA_2048_SIGNATURE_BYTES {
        return None;
    }
    advice(
        format!(
            "The token is cut off: its signature has {bytes} bytes, and an RS256 signature by Google has {RSA_2048_SIGNATURE_BYTES} (342 characters)."
        ),
        "Copy the token again from where it was issued; many logs cut long lines.",
    )
}

fn unsigned(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let header = situation.parts.header()?;
    if !header.string("alg")?.trim().eq_ignore_ascii_case("none") {
        return None;
    }
    advice(
        "The token is not signed (alg none), so everybody can have written it. Google issues none like it; the Firebase emulator does.",
        "Get a token from the real issuer, or accept such tokens only where the emulator is used.",
    )
}

fn shared_secret(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let header = situation.parts.header()?;
    let algorithm = header.string("alg").filter(|algorithm| algorithm.starts_with("HS"))?;
    advice(
        format!(
            "The token is signed with a shared secret ({}), which Google never does.",
            visible(algorithm)
        ),
        "It was made by your own code, or by somebody who hopes that a public key is taken for the secret. Get a token from Google.",
    )
}

fn key_set_aside(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let key_id = failure.found.as_deref().filter(|_| failure.check == CheckName::Key);
    let reason = situation.keys?.set_aside_reason(key_id)?;
    advice(
        format!("The key {} may not be used: {reason}.", visible(key_id.unwrap_or_default())),
        failure.code.hint(),
    )
}

fn keys_out_of_reach(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let problem = visible(situation.keys_problem.filter(|_| failure.check == CheckName::Key)?);
    advice(format!("The keys could not be had: {problem}."), failure.code.hint())
}

fn issuer_slash(failure: &Failure, _: &Situation<'_>) -> Option<Advice> {
    let found = failure.found.as_deref()?;
    let bare = found.trim_end_matches('/');
    if bare == found || !failure.expected.iter().any(|issuer| issuer == bare) {
        return None;
    }
    advice(
        format!("The issuer {} differs from the expected one by the slash at its end.", visible(found)),
        "Google's ID tokens have no slash there; find out who made this token.",
    )
}

/// Kinds that no choice of profile makes acceptable.
fn wrong_kind(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let kind = situation.kind;
    let never = matches!(
        kind,
        TokenKind::FirebaseCustomToken
            | TokenKind::ServiceAccountAssertion
            | TokenKind::ServiceAccountAccessJwt
            | TokenKind::WalletLink
            | TokenKind::RiscEvent
            | TokenKind::GithubActionsToken
            | TokenKind::LookAlikeToken
            | TokenKind::FirebasePhoneNumberToken
            | TokenKind::ExternalToken
    );
    let is_expected =
        suggested_profile(kind, situation.claims?.object()).as_ref() == Some(situation.policy.profile());
    if !never || is_expected {
        return None;
    }
    let issuer = situation.claims.map(|claims| claims.text("iss"));
    let issuer = match issuer {
        Some(Claim::Present(issuer)) => format!(" Its issuer is {}.", visible(issuer)),
        _ => String::new(),
    };
    advice(format!("This is {}.{issuer}", kind.title()), kind.next_step())
}

/// Good tokens of another issuer than the profile's.
fn another_profile(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let profile = suggested_profile(situation.kind, situation.claims?.object())?;
    let chosen = situation.policy.profile();
    if profile == *chosen {
        return None;
    }
    advice(
        format!(
            "This is {}, and the profile {} is for other tokens, signed with other keys.",
            situation.kind.title(),
            visible(&chosen.to_string()),
        ),
        format!(
            "If that is the token you expect, verify it with the profile {}.",
            visible(&profile.to_string())
        ),
    )
}

fn key_rotated_away(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let Claim::Present(expiry) = situation.claims?.time("exp") else { return None };
    if expiry.is_after(situation.now) {
        return None;
    }
    let age = expiry.floor().relative_to(situation.now);
    advice(
        format!(
            "The key that the token names is no longer published, and the token expired {age}: the issuer has changed its keys since."
        ),
        "Get a fresh token. To look at this one, give the keys of its day.",
    )
}

fn key_unknown(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let key_id = failure.found.as_deref()?;
    let known = situation.keys.map_or(0, |keys| keys.keys().len());
    advice(
        format!("The token names the key {}, which is not among the {known} at hand.", visible(key_id)),
        "If the keys were given or cached, fetch them again: the issuer may have changed them. Otherwise the token is not this issuer's.",
    )
}

fn issuer_named(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let found = failure.found.as_deref()?;
    advice(
        format!(
            "The token was issued by {}, but the profile {} expects {}.",
            visible(found),
            visible(&situation.policy.profile().to_string()),
            failure.expected.join(" or "),
        ),
        failure.code.hint(),
    )
}

fn milliseconds(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let claim = failure.claim?;
    let Some(Value::Number(digits)) = situation.claims?.object().member(claim) else { return None };
    if !matches!(claim, "exp" | "iat" | "nbf" | "auth_time")
        || digits.bytes().take_while(u8::is_ascii_digit).count() < MILLISECONDS_DIGITS
    {
        return None;
    }
    advice(
        format!("{claim} is {digits}, which looks like milliseconds."),
        "Write it in whole seconds since 1970 (RFC 7519 section 2).",
    )
}

fn audience_list(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    if failure.claim != Some("aud") || !situation.claims?.audience_is_array() {
        return None;
    }
    advice(
        format!(
            "aud is a list, and tokens of the profile {} name one audience.",
            visible(&situation.policy.profile().to_string())
        ),
        "Check who minted the token: Google writes one string here.",
    )
}

fn never_expires(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    if failure.claim != Some("exp") || situation.kind != TokenKind::RiscEvent {
        return None;
    }
    advice(
        "Security events have no exp; that is no fault of theirs, but no ID token either.",
        situation.kind.next_step(),
    )
}

fn email_left_out(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    if failure.claim != Some("email") {
        return None;
    }
    match situation.kind {
        TokenKind::GoogleServiceAccountIdToken | TokenKind::GoogleComputeEngineIdToken => advice(
            "The token does not carry the service account's e-mail address.",
            "Mint it with includeEmail: true (IAM Credentials; gcloud: --include-email) or format=full (metadata server).",
        ),
        _ => advice(
            "The token does not carry an e-mail address.",
            "Ask for the scope email at sign-in, or decide by subject.",
        ),
    }
}

fn claim_named(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let claim = failure.claim?;
    if failure.code == ErrorCode::ClaimMissing {
        return advice(format!("The claim {claim} is missing."), failure.code.hint());
    }
    let value = situation.claims.and_then(|claims| claims.object().member(claim));
    let is = match value {
        Some(Value::String(_)) if matches!(claim, "exp" | "iat" | "nbf" | "auth_time") => {
            "a string instead of a number"
        }
        Some(Value::String(text)) if text.is_empty() => "an empty string",
        Some(Value::String(_)) => "a string that is too long",
        Some(Value::Number(_)) if matches!(claim, "exp" | "iat" | "nbf" | "auth_time") => "out of range",
        Some(Value::Number(_)) => "a number",
        Some(Value::Bool(_)) => "true or false",
        Some(Value::Null) => "null",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
        None => return None,
    };
    advice(format!("The claim {claim} is {is}, which no token of this issuer has."), failure.code.hint())
}

fn other_audience(failure: &Failure, _: &Situation<'_>) -> Option<Advice> {
    let (message, hint) = audience_difference::explain(&failure.expected, failure.found.as_deref()?);
    advice(message, hint)
}

fn expired(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let Claim::Present(expiry) = situation.claims?.time("exp") else { return None };
    let expiry = expiry.floor();
    let age = situation.now.as_seconds().abs_diff(expiry.as_seconds());
    let message = format!("The token expired {} ({expiry}).", expiry.relative_to(situation.now));
    if age > NODE_SKEW {
        return advice(message, ErrorCode::TokenExpired.hint());
    }
    advice(
        format!(
            "{message} Google's Node and Java libraries would still take it, those for Python and Go would not."
        ),
        "Get a fresh token, some minutes before the old one expires.",
    )
}

fn from_the_future(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let claim = match failure.check {
        CheckName::NotBefore => "nbf",
        CheckName::IssuedAt => "iat",
        _ => "auth_time",
    };
    let Claim::Present(time) = situation.claims?.time(claim) else { return None };
    let ahead = duration_in_words(time.floor().as_seconds().abs_diff(situation.now.as_seconds()));
    let what = if claim == "nbf" { "becomes valid" } else { "was issued" };
    advice(
        format!("By this clock the token {what} {ahead} in the future ({claim} {}).", time.floor()),
        format!(
            "Set this machine's clock by NTP: it is behind the issuer's. Up to {} seconds are forgiven.",
            situation.policy.clock_skew()
        ),
    )
}

fn lives_too_long(_: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let (issued, expiry) = situation.claims?.lifetime()?;
    let seconds = |time: &NumericDate| time.floor().as_seconds();
    let lifetime = duration_in_words(seconds(&expiry).abs_diff(seconds(&issued)));
    let allowed = duration_in_words(situation.policy.profile().lifetime_max().unsigned_abs());
    advice(
        format!(
            "The token lives for {lifetime} from iat to exp; tokens of the profile {} live for {allowed} at most.",
            visible(&situation.policy.profile().to_string())
        ),
        "Check who minted the token. Google's token endpoint refuses longer assertions too (\"must be a short-lived token\").",
    )
}

fn unverified_email(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let claims = situation.claims?;
    let email = visible(failure.found.as_deref().unwrap_or_default());
    match claims.object().member("email_verified") {
        Some(Value::String(_)) => advice(
            format!("email_verified is a text, not true, so nobody vouches for {email}."),
            "The claims come from a debugging endpoint or from somebody else than Google: real ID tokens hold the boolean true.",
        ),
        None => advice(
            format!("The token does not say that {email} was verified."),
            "Decide by subject (sub) instead of by e-mail address.",
        ),
        Some(_) => advice(
            format!("The issuer says that {email} was not verified: anyone could have signed up with it."),
            "Decide by subject (sub), or have the caller verify the address first.",
        ),
    }
}

fn no_hosted_domain(failure: &Failure, situation: &Situation<'_>) -> Option<Advice> {
    let domain = failure.expected.first()?;
    if failure.found.is_some() {
        return None;
    }
    let whose = match situation.kind {
        TokenKind::GoogleServiceAccountIdToken | TokenKind::GoogleComputeEngineIdToken => {
            "Service accounts have none"
        }
        _ => "Consumer accounts have none, whatever their address",
    };
    advice(
        format!("The token names no hosted domain (hd), and {} is expected. {whose}.", visible(domain)),
        failure.code.hint(),
    )
}

fn expected_and_found(failure: &Failure, _: &Situation<'_>) -> Option<Advice> {
    let found = failure.found.as_deref()?;
    if failure.expected.is_empty() {
        return advice(format!("{} It is {}.", failure.code.sentence(), visible(found)), failure.code.hint());
    }
    let expected = failure.expected.join(" or ");
    advice(
        format!("{} It is {}; expected is {}.", failure.code.sentence(), visible(found), visible(&expected)),
        failure.code.hint(),
    )
}
