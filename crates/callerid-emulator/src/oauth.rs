//! The token endpoint: assertions of service accounts (RFC 7523) and refresh tokens (RFC 6749 section 6).

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::access_token::CLOUD_PLATFORM;
use crate::assertion::{self, Refusal};
use crate::http::{Request, Response};
use crate::id_token::{self, Form};
use crate::state::State;

/// The OAuth client that gcloud logs people in with.
pub(crate) const CLIENT_ID: &str = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";
/// What the emulated client calls its secret.
pub(crate) const CLIENT_SECRET: &str = "callerid-emulator-client-secret";

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// The addresses of the endpoint that assertions are made for.
const AUDIENCES: [&str; 4] = [
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
    "https://accounts.google.com/o/oauth2/v2/token",
];
const ACCESS_LIFETIME: i64 = 3_599;

/// Why the endpoint gives nothing: status, `error` and `error_description`.
struct Denial(StatusCode, &'static str, &'static str);

impl Denial {
    const fn grant(description: &'static str) -> Self {
        Self(StatusCode::BAD_REQUEST, "invalid_grant", description)
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self::grant(match refusal {
            Refusal::Malformed => "Invalid JWT: Not a valid JWT.",
            Refusal::AccountNotFound => "Invalid grant: account not found",
            Refusal::AccountDisabled => "Account disabled.",
            Refusal::Signature => "Invalid JWT Signature.",
            Refusal::Times => {
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
                 Check your iat and exp values in the JWT claim."
            }
        })
    }
}

pub(crate) fn token(state: &State, request: &Request) -> Response {
    let given = match request.form("grant_type").as_deref() {
        Some(JWT_BEARER) => by_assertion(state, request),
        Some("refresh_token") => by_refresh_token(state, request),
        Some(_) => Err(Denial(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type")),
        None => Err(Denial(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Required parameter is missing: grant_type",
        )),
    };
    match given {
        Ok(body) => Response::ok(&body),
        Err(Denial(status, error, description)) => {
            Response::json(status, &json!({"error": error, "error_description": description}))
        }
    }
    .with_header("cache-control", "no-cache, no-store, max-age=0, must-revalidate")
}

fn by_assertion(state: &State, request: &Request) -> Result<Value, Denial> {
    let missing =
        Denial(StatusCode::BAD_REQUEST, "invalid_request", "Required parameter is missing: assertion");
    let assertion = assertion::judge(state, &request.form("assertion").ok_or(missing)?)?;
    let audience = assertion.text("aud").unwrap_or_default();
    if !AUDIENCES.contains(&audience) && audience != state.urls().token_uri && audience != address(request) {
        return Err(Denial::grant("Invalid JWT: Failed audience check."));
    }
    let account = &assertion.account;
    if let Some(subject) = assertion.text("sub").filter(|subject| *subject != account.email) {
        let _ = subject;
        return Err(Denial(
            StatusCode::UNAUTHORIZED,
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or client not authorized \
             for any of the scopes requested.",
        ));
    }
    if let Some(audience) = assertion.text("target_audience").filter(|audience| !audience.is_empty()) {
        let form = Form { has_email: true, google: None };
        let token = id_token::of_account(state, account, audience, form).ok_or_else(unavailable)?;
        return Ok(json!({"id_token": token}));
    }
    let scopes = words(assertion.text("scope").unwrap_or_default());
    if scopes.is_empty() {
        return Err(Denial(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ));
    }
    let token = state.access_token(&account.principal(), scopes, ACCESS_LIFETIME);
    Ok(json!({"access_token": token, "expires_in": ACCESS_LIFETIME, "token_type": "Bearer"}))
}

fn by_refresh_token(state: &State, request: &Request) -> Result<Value, Denial> {
    if request.form("client_id").as_deref() != Some(CLIENT_ID) {
        return Err(Denial(StatusCode::UNAUTHORIZED, "invalid_client", "The OAuth client was not found."));
    }
    if request.form("client_secret").as_deref() != Some(CLIENT_SECRET) {
        return Err(Denial(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The provided client secret is invalid.",
        ));
    }
    if request.form("refresh_token") != Some(refresh_token(state)) {
        return Err(Denial::grant("Token has been expired or revoked."));
    }
    let audience = request.form("audience").unwrap_or_else(|| CLIENT_ID.into());
    // The number of a client's project is what its id begins with.
    let project = |client: &str| client.split('-').next().map(str::to_owned);
    if project(&audience) != project(CLIENT_ID) {
        return Err(Denial(
            StatusCode::BAD_REQUEST,
            "invalid_audience",
            "The audience client and the client need to be in the same project.",
        ));
    }
    let asked_for = words(&request.form("scope").unwrap_or_default());
    let scopes = if asked_for.is_empty() { login_scopes() } else { asked_for };
    let principal = format!("user:{}", state.config.user);
    let access_token = state.access_token(&principal, scopes.clone(), ACCESS_LIFETIME);
    let id_token = id_token::of_user(state, &state.config.user, &audience, &access_token);
    Ok(json!({
        "access_token": access_token,
        "expires_in": ACCESS_LIFETIME,
        "scope": scopes.join(" "),
        "token_type": "Bearer",
        "id_token": id_token.ok_or_else(unavailable)?,
    }))
}

/// The refresh token of the user who has logged in.
pub(crate) fn refresh_token(state: &State) -> String {
    format!("1//{}", crate::keys::base64url(state.seed.derive("refresh token")))
}

fn login_scopes() -> Vec<String> {
    let scopes = ["openid", "https://www.googleapis.com/auth/userinfo.email", CLOUD_PLATFORM];
    scopes.map(Into::into).into()
}

/// The endpoint's address as the client wrote it.
fn address(request: &Request) -> String {
    format!("{}{}", request.origin(""), request.path())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(Into::into).collect()
}

const fn unavailable() -> Denial {
    Denial(StatusCode::INTERNAL_SERVER_ERROR, "internal_failure", "The key could not be read.")
}
