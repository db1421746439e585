//! Credentials files of every type, and what must not be done because a file says so.

use callerid_mint::exchange::{Credentials, CredentialsError, SubjectTokenFormat, SubjectTokenSource, sts};
use serde_json::{Value, json};

use crate::NOW;
use crate::key_files::key_file;

pub(crate) const PERSON: &str = r#"{"type":"authorized_user","client_id":"c.apps.googleusercontent.com",
    "client_secret":"GOCSPX-secret","refresh_token":"1//refresh","account":"","quota_project_id":"payer"}"#;

pub(crate) const EXTERNAL: &str = r#"{"type":"external_account",
    "audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    "subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"https://sts.googleapis.com/v1/token",
    "service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/sa@p.iam.gserviceaccount.com:generateAccessToken",
    "service_account_impersonation":{"token_lifetime_seconds":900},
    "credential_source":{"file":"/var/run/token","format":{"type":"json","subject_token_field_name":"t"}}}"#;

pub(crate) const AWS: &str = r#"{"type":"external_account",
    "audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/aws",
    "subject_token_type":"urn:ietf:params:aws:token-type:aws4_request","token_url":"https://sts.googleapis.com/v1/token",
    "credential_source":{"environment_id":"aws1",
    "region_url":"http://169.254.169.254/latest/meta-data/placement/availability-zone",
    "url":"http://169.254.169.254/latest/meta-data/iam/security-credentials",
    "regional_cred_verification_url":"https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
    "imdsv2_session_token_url":"http://169.254.169.254/latest/api/token"}}"#;

fn impersonated(source: &Value) -> Value {
    json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/sa@p.iam.gserviceaccount.com:generateAccessToken",
        "delegates": ["projects/-/serviceAccounts/d@p.iam.gserviceaccount.com", "e@p.iam.gserviceaccount.com"],
        "source_credentials": source,
    })
}

