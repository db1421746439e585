//! Where keys and chance come from: one seed for the whole emulator.

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use getrandom::SysRng;
use sha2::{Digest, Sha256};

use crate::error::StartError;

/// What every key and every other random choice follows from.
#[derive(Clone)]
pub(crate) struct Seed([u8; 32]);

impl Seed {
    /// A seed that nobody can guess.
    pub(crate) fn of_the_system() -> Result<Self, StartError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| StartError::System("no randomness was to be had".into()))?;
        Ok(Self(bytes))
    }

    pub(crate) fn from_number(number: u64) -> Self {
        Self(Sha256::digest(format!("callerid-emulator {number}")).into())
    }

    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        (text.len() == 64).then_some(Self(bytes))
    }

    pub(crate) fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Thirty-two bytes for one purpose, which tell nothing of those for another.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.0);
        digest.update(purpose);
        digest.finalize().into()
    }

    /// Random numbers for one purpose, the same ones whenever they are asked for.
    pub(crate) fn stream(&self, purpose: &str) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(self.derive(purpose))
    }
}

impl PartialEq for Seed {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// What blinds RSA signatures, and changes nothing about them.
pub(crate) const fn blinding() -> SysRng {
    SysRng
}
