//! RSA keys and signatures: the rules for keys, and agreement with the `rsa` crate.

use callerid::rsa_verify::{RsaKeyError, RsaPublicKey};
use num_bigint::BigUint;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

/// A committed test key: the private half signs, the public half is what we verify under.
pub(crate) struct TestKey {
    pub(crate) private: RsaPrivateKey,
    pub(crate) public: RsaPublicKey,
    pub(crate) n: BigUint,
    pub(crate) e: BigUint,
    d: BigUint,
}

impl TestKey {
    pub(crate) fn read(name: &str) -> Self {
        let private = read_private(name);
        let public = RsaPublicKey::from_components(&private.n().to_be_bytes(), &private.e().to_be_bytes())
            .expect("an acceptable key");
        let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
        Self {
            public,
            n: number(&private.n().to_be_bytes()),
            e: number(&private.e().to_be_bytes()),
            d: number(&private.d().to_be_bytes()),
            private,
        }
    }

    pub(crate) fn length(&self) -> usize {
        self.public.modulus_bytes().len()
    }

    /// An honest signature, by the other implementation.
    pub(crate) fn sign(&self, digest: &[u8; 32]) -> Vec<u8> {
        self.private.sign(pkcs1v15_sha256(), digest).expect("signs")
    }

    /// The signature that opens to any given block, however malformed.
    pub(crate) fn sign_block(&self, block: &[u8]) -> Vec<u8> {
        let block = BigUint::from_bytes_be(block);
        assert!(block < self.n);
        let signature = block.modpow(&self.d, &self.n);
        assert_eq!(signature.modpow(&self.e, &self.n), block);
        padded(&signature, self.length())
    }

    /// What the other implementation says of a signature.
    fn other_verifies(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        self.private.to_public_key().verify(pkcs1v15_sha256(), digest, signature).is_ok()
    }
}

fn read_private(name: &str) -> RsaPrivateKey {
    let path = format!("{}/tests/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    RsaPrivateKey::from_pkcs8_pem(&std::fs::read_to_string(path).expect("key file"))
        .expect("a PKCS#8 RSA key")
}

pub(crate) fn pkcs1v15_sha256() -> Pkcs1v15Sign {
    Pkcs1v15Sign { hash_len: Some(32), prefix: DIGEST_INFO.into() }
}

/// A number as exactly `length` big-endian bytes.
pub(crate) fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut padded = vec![0; length - bytes.len()];
    padded.extend(bytes);
    padded
}

pub(crate) fn digest(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

pub(crate) const DIGEST_INFO: [u8; 19] =
    *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

const KEYS: [(&str, u32, u64); 8] = [
    ("rsa-2048-e65537", 2048, 65_537),
    ("rsa-2048-e65537-attacker", 2048, 65_537),
    ("rsa-2048-e3", 2048, 3),
    ("rsa-2048-e8589934591", 2048, 8_589_934_591),
    ("rsa-2056-e65537", 2056, 65_537),
    ("rsa-3072-e17", 3072, 17),
    ("rsa-4096-e65537", 4096, 65_537),
    ("rsa-8192-e65537", 8192, 65_537),
];

#[test]
fn agrees_with_the_rsa_crate() {
    for (name, bits, exponent) in KEYS {
        let key = TestKey::read(name);
        assert_eq!(key.public.modulus_bits(), bits, "{name}");
        assert_eq!(key.public.modulus_bytes(), key.n.to_bytes_be(), "{name}");
        assert_eq!(key.public.exponent_bytes(), key.e.to_bytes_be(), "{name}");
        assert_eq!(key.e, exponent.into(), "{name}");

        for message in 0..if bits > 4096 { 2 } else { 8_u8 } {
            let digest = digest(&[message]);
            let good = key.sign(&digest);
            check_same(&key, &digest, &good, true);
            for place in [0, 1, good.len() / 2, good.len() - 1] {
                let mut bad = good.clone();
                bad[place] ^= 1 << (message % 8);
                check_same(&key, &digest, &bad, false);
            }
            let mut other_digest = digest;
            other_digest[usize::from(message)] ^= 0x80;
            check_same(&key, &other_digest, &good, false);
        }
    }
}

fn check_same(key: &TestKey, digest: &[u8; 32], signature: &[u8], expected: bool) {
    assert_eq!(key.other_verifies(digest, signature), expected, "the rsa crate");
    assert_eq!(key.public.verify_pkcs1v15_sha256(digest, signature), expected, "callerid");
}

#[test]
fn a_signature_holds_under_its_own_key_only() {
    let key = TestKey::read("rsa-2048-e65537");
    let attacker = TestKey::read("rsa-2048-e65537-attacker");
    let digest = digest(b"message");
    assert!(key.public.verify_pkcs1v15_sha256(&digest, &key.sign(&digest)));
    assert!(!key.public.verify_pkcs1v15_sha256(&digest, &attacker.sign(&digest)));
    assert!(!attacker.public.verify_pkcs1v15_sha256(&digest, &key.sign(&digest)));
}

#[test]
fn leading_zeros_make_no_difference_to_a_key() {
    let key = TestKey::read("rsa-2048-e65537");
    let n = [&[0; 300][..], key.public.modulus_bytes()].concat();
    let zeroed =
        RsaPublicKey::from_components(&n, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]).expect("the same key");
    assert_eq!(zeroed.modulus_bits(), 2048);
    assert_eq!(zeroed.modulus_bytes(), key.public.modulus_bytes());
    assert_eq!(zeroed.exponent_bytes(), [1, 0, 1]);
    let digest = digest(b"message");
    assert!(zeroed.verify_pkcs1v15_sha256(&digest, &key.sign(&digest)));
}

