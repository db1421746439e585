//! The random numbers blind the computation: they are used, change nothing, and must not fail.

use core::fmt;

use callerid_mint::rand_core::{TryCryptoRng, TryRng};
use callerid_mint::{Claims, SignError};

use crate::{TestRandomness, p256_key, rsa_key};

/// A source that has failed.
struct Broken;

#[derive(Debug)]
struct Failure;

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("broken")
    }
}

impl std::error::Error for Failure {}

impl TryRng for Broken {
    type Error = Failure;

    fn try_next_u32(&mut self) -> Result<u32, Failure> {
        Err(Failure)
    }

    fn try_next_u64(&mut self) -> Result<u64, Failure> {
        Err(Failure)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Failure> {
        Err(Failure)
    }
}

impl TryCryptoRng for Broken {}

#[test]
fn rsa_needs_it_and_p256_does_not() {
    let claims = Claims::new().with_text("iss", "https://issuer.test");
    assert_eq!(rsa_key().sign_jwt(&claims, &mut Broken), Err(SignError::Randomness));
    assert!(p256_key().sign_jwt(&claims, &mut Broken).is_ok());
}

#[test]
fn signatures_do_not_depend_on_it() {
    for key in [rsa_key(), p256_key()] {
        let sign = |seed| key.sign(b"message", &mut TestRandomness::new(seed)).unwrap();
        assert_eq!(sign(1), sign(2));
        assert_eq!(sign(1).len(), if key.bits() == 256 { 64 } else { 256 });
    }
}
