//! A verifier that remembers the tokens it has verified, because callers send the same token for up
//! to an hour.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::fmt;

use crate::check::VerifyError;
use crate::claims::VerifiedToken;
use crate::jwk::JwkSet;
use crate::policy::Policy;
use crate::remembered_tokens::RememberedTokens;
use crate::time::UnixTime;
use crate::verifier::verify;

/// One policy, and the tokens that it has accepted lately, under their whole texts.
pub struct CachingVerifier {
    policy: Policy,
    remembered: RememberedTokens<Remembered>,
    /// The numbers of the remembered tokens by their ends, in which, unlike in their beginnings, no two are
    /// alike. They only lead to a token: what makes it the same is its whole text.
    by_end: BTreeMap<[u8; END_BYTES], u64>,
}

/// Bytes at the end of a token, all of them of its signature.
const END_BYTES: usize = 32;

struct Remembered {
    text: Arc<str>,
    verified: Arc<VerifiedToken>,
}

/// A caller whose token was accepted.
#[derive(Clone, Debug)]
#[must_use]
pub struct Accepted {
    /// The caller.
    pub verified: Arc<VerifiedToken>,
    /// Whether the token was remembered, so that its signature was not computed again.
    pub repeated: bool,
}

impl CachingVerifier {
    /// A verifier that remembers at most `capacity` tokens; 0 remembers none.
    #[must_use]
    pub const fn new(policy: Policy, capacity: usize) -> Self {
        Self { policy, remembered: RememberedTokens::new(capacity), by_end: BTreeMap::new() }
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
        if let Some(verified) = self.remembered(token, keys, now) {
            return Ok(Accepted { verified, repeated: true });
        }
        let verified = Arc::new(verify(token, keys, &self.policy, now)?);
        self.remember(token, &verified, keys);
        Ok(Accepted { verified, repeated: false })
    }

    /// Forgets every token.
    pub fn forget(&mut self) {
        self.remembered.forget();
        self.by_end.clear();
    }

    fn remembered(&self, token: &str, keys: &JwkSet, now: UnixTime) -> Option<Arc<VerifiedToken>> {
        let number = self.by_end.get(token.as_bytes().last_chunk()?)?;
        let remembered = self.remembered.recall(*number, keys, now)?;
        (*remembered.text == *token).then(|| Arc::clone(&remembered.verified))
    }

    fn remember(&mut self, token: &str, verified: &Arc<VerifiedToken>, keys: &JwkSet) {
        if !self.remembered.is_about(keys) {
            self.forget();
        }
        let Some(end) = token.as_bytes().last_chunk() else { return };
        let entry = Remembered { text: Arc::from(token), verified: Arc::clone(verified) };
        let (number, displaced) = self.remembered.remember(verified, keys, entry);
        if let Some(end) = displaced.as_ref().and_then(|displaced| displaced.text.as_bytes().last_chunk()) {
            self.by_end.remove(end);
        }
        if let Some(number) = number {
            self.by_end.insert(*end, number);
        }
    }
}

/// Shows how much is remembered, not what.
impl fmt::Debug for CachingVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CachingVerifier")
            .field("policy", &self.policy)
            .field("remembered", &self.remembered.count())
            .finish_non_exhaustive()
    }
}
