//! Tokens from the test suites of other libraries.

use callerid::{ErrorCode, Status, UnixTime};
use serde_json::json;

use crate::corpus::{bits, check_signature_by, family, is_ours, with_bit_flipped};
use crate::exceptions::Comparison;
use crate::judged::{judge, policy};
use crate::support::{items, read_json, text};

/// Parsing alone. Upstream refuses claims of the wrong type here; ours are judged behind the signature.
#[test]
fn jwt_verify_lib_parsing() {
    let Some(folder) = family("jwt_verify_lib") else { return };
    let file = read_json(&folder.join("jwt_parse_cases.json"));
    let mut comparison = Comparison::new("jwt_verify_lib/parse");
    let policy = policy(&json!({"profile": "google", "audience": null}));
    for case in items(&file, "cases") {
        let token = text(case, "token");
        let report = judge(token, None, &policy, UnixTime::from_seconds(1_501_281_050));
        let ours = report.checks[0].status == Status::Pass && is_ours(token);
        let why = format!("{} {}", text(case, "upstream_status"), report.checks[0].message);
        comparison.case(text(case, "name"), text(case, "parse") == "accept", ours, &why);
    }
    comparison.finish(items(&file, "cases").len());
}

#[test]
fn jwt_verify_lib_verifying() {
    let Some(folder) = family("jwt_verify_lib") else { return };
    let file = read_json(&folder.join("verify_cases.json"));
    let mut comparison = Comparison::new("jwt_verify_lib/verify");
    let mut flipped = 0;
    for case in items(&file, "cases") {
        let (token, document) = (text(case, "token"), case["keys"].as_str().unwrap_or_default());
        let ours = check_signature_by(token, document);
        let name = format!("{}.{}", text(case, "suite"), text(case, "name"));
        let upstream = text(case, "verify") == "accept" && is_ours(token);
        comparison.case(&name, upstream, ours.is_ok(), &format!("{:?}", ours.as_ref().err()));
        if ours.is_ok() {
            for bit in (0..bits(token, 2)).step_by(if bits(token, 2) > 512 { 13 } else { 1 }) {
                let altered = check_signature_by(&with_bit_flipped(token, 2, bit), document);
                assert_eq!(altered, Err(ErrorCode::SignatureInvalid), "{name} bit {bit}");
                flipped += 1;
            }
        }
    }
    assert!(flipped > 1_000, "only {flipped} bits flipped");
    comparison.finish(items(&file, "cases").len());
}

#[test]
fn samples_of_jwt_io() {
    let Some(folder) = family("library-tokens") else { return };
    let mut comparison = Comparison::new("library-tokens/jwt_io");
    for (at, case) in items(&read_json(&folder.join("jwt_io.json")), "cases").iter().enumerate() {
        let key = items(case, "public_key_pem").first().and_then(|pem| pem.as_str()).unwrap_or_default();
        let upstream = matches!(text(case, "alg"), "RS256" | "ES256");
        let ours = check_signature_by(text(case, "token"), key);
        comparison.case(
            &format!("{at} {}", text(case, "alg")),
            upstream,
            ours.is_ok(),
            &format!("{:?}", ours.err()),
        );
    }
    comparison.finish(9);
}

#[test]
fn pyjwt_advisory() {
    let Some(folder) = family("library-tokens") else { return };
    let file = read_json(&folder.join("pyjwt_advisory.json"));
    let mut comparison = Comparison::new("library-tokens/pyjwt_advisory");
    for (at, case) in items(&file, "cases").iter().enumerate() {
        let ours = check_signature_by(text(case, "token"), &file["ec_public_jwk"].to_string());
        comparison.case(&at.to_string(), text(case, "callerid") == "signature accept", ours.is_ok(), "");
        if text(case, "alg") != "ES256" {
            assert_eq!(ours, Err(ErrorCode::AlgorithmUnsupported), "by its algorithm alone");
        }
    }
    comparison.finish(4);
}
