//! What a text is, told from its form and its claims alone.

use crate::generate::{Case, Claims, EC_HEADER, HEADER, k1_jwk, key_set, quoted, with_header};
use crate::support::{K1, K2, base64url, hmac_sha256, read_test_key, sign, signing_input};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    opaque(&mut cases);
    documents(&mut cases);
    tokens(&mut cases);
    made_here(&mut cases);
    cases
}

/// Tokens that this project's own tools made, which their headers admit.
fn made_here(cases: &mut Vec<Case>) {
    for (name, header, note) in [
        ("test token", r#"{"alg":"RS256","kid":"k1","callerid_test":true}"#, "test_token"),
        ("emulated token", r#"{"alg":"RS256","kid":"callerid-emulator-1"}"#, "emulated_token"),
    ] {
        let case = Case::text(name, with_header(header)).expect("kind", "google_id_token");
        cases.push(case.expect("notes", serde_json::json!([note])));
    }
}

fn kind(cases: &mut Vec<Case>, name: &str, text: impl Into<String>, kind: &str) {
    cases.push(Case::text(format!("{kind}: {name}"), text).expect("kind", kind));
}

fn opaque(cases: &mut Vec<Case>) {
    let letters = "0123456789abcdefghijABCDEFGHIJ_-";
    for (name, text, what) in [
        ("of a person", format!("ya29.a0{letters}"), "google_access_token"),
        ("of a service account", format!("ya29.c.b0{letters}.{letters}"), "google_access_token"),
        ("with white space", format!("  ya29.a0{letters}\n"), "google_access_token"),
        ("new form", format!("1//0g{letters}"), "google_refresh_token"),
        ("old form", format!("1/{letters}"), "google_refresh_token"),
        ("a short fraction is none", String::from("1/2"), "unknown"),
        ("code", format!("4/0A{letters}"), "google_authorization_code"),
        ("39 characters", format!("AIza{letters}abc"), "google_api_key"),
        ("38 characters are none", format!("AIza{letters}ab"), "unknown"),
        ("Gemini", format!("AQ.Ab8{letters}"), "google_auth_key"),
        ("secret", format!("GOCSPX-{letters}"), "google_client_secret"),
        ("id", String::from("123456789012-abcdef0123456789.apps.googleusercontent.com"), "google_client_id"),
        ("words", String::from("hello, world"), "unknown"),
        ("nothing", String::new(), "unknown"),
        (
            "gcloud",
            String::from(
                "ERROR: (gcloud.auth.print-identity-token) No identity token can be obtained from the current credentials.",
            ),
            "gcloud_message",
        ),
        (
            "XML",
            String::from("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>"),
            "saml_assertion",
        ),
        ("base64", String::from("PHNhbWwycDpSZXNwb25zZSB4bWxuczpzYW1sMnA9InVybiI+"), "saml_assertion"),
    ] {
        kind(cases, name, text, what);
    }
}

fn documents(cases: &mut Vec<Case>) {
    let pem = quoted("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    for (name, text, what) in [
        (
            "file",
            format!(
                r#"{{"type":"service_account","project_id":"p","private_key":{pem},"client_email":"sa@p.iam.gserviceaccount.com"}}"#
            ),
            "service_account_key_file",
        ),
        (
            "ADC of a person",
            String::from(
                r#"{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}"#,
            ),
            "google_credentials_file",
        ),
        (
            "impersonation",
            String::from(
                r#"{"type":"impersonated_service_account","source_credentials":{"type":"authorized_user"}}"#,
            ),
            "google_credentials_file",
        ),
        (
            "federation",
            String::from(r#"{"type":"external_account","audience":"a"}"#),
            "google_credentials_file",
        ),
        (
            "PEM",
            String::from("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
            "private_key",
        ),
        ("JWK", String::from(r#"{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}"#), "private_key"),
        ("JWK set", key_set(&[k1_jwk()]), "key_set"),
        ("one JWK", k1_jwk(), "key_set"),
        ("certificate", read_test_key("rsa-2048-e65537.crt"), "key_set"),
        ("JSON", Claims::google().json(), "claims_only"),
        ("base64url", base64url(Claims::google().json()), "claims_only"),
        (
            "base64url with padding",
            format!("{}==", base64url(Claims::google().with("x", r#""12""#).json()).trim_end_matches('=')),
            "claims_only",
        ),
        ("other JSON", String::from(r#"{"hello":"world"}"#), "unknown"),
    ] {
        kind(cases, name, text, what);
    }
    let jwe = format!("{}.AAAA.AAAA.AAAA.AAAA", base64url(r#"{"alg":"dir","enc":"A256GCM"}"#));
    kind(cases, "five parts", jwe, "jwe");
}

/// One token of claims, given as further claims to the base ones.
struct Row(&'static str, &'static [(&'static str, &'static str)], &'static str);

const ROWS: [Row; 39] = [
    Row(
        "user",
        &[
            ("sub", "\"100000000000000000001\""),
            ("aud", "\"1-web.apps.googleusercontent.com\""),
            ("azp", "\"1-web.apps.googleusercontent.com\""),
            ("email", "\"ann@example.com\""),
        ],
        "google_user_id_token",
    ),
    Row(
        "user of Android, by azp",
        &[("azp", "\"1-android.apps.googleusercontent.com\""), ("aud", "\"other\"")],
        "google_user_id_token",
    ),
    Row(
        "gcloud user",
        &[("aud", "\"32555940559.apps.googleusercontent.com\""), ("sub", "\"1\"")],
        "google_user_id_token",
    ),
    Row("by e-mail", &[("email", "\"sa@p.iam.gserviceaccount.com\"")], "google_service_account_id_token"),
    Row(
        "by azp = sub",
        &[("azp", "\"110000000000000000002\""), ("sub", "\"110000000000000000002\"")],
        "google_service_account_id_token",
    ),
    Row(
        "for a client id (IAP)",
        &[("email", "\"sa@p.iam.gserviceaccount.com\""), ("aud", "\"1-web.apps.googleusercontent.com\"")],
        "google_service_account_id_token",
    ),
    Row(
        "scheme-less issuer",
        &[("iss", "\"accounts.google.com\""), ("email", "\"sa@p.iam.gserviceaccount.com\"")],
        "google_service_account_id_token",
    ),
    Row(
        "metadata server",
        &[
            ("google", "{\"compute_engine\":{\"project_id\":\"p\"}}"),
            ("email", "\"1-compute@developer.gserviceaccount.com\""),
        ],
        "google_compute_engine_id_token",
    ),
    Row("neither", &[("sub", "\"1\"")], "google_id_token"),
    Row("with an organisation number", &[("google", "{\"organization_number\":1}")], "google_id_token"),
    Row("Google user", &[("iss", "\"https://cloud.google.com/iap\"")], "iap_assertion"),
    Row("external user", &[("iss", "\"https://cloud.google.com/iap\""), ("gcip", "{}")], "iap_assertion"),
    Row(
        "ID token",
        &[("iss", "\"https://securetoken.google.com/p\""), ("aud", "\"p\"")],
        "firebase_id_token",
    ),
    Row(
        "blocking function",
        &[("iss", "\"https://securetoken.google.com/p\""), ("event_type", "\"beforeCreate\"")],
        "firebase_blocking_event",
    ),
    Row("session", &[("iss", "\"https://session.firebase.google.com/p\"")], "firebase_session_cookie"),
    Row(
        "App Check",
        &[("iss", "\"https://firebaseappcheck.googleapis.com/1\""), ("aud", "[\"projects/1\"]")],
        "firebase_app_check_token",
    ),
    Row(
        "phone number",
        &[("iss", "\"https://fpnv.googleapis.com/projects/1\""), ("aud", "[\"projects/1\"]")],
        "firebase_phone_number_token",
    ),
    Row(
        "custom token",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            (
                "aud",
                "\"https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit\"",
            ),
            ("uid", "\"u\""),
        ],
        "firebase_custom_token",
    ),
    Row("RISC", &[("events", "{}")], "google_risc_event"),
    Row(
        "RISC with a slash",
        &[("iss", "\"https://accounts.google.com/\""), ("events", "{}")],
        "google_risc_event",
    ),
    Row("Chat", &[("iss", "\"chat@system.gserviceaccount.com\"")], "google_chat_token"),
    Row(
        "Chat in URL mode",
        &[("email", "\"chat@system.gserviceaccount.com\"")],
        "google_service_account_id_token",
    ),
    Row(
        "Confidential Space",
        &[("iss", "\"https://confidentialcomputing.googleapis.com\"")],
        "google_confidential_space_token",
    ),
    Row(
        "GKE",
        &[("iss", "\"https://container.googleapis.com/v1/projects/p/locations/l/clusters/c\"")],
        "gke_token",
    ),
    Row(
        "for an access token",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("aud", "\"https://oauth2.googleapis.com/token\""),
            ("scope", "\"s\""),
        ],
        "service_account_assertion",
    ),
    Row(
        "for an ID token",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("aud", "\"https://oauth2.googleapis.com/token\""),
            ("target_audience", "\"t\""),
        ],
        "service_account_assertion",
    ),
    Row(
        "old endpoint",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("aud", "\"https://www.googleapis.com/oauth2/v4/token\""),
        ],
        "service_account_assertion",
    ),
    Row(
        "by audience",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("sub", "\"sa@p.iam.gserviceaccount.com\""),
            ("aud", "\"https://pubsub.googleapis.com/\""),
        ],
        "service_account_access_jwt",
    ),
    Row(
        "by scope",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("sub", "\"sa@p.iam.gserviceaccount.com\""),
            ("scope", "\"s\""),
        ],
        "service_account_access_jwt",
    ),
    Row(
        "for IAP",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("sub", "\"sa@p.iam.gserviceaccount.com\""),
            ("aud", "\"https://host.example/*\""),
        ],
        "service_account_signed_jwt",
    ),
    Row(
        "a host that only starts like an API",
        &[
            ("iss", "\"sa@p.iam.gserviceaccount.com\""),
            ("sub", "\"sa@p.iam.gserviceaccount.com\""),
            ("aud", "\"https://x.googleapis.com.evil.example/\""),
        ],
        "service_account_signed_jwt",
    ),
    Row(
        "Wallet",
        &[("iss", "\"sa@p.iam.gserviceaccount.com\""), ("aud", "\"google\""), ("typ", "\"savetowallet\"")],
        "google_wallet_link",
    ),
    Row("GitHub", &[("iss", "\"https://token.actions.githubusercontent.com\"")], "github_actions_token"),
    Row("another provider", &[("iss", "\"https://login.example\"")], "external_token"),
    Row("longer host", &[("iss", "\"https://accounts.google.com.evil.example\"")], "look_alike_token"),
    Row("http", &[("iss", "\"http://accounts.google.com\"")], "look_alike_token"),
    Row("capitals", &[("iss", "\"HTTPS://ACCOUNTS.GOOGLE.COM\"")], "look_alike_token"),
    Row("issuer no string", &[("iss", "1")], "unknown_jwt"),
    Row("empty issuer", &[("iss", "\"\"")], "unknown_jwt"),
];

fn tokens(cases: &mut Vec<Case>) {
    for Row(name, claims, what) in ROWS {
        let claims = claims.iter().fold(Claims::google(), |claims, (name, value)| claims.with(name, value));
        let token = if what == "iap_assertion" { claims.by_k2() } else { claims.by_k1() };
        kind(cases, name, token, what);
    }
    let unsigned =
        |claims: &Claims| format!("{}.", signing_input(r#"{"alg":"none","typ":"JWT"}"#, claims.json()));
    let firebase = Claims::google().with("iss", r#""https://securetoken.google.com/p""#);
    kind(cases, "unsigned", unsigned(&firebase), "firebase_emulator_token");
    kind(cases, "alg none", unsigned(&Claims::google()), "unsigned_jwt");
    let legacy =
        signing_input(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"v":0,"iat":1760000000,"d":{"uid":"u"}}"#);
    let legacy = format!("{legacy}.{}", base64url(hmac_sha256(b"secret", legacy.as_bytes())));
    kind(cases, "shared secret", legacy, "firebase_legacy_custom_token");
    let redacted = signing_input(HEADER, Claims::service_account("sa@p.iam.gserviceaccount.com").json());
    kind(
        cases,
        "redacted",
        format!("{redacted}.SIGNATURE_REMOVED_BY_GOOGLE"),
        "google_service_account_id_token",
    );
    kind(cases, "no claims", sign(HEADER, "{}", &K1), "unknown_jwt");
    kind(cases, "no JSON", sign(EC_HEADER, "x", &K2), "unknown");
    let good = Claims::google().by_k1();
    kind(cases, "two tokens and a comma", format!("{good},{good}"), "google_id_token");
}
