//! base64url without padding (RFC 7515 section 2), in its one canonical spelling.
//!
//! Padding, white space, the standard alphabet, impossible lengths and unused bits that are not zero
//! are all refused: a second spelling of a signature would be a second name for one token.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The digits in the order of their values (RFC 4648 section 5).
const DIGITS: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Stands in [`VALUES`] for what is no digit; no value has its highest bit.
const NO_DIGIT: u8 = 0xff;

/// The value of every byte as a digit.
static VALUES: [u8; 256] = values();

#[allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "computed by the compiler, which stops at any of them"
)]
const fn values() -> [u8; 256] {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < DIGITS.len() {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
}

/// Decodes canonical, unpadded base64url.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    let mut bytes = vec![0; decoded_length(text.len())?];
    let (triples, last) = bytes.as_chunks_mut::<3>();
    // One look at the end is enough, and the loop runs without leaving.
    let mut seen = 0;
    for (triple, group) in triples.iter_mut().zip(groups) {
        let values = group.map(value);
        seen |= values.into_iter().fold(0, |seen, value| seen | value);
        *triple = octets(values);
    }
    let [a, b, c] = match *rest {
        [a, b] => [value(a), value(b), 0],
        [a, b, c] => [a, b, c].map(value),
        _ => [0; 3],
    };
    let [first, second, unused] = octets([a, b, c, 0]);
    let unused = match last {
        [only] => {
            *only = first;
            second | unused
        }
        [one, other] => {
            (*one, *other) = (first, second);
            unused
        }
        _ => 0,
    };
    ((seen | a | b | c) & 0x80 == 0 && unused == 0).then_some(bytes)
}

/// Encodes bytes as unpadded base64url.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for triple in bytes.chunks(3) {
        let octet = |at| triple.get(at).copied().unwrap_or(0);
        let [x, y, z] = [octet(0), octet(1), octet(2)];
        let values = [x >> 2, x << 4 | y >> 4, y << 2 | z >> 6, z];
        let digits = values.into_iter().take(triple.len().saturating_add(1));
        text.extend(digits.filter_map(|value| DIGITS.get(usize::from(value & 63)).copied().map(char::from)));
    }
    text
}

/// How many bytes so many digits stand for; no number of bytes needs one digit more than a multiple of
/// four.
fn decoded_length(digits: usize) -> Option<usize> {
    let rest = match digits % 4 {
        0 => 0,
        1 => return None,
        2 => 1,
        _ => 2,
    };
    (digits / 4).checked_mul(3)?.checked_add(rest)
}

fn value(digit: u8) -> u8 {
    VALUES.get(usize::from(digit)).copied().unwrap_or(NO_DIGIT)
}

/// The 24 bits of four values, in bytes.
const fn octets([a, b, c, d]: [u8; 4]) -> [u8; 3] {
    [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
}

#[cfg(test)]
mod tests;
