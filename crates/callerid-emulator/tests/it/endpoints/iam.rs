//! IAM Credentials, as the attached account may call it.

use super::{BEARER, CASE, Case, JSON};

pub(super) const ROWS: &[Case] = &[
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        status: 401,
        content_type: JSON,
        has: &["\"status\":\"UNAUTHENTICATED\"", "CREDENTIALS_MISSING"],
        answers: &[("www-authenticate", "Bearer")],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        headers: &[("authorization", "Bearer ya29.wrong")],
        status: 401,
        has: &["UNAUTHENTICATED"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        headers: &[("authorization", "Bearer eyJhbGciOiJub25lIn0.e30.")],
        status: 401,
        has: &["ACCESS_TOKEN_TYPE_UNSUPPORTED"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        headers: BEARER,
        body: "{",
        status: 400,
        has: &["INVALID_ARGUMENT"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        headers: BEARER,
        body: "{}",
        status: 400,
        has: &["Request contains an invalid argument."],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        headers: BEARER,
        body: "{\"audience\":\"x\"}",
        has: &["{\"token\":\"eyJ"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target%40p.iam.gserviceaccount.com:generateIdToken",
        headers: BEARER,
        body: "{\"audience\":\"x\",\"includeEmail\":\"true\",\"useEmailAzp\":\"true\",\"delegates\":null}",
        has: &["{\"token\":\"eyJ"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/p/serviceAccounts/target@p.iam.gserviceaccount.com:generateIdToken",
        headers: BEARER,
        body: "{\"audience\":\"x\"}",
        status: 404,
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:getKey",
        headers: BEARER,
        status: 404,
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateAccessToken",
        headers: BEARER,
        body: "{\"scope\":[\"s\"],\"lifetime\":\"600s\"}",
        has: &["\"accessToken\":\"ya29.c.", "\"expireTime\":\"20", "Z\""],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateAccessToken",
        headers: BEARER,
        body: "{\"scope\":[\"s\"],\"lifetime\":\"3601s\"}",
        status: 400,
        has: &["cannot exceed 3600 seconds"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateAccessToken",
        headers: BEARER,
        body: "{\"scope\":[\"s\"],\"lifetime\":\"1h\"}",
        status: 400,
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:generateAccessToken",
        headers: BEARER,
        body: "{}",
        status: 400,
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:signJwt",
        headers: BEARER,
        body: "{\"payload\":\"{\\\"iss\\\":\\\"x\\\"}\"}",
        has: &["\"keyId\":\"callerid-emulator-", "\"signedJwt\":\"eyJ"],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:signJwt",
        headers: BEARER,
        body: "{\"payload\":\"{\\\"exp\\\":99999999999}\"}",
        status: 400,
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:signJwt",
        headers: BEARER,
        body: "{\"payload\":\"no JSON\"}",
        status: 400,
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:signBlob",
        headers: BEARER,
        body: "{\"payload\":\"aGFsbG8=\"}",
        has: &["\"keyId\":\"callerid-emulator-", "\"signedBlob\":\""],
        ..CASE
    },
    Case {
        request: "POST /v1/projects/-/serviceAccounts/target@p.iam.gserviceaccount.com:signBlob",
        headers: BEARER,
        body: "{\"payload\":\"?\"}",
        status: 400,
        ..CASE
    },
];
