//! RSA signature verification (RFC 8017 section 8.2.2) for public values only.
//!
//! Nothing here is secret, so the arithmetic takes whatever time the numbers ask for. It must never
//! be used to sign or decrypt.
//!
//! - [`RsaPublicKey`] is the only way in: it refuses unfit keys, then answers yes or no.
//! - `encoded_message` builds what the signature must open to, to be compared as a whole.
//! - `montgomery` raises to the public exponent, over `limbs64`, `limbs28` or `limbs13`; `backend`
//!   chooses by target.
//! - `roca` recognises keys of one broken generator.

mod backend;
mod encoded_message;
#[cfg(any(test, all(target_family = "wasm", target_feature = "simd128")))]
mod limbs13;
#[cfg(any(test, target_family = "wasm", not(target_pointer_width = "64")))]
mod limbs28;
#[cfg(any(test, not(any(target_family = "wasm", not(target_pointer_width = "64")))))]
mod limbs64;
mod montgomery;
mod roca;
#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use core::fmt;

use self::backend::Modulus;
use crate::prepared::Prepared;

/// An RSA public key that is fit for RS256.
///
/// Make one per key, not one per token: what the first verification prepares for all others costs about
/// as much as one of them.
#[derive(Clone)]
pub struct RsaPublicKey {
    modulus: Prepared<Modulus>,
    modulus_bytes: Box<[u8]>,
    modulus_bits: u32,
    exponent: u64,
    exponent_bytes: Box<[u8]>,
}

impl RsaPublicKey {
    /// Takes a modulus and a public exponent, both big-endian, if they make an acceptable key.
    ///
    /// Leading zero bytes are tolerated, since published JWK sets carry them. No claim is made that
    /// the modulus is a product of two primes: that cannot be told from outside.
    ///
    /// # Errors
    ///
    /// [`RsaKeyError`] says which rule the key breaks. RFC 7518 section 3.3 sets the lower bound
    /// of the modulus; the upper bounds keep the work per token small.
    pub fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, RsaKeyError> {
        let modulus = without_leading_zeros(modulus).ok_or(RsaKeyError::Empty)?;
        let exponent = without_leading_zeros(exponent).ok_or(RsaKeyError::Empty)?;

        let modulus_bits = bit_length(modulus);
        if modulus_bits < MODULUS_BITS_MIN {
            return Err(RsaKeyError::ModulusTooShort { bits: modulus_bits });
        }
        if modulus_bits > MODULUS_BITS_MAX {
            return Err(RsaKeyError::ModulusTooLong { bits: modulus_bits });
        }
        if modulus.last().is_none_or(|byte| byte % 2 == 0) {
            return Err(RsaKeyError::ModulusEven);
        }
        let exponent_value = public_exponent(exponent).ok_or(RsaKeyError::ExponentInvalid)?;
        if roca::has_roca_fingerprint(modulus) {
            return Err(RsaKeyError::RocaWeak);
        }

        Ok(Self {
            modulus: Prepared::new(),
            modulus_bytes: modulus.into(),
            modulus_bits,
            exponent: exponent_value,
            exponent_bytes: exponent.into(),
        })
    }

    /// Whether `signature` is an RSASSA-PKCS1-v1_5 signature by this key over a SHA-256 digest.
    ///
    /// The signature must be exactly as long as the modulus and, as a number, below it, so that a
    /// token has one valid spelling only ([RFC 8017 section 8.2.2]).
    ///
    /// [RFC 8017 section 8.2.2]: https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2
    #[must_use]
    pub fn verify_pkcs1v15_sha256(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        let length = self.modulus_bytes.len();
        if signature.len() != length {
            return false;
        }
        let (mut opened, mut expected) = ([0; MODULUS_BYTES_MAX], [0; MODULUS_BYTES_MAX]);
        let (Some(opened), Some(expected)) = (opened.get_mut(..length), expected.get_mut(..length)) else {
            return false;
        };
        let modulus = self.modulus.get(|| Modulus::new(&self.modulus_bytes));
        modulus.public_power(signature, self.exponent, opened)
            && encoded_message::fill_encoded_message(expected, digest)
            && opened == expected
    }

