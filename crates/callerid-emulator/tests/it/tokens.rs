//! What is in the tokens, by every way to get one, and that they verify.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callerid::{ErrorCode, JwkSet, Profile};
use callerid_emulator::Emulator;
use serde_json::{Value, json};
use x509_cert::Certificate;
use x509_cert::der::DecodePem;

use crate::client::get;
use crate::{
    ATTACHED, AUDIENCE, TARGET, access_token, call, identity, metadata, now, order, part, start, text, verify,
};

/// Where a token comes from, and which claims of it must be how.
struct Case {
    name: &'static str,
    get: fn(&Emulator) -> String,
    has: &'static [(&'static str, &'static str)],
    has_not: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        name: "metadata server, standard",
        get: |emulator| identity(emulator, "").body,
        has: &[],
        has_not: &["email", "email_verified", "google", "hd", "at_hash", "nbf"],
    },
    Case {
        name: "metadata server, full",
        get: |emulator| identity(emulator, "&format=full").body,
        has: &[("/email", "vm@p.iam.gserviceaccount.com"), ("/google/compute_engine/project_id", "p")],
        has_not: &["hd"],
    },
    Case {
        name: "metadata server, with licences",
        get: |emulator| identity(emulator, "&format=full&licenses=TRUE").body,
        has: &[("/google/compute_engine/license_id/0", "1000201")],
        has_not: &[],
    },
    Case {
        name: "IAM Credentials without includeEmail",
        get: |emulator| id_token_of(emulator, json!({"audience": AUDIENCE})),
        has: &[],
        has_not: &["email", "email_verified"],
    },
    Case {
        name: "IAM Credentials with includeEmail",
        get: |emulator| id_token_of(emulator, json!({"audience": AUDIENCE, "includeEmail": true})),
        has: &[("/email", "target@p.iam.gserviceaccount.com")],
        has_not: &["google"],
    },
    Case {
        name: "IAM Credentials with the number of the organisation",
        get: |emulator| {
            id_token_of(emulator, json!({"audience": AUDIENCE, "organizationNumberIncluded": true}))
        },
        has: &[],
        has_not: &["email"],
    },
];

fn id_token_of(emulator: &Emulator, body: Value) -> String {
    let answer = call(emulator, &access_token(emulator), TARGET, "generateIdToken", &body.to_string());
    text(&answer.json(), "token")
}

fn check(emulator: &Emulator, case: &Case) {
    let token = (case.get)(emulator);
    let (name, urls) = (case.name, emulator.urls());
    for keys in [&urls.jwks.google, &urls.certs.google] {
        let verified = verify(&token, keys, &Profile::google(), AUDIENCE, now(emulator));
        let verified = verified.unwrap_or_else(|code| panic!("{name}: {code:?} by {keys}"));
        assert_eq!(verified.subject(), verified.authorized_party(), "{name}");
    }
    let members: Vec<String> = part(&token, 0).as_object().expect("a header").keys().cloned().collect();
    assert_eq!(members, ["alg", "kid", "typ"], "{name}");
    assert!(text(&part(&token, 0), "kid").starts_with("callerid-emulator-"), "{name}");
    let claims = part(&token, 1);
    for (pointer, expected) in case.has {
        assert_eq!(claims.pointer(pointer), Some(&json!(expected)), "{name}: {claims}");
    }
    for absent in case.has_not {
        assert!(claims.get(absent).is_none(), "{name}: {claims}");
    }
    let times = [&claims["iat"], &claims["exp"]].map(|time| time.as_i64().expect("a whole number"));
    assert_eq!(times[1] - times[0], 3_600, "{name}");
    // What Google says of it has every value as text.
    let answer = get(&format!("{}?id_token={}", urls.tokeninfo, token.trim()), &[]);
    assert_eq!(answer.status, 200, "{name}: {}", answer.body);
    let information = answer.json();
    let members = information.as_object().expect("an object");
    assert!(members.values().all(Value::is_string), "{name}: {information}");
    assert_eq!(information["aud"], AUDIENCE, "{name}");
}

#[test]
fn verify_and_say_what_googles_say() {
    let emulator = start();
    for case in CASES {
        check(&emulator, case);
    }
}

#[test]
fn of_the_machine_mix_numbers_and_text_as_googles_do() {
    let token = identity(&start(), "&format=full").body;
    let machine = &part(&token, 1)["google"]["compute_engine"];
    assert!(machine["project_number"].is_u64() && machine["instance_id"].is_string(), "{machine}");
    assert!(machine["instance_creation_timestamp"].is_u64() && machine["zone"].is_string(), "{machine}");
}

#[test]
fn are_handed_out_again_by_the_metadata_server_until_shortly_before_they_expire() {
    let emulator = start();
    order(&emulator, "clock", "{\"now\":1800000000}");
    let tokens = || {
        let access = metadata(&emulator, "instance/service-accounts/default/token").json();
        (identity(&emulator, "").body, text(&access, "access_token"), access["expires_in"].as_i64())
    };
    let first = tokens();
    assert_eq!(first.2, Some(3_599));
    order(&emulator, "clock", "{\"now\":1800003300}");
    let later = tokens();
    assert_eq!((&later.0, &later.1, later.2), (&first.0, &first.1, Some(299)));
    order(&emulator, "clock", "{\"now\":1800003400}");
    let renewed = tokens();
    assert!(renewed.0 != first.0 && renewed.1 != first.1 && renewed.2 == Some(3_599));
}

