//! Montgomery arithmetic on 13-bit limbs in vectors, for WebAssembly with `simd128`.
//!
//! The widest multiplication that WebAssembly's vectors have, and that engines compile to a single
//! instruction, is of eight 16-bit numbers, adding neighbours. With limbs of 13 bits and a sign, of
//! at most 2^12, a 32-bit lane takes more than a hundred products, so carries are put off.
//!
//! Nothing waits for carries to ripple: a limb may exceed its range by what was carried into it, and
//! the reduction is one product taken modulo R, and another modulo R - 1. `columns` has the products
//! and `reduction` the reduction.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "limb arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below a fixed length"
)]

mod columns;
mod lanes;
mod reduction;
#[cfg(test)]
mod tests;
mod words;

use alloc::boxed::Box;
use core::array;

use self::columns::{Carries, Columns, Limbs, Table, constant, pairs, table};
use self::lanes::Lanes;
use self::reduction::Circulants;
use self::words::Words;
use super::montgomery::{MontgomeryModulus, inverse_mod_word};

/// A residue above `-n` and below `n`.
#[derive(Clone)]
pub(super) struct Residue(Limbs);

/// A modulus of at most [`MODULUS_BITS_MAX`] bits.
#[derive(Clone)]
pub(super) struct Modulus(Box<Constants>);

#[derive(Clone)]
struct Constants {
    n: Words,
    n_circulants: Circulants,
    /// `-1/n mod R`.
    negative_inverse: Table,
    r_squared: Residue,
}

impl Modulus {
    /// As the other backends', if the modulus is short enough and the limbs of its inverse are
    /// within their bound, as they are but for one modulus in 10^27.
    pub(super) fn new(modulus: &[u8]) -> Option<Self> {
        if 8 * modulus.len() > MODULUS_BITS_MAX {
            return None;
        }
        let n = words::read(modulus);
        let mut this = Self(Box::new(Constants {
            n,
            n_circulants: Circulants::new(divided(&n, 1), divided(&n, 2)),
            negative_inverse: negative_inverse(&n)?,
            r_squared: Residue([Lanes::ZERO; VECTORS]),
        }));

        // 2^s R mod n with s*2^k = log2 R, from the largest power of two below n by doubling.
        // Squaring k times in Montgomery form then gives 2^(s*2^k) R = R^2.
        let top = 8 * modulus.len() - modulus[0].leading_zeros() as usize - 1;
        let mut x = [0; words::LENGTH];
        x[top / 32] = 1 << (top % 32);
        let squarings = R_BITS.trailing_zeros();
        for _ in 0..(R_BITS >> squarings) + R_BITS - top {
            words::double(&mut x, &n);
        }
        let mut r_squared = Residue(limbs(&x));
        for _ in 0..squarings {
            this.square(&mut r_squared);
        }
        this.0.r_squared = r_squared;
        Some(this)
    }

    /// `x = columns / R mod n`, where the columns are a product of residues.
    ///
    /// With `q` short of `0.52 R` in magnitude, because its limbs are, and R above `256 n`, the
    /// result is short of `(n^2 + 0.52 R n) / R`, hence of `n`, in magnitude.
    #[inline(never)]
    fn reduce(&self, x: &mut Residue, columns: &Columns) {
        reduction::reduce(&mut x.0, columns, &self.0.negative_inverse, &self.0.n_circulants);
    }
}

impl MontgomeryModulus for Modulus {
    type Residue = Residue;

    fn r_squared(&self) -> &Residue {
        &self.0.r_squared
    }

    fn residue(&self, bytes: &[u8]) -> Option<Residue> {
        let x = words::read(bytes);
        words::is_less(&x, &self.0.n).then(|| Residue(limbs(&x)))
    }

    fn multiply(&self, x: &mut Residue, y: &Residue) {
        let columns = columns::product(&pairs(&x.0), &table(&y.0));
        self.reduce(x, &columns);
    }

    fn square(&self, x: &mut Residue) {
        let columns = columns::square(&pairs(&x.0), &table(&x.0));
        self.reduce(x, &columns);
    }

    fn write(&self, x: &mut Residue, bytes: &mut [u8]) {
        words::write(&canonical(x, &self.0.n), bytes);
    }
}

/// `-1/n mod R` by Newton's iteration, which doubles the number of right bits.
fn negative_inverse(n: &Words) -> Option<Table> {
    let word = u64::from(n[0]) | u64::from(n[1]) << 32;
    let mut x = limbs(&words::read(&inverse_mod_word(word).wrapping_neg().to_be_bytes()));
    let n = constant(&limbs(n))?;
    let mut right = 64;
    while right < R_BITS {
        // x = x * (2 + n*x)
        let mut factor = product(&x, &n);
        factor[0] = factor[0] + Lanes::new([2, 0, 0, 0]);
        x = product(&factor, &constant(&x)?);
        right *= 2;
    }
    constant(&x)
}

/// `x * y mod R`.
fn product(x: &Limbs, y: &Table) -> Limbs {
    let mut limbs = [Lanes::ZERO; VECTORS];
    columns::low_product(&mut limbs, &pairs(x), y);
    let mut carries = Carries::new();
    limbs.map(|column| carries.carry(column))
}

/// `x / 2^bits` modulo `R - 1`, for one bit or two.
fn divided(x: &Words, bits: u32) -> Limbs {
    let shifted = array::from_fn(|i| x[i] >> bits | x.get(i + 1).unwrap_or(&0) << (32 - bits));
    let mut limbs = limbs(&shifted);
    // The bits that go out below come in above, since R is 1.
    let out = x[0] & ((1 << bits) - 1);
    limbs[VECTORS - 1] = limbs[VECTORS - 1] + Lanes::new([0, 0, 0, (out << (LIMB_BITS - bits)) as i32]);
    limbs
}

/// The limbs, from -2^12 to 2^12, of a number below R / 2.
fn limbs(words: &Words) -> Limbs {
    let mut words = words.iter();
    let (mut window, mut bits, mut carry) = (0_u64, 0, 0);
    let mut limb = || {
        if bits < LIMB_BITS {
            window |= u64::from(words.next().copied().unwrap_or(0)) << bits;
            bits += 32;
        }
        let limb = (window & ((1 << LIMB_BITS) - 1)) as i32 + carry;
        window >>= LIMB_BITS;
        bits -= LIMB_BITS;
        carry = i32::from(limb > 1 << (LIMB_BITS - 1));
        limb - (carry << LIMB_BITS)
    };
    [(); VECTORS].map(|()| Lanes::new([(); 4].map(|()| limb())))
}

/// The residue `x` from 0 on and below `n`.
fn canonical(x: &Residue, n: &Words) -> Words {
    let limbs = x.0.map(Lanes::to_array);
    let mut limbs = limbs.as_flattened().iter();
    let mut words = [0; words::LENGTH];
    let (mut window, mut bits) = (0_i64, 0);
    for word in &mut words {
        while bits < 32 {
            window += i64::from(limbs.next().copied().unwrap_or(0)) << bits;
            bits += LIMB_BITS;
        }
        *word = window as u32;
        window >>= 32;
        bits -= 32;
    }
    if window < 0 {
        words::add(&mut words, n);
    }
    words
}

const LIMB_BITS: u32 = 13;
/// Vectors of four limbs.
const VECTORS: usize = 40;
/// R is 2 to this power.
const R_BITS: usize = 4 * VECTORS * LIMB_BITS as usize;
/// So that R exceeds `256 n`. Longer keys are rare.
pub(super) const MODULUS_BITS_MAX: usize = R_BITS - 8;
