//! The field that P-256 is defined over: integers modulo p (SP 800-186 section 3.2.1.3).
#![allow(clippy::arithmetic_side_effects, reason = "exponents of two are constants between 1 and 522")]

use super::division;
#[cfg(any(target_family = "wasm", not(target_pointer_width = "64")))]
pub(super) use super::limbs29::Element;
#[cfg(not(any(target_family = "wasm", not(target_pointer_width = "64"))))]
pub(super) use super::limbs64::Element;
use super::number::{self, Number, printed};

/// The field's modulus, 2^256 - 2^224 + 2^192 + 2^96 - 1.
pub(super) const P: Number =
    printed([0xffffffff, 0x00000001, 0x00000000, 0x00000000, 0x00000000, 0xffffffff, 0xffffffff, 0xffffffff]);

/// A residue modulo p in Montgomery form: what is held is its product with a power of two `R`, since
/// `x * y / R` is much cheaper to compute than `x * y` modulo p.
pub(super) trait FieldElement: Copy + 'static {
    const ZERO: Self;
    const ONE: Self;
    const THREE_HALVES: Self;

    /// A number, whether below p or not.
    fn new(number: &Number) -> Self;
    /// Its value below p.
    fn number(&self) -> Number;

    fn plus(&self, other: &Self) -> Self;
    fn minus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn squared(&self) -> Self;
    /// Whether it is zero; it has to be a product or a constant.
    fn is_zero(&self) -> bool;

    /// Its inverse; zero for zero.
    fn inverse(&self) -> Self {
        let [inverse, _] = division::quotients([number::ONE, number::ZERO], &self.number(), &P);
        Self::new(&inverse)
    }
}

/// `2^exponent mod p`.
pub(super) const fn power_of_two(exponent: u32) -> Number {
    let (mut power, mut count) = (number::ONE, 0);
    while count < exponent {
        power = sum(&power, &power);
        count += 1;
    }
    power
}

/// `3/2 * 2^exponent mod p`.
pub(super) const fn three_halves(exponent: u32) -> Number {
    sum(&power_of_two(exponent), &power_of_two(exponent - 1))
}

/// `x + y mod p`, for both below p.
const fn sum(x: &Number, y: &Number) -> Number {
    let (sum, carry) = number::add(x, y);
    let (less, borrow) = number::subtract(&sum, &P);
    if borrow && !carry { sum } else { less }
}
