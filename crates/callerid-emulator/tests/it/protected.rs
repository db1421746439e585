//! Protected backends, as callers meet them on their own ports; what each guard checks is in the unit tests.

use callerid_emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::client::{Answer, get};
use crate::{ATTACHED, config, metadata, order};

/// Backends of every kind, as a configuration names them.
const BACKENDS: &str = r#"
[[protected]]
name = "run"
kind = "run"
audience = "https://run.example"

[[protected]]
name = "picky"
kind = "function"
invokers = ["serviceAccount:other@p.iam.gserviceaccount.com"]

[[protected]]
name = "first"
kind = "function_1st_gen"

[[protected]]
name = "admin"
kind = "iap"
"#;

fn start() -> Emulator {
    let protected = Config::from_toml(BACKENDS).expect("backends").protected;
    Emulator::start(Config { protected, ..config() }).expect("an emulator")
}

/// An `Authorization` field with a token of the metadata server for that audience.
fn bearer(emulator: &Emulator, audience: &str) -> String {
    let path = format!("instance/service-accounts/default/identity?format=full&audience={audience}");
    format!("Bearer {}", metadata(emulator, &path).body)
}

fn call(emulator: &Emulator, url: &str, audience: &str) -> Answer {
    get(url, &[("Authorization", &bearer(emulator, audience))])
}

fn overview(emulator: &Emulator) -> Value {
    get(&emulator.urls().control, &[]).json()
}

#[test]
fn open_to_those_who_may_call_them() {
    let emulator = start();
    let urls = &emulator.urls().protected;
    assert!(urls["first"].ends_with("/first"), "{urls:?}");
    let client = "123456789012-emulatedadmin.apps.googleusercontent.com";
    let check = |name: &str, audience: &str, status| {
        let answer = call(&emulator, &urls[name], audience);
        assert_eq!(answer.status, status, "{name} {audience}: {}", answer.body);
        if status == 200 {
            assert_eq!(answer.json()["backend"], name);
        }
    };
    check("run", &urls["run"], 200);
    // An audience of one's own comes on top.
    check("run", "https://run.example", 200);
    check("run", "https://other.example", 401);
    check("first", &urls["first"], 200);
    check("admin", client, 200);
    check("admin", &urls["admin"], 401);
    check("picky", &urls["picky"], 403);

    order(&emulator, "protect", &json!({"name": "picky", "invokers": [ATTACHED]}).to_string());
    check("picky", &urls["picky"], 200);
    order(&emulator, "reset", "");
    check("picky", &urls["picky"], 403);

    // A token outlives the account, but opens nothing any more.
    let kept = bearer(&emulator, &urls["run"]);
    order(&emulator, "account", &json!({"email": ATTACHED, "disabled": true}).to_string());
    assert_eq!(get(&urls["run"], &[("Authorization", &kept)]).status, 403);
}

#[test]
fn tell_whoever_runs_them_why_they_refused() {
    let emulator = start();
    let url = &emulator.urls().protected["run"];
    assert_eq!(get(&format!("{url}/a?secret"), &[]).status, 403);
    call(&emulator, url, "https://other.example");
    call(&emulator, &emulator.urls().protected["picky"], &emulator.urls().protected["picky"]);
    let refusals = overview(&emulator)["refusals"].clone();
    let [nothing, audience, role] = refusals.as_array().expect("a list").as_slice() else {
        panic!("{refusals}")
    };
    assert_eq!(
        nothing["reasons"],
        json!(["there is no token in x-serverless-authorization or authorization"])
    );
    assert_eq!((&nothing["path"], &nothing["status"]), (&"/a".into(), &403.into()));
    let reason = audience["reasons"][0].as_str().expect("a reason");
    assert!(
        reason.starts_with("audience_mismatch: ") && reason.ends_with("Found https://other.example."),
        "{reason}"
    );
    assert_eq!(audience["log"], "The access token could not be verified.");
    assert_eq!(role["reasons"], json!([format!("{ATTACHED} is none of the invokers")]));
    assert_eq!(role["log"], "The request was not authorized to invoke this service.");
    assert!(!refusals.to_string().contains("eyJ") && !refusals.to_string().contains("secret"), "{refusals}");

    for _ in 0..110 {
        get(url, &[]);
    }
    assert_eq!(overview(&emulator)["refusals"].as_array().map(Vec::len), Some(100));
    order(&emulator, "reset", "");
    assert_eq!(overview(&emulator)["refusals"], json!([]));
}

#[test]
fn that_cannot_be_are_refused_with_a_reason() {
    let check = |text: &str, what: &str| {
        let error = text.parse::<callerid_emulator::Protected>().expect_err(text);
        assert!(error.contains(what), "{error}");
    };
    check("run", "NAME=run|function|function-1st-gen|iap[@AUDIENCE]");
    check("a=run@", "NAME=run");
    check("a=appengine", "NAME=run");
    for name in ["A=run", "a/b=run", "-a=run", "ä=run"] {
        let protected = vec![name.parse().expect(name)];
        let error = Emulator::start(Config { protected, ..config() }).map(drop).expect_err(name);
        assert!(error.to_string().contains("others than a-z, 0-9 and -"), "{error}");
    }
    let emulator = start();
    for (body, what) in [
        (r#"{"invokers":[]}"#, "missing field `name`"),
        (r#"{"name":"nobody"}"#, "no protected backend of that name"),
        (r#"{"name":"run","troubles":["flood"]}"#, "unknown variant"),
    ] {
        let answer = crate::client::post_json(&format!("{}/protect", emulator.urls().control), &[], body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.body.contains(what), "{}", answer.body);
    }
}