    /// The length of the modulus in bits.
    #[must_use]
    pub const fn modulus_bits(&self) -> u32 {
        self.modulus_bits
    }

    /// The modulus, big-endian without leading zeros, as RFC 7638 thumbprints take it.
    #[must_use]
    pub const fn modulus_bytes(&self) -> &[u8] {
        &self.modulus_bytes
    }

    /// The public exponent, big-endian without leading zeros.
    #[must_use]
    pub const fn exponent_bytes(&self) -> &[u8] {
        &self.exponent_bytes
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPublicKey")
            .field("modulus_bits", &self.modulus_bits)
            .field("exponent", &self.exponent)
            .finish_non_exhaustive()
    }
}

/// Why a modulus and exponent do not make an acceptable key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RsaKeyError {
    /// The modulus or the exponent is missing, or zero.
    Empty,
    /// The exponent is even, below [`EXPONENT_MIN`] or above [`EXPONENT_MAX`].
    ExponentInvalid,
    /// The modulus is even.
    ModulusEven,
    /// The modulus is longer than [`MODULUS_BITS_MAX`].
    ModulusTooLong {
        /// Its length in bits.
        bits: u32,
    },
    /// The modulus is shorter than [`MODULUS_BITS_MIN`].
    ModulusTooShort {
        /// Its length in bits.
        bits: u32,
    },
    /// The key comes from a generator whose keys can be factored (ROCA, CVE-2017-15361).
    RocaWeak,
}

impl fmt::Display for RsaKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the RSA modulus or exponent is empty or zero"),
            Self::ExponentInvalid => write!(
                f,
                "the RSA public exponent is not an odd number from {EXPONENT_MIN} to {EXPONENT_MAX}"
            ),
            Self::ModulusEven => f.write_str("the RSA modulus is even"),
            Self::ModulusTooLong { bits } => {
                write!(f, "the RSA modulus has {bits} bits, more than the {MODULUS_BITS_MAX} allowed")
            }
            Self::ModulusTooShort { bits } => {
                write!(f, "the RSA modulus has {bits} bits, fewer than the {MODULUS_BITS_MIN} required")
            }
            Self::RocaWeak => f.write_str(
                "the RSA key comes from a generator whose keys can be factored (ROCA, CVE-2017-15361)",
            ),
        }
    }
}

impl core::error::Error for RsaKeyError {}

/// The part of a big-endian number from its first non-zero byte on, or `None` for zero.
fn without_leading_zeros(number: &[u8]) -> Option<&[u8]> {
    let start = number.iter().position(|byte| *byte != 0)?;
    number.get(start..)
}

/// The length in bits of a big-endian number without leading zeros.
fn bit_length(number: &[u8]) -> u32 {
    let bits = u32::try_from(number.len()).unwrap_or(u32::MAX).saturating_mul(8);
    bits.saturating_sub(number.first().map_or(0, |byte| byte.leading_zeros()))
}

/// The value of a big-endian exponent, if it is odd and in range.
fn public_exponent(bytes: &[u8]) -> Option<u64> {
    let mut padded = [0; 8];
    let start = padded.len().checked_sub(bytes.len())?;
    padded.get_mut(start..)?.copy_from_slice(bytes);
    let value = u64::from_be_bytes(padded);
    (value % 2 == 1 && (EXPONENT_MIN..=EXPONENT_MAX).contains(&value)).then_some(value)
}

/// The shortest modulus accepted, in bits (RFC 7518 section 3.3).
pub const MODULUS_BITS_MIN: u32 = 2048;

/// The longest modulus accepted, in bits.
pub const MODULUS_BITS_MAX: u32 = 8192;

/// The smallest public exponent accepted: 1 would make every message its own signature.
pub const EXPONENT_MIN: u64 = 3;

/// The largest public exponent accepted, which bounds the work per signature.
pub const EXPONENT_MAX: u64 = 1 << 33;

const MODULUS_BYTES_MAX: usize = 1024;
