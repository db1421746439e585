//! The shape of every endpoint: one row a request, all through [`check`].

use callerid_emulator::Emulator;
use ureq::http::Method;

use crate::client::{agent, send};
use crate::{ATTACHED, OTHER, TARGET, access_token, order, start};

/// A request and what must be in its answer.
struct Case {
    /// Method and path; `ACCESS` in a header stands for an access token of the attached account.
    request: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    status: u16,
    /// How the content type begins.
    content_type: &'static str,
    /// Texts of the body.
    has: &'static [&'static str],
    /// Headers of the answer, each with how its value begins.
    answers: &'static [(&'static str, &'static str)],
}

const CASE: Case =
    Case { request: "", headers: &[], body: "", status: 200, content_type: "", has: &[], answers: &[] };

const JSON: &str = "application/json";
const TEXT: &str = "application/text";
const HTML: &str = "text/html";
const FLAVOR: &[(&str, &str)] = &[("metadata-flavor", "Google")];
const SERVED: &[(&str, &str)] =
    &[("metadata-flavor", "Google"), ("server", "Metadata Server for VM"), ("etag", "")];
const BEARER: &[(&str, &str)] = &[("authorization", "Bearer ACCESS")];
const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

fn check(emulator: &Emulator, access_token: &str, case: &Case) {
    let (method, path) = case.request.split_once(' ').expect("a method and a path");
    let headers: Vec<(&str, String)> =
        case.headers.iter().map(|(name, value)| (*name, value.replace("ACCESS", access_token))).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let method: Method = method.parse().expect("a method");
    let url = format!("{}{path}", emulator.urls().url);
    let answer = send(&agent(), &method, &url, &headers, case.body).expect("an answer");
    let request = case.request;
    assert_eq!(answer.status, case.status, "{request}: {}", answer.body);
    let content_type = answer.header("content-type");
    assert!(content_type.starts_with(case.content_type), "{request}: {content_type}");
    for text in case.has {
        assert!(answer.body.contains(text), "{request}: no {text} in {}", answer.body);
    }
    for (name, begin) in case.answers {
        assert!(answer.headers.contains_key(*name), "{request}: no header {name}");
        assert!(answer.header(name).starts_with(begin), "{request}: {name} is {}", answer.header(name));
    }
    assert!(answer.headers.contains_key("date"), "{request}: no date");
}

const METADATA: &[Case] = &[
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

const PUBLIC: &[Case] = &[
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

const IAM: &[Case] = &[
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

const OAUTH: &[Case] = &[
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

#[test]
fn have_the_shapes_of_googles() {
    let emulator = start();
    // What is left of a token's life is told in seconds, which must not pass meanwhile.
    order(&emulator, "clock", "{\"now\":1800000000}");
    let token = access_token(&emulator);
    for case in [METADATA, PUBLIC, IAM, OAUTH].into_iter().flatten() {
        check(&emulator, &token, case);
    }
}

#[test]
fn say_what_is_wrong_with_an_attached_account_that_is_gone() {
    let emulator = start();
    order(&emulator, "account", &format!("{{\"email\":\"{ATTACHED}\",\"deleted\":true}}"));
    for leaf in ["token", "identity?audience=x"] {
        let answer = crate::metadata(&emulator, &format!("instance/service-accounts/default/{leaf}"));
        let expected = format!("Not found; Gaia id not found for email {ATTACHED}");
        assert_eq!(answer.status, 404, "{leaf}");
        assert!(answer.body.contains(&expected), "{leaf}: {}", answer.body);
    }
    // Its keys are gone, and those of others are still there.
    let keys = |email: &str| {
        let url = emulator.urls().service_account_keys.replace("{email}", email);
        crate::client::get(&url, &[]).status
    };
    assert_eq!([ATTACHED, TARGET, OTHER].map(keys), [404, 200, 200]);
}
