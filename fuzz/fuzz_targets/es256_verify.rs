//! Our ECDSA verification beside the `p256` crate's: the first byte chooses what is done with the rest, which
//! is digest, private number, and a signature or what to sign with and how to spoil it.
#![no_main]

use callerid::es256_verify::P256PublicKey;
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::elliptic_curve::Field;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{FieldBytes, ProjectivePoint, Scalar};

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else { return };
    let Some((digest, data)) = data.split_first_chunk::<32>() else { return };
    let Some((private, data)) = data.split_first_chunk::<32>() else { return };
    let Some((numbers, spoiling)) = data.split_first_chunk::<64>() else { return };

    let uncompressed = [&[4], numbers.as_slice()].concat();
    let other = VerifyingKey::from_sec1_bytes(&uncompressed).ok();
    let ours = P256PublicKey::from_sec1(&uncompressed).map(|key| key.to_uncompressed());
    assert_eq!(ours, other.map(|_| uncompressed));

    let Ok(signing_key) = SigningKey::from_slice(private) else { return };
    let other = signing_key.verifying_key();
    let ours = P256PublicKey::from_sec1(other.to_sec1_point(false).as_bytes()).expect("on the curve");

    let (mut digest, mut signature) = (*digest, *numbers);
    if choice & 1 == 1 {
        let d = **signing_key.as_nonzero_scalar();
        let k = number(numbers.first_chunk().expect("32 bytes"));
        let r = number(&(ProjectivePoint::GENERATOR * k).to_affine().x().into());
        match choice >> 1 & 3 {
            // Both parts of the sum are the same point, or cancel.
            1 => digest = (r * d).to_bytes().into(),
            2 => digest = (-r * d).to_bytes().into(),
            _ => {}
        }
        let Some(inverse) = Option::<Scalar>::from(k.invert()) else { return };
        let s = (number(&digest) + r * d) * inverse;
        signature[..32].copy_from_slice(&r.to_bytes());
        signature[32..].copy_from_slice(&s.to_bytes());
        if spoiling.len() < 2 {
            assert_eq!(ours.verify(&digest, &signature), !bool::from(s.is_zero() | r.is_zero()));
        }
        for pair in spoiling.chunks_exact(2) {
            signature[usize::from(pair[0] % 64)] ^= pair[1];
        }
    }
    let theirs = Signature::from_slice(&signature)
        .is_ok_and(|signature| other.verify_prehash(&digest, &signature).is_ok());
    assert_eq!(ours.verify(&digest, &signature), theirs);
});

fn number(bytes: &[u8; 32]) -> Scalar {
    <Scalar as Reduce<FieldBytes>>::reduce(&FieldBytes::from(*bytes))
}
