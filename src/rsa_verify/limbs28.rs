//! Montgomery arithmetic on 28-bit limbs, for targets without a 64x64 to 128-bit multiplication.
//!
//! WebAssembly multiplies 64 by 64 bits and keeps the low 64. Two 28-bit limbs give a product
//! below 2^56, so a 64-bit column can take 256 products before it overflows: carries are put off
//! until a whole multiplication and reduction are done.
//!
//! Limbs come in blocks of five, and the one inner loop ([`add_rows`]) adds five rows of the
//! schoolbook product at once, so that each column is loaded and stored once per five products.

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

/// Five limbs, least significant first, each below 2^28.
type Block = [u32; 5];
/// Five columns of a sum of products, each short of 2^64.
type Columns = [u64; 5];

/// A residue below `2n`; blocks beyond the length of the modulus are zero.
pub(super) type Residue = [Block; MAX_BLOCKS];

/// A modulus of any length up to 8192 bits.
#[derive(Clone)]
pub(super) struct Modulus {
    /// `n`, padded so that `R`, which is 2^140 to the power of the number of blocks, exceeds `4n`.
    blocks: Box<[Block]>,
    /// `-1/n mod 2^28`.
    negative_inverse: u64,
    r_squared: Box<Residue>,
}

impl Modulus {
    /// Prepares an odd modulus above 1, big-endian without leading zeros, of at most 8192 bits.
    pub(super) fn new(modulus: &[u8]) -> Self {
        let bits = bit_length(modulus);
        // Two spare bits, so that R > 4n: then x, y < 2n give
        // (x*y + q*n)/R < (4n^2 + R*n)/R < 2n, and no multiplication needs a final subtraction.
        let length = (bits + 2).div_ceil(BLOCK_BITS);
        let mut n = [[0; 5]; MAX_BLOCKS];
        read(modulus, n.as_flattened_mut());
        let blocks = Vec::from(&n[..length]).into_boxed_slice();

        // 2^s R mod n with s*2^k = log2 R, from the largest power of two below n by doubling.
        // Squaring k times in Montgomery form then gives 2^(s*2^k) R = R^2.
        let mut x = [[0; 5]; MAX_BLOCKS];
        x.as_flattened_mut()[(bits - 1) / LIMB_BITS] = 1 << ((bits - 1) % LIMB_BITS);
        let r_bits = length * BLOCK_BITS;
        let squarings = r_bits.trailing_zeros();
        let doublings = (r_bits >> squarings) + r_bits - (bits - 1);
        for _ in 0..doublings {
            double(&mut x[..length], &blocks);
        }

        let mut this = Self {
            negative_inverse: inverse_mod_word(u64::from(n[0][0])).wrapping_neg() & LIMB_MASK,
            blocks,
            r_squared: Box::new([[0; 5]; MAX_BLOCKS]),
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
        let mut x = [[0; 5]; MAX_BLOCKS];
        read(bytes, x.as_flattened_mut());
        is_less(&x[..self.blocks.len()], &self.blocks).then_some(x)
    }

    fn multiply(&self, x: &mut Residue, y: &Residue) {
        match self.blocks.len() {
            BLOCKS_2048 if FIXED_LENGTH => self.multiply_sized::<BLOCKS_2048>(x, y, BLOCKS_2048),
            length => self.multiply_sized::<MAX_BLOCKS>(x, y, length),
        }
    }

    fn square(&self, x: &mut Residue) {
        match self.blocks.len() {
            BLOCKS_2048 if FIXED_LENGTH => self.square_sized::<BLOCKS_2048>(x, BLOCKS_2048),
            _ if !FIXED_LENGTH => {
                let y = *x;
                self.multiply(x, &y);
            }
            length => self.square_sized::<MAX_BLOCKS>(x, length),
        }
    }

    fn write(&self, x: &mut Residue, bytes: &mut [u8]) {
        let length = self.blocks.len();
        if !is_less(&x[..length], &self.blocks) {
            subtract(&mut x[..length], &self.blocks);
        }
        write(x.as_flattened(), bytes);
    }
}

impl Modulus {
    /// A constant `length` gives loops of constant length; `MAX` is the room on the stack.
    #[inline(always)]
    fn multiply_sized<const MAX: usize>(&self, x: &mut Residue, y: &Residue, length: usize) {
        let mut columns = [[[0; 5]; MAX]; 2];
        let columns = &mut columns.as_flattened_mut()[..2 * length];
        multiply(&mut x[..length], &y[..length], &self.blocks[..length], self.negative_inverse, columns);
    }

