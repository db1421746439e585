//! Which limbs a modulus is held in, by target and length.

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
use super::limbs13;
#[cfg(any(target_family = "wasm", not(target_pointer_width = "64")))]
use super::limbs28 as limbs;
#[cfg(not(any(target_family = "wasm", not(target_pointer_width = "64"))))]
use super::limbs64 as limbs;
use super::montgomery::public_power;

/// An odd modulus of up to 8192 bits.
#[derive(Clone)]
pub(super) enum Modulus {
    /// In vectors, which are made for 2048 bits, the length of nearly all keys in use.
    #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
    Vectors(limbs13::Modulus),
    Words(limbs::Modulus),
}

impl Modulus {
    /// Prepares a modulus, big-endian without leading zeros.
    pub(super) fn new(modulus: &[u8]) -> Self {
        #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
        if let Some(modulus) = limbs13::Modulus::new(modulus) {
            return Self::Vectors(modulus);
        }
        Self::Words(limbs::Modulus::new(modulus))
    }

    /// As [`public_power`].
    pub(super) fn public_power(&self, base: &[u8], exponent: u64, bytes: &mut [u8]) -> bool {
        match self {
            #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
            Self::Vectors(modulus) => public_power(modulus, base, exponent, bytes),
            Self::Words(modulus) => public_power(modulus, base, exponent, bytes),
        }
    }
}
