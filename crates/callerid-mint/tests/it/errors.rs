//! Every error says in a sentence what happened, and in another what to do.

use std::collections::BTreeSet;

use callerid::{Algorithm, ProfileError};
use callerid_mint::{ClaimsError, KeyError, KeyFileError, SignError};

fn assert_told(sentences: &[(String, &str)]) {
    let mut seen = BTreeSet::new();
    for (sentence, hint) in sentences {
        assert!(seen.insert(sentence), "{sentence} stands twice");
        assert!(sentence.len() > 15 && !sentence.ends_with('.'), "{sentence}");
        assert!(hint.len() > 15 && hint.ends_with('.'), "{sentence}: {hint}");
    }
}

#[test]
fn of_keys() {
    let errors = [
        KeyError::BitsOutOfRange { bits: 1 },
        KeyError::DuplicateMember,
        KeyError::Encrypted,
        KeyError::EscapedLineBreaks,
        KeyError::Inconsistent,
        KeyError::Malformed,
        KeyError::NoKey,
        KeyError::NotForSigning,
        KeyError::NotPrivate,
        KeyError::PrimesMissing,
        KeyError::Refused(callerid::KeyError::Malformed),
        KeyError::SeveralKeys,
        KeyError::TooLarge,
        KeyError::Unsupported,
    ];
    assert_told(&errors.map(|error| (error.to_string(), error.hint())));
}

#[test]
fn of_key_files() {
    let errors = [
        KeyFileError::EmailMalformed,
        KeyFileError::DuplicateMember,
        KeyFileError::Key(KeyError::EscapedLineBreaks),
        KeyFileError::Key(KeyError::Malformed),
        KeyFileError::KeyNotRsa,
        KeyFileError::Malformed,
        KeyFileError::MemberMalformed { name: "type" },
        KeyFileError::MemberMissing { name: "type" },
        KeyFileError::OAuthClient,
        KeyFileError::OtherCredentials { found: "authorized_user" },
        KeyFileError::TokenUriMalformed,
        KeyFileError::TooLarge,
        KeyFileError::TypeUnknown,
        KeyFileError::UniverseDomainMalformed,
    ];
    assert_told(&errors.map(|error| (error.to_string(), error.hint())));
}

#[test]
fn of_claims_and_signing() {
    let claims = [
        ClaimsError::AudienceEmpty,
        ClaimsError::DuplicateMember { name: "a\u{1b}".into() },
        ClaimsError::EmailMalformed,
        ClaimsError::EmailOutOfPlace,
        ClaimsError::LifetimeOutOfRange { seconds: 0 },
        ClaimsError::Malformed,
        ClaimsError::NotAnObject,
        ClaimsError::ScopeMalformed,
        ClaimsError::SubjectOutOfPlace,
        ClaimsError::Test(ProfileError::Unknown),
    ];
    assert!(claims.iter().all(|error| !error.to_string().contains('\u{1b}')));
    assert_told(&claims.clone().map(|error| (error.to_string(), error.hint())));
    assert_told(&claims.map(|error| (SignError::from(error.clone()).to_string(), error.hint())));
    let (rs256, es256) = (Algorithm::Rs256, Algorithm::Es256);
    let signing = [
        SignError::AlgorithmMismatch { expected: rs256, found: es256 },
        SignError::AlgorithmMismatch { expected: es256, found: rs256 },
        SignError::ImitatesGoogle,
        SignError::Failed,
        SignError::KeyIdNotEmulated,
        SignError::Randomness,
        SignError::TooLarge,
    ];
    assert_told(&signing.map(|error| (error.to_string(), error.hint())));
}
