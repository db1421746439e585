//! What a passed check rests upon, in a sentence.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::check::CheckName;
use crate::claims::{Claim, Claims, Email};
use crate::diagnosis::Situation;
use crate::jwk::VerifyingKey;
use crate::report::Check;
use crate::time::{NumericDate, duration_in_words};
use crate::visible::visible;

/// The report's entry for a check that passed.
pub(crate) fn evidence(check: CheckName, situation: &Situation<'_>, key: Option<&VerifyingKey>) -> Check {
    let mut entry = Check::passed(check);
    let policy = situation.policy;
    let text = |name| text_claim(situation.claims, name);
    match check {
        CheckName::Format => {
            entry.message = String::from(
                "Three parts of canonical base64url, a JOSE header and a JSON object of claims.",
            );
        }
        CheckName::Algorithm => {
            entry.expected = policy.profile().algorithms().iter().map(ToString::to_string).collect();
            entry.found = situation.parts.header().and_then(|header| header.string("alg").map(String::from));
            entry.message =
                format!("{} is what this issuer signs with.", entry.found.as_deref().unwrap_or_default());
        }
        CheckName::Key => {
            entry.found = key.and_then(VerifyingKey::key_id).map(String::from);
            entry.message = key.map(describe_key).unwrap_or_default();
        }
        CheckName::Signature => {
            entry.message = String::from("The key's owner signed exactly this header and payload.");
        }
        CheckName::Issuer => {
            entry.expected = policy.profile().issuers().to_vec();
            entry.found = text("iss");
            entry.message = format!("Issued by {}.", shown(&entry.found));
        }
        CheckName::Audience => audience(&mut entry, situation),
        CheckName::Expiry => time(&mut entry, situation, "exp", "Expires"),
        CheckName::IssuedAt => time(&mut entry, situation, "iat", "Issued"),
        CheckName::NotBefore => match situation.claims.map(|claims| claims.time("nbf")) {
            Some(Claim::Present(_)) => time(&mut entry, situation, "nbf", "Valid since"),
            _ => entry.message = String::from("The token sets no time before which it is not valid."),
        },
        CheckName::Lifetime => lifetime(&mut entry, situation),
        CheckName::RequiredClaims => {
            entry.message = String::from("Every other claim that this issuer always sends is there.");
        }
        CheckName::Caller | CheckName::Email | CheckName::Project => {
            entry.found = situation.claims.and_then(|claims| match claims.email(policy.profile()) {
                Email::Verified(email) => Some(String::from(email)),
                _ => None,
            });
            let who = entry.found.clone().or_else(|| text("sub"));
            entry.message = match check {
                CheckName::Caller => format!("{} may call.", shown(&who)),
                CheckName::Email => {
                    format!("It speaks for {}, and the issuer vouches for the address.", shown(&who))
                }
                _ => format!("{} is a service account of the expected project.", shown(&who)),
            };
        }
        CheckName::Subject => {
            entry.found = text("sub");
            entry.message = format!("It speaks for the subject {}.", shown(&entry.found));
        }
        CheckName::HostedDomain => {
            entry.found = text("hd");
            entry.message = format!("The caller belongs to {}.", shown(&entry.found));
        }
        CheckName::AuthorizedParty => {
            entry.found = text("azp");
            entry.message = format!("It was handed to {}.", shown(&entry.found));
        }
        CheckName::Nonce => {
            entry.message = String::from("It answers the expected request.");
        }
    }
    entry
}

/// The message of a check that the first failure left without meaning.
pub(crate) fn skipped_message(check: CheckName, failed: CheckName) -> String {
    let reason = match failed {
        _ if check == CheckName::Lifetime && failed > CheckName::Signature => "iat or exp cannot be read",
        CheckName::Format => "the token could not be read",
        CheckName::Signature => "the signature is not good",
        CheckName::Key => "there is no key to check the signature with",
        _ => "the signature was not checked",
    };
    format!("Not judged, because {reason}.")
}

fn text_claim(claims: Option<&Claims<'_>>, name: &str) -> Option<String> {
    match claims?.text(name) {
        Claim::Present(text) => Some(String::from(text)),
        Claim::Missing | Claim::Malformed => None,
    }
}

fn shown(text: &Option<String>) -> String {
    visible(text.as_deref().unwrap_or_default())
}

fn describe_key(key: &VerifyingKey) -> String {
    let named = key.key_id().map(|key_id| format!("Key {}", visible(key_id)));
    let named = named.unwrap_or_else(|| String::from("The key that was given alone"));
    format!("{named}: {}, {} bits.", key.algorithm(), key.bits())
}

fn audience(entry: &mut Check, situation: &Situation<'_>) {
    if let Some(Claim::Present(audiences)) = situation.claims.map(Claims::audiences) {
        entry.found = Some(audiences.join(", "));
    }
    let made_for = format!("Made for {}", shown(&entry.found));
    match situation.policy.expected_audiences() {
        Some(expected) => {
            entry.expected = expected.to_vec();
            entry.message = format!("{made_for}, as expected.");
        }
        None => entry.message = format!("{made_for}; any audience was to be accepted."),
    }
}

fn time(entry: &mut Check, situation: &Situation<'_>, claim: &str, verb: &str) {
    if let Some(Claim::Present(time)) = situation.claims.map(|claims| claims.time(claim)) {
        let time = time.floor();
        entry.found = Some(time.to_string());
        entry.message = format!("{verb} {} ({time}).", time.relative_to(situation.now));
    }
}

fn lifetime(entry: &mut Check, situation: &Situation<'_>) {
    let seconds = |time: &NumericDate| time.floor().as_seconds();
    if let Some((issued, expiry)) = situation.claims.and_then(Claims::lifetime) {
        let lifetime = seconds(&expiry).abs_diff(seconds(&issued));
        let longest = situation.policy.profile().lifetime_max();
        entry.expected = Vec::from([longest.to_string()]);
        entry.found = Some(lifetime.to_string());
        entry.message = format!(
            "It lives for {}; this issuer's tokens live for {} at most.",
            duration_in_words(lifetime),
            duration_in_words(longest.unsigned_abs()),
        );
    }
}
