//! The field in nine limbs of 29 bits, for targets without a 64x64 to 128-bit multiplication.
//!
//! WebAssembly multiplies 64 by 64 bits and keeps the low 64. Nine products of two such limbs come to less
//! than 2^62, so carries are put off until a whole multiplication and reduction are done.
//!
//! Limbs have a sign, and an element is any number between -5p and 5p: with `R` = 2^261, which is above
//! 32p, a product of two comes out between -p and 2p, so that sums and differences need no reduction. A test
//! follows the intervals through the formulas for points.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of limbs"
)]

use super::field::{FieldElement, P, power_of_two, three_halves};
use super::number::{LIMB_BITS, LIMB_MASK, LIMBS, Limbs, Number, limbs, words};

/// Least significant limb first. All but the last are at least -2 and at most 2^29 + 1.
#[derive(Clone, Copy)]
pub(super) struct Element(Limbs);

const MODULUS: Limbs = limbs(&P);
const R_SQUARED: Element = Element(limbs(&power_of_two(2 * 261)));

impl FieldElement for Element {
    const ZERO: Self = Self([0; LIMBS]);
    const ONE: Self = Self(limbs(&power_of_two(261)));
    const THREE_HALVES: Self = Self(limbs(&three_halves(261)));

    #[inline(never)]
    fn new(number: &Number) -> Self {
        Self(limbs(number)).times(&R_SQUARED)
    }

    #[inline(never)]
    fn number(&self) -> Number {
        // Between 0 and p, both included: it is (x + q*p)/R for an x above -R and q below R.
        let mut product = self.times(&Self([1, 0, 0, 0, 0, 0, 0, 0, 0]));
        if product.0 == MODULUS {
            product = Self::ZERO;
        }
        words(&product.0)
    }

    fn plus(&self, other: &Self) -> Self {
        self.plus_times(1, other)
    }

    fn minus(&self, other: &Self) -> Self {
        self.plus_times(-1, other)
    }

    #[inline(never)]
    fn times(&self, other: &Self) -> Self {
        debug_assert!(self.is_within_bounds() && other.is_within_bounds());
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
        ]))
    }

    #[inline(never)]
    fn squared(&self) -> Self {
        debug_assert!(self.is_within_bounds());
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
        ]))
    }

    #[inline]
    fn is_zero(&self) -> bool {
        // A product lies between -p and 2p, and all its limbs but the last have no sign.
        self.0 == [0; LIMBS] || self.0 == MODULUS
    }
}

impl Element {
    /// The sum with a multiple by 1 or -1. Each limb's carry, from -2 to 2, is added to the next one, but
    /// goes no further.
    #[inline(never)]
    fn plus_times(&self, factor: i32, other: &Self) -> Self {
        let (mut limbs, mut carry) = ([0; LIMBS], 0);
        for at in 0..LIMBS {
            let sum = self.0[at] + factor * other.0[at];
            limbs[at] = (if at + 1 < LIMBS { sum & LIMB_MASK } else { sum }) + carry;
            carry = sum >> LIMB_BITS;
        }
        Self(limbs)
    }

    fn is_within_bounds(&self) -> bool {
        let Self([limbs @ .., last]) = self;
        limbs.iter().all(|limb| (-2..=LIMB_MASK + 2).contains(limb)) && last.abs() <= 5 * (MODULUS[8] + 1)
    }
}

/// Columns `/ R mod p`.
///
/// As -1/p mod 2^29 is 1, the lowest 29 bits that are left are themselves the multiple `q` of p which
/// clears them. Of `q * p = q * (2^256 - 2^224 + 2^192 + 2^96 - 1)` the last term is what clears them, and
/// the others are `q` shifted, into columns further up. No column passes 2^62.
#[inline(always)]
fn reduced(columns: [i64; 17]) -> Limbs {
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16] = columns;
    let split = |column: i64| (column & LIMB_MASK as i64, column >> LIMB_BITS);
    // 96 = 3 * 29 + 9, 192 = 6 * 29 + 18, 224 = 7 * 29 + 21, 256 = 8 * 29 + 24.
    let (q0, carry) = split(c0);
    let (q1, carry) = split(c1 + carry);
    let (q2, carry) = split(c2 + carry);
    let (q3, carry) = split(c3 + carry + (q0 << 9));
    let (q4, carry) = split(c4 + carry + (q1 << 9));
    let (q5, carry) = split(c5 + carry + (q2 << 9));
    let (q6, carry) = split(c6 + carry + (q3 << 9) + (q0 << 18));
    let (q7, carry) = split(c7 + carry + (q4 << 9) + (q1 << 18) - (q0 << 21));
    let (q8, carry) = split(c8 + carry + (q5 << 9) + (q2 << 18) - (q1 << 21) + (q0 << 24));
    let (r0, carry) = split(c9 + carry + (q6 << 9) + (q3 << 18) - (q2 << 21) + (q1 << 24));
    let (r1, carry) = split(c10 + carry + (q7 << 9) + (q4 << 18) - (q3 << 21) + (q2 << 24));
    let (r2, carry) = split(c11 + carry + (q8 << 9) + (q5 << 18) - (q4 << 21) + (q3 << 24));
    let (r3, carry) = split(c12 + carry + (q6 << 18) - (q5 << 21) + (q4 << 24));
    let (r4, carry) = split(c13 + carry + (q7 << 18) - (q6 << 21) + (q5 << 24));
    let (r5, carry) = split(c14 + carry + (q8 << 18) - (q7 << 21) + (q6 << 24));
    let (r6, carry) = split(c15 + carry - (q8 << 21) + (q7 << 24));
    let (r7, carry) = split(c16 + carry + (q8 << 24));
    [r0, r1, r2, r3, r4, r5, r6, r7, carry].map(|limb| limb as i32)
}
