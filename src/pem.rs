//! Public keys in PEM texts (RFC 7468): X.509 certificates (RFC 5280) and bare `SubjectPublicKeyInfo`.
//!
//! Of a certificate only the key is taken. Its dates, names and signature are not looked at, because
//! the trust lies in the endpoint that published it, not in a certification path.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base64url;
use crate::der::{self, Elements};

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 appendix A.1).
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 section 2.1.1).
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// secp256r1, 1.2.840.10045.3.1.7, which JOSE calls P-256 (RFC 5480 section 2.1.1.1).
const SECP256R1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// `version` of a certificate, `[0] EXPLICIT` (RFC 5280 section 4.1).
const VERSION: u8 = 0xa0;
/// What may follow the key of a certificate: `issuerUniqueID`, `subjectUniqueID` and `extensions`.
const AFTER_KEY: [u8; 3] = [0x81, 0x82, 0xa3];

/// DER of `SEQUENCE { rsaEncryption, NULL }`.
const RSA_ALGORITHM_DER: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// DER of `SEQUENCE { id-ecPublicKey, secp256r1 }`.
const P256_ALGORITHM_DER: [u8; 21] = [
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07,
];

/// The public key that a PEM text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// Modulus and exponent, big-endian.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// The point on P-256 in the uncompressed form of SEC 1 section 2.3.3.
    P256 { point: Vec<u8> },
}

/// Why a PEM text holds no key that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PemError {
    /// The label is that of a private key.
    PrivateKey,
    /// The text, its base64 or its DER is damaged, or the label is unknown.
    Malformed,
    /// The key is neither RSA nor P-256.
    UnsupportedKey,
}

/// The PEM blocks of a text, each with its label.
pub(crate) fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive("-----END ")
        .filter_map(|block| block.find("-----BEGIN ").and_then(|at| block.get(at..)))
}

/// Reads one PEM block, which may lack its END line's label as [`blocks`] leaves it.
pub(crate) fn public_key(block: &str) -> Result<PublicKey, PemError> {
    let rest = block.trim_start().strip_prefix("-----BEGIN ").ok_or(PemError::Malformed)?;
    let (label, rest) = rest.split_once("-----").ok_or(PemError::Malformed)?;
    let (body, _) = rest.split_once("-----END ").ok_or(PemError::Malformed)?;
    let der = base64(body).ok_or(PemError::Malformed)?;
    match label {
        "CERTIFICATE" => certificate(&der).ok_or(PemError::Malformed)?,
        "PUBLIC KEY" => subject_public_key_info(&mut Elements::new(&der)).ok_or(PemError::Malformed)?,
        "RSA PUBLIC KEY" => rsa_public_key(&der).ok_or(PemError::Malformed),
        label if label.ends_with("PRIVATE KEY") => Err(PemError::PrivateKey),
        _ => Err(PemError::Malformed),
    }
}

/// Writes a key as `SubjectPublicKeyInfo` with the label `PUBLIC KEY`.
pub(crate) fn write(key: &PublicKey) -> String {
    let (algorithm, key) = match key {
        PublicKey::Rsa { modulus, exponent } => {
            let numbers = [der::integer(modulus), der::integer(exponent)].concat();
            (RSA_ALGORITHM_DER.as_slice(), der::element(der::SEQUENCE, &numbers))
        }
        PublicKey::P256 { point } => (P256_ALGORITHM_DER.as_slice(), point.clone()),
    };
    let bits = der::element(der::BIT_STRING, &[&[0], key.as_slice()].concat());
    let base64 = padded(&der::element(der::SEQUENCE, &[algorithm, &bits].concat()));
    let mut text = String::from("-----BEGIN PUBLIC KEY-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, following) = rest.split_at_checked(64).unwrap_or((rest, ""));
        text.push_str(&format!("{line}\n"));
        rest = following;
    }
    text.push_str("-----END PUBLIC KEY-----\n");
    text
}

/// Standard base64 with its padding.
fn padded(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Standard base64 with its padding (RFC 7468 section 3), in which white space says nothing.
fn base64(body: &str) -> Option<Vec<u8>> {
    // In the other alphabet, whose own two digits are none here.
    let digit = |character| match character {
        '+' => '-',
        '/' => '_',
        '-' | '_' => '.',
        _ => character,
    };
    let text: String = body.chars().filter(|it| !it.is_ascii_whitespace()).map(digit).collect();
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(&text);
    if text.len().is_multiple_of(4) { base64url::decode(digits) } else { None }
}

/// `Certificate` (RFC 5280 section 4.1), of which only `subjectPublicKeyInfo` is read.
fn certificate(der: &[u8]) -> Option<Result<PublicKey, PemError>> {
    let mut all = Elements::new(der);
    let mut certificate = all.sequence()?;
    all.end()?;
    let mut to_be_signed = certificate.sequence()?;
    // signatureAlgorithm, signatureValue
    certificate.sequence()?;
    certificate.whole_bytes()?;
    certificate.end()?;
    // In every certificate newer than 1996.
    if to_be_signed.next_tag() == Some(VERSION) {
        to_be_signed.skip()?;
    }
    // serialNumber; signature, issuer, validity, subject
    to_be_signed.take(der::INTEGER)?;
    for _ in 0..4 {
        to_be_signed.sequence()?;
    }
    let key = read_key(&mut to_be_signed)?;
    for tag in AFTER_KEY {
        if to_be_signed.next_tag() == Some(tag) {
            to_be_signed.skip()?;
        }
    }
    to_be_signed.end()?;
    Some(key)
}

fn subject_public_key_info(der: &mut Elements<'_>) -> Option<Result<PublicKey, PemError>> {
    let key = read_key(der)?;
    der.end()?;
    Some(key)
}

/// `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7), the next element; `None` if it is damaged.
fn read_key(elements: &mut Elements<'_>) -> Option<Result<PublicKey, PemError>> {
    let mut info = elements.sequence()?;
    let mut identifier = info.sequence()?;
    let algorithm = identifier.take(der::OBJECT_IDENTIFIER)?;
    let parameters = match identifier.next_tag() {
        None => None,
        Some(tag) => Some((tag, identifier.skip()?)),
    };
    identifier.end()?;
    let bytes = info.whole_bytes()?;
    info.end()?;
    if algorithm == RSA_ENCRYPTION && matches!(parameters, None | Some((der::NULL, []))) {
        return rsa_public_key(bytes).map(Ok);
    }
    if algorithm == EC_PUBLIC_KEY && parameters == Some((der::OBJECT_IDENTIFIER, SECP256R1)) {
        return Some(Ok(PublicKey::P256 { point: bytes.to_vec() }));
    }
    Some(Err(PemError::UnsupportedKey))
}

/// `RSAPublicKey` (RFC 8017 appendix A.1.1).
fn rsa_public_key(der: &[u8]) -> Option<PublicKey> {
    let mut all = Elements::new(der);
    let mut numbers = all.sequence()?;
    let (modulus, exponent) = (numbers.unsigned()?.to_vec(), numbers.unsigned()?.to_vec());
    numbers.end()?;
    all.end()?;
    Some(PublicKey::Rsa { modulus, exponent })
}

#[cfg(test)]
mod tests;
