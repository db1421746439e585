//! Damaged documents, beside what the `der` and `base64` crates make of them.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber};
use proptest::prelude::*;

use super::{PemError, PublicKey, base64, certificate, padded, rsa_public_key, subject_public_key_info};
use crate::der::{Elements, SEQUENCE, element};

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// `Certificate` (RFC 5280 section 4.1), of which only `subjectPublicKeyInfo` is read.
fn reference_certificate(der: &[u8]) -> Result<PublicKey, PemError> {
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
    reference_key(key.map_err(malformed)?)
}

fn reference_info(der: &[u8]) -> Result<PublicKey, PemError> {
    reference_key(AnyRef::from_der(der).map_err(malformed)?)
}

/// `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
fn reference_key(key: AnyRef<'_>) -> Result<PublicKey, PemError> {
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
        return reference_rsa(bytes);
    }
    let is_p256 = curve.is_some_and(|curve| curve.decode_as() == Ok(SECP256R1));
    if algorithm == EC_PUBLIC_KEY && is_p256 {
        return Ok(PublicKey::P256 { point: bytes.to_vec() });
    }
    Err(PemError::UnsupportedKey)
}

/// `RSAPublicKey` (RFC 8017 appendix A.1.1).
fn reference_rsa(der: &[u8]) -> Result<PublicKey, PemError> {
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

const CERTIFICATES: [&str; 2] =
    [include_str!("../../tests/keys/rsa-2048-e65537.crt"), include_str!("../../tests/keys/p256.crt")];

fn body(pem: &str) -> Vec<u8> {
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(lines).expect("base64")
}

fn info_of(certificate_der: &[u8]) -> Vec<u8> {
    let key = certificate(certificate_der).expect("a certificate").expect("a key");
    body(&super::write(&key))
}

/// A key that ours reads, the crate reads too, and as the same.
#[track_caller]
fn check(
    der: &[u8],
    ours: impl Fn(&[u8]) -> Option<Result<PublicKey, PemError>>,
    theirs: impl Fn(&[u8]) -> Result<PublicKey, PemError>,
) {
    if let Some(Ok(key)) = ours(der) {
        assert_eq!(theirs(der), Ok(key), "{der:02x?}");
    }
}

fn check_all(der: &[u8]) {
    check(der, certificate, reference_certificate);
    check(der, |der| subject_public_key_info(&mut Elements::new(der)), reference_info);
    check(der, |der| rsa_public_key(der).map(Ok), reference_rsa);
}

/// The document with one byte another, missing, or there twice, and cut off at it.
fn damaged(document: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..document.len()).flat_map(move |at| {
        let (before, after) = (&document[..at], &document[at + 1..]);
        let changed = [1, 2, 0x20, 0x80, 0xff].map(|bits| [before, &[document[at] ^ bits], after].concat());
        let twice = [before, &[document[at]; 2], after].concat();
        changed.into_iter().chain([[before, after].concat(), twice, before.to_vec()])
    })
}

#[test]
fn whole_documents_are_read() {
    for pem in CERTIFICATES {
        let der = body(pem);
        let key = certificate(&der).expect("a certificate");
        assert_eq!(key, reference_certificate(&der));
        let info = info_of(&der);
        assert_eq!(subject_public_key_info(&mut Elements::new(&info)), Some(key));
    }
}

#[test]
fn damaged_documents_are_read_as_others_read_them_or_not_at_all() {
    for pem in CERTIFICATES {
        let der = body(pem);
        let info = info_of(&der);
        for document in damaged(&der).chain(damaged(&info)) {
            check_all(&document);
        }
    }
}

#[test]
fn numbers_and_lengths_have_one_form() {
    for (der, is_read) in [
        (&[0x30, 0x06, 2, 1, 5, 2, 1, 3][..], true),
        (&[0x30, 0x07, 2, 2, 0, 0x85, 2, 1, 3], true),
        // A needless sign, a negative number, an empty one.
        (&[0x30, 0x07, 2, 2, 0, 5, 2, 1, 3], false),
        (&[0x30, 0x06, 2, 1, 0x85, 2, 1, 3], false),
        (&[0x30, 0x05, 2, 0, 2, 1, 3], false),
        // Lengths that are too long, indefinite, or of no byte at all.
        (&[0x30, 0x81, 0x06, 2, 1, 5, 2, 1, 3], false),
        (&[0x30, 0x82, 0, 6, 2, 1, 5, 2, 1, 3], false),
        (&[0x30, 0x80, 2, 1, 5, 2, 1, 3, 0, 0], false),
        (&[0x30, 0x85, 0, 0, 0, 0, 6, 2, 1, 5, 2, 1, 3], false),
        // Something that follows: within, and behind.
        (&[0x30, 0x08, 2, 1, 5, 2, 1, 3, 5, 0], false),
        (&[0x30, 0x06, 2, 1, 5, 2, 1, 3, 0], false),
    ] {
        assert_eq!(rsa_public_key(der).is_some(), is_read, "{der:02x?}");
        assert_eq!(reference_rsa(der).is_ok(), is_read, "{der:02x?}");
    }
}

#[test]
fn only_the_parameters_that_the_rfcs_give_are_taken() {
    let info = |algorithm: &[u8]| {
        let der = info_of(&body(CERTIFICATES[0]));
        // SEQUENCE, its length, then an algorithm of 15 bytes
        let bits = &der[4 + 15..];
        element(SEQUENCE, &[algorithm, bits].concat())
    };
    let rsa = [&[0x06, 0x09][..], super::RSA_ENCRYPTION].concat();
    for (parameters, expected) in [
        (&[0x05, 0x00][..], true),
        (&[], true),
        (&[0x05, 0x01, 0x00], false),
        (&[0x06, 0x01, 0x2a], false),
        (&[0x05, 0x00, 0x05, 0x00], false),
    ] {
        let der = info(&element(SEQUENCE, &[&rsa, parameters].concat()));
        let key = subject_public_key_info(&mut Elements::new(&der));
        assert_eq!(matches!(key, Some(Ok(_))), expected, "{parameters:02x?}");
    }
}

proptest! {
    #[test]
    fn base64_is_read_as_others_read_it(text in "[A-Za-z0-9+/=_ -]{0,12}") {
        let dense: String = text.chars().filter(|it| !it.is_ascii_whitespace()).collect();
        prop_assert_eq!(base64(&text), STANDARD.decode(dense).ok());
    }

    #[test]
    fn base64_is_written_as_others_write_it(bytes: Vec<u8>) {
        prop_assert_eq!(padded(&bytes), STANDARD.encode(bytes));
    }

    #[test]
    fn any_bytes_are_read_as_others_read_them(bytes in prop::collection::vec(prop::sample::select(
        &[0_u8, 1, 2, 3, 5, 6, 7, 0x30, 0x80, 0x81, 0x82, 0xa0, 0xff][..]), 0..24)) {
        check_all(&bytes);
    }
}
