//! What makes it safe to accept a token again without looking at its signature again.
//!
//! Only verified tokens are remembered; the clock is asked again on every use; nothing outlives the key
//! set that it was verified with; the memory is bounded. A flood of distinct bad tokens therefore
//! displaces nothing.

use alloc::vec::Vec;
use core::ops::Range;

use crate::claims::VerifiedToken;
use crate::jwk::JwkSet;
use crate::time::UnixTime;

/// Tokens that are remembered unless the caller says otherwise. At Google's usual size of a token
/// that is about 2 MB.
pub const REMEMBERED_TOKENS_DEFAULT: usize = 1_000;

/// The tokens that one policy accepted lately, each under a number, with something of the host's own.
///
/// The texts of the tokens are the host's to keep: a number must be recalled for no other text than the
/// whole of the one it was given for. [`CachingVerifier`](crate::CachingVerifier) does so.
#[derive(Clone, Debug)]
pub struct RememberedTokens<T> {
    capacity: usize,
    /// The key set that every remembered token was verified with.
    key_set: Option<[u8; 32]>,
    /// A ring: the token of a number stands at that number modulo the capacity.
    slots: Vec<Slot<T>>,
    next_number: u64,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    number: u64,
    timely: Range<i64>,
    value: T,
}

impl<T> RememberedTokens<T> {
    /// Room for so many tokens; 0 remembers none.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self { capacity, key_set: None, slots: Vec::new(), next_number: 0 }
    }

    /// The most tokens that are remembered.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many tokens are remembered.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.slots.len()
    }

    /// Remembers a token that was just verified with these keys, under a number that is never given
    /// again. Once there is no more room, what was remembered longest ago makes room and is handed out.
    pub fn remember(&mut self, token: &VerifiedToken, keys: &JwkSet, value: T) -> (Option<u64>, Option<T>) {
        if !self.is_about(keys) {
            // A key that has left the set must take the tokens that it signed along.
            self.forget();
            self.key_set = Some(*keys.digest());
        }
        let Some(at) = self.place_of(self.next_number) else { return (None, None) };
        let slot = Slot { number: self.next_number, timely: token.timely().clone(), value };
        self.next_number = self.next_number.saturating_add(1);
        let number = Some(slot.number);
        match self.slots.get_mut(at) {
            Some(oldest) => (number, Some(core::mem::replace(oldest, slot).value)),
            None => {
                self.slots.push(slot);
                (number, None)
            }
        }
    }

    /// What was remembered under this number, if a fresh look at the token would accept it too: nothing
    /// if it has been forgotten, if the keys are others than it was verified with, or if its time is over.
    #[must_use]
    pub fn recall(&self, number: u64, keys: &JwkSet, now: UnixTime) -> Option<&T> {
        let slot = self.slots.get(self.place_of(number)?)?;
        let is_good = slot.number == number && slot.timely.contains(&now.as_seconds()) && self.is_about(keys);
        is_good.then_some(&slot.value)
    }

    /// Whether what is remembered was verified with these keys.
    #[must_use]
    pub fn is_about(&self, keys: &JwkSet) -> bool {
        self.key_set.as_ref() == Some(keys.digest())
    }

    /// Forgets every token.
    pub fn forget(&mut self) {
        self.slots.clear();
        // The ring begins anew at its first place, with numbers that were never given.
        let past_the_end = self.next_number.checked_rem(self.capacity_number()).unwrap_or(0);
        if past_the_end > 0 {
            let missing = self.capacity_number().saturating_sub(past_the_end);
            self.next_number = self.next_number.saturating_add(missing);
        }
    }

    fn place_of(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_rem(self.capacity_number())?).ok()
    }

    fn capacity_number(&self) -> u64 {
        u64::try_from(self.capacity).unwrap_or(u64::MAX)
    }
}
