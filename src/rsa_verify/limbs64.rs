//! Montgomery arithmetic on 64-bit limbs, for targets that multiply 64 by 64 bits to 128.
//!
//! A product plus two limbs never overflows 128 bits:
//! (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1. Every inner step below is of that form.
//!
//! Limbs come in pairs, and the one inner loop ([`add_rows`]) adds two rows of the schoolbook
//! product at once, so that each limb of the sum is loaded and stored once per two products.

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

/// Two limbs, least significant first.
type Pair = [u64; 2];

/// A residue below `R`; pairs beyond the length of the modulus are zero.
pub(super) type Residue = [Pair; MAX_PAIRS];

/// A modulus of any length up to 8192 bits.
#[derive(Clone)]
pub(super) struct Modulus {
    /// `n`; `R` is 2^128 to the power of the number of pairs.
    pairs: Box<[Pair]>,
    /// `-1/n mod 2^64`.
    negative_inverse: u64,
    r_squared: Box<Residue>,
}

impl Modulus {
    /// Prepares an odd modulus above 1, big-endian without leading zeros, of at most 8192 bits.
    pub(super) fn new(modulus: &[u8]) -> Self {
        let length = modulus.len().div_ceil(16);
        let mut n = [[0; 2]; MAX_PAIRS];
        read(modulus, n.as_flattened_mut());
        let pairs = Vec::from(&n[..length]).into_boxed_slice();

        // 2^s R mod n with s*2^k = log2 R, from the largest power of two below n by doubling.
        // Squaring k times in Montgomery form then gives 2^(s*2^k) R = R^2.
        let top_bit = 8 * modulus.len() - 1 - modulus[0].leading_zeros() as usize;
        let mut x = [[0; 2]; MAX_PAIRS];
        x.as_flattened_mut()[top_bit / 64] = 1 << (top_bit % 64);
        let r_bits = 128 * length;
        let squarings = r_bits.trailing_zeros();
        let doublings = (r_bits >> squarings) + r_bits - top_bit;
        for _ in 0..doublings {
            double(&mut x[..length], &pairs);
        }

        let mut this = Self {
            negative_inverse: inverse_mod_word(n[0][0]).wrapping_neg(),
            pairs,
            r_squared: Box::new([[0; 2]; MAX_PAIRS]),
        };
        for _ in 0..squarings {
            this.square(&mut x);
        }
        *this.r_squared = x;
        this
    }
}

impl MontgomeryModulus for Modulus {
    type Residue = Residue;

    fn r_squared(&self) -> &Residue {
        &self.r_squared
    }

    fn residue(&self, bytes: &[u8]) -> Option<Residue> {
        let mut x = [[0; 2]; MAX_PAIRS];
        read(bytes, x.as_flattened_mut());
        is_less(&x[..self.pairs.len()], &self.pairs).then_some(x)
    }

    fn multiply(&self, x: &mut Residue, y: &Residue) {
        match self.pairs.len() {
            PAIRS_2048 => self.multiply_sized::<PAIRS_2048>(x, y, PAIRS_2048),
            length => self.multiply_sized::<MAX_PAIRS>(x, y, length),
        }
    }

    fn square(&self, x: &mut Residue) {
        match self.pairs.len() {
            PAIRS_2048 => self.square_sized::<PAIRS_2048>(x, PAIRS_2048),
            length => self.square_sized::<MAX_PAIRS>(x, length),
        }
    }

    fn write(&self, x: &mut Residue, bytes: &mut [u8]) {
        let length = self.pairs.len();
        if !is_less(&x[..length], &self.pairs) {
            subtract(&mut x[..length], &self.pairs);
        }
        for (chunk, limb) in bytes.rchunks_mut(8).zip(x.as_flattened()) {
            let limb = limb.to_be_bytes();
            chunk.copy_from_slice(&limb[8 - chunk.len()..]);
        }
    }
}

impl Modulus {
    /// A constant `length` gives loops of constant length; `MAX` is the room on the stack.
    #[inline(always)]
    fn multiply_sized<const MAX: usize>(&self, x: &mut Residue, y: &Residue, length: usize) {
        let mut t = [[[0; 2]; MAX]; 2];
        let t = &mut t.as_flattened_mut()[..2 * length];
        multiply(&mut x[..length], &y[..length], &self.pairs[..length], self.negative_inverse, t);
    }

    /// As [`Self::multiply_sized`], for `x` by itself.
    #[inline(always)]
    fn square_sized<const MAX: usize>(&self, x: &mut Residue, length: usize) {
        let mut t = [[[0; 2]; MAX]; 2];
        let t = &mut t.as_flattened_mut()[..2 * length];
        square(&mut x[..length], &self.pairs[..length], self.negative_inverse, t);
    }
}

/// `x = x * y / R mod n`, below `R`; `t` is zero.
#[inline(always)]
fn multiply(x: &mut [Pair], y: &[Pair], n: &[Pair], inverse: u64, t: &mut [Pair]) {
    for (row, pair) in x.iter().enumerate() {
        t[row + y.len()] = add_rows(&mut t[row..row + y.len()], *pair, y, 0);
    }
    reduce(x, n, inverse, t);
}

