//! What anybody may ask for: keys, discovery, tokeninfo.

use super::{CASE, Case, HTML, JSON};

pub(super) const ROWS: &[Case] = &[
    Case {
        request: "GET /oauth2/v3/certs",
        content_type: JSON,
        has: &["\"kty\":\"RSA\"", "\"alg\":\"RS256\"", "\"use\":\"sig\"", "\"kid\":\"callerid-emulator-"],
        answers: &[
            ("cache-control", "public, max-age=21155"),
            ("age", "12"),
            ("expires", ""),
            ("access-control-allow-origin", "*"),
        ],
        ..CASE
    },
    Case {
        request: "GET /oauth2/v1/certs",
        content_type: JSON,
        has: &["\"callerid-emulator-", "-----BEGIN CERTIFICATE-----"],
        answers: &[("cache-control", "public, max-age=21155")],
        ..CASE
    },
    Case {
        request: "GET /iap/verify/public_key-jwk",
        content_type: JSON,
        has: &["\"kty\":\"EC\"", "\"crv\":\"P-256\"", "\"alg\":\"ES256\""],
        answers: &[("cache-control", "public, max-age=3000"), ("age", "1023")],
        ..CASE
    },
    Case {
        request: "GET /iap/verify/public_key",
        content_type: JSON,
        has: &["-----BEGIN PUBLIC KEY-----"],
        ..CASE
    },
    Case {
        request: "GET /service_accounts/v1/jwk/vm@p.iam.gserviceaccount.com",
        content_type: JSON,
        has: &["\"kty\":\"RSA\""],
        ..CASE
    },
    Case {
        request: "GET /service_accounts/v1/metadata/jwk/vm@p.iam.gserviceaccount.com",
        has: &["\"kty\":\"RSA\""],
        ..CASE
    },
    Case {
        request: "GET /robot/v1/metadata/jwk/vm%40p.iam.gserviceaccount.com",
        has: &["\"kty\":\"RSA\""],
        ..CASE
    },
    Case {
        request: "GET /service_accounts/v1/metadata/x509/vm@p.iam.gserviceaccount.com",
        has: &["BEGIN CERTIFICATE"],
        ..CASE
    },
    Case {
        request: "GET /robot/v1/metadata/x509/vm@p.iam.gserviceaccount.com",
        has: &["BEGIN CERTIFICATE"],
        ..CASE
    },
    Case {
        request: "GET /robot/v1/metadata/x509/nobody@p.iam.gserviceaccount.com",
        status: 404,
        content_type: JSON,
        has: &["\"status\":\"NOT_FOUND\""],
        ..CASE
    },
    Case { request: "GET /robot/v1/metadata/pem/vm@p.iam.gserviceaccount.com", status: 404, ..CASE },
    Case {
        request: "GET /.well-known/openid-configuration",
        content_type: JSON,
        has: &["\"issuer\":\"https://accounts.google.com\"", "/oauth2/v3/certs\"", "[\"RS256\"]"],
        ..CASE
    },
    Case {
        request: "GET /nothing/here",
        status: 404,
        content_type: HTML,
        has: &["<code>/nothing/here</code>"],
        ..CASE
    },
    Case { request: "GET /%3Cscript%3E", status: 404, ..CASE },
    Case { request: "GET /token", status: 405, ..CASE },
    Case {
        request: "GET /tokeninfo?access_token=ya29.nonsense",
        status: 400,
        content_type: JSON,
        has: &["{\"error\":\"invalid_token\",\"error_description\":\"Invalid Value\"}"],
        ..CASE
    },
    Case { request: "GET /tokeninfo?id_token=nonsense", status: 400, ..CASE },
    Case { request: "GET /tokeninfo", status: 400, ..CASE },
];
