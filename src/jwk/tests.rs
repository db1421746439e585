//! ES256 on the bare signature, by vectors that nobody here wrote.

extern crate std;

use std::eprintln;
use std::path::PathBuf;
use std::string::{String, ToString};
use std::vec::Vec;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::JwkSet;

fn hex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16));
    pairs.map(|byte| byte.expect("hexadecimal")).collect()
}

fn items<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

/// Runs every case of a file under P-256 keys and SHA-256; gives their number. A signature made for
/// another hash must not pass.
fn check(path: PathBuf) -> usize {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let mut cases = 0;
    for group in items(&file, "testGroups") {
        // Some groups give the key in one form only.
        let jwk = group.get("jwk").or_else(|| group.get("publicKeyJwk")).map(ToString::to_string);
        let pem = group.get("keyPem").or_else(|| group.get("publicKeyPem"));
        let pem = pem.and_then(Value::as_str).map(String::from);
        let set = JwkSet::parse(&jwk.or(pem).expect("a key")).expect("a key set");
        for case in items(group, "tests") {
            cases += 1;
            // A key of another curve is set aside, so that no signature can pass.
            let Some(key) = set.keys().first() else { continue };
            let digest = Sha256::digest(hex(case["msg"].as_str().expect("a message")));
            let signature = hex(case["sig"].as_str().expect("a signature"));
            let wanted = group["sha"] == "SHA-256" && case["result"] == "valid";
            assert_eq!(key.accepts(&digest.into(), &signature), wanted, "{case}");
        }
    }
    cases
}

#[test]
fn wycheproof() {
    let Some(folder) = std::env::var_os("CALLERID_CORPUS").map(PathBuf::from) else {
        eprintln!("NOT RUN: wycheproof/ecdsa, because CALLERID_CORPUS is not set");
        assert!(std::env::var_os("CI").is_none(), "CALLERID_CORPUS must be set under CI");
        return;
    };
    for (file, cases) in [
        ("v0/ecdsa_secp256r1_sha256_p1363_test.json", 219),
        ("v0/ecdsa_webcrypto_test.json", 362),
        ("v1/ecdsa_secp256r1_sha512_p1363_test.json", 332),
        ("v1/ecdsa_secp256k1_sha256_p1363_test.json", 252),
    ] {
        assert_eq!(check(folder.join("wycheproof").join(file)), cases, "{}", String::from(file));
    }
}
