//! Numbers of 256 bits.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "word arithmetic: the bound that keeps each sum in range is stated beside it, \
              and every index is below the constant number of words"
)]

/// A number below 2^256 in words of 32 bits, least significant first.
pub(super) type Number = [u32; 8];

pub(super) const ZERO: Number = [0; 8];
pub(super) const ONE: Number = [1, 0, 0, 0, 0, 0, 0, 0];

/// A number as the standards print it, its most significant word first.
pub(super) const fn printed(words: [u32; 8]) -> Number {
    let [a, b, c, d, e, f, g, h] = words;
    [h, g, f, e, d, c, b, a]
}

#[inline(never)]
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

#[inline(never)]
pub(super) fn is_less(x: &Number, y: &Number) -> bool {
    x.iter().rev().lt(y.iter().rev())
}

/// `x + y`, and whether 2^256 was carried out of it.
#[inline(never)]
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
#[inline(never)]
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

/// Nine limbs of 29 bits, least significant first. The last one has the sign, the others are below 2^29.
pub(super) type Limbs = [i32; LIMBS];

pub(super) const LIMBS: usize = 9;
pub(super) const LIMB_BITS: usize = 29;
pub(super) const LIMB_MASK: i32 = (1 << LIMB_BITS) - 1;

#[inline(never)]
pub(super) const fn limbs(number: &Number) -> Limbs {
    let (mut limbs, mut at) = ([0; LIMBS], 0);
    while at < LIMBS {
        // A limb lies within two words.
        let (word, bit) = (at * LIMB_BITS / 32, at * LIMB_BITS % 32);
        let above = if word + 1 < number.len() { number[word + 1] } else { 0 };
        let window = number[word] as u64 | (above as u64) << 32;
        limbs[at] = (window >> bit) as i32 & LIMB_MASK;
        at += 1;
    }
    limbs
}

/// The words of limbs that hold a number below 2^256.
#[inline(never)]
pub(super) fn words(limbs: &Limbs) -> Number {
    let mut number = ZERO;
    for (at, limb) in limbs.iter().enumerate() {
        let (word, bit) = (at * LIMB_BITS / 32, at * LIMB_BITS % 32);
        let window = (*limb as u64) << bit;
        number[word] |= window as u32;
        if word + 1 < number.len() {
            number[word + 1] |= (window >> 32) as u32;
        }
    }
    number
}
