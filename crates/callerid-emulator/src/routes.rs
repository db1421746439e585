//! Every address that is answered: Google's host for it, path, what faults call it, and who answers.

use hyper::{Method, StatusCode};

use crate::http::{Request, Response};
use crate::state::State;
use crate::{
    control, discovery, iam_credentials, key_sets, metadata, oauth, resource_manager, sts, token_info,
};

/// A group of addresses that fail together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Endpoint {
    Control,
    Discovery,
    IamCredentials,
    Keys,
    Metadata,
    Protected,
    ResourceManager,
    Sts,
    Token,
    Tokeninfo,
}

type Answer = fn(&State, &Request) -> Response;

/// Where something is answered. A path that ends with a slash stands for all that is below it.
pub(crate) struct Route {
    method: Method,
    host: &'static str,
    path: &'static str,
    pub(crate) endpoint: Endpoint,
    pub(crate) answer: Answer,
}

const fn route(
    method: Method,
    host: &'static str,
    path: &'static str,
    endpoint: Endpoint,
    answer: Answer,
) -> Route {
    Route { method, host, path, endpoint, answer }
}

const ACCOUNTS: &str = "accounts.google.com";
const APIS: &str = "www.googleapis.com";
const IAM: &str = "iamcredentials.googleapis.com";
const OAUTH: &str = "oauth2.googleapis.com";
const METADATA: &str = "metadata.google.internal";
const RESOURCES: &str = "cloudresourcemanager.googleapis.com";
const STATIC: &str = "www.gstatic.com";
const STS: &str = "sts.googleapis.com";
/// Answered by the emulator alone.
const NOT_GOOGLES: &str = "";

const ROUTES: &[Route] = &[
    route(Method::GET, NOT_GOOGLES, "/_emulator", Endpoint::Control, control::answer),
    route(Method::GET, NOT_GOOGLES, "/_emulator/", Endpoint::Control, control::answer),
    route(Method::POST, NOT_GOOGLES, "/_emulator/", Endpoint::Control, control::answer),
    route(Method::GET, METADATA, "/", Endpoint::Metadata, metadata::root),
    route(Method::GET, METADATA, "/computeMetadata", Endpoint::Metadata, metadata::answer),
    route(Method::GET, METADATA, "/computeMetadata/", Endpoint::Metadata, metadata::answer),
    route(Method::POST, OAUTH, "/token", Endpoint::Token, oauth::token),
    route(Method::POST, APIS, "/oauth2/v4/token", Endpoint::Token, oauth::token),
    route(Method::POST, ACCOUNTS, "/o/oauth2/token", Endpoint::Token, oauth::token),
    route(Method::POST, IAM, "/v1/projects/", Endpoint::IamCredentials, iam_credentials::answer),
    route(Method::GET, RESOURCES, "/v1/projects/", Endpoint::ResourceManager, resource_manager::project),
    route(Method::POST, STS, "/v1/token", Endpoint::Sts, sts::token),
    route(Method::GET, APIS, "/oauth2/v3/certs", Endpoint::Keys, key_sets::google_jwk_set),
    route(Method::GET, APIS, "/oauth2/v1/certs", Endpoint::Keys, key_sets::google_certificates),
    route(Method::GET, STATIC, "/iap/verify/public_key-jwk", Endpoint::Keys, key_sets::iap_jwk_set),
    route(Method::GET, STATIC, "/iap/verify/public_key", Endpoint::Keys, key_sets::iap_pem_map),
    route(Method::GET, APIS, "/service_accounts/v1/", Endpoint::Keys, key_sets::of_account),
    route(Method::GET, APIS, "/robot/v1/", Endpoint::Keys, key_sets::of_account),
    route(
        Method::GET,
        ACCOUNTS,
        "/.well-known/openid-configuration",
        Endpoint::Discovery,
        discovery::document,
    ),
    route(Method::GET, OAUTH, "/tokeninfo", Endpoint::Tokeninfo, token_info::answer),
    route(Method::POST, OAUTH, "/tokeninfo", Endpoint::Tokeninfo, token_info::answer),
    route(Method::GET, APIS, "/oauth2/v3/tokeninfo", Endpoint::Tokeninfo, token_info::answer),
    route(Method::POST, APIS, "/oauth2/v3/tokeninfo", Endpoint::Tokeninfo, token_info::answer),
];

/// Google's hosts that the emulator stands in for.
pub(crate) fn hosts() -> Vec<&'static str> {
    let mut hosts: Vec<_> = ROUTES.iter().map(|route| route.host).filter(|host| !host.is_empty()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// What stands for every address of a protected backend.
pub(crate) static PROTECTED: Route =
    route(Method::GET, NOT_GOOGLES, "/", Endpoint::Protected, |_, request| {
        Response::not_found(request.path())
    });

/// What answers a request, or why nothing does.
pub(crate) fn find(request: &Request) -> Result<&'static Route, Response> {
    let path = request.path();
    let is_at = |route: &&Route| {
        let is_path = match route.path {
            "/" => path == "/",
            below if below.ends_with('/') => path.starts_with(below),
            exactly => path == exactly,
        };
        is_path && request.googles_host.as_deref().is_none_or(|host| host == route.host)
    };
    let mut there = ROUTES.iter().filter(is_at).peekable();
    if there.peek().is_none() {
        return Err(Response::not_found(path));
    }
    // A HEAD is a GET whose body is not sent.
    let method = if request.method == Method::HEAD { Method::GET } else { request.method.clone() };
    there.find(|route| route.method == method).ok_or_else(|| {
        let sentence = format!(
            "The request method <code>{method}</code> is inappropriate for the URL <code>{}</code>.",
            crate::http::escaped(path)
        );
        Response::page(StatusCode::METHOD_NOT_ALLOWED, "Error 405 (Method Not Allowed)!!1", &sentence)
    })
}
