//! What is sent, byte by byte.

use callerid_mint::Claims;
use callerid_mint::exchange::iam_credentials::Impersonation;
use callerid_mint::exchange::{
    Credentials, Request, Secret, SubjectTokenSource, aws, metadata, sts, token_endpoint,
};

use crate::NOW;
use crate::credentials::{AWS, EXTERNAL, PERSON};

fn field(request: &Request, name: &str) -> Option<String> {
    let found = request.fields().iter().find(|(found, _)| found == name);
    found.map(|(_, value)| value.expose().into())
}

fn body(request: &Request) -> &str {
    request.body().map(Secret::expose).unwrap_or_default()
}

#[test]
fn the_metadata_server_is_asked_for_everything_with_its_header() {
    let identity = metadata::identity("169.254.169.254", "https://svc.test/a?b=c&d=e#f");
    assert_eq!(
        identity.url(),
        "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/identity?audience=https%3A%2F%2Fsvc.test%2Fa%3Fb%3Dc%26d%3De%23f&format=full"
    );
    let token = metadata::token("host:80", &["a/b", "c"]);
    assert!(token.url().ends_with("/default/token?scopes=a%2Fb,c"), "{token:?}");
    for request in [identity, token, metadata::email("h"), metadata::universe_domain("h")] {
        assert_eq!(field(&request, "Metadata-Flavor").as_deref(), Some("Google"));
    }
}

#[test]
fn forms_are_those_of_the_rfcs() {
    let assertion = token_endpoint::exchange("https://oauth2.googleapis.com/token", &"a.b+c".into());
    assert_eq!(
        body(&assertion),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b%2Bc"
    );
    let Ok(Credentials::Person(person)) = Credentials::parse(PERSON, None) else { panic!() };
    let refresh = token_endpoint::refresh(&person);
    assert_eq!(
        body(&refresh),
        "grant_type=refresh_token&client_id=c.apps.googleusercontent.com&client_secret=GOCSPX-secret&refresh_token=1%2F%2Frefresh"
    );
    let Ok(Credentials::External(account)) = Credentials::parse(EXTERNAL, None) else { panic!() };
    let exchange = sts::exchange(&account, &"subject".into(), "s1 s2");
    assert_eq!(
        body(&exchange),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&audience=%2F%2Fiam.googleapis.com%2Fprojects%2F1%2Flocations%2Fglobal%2FworkloadIdentityPools%2Fp%2Fproviders%2Fq&scope=s1%20s2&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&subject_token=subject&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
    );
    let workforce = EXTERNAL.replace(r#""token_url""#, r#""workforce_pool_user_project":"12","token_url""#);
    let Ok(Credentials::External(account)) = Credentials::parse(&workforce, None) else { panic!() };
    assert!(
        body(&sts::exchange(&account, &"s".into(), "s"))
            .ends_with("&options=%7B%22userProject%22%3A%2212%22%7D")
    );
    let client = workforce.replace(r#""token_url""#, r#""client_id":"me","client_secret":"pw","token_url""#);
    let Ok(Credentials::External(account)) = Credentials::parse(&client, None) else { panic!() };
    let exchange = sts::exchange(&account, &"s".into(), "s");
    assert_eq!(field(&exchange, "Authorization").as_deref(), Some("Basic bWU6cHc="));
    assert!(!body(&exchange).contains("options"), "the client says whose project it is");
}

#[test]
fn iam_credentials_gets_json() {
    let delegates = ["d1@p.iam.gserviceaccount.com".to_owned()];
    let token = Secret::from("ya29.token");
    let impersonation = Impersonation {
        endpoint: "https://iamcredentials.googleapis.com/",
        account: "sa@p.iam.gserviceaccount.com",
        delegates: &delegates,
        access_token: &token,
        quota_project: Some("payer"),
    };
    let request = impersonation.id_token("https://svc.test/\"");
    assert_eq!(
        request.url(),
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/sa@p.iam.gserviceaccount.com:generateIdToken"
    );
    assert_eq!(
        body(&request),
        r#"{"audience":"https://svc.test/\"","includeEmail":true,"delegates":["projects/-/serviceAccounts/d1@p.iam.gserviceaccount.com"]}"#
    );
    assert_eq!(field(&request, "Authorization").as_deref(), Some("Bearer ya29.token"));
    assert_eq!(field(&request, "x-goog-user-project").as_deref(), Some("payer"));
    assert!(!format!("{request:?} {request:#?}").contains("ya29"), "{request:?}");

    let alone = Impersonation { delegates: &[], quota_project: None, ..impersonation };
    let request = alone.access_token(&["a", "b"], 600);
    assert_eq!(body(&request), r#"{"scope":["a","b"],"lifetime":"600s","delegates":[]}"#);
    let request = alone.sign_jwt(&Claims::new().with_text("iss", "me"));
    assert_eq!(body(&request), r#"{"payload":"{\"iss\":\"me\"}","delegates":[]}"#);
}

#[test]
fn amazon_signs_for_one_provider_alone() {
    let Ok(Credentials::External(account)) = Credentials::parse(AWS, None) else { panic!() };
    let SubjectTokenSource::Aws(source) = account.source() else { panic!() };
    let credentials = aws::AwsCredentials {
        access_key_id: "AKID".into(),
        secret_access_key: "secret".into(),
        session_token: Some("session".into()),
    };
    let token = aws::subject_token(source, "eu-west-1", &credentials, account.audience(), NOW).unwrap();
    let text = percent_decoded(token.expose());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value["url"],
        "https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
    );
    assert_eq!(value["method"], "POST");
    let names: Vec<_> =
        value["headers"].as_array().unwrap().iter().map(|field| field["key"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["Authorization", "host", "x-amz-date", "x-amz-security-token", "x-goog-cloud-target-resource"]
    );
    let signed = "SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource";
    assert!(value["headers"][0]["value"].as_str().unwrap().contains(signed), "{value}");
    assert!(!text.contains("secret\""), "the key itself stays here");
    for region in ["", "eu/../evil", "eu west"] {
        assert!(aws::subject_token(source, region, &credentials, "a", NOW).is_none(), "{region}");
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digits = |rest: &mut std::str::Bytes<'_>| [rest.next().unwrap(), rest.next().unwrap()];
        bytes.push(match byte {
            b'%' => u8::from_str_radix(str::from_utf8(&digits(&mut rest)).unwrap(), 16).unwrap(),
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}
