//! A verifier that remembers the tokens it has verified, because callers send the same token for up
//! to an hour.
//!
//! What makes remembering safe: only verified tokens are kept, under their whole text; the clock is
//! asked again on every use; nothing outlives the key set that it was verified with; the memory is
//! bounded. A flood of distinct bad tokens therefore displaces nothing.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::check::VerifyError;
use crate::claims::VerifiedToken;
use crate::jwk::JwkSet;
use crate::policy::Policy;
use crate::time::UnixTime;
use crate::verifier::verify;

/// Tokens that are remembered unless the caller says otherwise. At Google's usual size of a token
/// that is about 2 MB.
pub const REMEMBERED_TOKENS_DEFAULT: usize = 1_000;

/// One policy, and the tokens that it has accepted lately.
pub struct CachingVerifier {
    policy: Policy,
    capacity: usize,
    /// The key set that every remembered token was verified with.
    key_set: Option<[u8; 32]>,
    slots: Vec<Slot>,
    by_token: BTreeMap<Arc<str>, usize>,
    /// The slot that is given up next once all are taken: the one that was filled longest ago.
    oldest: usize,
}

struct Slot {
    token: Arc<str>,
    verified: Arc<VerifiedToken>,
}

/// A caller whose token was accepted, and where it is remembered.
#[derive(Clone, Debug)]
#[must_use]
pub struct Accepted {
    /// The caller.
    pub verified: Arc<VerifiedToken>,
    /// The slot that remembers the token, below the capacity; `None` if nothing is remembered. A host
    /// may keep something of its own beside each slot.
    pub slot: Option<usize>,
    /// Whether the token was remembered, so that the slot holds what it held before.
    pub repeated: bool,
}

impl CachingVerifier {
    /// A verifier that remembers at most `capacity` tokens; 0 remembers none.
    #[must_use]
    pub const fn new(policy: Policy, capacity: usize) -> Self {
        Self { policy, capacity, key_set: None, slots: Vec::new(), by_token: BTreeMap::new(), oldest: 0 }
    }

    /// The policy that every token is judged by.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Judges a token exactly as [`verify`] does, faster if it was accepted before.
    ///
    /// # Errors
    ///
    /// The errors of [`verify`].
    pub fn verify(&mut self, token: &str, keys: &JwkSet, now: UnixTime) -> Result<Accepted, VerifyError> {
        // A key that has left the set must take the tokens that it signed along.
        if self.key_set.as_ref() != Some(keys.digest()) {
            self.forget();
            self.key_set = Some(*keys.digest());
        }
        if let Some((slot, verified)) = self.remembered(token)
            && verified.is_timely(now)
        {
            return Ok(Accepted { verified, slot: Some(slot), repeated: true });
        }
        let verified = Arc::new(verify(token, keys, &self.policy, now)?);
        let slot = self.remember(token, &verified);
        Ok(Accepted { verified, slot, repeated: false })
    }

    /// Forgets every token.
    pub fn forget(&mut self) {
        self.slots.clear();
        self.by_token.clear();
        self.oldest = 0;
    }

    fn remembered(&self, token: &str) -> Option<(usize, Arc<VerifiedToken>)> {
        let slot = *self.by_token.get(token)?;
        Some((slot, Arc::clone(&self.slots.get(slot)?.verified)))
    }

    fn remember(&mut self, token: &str, verified: &Arc<VerifiedToken>) -> Option<usize> {
        if self.capacity == 0 {
            return None;
        }
        let entry = Slot { token: Arc::from(token), verified: Arc::clone(verified) };
        let text = Arc::clone(&entry.token);
        let slot = match self.by_token.get(token) {
            // Remembered, but untimely: its time has come again because the clock was set back.
            Some(slot) => *slot,
            None if self.slots.len() < self.capacity => self.slots.len(),
            None => {
                let oldest = self.oldest;
                let following = oldest.saturating_add(1);
                self.oldest = if following < self.capacity { following } else { 0 };
                oldest
            }
        };
        match self.slots.get_mut(slot) {
            Some(taken) => {
                self.by_token.remove(&taken.token);
                *taken = entry;
            }
            None => self.slots.push(entry),
        }
        self.by_token.insert(text, slot);
        Some(slot)
    }
}

/// Shows how much is remembered, not what.
impl fmt::Debug for CachingVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CachingVerifier")
            .field("policy", &self.policy)
            .field("remembered", &self.slots.len())
            .finish_non_exhaustive()
    }
}
