//! Signatures that nobody here made: Wycheproof's vectors for signing with PKCS#1 v1.5.
//!
//! They are read from the folder named by `CALLERID_CORPUS`.

use std::path::PathBuf;

use callerid::rsa_verify::RsaKeyError;
use callerid_mint::{KeyError, SigningKey};
use serde_json::Value;

use crate::TestRandomness;

/// The corpus folder; without one, says so, and fails where the tests decide what lands.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CALLERID_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("NOT RUN: signing vectors, because CALLERID_CORPUS is not set");
        assert!(std::env::var_os("CI").is_none(), "CALLERID_CORPUS must be set under CI");
    }
    folder
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}"))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn groups(file: &str) -> Option<Vec<Value>> {
    let path = corpus()?.join("wycheproof/v1").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    Some(file["testGroups"].as_array().expect("groups").clone())
}

#[test]
fn signatures_are_equal_byte_for_byte() {
    let Some(groups) = groups("rsa_pkcs1_2048_sig_gen_test.json") else { return };
    let mut compared = 0;
    for group in groups.iter().filter(|group| group["sha"] == "SHA-256") {
        let from_pem = SigningKey::parse(text(group, "privateKeyPem")).unwrap();
        let from_jwk = SigningKey::parse(&group["privateKeyJwk"].to_string()).unwrap();
        // Some have primes of very different lengths.
        let again = SigningKey::parse(&from_jwk.expose_private_pem().unwrap()).unwrap();
        let and_again = SigningKey::parse(&from_jwk.expose_private_jwk().unwrap()).unwrap();
        for (at, case) in group["tests"].as_array().expect("tests").iter().enumerate() {
            let (message, signature) = (hex(text(case, "msg")), hex(text(case, "sig")));
            for key in [&from_pem, &from_jwk, &again, &and_again] {
                let mut randomness = TestRandomness::new(u64::try_from(at).unwrap());
                assert_eq!(key.sign(&message, &mut randomness).unwrap(), signature, "{case}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 40);
}

#[test]
fn keys_for_other_digests_and_short_keys_are_refused() {
    let Some(long) = groups("rsa_pkcs1_2048_sig_gen_test.json") else { return };
    let others = long.iter().filter(|group| matches!(text(group, "sha"), "SHA-384" | "SHA-512"));
    let others: Vec<&Value> = others.filter(|group| group.get("privateKeyJwk").is_some()).collect();
    assert!(!others.is_empty());
    for group in others {
        let refused = SigningKey::parse(&group["privateKeyJwk"].to_string());
        assert_eq!(refused.unwrap_err(), KeyError::NotForSigning);
    }
    let short = groups("rsa_pkcs1_1024_sig_gen_test.json").expect("the corpus");
    assert_eq!(short.len(), 5);
    for group in short {
        let refused = SigningKey::parse(text(&group, "privateKeyPem"));
        let expected = callerid::KeyError::Rsa(RsaKeyError::ModulusTooShort { bits: 1024 });
        assert_eq!(refused.unwrap_err(), KeyError::Refused(expected));
    }
}
