//! The metadata server of a virtual machine: facts about it, and tokens of the account attached to it.

mod tree;

use std::sync::PoisonError;

use hyper::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::access_token::CLOUD_PLATFORM;
use crate::http::{Request, Response};
use crate::id_token::{self, Form};
use crate::state::{Account, State};
use tree::Found;

const PREFIX: &str = "/computeMetadata/v1";
const FLAVOR: &str = "metadata-flavor";

/// How long tokens live here, in seconds.
const LIFETIME: i64 = 3_599;
/// New ones are made so many seconds before the old ones expire.
const RENEWED_BEFORE: i64 = 270;
/// Most tokens that are kept to be handed out again.
const HANDED_OUT_MAX: usize = 256;

/// What every machine's account may do at most, unless it was made to allow more.
const SCOPES: [&str; 2] = [CLOUD_PLATFORM, "https://www.googleapis.com/auth/userinfo.email"];

/// `/`: what clients knock at to learn where they run.
pub(crate) fn root(_: &State, _: &Request) -> Response {
    served(text("computeMetadata/\n"))
}

/// `/computeMetadata/…`
pub(crate) fn answer(state: &State, request: &Request) -> Response {
    if let Err(refusal) = check_headers(request) {
        return served(refusal);
    }
    let Some(path) = request.after(PREFIX) else {
        let is_above = matches!(request.path(), "/computeMetadata" | "/computeMetadata/");
        return served(if is_above { text("v1/\n") } else { Response::not_found(request.path()) });
    };
    let answer = match path.trim_start_matches('/') {
        path if path.starts_with("instance/service-accounts/") => of_account(state, request, path),
        path => of_tree(state, request, path),
    };
    served(answer)
}

/// What keeps requests out that a page or a proxy was tricked into.
fn check_headers(request: &Request) -> Result<(), Response> {
    let is_asked_for = request.header(FLAVOR) == Some("Google")
        || request
            .header("x-google-metadata-request")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if !is_asked_for {
        return Err(refusal("Missing required header \"Metadata-Flavor\": \"Google\""));
    }
    if request.headers.contains_key("x-forwarded-for") {
        return Err(refusal("Request contains the header \"X-Forwarded-For\""));
    }
    Ok(())
}

fn refusal(sentence: &str) -> Response {
    Response::page(StatusCode::FORBIDDEN, "Error 403 (Forbidden)!!1", sentence)
}

fn text(body: impl Into<String>) -> Response {
    Response::new(StatusCode::OK, "application/text", body.into())
}

/// Puts on what every answer of the server carries.
fn served(response: Response) -> Response {
    let digest = Sha256::digest(&response.body);
    let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    response
        .with_header(FLAVOR, "Google")
        .with_header("server", "Metadata Server for VM")
        .with_header("etag", &tag)
        .with_header("x-xss-protection", "0")
        .with_header("x-frame-options", "SAMEORIGIN")
}

fn of_tree(state: &State, request: &Request, path: &str) -> Response {
    let is_recursive = request.query("recursive").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let whole = tree::whole(state);
    let form = request.query("alt");
    match whole.find(path) {
        None => Response::not_found(request.path()),
        Some(Found::Leaf(leaf)) => match form.as_deref() {
            Some("json") => Response::new(StatusCode::OK, "application/json", leaf.to_string()),
            _ => text(tree::plain(&leaf)),
        },
        Some(Found::Directory(directory)) if is_recursive => match form.as_deref() {
            Some("text") => text(directory.lines()),
            _ => Response::new(StatusCode::OK, "application/json", directory.to_json().to_string()),
        },
        Some(Found::Directory(directory)) => text(directory.listing()),
    }
}

/// `instance/service-accounts/…`, whose tokens are in no tree.
fn of_account(state: &State, request: &Request, path: &str) -> Response {
    let rest = path.strip_prefix("instance/service-accounts/").unwrap_or_default();
    let (name, leaf) = rest.split_once('/').unwrap_or((rest, ""));
    if !matches!(leaf, "identity" | "token") {
        return of_tree(state, request, path);
    }
    let Some(account) = state.attached_account().filter(|it| name == "default" || name == it.email) else {
        return Response::not_found(request.path());
    };
    if account.is_deleted || account.is_disabled {
        let kind = if leaf == "token" { "access token" } else { "identity token" };
        let sentence = format!(
            "Unable to generate {kind}; IAM returned 404 Not Found: Not found; Gaia id not found for email {}\n",
            account.email
        );
        return Response::new(StatusCode::NOT_FOUND, "application/text", sentence);
    }
    match leaf {
        "token" => access_token(state, request, &account),
        // Cloud Build's has none.
        _ if state.settings().metadata.is_cloud_build => Response::not_found(request.path()),
        _ => identity(state, request, &account),
    }
}

