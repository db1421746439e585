//! `/_emulator`: lists what is ordered and what can be, and takes orders.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::faults::KINDS;
use crate::http::{Request, Response};
use crate::orders::{self, ORDERS};
use crate::state::State;

const PREFIX: &str = "/_emulator/";

pub(crate) fn answer(state: &State, request: &Request) -> Response {
    // A page in a browser must not rule the emulator; what browsers send from pages carries this header.
    if request.headers.contains_key("origin") {
        return error(StatusCode::FORBIDDEN, "orders from web pages are not taken");
    }
    let name = request.path().strip_prefix(PREFIX).unwrap_or_default();
    if request.method != Method::POST {
        let is_list = name.is_empty();
        return if is_list { Response::ok(&overview(state)) } else { Response::not_found(request.path()) };
    }
    let body = if request.body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&request.body) };
    let Ok(body) = body else { return error(StatusCode::BAD_REQUEST, "the body is not JSON") };
    match orders::obey(state, name, body) {
        Some(Ok(done)) => Response::ok(&done),
        Some(Err(what)) => error(StatusCode::BAD_REQUEST, &what),
        None => {
            let names: Vec<_> = all_orders().map(|(name, _)| name).collect();
            error(StatusCode::NOT_FOUND, &format!("there is no such order; there are {}", names.join(", ")))
        }
    }
}

fn error(status: StatusCode, what: &str) -> Response {
    Response::json(status, &json!({"error": what}))
}

fn all_orders() -> impl Iterator<Item = (&'static str, &'static str)> {
    let faults = KINDS.iter().map(|(name, _, does)| (*name, *does));
    ORDERS.iter().map(|order| (order.name, order.does)).chain(faults)
}

fn overview(state: &State) -> Value {
    let rotations = state.keys.rotations();
    let rotations = rotations.iter().map(|(owner, rotation)| (owner.name(), json!(rotation)));
    let orders = all_orders().map(|(name, does)| (name.into(), Value::from(does)));
    json!({
        "now": state.now(),
        "accounts": state.accounts(),
        "grants": state.grants(),
        "rotations": Value::Object(rotations.collect()),
        "settings": state.settings(),
        "faults": state.faults.list(),
        "refusals": state.refusals.list(),
        "every_fault_takes": "endpoint: discovery|iam_credentials|keys|metadata|protected|sts|token|tokeninfo, \
                              count, probability, off",
        "orders": Value::Object(orders.collect()),
    })
}
