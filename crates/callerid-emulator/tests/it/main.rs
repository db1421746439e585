//! One integration-test binary; each module is one family of tests. All of them speak HTTP to running
//! emulators, as clients do.

mod client;
mod credentials;
mod endpoints;
mod faults;
mod lifecycle;
mod orders;
mod protected;
mod proxy;
mod repeatable;
mod roles;
mod stress;
mod token_endpoint;
mod tokens;

use callerid::{Audience, Callers, ErrorCode, JwkSet, Policy, Profile, UnixTime, VerifiedToken};
use callerid_emulator::{Config, Emulator, ServiceAccount};
use client::{Answer, get, post_json};
use serde_json::Value;

pub(crate) const ATTACHED: &str = "vm@p.iam.gserviceaccount.com";
pub(crate) const TARGET: &str = "target@p.iam.gserviceaccount.com";
pub(crate) const OTHER: &str = "other@p.iam.gserviceaccount.com";
pub(crate) const USER: &str = "ann@example.com";
pub(crate) const AUDIENCE: &str = "https://svc.example/?a=b&c=d";
pub(crate) const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// A project with three accounts, whose keys are the same in every run.
pub(crate) fn config() -> Config {
    Config {
        project_id: "p".into(),
        service_accounts: [ATTACHED, TARGET, OTHER].map(ServiceAccount::new).into(),
        seed: Some(1),
        ..Config::default()
    }
}

pub(crate) fn start() -> Emulator {
    Emulator::start(config()).expect("an emulator")
}

/// Orders something of an emulator, which must obey.
pub(crate) fn order(emulator: &Emulator, name: &str, body: &str) -> Value {
    let answer = post_json(&format!("{}/{name}", emulator.urls().control), &[], body);
    assert_eq!(answer.status, 200, "{name} {body}: {}", answer.body);
    answer.json()
}

/// What the metadata server answers for a path below `computeMetadata/v1/`.
pub(crate) fn metadata(emulator: &Emulator, path: &str) -> Answer {
    let url = format!("http://{}/computeMetadata/v1/{path}", emulator.urls().metadata_host);
    get(&url, &[("Metadata-Flavor", "Google")])
}

/// An ID token of the metadata server for [`AUDIENCE`].
pub(crate) fn identity(emulator: &Emulator, more: &str) -> Answer {
    let audience = AUDIENCE.replace('&', "%26");
    metadata(emulator, &format!("instance/service-accounts/default/identity?audience={audience}{more}"))
}

/// An access token of the metadata server.
pub(crate) fn access_token(emulator: &Emulator) -> String {
    text(&metadata(emulator, "instance/service-accounts/default/token").json(), "access_token")
}

pub(crate) fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_else(|| panic!("{object} has no {name}")).to_owned()
}

/// What IAM Credentials answers to a call for an account.
pub(crate) fn call(emulator: &Emulator, token: &str, email: &str, method: &str, body: &str) -> Answer {
    let base = &emulator.urls().iam_credentials;
    let url = format!("{base}/v1/projects/-/serviceAccounts/{email}:{method}");
    post_json(&url, &[("Authorization", &format!("Bearer {token}"))], body)
}

/// An access token of an account, by way of one that may act as all.
pub(crate) fn access_token_of(emulator: &Emulator, email: &str) -> String {
    let body = format!("{{\"scope\":[\"{CLOUD_PLATFORM}\"]}}");
    let answer = call(emulator, &access_token(emulator), email, "generateAccessToken", &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    text(&answer.json(), "accessToken")
}

/// What the core says of a token, by the keys at an address.
pub(crate) fn verify(
    token: &str,
    keys_url: &str,
    profile: &Profile,
    audience: &str,
    now: UnixTime,
) -> Result<VerifiedToken, ErrorCode> {
    let keys = JwkSet::parse(&get(keys_url, &[]).body).expect("a key set");
    let audience = Audience::exactly(audience).expect("an audience");
    let policy = Policy::new(profile.clone(), audience, Callers::any());
    callerid::verify(token.trim(), &keys, &policy, now).map_err(|error| error.code())
}

/// What time it is for an emulator.
pub(crate) fn now(emulator: &Emulator) -> UnixTime {
    let state = get(&emulator.urls().control, &[]).json();
    UnixTime::from_seconds(state["now"].as_i64().expect("a time"))
}

/// A part of a token, decoded.
pub(crate) fn part(token: &str, index: usize) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(index).expect("a part");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// A folder for a test's own use, empty at its start.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}
