//! RSA vectors that nobody here wrote: Wycheproof, and keys and tokens that Google published.
//!
//! They are read from the folder named by `CALLERID_CORPUS`.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callerid::rsa_verify::{MODULUS_BITS_MIN, RsaKeyError, RsaPublicKey};
use serde_json::Value;

use crate::rsa_verify::digest;

/// The corpus folder; without one, says so, and fails where the tests decide what lands.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CALLERID_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("NOT RUN: RSA corpus vectors, because CALLERID_CORPUS is not set");
        assert!(std::env::var_os("CI").is_none(), "CALLERID_CORPUS must be set under CI");
    }
    folder
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

fn array<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}"))
}

fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Accepted,
    KeyRefused(RsaKeyError),
    SignatureRefused,
}

/// What we say of a signature under a key.
fn verdict(n: &[u8], e: &[u8], message: &[u8], signature: &[u8]) -> Verdict {
    match RsaPublicKey::from_components(n, e) {
        Err(error) => Verdict::KeyRefused(error),
        Ok(key) if key.verify_pkcs1v15_sha256(&digest(message), signature) => Verdict::Accepted,
        Ok(_) => Verdict::SignatureRefused,
    }
}

/// What we should say of one Wycheproof case.
///
/// Ours are stricter than "acceptable" allows for short moduli and for a missing NULL, and take an
/// exponent of 3. Nothing made for another hash may pass, save the cases that ask a verifier of that
/// hash to refuse an honest SHA-256 signature: to us those are what they are.
fn expected(group: &Value, case: &Value, bits: u32) -> Verdict {
    let flags = array(case, "flags");
    if bits < MODULUS_BITS_MIN {
        return Verdict::KeyRefused(RsaKeyError::ModulusTooShort { bits });
    }
    match (text(group, "sha"), text(case, "result")) {
        ("SHA-256", "valid") => Verdict::Accepted,
        ("SHA-256", "acceptable") if *flags == ["SmallPublicKey"] => Verdict::Accepted,
        ("SHA-384" | "SHA-512", "invalid") if signed_over_sha256(case) => Verdict::Accepted,
        _ => Verdict::SignatureRefused,
    }
}

fn signed_over_sha256(case: &Value) -> bool {
    *array(case, "flags") == ["WrongHash"]
        && text(case, "comment").starts_with("The message is hashed with SHA-256 instead of")
}

/// Runs every case of one Wycheproof file, and counts them.
fn check(path: &Path) -> usize {
    let mut cases = 0;
    for group in array(&read_json(path), "testGroups") {
        let key = ["publicKey", "privateKey"].iter().find_map(|member| group.get(member));
        let (n, e) = key.map_or((&group["n"], &group["e"]), |key| (&key["modulus"], &key["publicExponent"]));
        let (n, e) = (hex(n.as_str().expect("n")), hex(e.as_str().expect("e")));
        let bits = group.get("keySize").or_else(|| group.get("keysize")).and_then(Value::as_u64);
        let bits = u32::try_from(bits.expect("a key size")).expect("a small number");
        for case in array(group, "tests") {
            let (message, signature) = (hex(text(case, "msg")), hex(text(case, "sig")));
            assert_eq!(verdict(&n, &e, &message, &signature), expected(group, case, bits), "{path:?} {case}");
            cases += 1;
        }
    }
    cases
}

#[test]
fn wycheproof() {
    let Some(corpus) = corpus() else { return };
    let files = [
        ("v0/rsa_signature_test.json", 377),
        ("v0/rsa_signature_2048_sha256_test.json", 240),
        ("v0/rsa_signature_3072_sha256_test.json", 239),
        ("v1/rsa_signature_3072_sha256_test.json", 259),
        ("v1/rsa_signature_2048_sha384_test.json", 258),
        ("v1/rsa_signature_2048_sha512_test.json", 259),
        ("v1/rsa_pkcs1_1024_sig_gen_test.json", 33),
        ("v1/rsa_pkcs1_2048_sig_gen_test.json", 43),
    ];
    for (file, cases) in files {
        assert_eq!(check(&corpus.join("wycheproof").join(file)), cases, "{file}");
    }
}

#[test]
fn wycheproof_roca_key() {
    let Some(corpus) = corpus() else { return };
    for version in ["v0", "v1"] {
        let file = read_json(&corpus.join("wycheproof").join(version).join("json_web_key_test.json"));
        let group = array(&file, "testGroups")
            .iter()
            .find(|group| array(group, "tests").iter().any(|case| case["tcId"] == 7))
            .expect("case 7");
        let keys = group.get("public").or_else(|| group.get("private")).expect("a key");
        let key = array(keys, "keys").first().unwrap_or(keys);
        let (n, e) = (base64url(text(key, "n")), base64url(text(key, "e")));
        let error = RsaPublicKey::from_components(&n, &e).expect_err("a weak key");
        assert_eq!(error, RsaKeyError::RocaWeak);
    }
}

/// Folders of real tokens: every RSA key loads, and an RS256 token verifies under its own.
#[test]
fn google_tokens() {
    let Some(corpus) = corpus() else { return };
    let mut verified = 0;
    for folder in std::fs::read_dir(corpus.join("google-real")).expect("google-real") {
        let folder = folder.expect("an entry").path();
        let token = std::fs::read_to_string(folder.join("token.jwt")).expect("a token");
        let (signed, signature) = token.trim_end().rsplit_once('.').expect("three parts");
        let header = base64url(signed.split_once('.').expect("three parts").0);
        let header: Value = serde_json::from_slice(&header).expect("a header");
        let signature = base64url(signature);
        let mut altered = signature.clone();
        altered[100 % signature.len()] ^= 0x10;
        for key in array(&read_json(&folder.join("jwks.json")), "keys") {
            if key["kty"] != "RSA" {
                continue;
            }
            let (n, e) = (base64url(text(key, "n")), base64url(text(key, "e")));
            if n.len() < 256 {
                let refused = RsaKeyError::ModulusTooShort { bits: 1024 };
                assert_eq!(verdict(&n, &e, &[], &[]), Verdict::KeyRefused(refused), "{folder:?}");
                continue;
            }
            let ours = key["kid"] == header["kid"];
            let expected = if ours { Verdict::Accepted } else { Verdict::SignatureRefused };
            assert_eq!(verdict(&n, &e, signed.as_bytes(), &signature), expected, "{folder:?}");
            let refused = Verdict::SignatureRefused;
            assert_eq!(verdict(&n, &e, signed.as_bytes(), &altered), refused, "{folder:?}");
            verified += u32::from(ours);
        }
    }
    assert!(verified >= 6, "only {verified} tokens verified");
}

/// Key sets as real endpoints served them: every RSA key of 2048 bits or more loads.
#[test]
fn published_key_sets() {
    let Some(corpus) = corpus() else { return };
    let mut loaded = 0;
    for folder in ["google-jwks-snapshots", "jwks-zoo"] {
        for file in std::fs::read_dir(corpus.join(folder)).expect(folder) {
            let file = file.expect("an entry").path();
            for key in array(&read_json(&file), "keys") {
                if key["kty"] != "RSA" {
                    continue;
                }
                let (n, e) = (base64url(text(key, "n")), base64url(text(key, "e")));
                assert_eq!(verdict(&n, &e, &[], &[]), Verdict::SignatureRefused, "{file:?}");
                loaded += 1;
            }
        }
    }
    assert!(loaded >= 10, "only {loaded} keys loaded");
}
