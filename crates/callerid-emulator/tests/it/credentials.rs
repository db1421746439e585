//! Credentials files: what is in them, and that each leads to tokens.

use callerid::Profile;
use callerid_emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::client::{Answer, get, post_form, post_json};
use crate::repeatable::is_private;
use crate::{CLOUD_PLATFORM, USER, call, config, folder, now, part, text, verify};

/// The emulator, the files by their types, and the folder that they are in.
fn with_files() -> (Emulator, impl Fn(&str) -> Value, tempfile::TempDir) {
    let folder = folder();
    let credentials = folder.path().join("credentials");
    let emulator = Emulator::start(Config { credentials: Some(credentials.clone()), ..config() }).unwrap();
    is_private(&credentials);
    let files = emulator.urls().credentials.clone();
    let read = move |kind: &str| -> Value {
        let text = std::fs::read_to_string(&files[kind]).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(file["type"], kind);
        file
    };
    (emulator, read, folder)
}

/// The answer to a refresh of such a file.
fn refresh(file: &Value) -> Value {
    let answer = refresh_for(file, &text(file, "client_id"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// The same, for an OAuth client.
fn refresh_for(file: &Value, audience: &str) -> Answer {
    let field = |name: &str| text(file, name);
    post_form(
        &field("token_uri"),
        &[
            ("grant_type", "refresh_token"),
            ("client_id", &field("client_id")),
            ("client_secret", &field("client_secret")),
            ("refresh_token", &field("refresh_token")),
            ("audience", audience),
        ],
    )
}

/// An access token of the account that such a file lets its source act as.
fn impersonate(file: &Value, source_token: &str) -> String {
    let bearer = format!("Bearer {source_token}");
    let body = json!({"scope": [CLOUD_PLATFORM]}).to_string();
    let url = text(file, "service_account_impersonation_url");
    let answer = post_json(&url, &[("Authorization", &bearer)], &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    text(&answer.json(), "accessToken")
}

fn speaks_for(emulator: &Emulator, token: &str) -> String {
    text(&get(&format!("{}?access_token={token}", emulator.urls().tokeninfo), &[]).json(), "email")
}

#[test]
fn of_a_user_give_tokens_of_the_user() {
    let (emulator, read, _folder) = with_files();
    let tokens = refresh(&read("authorized_user"));
    assert_eq!(speaks_for(&emulator, &text(&tokens, "access_token")), USER);
    assert!(text(&tokens, "scope").contains("openid"));
    let (token, client) = (text(&tokens, "id_token"), text(&read("authorized_user"), "client_id"));
    let keys = &emulator.urls().jwks.google;
    let verified = verify(&token, keys, &Profile::google(), &client, now(&emulator)).expect("verified");
    assert_eq!((verified.email(), verified.hosted_domain()), (Some(USER), Some("example.com")));
    assert!(part(&token, 1)["at_hash"].is_string());
    let refused = refresh_for(&read("authorized_user"), "https://svc.example");
    assert_eq!(refused.status, 400);
    let reason = "The audience client and the client need to be in the same project.";
    assert_eq!(refused.json(), json!({"error": "invalid_audience", "error_description": reason}));
    let sister = client.replace("6qr4p6gpi6hn506pt8ejuq83di341hur", "sister");
    let token = text(&refresh_for(&read("authorized_user"), &sister).json(), "id_token");
    let claims = part(&token, 1);
    assert_eq!((&claims["aud"], &claims["azp"]), (&json!(sister), &json!(client)));
}

#[test]
fn of_an_impersonation_give_tokens_of_the_last_account() {
    let (emulator, read, _folder) = with_files();
    let file = read("impersonated_service_account");
    let source = text(&refresh(&file["source_credentials"]), "access_token");
    assert_eq!(speaks_for(&emulator, &impersonate(&file, &source)), crate::OTHER);
}

#[test]
fn of_another_cloud_give_tokens_by_way_of_the_exchange() {
    let (emulator, read, _folder) = with_files();
    let file = read("external_account");
    let path = text(&file["credential_source"], "file");
    let subject_token = std::fs::read_to_string(path).unwrap();
    let exchange = |subject_token: &str| {
        post_form(
            &text(&file, "token_url"),
            &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("audience", &text(&file, "audience")),
                ("scope", CLOUD_PLATFORM),
                ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                ("subject_token_type", &text(&file, "subject_token_type")),
                ("subject_token", subject_token),
            ],
        )
    };
    let answer = exchange(&subject_token).json();
    assert_eq!(answer["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    let federated = text(&answer, "access_token");
    // tokeninfo knows nothing of these, and the account's token is an ordinary one.
    assert_eq!(get(&format!("{}?access_token={federated}", emulator.urls().tokeninfo), &[]).status, 400);
    assert_eq!(speaks_for(&emulator, &impersonate(&file, &federated)), crate::OTHER);
    let blob = call(&emulator, &federated, crate::OTHER, "signBlob", "{\"payload\":\"e30=\"}");
    assert_eq!(blob.status, 403, "no role for that");
    for (token, what) in [
        (
            crate::identity(&emulator, "").body,
            "The issuer in ID Token https://accounts.google.com does not match",
        ),
        (format!("{}AAAA", subject_token.trim()), "invalid_grant"),
        ("nonsense".into(), "Unable to parse the ID Token."),
    ] {
        let refused = exchange(&token);
        assert_eq!(refused.status, 400, "{what}");
        assert!(refused.body.contains(what), "{}", refused.body);
    }
}

#[test]
fn of_a_service_account_name_what_googles_name() {
    let (emulator, read, _folder) = with_files();
    let file = read("service_account");
    for member in [
        "project_id",
        "private_key_id",
        "private_key",
        "client_email",
        "client_id",
        "auth_uri",
        "token_uri",
        "auth_provider_x509_cert_url",
        "client_x509_cert_url",
        "universe_domain",
    ] {
        assert!(file[member].is_string(), "{member}");
    }
    let published = get(&text(&file, "client_x509_cert_url"), &[]).json();
    assert!(published[text(&file, "private_key_id")].is_string(), "its key is published");
    assert_eq!(file["token_uri"], emulator.urls().token_uri);
}
