//! Multiplication by a comb (Lim and Lee, 1994) over tables of the generator and of the key.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "places of bits stay below 256, and every index is below the constant number of entries"
)]

use alloc::boxed::Box;
use alloc::vec;

use super::field::FieldElement;
use super::number::{self, Number};
use super::point::{Affine, Jacobian, ORDER};

/// Bits of a scalar that one look into a table settles: one of each word.
const TEETH: usize = 8;
const SPACING: usize = 32;
/// Choices of signs for all teeth but the last, which is always taken positive.
const ENTRIES: usize = 1 << (TEETH - 1);

/// With `P_t` = 2^(32 t) P for tooth t, all the sums `P_7 ± P_6 ± ... ± P_0`.
///
/// The entry's number has a one for each plus.
pub(super) struct Comb<F>(Box<[Affine<F>]>);

impl<F: FieldElement> Comb<F> {
    pub(super) fn new(point: Affine<F>) -> Self {
        // P_0, 2 P_0, P_1, 2 P_1, ..., 2 P_6.
        let mut multiple = Jacobian::from(point);
        let mut multiples = vec![multiple; 2 * (TEETH - 1)];
        for doublings in 0..SPACING * (TEETH - 1) {
            if doublings % SPACING < 2 {
                multiples[2 * (doublings / SPACING) + doublings % SPACING] = multiple;
            }
            multiple = multiple.doubled();
        }
        let multiples = Jacobian::affine(&multiples);
        // From all signs negative on, all sums so far with 2 P_t added, for one tooth after another. None of
        // them is infinity: they are multiples of a point of order n by numbers between 2^223 and n.
        let mut sums = vec![multiple; ENTRIES];
        for pair in multiples.chunks_exact(2) {
            sums[0] = sums[0].plus(&pair[0].negative());
        }
        for at in 1..ENTRIES {
            let tooth = at.ilog2() as usize;
            sums[at] = sums[at - (1 << tooth)].plus(&multiples[2 * tooth + 1]);
        }
        Self(Jacobian::affine(&sums).into_boxed_slice())
    }

    /// What the scalar's bits in a row add to the sum.
    fn pick(&self, scalar: &Signs, row: usize) -> Affine<F> {
        let bits = scalar.words.iter().rev().fold(0, |bits, word| bits << 1 | (word >> row & 1) as usize);
        let (last, others) = (bits >> (TEETH - 1) == 1, bits & (ENTRIES - 1));
        let entry = self.0[if last { others } else { others ^ (ENTRIES - 1) }];
        if last == scalar.negative { entry.negative() } else { entry }
    }
}

/// A scalar as 256 signs: the sum, or minus the sum, of all `2^i` or `-2^i`.
struct Signs {
    /// A one for each plus.
    words: Number,
    negative: bool,
}

impl Signs {
    /// Only an odd number is such a sum. An even one is minus its difference from the order, which is odd.
    ///
    /// With the bits `c_i` for signs, the sum over `(2 c_i - 1) 2^i` is `2c - (2^256 - 1)`; this is the
    /// scalar for `c = (scalar - 1) / 2 + 2^255`.
    #[inline(never)]
    fn new(scalar: &Number) -> Self {
        let negative = scalar[0] & 1 == 0;
        let odd = if negative { number::subtract(&ORDER, scalar).0 } else { *scalar };
        let [a, b, c, d, e, f, g, h] = odd;
        let half = |low: u32, high: u32| low >> 1 | high << 31;
        let words =
            [half(a, b), half(b, c), half(c, d), half(d, e), half(e, f), half(f, g), half(g, h), half(h, 1)];
        Self { words, negative }
    }
}

/// `u` times the point of the first table plus `v` times that of the second; both scalars are below the
/// order.
pub(super) fn sum<F: FieldElement>(u: &Number, first: &Comb<F>, v: &Number, second: &Comb<F>) -> Jacobian<F> {
    let (u, v) = (Signs::new(u), Signs::new(v));
    let mut sum = Jacobian::INFINITY;
    for row in (0..SPACING).rev() {
        sum = sum.doubled().plus(&first.pick(&u, row)).plus(&second.pick(&v, row));
    }
    sum
}