fn parsed(text: &str) -> Credentials {
    Credentials::parse(text, None).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_type_is_read() {
    let Credentials::ServiceAccount(_) = parsed(&key_file().to_string()) else { panic!() };
    let person = parsed(PERSON);
    assert_eq!((person.type_name(), person.quota_project()), ("authorized_user", Some("payer")));
    let Credentials::Impersonated(account) = parsed(&impersonated(&value(PERSON)).to_string()) else {
        panic!()
    };
    assert_eq!(account.endpoint(), "https://iamcredentials.googleapis.com");
    assert_eq!(account.account(), "sa@p.iam.gserviceaccount.com");
    assert_eq!(account.delegates(), ["d@p.iam.gserviceaccount.com", "e@p.iam.gserviceaccount.com"]);
    let Credentials::External(external) = parsed(EXTERNAL) else { panic!() };
    assert_eq!(external.impersonation().unwrap().1, "sa@p.iam.gserviceaccount.com");
    assert_eq!(external.lifetime(), Some(900));
    let SubjectTokenSource::File { path, format } = external.source() else { panic!() };
    assert_eq!(path, "/var/run/token");
    assert_eq!(format.token(r#"{"t":"subject"}"#).unwrap().expose(), "subject");
    assert!(format.token("{}").is_err() && format.token("subject").is_err());
    assert!(
        SubjectTokenFormat::Text.token("<html>").is_err() && SubjectTokenFormat::Text.token(" \n").is_err()
    );
    let user = r#"{"type":"external_account_authorized_user","client_id":"c","client_secret":"s","refresh_token":"r",
        "token_url":"https://sts.googleapis.com/v1/oauthtoken"}"#;
    assert_eq!(parsed(user).type_name(), "external_account_authorized_user");
}

/// Changes one member, given by its path, and expects the refusal.
fn check(file: &str, path: &str, changed: Value, says: &str) {
    let mut file = value(file);
    *file.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = changed;
    let error = Credentials::parse(&file.to_string(), None).err();
    let error = error.unwrap_or_else(|| panic!("{path} was accepted"));
    assert!(error.to_string().contains(says), "{path}: {error}");
    assert!(error.hint().ends_with('.'), "{error}");
}

#[test]
fn addresses_lead_to_google_or_nowhere() {
    let elsewhere = [
        "https://evil.example/v1/token",
        "http://sts.googleapis.com/v1/token",
        "https://sts.googleapis.com.evil.example/v1/token",
        "https://evilgoogleapis.com/v1/token",
        "https://sts.googleapis.com@evil.example/v1/token",
        "https://evil.example\\.googleapis.com/",
        "ftp://127.0.0.1/",
    ];
    for url in elsewhere {
        check(EXTERNAL, "/token_url", url.into(), "token_url");
        let account =
            url.replace("/v1/token", "/v1/projects/-/serviceAccounts/sa@p.iam.gserviceaccount.com:x");
        check(EXTERNAL, "/service_account_impersonation_url", account.into(), "impersonation_url");
    }
    for path in [
        "/v1/projects/p/serviceAccounts/sa@p.x:g",
        "/v1/projects/-/serviceAccounts/a/../b@c:g",
        "/v1/projects/-/serviceAccounts/sa@p.x",
    ] {
        let url = format!("https://iamcredentials.googleapis.com{path}");
        check(EXTERNAL, "/service_account_impersonation_url", url.into(), "of the form");
    }
    for url in ["http://evil.example/", "http://169.254.169.254.evil.example/", "https://evil.example/"] {
        for member in ["region_url", "url", "imdsv2_session_token_url"] {
            check(AWS, &format!("/credential_source/{member}"), url.into(), "Amazon");
        }
        check(AWS, "/credential_source/regional_cred_verification_url", url.into(), "Amazon");
    }
    let web = json!({"url": "http://evil.example/token"});
    check(EXTERNAL, "/credential_source", web, "credential_source.url");
    let home = EXTERNAL.replace("https://sts.googleapis.com", "http://127.0.0.1:8080");
    assert_eq!(parsed(&home).type_name(), "external_account");
}

#[test]
fn another_cloud_has_to_be_known_to_the_environment() {
    let other = EXTERNAL.replace("googleapis.com/v1", "apis.example/v1");
    assert!(Credentials::parse(&other, Some("apis.example")).is_ok());
    assert!(matches!(Credentials::parse(&other, None), Err(CredentialsError::AddressNotAllowed { .. })));
    assert!(Credentials::parse(EXTERNAL, Some("apis.example")).is_err());
}

#[test]
fn whatever_else_is_wrong_has_a_name() {
    check(EXTERNAL, "/type", "gdch_service_account".into(), "gdch_service_account");
    check(EXTERNAL, "/type", "unheard_of".into(), "of what type");
    check(EXTERNAL, "/audience", Value::Null, "audience");
    check(EXTERNAL, "/audience", 7.into(), "audience");
    check(EXTERNAL, "/credential_source", json!({"certificate": {}}), "client certificate");
    check(EXTERNAL, "/credential_source", json!({}), "no source");
    check(EXTERNAL, "/credential_source/format/type", "xml".into(), "format");
    check(
        EXTERNAL,
        "/service_account_impersonation/token_lifetime_seconds",
        5.into(),
        "token_lifetime_seconds",
    );
    check(AWS, "/credential_source/environment_id", "aws2".into(), "no source");
    check(PERSON, "/refresh_token", "".into(), "refresh_token");
    check(&impersonated(&value(PERSON)).to_string(), "/delegates", json!([1]), "delegates");
    let deep = (0..4).fold(value(PERSON), |inner, _| impersonated(&inner)).to_string();
    assert_eq!(Credentials::parse(&deep, None).unwrap_err(), CredentialsError::NestedTooDeep);
    for text in ["", "[]", "{", "{\"type\":\"a\",\"type\":\"b\"}", "{\"installed\":{}}", &" ".repeat(70_000)]
    {
        assert!(Credentials::parse(text, None).is_err(), "{text}");
    }
}

#[test]
fn nothing_secret_is_shown() {
    let all = [PERSON.to_owned(), impersonated(&value(PERSON)).to_string(), key_file().to_string()];
    for file in all {
        let credentials = parsed(&file);
        let shown = format!("{credentials:?} {credentials:#?}");
        for secret in ["GOCSPX-secret", "1//refresh", "PRIVATE KEY"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn a_program_prints_what_is_agreed_on() {
    let token = |text: &str| sts::executable_token(text, NOW);
    let good = r#"{"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:jwt","id_token":"t","expiration_time":1790000001}"#;
    assert_eq!(token(good).unwrap().expose(), "t");
    let saml = good.replace(":jwt", ":saml2").replace("id_token", "saml_response");
    assert_eq!(token(&saml).unwrap().expose(), "t");
    for (text, says) in [
        (good.replace("0001,", "0000,").replace("1790000001", "1790000000"), "expired"),
        (good.replace("\"version\":1", "\"version\":2"), "version"),
        (good.replace("id_token", "other"), "JSON"),
        ("not JSON".into(), "JSON"),
        (
            r#"{"version":1,"success":false,"code":"401","message":"Caller eyJhbGciOi.x.y not allowed"}"#
                .into(),
            "401 Caller [hidden] not",
        ),
    ] {
        let error = token(&text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
}

/// Letters in a row of a file that no error may repeat.
const STRETCH: usize = 20;

proptest::proptest! {
    /// Whatever stands in a file, reading it ends, and no error repeats a long stretch of it.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,400}", at in 0_usize..600, kind in 0_usize..3) {
        let file = [PERSON, EXTERNAL, AWS][kind];
        let at = at.min(file.len());
        let letters: Vec<char> = text.chars().collect();
        let stretches: Vec<String> = letters.windows(STRETCH).map(String::from_iter).collect();
        for text in [text.clone(), format!("{}{text}{}", &file[..at], &file[at..]), file[..at].into()] {
            if let Err(error) = Credentials::parse(&text, None) {
                // Either may name at length what an address should look like, which is no part of the file.
                for shown in [format!("{error}"), format!("{error:?}")] {
                    proptest::prop_assert!(shown.len() < 300 && !shown.contains("GOCSPX"), "{}", shown);
                    let repeated = stretches.iter().find(|stretch| shown.contains(*stretch));
                    proptest::prop_assert!(repeated.is_none(), "{}", shown);
                }
            }
            let _ = sts::executable_token(&text, NOW);
            let _ = SubjectTokenFormat::Json { member: "t".into() }.token(&text);
        }
    }
}
