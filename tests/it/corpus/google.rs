//! Tokens that Google issued, key sets that it published, and tokens that only look like Google's.

use callerid::{Audience, Callers, JwkSet, Policy, Profile, UnixTime, Verdict};
use serde_json::{Value, json};

use crate::corpus::{bits, check_signature, check_signature_by, family, with_bit_flipped};
use crate::judged::{failed, judge, look_at, policy};
use crate::support::{items, read_json, read_text, text};

#[test]
fn real_tokens() {
    let Some(folder) = family("google-real") else { return };
    let mut judged = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let folder = entry.expect("an entry").path();
        let case = read_json(&folder.join("case.json"));
        let token = read_text(&folder.join("token.jwt"));
        let keys = JwkSet::parse(&read_text(&folder.join("jwks.json"))).expect("keys");
        for file in std::fs::read_dir(&folder).expect("the folder") {
            let file = file.expect("an entry").path();
            let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
            if name == "jwks.json" || name.starts_with("upstream_") {
                let keys = JwkSet::parse(&read_text(&file)).expect("keys");
                check_signature(&token, &keys).unwrap_or_else(|code| panic!("{name}: {code}"));
                judged += 1;
            }
        }
        let by_google = text(&case, "iss").contains("google.com");
        judged += if by_google {
            by_google_itself(&token, &keys, &case)
        } else {
            self_signed(&token, &keys, &case)
        };
    }
    assert!(judged > 600, "only {judged}");
    eprintln!("google-real: {judged} judgements of 7 tokens");
}

fn time(case: &Value, member: &str, more: i64) -> UnixTime {
    UnixTime::from_seconds(case[member].as_i64().expect("a time") + more)
}

/// All that case.json expects of a token by Google itself.
fn by_google_itself(token: &str, keys: &JwkSet, case: &Value) -> usize {
    let profile = if text(case, "alg") == "ES256" { "iap" } else { "google" };
    let other_profile = if profile == "iap" { "google" } else { "iap" };
    let policy = |profile: &str, audience: &Value| policy(&json!({"profile": profile, "audience": audience}));
    let (right, at) = (policy(profile, &case["aud"]), time(case, "verify_at", 0));
    let judged = |policy: &Policy, now| {
        let report = judge(token, Some(keys), policy, now);
        (report.code.map(|code| code.as_str()), failed(&report))
    };
    assert_eq!(judged(&right, at), (None, vec![]), "{}", case["id"]);
    assert_eq!(judged(&right, time(case, "exp", 3_600)), (Some("token_expired"), vec!["expiry"]));
    let early = judged(&right, time(case, "iat", -3_600));
    assert!(early.0 == Some("issued_in_future") && early.1.contains(&"issued_at"), "{early:?}");
    let wrong = policy(profile, &json!("https://other.example"));
    assert_eq!(judged(&wrong, at), (Some("audience_mismatch"), vec!["audience"]));
    let wrong = policy(other_profile, &case["aud"]);
    assert_eq!(judged(&wrong, at), (Some("algorithm_not_allowed"), vec!["algorithm"]));
    assert_eq!(look_at(token, at).summary.suggested_profile.as_deref(), Some(profile));
    let mut count = 6;
    for bit in (0..bits(token, 2)).step_by(if profile == "iap" { 1 } else { 17 }) {
        let error =
            callerid::verify(&with_bit_flipped(token, 2, bit), keys, &right, at).expect_err("altered");
        assert_eq!(error.code().as_str(), "signature_invalid", "signature bit {bit}");
        count += 1;
    }
    for bit in (0..bits(token, 1)).step_by(29) {
        callerid::verify(&with_bit_flipped(token, 1, bit), keys, &right, at).expect_err("altered");
        count += 1;
    }
    count
}

