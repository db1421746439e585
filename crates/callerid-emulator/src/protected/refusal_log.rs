//! Why guards refused: what Google's logs say of it, and what the core found. It is for whoever runs the
//! emulator; callers learn no more than Google tells them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use callerid::{VerifyError, visible};
use serde::Serialize;

/// Most refusals that are kept; the oldest goes first.
const REFUSALS_MAX: usize = 100;

/// What Cloud Run logs where no token was sent.
pub(crate) const NOT_AUTHENTICATED: &str = "The request was not authenticated. Either allow unauthenticated \
                                            invocations or set the proper Authorization header.";
/// What it logs where the token is no good.
pub(crate) const NOT_VERIFIED: &str = "The access token could not be verified.";
/// What it logs where the caller lacks the role.
pub(crate) const NOT_AUTHORIZED: &str = "The request was not authorized to invoke this service.";

/// Why a request was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Why {
    /// The words of Google's log, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log: Option<&'static str>,
    /// The reasons in words of ours, each after a code of the core's if it has one.
    pub(crate) reasons: Vec<String>,
}

/// One refusal.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refusal {
    pub(crate) backend: String,
    pub(crate) method: String,
    /// The path without the query, which may be secret.
    pub(crate) path: String,
    pub(crate) status: u16,
    #[serde(flatten)]
    pub(crate) why: Why,
}

/// The latest refusals.
#[derive(Default)]
pub(crate) struct RefusalLog(Mutex<VecDeque<Refusal>>);

impl Why {
    /// One reason, with the words of Google's log.
    pub(crate) fn logged(log: &'static str, reason: impl Into<String>) -> Self {
        Self { log: Some(log), reasons: vec![reason.into()] }
    }

    /// One reason, of a guard whose logs are not known.
    pub(crate) fn of(reason: impl Into<String>) -> Self {
        Self { log: None, reasons: vec![reason.into()] }
    }
}

/// What the core found wrong with a token; no part of the token but its claims is told.
pub(crate) fn reasons(error: &VerifyError) -> Vec<String> {
    let failures = error.failures().iter();
    let reason = failures.map(|failure| {
        let mut reason = format!("{}: {}", failure.code.as_str(), failure.code.sentence());
        if !failure.expected.is_empty() {
            reason.push_str(&format!(" Expected {}.", failure.expected.join(" or ")));
        }
        if let Some(found) = &failure.found {
            reason.push_str(&format!(" Found {}.", visible(found)));
        }
        reason
    });
    reason.collect()
}

impl RefusalLog {
    pub(crate) fn add(&self, refusal: Refusal) {
        let mut refusals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() >= REFUSALS_MAX {
            refusals.pop_front();
        }
        refusals.push_back(refusal);
    }

    /// The latest refusals, oldest first.
    pub(crate) fn list(&self) -> Vec<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
