//! Distinct tokens in the shape of a service account's ID token, signed with the test keys.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;

pub(crate) const AUDIENCE: &str = "https://hello-abc123-uc.a.run.app";
pub(crate) const EMAIL: &str = "caller@my-project.iam.gserviceaccount.com";
pub(crate) const ISSUER: &str = "https://accounts.google.com";
pub(crate) const RSA_KEY_ID: &str = "f9d97b4cae90bcd76aeb20026f6b770cac221783";
pub(crate) const P256_KEY_ID: &str = "mpf0DA";
pub(crate) const IAP_ISSUER: &str = "https://cloud.google.com/iap";
pub(crate) const IAP_AUDIENCE: &str = "/projects/123456789012/global/backendServices/987654321";

pub(crate) struct Tokens {
    pub(crate) rs256: Vec<String>,
    pub(crate) es256: Vec<String>,
    /// A JWK set with both keys.
    pub(crate) key_set: String,
    pub(crate) rsa_public: rsa::RsaPublicKey,
    pub(crate) p256_public: p256::ecdsa::VerifyingKey,
    pub(crate) now: i64,
}

impl Tokens {
    pub(crate) fn sign(count: usize) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
        let now = i64::try_from(now.as_secs()).expect("a date");
        let rsa_pem = test_key("rsa-2048-e65537");
        let rsa_signer = RsaKeyPair::from_pkcs8(&der(&rsa_pem)).expect("an RSA key");
        let p256_pem = test_key("p256");
        let p256_signer =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der(&p256_pem)).expect("an EC key");
        let rsa_public = rsa::RsaPrivateKey::from_pkcs8_pem(&rsa_pem).expect("an RSA key").to_public_key();
        let p256_secret = p256::SecretKey::from_pkcs8_pem(&p256_pem).expect("an EC key");
        let p256_public = p256::ecdsa::VerifyingKey::from(p256_secret.public_key());
        let random = SystemRandom::new();
        let rs256 = (0..count).map(|number| {
            let input = signing_input("RS256", RSA_KEY_ID, &google_claims(number, now));
            let mut signature = vec![0; rsa_signer.public_modulus_len()];
            rsa_signer.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature).expect("signs");
            format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
        });
        let es256 = (0..count).map(|number| {
            let input = signing_input("ES256", P256_KEY_ID, &iap_claims(number, now));
            let signature = p256_signer.sign(&random, input.as_bytes()).expect("signs");
            format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
        });
        let point = p256_public.to_sec1_point(false);
        let key_set = serde_json::json!({"keys": [
            {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": RSA_KEY_ID,
             "n": URL_SAFE_NO_PAD.encode(rsa_public.n().to_be_bytes_trimmed_vartime()), "e": "AQAB"},
            {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": P256_KEY_ID,
             "x": URL_SAFE_NO_PAD.encode(point.x().expect("a point")),
             "y": URL_SAFE_NO_PAD.encode(point.y().expect("a point"))},
        ]});
        Self {
            rs256: rs256.collect(),
            es256: es256.collect(),
            key_set: key_set.to_string(),
            rsa_public,
            p256_public,
            now,
        }
    }

    pub(crate) fn of(&self, group: &str) -> &[String] {
        if group.starts_with("ES256") { &self.es256 } else { &self.rs256 }
    }
}

fn test_key(name: &str) -> String {
    let path = format!("{}/../../tests/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("a test key")
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).expect("base64")
}

fn signing_input(algorithm: &str, key_id: &str, claims: &str) -> String {
    let header = format!(r#"{{"alg":"{algorithm}","kid":"{key_id}","typ":"JWT"}}"#);
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn google_claims(number: usize, now: i64) -> String {
    let subject = 110_000_000_000_000_000_000_u128 + number as u128;
    format!(
        r#"{{"aud":"{AUDIENCE}","azp":"{subject}","email":"{EMAIL}","email_verified":true,"exp":{},"iat":{},"iss":"{ISSUER}","sub":"{subject}"}}"#,
        now + 3_500,
        now - 100,
    )
}

fn iap_claims(number: usize, now: i64) -> String {
    let subject = 110_000_000_000_000_000_000_u128 + number as u128;
    format!(
        r#"{{"aud":"{IAP_AUDIENCE}","azp":"{IAP_AUDIENCE}","email":"{EMAIL}","exp":{},"iat":{},"identity_source":"GOOGLE","iss":"{IAP_ISSUER}","sub":"accounts.google.com:{subject}"}}"#,
        now + 500,
        now - 100,
    )
}
