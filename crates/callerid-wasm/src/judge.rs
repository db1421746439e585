//! The answer to one question about one token, once there are keys.

use alloc::string::String;

use callerid::{
    ErrorCode, JwkSet, KeySource, KeysAtHand, Policy, RememberedTokens, UnixTime, inspect, verify,
};

use crate::answer::{self, Line};

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
        if wanted == Wanted::Caller
            && let Ok(verified) = verify(token, keys, &self.policy, now)
        {
            let (number, _) = self.remembered.remember(&verified, keys, ());
            let line = Line::default().optional("number", number).optional("refresh", refresh);
            return Ok(answer::of_caller(&verified, line));
        }
        let keys = match source {
            Some(source) => KeysAtHand::from_source(keys, source),
            None => KeysAtHand::given(keys),
        };
        let report = inspect(token, &keys, &self.policy, now);
        let answer = answer::of_report(&report, Line::default().optional("refresh", refresh));
        if report.code == Some(ErrorCode::KeyNotFound) { Err(answer) } else { Ok(answer) }
    }
}
