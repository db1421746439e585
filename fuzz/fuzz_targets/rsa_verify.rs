//! Our RSA verification beside the `rsa` crate's: the first byte chooses the exponent, the next 32 are
//! the digest, and the rest is modulus and signature.
#![no_main]

use callerid::rsa_verify::RsaPublicKey;
use libfuzzer_sys::fuzz_target;
use rsa::{BoxedUint, Pkcs1v15Sign};

const DIGEST_INFO: [u8; 19] =
    *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else { return };
    let Some((digest, data)) = data.split_first_chunk::<32>() else { return };
    let Some((start, signature)) = data.split_first_chunk::<256>() else { return };
    let mut modulus = *start;
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    let exponent: &[u8] = if choice & 1 == 0 { &[1, 0, 1] } else { &[3] };
    let Ok(ours) = RsaPublicKey::from_components(&modulus, exponent) else { return };
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    let Ok(other) = rsa::RsaPublicKey::new(number(&modulus), number(exponent)) else { return };
    let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: DIGEST_INFO.into() };
    assert_eq!(
        ours.verify_pkcs1v15_sha256(digest, signature),
        other.verify(scheme, digest, signature).is_ok()
    );
});