/// `x = x * x / R mod n`, below `R`; `t` is zero.
#[inline(always)]
fn square(x: &mut [Pair], n: &[Pair], inverse: u64, t: &mut [Pair]) {
    let length = x.len();
    // The products of different limbs, each once: the two of a pair with each other, then both
    // with all later ones. No row has reached t[row + length] before.
    for (row, pair) in x.iter().enumerate() {
        let [low, high] = *pair;
        let sum = wide(low) * wide(high) + wide(t[2 * row][1]);
        t[2 * row][1] = sum as u64;
        let later = &x[row + 1..];
        t[row + length] = add_rows(&mut t[2 * row + 1..row + length], *pair, later, (sum >> 64) as u64);
    }
    // Doubled, with the squares added. The total is x^2 < R^2, so no carry leaves the top.
    let (mut shifted_out, mut carry) = (0, 0);
    for (pair, limb) in t.iter_mut().zip(x.as_flattened()) {
        let [low, high] = *pair;
        let square = wide(*limb) * wide(*limb);
        let sum = wide(low << 1 | shifted_out) + wide(square as u64) + wide(carry);
        pair[0] = sum as u64;
        let sum = wide(high << 1 | low >> 63) + (square >> 64) + (sum >> 64);
        pair[1] = sum as u64;
        carry = (sum >> 64) as u64;
        shifted_out = high >> 63;
    }
    reduce(x, n, inverse, t);
}

/// `x = t / R mod n`, below `R`, for `t < R^2`; two limbs of the sum are cleared at a time.
#[inline(always)]
fn reduce(x: &mut [Pair], n: &[Pair], inverse: u64, t: &mut [Pair]) {
    let length = n.len();
    let [n0, n1] = n[0];
    let mut carry = 0;
    for row in 0..length {
        // Multipliers q0, q1 such that adding q*n clears the two lowest limbs that are left.
        let [t0, t1] = t[row];
        let q0 = t0.wrapping_mul(inverse);
        let sum = wide(q0) * wide(n0) + wide(t0);
        let sum = wide(q0) * wide(n1) + wide(t1) + (sum >> 64);
        let q1 = (sum as u64).wrapping_mul(inverse);
        let [low, high] = add_rows(&mut t[row..row + length], [q0, q1], n, 0);
        let top = &mut t[row + length];
        let sum = wide(top[0]) + wide(low) + wide(carry);
        top[0] = sum as u64;
        let sum = wide(top[1]) + wide(high) + (sum >> 64);
        top[1] = sum as u64;
        carry = (sum >> 64) as u64;
    }
    x.copy_from_slice(&t[length..]);
    // (t + q*n)/R < R + n: past R, one subtraction brings it back.
    if carry != 0 {
        subtract(x, n);
    }
}

/// Adds `(f0 + f1*B) * y + carry` to `t`, with `B` = 2^64, for `t` as long as `y`: two rows at
/// once. Returns the pair above.
///
/// The pair holds all of it: the sum is at most (B^2 - 1) * (B^k - 1) + (B^k - 1) + (B - 1) for
/// `k` limbs of `y`, which is below B^(k+2).
#[inline(always)]
fn add_rows(t: &mut [Pair], [f0, f1]: Pair, y: &[Pair], carry: u64) -> Pair {
    let (mut carry0, mut carry1, mut previous) = (wide(carry), 0, 0);
    for (t, y) in t.iter_mut().zip(y) {
        // Each limb of `y` meets f0 now, and f1 one limb further up.
        let row0 = wide(f0) * wide(y[0]) + wide(t[0]) + carry0;
        let row1 = wide(f1) * wide(previous) + wide(row0 as u64) + carry1;
        t[0] = row1 as u64;
        let row0 = wide(f0) * wide(y[1]) + wide(t[1]) + (row0 >> 64);
        let row1 = wide(f1) * wide(y[0]) + wide(row0 as u64) + (row1 >> 64);
        t[1] = row1 as u64;
        carry0 = row0 >> 64;
        carry1 = row1 >> 64;
        previous = y[1];
    }
    let sum = wide(f1) * wide(previous) + carry0 + carry1;
    [sum as u64, (sum >> 64) as u64]
}

#[inline(always)]
const fn wide(limb: u64) -> u128 {
    limb as u128
}

/// `x = 2x mod n` for `x < n`.
fn double(x: &mut [Pair], n: &[Pair]) {
    let mut carry = 0;
    for limb in x.as_flattened_mut() {
        let top = *limb >> 63;
        *limb = *limb << 1 | carry;
        carry = top;
    }
    if carry == 1 || !is_less(x, n) {
        subtract(x, n);
    }
}

fn is_less(x: &[Pair], n: &[Pair]) -> bool {
    x.as_flattened().iter().rev().lt(n.as_flattened().iter().rev())
}

/// `x -= n`, where a missing carry above the top limb of `x` absorbs the last borrow.
fn subtract(x: &mut [Pair], n: &[Pair]) {
    let mut borrow = false;
    for (limb, n) in x.as_flattened_mut().iter_mut().zip(n.as_flattened()) {
        let (difference, first) = limb.overflowing_sub(*n);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        *limb = difference;
        borrow = first | second;
    }
}

/// Reads a big-endian number into limbs; `limbs` is zero and long enough.
fn read(bytes: &[u8], limbs: &mut [u64]) {
    for (limb, chunk) in limbs.iter_mut().zip(bytes.rchunks(8)) {
        *limb = chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
}

/// Pairs of a modulus of [`super::MODULUS_BITS_MAX`] bits.
const MAX_PAIRS: usize = super::MODULUS_BITS_MAX as usize / 128;
/// The size of nearly all keys in use, for which loops of fixed length are compiled.
const PAIRS_2048: usize = 2048 / 128;
