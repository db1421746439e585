//! Private keys in PEM texts (RFC 7468): PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1.2) and SEC 1
//! (RFC 5915).

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use p256::elliptic_curve::ALGORITHM_OID as EC_PUBLIC_KEY;
use rsa::pkcs1::{ALGORITHM_OID as RSA_ENCRYPTION, RsaPrivateKeyRef, UintRef};
use rsa::pkcs8::der::Decode;
use rsa::pkcs8::{AssociatedOid, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::key::Private;
use crate::key_numbers::RsaNumbers;

const BEGIN: &str = "-----BEGIN ";

/// Reads the one private key of a text; what stands around it, parameters and certificates included,
/// does not matter.
pub(crate) fn read(text: &str) -> Result<Private, KeyError> {
    let blocks = || text.split(BEGIN).skip(1).filter_map(|block| block.split_once("-----"));
    let mut private = blocks().filter(|(label, _)| label.ends_with("PRIVATE KEY"));
    let Some((label, rest)) = private.next() else {
        return Err(if blocks().next().is_some() { KeyError::NotPrivate } else { KeyError::NoKey });
    };
    if private.next().is_some() {
        return Err(KeyError::SeveralKeys);
    }
    let (body, _) = rest.split_once("-----END ").ok_or(KeyError::Malformed)?;
    if label == "ENCRYPTED PRIVATE KEY" || body.contains("ENCRYPTED") {
        return Err(KeyError::Encrypted);
    }
    if body.contains('\\') {
        return Err(KeyError::EscapedLineBreaks);
    }
    let der = decode(body)?;
    match label {
        "PRIVATE KEY" => pkcs8(&der),
        "RSA PRIVATE KEY" => pkcs1(&der),
        "EC PRIVATE KEY" => sec1(&der),
        _ => Err(KeyError::Unsupported),
    }
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    base64.extend(body.chars().filter(|character| !character.is_ascii_whitespace()));
    Base64::decode_vec(&base64).map(Zeroizing::new).map_err(|_| KeyError::Malformed)
}

fn pkcs8(der: &[u8]) -> Result<Private, KeyError> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Malformed)?;
    match info.algorithm.oid {
        RSA_ENCRYPTION => pkcs1(info.private_key.as_bytes()),
        EC_PUBLIC_KEY => {
            let curve = info.algorithm.parameters_oid().map_err(|_| KeyError::Unsupported)?;
            if curve != p256::NistP256::OID {
                return Err(KeyError::Unsupported);
            }
            p256_key(info.private_key.as_bytes())
        }
        _ => Err(KeyError::Unsupported),
    }
}

fn pkcs1(der: &[u8]) -> Result<Private, KeyError> {
    let key = RsaPrivateKeyRef::from_der(der).map_err(|_| KeyError::Malformed)?;
    if key.other_prime_infos.is_some() {
        return Err(KeyError::Unsupported);
    }
    let bytes = |number: &UintRef<'_>| -> Zeroizing<Vec<u8>> { number.as_bytes().to_vec().into() };
    RsaNumbers {
        modulus: &bytes(&key.modulus),
        public_exponent: &bytes(&key.public_exponent),
        private_exponent: &bytes(&key.private_exponent),
        primes: Some([&bytes(&key.prime1), &bytes(&key.prime2)]),
    }
    .into_key()
}

/// `ECPrivateKey`, which stands alone and so must name its curve.
fn sec1(der: &[u8]) -> Result<Private, KeyError> {
    let key = EcPrivateKey::from_der(der).map_err(|_| KeyError::Malformed)?;
    let curve = key.parameters.and_then(EcParameters::named_curve);
    if curve == Some(p256::NistP256::OID) { p256_key(der) } else { Err(KeyError::Unsupported) }
}

fn p256_key(der: &[u8]) -> Result<Private, KeyError> {
    let key = EcPrivateKey::from_der(der).map_err(|_| KeyError::Malformed)?;
    p256::SecretKey::try_from(key).map(Private::from).map_err(|_| KeyError::Inconsistent)
}
