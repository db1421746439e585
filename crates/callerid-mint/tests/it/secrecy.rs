//! Nothing that is shown may hold any part of a private key.

use std::fmt::Debug;

use callerid_mint::{Claims, ServiceAccountClaims, ServiceAccountKey, SigningKey, TestToken, TestTokenKind};
use serde_json::Value;

use crate::key_files::{EMAIL, key_file};
use crate::{NOW, TestRandomness, p256_key, p256_pem, rsa_key, rsa_pem};

/// Stretches of the private numbers as they stand in PEM texts and in JWKs.
fn secrets() -> Vec<String> {
    let mut secrets = Vec::new();
    for pem in [rsa_pem(), p256_pem()] {
        let body = pem.lines().filter(|line| !line.starts_with("-----"));
        secrets.extend(body.map(|line| line[..line.len().min(16)].into()));
    }
    for key in [rsa_key(), p256_key()] {
        let jwk: Value = serde_json::from_str(&key.expose_private_jwk().unwrap()).unwrap();
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            secrets.extend(jwk[member].as_str().map(|value| value[..16].to_string()));
        }
    }
    assert!(secrets.len() > 30 && secrets.iter().all(|secret| secret.len() >= 10));
    secrets
}

fn assert_clean(shown: &str) {
    for secret in secrets() {
        assert!(!shown.contains(&secret), "{shown}");
    }
    // Numbers in hexadecimal or as lists of bytes, which the crates underneath would print.
    let digits = |text: &str| text.chars().all(|character| character.is_ascii_hexdigit());
    let longest =
        shown.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| digits(word));
    assert!(longest.map(str::len).max().unwrap_or_default() <= 21, "{shown}");
    assert!(!shown.contains("PRIVATE KEY-----\n"), "{shown}");
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?}{value:#?}")
}

#[test]
fn debug_shows_kind_size_and_id_alone() {
    let rsa = rsa_key().with_key_id(Some("k1")).unwrap();
    assert_eq!(format!("{rsa:?}"), "SigningKey { algorithm: Rs256, bits: 2048, key_id: Some(\"k1\") }");
    let p256 = p256_key().with_key_id(None).unwrap();
    assert_eq!(format!("{p256:?}"), "SigningKey { algorithm: Es256, bits: 256, key_id: None }");
    let mut file = key_file();
    file["private_key_id"] = "k1".into();
    let account = ServiceAccountKey::parse(&file.to_string()).unwrap();
    let secret_claim = Claims::new().with_text("secret", &rsa_pem());
    let token = TestToken::new(TestTokenKind::GoogleUser).with_claims(secret_claim.clone());
    let assertion = ServiceAccountClaims::id_token_assertion(EMAIL, "https://svc.test").unwrap();
    let signed = account.sign(&assertion, NOW, &mut TestRandomness::new(1)).unwrap();
    for text in
        [shown(&rsa), shown(&p256), shown(&account), shown(&secret_claim), shown(&token), shown(&assertion)]
    {
        assert_clean(&text);
        assert!(!text.contains(signed.rsplit('.').next().unwrap()));
    }
}

#[test]
fn keys_are_wiped_when_they_are_dropped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    // What a signing key holds, and all that it holds back.
    wiped::<rsa::pkcs1v15::SigningKey<sha2::Sha256>>();
    wiped::<p256::ecdsa::SigningKey>();
    wiped::<zeroize::Zeroizing<String>>();
}

#[test]
fn no_error_repeats_what_it_was_given() {
    let (rsa, p256) = (rsa_pem(), p256_pem());
    let jwk = rsa_key().expose_private_jwk().unwrap();
    let mut broken: Vec<String> = Vec::new();
    for text in [&rsa, &p256, &*jwk] {
        // Cut short, and with one character changed, all over the text.
        for at in (1..text.len()).step_by(97) {
            broken.push(text[..at].into());
            broken.push(format!("{}~{}", &text[..at], &text[at + 1..]));
            broken.push(format!("{}\\{}", &text[..at], &text[at..]));
        }
    }
    broken.push(format!("{{\"{0}\":1,\"{0}\":2}}", rsa.replace('\n', "")));
    let mut refused = 0;
    for text in &broken {
        if let Err(error) = SigningKey::parse(text) {
            assert_clean(&format!("{error:?} {error} {}", error.hint()));
            refused += 1;
        }
        let mut file = key_file();
        file["private_key"] = text.clone().into();
        if let Err(error) = ServiceAccountKey::parse(&file.to_string()) {
            assert_clean(&format!("{error:?} {error} {}", error.hint()));
        }
        if let Err(error) = ServiceAccountKey::parse(text) {
            assert_clean(&format!("{error:?} {error} {}", error.hint()));
        }
    }
    assert!(refused > 50);
}

#[test]
fn the_members_of_a_file_swapped_around_are_not_repeated_either() {
    for member in ["type", "client_email", "private_key_id", "token_uri", "universe_domain", "client_id"] {
        let mut file = key_file();
        file[member] = rsa_pem().into();
        if let Err(error) = ServiceAccountKey::parse(&file.to_string()) {
            assert_clean(&format!("{error:?} {error} {}", error.hint()));
        }
    }
}
