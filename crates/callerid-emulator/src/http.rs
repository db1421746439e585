//! Requests and responses as the emulator's handlers see them: whole, in memory.

use std::borrow::Cow;

use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode, Uri};
use serde_json::Value;

/// Longest body of a request that is read, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;

/// A request, read to its end.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Google's own host that the client believes to speak to, where it came through the HTTPS proxy.
    pub(crate) googles_host: Option<String>,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// A header's text, if it is there once and is text.
    pub(crate) fn header(&self, name: impl AsRef<str>) -> Option<&str> {
        self.headers.get(name.as_ref())?.to_str().ok()
    }

    /// The first parameter of that name in the query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        first(self.uri.query().unwrap_or_default().as_bytes(), name)
    }

    /// The first parameter of that name in a body that is a form.
    pub(crate) fn form(&self, name: &str) -> Option<String> {
        first(&self.body, name)
    }

    /// The token of the `Authorization` header, of the scheme Bearer.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header(AUTHORIZATION)?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// What follows that in the path, with `%40` and the like undone.
    pub(crate) fn after(&self, prefix: &str) -> Option<String> {
        let rest = self.path().strip_prefix(prefix)?;
        // A plus in a path is a plus, which forms take for a space.
        let pair = format!("={}", rest.replace('+', "%2B").replace('&', "%26"));
        form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
    }

    /// The scheme and authority under which the client reached the emulator.
    pub(crate) fn origin(&self, otherwise: &str) -> String {
        match (&self.googles_host, self.header("host")) {
            (Some(host), _) => format!("https://{host}"),
            (None, Some(host)) => format!("http://{host}"),
            (None, None) => otherwise.into(),
        }
    }
}

fn first(pairs: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(pairs).find(|(found, _)| found == name).map(|(_, value)| Cow::into_owned(value))
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status, headers, body: body.into() }
    }

    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::new(status, "application/json; charset=UTF-8", body.to_string())
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// Sets a header; a value that no header may have is left out.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// The page that Google's front end shows where there is nothing.
    pub(crate) fn not_found(path: &str) -> Self {
        Self::page(
            StatusCode::NOT_FOUND,
            "Error 404 (Not Found)!!1",
            &format!("The requested URL <code>{}</code> was not found on this server.", escaped(path)),
        )
    }

    /// A page of a front end, with a title and one sentence.
    pub(crate) fn page(status: StatusCode, title: &str, sentence: &str) -> Self {
        let body = format!(
            "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>{title}</title>\n  \
             <p><b>{}.</b> <ins>That\u{2019}s an error.</ins>\n  <p>{sentence}  <ins>That\u{2019}s all we know.</ins>\n",
            status.as_u16(),
        );
        Self::new(status, "text/html; charset=UTF-8", body)
    }
}

/// Text as HTML shows it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
