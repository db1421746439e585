//! Keys, signatures and texts that several families of tests make use of.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::rsa_verify::pkcs1v15_sha256;

/// The key that RS256 tokens are signed with, `k1` in every key set.
pub(crate) static K1: LazyLock<SigningTestKey> = LazyLock::new(|| SigningTestKey::rsa("rsa-2048-e65537"));
/// The key that ES256 tokens are signed with, `k2` in every key set.
pub(crate) static K2: LazyLock<SigningTestKey> = LazyLock::new(|| SigningTestKey::p256("p256"));
/// An RSA key that no key set holds.
pub(crate) static X1: LazyLock<SigningTestKey> =
    LazyLock::new(|| SigningTestKey::rsa("rsa-2048-e65537-attacker"));
/// A P-256 key that no key set holds.
pub(crate) static X2: LazyLock<SigningTestKey> = LazyLock::new(|| SigningTestKey::p256("p256-attacker"));

/// A private key whose signatures are the same in every run.
pub(crate) enum SigningTestKey {
    P256(SigningKey),
    Rsa(Box<RsaPrivateKey>),
}

impl SigningTestKey {
    pub(crate) fn rsa(name: &str) -> Self {
        let key = RsaPrivateKey::from_pkcs8_pem(&read_test_key(&format!("{name}.pem"))).expect("an RSA key");
        Self::Rsa(Box::new(key))
    }

    fn p256(name: &str) -> Self {
        let der = from_pem(&read_test_key(&format!("{name}.pem")));
        // ECPrivateKey (RFC 5915): version 1, then the private number as an OCTET STRING.
        let prefix = [2, 1, 1, 4, 32];
        let at = der.windows(5).position(|window| window == prefix).expect("an EC key") + 5;
        Self::P256(SigningKey::from_slice(&der[at..at + 32]).expect("a private number"))
    }

    /// A JWS signature (RFC 7515 section 5.1): PKCS#1 v1.5, or ECDSA with the nonce of RFC 6979.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let digest = Sha256::digest(message);
        match self {
            Self::P256(key) => {
                let signature: Signature = key.sign_prehash(&digest).expect("signs");
                signature.to_bytes().to_vec()
            }
            Self::Rsa(key) => key.sign(pkcs1v15_sha256(), &digest).expect("signs"),
        }
    }

    /// The public half as a JWK with these further members.
    pub(crate) fn jwk(&self, members: &str) -> String {
        let (type_, numbers) = self.numbers();
        let numbers: Vec<String> =
            numbers.iter().map(|(name, bytes)| format!("\"{name}\":\"{}\"", base64url(bytes))).collect();
        format!("{{\"kty\":\"{type_}\",{members}{}{}}}", comma(members), numbers.join(","))
    }

    /// Key type and the numbers of the public half, with their names in a JWK.
    pub(crate) fn numbers(&self) -> (&'static str, Vec<(&'static str, Vec<u8>)>) {
        match self {
            Self::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let coordinates = &point.as_bytes()[1..];
                ("EC", vec![("x", coordinates[..32].to_vec()), ("y", coordinates[32..].to_vec())])
            }
            Self::Rsa(key) => {
                ("RSA", vec![("n", trimmed(&key.n().to_be_bytes())), ("e", trimmed(&key.e().to_be_bytes()))])
            }
        }
    }

    pub(crate) fn rsa_key(&self) -> &RsaPrivateKey {
        match self {
            Self::Rsa(key) => key,
            Self::P256(_) => panic!("an EC key"),
        }
    }
}

fn comma(members: &str) -> &'static str {
    if members.is_empty() { "" } else { "," }
}

fn trimmed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}

/// A text between BEGIN and END lines as bytes.
pub(crate) fn from_pem(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).expect("base64")
}

pub(crate) fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a secret of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// Header and payload, as they are signed.
pub(crate) fn signing_input(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    format!("{}.{}", base64url(header), base64url(payload))
}

/// A token that is signed by this key, whatever its header says.
pub(crate) fn sign(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>, key: &SigningTestKey) -> String {
    let input = signing_input(header, payload);
    let signature = key.sign(input.as_bytes());
    format!("{input}.{}", base64url(signature))
}

pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read_text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn read_test_key(name: &str) -> String {
    read_text(&repository().join("tests/keys").join(name))
}

pub(crate) fn read_json(path: &Path) -> Value {
    serde_json::from_str(&read_text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The items of an array member; none if there is no such member.
pub(crate) fn items<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no text {member} in {value}"))
}

/// Writes a generated file if asked to, else demands that the committed one is the same.
pub(crate) fn check_generated(path: &Path, text: &str) {
    if std::env::var_os("CALLERID_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == text,
        "{} is not what the generator writes; run the tests with CALLERID_WRITE_VECTORS=1 and look at the difference",
        path.display()
    );
}
