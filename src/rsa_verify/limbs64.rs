//! Montgomery arithmetic on 64-bit limbs, for targets that multiply 64 by 64 bits to 128.
//!
//! A product plus two limbs never overflows 128 bits:
//! (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1. Every inner loop below is that one step.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below a length fixed when the key was made"
)]

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::montgomery::{MontgomeryModulus, inverse_mod_word};

/// A residue below `R`, least significant limb first; limbs beyond the modulus are zero.
pub(super) type Residue = [u64; MAX_LIMBS];

/// A modulus of any length up to 8192 bits.
#[derive(Clone)]
pub(super) struct Modulus {
    /// `n`, without zero limbs at the top; `R` is 2^64 to the power of their number.
    limbs: Box<[u64]>,
    /// `-1/n mod 2^64`.
    negative_inverse: u64,
    r_squared: Box<Residue>,
}

impl MontgomeryModulus for Modulus {
    type Residue = Residue;

    fn new(modulus: &[u8]) -> Self {
        let length = modulus.len().div_ceil(8);
        let mut n = [0; MAX_LIMBS];
        read(modulus, &mut n);
        let limbs = Vec::from(&n[..length]).into_boxed_slice();
        let top_bit = 64 * length - 1 - limbs[length - 1].leading_zeros() as usize;

        // 2^s R mod n with s*2^k = log2 R, from the largest power of two below n by doubling.
        // Squaring k times in Montgomery form then gives 2^(s*2^k) R = R^2.
        let mut x = [0; MAX_LIMBS];
        x[top_bit / 64] = 1 << (top_bit % 64);
        let r_bits = 64 * length;
        let squarings = r_bits.trailing_zeros();
        let doublings = (r_bits >> squarings) + r_bits - top_bit;
        for _ in 0..doublings {
            double(&mut x[..length], &limbs);
        }

        let mut this = Self {
            negative_inverse: inverse_mod_word(n[0]).wrapping_neg(),
            limbs,
            r_squared: Box::new([0; MAX_LIMBS]),
        };
        for _ in 0..squarings {
            this.square(&mut x);
        }
        *this.r_squared = x;
        this
    }

    fn r_squared(&self) -> &Residue {
        &self.r_squared
    }

    fn residue(&self, bytes: &[u8]) -> Option<Residue> {
        let mut x = [0; MAX_LIMBS];
        read(bytes, &mut x);
        is_less(&x[..self.limbs.len()], &self.limbs).then_some(x)
    }

    fn multiply(&self, x: &mut Residue, y: &Residue) {
        let mut t = [0; 2 * MAX_LIMBS];
        match self.limbs.len() {
            32 => multiply(
                &mut x[..32],
                &y[..32],
                &self.limbs[..32],
                self.negative_inverse,
                &mut t[..64],
            ),
            length => multiply(
                &mut x[..length],
                &y[..length],
                &self.limbs,
                self.negative_inverse,
                &mut t[..2 * length],
            ),
        }
    }

    fn square(&self, x: &mut Residue) {
        let mut t = [0; 2 * MAX_LIMBS];
        match self.limbs.len() {
            32 => square(
                &mut x[..32],
                &self.limbs[..32],
                self.negative_inverse,
                &mut t[..64],
            ),
            length => square(
                &mut x[..length],
                &self.limbs,
                self.negative_inverse,
                &mut t[..2 * length],
            ),
        }
    }

    fn write(&self, x: &mut Residue, bytes: &mut [u8]) {
        let length = self.limbs.len();
        if !is_less(&x[..length], &self.limbs) {
            subtract(&mut x[..length], &self.limbs);
        }
        for (chunk, limb) in bytes.rchunks_mut(8).zip(x.iter()) {
            let limb = limb.to_be_bytes();
            chunk.copy_from_slice(&limb[8 - chunk.len()..]);
        }
    }
}

