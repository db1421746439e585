//! The metadata server.

use super::{CASE, Case, FLAVOR, HTML, JSON, SERVED, TEXT};
use crate::ATTACHED;

pub(super) const ROWS: &[Case] = &[
    Case { request: "GET /", content_type: TEXT, has: &["computeMetadata/"], answers: SERVED, ..CASE },
    Case {
        request: "GET /computeMetadata/v1/",
        status: 403,
        content_type: HTML,
        has: &["Missing required header \"Metadata-Flavor\": \"Google\""],
        answers: FLAVOR,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/",
        headers: &[("metadata-flavor", "google")],
        status: 403,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/",
        headers: &[("metadata-flavor", "Google"), ("x-forwarded-for", "10.0.0.1")],
        status: 403,
        has: &["X-Forwarded-For"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/",
        headers: FLAVOR,
        content_type: TEXT,
        has: &["instance/\nproject/\nuniverse/\n"],
        answers: SERVED,
        ..CASE
    },
    Case { request: "GET /computeMetadata/v1/", headers: &[("x-google-metadata-request", "True")], ..CASE },
    Case { request: "GET /computeMetadata/", headers: FLAVOR, has: &["v1/"], ..CASE },
    Case { request: "GET /computeMetadata/v1beta1/", headers: FLAVOR, status: 404, ..CASE },
    Case {
        request: "GET /computeMetadata/v1/instance",
        headers: FLAVOR,
        has: &["service-accounts/"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/project/project-id",
        headers: FLAVOR,
        content_type: TEXT,
        has: &["p"],
        answers: SERVED,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/project/project-id?alt=json",
        headers: FLAVOR,
        content_type: JSON,
        has: &["\"p\""],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/project/numeric-project-id",
        headers: FLAVOR,
        has: &["123456789012"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/project/?recursive=true",
        headers: FLAVOR,
        content_type: JSON,
        has: &["{\"attributes\":{},\"numericProjectId\":123456789012,\"projectId\":\"p\"}"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/project/?recursive=true&alt=text",
        headers: FLAVOR,
        content_type: TEXT,
        has: &["numeric-project-id 123456789012\nproject-id p\n"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/universe/universe-domain",
        headers: FLAVOR,
        has: &["googleapis.com"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/zone",
        headers: FLAVOR,
        has: &["projects/123456789012/zones/us-central1-a"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/region",
        headers: FLAVOR,
        has: &["projects/123456789012/regions/us-central1"],
        ..CASE
    },
    Case { request: "GET /computeMetadata/v1/instance/id", headers: FLAVOR, ..CASE },
    Case {
        request: "GET /computeMetadata/v1/instance/name",
        headers: FLAVOR,
        has: &["callerid-emulator-vm"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/cpus",
        headers: FLAVOR,
        status: 404,
        content_type: HTML,
        answers: FLAVOR,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/",
        headers: FLAVOR,
        has: &["vm@p.iam.gserviceaccount.com/\ndefault/\n"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/",
        headers: FLAVOR,
        has: &["aliases\nemail\nidentity\nscopes\ntoken\n"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/email",
        headers: FLAVOR,
        has: &[ATTACHED],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/aliases",
        headers: FLAVOR,
        has: &["default\n"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/scopes",
        headers: FLAVOR,
        has: &["/auth/cloud-platform\n", "/auth/userinfo.email\n"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/?recursive=true",
        headers: FLAVOR,
        content_type: JSON,
        has: &["\"aliases\":[\"default\"]", "\"email\":\"vm@p.iam", "\"scopes\":[\"https:"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/vm@p.iam.gserviceaccount.com/email",
        headers: FLAVOR,
        has: &[ATTACHED],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/vm%40p.iam.gserviceaccount.com/email",
        headers: FLAVOR,
        has: &[ATTACHED],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/target@p.iam.gserviceaccount.com/email",
        headers: FLAVOR,
        status: 404,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/target@p.iam.gserviceaccount.com/token",
        headers: FLAVOR,
        status: 404,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/token",
        headers: FLAVOR,
        content_type: JSON,
        has: &["\"access_token\":\"ya29.c.", "\"expires_in\":3599", "\"token_type\":\"Bearer\""],
        answers: SERVED,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/identity",
        headers: FLAVOR,
        status: 400,
        content_type: HTML,
        has: &["non-empty audience parameter required"],
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/identity?audience=",
        headers: FLAVOR,
        status: 400,
        ..CASE
    },
    Case {
        request: "GET /computeMetadata/v1/instance/service-accounts/default/identity?audience=x",
        headers: FLAVOR,
        content_type: HTML,
        has: &["eyJ"],
        answers: SERVED,
        ..CASE
    },
    Case { request: "HEAD /computeMetadata/v1/", headers: FLAVOR, answers: SERVED, ..CASE },
    Case { request: "POST /computeMetadata/v1/", headers: FLAVOR, status: 405, ..CASE },
];
