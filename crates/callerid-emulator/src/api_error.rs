//! Errors as Google's APIs write them (AIP-193).

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::http::Response;

/// An error: what it is called, and what is wrong.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    name: &'static str,
    message: String,
    details: Vec<Value>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into(), details: Vec::new() }
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    pub(crate) fn permission_denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    pub(crate) fn unauthenticated(reason: Option<&'static str>, method: &str) -> Self {
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
                       cookie or other valid authentication credential. See \
                       https://developers.google.com/identity/sign-in/web/devconsole-project.";
        let error = Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
        match reason {
            Some(reason) => {
                let metadata = json!({"method": method, "service": "iamcredentials.googleapis.com"});
                error.with_reason(reason, "googleapis.com", metadata)
            }
            None => error,
        }
    }

    #[must_use]
    pub(crate) fn with_reason(mut self, reason: &str, domain: &str, metadata: Value) -> Self {
        self.details.push(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": domain,
            "metadata": metadata,
        }));
        self
    }

    pub(crate) fn to_response(&self) -> Response {
        let mut error = json!({"code": self.status.as_u16(), "message": self.message, "status": self.name});
        if let (false, Some(error)) = (self.details.is_empty(), error.as_object_mut()) {
            error.insert("details".into(), Value::Array(self.details.clone()));
        }
        let response = Response::json(self.status, &json!({"error": error}));
        if self.status == StatusCode::UNAUTHORIZED {
            return response.with_header("www-authenticate", "Bearer realm=\"https://accounts.google.com/\"");
        }
        response
    }
}
