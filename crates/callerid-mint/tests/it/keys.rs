//! Keys in every form in which they are found, and the defects that they have.

use callerid::rsa_verify::RsaKeyError;
use callerid::{Algorithm, JwkSet};
use callerid_mint::{Claims, KEY_BYTES_MAX, KeyError, SigningKey};
use serde_json::{Value, json};

use crate::{TestRandomness, p256_key, p256_pem, read, rsa_key, rsa_pem};

fn own(file: &str) -> String {
    read(&format!("tests/keys/{file}"))
}

fn shared(file: &str) -> String {
    read(&format!("../../tests/keys/{file}"))
}

/// Two keys are one if the other verifies what the one signs.
fn assert_same(left: &SigningKey, right: &SigningKey) {
    let sign = |key: &SigningKey| key.sign(b"message", &mut TestRandomness::new(7)).expect("a signature");
    assert_eq!(sign(left), sign(right));
    assert_eq!(left.public_keys().to_jwk_set(), right.public_keys().to_jwk_set());
}

#[test]
fn every_form_gives_the_same_key() {
    let rsa = rsa_key();
    assert_same(&rsa, &SigningKey::parse(&own("rsa-2048.pkcs1.pem")).unwrap());
    let p256 = p256_key();
    for file in ["p256.sec1.pem", "p256-with-parameters.sec1.pem"] {
        assert_same(&p256, &SigningKey::parse(&own(file)).unwrap());
    }
    assert_eq!((rsa.algorithm(), rsa.bits()), (Algorithm::Rs256, 2048));
    assert_eq!((p256.algorithm(), p256.bits()), (Algorithm::Es256, 256));
}

#[test]
fn what_is_written_is_read_again() {
    for pem in [rsa_pem(), p256_pem(), shared("rsa-2056-e65537.pem"), shared("rsa-2048-e3.pem")] {
        let key = SigningKey::from_pem(&pem).unwrap();
        assert_eq!(key.expose_private_pem().unwrap().as_str(), pem, "as OpenSSL writes it");
        let jwk = key.expose_private_jwk().unwrap();
        assert_same(&key, &SigningKey::from_jwk(&jwk).unwrap());
        let named = key.with_key_id(Some("k \"1\"\n")).unwrap();
        let named_again = SigningKey::from_jwk(&named.expose_private_jwk().unwrap()).unwrap();
        assert_eq!(named_again.key_id(), Some("k \"1\"\n"));
        assert_same(&named, &named_again);
    }
}

#[test]
fn line_endings_and_what_stands_around_the_key_do_not_matter() {
    let pem = rsa_pem();
    let variants = [
        pem.replace('\n', "\r\n"),
        format!("Bag Attributes\n    localKeyID: 01\n{pem}\ntrailing text"),
        format!("{}{pem}", own("rsa-2048-public.pem")),
        pem.replace("-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\n  "),
    ];
    for variant in variants {
        assert_same(&rsa_key(), &SigningKey::from_pem(&variant).unwrap());
    }
}