#[test]
fn refuses_moduli_out_of_bounds() {
    let ones = |bits: u32| ((BigUint::from(1_u32) << bits) - 1_u32).to_bytes_be();
    let make = |n: &[u8]| RsaPublicKey::from_components(n, &[1, 0, 1]).map(|key| key.modulus_bits());
    for bits in [1, 2, 512, 768, 1024, 2040, 2047] {
        assert_eq!(make(&ones(bits)), Err(RsaKeyError::ModulusTooShort { bits }));
    }
    for bits in [2048, 2049, 2056, 4096, 8191, 8192] {
        assert_eq!(make(&ones(bits)), Ok(bits));
    }
    for bits in [8193, 16_384, 1_000_000] {
        assert_eq!(make(&ones(bits)), Err(RsaKeyError::ModulusTooLong { bits }));
    }
    assert_eq!(make(&[]), Err(RsaKeyError::Empty));
    assert_eq!(make(&[0]), Err(RsaKeyError::Empty));
    assert_eq!(make(&[0; 256]), Err(RsaKeyError::Empty));

    let mut even = ones(2048);
    even[255] = 0xfe;
    assert_eq!(make(&even), Err(RsaKeyError::ModulusEven));

    let small = read_private("rsa-1024-e65537").n().to_be_bytes();
    assert_eq!(make(&small), Err(RsaKeyError::ModulusTooShort { bits: 1024 }));
}

#[test]
fn refuses_exponents_out_of_bounds() {
    let key = TestKey::read("rsa-2048-e65537");
    let n = key.public.modulus_bytes();
    let make = |e: &[u8]| RsaPublicKey::from_components(n, e).map(|key| key.exponent_bytes().to_vec());
    for good in [3, 5, 17, 257, 65_537, (1 << 32) + 1, (1_u64 << 33) - 1] {
        let bytes = BigUint::from(good).to_bytes_be();
        assert_eq!(make(&bytes), Ok(bytes));
    }
    for bad in [1, 2, 4, 65_536, 1 << 33, (1 << 33) + 1, u64::MAX] {
        let bytes = BigUint::from(bad).to_bytes_be();
        assert_eq!(make(&bytes), Err(RsaKeyError::ExponentInvalid), "{bad}");
    }
    // Longer than any number the refusal could be read into, including n - 1 and n itself.
    let n_minus_1 = (&key.n - 1_u32).to_bytes_be();
    for bad in [&[0xff; 9][..], &[1, 0, 0, 0, 0, 0, 0, 0, 3], &[0xff; 32], &[0xff; 100_000], &n_minus_1, n] {
        assert_eq!(make(bad), Err(RsaKeyError::ExponentInvalid));
    }
    for empty in [&[][..], &[0], &[0; 40]] {
        assert_eq!(make(empty), Err(RsaKeyError::Empty));
    }
}
