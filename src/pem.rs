//! Public keys in PEM texts (RFC 7468): X.509 certificates (RFC 5280) and bare `SubjectPublicKeyInfo`.
//!
//! Of a certificate only the key is taken. Its dates, names and signature are not looked at, because
//! the trust lies in the endpoint that published it, not in a certification path.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber};

/// rsaEncryption (RFC 8017 appendix A.1).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// id-ecPublicKey (RFC 5480 section 2.1.1).
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// secp256r1, which JOSE calls P-256 (RFC 5480 section 2.1.1.1).
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

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
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(body).map_err(|_| PemError::Malformed)?;
    match label {
        "CERTIFICATE" => certificate(&der),
        "PUBLIC KEY" => subject_public_key_info(&der),
        "RSA PUBLIC KEY" => rsa_public_key(&der),
        label if label.ends_with("PRIVATE KEY") => Err(PemError::PrivateKey),
        _ => Err(PemError::Malformed),
    }
}

/// Writes a key as `SubjectPublicKeyInfo` with the label `PUBLIC KEY`.
pub(crate) fn write(key: &PublicKey) -> String {
    let (algorithm, key) = match key {
        PublicKey::Rsa { modulus, exponent } => {
            let numbers = [unsigned(modulus), unsigned(exponent)].concat();
            (RSA_ALGORITHM_DER.as_slice(), tagged(0x30, &numbers))
        }
        PublicKey::P256 { point } => (P256_ALGORITHM_DER.as_slice(), point.clone()),
    };
    let bits = tagged(0x03, &[&[0], key.as_slice()].concat());
    let base64 = STANDARD.encode(tagged(0x30, &[algorithm, &bits].concat()));
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

/// Tag, length and contents (X.690 section 8.1).
fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut der = Vec::from([tag]);
    match significant.as_slice() {
        [] => der.push(0),
        [short] if *short < 0x80 => der.push(*short),
        long => {
            der.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            der.extend_from_slice(long);
        }
    }
    der.extend_from_slice(contents);
    der
}

/// A non-negative INTEGER from minimal big-endian bytes.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes.first().is_none_or(|byte| *byte >= 0x80) { &[0] } else { &[] };
    tagged(0x02, &[sign, bytes].concat())
}

/// `Certificate` (RFC 5280 section 4.1), of which only `subjectPublicKeyInfo` is read.
fn certificate(der: &[u8]) -> Result<PublicKey, PemError> {
    let certificate = AnyRef::from_der(der).map_err(malformed)?;
    let key = certificate.sequence(|certificate| {
        let key = certificate.sequence(|tbs| {
            // version [0] EXPLICIT is there in every certificate newer than 1996.
            if Tag::peek(tbs)? == (Tag::ContextSpecific { constructed: true, number: TagNumber(0) }) {
                AnyRef::decode(tbs)?;
            }
            // serialNumber, signature, issuer, validity, subject
            for _ in 0..5 {
                AnyRef::decode(tbs)?;
            }
            let key = AnyRef::decode(tbs)?;
            while !tbs.is_finished() {
                AnyRef::decode(tbs)?;
            }
            Ok::<_, der::Error>(key)
        })?;
        // signatureAlgorithm, signatureValue
        for _ in 0..2 {
            AnyRef::decode(certificate)?;
        }
        Ok::<_, der::Error>(key)
    });
    read_key(key.map_err(malformed)?)
}

fn subject_public_key_info(der: &[u8]) -> Result<PublicKey, PemError> {
    read_key(AnyRef::from_der(der).map_err(malformed)?)
}

/// `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
fn read_key(key: AnyRef<'_>) -> Result<PublicKey, PemError> {
    let (algorithm, curve, bits) = key
        .sequence(|info| {
            let (algorithm, parameters) = info.sequence(|identifier| {
                let algorithm = ObjectIdentifier::decode(identifier)?;
                let parameters =
                    if identifier.is_finished() { None } else { Some(AnyRef::decode(identifier)?) };
                Ok::<_, der::Error>((algorithm, parameters))
            })?;
            Ok::<_, der::Error>((algorithm, parameters, BitStringRef::decode(info)?))
        })
        .map_err(malformed)?;
    let bytes = bits.as_bytes().ok_or(PemError::Malformed)?;
    if algorithm == RSA_ENCRYPTION {
        return rsa_public_key(bytes);
    }
    let is_p256 = curve.is_some_and(|curve| curve.decode_as() == Ok(SECP256R1));
    if algorithm == EC_PUBLIC_KEY && is_p256 {
        return Ok(PublicKey::P256 { point: bytes.to_vec() });
    }
    Err(PemError::UnsupportedKey)
}

/// `RSAPublicKey` (RFC 8017 appendix A.1.1).
fn rsa_public_key(der: &[u8]) -> Result<PublicKey, PemError> {
    let mut reader = SliceReader::new(der).map_err(malformed)?;
    let key = reader.sequence(|numbers| {
        let modulus = UintRef::decode(numbers)?.as_bytes().to_vec();
        let exponent = UintRef::decode(numbers)?.as_bytes().to_vec();
        Ok::<_, der::Error>(PublicKey::Rsa { modulus, exponent })
    });
    let key = key.map_err(malformed)?;
    if reader.is_finished() { Ok(key) } else { Err(PemError::Malformed) }
}

fn malformed(_: der::Error) -> PemError {
    PemError::Malformed
}
