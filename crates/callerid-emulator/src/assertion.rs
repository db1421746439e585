//! JWTs that a service account has signed itself, judged as Google judges them.

use callerid::UnverifiedToken;
use serde_json::{Map, Value};

use crate::state::{Account, State};

/// Longest that an assertion may live, and so much may clocks differ, in seconds.
const LIFETIME_MAX: i64 = 3_600;
const CLOCK_SKEW: i64 = 300;

/// Why an assertion is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Malformed,
    AccountNotFound,
    AccountDisabled,
    Signature,
    Times,
}

/// An assertion whose signature and times are good.
pub(crate) struct Assertion {
    pub(crate) account: Account,
    pub(crate) claims: Map<String, Value>,
}

impl Assertion {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }
}

/// Judges an assertion: its account, its signature, its times.
pub(crate) fn judge(state: &State, token: &str) -> Result<Assertion, Refusal> {
    let parsed = UnverifiedToken::parse(token.trim()).map_err(|_| Refusal::Malformed)?;
    let claims: Map<String, Value> =
        serde_json::from_slice(parsed.unverified_payload()).map_err(|_| Refusal::Malformed)?;
    let issuer = claims.get("iss").and_then(Value::as_str).ok_or(Refusal::Malformed)?;
    let account = state.account(issuer).ok_or(Refusal::AccountNotFound)?;
    if account.is_disabled {
        return Err(Refusal::AccountDisabled);
    }
    let keys = state.keys.public_keys(&state.account_keys(&account));
    let named = parsed.unverified_key_id();
    // Without a key id, as some libraries send it, any key of the account will do.
    let candidates = keys.keys().iter().filter(|key| named.is_none() || key.key_id() == named);
    if !candidates.into_iter().any(|key| parsed.clone().verify_signature(key).is_ok()) {
        return Err(Refusal::Signature);
    }
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    let (Some(issued_at), Some(expires_at)) = (time("iat"), time("exp")) else { return Err(Refusal::Times) };
    #[expect(clippy::cast_precision_loss, reason = "times are far below 2^53 seconds")]
    let (now, skew, longest) = (state.now() as f64, CLOCK_SKEW as f64, LIFETIME_MAX as f64);
    let is_timely = issued_at <= now + skew && expires_at > now - skew && expires_at - issued_at <= longest;
    if is_timely { Ok(Assertion { account, claims }) } else { Err(Refusal::Times) }
}
