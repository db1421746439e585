//! The field in four limbs of 64 bits, for targets that multiply 64 by 64 bits to 128.
//!
//! An element is always below p, and `R` is 2^256.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of limbs"
)]

use super::field::{FieldElement, P, power_of_two, three_halves};
use super::number::Number;

/// Least significant limb first.
#[derive(Clone, Copy)]
pub(super) struct Element([u64; 4]);

const MODULUS: [u64; 4] = limbs(&P);
const R_SQUARED: Element = Element(limbs(&power_of_two(512)));

impl FieldElement for Element {
    const ZERO: Self = Self([0; 4]);
    const ONE: Self = Self(limbs(&power_of_two(256)));
    const THREE_HALVES: Self = Self(limbs(&three_halves(256)));

    fn new(number: &Number) -> Self {
        // As a factor it need not be below p: x * y < R * p is all that the reduction asks for.
        Self(limbs(number)).times(&R_SQUARED)
    }

    fn number(&self) -> Number {
        let Self([a, b, c, d]) = self.times(&Self([1, 0, 0, 0]));
        let (low, high) = (|limb| limb as u32, |limb| (limb >> 32) as u32);
        [low(a), high(a), low(b), high(b), low(c), high(c), low(d), high(d)]
    }

    #[inline]
    fn plus(&self, other: &Self) -> Self {
        let (mut sum, mut carry) = ([0; 4], false);
        for at in 0..4 {
            (sum[at], carry) = self.0[at].carrying_add(other.0[at], carry);
        }
        Self(below_p(sum, carry))
    }

    #[inline]
    fn minus(&self, other: &Self) -> Self {
        let (mut difference, mut borrow) = ([0; 4], false);
        for at in 0..4 {
            (difference[at], borrow) = self.0[at].borrowing_sub(other.0[at], borrow);
        }
        // The carry that leaves the top makes good what was borrowed.
        Self(plus_p_if(difference, borrow).0)
    }

    #[inline]
    fn times(&self, other: &Self) -> Self {
        let mut t = [0; 8];
        for (row, x) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (at, y) in other.0.iter().enumerate() {
                (t[row + at], carry) = x.carrying_mul_add(*y, t[row + at], carry);
            }
            t[row + 4] = carry;
        }
        Self(reduced(t))
    }

    #[inline]
    fn squared(&self) -> Self {
        let [a, b, c, d] = self.0;
        // The products of different limbs, each once.
        let (t1, carry) = a.carrying_mul(b, 0);
        let (t2, carry) = a.carrying_mul(c, carry);
        let (t3, t4) = a.carrying_mul(d, carry);
        let (t3, carry) = b.carrying_mul_add(c, t3, 0);
        let (t4, t5) = b.carrying_mul_add(d, t4, carry);
        let (t5, t6) = c.carrying_mul(d, t5);
        // Doubled, with the squares added. The total is below R^2, so no carry leaves the top.
        let twice = |high: u64, low: u64| high << 1 | low >> 63;
        let (low, carry) = a.carrying_mul(a, 0);
        let mut t = [
            low,
            twice(t1, 0),
            twice(t2, t1),
            twice(t3, t2),
            twice(t4, t3),
            twice(t5, t4),
            twice(t6, t5),
            t6 >> 63,
        ];
        let (mut high, mut carried) = (carry, false);
        (t[1], carried) = t[1].carrying_add(high, carried);
        for (at, x) in [(2, b), (4, c), (6, d)] {
            let low;
            (low, high) = x.carrying_mul(x, 0);
            (t[at], carried) = t[at].carrying_add(low, carried);
            (t[at + 1], carried) = t[at + 1].carrying_add(high, carried);
        }
        Self(reduced(t))
    }

    #[inline]
    fn is_zero(&self) -> bool {
        self.0 == [0; 4]
    }
}

/// `t / R mod p` for `t` below `R * p`.
///
/// As -1/p mod 2^64 is 1, the lowest limb that is left is itself the multiple of p which clears it. Of
/// `q * p = q * (2^256 - 2^224 + 2^192 + 2^96 - 1)` the last term is what clears it, and those above 2^192
/// are one product with the top limb of p.
#[inline]
fn reduced(mut t: [u64; 8]) -> [u64; 4] {
    let mut carried = false;
    for row in 0..4 {
        let q = t[row];
        // With the top limb of p below 2^64 - 1, the upper half of the product has room for one more.
        let (low, high) = q.carrying_mul(MODULUS[3], 0);
        let mut carry;
        (t[row + 1], carry) = t[row + 1].carrying_add(q << 32, false);
        (t[row + 2], carry) = t[row + 2].carrying_add(q >> 32, carry);
        (t[row + 3], carry) = t[row + 3].carrying_add(low, carry);
        (t[row + 4], carried) = t[row + 4].carrying_add(high + u64::from(carried), carry);
    }
    // (t + q*p)/R < (R*p + R*p)/R = 2p.
    below_p([t[4], t[5], t[6], t[7]], carried)
}

/// A number below `2p`, of which `carry` is the bit above the limbs, less p if it is not below p.
#[inline]
fn below_p(number: [u64; 4], carry: bool) -> [u64; 4] {
    let (mut less, mut borrow) = ([0; 4], false);
    for at in 0..4 {
        (less[at], borrow) = number[at].borrowing_sub(MODULUS[at], borrow);
    }
    // Chosen by a mask, because a processor would guess a branch wrongly every other time.
    let keep = u64::from(borrow & !carry).wrapping_neg();
    [0, 1, 2, 3].map(|at: usize| number[at] & keep | less[at] & !keep)
}

/// Adds p on a condition; the flag is the bit above the limbs.
#[inline]
fn plus_p_if(number: [u64; 4], condition: bool) -> ([u64; 4], bool) {
    let mask = u64::from(condition).wrapping_neg();
    let (mut sum, mut carry) = ([0; 4], false);
    for at in 0..4 {
        (sum[at], carry) = number[at].carrying_add(MODULUS[at] & mask, carry);
    }
    (sum, carry)
}

const fn limbs(number: &Number) -> [u64; 4] {
    let [a, b, c, d, e, f, g, h] = *number;
    [limb(a, b), limb(c, d), limb(e, f), limb(g, h)]
}

const fn limb(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}
