//! The arithmetic of both backends against `num-bigint` and the `p256` crate; Wycheproof's vectors are in
//! `tests/it`.

mod division;
mod field;
mod intervals;
mod points;
mod signatures;

use alloc::vec::Vec;

use num_bigint::BigUint;
use proptest::prelude::*;

use super::number::{self, Number};

fn big(number: &Number) -> BigUint {
    BigUint::from_bytes_be(&number::to_big_endian(number))
}

/// A number below 2^256.
fn small(big: &BigUint) -> Number {
    let bytes = big.to_bytes_be();
    let mut padded = [0; 32];
    padded[32 - bytes.len()..].copy_from_slice(&bytes);
    number::from_big_endian(&padded)
}

/// Numbers below 2^256 at the edges of a modulus, and such as make carries run through all limbs.
fn striking_numbers(modulus: &BigUint) -> Vec<BigUint> {
    let one = BigUint::from(1_u32);
    let ones = |bits: u32| (&one << bits) - &one;
    let stripes = |width: u32| {
        (0..256).filter(|bit| (bit / width).is_multiple_of(2)).fold(BigUint::ZERO, |n, bit| n | &one << bit)
    };
    let mut numbers = Vec::from([1_u32, 2, 3, 4].map(|offset| modulus - offset));
    numbers.extend([0_u32, 1, 2, 3].map(BigUint::from));
    numbers.extend([modulus >> 1_u32, (modulus >> 1_u32) + 1_u32, modulus.clone(), modulus + 1_u32]);
    numbers.extend([28, 29, 32, 58, 64, 87, 96, 128, 192, 224, 232, 255, 256].map(ones));
    numbers.extend([28_u32, 29, 32, 64, 96, 192, 224, 232, 255].map(|bit| &one << bit));
    numbers.extend([29, 32, 64].map(stripes));
    numbers.extend([29, 32, 64].map(|width| ones(256) - stripes(width)));
    numbers
}

/// Bytes that are all zeros or all ones far more often than chance has it, so that carries run.
fn limb_like() -> impl Strategy<Value = u8> {
    prop_oneof![Just(0x00), Just(0xff), Just(0xff), any::<u8>()]
}

fn any_number() -> impl Strategy<Value = BigUint> {
    prop_oneof![
        proptest::collection::vec(limb_like(), 32).prop_map(|bytes| BigUint::from_bytes_be(&bytes)),
        any::<[u8; 32]>().prop_map(|bytes| BigUint::from_bytes_be(&bytes)),
    ]
}
