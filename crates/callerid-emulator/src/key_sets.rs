//! Public keys, as JWK sets and as maps of key ids to PEM texts, with the headers that say how long.

use callerid::visible;
use hyper::StatusCode;
use serde_json::json;

use crate::http::{Request, Response};
use crate::keys::Owner;
use crate::state::State;

/// What a cache in between has already used up of `max-age`, and the rest of what is said about freshness.
struct Freshness {
    cache_control: &'static str,
    max_age: i64,
    age: i64,
}

const GOOGLE: Freshness =
    Freshness { cache_control: ", must-revalidate, no-transform", max_age: 21_155, age: 12 };
const IAP: Freshness = Freshness { cache_control: "", max_age: 3_000, age: 1_023 };

pub(crate) fn google_jwk_set(state: &State, request: &Request) -> Response {
    let keys = state.keys.jwk_set(&[Owner::Google]);
    // Browsers fetch these.
    let origin = request.header("origin").unwrap_or("*");
    fresh(state, keys, &GOOGLE).with_header("access-control-allow-origin", origin)
}

pub(crate) fn google_certificates(state: &State, _: &Request) -> Response {
    fresh(state, state.keys.pem_map(&[Owner::Google], true, state.now()), &GOOGLE)
}

pub(crate) fn iap_jwk_set(state: &State, _: &Request) -> Response {
    fresh(state, state.keys.jwk_set(&[Owner::Iap]), &IAP)
}

pub(crate) fn iap_pem_map(state: &State, _: &Request) -> Response {
    fresh(state, state.keys.pem_map(&[Owner::Iap], false, state.now()), &IAP)
}

/// `…/jwk/EMAIL` and `…/x509/EMAIL`, wherever Google has them.
pub(crate) fn of_account(state: &State, request: &Request) -> Response {
    const FORMS: [(&str, bool); 5] = [
        ("/service_accounts/v1/metadata/jwk/", false),
        ("/service_accounts/v1/jwk/", false),
        ("/robot/v1/metadata/jwk/", false),
        ("/service_accounts/v1/metadata/x509/", true),
        ("/robot/v1/metadata/x509/", true),
    ];
    let form = FORMS.iter().find_map(|(prefix, certificates)| Some((request.after(prefix)?, *certificates)));
    let Some((email, certificates)) = form else { return Response::not_found(request.path()) };
    let Some(account) = state.account(&email) else {
        let message = format!("Service account {} does not exist.", visible(&email));
        let error = json!({"error": {"code": 404, "message": message, "status": "NOT_FOUND"}});
        return Response::json(StatusCode::NOT_FOUND, &error);
    };
    let owners = state.account_keys(&account);
    let body = if certificates {
        state.keys.pem_map(&owners, true, state.now())
    } else {
        state.keys.jwk_set(&owners)
    };
    fresh(state, body, &GOOGLE)
}

fn fresh(state: &State, body: String, freshness: &Freshness) -> Response {
    let ordered = state.settings().freshness;
    let max_age = ordered.max_age.unwrap_or(freshness.max_age);
    let age = ordered.age.unwrap_or(freshness.age);
    let cache_control = freshness.cache_control;
    Response::new(StatusCode::OK, "application/json; charset=UTF-8", body)
        .with_header("cache-control", &format!("public, max-age={max_age}{cache_control}"))
        .with_header("age", &age.to_string())
        .with_header("expires", &state.clock.http_date(max_age - age))
        .with_header("vary", "Origin, X-Origin, Referer")
}
