//! Who may act as whom: one row a call, all through [`check`].

use callerid_emulator::Emulator;
use serde_json::json;

use crate::{
    ATTACHED, CLOUD_PLATFORM, OTHER, TARGET, USER, access_token, access_token_of, call, order, start,
};

/// A call of IAM Credentials, and how it is answered.
struct Case {
    name: &'static str,
    /// Orders that come before it.
    orders: &'static [(&'static str, &'static str)],
    caller: &'static str,
    delegates: &'static [&'static str],
    target: &'static str,
    method: &'static str,
    status: u16,
    answer: &'static str,
}

const CASE: Case = Case {
    name: "",
    orders: &[],
    caller: ATTACHED,
    delegates: &[],
    target: TARGET,
    method: "generateIdToken",
    status: 200,
    answer: "",
};

const DENIED: &str =
    "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource (or it may not exist).";
const GRANT_OTHER: (&str, &str) = (
    "grant",
    "{\"member\":\"serviceAccount:other@p.iam.gserviceaccount.com\",\"target\":\"target@p.iam.gserviceaccount.com\"}",
);
const GRANT_TARGET: (&str, &str) = (
    "grant",
    "{\"member\":\"serviceAccount:target@p.iam.gserviceaccount.com\",\"target\":\"other@p.iam.gserviceaccount.com\"}",
);
const TO_TARGET: &[&str] = &["projects/-/serviceAccounts/target@p.iam.gserviceaccount.com"];

const CASES: &[Case] = &[
    Case { name: "the attached account as any other", ..CASE },
    Case { name: "the attached account as itself", target: ATTACHED, ..CASE },
    Case { name: "by the numeric id", target: "UNIQUE_ID", ..CASE },
    Case { name: "an account without a role", caller: OTHER, status: 403, answer: DENIED, ..CASE },
    Case {
        name: "an account without a role, as itself",
        caller: OTHER,
        target: OTHER,
        status: 403,
        answer: "IAM_PERMISSION_DENIED",
        ..CASE
    },
    Case {
        name: "an access token without a role",
        caller: OTHER,
        method: "generateAccessToken",
        status: 403,
        answer: "'iam.serviceAccounts.getAccessToken' denied",
        ..CASE
    },
    Case {
        name: "signJwt without a role",
        caller: OTHER,
        method: "signJwt",
        status: 403,
        answer: "'iam.serviceAccounts.signJwt' denied",
        ..CASE
    },
    Case {
        name: "signBlob without a role",
        caller: OTHER,
        method: "signBlob",
        status: 403,
        answer: "'iam.serviceAccounts.signBlob' denied",
        ..CASE
    },
    Case { name: "an account with the role on one", orders: &[GRANT_OTHER], caller: OTHER, ..CASE },
    Case {
        name: "an account with the role on another",
        orders: &[GRANT_OTHER],
        caller: OTHER,
        target: ATTACHED,
        status: 403,
        answer: DENIED,
        ..CASE
    },
    Case {
        name: "a role that has not spread yet",
        orders: &[(
            "grant",
            "{\"member\":\"serviceAccount:other@p.iam.gserviceaccount.com\",\"target\":\"*\",\"after\":300}",
        )],
        caller: OTHER,
        status: 403,
        answer: DENIED,
        ..CASE
    },
    Case {
        name: "a role that has spread",
        orders: &[
            (
                "grant",
                "{\"member\":\"serviceAccount:other@p.iam.gserviceaccount.com\",\"target\":\"*\",\"after\":300}",
            ),
            ("clock", "{\"offset\":301}"),
        ],
        caller: OTHER,
        ..CASE
    },
    Case {
        name: "the narrow role, for an ID token",
        orders: &[(
            "grant",
            "{\"member\":\"serviceAccount:other@p.iam.gserviceaccount.com\",\"target\":\"*\",\"role\":\"roles/iam.serviceAccountOpenIdTokenCreator\"}",
        )],
        caller: OTHER,
        ..CASE
    },
    Case {
        name: "the narrow role, for an access token",
        orders: &[(
            "grant",
            "{\"member\":\"serviceAccount:other@p.iam.gserviceaccount.com\",\"target\":\"*\",\"role\":\"roles/iam.serviceAccountOpenIdTokenCreator\"}",
        )],
        caller: OTHER,
        method: "generateAccessToken",
        status: 403,
        answer: "getAccessToken",
        ..CASE
    },
    Case {
        name: "the attached account after its role is gone",
        orders: &[(
            "revoke",
            "{\"member\":\"serviceAccount:vm@p.iam.gserviceaccount.com\",\"target\":\"*\"}",
        )],
        status: 403,
        answer: DENIED,
        ..CASE
    },
    Case {
        name: "an account that is not there, for one who may know",
        target: "nobody@p.iam.gserviceaccount.com",
        status: 404,
        answer: "Not found; Gaia id not found for email nobody@p.iam.gserviceaccount.com",
        ..CASE
    },
    Case {
        name: "an account that is not there, for others",
        caller: OTHER,
        target: "nobody@p.iam.gserviceaccount.com",
        status: 403,
        answer: DENIED,
        ..CASE
    },
    Case {
        name: "a deleted account",
        orders: &[("account", "{\"email\":\"target@p.iam.gserviceaccount.com\",\"deleted\":true}")],
        status: 404,
        answer: "Gaia id not found",
        ..CASE
    },
    Case {
        name: "a disabled account",
        orders: &[("account", "{\"email\":\"target@p.iam.gserviceaccount.com\",\"disabled\":true}")],
        status: 400,
        answer: "FAILED_PRECONDITION",
        ..CASE
    },
    Case {
        name: "a service that is turned off",
        orders: &[("services", "{\"iam_credentials_disabled\":true}")],
        status: 403,
        answer: "IAM Service Account Credentials API has not been used in project 123456789012 before or it is disabled.",
        ..CASE
    },
    Case {
        name: "a machine without the scope",
        orders: &[("metadata", "{\"scopes\":[\"https://www.googleapis.com/auth/devstorage.read_only\"]}")],
        status: 403,
        answer: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        ..CASE
    },
    Case {
        name: "a delegate with the role",
        orders: &[GRANT_TARGET],
        delegates: TO_TARGET,
        target: OTHER,
        ..CASE
    },
    Case {
        name: "a delegate without the role",
        delegates: TO_TARGET,
        target: OTHER,
        status: 403,
        answer: DENIED,
        ..CASE
    },
    Case {
        name: "a delegate that the caller may not act as",
        orders: &[GRANT_TARGET],
        caller: OTHER,
        delegates: TO_TARGET,
        target: OTHER,
        status: 403,
        answer: "implicitDelegation",
        ..CASE
    },
    Case {
        name: "a delegate that is written badly",
        delegates: &["target@p.iam.gserviceaccount.com"],
        target: OTHER,
        status: 400,
        answer: "Request contains an invalid argument.",
        ..CASE
    },
];

