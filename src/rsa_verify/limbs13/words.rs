//! Numbers in 32-bit words, least significant first, to which the limbs are turned at both ends.

/// As many words as the limbs have bits for.
pub(super) type Words = [u32; LENGTH];

pub(super) const LENGTH: usize = super::R_BITS / 32;

/// Reads a big-endian number, which is not too long.
pub(super) fn read(bytes: &[u8]) -> Words {
    let mut words = [0; LENGTH];
    for (word, chunk) in words.iter_mut().zip(bytes.rchunks(4)) {
        *word = chunk.iter().fold(0, |value, byte| value << 8 | u32::from(*byte));
    }
    words
}

/// Writes a big-endian number that fills `bytes`.
pub(super) fn write(words: &Words, bytes: &mut [u8]) {
    for (chunk, word) in bytes.rchunks_mut(4).zip(words) {
        for (byte, value) in chunk.iter_mut().rev().zip(word.to_le_bytes()) {
            *byte = value;
        }
    }
}

pub(super) fn is_less(x: &Words, y: &Words) -> bool {
    x.iter().rev().lt(y.iter().rev())
}

/// `x += y` modulo 2 to the power of the length.
pub(super) fn add(x: &mut Words, y: &Words) {
    let mut carry = false;
    for (x, y) in x.iter_mut().zip(y) {
        (*x, carry) = x.carrying_add(*y, carry);
    }
}

/// `x = 2x mod n` for `x < n`, where `2n` still fits.
pub(super) fn double(x: &mut Words, n: &Words) {
    let y = *x;
    add(x, &y);
    if !is_less(x, n) {
        let mut borrow = false;
        for (x, n) in x.iter_mut().zip(n) {
            (*x, borrow) = x.borrowing_sub(*n, borrow);
        }
    }
}
