//! IAM Service Account Credentials API: tokens and signatures of accounts that others act as.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callerid::UnixTime;
use callerid_mint::Claims;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::access_token::CLOUD_PLATFORM;
use crate::api_error::ApiError;
use crate::assertion;
use crate::http::{Request, Response};
use crate::iam_policy::{self, DELEGATE};
use crate::id_token::{self, Form};
use crate::keys::Owner;
use crate::randomness::blinding;
use crate::state::{Account, State};

const PREFIX: &str = "/v1/projects/-/serviceAccounts/";
const DELEGATE_PREFIX: &str = "projects/-/serviceAccounts/";
const SCOPES: [&str; 2] = [CLOUD_PLATFORM, "https://www.googleapis.com/auth/iam"];
/// Longest life of an access token, in seconds, where no policy of the organisation allows more.
const ACCESS_LIFETIME_MAX: i64 = 3_600;
/// How far ahead the end of a JWT that Google signs for an account may lie, in seconds.
const JWT_LIFETIME_MAX: i64 = 43_200;

type Outcome<T = Value> = Result<T, ApiError>;

/// A method of the API, what it takes, and how it answers.
struct Method {
    name: &'static str,
    full_name: &'static str,
    permission: &'static str,
    answer: fn(&State, &Account, &Body) -> Outcome,
}

const METHODS: [Method; 4] = [
    Method {
        name: "generateAccessToken",
        full_name: "google.iam.credentials.v1.IAMCredentials.GenerateAccessToken",
        permission: "iam.serviceAccounts.getAccessToken",
        answer: generate_access_token,
    },
    Method {
        name: "generateIdToken",
        full_name: "google.iam.credentials.v1.IAMCredentials.GenerateIdToken",
        permission: "iam.serviceAccounts.getOpenIdToken",
        answer: generate_id_token,
    },
    Method {
        name: "signBlob",
        full_name: "google.iam.credentials.v1.IAMCredentials.SignBlob",
        permission: "iam.serviceAccounts.signBlob",
        answer: sign_blob,
    },
    Method {
        name: "signJwt",
        full_name: "google.iam.credentials.v1.IAMCredentials.SignJwt",
        permission: "iam.serviceAccounts.signJwt",
        answer: sign_jwt,
    },
];

/// The members of all four bodies. What Google does not document is ignored, as it ignores it.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    audience: Option<String>,
    include_email: Value,
    organization_number_included: Value,
    delegates: Vec<String>,
    scope: Vec<String>,
    lifetime: Option<String>,
    payload: Option<String>,
}

pub(crate) fn answer(state: &State, request: &Request) -> Response {
    let Some((name, method)) = called(request) else { return Response::not_found(request.path()) };
    match call(state, request, &name, method) {
        Ok(body) => Response::ok(&body),
        Err(error) => error.to_response(),
    }
}

/// Reads a body as protocol buffers read JSON: no body is an empty one, and `null` is nothing.
fn read(body: &[u8]) -> Outcome<Body> {
    let unreadable = |_| ApiError::invalid_argument("Invalid JSON payload received.");
    let body = if body.is_empty() { b"{}" } else { body };
    let mut members: Map<String, Value> = serde_json::from_slice(body).map_err(unreadable)?;
    members.retain(|_, value| !value.is_null());
    serde_json::from_value(Value::Object(members)).map_err(unreadable)
}

/// The account and the method that the path names; other projects than `-` are refused.
fn called(request: &Request) -> Option<(String, &'static Method)> {
    let path = request.after(PREFIX)?;
    let (name, method) = path.rsplit_once(':')?;
    let method = METHODS.iter().find(|known| known.name == method)?;
    (!name.is_empty()).then(|| (name.into(), method))
}

fn call(state: &State, request: &Request, name: &str, method: &Method) -> Outcome {
    let caller = caller(state, request, method)?;
    check_service(state)?;
    let body = read(&request.body)?;
    let target = reach(state, &caller, name, &body.delegates, method)?;
    (method.answer)(state, &target, &body)
}

