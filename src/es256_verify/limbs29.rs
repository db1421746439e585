//! The field in nine limbs of 29 bits, for targets without a 64x64 to 128-bit multiplication.
//!
//! WebAssembly multiplies 64 by 64 bits and keeps the low 64. Nine products of two such limbs come to less
//! than 2^62, so carries are put off until a whole multiplication and reduction are done.
//!
//! Limbs have a sign, and an element is any number between -16p and 16p: with `R` = 2^261, which is above 32p, a
//! product of two elements within `-a*p..a*p` and `-b*p..b*p` comes out between `-ab/32 * p` and
//! `(1 + ab/32) * p`, so that sums and differences need no reduction.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of limbs"
)]

use super::field::{FieldElement, P, power_of_two};
use super::number::{LIMB_BITS, LIMB_MASK, LIMBS, Limbs, Number, limbs, words};

/// Least significant limb first. All but the last are at least -4 and at most 2^29 + 3.
#[derive(Clone, Copy)]
pub(super) struct Element(Limbs);

const MODULUS: Limbs = limbs(&P);
const R_SQUARED: Element = Element(limbs(&power_of_two(2 * 261)));

impl FieldElement for Element {
    const ZERO: Self = Self([0; LIMBS]);
    const ONE: Self = Self(limbs(&power_of_two(261)));

    fn new(number: &Number) -> Self {
        Self(limbs(number)).times(&R_SQUARED)
    }

    fn number(&self) -> Number {
        // Between 0 and p, both included: (x + q*p)/R for x above -R and q below R.
        let mut product = self.times(&Self([1, 0, 0, 0, 0, 0, 0, 0, 0]));
        if product.0 == MODULUS {
            product = Self::ZERO;
        }
        words(&product.0)
    }

    #[inline]
    fn plus(&self, other: &Self) -> Self {
        Self(carried([0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at: usize| self.0[at] + other.0[at])))
    }

    #[inline]
    fn minus(&self, other: &Self) -> Self {
        Self(carried([0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at: usize| self.0[at] - other.0[at])))
    }

    #[inline(never)]
    fn times(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0.map(i64::from);
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.0.map(i64::from);
        Self(reduced([
            a0 * b0,
            a0 * b1 + a1 * b0,
            a0 * b2 + a1 * b1 + a2 * b0,
            a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
            a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
            a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
            a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
            a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
            a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
            a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
            a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
            a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
            a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
            a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
            a6 * b8 + a7 * b7 + a8 * b6,
            a7 * b8 + a8 * b7,
            a8 * b8,
            0,
        ]))
    }

    #[inline(never)]
    fn squared(&self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0.map(i64::from);
        let [d0, d1, d2, d3, d4, d5, d6, d7] = [a0, a1, a2, a3, a4, a5, a6, a7].map(|limb| 2 * limb);
        Self(reduced([
            a0 * a0,
            d0 * a1,
            d0 * a2 + a1 * a1,
            d0 * a3 + d1 * a2,
            d0 * a4 + d1 * a3 + a2 * a2,
            d0 * a5 + d1 * a4 + d2 * a3,
            d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3,
            d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
            d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4,
            d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5,
            d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5,
            d3 * a8 + d4 * a7 + d5 * a6,
            d4 * a8 + d5 * a7 + a6 * a6,
            d5 * a8 + d6 * a7,
            d6 * a8 + a7 * a7,
            d7 * a8,
            a8 * a8,
            0,
        ]))
    }

    #[inline]
    fn three_halves(&self) -> Self {
        // Half of it, or of it and the odd p: each limb gives its lowest bit to the one below.
        let odd = -(self.0[0] & 1);
        let even = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at: usize| self.0[at] + (MODULUS[at] & odd));
        let mut sum = [0; LIMBS];
        for at in 0..LIMBS {
            let above = if at + 1 < LIMBS { even[at + 1] & 1 } else { 0 };
            sum[at] = self.0[at] + (even[at] >> 1) + (above << (LIMB_BITS - 1));
        }
        Self(carried(sum))
    }

    #[inline]
    fn is_zero(&self) -> bool {
        // A product lies above -p and below 2p, and its limbs but the last are between 0 and 2^29.
        self.0 == [0; LIMBS] || self.0 == MODULUS
    }
}

/// Columns `/ R mod p`.
///
/// As -1/p mod 2^29 is 1, the lowest 29 bits that are left are themselves the multiple `q` of p which clears
/// them. Of `q * p = q * (2^256 - 2^224 + 2^192 + 2^96 - 1)` the last term is what clears them, and the others
/// are `q` shifted, into columns further up.
#[inline(always)]
fn reduced(mut columns: [i64; 2 * LIMBS]) -> Limbs {
    for row in 0..LIMBS {
        let q = columns[row] & LIMB_MASK as i64;
        columns[row + 1] += columns[row] >> LIMB_BITS;
        columns[row + 3] += q << (96 - 3 * LIMB_BITS);
        columns[row + 6] += q << (192 - 6 * LIMB_BITS);
        columns[row + 7] -= q << (224 - 7 * LIMB_BITS);
        columns[row + 8] += q << (256 - 8 * LIMB_BITS);
    }
    let mut limbs = [0; LIMBS];
    let mut carry = 0;
    for at in 0..LIMBS - 1 {
        let sum = columns[LIMBS + at] + carry;
        limbs[at] = (sum & LIMB_MASK as i64) as i32;
        carry = sum >> LIMB_BITS;
    }
    limbs[LIMBS - 1] = (columns[2 * LIMBS - 1] + carry) as i32;
    limbs
}

/// The same number with each limb's carry added to the next one, but no further.
#[inline(always)]
fn carried(limbs: Limbs) -> Limbs {
    let [a, b, c, d, e, f, g, h, i] = limbs;
    let (low, carry) = (|limb| limb & LIMB_MASK, |limb| limb >> LIMB_BITS);
    [
        low(a),
        low(b) + carry(a),
        low(c) + carry(b),
        low(d) + carry(c),
        low(e) + carry(d),
        low(f) + carry(e),
        low(g) + carry(f),
        low(h) + carry(g),
        i + carry(h),
    ]
}
