//! Service account key files and their defects.

use callerid_mint::{KEY_FILE_BYTES_MAX, KeyError, KeyFileError, ServiceAccountKey};
use serde_json::{Value, json};

use crate::{p256_pem, read, rsa_key, rsa_pem};

pub(crate) const EMAIL: &str = "caller@callerid-test.iam.gserviceaccount.com";

pub(crate) fn key_file() -> Value {
    json!({
        "type": "service_account",
        "project_id": "callerid-test",
        "private_key_id": "0123456789abcdef0123456789abcdef01234567",
        "private_key": rsa_pem(),
        "client_email": EMAIL,
        "client_id": "110000000000000000002",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": "https://www.googleapis.com/robot/v1/metadata/x509/caller",
        "universe_domain": "googleapis.com"
    })
}

fn with(member: &str, value: impl Into<Value>) -> Value {
    let mut file = key_file();
    file[member] = value.into();
    file
}

fn without(member: &str) -> Value {
    let mut file = key_file();
    file.as_object_mut().unwrap().remove(member);
    file
}

#[test]
fn a_key_file_is_read() {
    for text in [key_file().to_string(), serde_json::to_string_pretty(&key_file()).unwrap()] {
        let account = ServiceAccountKey::parse(&text).unwrap();
        assert_eq!(account.client_email(), EMAIL);
        assert_eq!(account.private_key_id(), "0123456789abcdef0123456789abcdef01234567");
        assert_eq!(account.key().key_id(), Some(account.private_key_id()));
        assert_eq!(account.token_uri(), "https://oauth2.googleapis.com/token");
        assert_eq!(account.project_id(), Some("callerid-test"));
        assert_eq!(account.client_id(), Some("110000000000000000002"));
        assert!(account.is_in_default_universe());
        let same_key = account.key().clone().with_key_id(rsa_key().key_id()).unwrap();
        assert_eq!(same_key.public_keys().to_jwk_set(), rsa_key().public_keys().to_jwk_set());
    }
}

#[test]
fn what_may_be_missing_may_be_missing() {
    for member in ["project_id", "client_id", "token_uri", "universe_domain", "auth_uri"] {
        let account = ServiceAccountKey::parse(&without(member).to_string()).unwrap();
        assert_eq!(account.token_uri(), "https://oauth2.googleapis.com/token");
        assert!(account.is_in_default_universe());
    }
    let elsewhere = with("universe_domain", "s3nsapis.fr").to_string();
    assert!(!ServiceAccountKey::parse(&elsewhere).unwrap().is_in_default_universe());
}

#[test]
fn every_escape_of_json_is_undone() {
    let text = key_file().to_string().replace("\\n", "\\u000a").replace('@', "\\u0040").replace("/", "\\/");
    assert_eq!(ServiceAccountKey::parse(&text).unwrap().client_email(), EMAIL);
}

#[test]
fn assertions_only_go_where_nobody_reads_them_on_the_way() {
    for uri in
        ["http://127.0.0.1:8080/token", "http://localhost/token", "http://[::1]:1/token", "https://h/t"]
    {
        let account = ServiceAccountKey::parse(&with("token_uri", uri).to_string()).unwrap();
        assert_eq!(account.token_uri(), uri);
    }
    for uri in [
        "http://oauth2.googleapis.com/token",
        "http://127.0.0.1@evil.test/token",
        "http://127.0.0.1.evil.test/token",
        "http://[::1].evil.test@h/",
        "https://oauth2.googleapis.com@evil.test/token",
        "https:///token",
        "file:///etc/passwd",
        "oauth2.googleapis.com/token",
        "https://h/ t",
        "https://h\\@evil.test/",
    ] {
        let found = ServiceAccountKey::parse(&with("token_uri", uri).to_string()).map(|_| ());
        assert_eq!(found, Err(KeyFileError::TokenUriMalformed), "{uri}");
    }
}

#[test]
fn every_defect_has_its_own_error() {
    let missing = |name| KeyFileError::MemberMissing { name };
    let malformed = |name| KeyFileError::MemberMalformed { name };
    let other = |found| KeyFileError::OtherCredentials { found };
    let doubled = key_file().to_string().replacen('{', "{\"type\":\"service_account\",", 1);
    let cases = [
        (String::new(), KeyFileError::Malformed),
        (rsa_pem(), KeyFileError::Malformed),
        ("[]".into(), KeyFileError::Malformed),
        (" ".repeat(KEY_FILE_BYTES_MAX + 1), KeyFileError::TooLarge),
        (doubled, KeyFileError::DuplicateMember),
        (json!({ "installed": {} }).to_string(), KeyFileError::OAuthClient),
        (json!({ "web": {} }).to_string(), KeyFileError::OAuthClient),
        (without("type").to_string(), KeyFileError::TypeUnknown),
        (with("type", "Service_Account").to_string(), KeyFileError::TypeUnknown),
        (with("type", 1).to_string(), malformed("type")),
        (with("type", "authorized_user").to_string(), other("authorized_user")),
        (with("type", "external_account").to_string(), other("external_account")),
        (with("type", "impersonated_service_account").to_string(), other("impersonated_service_account")),
        (without("client_email").to_string(), missing("client_email")),
        (without("private_key").to_string(), missing("private_key")),
        (without("private_key_id").to_string(), missing("private_key_id")),
        (with("client_email", "").to_string(), malformed("client_email")),
        (with("client_email", Value::Null).to_string(), malformed("client_email")),
        (with("client_id", 110).to_string(), malformed("client_id")),
        (with("client_email", "caller").to_string(), KeyFileError::EmailMalformed),
        (with("client_email", "a@b@c").to_string(), KeyFileError::EmailMalformed),
        (with("universe_domain", "evil.test/x").to_string(), KeyFileError::UniverseDomainMalformed),
        (with("universe_domain", "localhost").to_string(), KeyFileError::UniverseDomainMalformed),
        (with("private_key", "REDACTED").to_string(), KeyFileError::Key(KeyError::NoKey)),
        (
            with("private_key", rsa_pem().replace('\n', "\\n")).to_string(),
            KeyFileError::Key(KeyError::EscapedLineBreaks),
        ),
        (
            with("private_key", read("tests/keys/rsa-2048-public.pem")).to_string(),
            KeyFileError::Key(KeyError::NotPrivate),
        ),
        (with("private_key", p256_pem()).to_string(), KeyFileError::KeyNotRsa),
    ];
    for (text, expected) in cases {
        let found = ServiceAccountKey::parse(&text).map(|_| ()).unwrap_err();
        assert_eq!(found, expected);
        assert!(!found.to_string().is_empty() && found.hint().ends_with('.'), "{found}");
    }
}