/// The scopes that the machine was made with.
fn scopes(state: &State) -> Vec<String> {
    state.settings().metadata.scopes.unwrap_or_else(|| SCOPES.map(Into::into).into())
}

fn access_token(state: &State, request: &Request, account: &Account) -> Response {
    let machines = scopes(state);
    let asked_for = request.query("scopes").unwrap_or_default();
    let asked_for = asked_for.split(',').filter(|scope| !scope.is_empty());
    let asked_for: Vec<String> = asked_for.map(Into::into).collect();
    let scopes = if asked_for.is_empty() { machines } else { asked_for };
    let wanted = format!("token {scopes:?}");
    let made = || Some((state.access_token(&account.principal(), scopes, LIFETIME), LIFETIME));
    let Some((token, left)) = again(state, &wanted, made) else { return unavailable() };
    let body = json!({"access_token": token, "expires_in": left, "token_type": "Bearer"});
    Response::new(StatusCode::OK, "application/json", body.to_string())
}

fn identity(state: &State, request: &Request, account: &Account) -> Response {
    let Some(audience) = request.query("audience").filter(|audience| !audience.is_empty()) else {
        return Response::new(
            StatusCode::BAD_REQUEST,
            "text/html; charset=UTF-8",
            "non-empty audience parameter required\n",
        );
    };
    let is_full = request.query("format").as_deref() == Some("full");
    let has_licenses = request.query("licenses").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let settings = state.settings();
    let made = || {
        let form = Form {
            has_email: is_full || settings.metadata.standard_has_email,
            google: is_full.then(|| compute_engine(state, has_licenses)),
        };
        let token = id_token::of_account(state, account, &audience, form)?;
        Some((token, settings.tokens.lifetime.unwrap_or(LIFETIME)))
    };
    let wanted = format!("identity {is_full} {has_licenses} {audience}");
    match again(state, &wanted, made) {
        Some((token, _)) => Response::new(StatusCode::OK, "text/html; charset=UTF-8", token),
        None => unavailable(),
    }
}

fn unavailable() -> Response {
    Response::page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Error 500 (Server Error)!!1",
        "The key could not be read.",
    )
}

/// The token that was handed out for the same thing before, until shortly before it expires, and for how
/// many seconds it is still good.
fn again(state: &State, wanted: &str, make: impl FnOnce() -> Option<(String, i64)>) -> Option<(String, i64)> {
    let now = state.now();
    let is_kept =
        |until: i64| until.saturating_sub(now) > RENEWED_BEFORE && until <= now.saturating_add(LIFETIME);
    let found = {
        let handed_out = state.handed_out.lock().unwrap_or_else(PoisonError::into_inner);
        handed_out.get(wanted).filter(|(_, until)| is_kept(*until)).cloned()
    };
    if let Some((token, until)) = found {
        return Some((token, until.saturating_sub(now)));
    }
    let (token, lifetime) = make()?;
    let mut handed_out = state.handed_out.lock().unwrap_or_else(PoisonError::into_inner);
    if handed_out.len() >= HANDED_OUT_MAX {
        handed_out.clear();
    }
    handed_out.insert(wanted.into(), (token.clone(), now.saturating_add(lifetime)));
    Some((token, lifetime))
}

/// Facts about the machine; numbers and text are mixed as the server mixes them.
fn compute_engine(state: &State, has_licenses: bool) -> Value {
    let machine = tree::Machine::of(state);
    let mut facts = json!({
        "instance_creation_timestamp": machine.created_at,
        "instance_id": machine.id,
        "instance_name": machine.name,
        "project_id": state.config.project_id,
        "project_number": state.config.project_number,
        "zone": tree::ZONE,
    });
    if let (true, Some(facts)) = (has_licenses, facts.as_object_mut()) {
        facts.insert("license_id".into(), json!([tree::LICENSE]));
    }
    json!({"compute_engine": facts})
}
