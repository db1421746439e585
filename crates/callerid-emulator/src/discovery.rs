//! OpenID Connect Discovery: where an issuer's endpoints are.

use serde_json::json;

use crate::http::{Request, Response};
use crate::id_token::ISSUER;
use crate::state::State;

pub(crate) fn document(state: &State, request: &Request) -> Response {
    // A client that believes to speak to Google's host is told Google's addresses.
    let (keys, token) = match request.googles_host {
        Some(_) => (
            "https://www.googleapis.com/oauth2/v3/certs".into(),
            "https://oauth2.googleapis.com/token".into(),
        ),
        None => {
            let origin = request.origin(&state.urls().url);
            (format!("{origin}/oauth2/v3/certs"), format!("{origin}/token"))
        }
    };
    let document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
        "device_authorization_endpoint": "https://oauth2.googleapis.com/device/code",
        "token_endpoint": token,
        "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
        "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
        "jwks_uri": keys,
        "response_types_supported": ["code", "token", "id_token", "code token", "code id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "claims_supported": [
            "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name",
            "picture", "sub",
        ],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ],
    });
    Response::ok(&document).with_header("cache-control", "public, max-age=3600")
}
