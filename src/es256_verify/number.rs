//! Numbers of 256 bits, and division modulo an odd one.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "word arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of words"
)]

use core::mem::swap;

/// A number below 2^256 in words of 32 bits, least significant first.
pub(super) type Number = [u32; 8];

pub(super) const ZERO: Number = [0; 8];
pub(super) const ONE: Number = [1, 0, 0, 0, 0, 0, 0, 0];

/// A number as the standards print it, its most significant word first.
pub(super) const fn printed(words: [u32; 8]) -> Number {
    let [a, b, c, d, e, f, g, h] = words;
    [h, g, f, e, d, c, b, a]
}

pub(super) fn from_big_endian(bytes: &[u8; 32]) -> Number {
    let mut number = ZERO;
    for (word, chunk) in number.iter_mut().rev().zip(bytes.chunks_exact(4)) {
        *word = chunk.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    number
}

pub(super) fn to_big_endian(number: &Number) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.chunks_exact_mut(4).zip(number.iter().rev()) {
        chunk.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

pub(super) fn is_less(x: &Number, y: &Number) -> bool {
    x.iter().rev().lt(y.iter().rev())
}

/// `x + y`, and whether 2^256 was carried out of it.
pub(super) const fn add(x: &Number, y: &Number) -> (Number, bool) {
    let (mut sum, mut carry, mut at) = (ZERO, 0, 0);
    while at < sum.len() {
        let word = x[at] as u64 + y[at] as u64 + carry;
        sum[at] = word as u32;
        carry = word >> 32;
        at += 1;
    }
    (sum, carry == 1)
}

/// `x - y`, and whether 2^256 was borrowed for it.
pub(super) const fn subtract(x: &Number, y: &Number) -> (Number, bool) {
    let (mut difference, mut borrow, mut at) = (ZERO, 0, 0);
    while at < difference.len() {
        // A negative difference shows in the top bit.
        let word = (x[at] as u64).wrapping_sub(y[at] as u64).wrapping_sub(borrow);
        difference[at] = word as u32;
        borrow = word >> 63;
        at += 1;
    }
    (difference, borrow == 1)
}

/// Each numerator divided by the denominator, modulo the odd `m`; all of them are below `m`, and the
/// denominator has no divisor with it in common.
///
/// The binary algorithm of Euclid and Stein, which takes `u` and `v` from the denominator and `m` to their
/// greatest common divisor 1. At all times, with `d` for the denominator and modulo `m`,
/// `d * x = u * numerator` and `d * y = v * numerator` hold for each numerator and its pair of `x` and `y`.
pub(super) fn quotients(numerators: [Number; 2], denominator: &Number, m: &Number) -> [Number; 2] {
    let negative_inverse = inverse_mod_word(m[0]).wrapping_neg();
    let (mut u, mut x) = (*denominator, numerators);
    let (mut v, mut y) = (*m, [ZERO; 2]);
    while u != ZERO {
        // At most 31 of its zeros at once: `v` is odd, so `u` may lose them all.
        let zeros = (u[0] | 1 << 31).trailing_zeros();
        u = shifted_right(&u, 0, zeros, m);
        for x in &mut x {
            // The multiple of `m` that clears the lowest bits, so that they can go from `x`, too.
            let q = x[0].wrapping_mul(negative_inverse) & ((1 << zeros) - 1);
            *x = shifted_right(x, q, zeros, m);
        }
        if u[0] & 1 == 0 {
            continue;
        }
        if is_less(&u, &v) {
            swap(&mut u, &mut v);
            swap(&mut x, &mut y);
        }
        (u, _) = subtract(&u, &v);
        for (x, y) in x.iter_mut().zip(&y) {
            let (difference, borrow) = subtract(x, y);
            *x = if borrow { add(&difference, m).0 } else { difference };
        }
    }
    y
}

/// `(x + q * m) >> bits` for fewer than 32 `bits` and `q` below 2^bits. With `x` also the result is below
/// `m`: x + q*m < (1 + q) * m <= 2^bits * m.
fn shifted_right(x: &Number, q: u32, bits: u32, m: &Number) -> Number {
    let (mut shifted, mut below, mut carry) = (ZERO, 0, 0);
    for at in 0..x.len() {
        // Below 2^31 * 2^32 and two words.
        let sum = u64::from(q) * u64::from(m[at]) + u64::from(x[at]) + carry;
        carry = sum >> 32;
        if at > 0 {
            shifted[at - 1] = ((sum << 32 | below) >> bits) as u32;
        }
        below = sum & 0xffff_ffff;
    }
    shifted[x.len() - 1] = ((carry << 32 | below) >> bits) as u32;
    shifted
}

/// The inverse of the odd `m` modulo 2^32, by Newton's iteration: an odd `m` is its own inverse modulo 8,
/// and each step doubles the number of right bits, 3, 6, 12, 24, 48.
const fn inverse_mod_word(m: u32) -> u32 {
    let (mut inverse, mut step) = (m, 0);
    while step < 4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(m.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}
