//! Random numbers that were drawn before they are needed.

use core::error::Error;
use core::fmt;

use callerid_mint::rand_core::{TryCryptoRng, TryRng};

/// Random bytes to be used once, one after the other. When there are no more it fails, and so does the
/// signature that needed them.
///
/// Blinding takes the first number below the modulus among random numbers of its length, which is at the
/// latest the 64th but once in 2^64 signatures: 16,384 bytes are enough for a key of 2048 bits.
pub(crate) struct Supply<'a> {
    rest: &'a [u8],
}

impl<'a> Supply<'a> {
    pub(crate) const fn new(random: &'a [u8]) -> Self {
        Self { rest: random }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Exhausted> {
        let mut bytes = [0; N];
        self.try_fill_bytes(&mut bytes)?;
        Ok(bytes)
    }
}

impl TryRng for Supply<'_> {
    type Error = Exhausted;

    fn try_next_u32(&mut self) -> Result<u32, Exhausted> {
        self.take().map(u32::from_le_bytes)
    }

    fn try_next_u64(&mut self) -> Result<u64, Exhausted> {
        self.take().map(u64::from_le_bytes)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Exhausted> {
        let (taken, rest) = self.rest.split_at_checked(bytes.len()).ok_or(Exhausted)?;
        bytes.copy_from_slice(taken);
        self.rest = rest;
        Ok(())
    }
}

impl TryCryptoRng for Supply<'_> {}

/// There are no more random bytes.
#[derive(Debug)]
pub(crate) struct Exhausted;

impl fmt::Display for Exhausted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("there are no more random numbers")
    }
}

impl Error for Exhausted {}
