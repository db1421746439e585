//! The two endpoints that exchange tokens, and what they refuse.

use super::{CASE, Case, FORM, JSON};

pub(super) const ROWS: &[Case] = &[
    Case {
        request: "POST /token",
        headers: FORM,
        body: "",
        status: 400,
        content_type: JSON,
        has: &["invalid_request"],
        ..CASE
    },
    Case {
        request: "POST /token",
        headers: FORM,
        body: "grant_type=password",
        status: 400,
        has: &["{\"error\":\"unsupported_grant_type\",\"error_description\":\"Invalid grant_type"],
        ..CASE
    },
    Case {
        request: "POST /token",
        headers: FORM,
        body: "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer",
        status: 400,
        has: &["assertion"],
        ..CASE
    },
    Case {
        request: "POST /token",
        headers: FORM,
        body: "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x",
        status: 400,
        has: &["\"invalid_grant\"", "Invalid JWT"],
        ..CASE
    },
    Case {
        request: "POST /token",
        headers: FORM,
        body: "grant_type=refresh_token&client_id=x",
        status: 401,
        has: &["\"invalid_client\"", "The OAuth client was not found."],
        ..CASE
    },
    Case {
        request: "POST /token",
        headers: FORM,
        body: "grant_type=refresh_token&client_id=764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com&client_secret=x",
        status: 401,
        has: &["\"invalid_client\""],
        ..CASE
    },
    Case {
        request: "POST /token",
        headers: FORM,
        body: "grant_type=refresh_token&client_id=764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com&client_secret=callerid-emulator-client-secret&refresh_token=x",
        status: 400,
        has: &["\"invalid_grant\"", "Token has been expired or revoked."],
        ..CASE
    },
    Case {
        request: "POST /v1/token",
        headers: FORM,
        body: "",
        status: 400,
        content_type: JSON,
        has: &["\"invalid_request\"", "grant_type"],
        ..CASE
    },
    Case {
        request: "POST /v1/token",
        headers: FORM,
        body: "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=x",
        status: 400,
        has: &[
            "Invalid value for \\\"audience\\\". This value should be the full resource name of the Identity Provider",
        ],
        ..CASE
    },
    Case {
        request: "POST /v1/token",
        headers: FORM,
        body: "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=//iam.googleapis.com/x",
        status: 400,
        has: &[
            "\"invalid_target\"",
            "The target service indicated by the \\\"audience\\\" parameters is invalid",
        ],
        ..CASE
    },
];