/// Whom the access token speaks for, or the JWT that is sent in its place (AIP-4111).
fn caller(state: &State, request: &Request, method: &Method) -> Outcome<String> {
    let Some(token) = request.bearer() else {
        return Err(ApiError::unauthenticated(Some("CREDENTIALS_MISSING"), method.full_name));
    };
    if let Some(access) = state.access(token) {
        if !access.has_scope(&SCOPES) {
            let metadata = json!({"method": method.full_name, "service": "iamcredentials.googleapis.com"});
            return Err(ApiError::permission_denied("Request had insufficient authentication scopes.")
                .with_reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", metadata));
        }
        return Ok(access.principal);
    }
    // An ID token is a JWT too, but not the caller's own.
    let is_jwt = token.starts_with("eyJ");
    if let Ok(own) = assertion::judge(state, token) {
        let is_for_this = own.text("aud") == Some("https://iamcredentials.googleapis.com/")
            || own.text("scope").is_some_and(|scope| scope.split(' ').any(|scope| SCOPES.contains(&scope)));
        if is_for_this {
            return Ok(own.account.principal());
        }
    }
    Err(ApiError::unauthenticated(is_jwt.then_some("ACCESS_TOKEN_TYPE_UNSUPPORTED"), method.full_name))
}

fn check_service(state: &State) -> Outcome<()> {
    if !state.settings().services.iam_credentials_disabled {
        return Ok(());
    }
    let number = state.config.project_number;
    let url = format!(
        "https://console.developers.google.com/apis/api/iamcredentials.googleapis.com/overview?project={number}"
    );
    let message = format!(
        "IAM Service Account Credentials API has not been used in project {number} before or it is disabled. \
         Enable it by visiting {url} then retry. If you enabled this API recently, wait a few minutes for the \
         action to propagate to our systems and retry."
    );
    let metadata = json!({
        "activationUrl": url,
        "consumer": format!("projects/{number}"),
        "service": "iamcredentials.googleapis.com",
    });
    Err(ApiError::permission_denied(message).with_reason("SERVICE_DISABLED", "googleapis.com", metadata))
}

/// The account, if the caller may act as it, by way of each delegate in turn.
fn reach(state: &State, caller: &str, name: &str, delegates: &[String], method: &Method) -> Outcome<Account> {
    let mut principal = caller.to_owned();
    for delegate in delegates {
        let name = delegate
            .strip_prefix(DELEGATE_PREFIX)
            .ok_or_else(|| ApiError::invalid_argument("Request contains an invalid argument."))?;
        principal = step(state, &principal, name, DELEGATE)?.principal();
    }
    step(state, &principal, name, method.permission)
}

fn step(state: &State, principal: &str, name: &str, permission: &str) -> Outcome<Account> {
    let denied = || {
        ApiError::permission_denied(format!(
            "Permission '{permission}' denied on resource (or it may not exist)."
        ))
        .with_reason(
            "IAM_PERMISSION_DENIED",
            "iam.googleapis.com",
            json!({"permission": permission}),
        )
    };
    let Some(account) = state.account(name) else {
        // Who has no right to know learns nothing.
        return Err(if iam_policy::sees_all(&state.grants(), principal, permission, state.now()) {
            ApiError::not_found(format!("Not found; Gaia id not found for email {}", callerid::visible(name)))
        } else {
            denied()
        });
    };
    if account.is_disabled {
        return Err(ApiError::new(
            hyper::StatusCode::BAD_REQUEST,
            "FAILED_PRECONDITION",
            "Service account is disabled.",
        ));
    }
    if state.permits(principal, permission, &account.email) { Ok(account) } else { Err(denied()) }
}

fn invalid() -> ApiError {
    ApiError::invalid_argument("Request contains an invalid argument.")
}

fn unavailable() -> ApiError {
    ApiError::new(hyper::StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "The key could not be read.")
}

/// Python's library writes its booleans as text.
fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str() == Some("true"))
}

fn generate_id_token(state: &State, target: &Account, body: &Body) -> Outcome {
    let audience = body.audience.as_deref().filter(|audience| !audience.is_empty()).ok_or_else(invalid)?;
    let google = is_true(&body.organization_number_included)
        .then(|| json!({"organization_number": state.config.project_number / 10}));
    let form = Form { has_email: is_true(&body.include_email), google };
    let token = id_token::of_account(state, target, audience, form).ok_or_else(unavailable)?;
    Ok(json!({"token": token}))
}

fn generate_access_token(state: &State, target: &Account, body: &Body) -> Outcome {
    if body.scope.is_empty() || body.scope.iter().any(String::is_empty) {
        return Err(invalid());
    }
    let lifetime = match body.lifetime.as_deref() {
        None | Some("") => ACCESS_LIFETIME_MAX,
        Some(text) => {
            let seconds = text.strip_suffix('s').and_then(|seconds| seconds.parse::<f64>().ok());
            let seconds = seconds.filter(|seconds| *seconds > 0.0 && seconds.is_finite());
            let seconds = seconds.ok_or_else(invalid)?;
            if seconds > 3_600.0 {
                return Err(ApiError::invalid_argument(
                    "The access token lifetime cannot exceed 3600 seconds.",
                ));
            }
            #[expect(clippy::cast_possible_truncation, reason = "it is between 0 and 3600")]
            let whole = seconds.ceil() as i64;
            whole
        }
    };
    let token = state.access_token(&target.principal(), body.scope.clone(), lifetime);
    let expires_at = UnixTime::from_seconds(state.now().saturating_add(lifetime));
    Ok(json!({"accessToken": token, "expireTime": expires_at.to_string()}))
}

fn sign_jwt(state: &State, target: &Account, body: &Body) -> Outcome {
    let payload = body.payload.as_deref().ok_or_else(invalid)?;
    let claims = Claims::from_json(payload).map_err(|_| invalid())?;
    if let Some(expires_at) = claims.json_of("exp") {
        let expires_at: i64 = expires_at.parse().map_err(|_| invalid())?;
        if expires_at > state.now().saturating_add(JWT_LIFETIME_MAX) || expires_at <= state.now() {
            return Err(invalid());
        }
    }
    signed(state, target, |key| {
        let jwt = key.sign_jwt_emulating_google(&claims, &mut blinding()).ok()?;
        Some(json!({"keyId": key.key_id(), "signedJwt": jwt}))
    })
}

fn sign_blob(state: &State, target: &Account, body: &Body) -> Outcome {
    let payload = body.payload.as_deref().ok_or_else(invalid)?;
    let payload = STANDARD.decode(payload).map_err(|_| invalid())?;
    signed(state, target, |key| {
        let signature = key.sign(&payload, &mut blinding()).ok()?;
        Some(json!({"keyId": key.key_id(), "signedBlob": STANDARD.encode(signature)}))
    })
}

fn signed(
    state: &State,
    target: &Account,
    sign: impl FnOnce(&callerid_mint::SigningKey) -> Option<Value>,
) -> Outcome {
    let owner = Owner::AccountByGoogle(target.email.clone());
    state.with_signing_key(&owner, sign).ok_or_else(unavailable)
}
