//! What is answered to whom.

use std::sync::Mutex;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    ORIGIN,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};

use super::keys;
use super::site::Site;

/// Longest question of the page, in bytes.
pub(super) const QUESTION_BYTES_MAX: usize = 4096;

/// Stricter than the page's own policy: even keys come from here. Both apply.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (CACHE_CONTROL, "no-store"),
];

/// What is served, where, and what is to be handed over.
pub(super) struct Routes {
    site: Site,
    /// `/SECRET/`
    prefix: String,
    /// The hosts by whose names the browser may mean this server: another name is another site's, which had
    /// it lead here (DNS rebinding).
    hosts: [String; 2],
    pasted: Mutex<Option<String>>,
}

impl Routes {
    pub(super) fn new(site: Site, secret: &str, port: u16, pasted: Option<String>) -> Self {
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        Self { site, prefix: format!("/{secret}/"), hosts, pasted: Mutex::new(pasted) }
    }

    /// Answers a request whose body, if any, is this text. May take as long as keys take to be fetched.
    pub(super) fn answer(&self, head: &Parts, body: &str) -> Response<Full<Bytes>> {
        let mut response = self.choose(head, body);
        for (name, value) in HEADERS {
            response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
        }
        response
    }

    fn choose(&self, head: &Parts, body: &str) -> Response<Full<Bytes>> {
        if !self.is_meant(&head.headers) {
            return plain(StatusCode::MISDIRECTED_REQUEST, "This server has another name.");
        }
        let Some(path) = head.uri.path().strip_prefix(&*self.prefix) else {
            return plain(StatusCode::NOT_FOUND, "There is nothing here.");
        };
        let is_question = matches!(path, "handover" | "keys");
        match head.method {
            Method::POST if is_question && !is_from_page(&head.headers, &self.hosts) => {
                plain(StatusCode::FORBIDDEN, "Only the page itself may ask for this.")
            }
            Method::POST if path == "handover" => self.hand_over(),
            Method::POST if path == "keys" => answer_keys(body),
            Method::GET | Method::HEAD if !is_question => match self.site.file(path) {
                Some((media_type, bytes)) => typed(StatusCode::OK, media_type, Bytes::copy_from_slice(bytes)),
                None => plain(StatusCode::NOT_FOUND, "There is nothing here."),
            },
            _ => {
                let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "This is not done so.");
                let allowed = if is_question { "POST" } else { "GET, HEAD" };
                response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
                response
            }
        }
    }

    fn is_meant(&self, headers: &HeaderMap) -> bool {
        let mut named = headers.get_all(HOST).iter();
        let host = named.next().and_then(|host| host.to_str().ok());
        named.next().is_none() && host.is_some_and(|host| self.hosts.iter().any(|ours| ours == host))
    }

    /// What was pasted in the terminal, to whoever asks first.
    fn hand_over(&self) -> Response<Full<Bytes>> {
        let pasted = self.pasted.lock().map(|mut pasted| pasted.take()).unwrap_or_default();
        match pasted {
            Some(pasted) => plain(StatusCode::OK, pasted),
            None => plain(StatusCode::NO_CONTENT, ""),
        }
    }
}

/// Whether a question comes from a page of this very server, as every browser says of itself.
fn is_from_page(headers: &HeaderMap, hosts: &[String]) -> bool {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    origin
        .and_then(|origin| origin.strip_prefix("http://"))
        .is_some_and(|host| hosts.iter().any(|ours| ours == host))
}

fn answer_keys(question: &str) -> Response<Full<Bytes>> {
    match keys::find(question) {
        Ok(keys) => {
            let mut response = typed(StatusCode::OK, "application/json", keys.jwk_set);
            if let Ok(fresh) = HeaderValue::try_from(format!("private, max-age={}", keys.fresh_for)) {
                response.headers_mut().insert(CACHE_CONTROL, fresh);
            }
            response
        }
        Err(reason) => plain(StatusCode::BAD_GATEWAY, reason),
    }
}

pub(super) fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    typed(status, "text/plain; charset=utf-8", text)
}

fn typed(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