fn check(emulator: &Emulator, case: &Case) {
    let name = case.name;
    let tokens = |caller: &str| match caller {
        ATTACHED => access_token(emulator),
        other => access_token_of(emulator, other),
    };
    // The attached account's token shows the scopes that were ordered.
    let before = (case.caller != ATTACHED).then(|| tokens(case.caller));
    for (order_name, body) in case.orders {
        order(emulator, order_name, body);
    }
    let token = before.unwrap_or_else(|| tokens(case.caller));
    let target = match case.target {
        "UNIQUE_ID" => crate::text(&crate::part(&crate::identity(emulator, "").body, 1), "sub"),
        target => target.into(),
    };
    let body = json!({
        "audience": "https://svc.example",
        "scope": [CLOUD_PLATFORM],
        "payload": "e30=",
        "delegates": case.delegates,
    });
    let answer = call(emulator, &token, &target, case.method, &body.to_string());
    assert_eq!(answer.status, case.status, "{name}: {}", answer.body);
    assert!(answer.body.contains(case.answer), "{name}: {}", answer.body);
    order(emulator, "reset", "");
}

#[test]
fn decide_who_acts_as_whom() {
    let emulator = start();
    for case in CASES {
        check(&emulator, case);
    }
}

#[test]
fn come_from_the_configuration_where_it_has_any() {
    let text = format!(
        "project_id = \"p\"\nuser = \"{USER}\"\nseed = 1\n\
         [[service_accounts]]\nemail = \"{ATTACHED}\"\n\
         [[service_accounts]]\nemail = \"{TARGET}\"\nunique_id = \"100000000000000000042\"\n\
         [[grants]]\nmember = \"serviceAccount:{TARGET}\"\n\
         role = \"roles/iam.serviceAccountTokenCreator\"\ntarget = \"{ATTACHED}\"\n"
    );
    let config = callerid_emulator::Config::from_toml(&text).expect("a configuration");
    let emulator = Emulator::start(config).expect("an emulator");
    let body = "{\"audience\":\"x\"}";
    let token = access_token(&emulator);
    assert_eq!(call(&emulator, &token, TARGET, "generateIdToken", body).status, 403);
    let state = crate::client::get(&emulator.urls().control, &[]).json();
    assert_eq!(state["accounts"][1]["unique_id"], "100000000000000000042");
    assert_eq!(state["grants"].as_array().map(Vec::len), Some(1));
}

#[test]
fn of_the_documented_configuration_can_be_read() {
    let documentation = include_str!("../../src/config.rs");
    let example = documentation.split("```").find_map(|block| block.strip_prefix("toml\n"));
    let lines = example.expect("an example").lines().map(|line| line.trim_start_matches("/// "));
    let text: String = lines.map(|line| line.trim_start_matches("///").to_owned() + "\n").collect();
    let config = callerid_emulator::Config::from_toml(&text).expect("a configuration");
    assert_eq!((config.service_accounts.len(), config.grants.map(|grants| grants.len())), (2, Some(1)));
}

#[test]
fn of_the_configuration_are_told_apart_from_mistakes() {
    for (text, what) in [
        ("projectid = \"p\"", "unknown field"),
        ("project_id = \"\"", "the project has no id"),
        ("[[service_accounts]]\nemail = \"x\"", "no e-mail address"),
        ("[[service_accounts]]\nemail = \"../a@b.c\"", "no e-mail address"),
        ("[[service_accounts]]\nemail = \"a@b.c\"\n[[service_accounts]]\nemail = \"a@b.c\"", "twice"),
        ("proxy = true", "directory"),
        ("listen = \"nowhere\"", "invalid socket address"),
    ] {
        let started = callerid_emulator::Config::from_toml(text).and_then(Emulator::start);
        let error = started.err().unwrap_or_else(|| panic!("{text} is taken"));
        assert!(error.to_string().contains(what), "{text}: {error}");
        assert!(error.hint().ends_with('.'), "{text}");
    }
}
