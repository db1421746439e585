//! Assertions at the token endpoint: good ones, and one twist each.

use callerid::Profile;
use callerid_emulator::Emulator;
use callerid_mint::{Claims, ServiceAccountKey};
use getrandom::SysRng;
use serde_json::Value;

use crate::client::{Answer, post_form};
use crate::{ATTACHED, AUDIENCE, OTHER, config, folder, now, order, verify};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const GOOGLES: &str = "https://oauth2.googleapis.com/token";

fn exchange(emulator: &Emulator, assertion: &str) -> Answer {
    post_form(&emulator.urls().token_uri, &[("grant_type", JWT_BEARER), ("assertion", assertion)])
}

/// What is changed about an assertion, and what the endpoint answers to it.
struct Case {
    name: &'static str,
    change: fn(Claims, i64) -> Claims,
    status: u16,
    answer: &'static str,
}

const TIMES: &str = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
                     Check your iat and exp values in the JWT claim.";

const CASES: &[Case] = &[
    Case { name: "nothing", change: |claims, _| claims, status: 200, answer: "{\"id_token\":\"eyJ" },
    Case {
        name: "the older address",
        change: |claims, _| claims.with_text("aud", "https://www.googleapis.com/oauth2/v4/token"),
        status: 200,
        answer: "id_token",
    },
    Case { name: "no subject", change: |claims, _| claims.without("sub"), status: 200, answer: "id_token" },
    Case {
        name: "a scope for an audience",
        change: |claims, _| claims.without("target_audience").with_text("scope", "a b"),
        status: 200,
        answer: "{\"access_token\":\"ya29.c.",
    },
    Case {
        name: "an unknown account",
        change: |claims, _| claims.with_text("iss", "nobody@p.iam.gserviceaccount.com"),
        status: 400,
        answer: "Invalid grant: account not found",
    },
    Case {
        name: "another account",
        change: |claims, _| claims.with_text("iss", OTHER),
        status: 400,
        answer: "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}",
    },
    Case {
        name: "another audience",
        change: |claims, _| claims.with_text("aud", "https://token.example"),
        status: 400,
        answer: "Invalid JWT: Failed audience check.",
    },
    Case {
        name: "too long a life",
        change: |claims, now| claims.with_number("exp", now + 3_601),
        status: 400,
        answer: TIMES,
    },
    Case {
        name: "too old",
        change: |claims, now| claims.with_number("iat", now - 4_000).with_number("exp", now - 400),
        status: 400,
        answer: TIMES,
    },
    Case {
        name: "too early",
        change: |claims, now| claims.with_number("iat", now + 400).with_number("exp", now + 4_000),
        status: 400,
        answer: TIMES,
    },
    Case { name: "no expiry", change: |claims, _| claims.without("exp"), status: 400, answer: TIMES },
    Case {
        name: "somebody else",
        change: |claims, _| claims.with_text("sub", "ann@example.com"),
        status: 401,
        answer: "\"unauthorized_client\"",
    },
    Case {
        name: "neither audience nor scope",
        change: |claims, _| claims.without("target_audience"),
        status: 400,
        answer: "\"invalid_scope\"",
    },
];

fn claims(now: i64) -> Claims {
    Claims::new()
        .with_text("iss", ATTACHED)
        .with_text("sub", ATTACHED)
        .with_text("aud", GOOGLES)
        .with_number("iat", now)
        .with_number("exp", now + 3_600)
        .with_text("target_audience", AUDIENCE)
}

/// An emulator, and the key of its first account as it hands it out.
fn with_key() -> (Emulator, ServiceAccountKey, tempfile::TempDir) {
    let folder = folder();
    let emulator =
        Emulator::start(callerid_emulator::Config { credentials: Some(folder.path().into()), ..config() });
    let emulator = emulator.expect("an emulator");
    let file = std::fs::read_to_string(&emulator.urls().credentials["service_account"]).expect("a file");
    (emulator, ServiceAccountKey::parse(&file).expect("a key file"), folder)
}

fn sign(key: &ServiceAccountKey, claims: &Claims) -> String {
    key.key().sign_jwt(claims, &mut SysRng).expect("an assertion")
}

fn check(emulator: &Emulator, key: &ServiceAccountKey, case: &Case) {
    let now = now(emulator).as_seconds();
    let answer = exchange(emulator, &sign(key, &(case.change)(claims(now), now)));
    assert_eq!(answer.status, case.status, "{}: {}", case.name, answer.body);
    assert!(answer.body.contains(case.answer), "{}: {}", case.name, answer.body);
}

#[test]
fn judges_assertions_as_google_does() {
    let (emulator, key, _folder) = with_key();
    for case in CASES {
        check(&emulator, &key, case);
    }
}

#[test]
fn takes_its_own_address_and_assertions_without_a_key_id() {
    let (emulator, key, _folder) = with_key();
    let now = now(&emulator).as_seconds();
    let own = claims(now).with_text("aud", key.token_uri());
    assert_eq!(exchange(&emulator, &sign(&key, &own)).status, 200);
    let anonymous = key.key().clone().with_key_id(None).unwrap();
    let assertion = anonymous.sign_jwt(&own, &mut SysRng).unwrap();
    let answer = exchange(&emulator, &assertion);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: Value = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "an ID token alone");
    let token = body["id_token"].as_str().unwrap();
    let keys = &emulator.urls().jwks.google;
    let verified = verify(token, keys, &Profile::google(), AUDIENCE, crate::now(&emulator)).unwrap();
    assert_eq!(verified.email(), Some(ATTACHED));
}

#[test]
fn refuses_what_has_been_taken_away() {
    let cases = [
        ("key_deleted", "Invalid JWT Signature."),
        ("deleted", "Invalid grant: account not found"),
        ("disabled", "Account disabled."),
    ];
    let (emulator, key, _folder) = with_key();
    for (what, answer) in cases {
        order(&emulator, "account", &format!("{{\"email\":\"{ATTACHED}\",\"{what}\":true}}"));
        let assertion = sign(&key, &claims(now(&emulator).as_seconds()));
        let refused = exchange(&emulator, &assertion);
        assert_eq!(refused.status, 400, "{what}");
        assert!(refused.body.contains(answer), "{what}: {}", refused.body);
        order(&emulator, "reset", "");
        assert_eq!(exchange(&emulator, &assertion).status, 200, "{what} taken back");
    }
}

#[test]
fn notices_a_clock_that_is_wrong() {
    let (emulator, key, _folder) = with_key();
    for (offset, status) in [(0, 200), (200, 200), (-200, 200), (4_000, 400), (-400, 400)] {
        let assertion = sign(&key, &claims(now(&emulator).as_seconds()));
        order(&emulator, "clock", &format!("{{\"offset\":{offset}}}"));
        assert_eq!(exchange(&emulator, &assertion).status, status, "{offset}");
        order(&emulator, "reset", "");
    }
}
