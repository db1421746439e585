use alloc::format;
use alloc::vec::Vec;

use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{FieldBytes, ProjectivePoint, Scalar};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::super::comb::Comb;
use super::super::field::{FieldElement, P};
use super::super::number;
use super::super::point::Affine;
use super::super::{self as es256_verify, P256PublicKey, limbs29, limbs64};
use super::{big, small};

/// The order of the curve's group.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn signing_key(seed: u32) -> SigningKey {
    SigningKey::from_slice(&Sha256::digest(seed.to_be_bytes())).expect("a private number")
}

fn public_key(key: &SigningKey) -> P256PublicKey {
    P256PublicKey::from_sec1(key.verifying_key().to_sec1_point(false).as_bytes()).expect("a key")
}

/// Ours must say what the `p256` crate says.
fn check(key: &SigningKey, digest: &[u8; 32], signature: &[u8]) -> bool {
    check_public(key.verifying_key(), digest, signature)
}

fn check_public(key: &VerifyingKey, digest: &[u8; 32], signature: &[u8]) -> bool {
    let theirs = Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok());
    let key = P256PublicKey::from_sec1(key.to_sec1_point(false).as_bytes()).expect("a key");
    let ours = key.verify(digest, signature);
    assert_eq!(ours, theirs, "{signature:02x?}");
    assert_eq!(verify::<limbs29::Element>(&key, digest, signature), theirs, "29-bit limbs: {signature:02x?}");
    assert_eq!(verify::<limbs64::Element>(&key, digest, signature), theirs, "64-bit limbs: {signature:02x?}");
    ours
}

fn verify<F: FieldElement>(key: &P256PublicKey, digest: &[u8; 32], signature: &[u8]) -> bool {
    let [x, y] = key.coordinates;
    let point = Affine::<F>::new(&x, &y).expect("on the curve");
    es256_verify::verify(&Comb::new(Affine::generator()), &Comb::new(point), digest, signature)
}

fn low_number(low: u8) -> [u8; 32] {
    let mut number = [0; 32];
    number[31] = low;
    number
}

fn order_plus(offset: i16) -> [u8; 32] {
    let mut number = ORDER;
    number[31] = u8::try_from(i16::from(number[31]) + offset).expect("no carry");
    number
}

#[test]
fn honest_signatures_and_their_mirror_image_are_accepted() {
    for seed in 0..20 {
        let key = signing_key(seed);
        let digest: [u8; 32] = Sha256::digest(format!("message {seed}")).into();
        let signature: Signature = key.sign_prehash(&digest).expect("signs");
        let (r, s) = signature.split_scalars();
        let mirrored = Signature::from_scalars(r, -s).expect("in range");
        for signature in [signature, mirrored] {
            assert!(check(&key, &digest, &signature.to_bytes()));
            for at in (0..64).step_by(7) {
                let mut bytes: Vec<u8> = signature.to_bytes().to_vec();
                bytes[at] ^= 1 << (at % 8);
                assert!(!check(&key, &digest, &bytes));
            }
            assert!(!check(&signing_key(seed + 1), &digest, &signature.to_bytes()));
        }
    }
}

#[test]
fn striking_digests_are_signed_and_verified() {
    for digest in [[0; 32], low_number(1), ORDER, order_plus(-1), order_plus(1), [0xff; 32]] {
        let key = signing_key(7);
        let signature: Signature = key.sign_prehash(&digest).expect("signs");
        assert!(check(&key, &digest, &signature.to_bytes()));
    }
}

#[test]
fn striking_numbers_are_no_signature() {
    let numbers =
        [low_number(0), low_number(1), low_number(2), order_plus(-1), ORDER, order_plus(1), [0xff; 32]];
    for digest in [[0; 32], [0xff; 32], <[u8; 32]>::from(Sha256::digest("message"))] {
        for r in numbers {
            for s in numbers {
                assert!(!check(&signing_key(1), &digest, &[r, s].concat()));
            }
        }
    }
}

/// A number modulo the order, as a scalar of the crate.
fn scalar(number: &[u8; 32]) -> Scalar {
    <Scalar as Reduce<FieldBytes>>::reduce(&FieldBytes::from(*number))
}

/// A key with which `r` and `s` would sign the digest if the point of this x were one of that `r`:
/// (s * point - z * G) / r.
fn key_for(x: &BigUint, r: &[u8; 32], s: &[u8; 32], digest: &[u8; 32]) -> Option<VerifyingKey> {
    let mut compressed = [2; 33];
    compressed[1..].copy_from_slice(&bytes(x));
    let point = p256::PublicKey::from_sec1_bytes(&compressed).ok()?.to_projective();
    let sum = point * scalar(s) - ProjectivePoint::GENERATOR * scalar(digest);
    let inverse = scalar(r).invert().expect("not zero");
    Some(VerifyingKey::from_affine((sum * inverse).to_affine()).expect("a key"))
}