#[test]
fn of_identity_aware_proxy_verify() {
    let emulator = start();
    let audience = "/projects/123456789012/apps/p";
    let body = json!({"email": "ann@example.com", "audience": audience}).to_string();
    let assertion = text(&order(&emulator, "iap-assertion", &body), "assertion");
    for keys in [&emulator.urls().jwks.iap, &emulator.urls().certs.iap] {
        let verified = verify(&assertion, keys, &Profile::iap(), audience, now(&emulator)).expect("verified");
        assert_eq!(verified.email(), Some("ann@example.com"));
        assert_eq!(verified.hosted_domain(), Some("example.com"));
    }
    let claims = part(&assertion, 1);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    assert!(claims.get("email_verified").is_none());
    let google = &emulator.urls().jwks.google;
    let refused = verify(&assertion, google, &Profile::google(), audience, now(&emulator));
    assert_eq!(refused.unwrap_err(), ErrorCode::AlgorithmNotAllowed);
}

#[test]
fn that_google_signs_for_an_account_verify_with_the_accounts_keys() {
    let emulator = start();
    let (issued_at, access) = (now(&emulator).as_seconds(), access_token(&emulator));
    let claims = json!({"iss": TARGET, "sub": TARGET, "aud": "https://api.example", "iat": issued_at, "exp": issued_at + 600});
    let body = json!({"payload": claims.to_string()}).to_string();
    let signed = call(&emulator, &access, TARGET, "signJwt", &body).json();
    let profile = Profile::parse(&format!("service-account:{TARGET}")).unwrap();
    let urls = emulator.urls();
    for keys in [&urls.service_account_keys, &urls.service_account_certs] {
        let keys = keys.replace("{email}", TARGET);
        let token = text(&signed, "signedJwt");
        let verified =
            verify(&token, &keys, &profile, "https://api.example", now(&emulator)).expect("verified");
        assert_eq!(verified.key_id(), signed["keyId"].as_str());
    }
    // A blob is anything at all: here, what a JWT's signature covers.
    let (header, _) = signed["signedJwt"].as_str().unwrap().split_once('.').unwrap();
    let message = format!("{header}.e30");
    let body = json!({"payload": STANDARD.encode(&message)}).to_string();
    let blob = call(&emulator, &access, TARGET, "signBlob", &body).json();
    let signature = STANDARD.decode(text(&blob, "signedBlob")).unwrap();
    let signature = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signature);
    let keys = get(&urls.service_account_keys.replace("{email}", TARGET), &[]).body;
    let keys = JwkSet::parse(&keys).unwrap();
    let key = keys.keys().iter().find(|key| key.key_id() == blob["keyId"].as_str()).expect("a published key");
    let token = callerid::UnverifiedToken::parse(&format!("{message}.{signature}")).unwrap();
    let signed = token.verify_signature(key).expect("a signature of the key");
    assert_eq!(signed.unvalidated_payload(), b"{}");
}

#[test]
fn are_published_with_certificates_that_parsers_accept() {
    let emulator = start();
    let urls = emulator.urls();
    let accounts = urls.service_account_certs.replace("{email}", ATTACHED);
    let maps = [
        (&urls.certs.google, "CN=federated-signon.system.gserviceaccount.com"),
        (&accounts, "CN=vm@p.iam.gserviceaccount.com"),
    ];
    for (url, subject) in maps {
        let map = get(url, &[]).json();
        for (key_id, pem) in map.as_object().unwrap() {
            let certificate = Certificate::from_pem(pem.as_str().unwrap()).expect("a certificate");
            assert_eq!(certificate.tbs_certificate().subject().to_string(), subject, "{key_id}");
            let usages = certificate.tbs_certificate().extensions().map_or(0, |extensions| extensions.len());
            assert_eq!(usages, 3, "{key_id}");
        }
    }
}

#[test]
fn that_are_opaque_are_told_by_tokeninfo() {
    let emulator = start();
    let token = access_token(&emulator);
    let url = &emulator.urls().tokeninfo;
    let by_query = get(&format!("{url}?access_token={token}"), &[]).json();
    assert_eq!(by_query["email"], ATTACHED);
    assert_eq!(by_query["azp"], by_query["sub"]);
    assert_eq!(by_query["access_type"], "online");
    assert!(by_query.as_object().unwrap().values().all(Value::is_string));
    let by_form = crate::client::post_form(url, &[("access_token", &token)]).json();
    assert_eq!(by_form["scope"], by_query["scope"]);
    // One letter of it makes it another token.
    let altered = if token.ends_with('A') { "B" } else { "A" };
    let altered = format!("{}{altered}", &token[..token.len() - 1]);
    assert_eq!(get(&format!("{url}?access_token={altered}"), &[]).status, 400);
    for (name, body) in [
        ("account", format!("{{\"email\":\"{ATTACHED}\",\"disabled\":true}}")),
        ("account", format!("{{\"email\":\"{ATTACHED}\",\"deleted\":true}}")),
        ("clock", "{\"offset\":4000}".into()),
    ] {
        order(&emulator, name, &body);
        assert_eq!(get(&format!("{url}?access_token={token}"), &[]).status, 400, "{body}");
        order(&emulator, "reset", "");
        assert_eq!(get(&format!("{url}?access_token={token}"), &[]).status, 200, "{body} taken back");
    }
}
