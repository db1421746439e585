//! A token that was minted, and what is known of it.

use std::fmt;

use callerid::UnixTime;
use zeroize::Zeroizing;

/// A token to be handed out; wiped from memory when it is dropped.
pub(crate) struct MintedToken {
    token: Zeroizing<String>,
    expires_at: UnixTime,
    email: Option<String>,
    warnings: Vec<String>,
}

impl MintedToken {
    pub(crate) const fn new(token: Zeroizing<String>, expires_at: UnixTime) -> Self {
        Self { token, expires_at, email: None, warnings: Vec::new() }
    }

    /// What else is known of it: for whom it speaks, and what a receiver may not like.
    pub(crate) fn with(self, email: Option<String>, warnings: Vec<String>) -> Self {
        Self { email, warnings, ..self }
    }

    /// **The token itself**: for standard output, a file, or an `Authorization` header, and nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.token
    }

    /// Until when it is good.
    pub(crate) const fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// For whom it speaks, if it says so.
    pub(crate) fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// What a receiver may not like about it; to be written to standard error.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Shows what is known of it, not the token.
impl fmt::Debug for MintedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("MintedToken");
        shown.field("email", &self.email).field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
