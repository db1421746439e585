//! One integration-test binary; each module is one family of tests.

mod credentials;
mod errors;
mod key_files;
mod keys;
mod randomness;
mod refusals;
mod requests;
mod secrecy;
mod service_accounts;
mod test_tokens;
mod wycheproof;

use std::convert::Infallible;
use std::path::Path;

use callerid::{Audience, Callers, ErrorCode, JwkSet, Policy, Profile, UnixTime, VerifiedToken};
use callerid_mint::SigningKey;
use callerid_mint::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

pub(crate) const NOW: UnixTime = UnixTime::from_seconds(1_790_000_000);

/// Numbers that nobody could tell from random ones, the same in every run: SHA-256 of a counter.
pub(crate) struct TestRandomness {
    seed: u64,
    counter: u64,
    at_hand: Vec<u8>,
}

impl TestRandomness {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0, at_hand: Vec::new() }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let Ok(()) = self.try_fill_bytes(&mut bytes);
        bytes
    }
}

impl TryRng for TestRandomness {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            if self.at_hand.is_empty() {
                self.counter += 1;
                let block = [self.seed.to_le_bytes(), self.counter.to_le_bytes()].concat();
                self.at_hand = Sha256::digest(block).to_vec();
            }
            *byte = self.at_hand.pop().expect("a byte");
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRandomness {}

/// The text of a file of this crate; `../../tests/keys` holds the keys of the repository.
pub(crate) fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

pub(crate) fn rsa_pem() -> String {
    read("../../tests/keys/rsa-2048-e65537.pem")
}

pub(crate) fn p256_pem() -> String {
    read("../../tests/keys/p256.pem")
}

pub(crate) fn rsa_key() -> SigningKey {
    SigningKey::from_pem(&rsa_pem()).expect("a key")
}

pub(crate) fn p256_key() -> SigningKey {
    SigningKey::from_pem(&p256_pem()).expect("a key")
}

/// What the core says of a token for one audience.
pub(crate) fn verify(
    token: &str,
    keys: &JwkSet,
    profile: &Profile,
    audience: &str,
) -> Result<VerifiedToken, ErrorCode> {
    let audience = Audience::exactly(audience).expect("an audience");
    let policy = Policy::new(profile.clone(), audience, Callers::any());
    callerid::verify(token, keys, &policy, NOW).map_err(|error| error.code())
}

/// A part of a token, decoded.
pub(crate) fn part(token: &str, index: usize) -> serde_json::Value {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let part = token.split('.').nth(index).expect("a part");
    let bytes = Base64UrlUnpadded::decode_vec(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
