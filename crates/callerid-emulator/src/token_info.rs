//! What Google says about a token: every value as text.

use callerid::UnverifiedToken;
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::config::numeric_id;
use crate::http::{Request, Response};
use crate::id_token::ISSUER;
use crate::state::State;

pub(crate) fn answer(state: &State, request: &Request) -> Response {
    let parameter = |name| request.query(name).or_else(|| request.form(name));
    let information = if let Some(token) = parameter("id_token") {
        of_id_token(state, &token)
    } else if let Some(token) = parameter("access_token") {
        of_access_token(state, &token)
    } else {
        None
    };
    match information {
        Some(information) => Response::ok(&information),
        None => Response::json(
            StatusCode::BAD_REQUEST,
            &json!({"error": "invalid_token", "error_description": "Invalid Value"}),
        ),
    }
}

fn of_id_token(state: &State, token: &str) -> Option<Value> {
    let token = UnverifiedToken::parse(token).ok()?;
    let keys = state.google_keys();
    let algorithm = token.unverified_algorithm()?;
    let key_id = token.unverified_key_id()?.to_owned();
    let key = keys.select(Some(&key_id), algorithm).ok()?;
    let signed = token.verify_signature(key).ok()?;
    let claims: Map<String, Value> = serde_json::from_slice(signed.unvalidated_payload()).ok()?;
    let expires_at = claims.get("exp").and_then(Value::as_i64)?;
    if expires_at <= state.now() || claims.get("iss").and_then(Value::as_str) != Some(ISSUER) {
        return None;
    }
    let as_text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
    let mut information: Map<String, Value> =
        claims.iter().map(|(name, value)| (name.clone(), Value::String(as_text(value)))).collect();
    for (name, value) in [("alg", algorithm.as_str()), ("kid", key_id.as_str()), ("typ", "JWT")] {
        information.insert(name.into(), value.into());
    }
    Some(Value::Object(information))
}

fn of_access_token(state: &State, token: &str) -> Option<Value> {
    // What the security token service hands out is unknown here.
    let access = state.access(token).filter(|access| !access.is_federated())?;
    let (kind, email) = access.principal.split_once(':')?;
    let id = state.account(email).map_or_else(|| numeric_id(email), |account| account.unique_id);
    let (client, mode) = match kind {
        "user" => (crate::oauth::CLIENT_ID, "offline"),
        _ => (id.as_str(), "online"),
    };
    Some(json!({
        "azp": client,
        "aud": client,
        "sub": id,
        "scope": access.scopes.join(" "),
        "exp": access.expires_at.to_string(),
        "expires_in": access.expires_at.saturating_sub(state.now()).to_string(),
        "email": email,
        "email_verified": "true",
        "access_type": mode,
    }))
}
