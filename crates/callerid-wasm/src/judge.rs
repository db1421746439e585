//! The answer to one question about one token, once there are keys.

use alloc::string::String;

use callerid::{ErrorCode, JwkSet, KeySource, Policy, RememberedTokens, UnixTime, verify};

use crate::answer::{self, Line};
use crate::explanation;

/// A policy, and the tokens that it has accepted.
pub(crate) struct Judge {
    pub(crate) policy: Policy,
    /// JavaScript keeps the texts of the tokens, so that they need not cross again, and their callers.
    pub(crate) remembered: RememberedTokens<()>,
}

/// What a question asks for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wanted {
    Caller,
    Report,
}

impl Judge {
    /// The answer by these keys; an error if they lack the token's key, so that newer ones could decide
    /// otherwise.
    pub(crate) fn answer(
        &mut self,
        token: &str,
        wanted: Wanted,
        keys: &JwkSet,
        source: Option<KeySource>,
        refresh: Option<u64>,
        now: UnixTime,
    ) -> Result<String, String> {
        let line = Line::default().optional("refresh", refresh);
        let refusal = match wanted {
            Wanted::Report => None,
            Wanted::Caller => match verify(token, keys, &self.policy, now) {
                Err(error) => Some(error.code()),
                Ok(verified) => {
                    let (number, _) = self.remembered.remember(&verified, keys, ());
                    return Ok(answer::of_caller(&verified, line.optional("number", number)));
                }
            },
        };
        let (answer, refusal) = explanation::by_keys(token, keys, source, &self.policy, now, refusal, line);
        if refusal == Some(ErrorCode::KeyNotFound) { Err(answer) } else { Ok(answer) }
    }
}