/// `x = x * y / R mod n`, below `R`.
#[inline(always)]
fn multiply(x: &mut [u64], y: &[u64], n: &[u64], inverse: u64, t: &mut [u64]) {
    let length = n.len();
    for (row, x) in x.iter().enumerate() {
        t[row + length] = add_row(&mut t[row..row + length], *x, y);
    }
    reduce(x, n, inverse, t);
}

/// `x = x * x / R mod n`, below `R`.
#[inline(always)]
fn square(x: &mut [u64], n: &[u64], inverse: u64, t: &mut [u64]) {
    let length = n.len();
    // The products of different limbs, each once.
    for row in 0..length {
        t[row + length] = add_row(&mut t[2 * row + 1..row + length], x[row], &x[row + 1..]);
    }
    // Doubled, with the squares added. The total is x^2 < R^2, so no carry leaves the top.
    let (mut shifted_out, mut carry) = (0, 0);
    for (pair, x) in t.as_chunks_mut::<2>().0.iter_mut().zip(x.iter()) {
        let [low, high] = *pair;
        let square = u128::from(*x) * u128::from(*x);
        let sum =
            u128::from(low << 1 | shifted_out) + u128::from(square as u64) + u128::from(carry);
        pair[0] = sum as u64;
        let sum = u128::from(high << 1 | low >> 63) + (square >> 64) + (sum >> 64);
        pair[1] = sum as u64;
        carry = (sum >> 64) as u64;
        shifted_out = high >> 63;
    }
    reduce(x, n, inverse, t);
}

/// `x = t / R mod n`, below `R`, for `t < R^2`.
#[inline(always)]
fn reduce(x: &mut [u64], n: &[u64], inverse: u64, t: &mut [u64]) {
    let length = n.len();
    let mut carry = false;
    for row in 0..length {
        // Adding q*n clears the lowest limb that is left.
        let q = t[row].wrapping_mul(inverse);
        let high = add_row(&mut t[row..row + length], q, n);
        let (sum, first) = t[row + length].overflowing_add(high);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        t[row + length] = sum;
        carry = first | second;
    }
    x.copy_from_slice(&t[length..]);
    // (t + q*n)/R < R + n: past R, one subtraction brings it back.
    if carry {
        subtract(x, n);
    }
}

/// `t += factor * y`, for `t` as long as `y`; returns the limb carried out of the top.
#[inline(always)]
fn add_row(t: &mut [u64], factor: u64, y: &[u64]) -> u64 {
    let mut carry = 0;
    for (t, y) in t.iter_mut().zip(y) {
        let sum = u128::from(factor) * u128::from(*y) + u128::from(*t) + u128::from(carry);
        *t = sum as u64;
        carry = (sum >> 64) as u64;
    }
    carry
}

/// `x = 2x mod n` for `x < n`.
fn double(x: &mut [u64], n: &[u64]) {
    let mut carry = 0;
    for limb in x.iter_mut() {
        let top = *limb >> 63;
        *limb = *limb << 1 | carry;
        carry = top;
    }
    if carry == 1 || !is_less(x, n) {
        subtract(x, n);
    }
}

fn is_less(x: &[u64], n: &[u64]) -> bool {
    x.iter().rev().lt(n.iter().rev())
}

/// `x -= n`, where a missing carry above the top limb of `x` absorbs the last borrow.
fn subtract(x: &mut [u64], n: &[u64]) {
    let mut borrow = false;
    for (limb, n) in x.iter_mut().zip(n) {
        let (difference, first) = limb.overflowing_sub(*n);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        *limb = difference;
        borrow = first | second;
    }
}

/// Reads a big-endian number into limbs; `limbs` is zero and long enough.
fn read(bytes: &[u8], limbs: &mut [u64]) {
    for (limb, chunk) in limbs.iter_mut().zip(bytes.rchunks(8)) {
        *limb = chunk
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
}

/// Limbs of a modulus of [`super::MODULUS_BITS_MAX`] bits.
const MAX_LIMBS: usize = super::MODULUS_BITS_MAX as usize / 64;
