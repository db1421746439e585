//! The arithmetic of all backends against `num-bigint`; whole signatures are in `tests/it`.

extern crate std;

use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use num_bigint::BigUint;
use proptest::prelude::*;

use super::montgomery::{MontgomeryModulus, inverse_mod_word, public_power};
use super::{
    MODULUS_BITS_MAX, RsaKeyError, RsaPublicKey, backend, encoded_message, limbs13, limbs28, limbs64, roca,
};

/// All backends must agree with `num-bigint` on `base^exponent mod n`.
fn check_power(n: &BigUint, base: &BigUint, exponent: u64) {
    let expected = (base < n).then(|| base.modpow(&exponent.into(), n));
    if let Some(modulus) = in_vectors(n) {
        assert_eq!(power(&modulus, n, base, exponent), expected, "13-bit limbs");
    }
    let bytes = n.to_bytes_be();
    assert_eq!(power(&limbs28::Modulus::new(&bytes), n, base, exponent), expected, "28-bit limbs");
    assert_eq!(power(&limbs64::Modulus::new(&bytes), n, base, exponent), expected, "64-bit limbs");
}

/// Every modulus in these tests that is short enough is fit for vectors.
fn in_vectors(n: &BigUint) -> Option<limbs13::Modulus> {
    let modulus = limbs13::Modulus::new(&n.to_bytes_be());
    assert_eq!(modulus.is_some(), n.bits() <= limbs13::MODULUS_BITS_MAX as u64, "{n:x}");
    modulus
}

fn power<M: MontgomeryModulus>(modulus: &M, n: &BigUint, base: &BigUint, exponent: u64) -> Option<BigUint> {
    let mut bytes = vec![0xa5; n.to_bytes_be().len()];
    let base = base.to_bytes_be();
    if base.len() > bytes.len() {
        return None; // No signature gets this far: its length is that of the modulus.
    }
    public_power(modulus, &base, exponent, &mut bytes).then(|| BigUint::from_bytes_be(&bytes))
}

/// All backends must agree with `num-bigint` on one multiplication and one squaring.
///
/// What they compute is off by powers of their own `R`; bringing the factors into Montgomery form
/// and the result out again cancels them.
fn check_product(n: &BigUint, x: &BigUint, y: &BigUint) {
    let expected = (x * y % n, x * x % n);
    if let Some(modulus) = in_vectors(n) {
        assert_eq!(products(&modulus, n, x, y), expected, "13-bit limbs");
    }
    let bytes = n.to_bytes_be();
    assert_eq!(products(&limbs28::Modulus::new(&bytes), n, x, y), expected, "28-bit limbs");
    assert_eq!(products(&limbs64::Modulus::new(&bytes), n, x, y), expected, "64-bit limbs");
}

fn products<M: MontgomeryModulus>(modulus: &M, n: &BigUint, x: &BigUint, y: &BigUint) -> (BigUint, BigUint) {
    let one = modulus.residue(&[1]).expect("1 is below n");
    let mut bytes = vec![0xa5; n.to_bytes_be().len()];
    let mut out = |mut value: M::Residue| {
        modulus.multiply(&mut value, &one);
        modulus.write(&mut value, &mut bytes);
        BigUint::from_bytes_be(&bytes)
    };
    let into = |value: &BigUint| {
        let mut value = modulus.residue(&value.to_bytes_be()).expect("reduced by the caller");
        modulus.multiply(&mut value, modulus.r_squared());
        value
    };
    let mut product = into(x);
    modulus.multiply(&mut product, &into(y));
    let mut square = into(x);
    modulus.square(&mut square);
    (out(product), out(square))
}

/// Odd moduli of a given length that make carries run far: all ones, one bit, stripes of limbs.
fn striking_moduli(bits: u32) -> Vec<BigUint> {
    let one = BigUint::from(1_u32);
    let all_ones = (&one << bits) - &one;
    let single = (&one << (bits - 1)) + &one;
    let stripes = |width: u32| {
        (0..bits).filter(|bit| (bit / width).is_multiple_of(2)).fold(single.clone(), |n, bit| n | &one << bit)
    };
    vec![
        all_ones.clone(),
        &all_ones - (&one << 1_u32),
        &all_ones - (&one << (bits / 2)),
        single.clone(),
        &single + (&one << (bits / 2)),
        stripes(13),
        stripes(28),
        stripes(52),
        stripes(64),
        stripes(112),
    ]
}

