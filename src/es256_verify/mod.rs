//! ECDSA verification on P-256 with SHA-256 (FIPS 186-5 section 6.4.2) for public values only.
//!
//! Nothing here is secret, so the arithmetic takes whatever time the numbers ask for. It must never be used
//! to sign.
//!
//! - [`P256PublicKey`] is the only way in: it refuses points off the curve, then answers yes or no.
//! - `division` divides by `s` modulo the order of the group.
//! - `comb` multiplies the generator and the key, with tables that are prepared once.
//! - `point` doubles and adds points.
//! - `field` is what their coordinates are, held in `limbs64` or `limbs29`, by target.

mod comb;
mod division;
mod field;
#[cfg(any(test, target_family = "wasm", not(target_pointer_width = "64")))]
mod limbs29;
#[cfg(any(test, not(any(target_family = "wasm", not(target_pointer_width = "64")))))]
mod limbs64;
mod number;
mod point;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::fmt;

use self::comb::Comb;
use self::field::{Element, FieldElement, P};
use self::number::Number;
use self::point::{Affine, ORDER};
use crate::prepared::Prepared;

/// What an uncompressed point begins with.
const UNCOMPRESSED: u8 = 4;

/// The generator's table, which all keys share.
static GENERATOR: Prepared<Comb<Element>> = Prepared::new();

/// A P-256 public key.
///
/// Make one per key, not one per token: the table that the first verification makes for all others costs as
/// much as several of them.
#[derive(Clone)]
pub struct P256PublicKey {
    coordinates: [Number; 2],
    point: Affine<Element>,
    table: Prepared<Comb<Element>>,
}

impl P256PublicKey {
    /// Reads an uncompressed point (SEC 1 section 2.3.4), the form that RFC 7518 section 6.2 asks for and
    /// that certificates have in practice; `None` if it is anything else or does not lie on the curve.
    #[must_use]
    pub fn from_sec1(point: &[u8]) -> Option<Self> {
        let [x, y] = halves(point.strip_prefix(&[UNCOMPRESSED])?)?;
        // The point at infinity has no coordinates, so it cannot come out of this.
        let point = Affine::new(&x, &y)?;
        Some(Self { coordinates: [x, y], point, table: Prepared::new() })
    }

    /// The point, uncompressed.
    #[must_use]
    pub fn to_uncompressed(&self) -> Vec<u8> {
        let [x, y] = self.coordinates.map(|coordinate| number::to_big_endian(&coordinate));
        [&[UNCOMPRESSED], x.as_slice(), y.as_slice()].concat()
    }

    /// Whether the 64 bytes `r || s` (RFC 7518 section 3.4) sign the digest; a high `s` is allowed.
    #[must_use]
    pub fn verify(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        let generator = GENERATOR.get(|| Comb::new(Affine::generator()));
        verify(generator, self.table.get(|| Comb::new(self.point)), digest, signature)
    }
}

/// The check, by the tables of the generator and of the key.
fn verify<F: FieldElement>(generator: &Comb<F>, key: &Comb<F>, digest: &[u8; 32], signature: &[u8]) -> bool {
    let Some([r, s]) = halves(signature) else { return false };
    if [r, s].iter().any(|value| *value == number::ZERO || !number::is_less(value, &ORDER)) {
        return false;
    }
    let z = number::from_big_endian(digest);
    let [u, v] = division::quotients([z, r], &s, &ORDER);
    let sum = comb::sum(&u, generator, &v, key);
    if sum.is_infinity() {
        return false;
    }
    // x of the sum, which is below p and so below twice the order, must be r modulo the order.
    let x = F::new(&r);
    sum.has_x(&x) || number::is_less(&r, &P_LESS_ORDER) && sum.has_x(&x.plus(&F::new(&ORDER)))
}

/// By how much the field is larger than the group.
const P_LESS_ORDER: Number = number::subtract(&P, &ORDER).0;

/// Two numbers of 32 bytes each.
fn halves(bytes: &[u8]) -> Option<[Number; 2]> {
    let (first, second) = bytes.split_first_chunk()?;
    Some([number::from_big_endian(first), number::from_big_endian(second.try_into().ok()?)])
}

impl fmt::Debug for P256PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("P256PublicKey").finish_non_exhaustive()
    }
}
