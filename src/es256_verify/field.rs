//! The field that P-256 is defined over: integers modulo p (SP 800-186 section 3.2.1.3).

#[cfg(any(target_family = "wasm", not(target_pointer_width = "64")))]
pub(super) use super::limbs29::Element;
#[cfg(not(any(target_family = "wasm", not(target_pointer_width = "64"))))]
pub(super) use super::limbs64::Element;
use super::division;
use super::number::{self, Number, printed};

/// The field's modulus, 2^256 - 2^224 + 2^192 + 2^96 - 1.
pub(super) const P: Number = printed([
    0xffffffff, 0x00000001, 0x00000000, 0x00000000, 0x00000000, 0xffffffff, 0xffffffff, 0xffffffff,
]);

/// A residue modulo p in Montgomery form: what is held is its product with a power of two `R`, since
/// `x * y / R` is much cheaper to compute than `x * y` modulo p.
pub(super) trait FieldElement: Copy + 'static {
    const ZERO: Self;
    const ONE: Self;

    /// A number, whether below p or not.
    fn new(number: &Number) -> Self;
    /// Its value below p.
    fn number(&self) -> Number;

    fn plus(&self, other: &Self) -> Self;
    fn minus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn squared(&self) -> Self;
    /// `3/2` of it.
    fn three_halves(&self) -> Self;
    /// Whether it is zero; it must be what one of the functions above [`three_halves`](Self::three_halves)
    /// that multiply has returned, or a constant.
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
        let (double, carry) = number::add(&power, &power);
        let (less, borrow) = number::subtract(&double, &P);
        power = if carry || !borrow { less } else { double };
        count += 1;
    }
    power
}