/// Bases at the edges of a modulus, including ones that must be refused.
fn striking_bases(n: &BigUint) -> Vec<BigUint> {
    let one = BigUint::from(1_u32);
    let limbs = |bits: u32| ((&one << bits) - &one) % n;
    vec![
        BigUint::ZERO,
        one.clone(),
        n - &one,
        n.clone(),
        n + &one,
        n >> 1_u32,
        limbs(13),
        limbs(28),
        limbs(64),
        limbs(u32::try_from(n.bits()).expect("short") - 1),
    ]
}

#[test]
fn powers_at_the_edges() {
    for bits in [2048, 2049, 2050, 2056, 2072, 2128, 3072, 3500, 4096, 7140, 8130, 8192] {
        for n in striking_moduli(bits) {
            for base in striking_bases(&n) {
                check_power(&n, &base, 3);
            }
            check_power(&n, &(&n >> 1_u32), 65_537);
            check_product(&n, &(&n - 1_u32), &(&n - 1_u32));
            check_product(&n, &(&n - 1_u32), &(&n >> 1_u32));
        }
    }
}

/// Such keys do not arise by chance, but must be judged rightly, too.
#[test]
fn moduli_that_are_unfit_for_vectors() {
    let one = BigUint::from(1_u32);
    // Nearly all limbs of 13 bits are of the largest magnitude: in the modulus, or in its inverse.
    let largest = (0..157).fold(&one << 2047_u32 | &one, |n, limb| n | &one << (13 * limb + 12));
    let r = &one << 2080_u32;
    let inverse_is_largest = (0_u32..)
        .map(|i| &r - (&largest + 2 * i).modinv(&r).expect("odd"))
        .find(|n| n.bits() <= limbs13::MODULUS_BITS_MAX as u64)
        .expect("one in 256");
    for n in [largest, inverse_is_largest] {
        let bytes = n.to_bytes_be();
        assert!(limbs13::Modulus::new(&bytes).is_none());
        for base in striking_bases(&n) {
            let expected = (base < n).then(|| base.modpow(&65_537_u32.into(), &n));
            let mut opened = vec![0; bytes.len()];
            let is_opened =
                backend::Modulus::new(&bytes).public_power(&base.to_bytes_be(), 65_537, &mut opened);
            assert_eq!(is_opened.then(|| BigUint::from_bytes_be(&opened)), expected);
        }
    }
}

#[test]
fn powers_modulo_small_numbers() {
    for n in (3_u32..400).step_by(2) {
        let n = BigUint::from(n);
        for base in 0_u32..12 {
            check_power(&n, &(BigUint::from(base) % &n), 3);
            check_power(&n, &(BigUint::from(base) % &n), 65_537);
        }
    }
}

#[test]
fn every_length_in_bytes() {
    for bytes in 1..=MODULUS_BITS_MAX / 8 {
        let n = (BigUint::from(1_u32) << (8 * bytes)) - 1_u32;
        check_product(&n, &(&n - 1_u32), &(&n - 2_u32));
    }
}

#[test]
fn odd_exponents_of_every_shape() {
    let n = (BigUint::from(1_u32) << 521_u32) - 1_u32;
    let base = &n / 7_u32;
    for exponent in (3..200).step_by(2).chain([65_535, 65_537, (1 << 32) + 1, (1 << 33) - 1]) {
        check_power(&n, &base, exponent);
    }
}

