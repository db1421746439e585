//! Wycheproof's JWS, JWK and mixed files, on the JWS layer alone.

use crate::corpus::{check_signature_by, family, is_ours};
use crate::exceptions::Comparison;
use crate::support::{items, read_json, text};

fn check(name: &'static str, file: &str, cases: usize) {
    for version in ["v0", "v1"] {
        let Some(folder) = family("wycheproof") else { return };
        let mut comparison = Comparison::new(name);
        for group in items(&read_json(&folder.join(version).join(file)), "testGroups") {
            let keys = group.get("public").or_else(|| group.get("private")).expect("keys").to_string();
            for case in items(group, "tests") {
                let token = case.get("jws").or_else(|| case.get("jwe")).expect("a token");
                // A token in one of the JSON serialisations may be given as an object.
                let token = token.as_str().map_or_else(|| token.to_string(), String::from);
                let upstream = text(case, "result") == "valid" && is_ours(&token);
                let ours = check_signature_by(&token, &keys);
                let why = format!("{:?} {} {}", ours.as_ref().err(), group["comment"], case["comment"]);
                comparison.case(&format!("tc {}", case["tcId"]), upstream, ours.is_ok(), &why);
            }
        }
        comparison.finish(cases);
    }
}

#[test]
fn signatures() {
    check("wycheproof/json_web_signature", "json_web_signature_test.json", 401);
}

#[test]
fn keys() {
    check("wycheproof/json_web_key", "json_web_key_test.json", 26);
}

#[test]
fn mixed() {
    check("wycheproof/json_web_crypto", "json_web_crypto_test.json", 83);
}

/// Every key of the raw ECDSA files loads exactly if it is one of P-256.
#[test]
fn elliptic_keys() {
    let Some(folder) = family("wycheproof") else { return };
    let mut loaded = 0;
    for file in [
        "v0/ecdsa_secp256r1_sha256_p1363_test.json",
        "v0/ecdsa_webcrypto_test.json",
        "v1/ecdsa_secp256r1_sha512_p1363_test.json",
        "v1/ecdsa_secp256k1_sha256_p1363_test.json",
    ] {
        for group in items(&read_json(&folder.join(file)), "testGroups") {
            let key = group.get("key").or_else(|| group.get("publicKey")).expect("a key");
            let jwk = group.get("jwk").or_else(|| group.get("publicKeyJwk")).map(ToString::to_string);
            let pem = group.get("keyPem").or_else(|| group.get("publicKeyPem"));
            let pem = pem.and_then(|pem| pem.as_str()).map(String::from);
            for document in [jwk, pem].into_iter().flatten() {
                let keys = callerid::JwkSet::parse(&document).expect("a key set");
                assert_eq!(keys.keys().len(), usize::from(key["curve"] == "secp256r1"), "{file} {document}");
                loaded += 1;
            }
        }
    }
    assert!(loaded > 500, "only {loaded} keys");
    eprintln!("wycheproof/elliptic_keys: {loaded} documents");
}
