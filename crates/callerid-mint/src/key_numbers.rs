//! The numbers that make up a key, tested before anything is signed with them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use callerid::JwkSet;
use p256::elliptic_curve::sec1::ToSec1Point;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey};

use crate::base64url;
use crate::error::KeyError;
use crate::json::quoted;
use crate::key::Private;

/// The numbers of an RSA key, big-endian (RFC 8017 section 3).
pub(crate) struct RsaNumbers<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) public_exponent: &'a [u8],
    pub(crate) private_exponent: &'a [u8],
    /// The two prime factors, if they are known.
    pub(crate) primes: Option<[&'a [u8]; 2]>,
}

/// 2^16: with a smaller public exponent the primes cannot be found from the other numbers
/// (NIST SP 800-56B Rev. 2 appendix C.2).
const RECOVERY_EXPONENT_MIN: u64 = 65_536;

impl RsaNumbers<'_> {
    /// The key, if its numbers belong together and a verifier would take its public half.
    pub(crate) fn into_key(self) -> Result<Private, KeyError> {
        let (modulus, exponent) = (significant(self.modulus), significant(self.public_exponent));
        // First, so that nothing is computed with numbers of any size.
        public_half(&rsa_jwk(modulus, exponent, ""))?;
        let number = |bytes: &[u8]| {
            let bits = u32::try_from(bytes.len().saturating_mul(8)).map_err(|_| KeyError::Malformed)?;
            BoxedUint::from_be_slice(bytes, bits.max(64)).map_err(|_| KeyError::Malformed)
        };
        let public_exponent = number(exponent)?;
        let primes = match self.primes {
            Some(primes) => {
                primes.iter().map(|prime| number(significant(prime))).collect::<Result<Vec<_>, _>>()?
            }
            None if public_exponent <= BoxedUint::from(RECOVERY_EXPONENT_MIN) => {
                return Err(KeyError::PrimesMissing);
            }
            None => Vec::new(),
        };
        let modulus = number(modulus)?;
        let private_exponent = number(significant(self.private_exponent))?;
        // Google's keys and ours have primes of half the modulus. Computing with longer ones takes
        // longer, which tells that a key is of that rare shape, and no more.
        let is_balanced = primes.iter().all(|prime| prime.bits() <= modulus.bits().div_ceil(2));
        let key = if is_balanced {
            RsaPrivateKey::from_components(modulus, public_exponent, private_exponent, primes)
        } else {
            RsaPrivateKey::from_components_with_wide_primes(
                modulus,
                public_exponent,
                private_exponent,
                primes,
            )
        };
        key.map(Private::from).map_err(|_| KeyError::Inconsistent)
    }
}

/// Big-endian bytes without leading zeros.
pub(crate) fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// The public half as a JWK, with `alg`, `use` and the key's id.
pub(crate) fn public_jwk(private: &Private, key_id: Option<&str>) -> String {
    let key_id = key_id.map(|key_id| format!("\"kid\":{},", quoted(key_id))).unwrap_or_default();
    match private {
        Private::P256(key) => {
            let [x, y] = p256_coordinates(key);
            format!(
                "{{\"kty\":\"EC\",\"crv\":\"P-256\",{key_id}\"use\":\"sig\",\"alg\":\"ES256\",\"x\":\"{x}\",\"y\":\"{y}\"}}"
            )
        }
        Private::Rsa(key) => {
            let key: &RsaPrivateKey = key.as_ref().as_ref();
            rsa_jwk(&key.n_bytes(), &key.e_bytes(), &key_id)
        }
    }
}

/// The coordinates of the public point, base64url.
pub(crate) fn p256_coordinates(key: &p256::ecdsa::SigningKey) -> [String; 2] {
    let point = key.verifying_key().as_affine().to_sec1_point(false);
    let coordinate = |range| base64url::encode(point.as_bytes().get(range).unwrap_or_default());
    [coordinate(1..33), coordinate(33..65)]
}

fn rsa_jwk(modulus: &[u8], exponent: &[u8], key_id: &str) -> String {
    let (n, e) = (base64url::encode(modulus), base64url::encode(exponent));
    format!("{{\"kty\":\"RSA\",{key_id}\"use\":\"sig\",\"alg\":\"RS256\",\"n\":\"{n}\",\"e\":\"{e}\"}}")
}

/// Reads a public JWK as a verifier does.
pub(crate) fn public_half(jwk: &str) -> Result<JwkSet, KeyError> {
    let set = JwkSet::parse(jwk).map_err(|_| KeyError::Malformed)?;
    match set.set_aside().first() {
        Some(key) => Err(KeyError::Refused(key.reason.clone())),
        None => Ok(set),
    }
}