    /// As [`Self::multiply_sized`], for `x` by itself.
    #[inline(always)]
    fn square_sized<const MAX: usize>(&self, x: &mut Residue, length: usize) {
        let mut columns = [[[0; 5]; MAX]; 2];
        let columns = &mut columns.as_flattened_mut()[..2 * length];
        square(&mut x[..length], &self.blocks[..length], self.negative_inverse, columns);
    }
}

/// `x = x * y / R mod n`, below `2n`.
#[inline(always)]
fn multiply(x: &mut [Block], y: &[Block], n: &[Block], inverse: u64, columns: &mut [Columns]) {
    let sweeps = needs_sweeps(n.len());
    for (row, block) in x.iter().enumerate() {
        if sweeps && row % ROWS_PER_SWEEP == 0 {
            sweep(columns);
        }
        add_rows(&mut columns[row..], block.map(u64::from), y);
    }
    reduce(x, n, inverse, columns);
}

/// `x = x * x / R mod n`, below `2n`.
#[inline(always)]
fn square(x: &mut [Block], n: &[Block], inverse: u64, columns: &mut [Columns]) {
    let sweeps = needs_sweeps(n.len());
    for (row, block) in x.iter().enumerate() {
        if sweeps && row % ROWS_PER_SWEEP == 0 {
            sweep(columns);
        }
        // The block with itself.
        let [a0, a1, a2, a3, a4] = block.map(u64::from);
        let diagonal = &mut columns[2 * row..2 * row + 2];
        diagonal[0][0] += a0 * a0;
        diagonal[0][1] += 2 * (a0 * a1);
        diagonal[0][2] += 2 * (a0 * a2) + a1 * a1;
        diagonal[0][3] += 2 * (a0 * a3 + a1 * a2);
        diagonal[0][4] += 2 * (a0 * a4 + a1 * a3) + a2 * a2;
        diagonal[1][0] += 2 * (a1 * a4 + a2 * a3);
        diagonal[1][1] += 2 * (a2 * a4) + a3 * a3;
        diagonal[1][2] += 2 * (a3 * a4);
        diagonal[1][3] += a4 * a4;
        add_rows(&mut columns[2 * row + 1..], [2 * a0, 2 * a1, 2 * a2, 2 * a3, 2 * a4], &x[row + 1..]);
    }
    reduce(x, n, inverse, columns);
}

/// `x = columns / R mod n`, below `2n`; five limbs of the sum are cleared at a time.
#[inline(always)]
fn reduce(x: &mut [Block], n: &[Block], inverse: u64, columns: &mut [Columns]) {
    let length = n.len();
    let sweeps = needs_sweeps(length);
    let [n0, n1, n2, n3, n4] = n[0].map(u64::from);
    for row in 0..length {
        if sweeps && row % ROWS_PER_SWEEP == 0 {
            sweep(&mut columns[row..]);
        }
        // Multipliers q0..q4 such that adding q*n clears the five lowest limbs that are left. Each
        // t is part of what its column is about to hold, so the bound on columns covers it.
        let [t0, t1, t2, t3, t4] = columns[row];
        let q0 = t0.wrapping_mul(inverse) & LIMB_MASK;
        let c = (t0 + q0 * n0) >> LIMB_BITS;
        let t1 = t1 + q0 * n1 + c;
        let q1 = t1.wrapping_mul(inverse) & LIMB_MASK;
        let c = (t1 + q1 * n0) >> LIMB_BITS;
        let t2 = t2 + q0 * n2 + q1 * n1 + c;
        let q2 = t2.wrapping_mul(inverse) & LIMB_MASK;
        let c = (t2 + q2 * n0) >> LIMB_BITS;
        let t3 = t3 + q0 * n3 + q1 * n2 + q2 * n1 + c;
        let q3 = t3.wrapping_mul(inverse) & LIMB_MASK;
        let c = (t3 + q3 * n0) >> LIMB_BITS;
        let t4 = t4 + q0 * n4 + q1 * n3 + q2 * n2 + q3 * n1 + c;
        let q4 = t4.wrapping_mul(inverse) & LIMB_MASK;
        let c = (t4 + q4 * n0) >> LIMB_BITS;
        add_rows(&mut columns[row..], [q0, q1, q2, q3, q4], n);
        // What these columns still hold is c times 2^140; they are not looked at again.
        columns[row + 1][0] += c;
    }
    carry_out(x, &columns[length..]);
}

/// Adds five rows at once, `d` times `y`, to the columns, of which there is a block more than of
/// `y` unless `y` is empty.
///
/// Each column grows by at most five products.
#[inline(always)]
fn add_rows(columns: &mut [Columns], [d0, d1, d2, d3, d4]: [u64; 5], y: &[Block]) {
    // What the next four columns have received so far.
    let (mut p0, mut p1, mut p2, mut p3) = (0, 0, 0, 0);
    for (column, block) in columns.iter_mut().zip(y) {
        for (c, y) in column.iter_mut().zip(block) {
            let y = u64::from(*y);
            *c += p0 + d0 * y;
            p0 = p1 + d1 * y;
            p1 = p2 + d2 * y;
            p2 = p3 + d3 * y;
            p3 = d4 * y;
        }
    }
    if let Some(column) = columns.get_mut(y.len()) {
        column[0] += p0;
        column[1] += p1;
        column[2] += p2;
        column[3] += p3;
    }
}

/// Whether the columns could overflow if carries were put off to the very end.
///
/// A column of a product of `l` limbs by `l` is a sum of at most `l` products below 2^56, and the
/// reduction adds as many again and small carries: below 2^64 as long as `2l <= 255`.
#[inline(always)]
const fn needs_sweeps(blocks: usize) -> bool {
    2 * 5 * blocks > 255
}

/// Carries through all columns, leaving each but the last below 2^28.
fn sweep(columns: &mut [Columns]) {
    let mut carry = 0;
    for column in columns.as_flattened_mut() {
        *column += carry;
        carry = *column >> LIMB_BITS;
        *column &= LIMB_MASK;
    }
    debug_assert_eq!(carry, 0);
}

/// Turns columns into limbs. The value is below `2n`, so nothing is carried out of the top.
#[inline(always)]
fn carry_out(x: &mut [Block], columns: &[Columns]) {
    let mut carry = 0;
    for (limb, column) in x.as_flattened_mut().iter_mut().zip(columns.as_flattened()) {
        let sum = column + carry;
        *limb = (sum & LIMB_MASK) as u32;
        carry = sum >> LIMB_BITS;
    }
    debug_assert_eq!(carry, 0);
}

/// `x = 2x mod n` for `x < n`.
fn double(x: &mut [Block], n: &[Block]) {
    let mut carry = 0;
    for limb in x.as_flattened_mut() {
        let sum = 2 * *limb + carry;
        *limb = sum & LIMB_MASK as u32;
        carry = sum >> LIMB_BITS;
    }
    if !is_less(x, n) {
        subtract(x, n);
    }
}

fn is_less(x: &[Block], n: &[Block]) -> bool {
    x.as_flattened().iter().rev().lt(n.as_flattened().iter().rev())
}

/// `x -= n` for `x >= n`.
fn subtract(x: &mut [Block], n: &[Block]) {
    let mut borrow = 0;
    for (limb, n) in x.as_flattened_mut().iter_mut().zip(n.as_flattened()) {
        // Both are below 2^28, so a negative difference shows in the top bit.
        let difference = limb.wrapping_sub(*n).wrapping_sub(borrow);
        borrow = difference >> 31;
        *limb = difference & LIMB_MASK as u32;
    }
}

fn bit_length(bytes: &[u8]) -> usize {
    8 * bytes.len() - bytes.first().map_or(0, |byte| byte.leading_zeros() as usize)
}

/// Reads a big-endian number into 28-bit limbs; `limbs` is zero and long enough.
fn read(bytes: &[u8], limbs: &mut [u32]) {
    let (mut window, mut bits) = (0_u64, 0);
    let mut limbs = limbs.iter_mut();
    for byte in bytes.iter().rev() {
        window |= u64::from(*byte) << bits;
        bits += 8;
        if bits >= LIMB_BITS {
            if let Some(limb) = limbs.next() {
                *limb = (window & LIMB_MASK) as u32;
            }
            window >>= LIMB_BITS;
            bits -= LIMB_BITS;
        }
    }
    if let Some(limb) = limbs.next() {
        *limb = window as u32;
    }
}

/// Writes 28-bit limbs as a big-endian number that fills `bytes`.
fn write(limbs: &[u32], bytes: &mut [u8]) {
    let (mut window, mut bits) = (0_u64, 0);
    let mut limbs = limbs.iter();
    for byte in bytes.iter_mut().rev() {
        if bits < 8 {
            window |= u64::from(limbs.next().copied().unwrap_or(0)) << bits;
            bits += LIMB_BITS;
        }
        *byte = window as u8;
        window >>= 8;
        bits -= 8;
    }
}

const LIMB_BITS: usize = 28;
const LIMB_MASK: u64 = (1 << LIMB_BITS) - 1;
const BLOCK_BITS: usize = 5 * LIMB_BITS;
/// Blocks of a modulus of [`super::MODULUS_BITS_MAX`] bits and the two spare bits.
const MAX_BLOCKS: usize = (super::MODULUS_BITS_MAX as usize + 2).div_ceil(BLOCK_BITS);
/// The size of nearly all keys in use, for which loops of fixed length are compiled.
const BLOCKS_2048: usize = (2048 + 2_usize).div_ceil(BLOCK_BITS);
/// Whether they are: not where vectors do them, and what is left are so few keys that a square may
/// be one more product.
const FIXED_LENGTH: bool = !cfg!(all(target_family = "wasm", target_feature = "simd128"));
/// Between sweeps, 10 blocks of five rows add at most 50 products below 2^56 to a column, or 100
/// in a square, where each mixed product counts double: below 2^63, onto a swept column below 2^28.
const ROWS_PER_SWEEP: usize = 10;
