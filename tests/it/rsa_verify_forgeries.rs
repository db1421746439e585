//! Signatures that sloppier verifiers have accepted.

use num_bigint::BigUint;

use crate::rsa_verify::{DIGEST_INFO, TestKey, digest, padded};

/// A block that ends in `tail`, with as many `FF` bytes as fill it.
fn block(length: usize, tail: &[&[u8]]) -> Vec<u8> {
    let tail = tail.concat();
    let mut block = vec![0x00, 0x01];
    block.resize(length - tail.len(), 0xff);
    block.extend(tail);
    block
}

/// A block that starts as it should and goes on with whatever is left of `length` after `tail`.
fn short_run(length: usize, run: usize, tail: &[&[u8]], filler: u8) -> Vec<u8> {
    let mut block = vec![0x00, 0x01];
    block.resize(2 + run, 0xff);
    block.extend(tail.concat());
    block.resize(length, filler);
    block
}

#[test]
fn malformed_blocks() {
    let hash = digest(b"message");
    // Everything but the digest info is checked as `00 <digest info> <hash>` in a full block.
    let infos: [(&str, &[u8]); 14] = [
        ("no NULL", b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"),
        (
            "NULL with a byte in it",
            b"\x30\x32\x30\x0e\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x01\x00\x04\x20",
        ),
        (
            "NULL of long-form length",
            b"\x30\x32\x30\x0e\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x81\x00\x04\x20",
        ),
        (
            "outer length in long form",
            b"\x30\x81\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        ),
        (
            "outer length with zeros",
            b"\x30\x82\x00\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        ),
        (
            "inner length in long form",
            b"\x30\x32\x30\x81\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        ),
        (
            "hash length in long form",
            b"\x30\x32\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x81\x20",
        ),
        (
            "indefinite length",
            b"\x30\x80\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        ),
        (
            "parameters that are garbage",
            b"\x30\x34\x30\x10\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x03abc\x04\x20",
        ),
        ("SHA-384 named", b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x20"),
        ("SHA-1 named", b"\x30\x2d\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x20"),
        (
            "wrong outer length",
            b"\x30\x30\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        ),
        (
            "set instead of sequence",
            b"\x31\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        ),
        ("none", b""),
    ];
    for key in ["rsa-2048-e65537", "rsa-2048-e3"].map(TestKey::read) {
        let length = key.length();
        let mut blocks: Vec<(&str, Vec<u8>)> =
            infos.iter().map(|(name, info)| (*name, block(length, &[&[0], info, &hash]))).collect();

        let good = block(length, &[&[0], &DIGEST_INFO, &hash]);
        let edited = |place: usize, byte: u8| {
            let mut edited = good.clone();
            edited[place] = byte;
            edited
        };
        let separator = length - 32 - DIGEST_INFO.len() - 1;
        assert_eq!(good[separator], 0);
        let tail: &[&[u8]] = &[&[0], &DIGEST_INFO, &hash];
        blocks.extend([
            ("garbage after the hash", block(length, &[&[0], &DIGEST_INFO, &hash, b"garbage"])),
            ("zero after the hash", block(length, &[&[0], &DIGEST_INFO, &hash, &[0]])),
            ("run of one FF, garbage last", short_run(length, 1, tail, 0xa5)),
            ("run of eight FF, garbage last", short_run(length, 8, tail, 0xa5)),
            ("run of eight FF, zeros last", short_run(length, 8, tail, 0)),
            ("no run", short_run(length, 0, tail, 0)),
            ("run cut by garbage", edited(100, 0xfe)),
            ("run cut by zero", edited(100, 0)),
            ("first FF changed", edited(2, 0xfe)),
            ("last FF changed", edited(separator - 1, 0x7f)),
            ("separator of FF", edited(separator, 0xff)),
            ("separator of 01", edited(separator, 0x01)),
            ("block type 0", edited(1, 0)),
            ("block type 2", edited(1, 2)),
            ("first byte 1", edited(0, 1)),
            ("hash changed", edited(length - 1, good[length - 1] ^ 1)),
            ("hash alone", padded(&BigUint::from_bytes_be(&hash), length)),
            ("all zero", vec![0; length]),
            ("one", padded(&BigUint::from(1_u32), length)),
        ]);

        assert!(key.public.verify_pkcs1v15_sha256(&hash, &key.sign_block(&good)), "the good one");
        for (name, block) in blocks {
            assert_ne!(block, good, "{name}");
            let signature = key.sign_block(&block);
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &signature), "{name}");
        }
    }
}

/// Bleichenbacher 2006: with e = 3 a short run leaves room to make the block a near cube, without
/// any private key.
#[test]
fn cube_roots() {
    let key = TestKey::read("rsa-2048-e3");
    let hash = digest(b"message");
    let (mut forged, long_length) = (0, b"\x30\x82\x00\x31".len());
    for run in [0, 1, 8, 16] {
        let long_form = [&b"\x30\x82\x00\x31"[..], &DIGEST_INFO[2..]].concat();
        assert_eq!(long_form.len(), DIGEST_INFO.len() + long_length - 2);
        for info in [&DIGEST_INFO[..], &long_form] {
            let wanted = short_run(key.length(), run, &[&[0], info, &hash], 0);
            let kept = 2 + run + 1 + info.len() + 32;
            let root = BigUint::from_bytes_be(&wanted).cbrt() + 1_u32;
            let block = padded(&root.pow(3), key.length());
            assert_eq!(block[..kept], wanted[..kept], "the forgery opens to what was wanted");
            forged += 1;
            let signature = padded(&root, key.length());
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &signature));
        }
    }
    assert_eq!(forged, 8);
}

#[test]
fn one_spelling_per_signature() {
    for name in ["rsa-2048-e65537", "rsa-2056-e65537", "rsa-2048-e3"] {
        let key = TestKey::read(name);
        let length = key.length();
        let mut plus_n_fits = 0;
        for message in 0..16_u8 {
            let hash = digest(&[message]);
            let good = key.sign(&hash);
            assert!(key.public.verify_pkcs1v15_sha256(&hash, &good));
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &[&[0][..], &good].concat()));
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &[&good[..], &[0]].concat()));
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &good[1..]));

            // The same residue, spelled as another number.
            let plus_n = BigUint::from_bytes_be(&good) + &key.n;
            assert_eq!(plus_n.modpow(&key.e, &key.n), BigUint::from_bytes_be(&good).modpow(&key.e, &key.n));
            let bytes = plus_n.to_bytes_be();
            plus_n_fits += u32::from(bytes.len() == length);
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &bytes));

            let negated = padded(&(&key.n - BigUint::from_bytes_be(&good)), length);
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &negated));
        }
        assert!(plus_n_fits > 0, "{name}: no case where signature + n has the right length");
    }
}