fn bytes(number: &BigUint) -> [u8; 32] {
    number::to_big_endian(&small(number))
}

#[test]
fn x_of_the_sum_is_taken_modulo_the_order_and_not_the_field() {
    let (order, p) = (BigUint::from_bytes_be(&ORDER), big(&P));
    let (digest, s, mut tried) = ([0x5a; 32], low_number(7), [0; 2]);
    for low in 1..60_u8 {
        // x = r + n, which is below p.
        if let Some(key) = key_for(&(&order + low), &low_number(low), &s, &digest) {
            assert!(check_public(&key, &digest, &[low_number(low), s].concat()));
            assert!(!check_public(&key, &digest, &[low_number(low + 1), s].concat()));
            // Neither number may be spelled in another way.
            assert!(!check_public(&key, &digest, &[bytes(&(&order + low)), s].concat()));
            assert!(!check_public(&key, &digest, &[low_number(low), bytes(&(&order + 7_u32))].concat()));
            tried[0] += 1;
        }
        // x = r + n - p, which is not the same modulo n.
        let x = BigUint::from(low);
        let r = bytes(&(&x + &p - &order));
        if let Some(key) = key_for(&x, &r, &s, &digest) {
            assert!(!check_public(&key, &digest, &[r, s].concat()));
            tried[1] += 1;
        }
    }
    assert!(tried.iter().all(|count| *count > 10));
}

#[test]
fn both_parts_of_the_sum_may_be_the_same_point_or_cancel() {
    for (seed, k) in [(1, 5), (2, 1), (3, 250)] {
        let key = signing_key(seed);
        let d = *key.as_nonzero_scalar();
        let r: [u8; 32] = (ProjectivePoint::GENERATOR * scalar(&low_number(k))).to_affine().x().into();
        // z = r d makes z/s * G and r/s * Q the same point.
        let z = scalar(&r) * *d;
        let s = (z + z) * scalar(&low_number(k)).invert().expect("not zero");
        let signature = [r, s.to_bytes().into()].concat();
        assert!(check(&key, &z.to_bytes().into(), &signature));
        // And z = -r d makes their sum infinity.
        assert!(!check(&key, &(-z).to_bytes().into(), &signature));
    }
}

#[test]
fn keys_that_are_multiples_of_the_generator() {
    for private in [low_number(1), low_number(2), low_number(3), order_plus(-1), order_plus(-2)] {
        let key = SigningKey::from_slice(&private).expect("a private number");
        for digest in [[0; 32], low_number(1), [0xff; 32], <[u8; 32]>::from(Sha256::digest("message"))] {
            let signature: Signature = key.sign_prehash(&digest).expect("signs");
            assert!(check(&key, &digest, &signature.to_bytes()));
        }
    }
}

#[test]
fn other_lengths_are_no_signature() {
    let key = signing_key(1);
    let digest: [u8; 32] = Sha256::digest("message").into();
    let signature: Signature = key.sign_prehash(&digest).expect("signs");
    let long = [signature.to_bytes().as_slice(), &[0; 40]].concat();
    for length in (0..long.len()).filter(|length| *length != 64) {
        assert!(!check(&key, &digest, &long[..length]));
    }
}

#[test]
fn points_off_the_curve_are_no_keys() {
    let mut point = public_key(&signing_key(1)).to_uncompressed();
    assert!(P256PublicKey::from_sec1(&point).is_some());
    let compressed = signing_key(1).verifying_key().to_sec1_point(true);
    assert!(P256PublicKey::from_sec1(compressed.as_bytes()).is_none());
    point[64] ^= 1;
    assert!(P256PublicKey::from_sec1(&point).is_none());
    for bad in [&[][..], &[0], &[4], &[4; 64], &[4; 65], &[5; 65], &[0; 65]] {
        assert!(P256PublicKey::from_sec1(bad).is_none());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn agrees_with_the_p256_crate(seed in 0_u32..1000, digest: [u8; 32], r: [u8; 32], s: [u8; 32]) {
        let key = signing_key(seed);
        check(&key, &digest, &[r, s].concat());
        let signature: Signature = key.sign_prehash(&digest).expect("signs");
        prop_assert!(check(&key, &digest, &signature.to_bytes()));
    }
}
