//! What verifying with a key needs beside the key, made when its first signature comes.
//!
//! Preparing takes about as long as verifying, and of a key set one key or two are ever used.

use alloc::boxed::Box;
use core::fmt;

use once_cell::race::OnceBox;

/// Something that is made once, by whoever needs it first.
pub(crate) struct Prepared<T>(OnceBox<T>);

impl<T> Prepared<T> {
    /// Not made yet.
    pub(crate) const fn new() -> Self {
        Self(OnceBox::new())
    }

    /// What `prepare` makes, or made before.
    ///
    /// Threads that need it first at the same time may each make it; one of what they made stays.
    pub(crate) fn get(&self, prepare: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(|| Box::new(prepare()))
    }
}

/// A copy makes its own.
impl<T> Clone for Prepared<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Prepared<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Prepared").finish_non_exhaustive()
    }
}
