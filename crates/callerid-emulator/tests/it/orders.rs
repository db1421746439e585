//! Orders about tokens, keys and clocks: what a client sees of each, all through [`check`].

use callerid::{ErrorCode, Profile, UnixTime};
use callerid_emulator::Emulator;

use crate::client::{agent, get, post_json, send};
use crate::{AUDIENCE, identity, metadata, now, order, part, start, verify};

/// What is ordered, and what the core says of a token of the metadata server after it.
struct Case {
    order: &'static str,
    body: &'static str,
    verdict: Result<(), ErrorCode>,
}

const CASES: &[Case] = &[
    Case { order: "reset", body: "", verdict: Ok(()) },
    Case { order: "tokens", body: "{\"issued\":-7200}", verdict: Err(ErrorCode::TokenExpired) },
    Case { order: "tokens", body: "{\"issued\":600}", verdict: Err(ErrorCode::IssuedInFuture) },
    Case { order: "tokens", body: "{\"lifetime\":60}", verdict: Ok(()) },
    Case { order: "tokens", body: "{\"lifetime\":86400}", verdict: Err(ErrorCode::LifetimeTooLong) },
    Case { order: "tokens", body: "{\"unknown_key\":true}", verdict: Err(ErrorCode::KeyNotFound) },
    Case { order: "tokens", body: "{\"signature\":\"wrong\"}", verdict: Err(ErrorCode::SignatureInvalid) },
    Case { order: "tokens", body: "{\"signature\":\"redacted\"}", verdict: Err(ErrorCode::SignatureRemoved) },
    Case { order: "tokens", body: "{\"no_email\":true}", verdict: Ok(()) },
    Case { order: "rotate", body: "{\"step\":\"announce\"}", verdict: Ok(()) },
    Case { order: "rotate", body: "{\"step\":\"sudden\"}", verdict: Ok(()) },
];

fn check(emulator: &Emulator, case: &Case) {
    order(emulator, case.order, case.body);
    let token = identity(emulator, "&format=full").body;
    let keys = &emulator.urls().jwks.google;
    let verdict = verify(&token, keys, &Profile::google(), AUDIENCE, now(emulator));
    assert_eq!(verdict.map(|_| ()), case.verdict, "{} {}", case.order, case.body);
    order(emulator, "reset", "");
}

#[test]
fn about_tokens_are_seen_by_verifiers() {
    let emulator = start();
    for case in CASES {
        check(&emulator, case);
    }
}

#[test]
fn that_cannot_be_are_refused_with_a_reason() {
    let emulator = start();
    for (name, body, status, what) in [
        ("nonsense", "{}", 404, "there are reset, rotate"),
        ("rotate", "{}", 400, "step"),
        ("rotate", "{\"step\":\"backwards\"}", 400, "announce"),
        ("rotate", "{\"step\":\"sudden\",\"keys\":\"nobody\"}", 400, "neither google"),
        ("tokens", "{\"expired\":true}", 400, "unknown field"),
        ("tokens", "no JSON", 400, "not JSON"),
        ("status", "{\"status\":200}", 400, "between 400 and 599"),
        ("status", "{\"status\":500,\"probability\":2}", 400, "between 0 and 1"),
        ("status", "{\"status\":500,\"count\":0}", 400, "count"),
        ("status", "{\"status\":500,\"endpoint\":\"moon\"}", 400, "unknown variant"),
        ("latency", "{}", 400, "milliseconds"),
        ("account", "{\"email\":\"nobody@p.iam.gserviceaccount.com\"}", 400, "no such account"),
        ("protect", "{\"name\":\"nothing\"}", 400, "no protected backend"),
    ] {
        let answer = post_json(&format!("{}/{name}", emulator.urls().control), &[], body);
        assert_eq!(answer.status, status, "{name} {body}: {}", answer.body);
        assert!(answer.body.contains(what), "{name} {body}: {}", answer.body);
    }
}

#[test]
fn are_not_taken_from_web_pages() {
    let emulator = start();
    let url = format!("{}/rotate", emulator.urls().control);
    let answer = post_json(&url, &[("Origin", "https://evil.example")], "{\"step\":\"sudden\"}");
    assert_eq!(answer.status, 403);
    assert_eq!(get(&emulator.urls().control, &[]).json()["rotations"], serde_json::json!({}));
}