/// An odd number of the given length in bits, and two numbers below it.
fn modulus_and_two() -> impl Strategy<Value = (BigUint, BigUint, BigUint)> {
    (2..=4200_u32).prop_flat_map(|bits| {
        let bytes = bits.div_ceil(8) as usize;
        let number = || proptest::collection::vec(limb_like(), bytes..=bytes);
        (number(), number(), number()).prop_map(move |(n, x, y)| {
            let one = BigUint::from(1_u32);
            let mask = (&one << bits) - &one;
            let n = BigUint::from_bytes_be(&n) & mask | &one << (bits - 1) | &one;
            let (x, y) = (BigUint::from_bytes_be(&x), BigUint::from_bytes_be(&y));
            (n.clone(), x % &n, y % &n)
        })
    })
}

/// Bytes that are all zeros or all ones far more often than chance has it, so that carries run.
fn limb_like() -> impl Strategy<Value = u8> {
    prop_oneof![Just(0x00), Just(0xff), Just(0xff), any::<u8>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn products_and_squares((n, x, y) in modulus_and_two()) {
        check_product(&n, &x, &y);
    }

    #[test]
    fn powers((n, x, _) in modulus_and_two(), half in 1_u64..1 << 32) {
        check_power(&n, &x, 3);
        check_power(&n, &x, 2 * half + 1);
    }

    #[test]
    fn word_inverse(half in any::<u64>()) {
        let n = half | 1;
        prop_assert_eq!(inverse_mod_word(n).wrapping_mul(n), 1);
    }

    #[test]
    fn construction_never_panics(
        n in proptest::collection::vec(limb_like(), 0..1100),
        e in proptest::collection::vec(limb_like(), 0..12),
        signature in proptest::collection::vec(limb_like(), 0..1100),
    ) {
        if let Ok(key) = RsaPublicKey::from_components(&n, &e) {
            prop_assert!(!key.verify_pkcs1v15_sha256(&[0; 32], &signature));
            prop_assert!(!key.verify_pkcs1v15_sha256(&[0; 32], &n));
        }
    }
}

#[test]
fn encoded_message_is_as_the_rfc_says() {
    for length in 0..62 {
        assert!(!encoded_message::fill_encoded_message(&mut vec![0; length], &[7; 32]));
    }
    let mut encoded = [0; 64];
    assert!(encoded_message::fill_encoded_message(&mut encoded, &[7; 32]));
    let expected = [
        &[0x00, 0x01][..],
        &[0xff; 10],
        &[0x00],
        b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        &[7; 32],
    ]
    .concat();
    assert_eq!(encoded[..], expected);
}

#[test]
fn roca_fingerprint_of_made_up_primes() {
    // M, the product of the primes to 167, and 2, which the real generator has too.
    let m: BigUint = (2_u32..=167).filter(|n| (2..*n).all(|d| n % d != 0)).product();
    let power = |a: u32| BigUint::from(65_537_u32).modpow(&a.into(), &m);
    let n = (&m * 12_345_678_901_u64 + power(17)) * (&m * 98_765_432_109_u64 + power(1234));
    assert!(roca::has_roca_fingerprint(&n.to_bytes_be()));
    for offset in (2_u32..200).step_by(2) {
        assert!(!roca::has_roca_fingerprint(&(&n + offset).to_bytes_be()), "{offset}");
    }
}

#[test]
fn errors_are_one_clear_sentence() {
    let errors = [
        RsaKeyError::Empty,
        RsaKeyError::ExponentInvalid,
        RsaKeyError::ModulusEven,
        RsaKeyError::ModulusTooLong { bits: 16_384 },
        RsaKeyError::ModulusTooShort { bits: 1024 },
        RsaKeyError::RocaWeak,
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.starts_with("the RSA ") && text.len() < 100, "{text}");
    }
    let text = RsaKeyError::ModulusTooShort { bits: 1024 }.to_string();
    assert_eq!(text, "the RSA modulus has 1024 bits, fewer than the 2048 required");
}

#[test]
fn debug_of_a_key_is_short() {
    let n = [0xff; 1024];
    let key = RsaPublicKey::from_components(&n, &[1, 0, 1]).expect("odd and of fair length");
    assert_eq!(format!("{key:?}"), "RsaPublicKey { modulus_bits: 8192, exponent: 65537, .. }");
}
