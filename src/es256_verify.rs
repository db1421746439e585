//! ECDSA verification on P-256 with SHA-256 (FIPS 186-5 section 6.4.2) for public values only.
//!
//! Curve and field arithmetic come from the `p256` crate. What is ours is the order of the additions: a
//! comb (Lim and Lee, 1994) over tables of the generator and of the key, prepared once per key, takes a
//! third of the steps that two plain multiplications take.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "field and curve arithmetic is modular, and the places of bits stay below TEETH * SPACING"
)]

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use p256::ecdsa::Signature;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::group::Group;
use p256::elliptic_curve::ops::{Invert, Reduce};
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

/// What an uncompressed point begins with.
const UNCOMPRESSED: u8 = 4;
/// Bits of a scalar that one look into a table settles.
const TEETH: usize = 6;
/// Distance between those bits; `TEETH * SPACING` covers 256 bits.
const SPACING: usize = 43;

/// A P-256 public key with its tables.
#[derive(Clone)]
pub(crate) struct P256PublicKey {
    point: AffinePoint,
    generator: Comb,
    key: Comb,
}

/// For every choice of teeth, the sum of the multiples `2^(SPACING * tooth)` of one point.
#[derive(Clone)]
struct Comb(Box<[ProjectivePoint]>);

impl P256PublicKey {
    /// Reads an uncompressed point (SEC 1 section 2.3.4), the form that RFC 7518 section 6.2 asks for and
    /// that certificates have in practice; `None` if it is anything else or does not lie on the curve.
    pub(crate) fn from_sec1(point: &[u8]) -> Option<Self> {
        let coordinates = point.strip_prefix(&[UNCOMPRESSED])?;
        let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
        let [x, y]: [[u8; 32]; 2] = [x.try_into().ok()?, y.try_into().ok()?];
        // The point at infinity has no coordinates, so it cannot come out of this.
        let point: AffinePoint =
            Option::from(AffinePoint::from_coordinates(&FieldBytes::from(x), &FieldBytes::from(y)))?;
        let key = Comb::of(ProjectivePoint::from(point));
        Some(Self { point, generator: Comb::of(ProjectivePoint::GENERATOR), key })
    }

    /// The point, uncompressed.
    pub(crate) fn to_uncompressed(&self) -> Vec<u8> {
        [&[UNCOMPRESSED], self.point.x().as_slice(), self.point.y().as_slice()].concat()
    }

    /// Whether the 64 bytes `r || s` (RFC 7518 section 3.4) sign the digest; a high `s` is allowed.
    pub(crate) fn verify(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        // Any other length, and numbers outside 1 to n - 1, are refused here.
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        let (r, s) = signature.split_scalars();
        let z = <Scalar as Reduce<FieldBytes>>::reduce(&FieldBytes::from(*digest));
        let inverse = *s.invert_vartime();
        let sum = self.sum(&(z * inverse), &(*r * inverse));
        if sum.is_identity().into() {
            return false;
        }
        <Scalar as Reduce<FieldBytes>>::reduce(&sum.to_affine().x()) == *r
    }

    /// `u` times the generator plus `v` times the key.
    fn sum(&self, u: &Scalar, v: &Scalar) -> ProjectivePoint {
        let (u, v) = (u.to_repr(), v.to_repr());
        let mut sum = ProjectivePoint::IDENTITY;
        for row in (0..SPACING).rev() {
            sum = sum.double() + self.generator.pick(&u, row) + self.key.pick(&v, row);
        }
        sum
    }
}

impl Comb {
    fn of(point: ProjectivePoint) -> Self {
        let mut sums = Vec::from([ProjectivePoint::IDENTITY]);
        let mut multiple = point;
        for _ in 0..TEETH {
            // Every sum so far, and each of them with this tooth added.
            sums.extend_from_within(..);
            let half = sums.len() / 2;
            for sum in sums.iter_mut().skip(half) {
                *sum += multiple;
            }
            for _ in 0..SPACING {
                multiple = multiple.double();
            }
        }
        Self(sums.into_boxed_slice())
    }

    /// The table's entry for the teeth of a big-endian scalar at a row.
    fn pick(&self, scalar: &FieldBytes, row: usize) -> ProjectivePoint {
        let teeth = (0..TEETH).rev().fold(0, |teeth, tooth| teeth << 1 | bit(scalar, tooth * SPACING + row));
        self.0.get(teeth).copied().unwrap_or(ProjectivePoint::IDENTITY)
    }
}

/// One bit of a big-endian number, counted from its lowest; 0 beyond its length.
fn bit(number: &FieldBytes, at: usize) -> usize {
    number.iter().rev().nth(at / 8).map_or(0, |byte| usize::from(byte >> (at % 8) & 1))
}

impl fmt::Debug for P256PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("P256PublicKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