#[test]
fn are_listed_with_what_they_did() {
    let emulator = start();
    order(&emulator, "status", "{\"status\":503,\"endpoint\":\"keys\",\"count\":2}");
    order(&emulator, "tokens", "{\"lifetime\":60}");
    let state = get(&emulator.urls().control, &[]).json();
    assert_eq!(state["faults"][0]["status"], 503);
    assert_eq!(state["settings"]["tokens"]["lifetime"], 60);
    for name in ["reset", "rotate", "clock", "tokens", "latency", "cut", "grant", "protect"] {
        assert!(state["orders"][name].is_string(), "{name}");
    }
    order(&emulator, "reset", "");
    let state = get(&emulator.urls().control, &[]).json();
    assert_eq!(state["faults"].as_array().map(Vec::len), Some(0));
    assert!(state["settings"]["tokens"]["lifetime"].is_null());
}

#[test]
fn are_all_in_the_documentation() {
    let page = include_str!("../../../../docs/emulator.md");
    let orders = &get(&start().urls().control, &[]).json()["orders"];
    for name in orders.as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
}

/// The key ids that are published, and the one that signs.
fn keys(emulator: &Emulator) -> (Vec<String>, String) {
    let set = get(&emulator.urls().jwks.google, &[]).json();
    let published = set["keys"].as_array().unwrap().iter().map(|key| crate::text(key, "kid"));
    (published.collect(), crate::text(&part(&identity(emulator, "").body, 0), "kid"))
}

#[test]
fn rotate_keys_step_by_step() {
    let emulator = start();
    let (published, first) = keys(&emulator);
    assert_eq!(published, [first.as_str()]);
    order(&emulator, "rotate", "{\"step\":\"announce\"}");
    let (published, signing) = keys(&emulator);
    assert_eq!((published.len(), &signing), (2, &first), "announced, and not in use");
    order(&emulator, "rotate", "{\"step\":\"advance\"}");
    let (published, second) = keys(&emulator);
    assert_eq!(published, [first.clone(), second.clone()], "in use, and the old one still published");
    order(&emulator, "rotate", "{\"step\":\"retire\"}");
    assert_eq!(keys(&emulator), (vec![second.clone()], second.clone()));
    order(&emulator, "rotate", "{\"step\":\"sudden\"}");
    let (published, third) = keys(&emulator);
    assert_eq!(published, [third.as_str()]);
    assert!(third != first && third != second);
    // The certificates are of the same keys.
    let map = get(&emulator.urls().certs.google, &[]).json();
    assert_eq!(map.as_object().unwrap().keys().cloned().collect::<Vec<_>>(), [third]);
}

#[test]
fn set_the_clock() {
    let emulator = start();
    order(&emulator, "clock", "{\"now\":1800000000}");
    let token = identity(&emulator, "").body;
    assert_eq!(part(&token, 1)["iat"], 1_800_000_000);
    assert_eq!(get(&emulator.urls().jwks.google, &[]).header("date"), "Fri, 15 Jan 2027 08:00:00 GMT");
    order(&emulator, "clock", "{\"now\":1800000000,\"offset\":-100}");
    assert_eq!(now(&emulator), UnixTime::from_seconds(1_799_999_900));
}

#[test]
fn make_the_metadata_server_that_of_cloud_build() {
    let emulator = start();
    order(&emulator, "metadata", "{\"is_cloud_build\":true}");
    let answer = identity(&emulator, "");
    assert_eq!((answer.status, answer.header("metadata-flavor")), (404, "Google"));
    assert_eq!(metadata(&emulator, "instance/service-accounts/default/token").status, 200);
    order(&emulator, "metadata", "{\"standard_has_email\":true}");
    assert_eq!(part(&identity(&emulator, "").body, 1)["email"], crate::ATTACHED);
    order(&emulator, "metadata", "{\"scopes\":[\"a\"]}");
    assert_eq!(metadata(&emulator, "instance/service-accounts/default/scopes").body, "a\n");
}

#[test]
fn shorten_the_life_of_key_sets() {
    let emulator = start();
    order(&emulator, "freshness", "{\"max_age\":60,\"age\":0}");
    let answer = get(&emulator.urls().jwks.google, &[]);
    assert!(answer.header("cache-control").starts_with("public, max-age=60,"));
    assert_eq!(answer.header("age"), "0");
    let head = send(&agent(), &ureq::http::Method::HEAD, &emulator.urls().jwks.google, &[], "").unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}