#[test]
fn all_sizes_and_exponents_that_verifiers_take_can_sign() {
    for (file, bits) in [
        ("rsa-2048-e3.pem", 2048),
        ("rsa-2048-e8589934591.pem", 2048),
        ("rsa-2056-e65537.pem", 2056),
        ("rsa-3072-e17.pem", 3072),
        ("rsa-4096-e65537.pem", 4096),
        ("rsa-8192-e65537.pem", 8192),
    ] {
        let key = SigningKey::from_pem(&shared(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(key.bits(), bits);
        let claims = Claims::new().with_text("iss", "https://issuer.test");
        let token = key.sign_jwt(&claims, &mut TestRandomness::new(1)).unwrap();
        let token = callerid::UnverifiedToken::parse(&token).unwrap();
        let verified = token.verify_signature(&key.public_keys().keys()[0]);
        assert!(verified.is_ok(), "{file}");
    }
}

#[test]
fn the_key_id_is_the_thumbprint_unless_it_has_another() {
    let key = rsa_key();
    assert_eq!(key.key_id(), Some(key.public_keys().keys()[0].thumbprint().as_str()));
    let nameless = key.clone().with_key_id(None).unwrap();
    assert_eq!((nameless.key_id(), nameless.public_keys().keys()[0].key_id()), (None, None));
    let token = nameless.sign_jwt(&Claims::new(), &mut TestRandomness::new(1)).unwrap();
    assert_eq!(crate::part(&token, 0), json!({ "alg": "RS256", "typ": "JWT" }));
    let token = key.sign_jwt(&Claims::new(), &mut TestRandomness::new(1)).unwrap();
    assert_eq!(crate::part(&token, 0), json!({ "alg": "RS256", "kid": key.key_id(), "typ": "JWT" }));
}

#[test]
fn the_public_half_is_what_openssl_says() {
    assert_eq!(rsa_key().public_pem(), own("rsa-2048-public.pem"));
    assert_eq!(p256_key().public_pem(), own("p256-public.pem"));
    let set = JwkSet::parse(&rsa_key().public_keys().to_jwk_set()).unwrap();
    assert_eq!(set.keys().len(), 1);
}

#[test]
fn new_keys_differ_and_work() {
    let mut randomness = TestRandomness::new(3);
    let rsa = SigningKey::generate_rsa(2048, &mut randomness).unwrap();
    assert_eq!(rsa.bits(), 2048);
    let p256 = SigningKey::generate_p256(&mut randomness).unwrap();
    assert_ne!(p256.key_id(), SigningKey::generate_p256(&mut randomness).unwrap().key_id());
    for key in [rsa, p256] {
        assert_same(&key, &SigningKey::parse(&key.expose_private_pem().unwrap()).unwrap());
        assert_same(&key, &SigningKey::parse(&key.expose_private_jwk().unwrap()).unwrap());
    }
    for bits in [0, 1024, 2047, 2049, 8200, u32::MAX] {
        let refused = SigningKey::generate_rsa(bits, &mut randomness);
        assert_eq!(refused.unwrap_err(), KeyError::BitsOutOfRange { bits });
    }
}

#[test]
fn every_defect_of_a_pem_text_has_its_own_error() {
    let pem = rsa_pem();
    let short = KeyError::Refused(callerid::KeyError::Rsa(RsaKeyError::ModulusTooShort { bits: 1024 }));
    let cases = [
        (String::new(), KeyError::NoKey),
        ("REDACTED".into(), KeyError::NoKey),
        (" ".repeat(KEY_BYTES_MAX + 1), KeyError::TooLarge),
        (own("rsa-2048-public.pem"), KeyError::NotPrivate),
        (own("p256-public.pem"), KeyError::NotPrivate),
        (own("p256-encrypted.pem"), KeyError::Encrypted),
        (own("rsa-2048-encrypted.pkcs1.pem"), KeyError::Encrypted),
        (own("p384.pem"), KeyError::Unsupported),
        (own("p384.sec1.pem"), KeyError::Unsupported),
        (own("ed25519.pem"), KeyError::Unsupported),
        (own("rsa-pss-2048.pem"), KeyError::Unsupported),
        (own("rsa-2048-three-primes.pem"), KeyError::Unsupported),
        (pem.replace("PRIVATE KEY", "OPENSSH PRIVATE KEY"), KeyError::Unsupported),
        (shared("rsa-1024-e65537.pem"), short),
        (format!("{pem}{}", p256_pem()), KeyError::SeveralKeys),
        (pem.replace('\n', "\\n"), KeyError::EscapedLineBreaks),
        (pem.replacen('M', "!", 2), KeyError::Malformed),
        (pem.replace("-----END", "-----"), KeyError::Malformed),
        (pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"), KeyError::Malformed),
        (pem.replace("PRIVATE KEY", "EC PRIVATE KEY"), KeyError::Malformed),
        (
            pem.lines().enumerate().filter(|(at, _)| *at != 9).map(|(_, l)| format!("{l}\n")).collect(),
            KeyError::Malformed,
        ),
    ];
    for (text, expected) in cases {
        let found = SigningKey::parse(&text).map(|_| ()).unwrap_err();
        assert_eq!(found, expected, "{}", &text[..text.len().min(40)]);
    }
}

#[test]
fn a_changed_number_is_noticed() {
    // Without changing a length: one base64 character in the modulus, the private exponent and a prime.
    // What follows from the primes is computed anew.
    let pem = own("rsa-2048.pkcs1.pem");
    let lines: Vec<&str> = pem.lines().collect();
    for line in [4, 9, 14] {
        let mut changed: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let replacement = if &changed[line][20..21] == "A" { "B" } else { "A" };
        changed[line].replace_range(20..21, replacement);
        let error = SigningKey::from_pem(&changed.join("\n")).map(|_| ()).unwrap_err();
        assert_eq!(error, KeyError::Inconsistent, "line {line}");
    }
    let pem = own("p256.sec1.pem");
    let changed = pem.replacen("FJCSY40L", "FJCSZ40L", 1);
    assert_ne!(pem, changed);
    assert_eq!(SigningKey::from_pem(&changed).map(|_| ()).unwrap_err(), KeyError::Inconsistent);
}

fn jwk(key: &SigningKey) -> Value {
    serde_json::from_str(&key.expose_private_jwk().unwrap()).unwrap()
}

#[test]
fn every_defect_of_a_jwk_has_its_own_error() {
    let (rsa, p256) = (jwk(&rsa_key()), jwk(&p256_key()));
    let with = |base: &Value, member: &str, value: Value| {
        let mut jwk = base.clone();
        jwk[member] = value;
        jwk.to_string()
    };
    let without = |base: &Value, members: &[&str]| {
        let mut jwk = base.clone();
        jwk.as_object_mut().unwrap().retain(|name, _| !members.contains(&name.as_str()));
        jwk.to_string()
    };
    let e3 = jwk(&SigningKey::from_pem(&shared("rsa-2048-e3.pem")).unwrap());
    let doubled = rsa.to_string().replacen('{', "{\"kty\":\"RSA\",", 1);
    let short = SigningKey::from_jwk(&with(&rsa, "n", json!("AQAB")));
    assert!(matches!(short.unwrap_err(), KeyError::Refused(callerid::KeyError::Rsa(_))));
    let even = SigningKey::from_jwk(&with(&rsa, "e", json!("AQAC")));
    assert!(matches!(even.unwrap_err(), KeyError::Refused(callerid::KeyError::Rsa(_))));
    for (text, expected) in [
        ("{".into(), KeyError::NoKey),
        ("{}".into(), KeyError::NoKey),
        ("{\"kty\":\"oct\",\"k\":\"AAAA\"}".into(), KeyError::Unsupported),
        (rsa_key().public_keys().keys()[0].to_jwk(), KeyError::NotPrivate),
        (p256_key().public_keys().keys()[0].to_jwk(), KeyError::NotPrivate),
        (doubled, KeyError::DuplicateMember),
        (with(&rsa, "use", json!("enc")), KeyError::NotForSigning),
        (with(&rsa, "alg", json!("RS512")), KeyError::NotForSigning),
        (with(&p256, "alg", json!("RS256")), KeyError::NotForSigning),
        (with(&rsa, "key_ops", json!(["verify"])), KeyError::NotForSigning),
        (with(&rsa, "key_ops", json!("sign")), KeyError::Malformed),
        (with(&rsa, "kid", json!(1)), KeyError::Malformed),
        (with(&rsa, "d", json!("A+==")), KeyError::Malformed),
        (with(&rsa, "d", json!("AQAB")), KeyError::Inconsistent),
        (with(&rsa, "p", json!("AQAB")), KeyError::Inconsistent),
        (with(&rsa, "oth", json!([])), KeyError::Unsupported),
        (without(&rsa, &["q"]), KeyError::Malformed),
        (without(&e3, &["p", "q"]), KeyError::PrimesMissing),
        (with(&p256, "crv", json!("P-384")), KeyError::Unsupported),
        (with(&p256, "kty", json!("OKP")), KeyError::Unsupported),
        (with(&p256, "d", json!("AQAB")), KeyError::Malformed),
        (with(&p256, "d", json!("A".repeat(43))), KeyError::Malformed),
        (with(&p256, "x", p256["y"].clone()), KeyError::Inconsistent),
        (without(&p256, &["y"]), KeyError::Malformed),
    ] {
        let found = SigningKey::from_jwk(&text).map(|_| ()).unwrap_err();
        assert_eq!(found, expected, "{}", text.split("\"n\"").next().unwrap_or_default());
    }
    // The primes follow from the other numbers, and what follows from the primes is not needed.
    for members in [&["p", "q", "dp", "dq", "qi"][..], &["dp", "dq", "qi"], &["use", "alg"]] {
        assert_same(&rsa_key(), &SigningKey::from_jwk(&without(&rsa, members)).unwrap());
    }
    let operations = SigningKey::from_jwk(&with(&rsa, "key_ops", json!(["sign", "verify"])));
    assert_same(&rsa_key(), &operations.unwrap());
}