/// A signature that starts with a zero byte is good in full and refused without that byte.
#[test]
fn a_leading_zero_of_the_signature_counts() {
    let key = TestKey::read("rsa-2048-e65537");
    let (hash, good) = (0_u32..)
        .map(|message| digest(&message.to_be_bytes()))
        .map(|hash| (hash, key.sign(&hash)))
        .find(|(_, signature)| signature[0] == 0)
        .expect("one in 256");
    assert!(key.public.verify_pkcs1v15_sha256(&hash, &good));
    assert!(!key.public.verify_pkcs1v15_sha256(&hash, &good[1..]));
}

#[test]
fn wrong_lengths() {
    let key = TestKey::read("rsa-2048-e65537");
    let hash = digest(b"message");
    let good = key.sign(&hash);
    for length in (0..=600).filter(|length| *length != good.len()) {
        for filler in [0x00, 0xff] {
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &vec![filler; length]));
        }
        let mut resized = good.clone();
        resized.resize(length, 0);
        assert!(!key.public.verify_pkcs1v15_sha256(&hash, &resized));
        let mut front = vec![0; length.saturating_sub(good.len())];
        front.extend_from_slice(&good[good.len() - length.min(good.len())..]);
        assert!(!key.public.verify_pkcs1v15_sha256(&hash, &front));
    }
    assert!(!key.public.verify_pkcs1v15_sha256(&hash, &vec![0xff; 1_000_000]));
}

#[test]
fn values_at_the_edges() {
    for name in ["rsa-2048-e65537", "rsa-2048-e3", "rsa-8192-e65537"] {
        let key = TestKey::read(name);
        let hash = digest(b"message");
        let one = BigUint::from(1_u32);
        for value in [BigUint::ZERO, one.clone(), &key.n - &one, key.n.clone(), &key.n + &one] {
            let signature = padded(&value, key.length());
            assert!(!key.public.verify_pkcs1v15_sha256(&hash, &signature));
        }
        assert!(!key.public.verify_pkcs1v15_sha256(&hash, &vec![0xff; key.length()]));
        // The block itself, which would be its own signature under an exponent of 1.
        let own = block(key.length(), &[&[0], &DIGEST_INFO, &hash]);
        assert!(!key.public.verify_pkcs1v15_sha256(&hash, &own));
    }
}