/// Google published the key, but did not sign the token.
fn self_signed(token: &str, keys: &JwkSet, case: &Value) -> usize {
    let policy = policy(&json!({"profile": "google", "audience": case["aud"]}));
    let report = judge(token, Some(keys), &policy, time(case, "verify_at", 0));
    assert_eq!(failed(&report)[0], "issuer");
    assert_eq!(report.code.map(|code| code.as_str()), Some("issuer_mismatch"));
    for bit in (0..bits(token, 2)).step_by(37) {
        check_signature(&with_bit_flipped(token, 2, bit), keys).expect_err("altered");
    }
    1 + bits(token, 2).div_ceil(37)
}

#[test]
fn impostors() {
    let Some(folder) = family("impostors") else { return };
    let any = |profile: &str| {
        Policy::new(Profile::parse(profile).expect("a profile"), Audience::insecure_any(), Callers::any())
    };
    let code = |token: &str, keys: &JwkSet, profile: &str, now: i64| {
        let report = judge(token, Some(keys), &any(profile), UnixTime::from_seconds(now));
        assert_eq!(report.verdict, Verdict::Rejected);
        report.code.map(|code| code.as_str())
    };
    let other = read_json(&folder.join("dotnet_nongoogle.json"));
    let (token, google) = (text(&other, "token"), JwkSet::parse(&other["keyset"].to_string()).expect("keys"));
    assert_eq!(code(token, &google, "google", 1_496_084_580), Some("key_id_missing"));
    let issuer = "service-account:fortesting@chrisbacon-testing.iam.gserviceaccount.com";
    assert_eq!(code(token, &google, issuer, 1_496_084_580), Some("key_ambiguous"));
    for key in google.keys() {
        let parsed = callerid::UnverifiedToken::parse(token).expect("a token");
        parsed.verify_signature(key).expect_err("none of Google's keys signed it");
    }
    let look_alike = read_json(&folder.join("risc0_google_lookalike.json"));
    let token = text(&look_alike, "token");
    check_signature_by(token, &look_alike["test_key"].to_string()).expect("the test key signed it");
    assert_eq!(code(token, &google, "google", 1_800_000_000), Some("key_not_found"));
    eprintln!("impostors: 4 cases");
}

/// Key sets as endpoints served them: every key loads, save those that are too short.
#[test]
fn published_key_sets() {
    for (name, files, usable) in [("google-jwks-snapshots", 9, 14), ("jwks-zoo", 4, 10)] {
        let Some(folder) = family(name) else { return };
        let (mut found, mut loaded, mut short) = (0, 0, 0);
        for entry in std::fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            let keys = JwkSet::parse(&read_text(&path)).expect("a key set");
            for aside in keys.set_aside() {
                assert!(aside.reason.to_string().contains("1024"), "{}: {}", path.display(), aside.reason);
                short += 1;
            }
            if !keys.keys().is_empty() {
                let jwks = |keys: &JwkSet| keys.to_jwk_set();
                for again in [keys.to_jwk_set(), keys.to_pem_map()] {
                    let again = JwkSet::parse(&again).expect("a key set");
                    assert_eq!(jwks(&keys), jwks(&again), "{}", path.display());
                }
            }
            found += 1;
            loaded += keys.keys().len();
        }
        assert_eq!(found, files, "{name}");
        assert!(loaded >= usable, "{name}: {loaded} keys loaded");
        eprintln!("{name}: {loaded} keys of {found} files, {short} too short");
    }
}

#[test]
fn esp() {
    let Some(folder) = family("esp") else { return };
    let file = read_json(&folder.join("espv2_tokens.json"));
    let mut cases = 0;
    for token in items(&file, "tokens") {
        let good = token["signature_verifies_under"].as_object().expect("documents");
        for (name, document) in file["key_documents"].as_object().expect("documents") {
            let result = check_signature_by(text(token, "token"), document.as_str().expect("a text"));
            assert_eq!(
                result.is_ok(),
                good.contains_key(name),
                "{} under {name}: {:?}",
                token["name"],
                result.err()
            );
            cases += 1;
        }
    }
    assert_eq!(items(&file, "tokens").len(), 19);
    eprintln!("esp: {cases} pairs of token and keys");
}
