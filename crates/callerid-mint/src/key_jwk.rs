//! Private keys as JWKs (RFC 7518 sections 6.2.2 and 6.3.2).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use rsa::RsaPrivateKey;
use rsa::traits::PrivateKeyParts;
use zeroize::Zeroizing;

use crate::base64url;
use crate::error::KeyError;
use crate::json::{self, Object};
use crate::key::Private;
use crate::key_numbers::{RsaNumbers, p256_coordinates, significant};

/// Reads a private JWK and its `kid`, if it has one.
pub(crate) fn read(jwk: &Object<'_>) -> Result<(Private, Option<String>), KeyError> {
    let text = |name: &str| match jwk.raw(name) {
        None => Ok(None),
        Some(raw) => json::string(raw).map(Some).ok_or(KeyError::Malformed),
    };
    let key_id = text("kid")?.map(|key_id| String::from(key_id.as_str()));
    check_purpose(jwk)?;
    let kind = text("kty")?.ok_or(KeyError::NoKey)?;
    let algorithm = text("alg")?;
    let is_for = |expected: &str| match algorithm.as_deref() {
        Some(algorithm) if algorithm != expected => Err(KeyError::NotForSigning),
        _ => Ok(()),
    };
    if jwk.raw("d").is_none() {
        let is_public = matches!(kind.as_str(), "EC" | "RSA");
        return Err(if is_public { KeyError::NotPrivate } else { KeyError::Unsupported });
    }
    let bytes = |name: &str| {
        let text = text(name)?.ok_or(KeyError::Malformed)?;
        base64url::decode(&text).ok_or(KeyError::Malformed)
    };
    let private = match kind.as_str() {
        "RSA" => {
            is_for("RS256")?;
            // Keys of three primes and more (RFC 7518 section 6.3.2.7).
            if jwk.raw("oth").is_some() {
                return Err(KeyError::Unsupported);
            }
            let has_primes = jwk.raw("p").is_some() || jwk.raw("q").is_some();
            let primes = if has_primes { Some([bytes("p")?, bytes("q")?]) } else { None };
            RsaNumbers {
                modulus: &bytes("n")?,
                public_exponent: &bytes("e")?,
                private_exponent: &bytes("d")?,
                primes: primes.as_ref().map(|[p, q]| [p.as_slice(), q.as_slice()]),
            }
            .into_key()?
        }
        "EC" => {
            if text("crv")?.as_deref().map(String::as_str) != Some("P-256") {
                return Err(KeyError::Unsupported);
            }
            is_for("ES256")?;
            let scalar = bytes("d")?;
            let key = p256::SecretKey::from_slice(&scalar);
            // RFC 7518 section 6.2.2.1: the full 32 bytes, leading zeros included.
            let key = key.ok().filter(|_| scalar.len() == 32).ok_or(KeyError::Malformed)?;
            let key = p256::ecdsa::SigningKey::from(key);
            let coordinates = [text("x")?, text("y")?];
            for (found, expected) in coordinates.iter().zip(p256_coordinates(&key)) {
                match found {
                    None => return Err(KeyError::Malformed),
                    Some(found) if **found != expected => return Err(KeyError::Inconsistent),
                    Some(_) => {}
                }
            }
            Private::P256(key.into())
        }
        _ => return Err(KeyError::Unsupported),
    };
    Ok((private, key_id))
}

/// RFC 7517 sections 4.2 and 4.3: a key that states a purpose has no other.
fn check_purpose(jwk: &Object<'_>) -> Result<(), KeyError> {
    let is_for_signatures =
        jwk.raw("use").is_none_or(|purpose| json::string(purpose).is_some_and(|purpose| *purpose == "sig"));
    let operations = jwk.raw("key_ops").map(serde_json::from_str::<Vec<String>>);
    let signs = match operations {
        None => true,
        Some(Ok(operations)) => operations.iter().any(|operation| operation == "sign"),
        Some(Err(_)) => return Err(KeyError::Malformed),
    };
    if is_for_signatures && signs { Ok(()) } else { Err(KeyError::NotForSigning) }
}

/// Writes the private members behind the public ones.
pub(crate) fn write(private: &Private, public_jwk: &str) -> Result<Zeroizing<String>, KeyError> {
    let encoded = |bytes: &[u8]| Zeroizing::new(base64url::encode(bytes));
    let members: Vec<(&str, Zeroizing<String>)> = match private {
        Private::P256(key) => Vec::from([("d", encoded(&Zeroizing::new(key.to_bytes())))]),
        Private::Rsa(key) => {
            let key: &RsaPrivateKey = key.as_ref().as_ref();
            let number = |number: &rsa::BoxedUint| {
                let bytes = Zeroizing::new(number.to_be_bytes());
                encoded(significant(&bytes))
            };
            let ([p, q], Some(dp), Some(dq)) = (key.primes(), key.dp(), key.dq()) else {
                return Err(KeyError::Inconsistent);
            };
            let coefficient = Zeroizing::new(key.crt_coefficient().ok_or(KeyError::Inconsistent)?);
            Vec::from([
                ("d", number(key.d())),
                ("p", number(p.as_ref())),
                ("q", number(q.as_ref())),
                ("dp", number(dp)),
                ("dq", number(dq)),
                ("qi", number(&coefficient)),
            ])
        }
    };
    let length = members.iter().fold(public_jwk.len(), |length, (_, value)| {
        length.saturating_add(value.len()).saturating_add("\"dp\":\"\",".len())
    });
    let mut jwk = Zeroizing::new(String::with_capacity(length));
    jwk.push_str(public_jwk.strip_suffix('}').unwrap_or(public_jwk));
    for (name, value) in &members {
        jwk.push_str(&format!(",\"{name}\":\""));
        jwk.push_str(value);
        jwk.push('"');
    }
    jwk.push('}');
    Ok(jwk)
}
