//! The backend itself: it answers with what has reached it.

use serde_json::{Map, Value, json};

use super::{Backend, View};
use crate::http::{Request, Response};

/// Answers with the request as JSON: method, path with query, headers in lower case, body as text.
pub(crate) fn answer(request: &Request, backend: &Backend, _: &View<'_>) -> Response {
    let headers: Map<String, Value> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().into(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    Response::ok(&json!({
        "backend": backend.protected.name,
        "method": request.method.as_str(),
        "path": request.uri.path_and_query().map_or("/", |path| path.as_str()),
        "headers": headers,
        "body": String::from_utf8_lossy(&request.body),
    }))
}
