//! `/_emulator`: what turns faults on and off, and does what no endpoint of Google's does.

use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::{Request, Response};
use crate::id_token;
use crate::keys::{Owner, Step};
use crate::state::State;

const PREFIX: &str = "/_emulator/";

/// Something that can be ordered with `POST /_emulator/NAME`.
struct Order {
    name: &'static str,
    does: &'static str,
    obey: fn(&State, &Value) -> Result<Value, String>,
}

const ORDERS: &[Order] = &[
    Order { name: "reset", does: "takes back everything that was ordered", obey: reset },
    Order {
        name: "rotate",
        does: "rotates keys: {keys, step: announce|advance|retire|sudden}",
        obey: rotate,
    },
    Order {
        name: "iap-assertion",
        does: "signs as IAP does: {email, subject, audience}",
        obey: iap_assertion,
    },
    Order {
        name: "protect",
        does: "changes a protected backend: {name, invokers: [address|allUsers|allAuthenticatedUsers], troubles: \
               [agent_may_not_invoke|audience_not_named|ingress_internal|oauth_client_misconfigured]}",
        obey: protect,
    },
];

pub(crate) fn answer(state: &State, request: &Request) -> Response {
    // A page in a browser must not rule the emulator; what it sends carries this header.
    if request.headers.contains_key("origin") {
        return error(StatusCode::FORBIDDEN, "orders from web pages are not taken");
    }
    let name = request.path().strip_prefix(PREFIX).unwrap_or_default();
    if request.method != Method::POST {
        return if name.is_empty() { Response::ok(&overview(state)) } else { Response::not_found(name) };
    }
    let Some(order) = ORDERS.iter().find(|order| order.name == name) else {
        let names: Vec<_> = ORDERS.iter().map(|order| order.name).collect();
        return error(
            StatusCode::NOT_FOUND,
            &format!("there is no such order; there are {}", names.join(", ")),
        );
    };
    let body = if request.body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&request.body) };
    let Ok(body) = body else { return error(StatusCode::BAD_REQUEST, "the body is not JSON") };
    match (order.obey)(state, &body) {
        Ok(done) => Response::ok(&done),
        Err(what) => error(StatusCode::BAD_REQUEST, &what),
    }
}

fn error(status: StatusCode, what: &str) -> Response {
    Response::json(status, &json!({"error": what}))
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, String> {
    serde_json::from_value(body.clone()).map_err(|error| error.to_string())
}

fn overview(state: &State) -> Value {
    let orders: Vec<_> =
        ORDERS.iter().map(|order| json!({"order": order.name, "does": order.does})).collect();
    let rotations = state.keys.rotations();
    let rotations = rotations.iter().map(|(owner, rotation)| (owner.name(), json!(rotation)));
    json!({
        "now": state.now(),
        "grants": state.grants(),
        "rotations": Value::Object(rotations.collect()),
        "orders": orders,
    })
}

fn reset(state: &State, _: &Value) -> Result<Value, String> {
    state.reset();
    Ok(overview(state))
}

fn rotate(state: &State, body: &Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rotate {
        #[serde(default = "google")]
        keys: String,
        step: Step,
    }
    fn google() -> String {
        "google".into()
    }
    let Rotate { keys, step } = read(body)?;
    let owner = match keys.as_str() {
        "google" => Owner::Google,
        "iap" => Owner::Iap,
        email => match state.account(email) {
            Some(account) => Owner::AccountByGoogle(account.email),
            None => return Err("keys is neither google, iap nor the address of an account".into()),
        },
    };
    let rotation = state.rotate(&owner, step).map_err(|error| error.to_string())?;
    Ok(json!(rotation))
}

fn iap_assertion(state: &State, body: &Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Caller {
        email: Option<String>,
        subject: Option<String>,
        audience: Option<String>,
    }
    let Caller { email, subject, audience } = read(body)?;
    let email = email.unwrap_or_else(|| state.config.user.clone());
    let subject =
        subject.unwrap_or_else(|| format!("accounts.google.com:{}", crate::config::numeric_id(&email)));
    let audience = audience.unwrap_or_else(|| {
        format!("/projects/{}/global/backendServices/987654321", state.config.project_number)
    });
    let assertion =
        id_token::of_iap(state, &email, &subject, &audience).ok_or("the key could not be read")?;
    Ok(json!({"assertion": assertion}))
}

fn protect(state: &State, body: &Value) -> Result<Value, String> {
    let changes = read(body)?;
    let rules = state.change_protection(&changes).ok_or("there is no protected backend of that name")?;
    Ok(json!({"name": changes.name, "invokers": rules.invokers.to_members(), "troubles": rules.troubles}))
}
