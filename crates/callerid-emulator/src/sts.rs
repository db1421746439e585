//! Security Token Service: tokens of other identity providers become access tokens (RFC 8693).

use callerid::UnverifiedToken;
use callerid_mint::Claims;
use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::http::{Request, Response};
use crate::keys::Owner;
use crate::state::State;

/// The one identity provider that the emulated pool trusts.
pub(crate) const PROVIDER_ISSUER: &str = "https://identity-provider.callerid.test";

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const SUBJECT_TYPES: [&str; 2] =
    ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];
const LIFETIME_MAX: i64 = 3_600;
const SUBJECT_LIFETIME: i64 = 86_400;
const SUBJECT: &str = "callerid-emulator-workload";

/// `error` and `error_description`.
struct Denial(&'static str, String);

/// The full name of the provider in the emulated pool.
pub(crate) fn audience(state: &State) -> String {
    format!(
        "//iam.googleapis.com/projects/{}/locations/global/workloadIdentityPools/callerid-emulator/providers/local",
        state.config.project_number
    )
}

/// A token of the identity provider, as a workload finds it in a file.
pub(crate) fn subject_token(state: &State) -> Option<String> {
    let now = state.now();
    let claims = Claims::new()
        .with_text("iss", PROVIDER_ISSUER)
        .with_text("aud", &audience(state))
        .with_text("sub", SUBJECT)
        .with_number("iat", now)
        .with_number("exp", now.saturating_add(SUBJECT_LIFETIME));
    state.sign(&Owner::IdentityProvider, &claims)
}

pub(crate) fn token(state: &State, request: &Request) -> Response {
    match exchange(state, request) {
        Ok(body) => Response::ok(&body),
        Err(Denial(error, description)) => Response::json(
            StatusCode::BAD_REQUEST,
            &json!({"error": error, "error_description": description}),
        ),
    }
}

fn exchange(state: &State, request: &Request) -> Result<Value, Denial> {
    // Google takes JSON as well as forms.
    let body: Option<Map<String, Value>> = serde_json::from_slice(&request.body).ok();
    let parameter = |snake: &str, camel: &str| match &body {
        Some(body) => body.get(camel).or_else(|| body.get(snake))?.as_str().map(Into::into),
        None => request.form(snake),
    };
    let required = |snake: &str, camel: &str| {
        let missing = || Denial("invalid_request", format!("Missing required parameter: {snake}"));
        parameter(snake, camel).ok_or_else(missing)
    };
    if required("grant_type", "grantType")? != EXCHANGE {
        return Err(Denial("unsupported_grant_type", "Unsupported grant type".into()));
    }
    let audience_found = required("audience", "audience")?;
    if !audience_found.starts_with("//iam.googleapis.com/") {
        return Err(Denial(
            "invalid_request",
            "Invalid value for \"audience\". This value should be the full resource name of the Identity \
             Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the \
             list of possible formats."
                .into(),
        ));
    }
    if audience_found != audience(state) {
        return Err(Denial(
            "invalid_target",
            "The target service indicated by the \"audience\" parameters is invalid. This might either be \
             because the pool or provider is disabled or deleted or because it doesn't exist."
                .into(),
        ));
    }
    if required("requested_token_type", "requestedTokenType")? != ACCESS_TOKEN {
        return Err(Denial("invalid_request", "Invalid value for \"requested_token_type\".".into()));
    }
    if !SUBJECT_TYPES.contains(&required("subject_token_type", "subjectTokenType")?.as_str()) {
        return Err(Denial("invalid_request", "Invalid value for \"subject_token_type\".".into()));
    }
    let (subject, expires_at) = judge(state, &required("subject_token", "subjectToken")?)?;
    let scopes = parameter("scope", "scope").unwrap_or_default();
    let scopes = scopes.split_whitespace().map(Into::into).collect();
    let lifetime = expires_at.saturating_sub(state.now()).min(LIFETIME_MAX);
    let pool = format!(
        "projects/{}/locations/global/workloadIdentityPools/callerid-emulator",
        state.config.project_number
    );
    let principal = format!("principal://iam.googleapis.com/{pool}/subject/{subject}");
    Ok(json!({
        "access_token": state.access_token(&principal, scopes, lifetime),
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": lifetime,
    }))
}

/// Whom the token speaks for and until when, if the provider has signed it for this pool.
fn judge(state: &State, token: &str) -> Result<(String, i64), Denial> {
    let grant = |description: &str| Denial("invalid_grant", description.into());
    let token = UnverifiedToken::parse(token.trim()).map_err(|_| grant("Unable to parse the ID Token."))?;
    let claims: Map<String, Value> = serde_json::from_slice(token.unverified_payload())
        .map_err(|_| grant("Unable to parse the ID Token."))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") != PROVIDER_ISSUER {
        let found = callerid::visible(text("iss"));
        return Err(Denial(
            "invalid_grant",
            format!("The issuer in ID Token {found} does not match the expected ones: {PROVIDER_ISSUER}."),
        ));
    }
    let keys = state.keys.public_keys(&[Owner::IdentityProvider]);
    let algorithm = token.unverified_algorithm().ok_or_else(|| grant("Invalid ID Token algorithm."))?;
    let key = keys.select(token.unverified_key_id(), algorithm);
    let is_signed = key.is_ok_and(|key| token.clone().verify_signature(key).is_ok());
    if !is_signed {
        return Err(grant("Error connecting to the given credential's issuer, or its signature is invalid."));
    }
    if text("aud") != audience(state) {
        return Err(grant("The audience in ID Token does not match the expected audience."));
    }
    let expires_at = claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
    if expires_at <= state.now() {
        return Err(grant("ID Token has expired."));
    }
    Ok((text("sub").into(), expires_at))
}
