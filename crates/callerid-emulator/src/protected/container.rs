//! What the container behind a guard sees of a request, told back to the caller as JSON.

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use super::Backend;
use crate::http::{Request, Response};

/// The words that Cloud Run puts in the place of a signature that it has checked.
const SIGNATURE_REMOVED: &str = "SIGNATURE_REMOVED_BY_GOOGLE";

/// Header fields on their way to the container.
pub(crate) struct Passed(HeaderMap);

impl Passed {
    /// The fields of a request, as they came.
    pub(crate) fn of(request: &Request) -> Self {
        Self(request.headers.clone())
    }

    /// Takes the signature out of the token in this field, so that the container cannot send it on.
    pub(crate) fn redacted(self, name: &'static str, token: &str) -> Self {
        let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
        self.with(name, &format!("Bearer {signed}.{SIGNATURE_REMOVED}"))
    }

    /// Leaves out the fields with such a name.
    pub(crate) fn without(self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut kept = HeaderMap::new();
        for (name, value) in self.0.iter().filter(|(name, _)| !is_left_out(name.as_str())) {
            kept.append(name.clone(), value.clone());
        }
        Self(kept)
    }

    /// Sets a field; a value that no field may have is left out.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// What the container answers: what it saw.
    pub(crate) fn answer(self, backend: &Backend, request: &Request) -> Response {
        let mut headers = Map::new();
        for name in self.0.keys() {
            let values = self.0.get_all(name).iter();
            let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
            // RFC 9110 section 5.3
            headers.insert(name.as_str().into(), Value::String(values.join(", ")));
        }
        Response::ok(&json!({
            "backend": backend.protected.name,
            "method": request.method.as_str(),
            "path": target(request),
            "headers": headers,
            "body": String::from_utf8_lossy(&request.body),
        }))
    }
}

/// The path with the query.
pub(crate) fn target(request: &Request) -> &str {
    request.uri.path_and_query().map_or("/", |target| target.as_str())
}
