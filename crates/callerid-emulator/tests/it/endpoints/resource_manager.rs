//! Resource Manager, which tells the id of a project by its number.

use super::{BEARER, CASE, Case, JSON};

pub(super) const ROWS: &[Case] = &[
    Case {
        request: "GET /v1/projects/123456789012",
        headers: BEARER,
        content_type: JSON,
        has: &["\"projectId\":\"p\"", "\"projectNumber\":\"123456789012\"", "\"lifecycleState\":\"ACTIVE\""],
        ..CASE
    },
    Case {
        request: "GET /v1/projects/p",
        headers: BEARER,
        has: &["\"projectNumber\":\"123456789012\""],
        ..CASE
    },
    Case {
        request: "GET /v1/projects/other",
        headers: BEARER,
        status: 403,
        has: &["\"status\":\"PERMISSION_DENIED\"", "The caller does not have permission"],
        ..CASE
    },
    Case {
        request: "GET /v1/projects/p",
        status: 401,
        has: &["\"status\":\"UNAUTHENTICATED\""],
        answers: &[("www-authenticate", "Bearer")],
        ..CASE
    },
];
