//! One GET for a key set, as carefully as it should be done.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use callerid::{KEY_SET_BYTES_MAX, UnixTime};
use ureq::http::Uri;
use ureq::http::header::{AGE, CACHE_CONTROL, DATE, HeaderName};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy, http::Response};

use super::clock;

/// How long a fetch may take from the first look-up of a name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What an endpoint answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) cache_control: Option<String>,
    pub(crate) age: Option<String>,
    /// How many seconds this machine's clock is ahead of the endpoint's.
    pub(crate) clock_ahead: Option<i64>,
}

/// An address that keys may be fetched from: https, or http on this very machine.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    uri: Uri,
    is_loopback: bool,
}

impl Address {
    /// Reads an address; the error says what is wrong with it.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "it is no URL")?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or("it names no host")?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("a URL of keys carries no user name or password");
        }
        let is_loopback = is_loopback(host);
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback => {}
            Some("http") => return Err("keys are fetched over https only, except from this machine"),
            _ => return Err("keys are fetched over https"),
        }
        Ok(Self { uri, is_loopback })
    }

    /// The host's name.
    pub(crate) fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// Fetches the address once; the error is in words that can follow "because".
    pub(crate) fn get(&self) -> Result<Reply, String> {
        let agent = agent(self.is_loopback, TIMEOUT);
        let mut response = agent.get(self.uri.clone()).call().map_err(|error| self.explain(&error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(format!("it answered with a redirect ({}), and none is followed", status.as_u16()));
        }
        let limit = u64::try_from(KEY_SET_BYTES_MAX).unwrap_or(u64::MAX);
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = body.map_err(|error| self.explain(&error))?;
        Ok(Reply {
            status: status.as_u16(),
            body: String::from_utf8(body).map_err(|_| String::from("it sent something that is no text"))?,
            cache_control: field(&response, &CACHE_CONTROL),
            age: field(&response, &AGE),
            clock_ahead: clock_ahead(&response),
        })
    }

    fn explain(&self, error: &ureq::Error) -> String {
        match error {
            ureq::Error::Timeout(_) => format!("no answer within {} seconds", TIMEOUT.as_secs()),
            ureq::Error::BodyExceedsLimit(_) => format!("it sent more than {KEY_SET_BYTES_MAX} bytes"),
            ureq::Error::HostNotFound => format!("there is no host {}", self.host()),
            other => connection_failure(other, self.is_loopback),
        }
    }
}

/// Why there was no answer, in words that can follow "because", where no better ones are known. A direct
/// connection goes past every proxy.
pub(crate) fn connection_failure(error: &ureq::Error, is_direct: bool) -> String {
    match error {
        // The address of a proxy can hold a password.
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
            "the proxy that the environment names could not be used".into()
        }
        other => {
            // Behind a proxy the failure may well be the proxy's.
            let is_proxied = !is_direct && Proxy::try_from_env().is_some();
            let by = if is_proxied { ", through the proxy that the environment names" } else { "" };
            match other {
                ureq::Error::Io(error) => format!("{error}{by}"),
                other => format!("{other}{by}"),
            }
        }
    }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// A client for one request, which follows no redirect. Without a proxy it may speak plain http: to this machine,
/// or to a metadata server.
pub(crate) fn agent(is_direct: bool, timeout: Duration) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .https_only(!is_direct)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(timeout))
        .tls_config(tls)
        .user_agent(concat!("callerid/", env!("CARGO_PKG_VERSION")));
    if is_direct {
        config = config.proxy(None);
    }
    config.build().new_agent()
}

/// A field's values, joined as RFC 9110 section 5.3 has it.
fn field(response: &Response<Body>, name: &HeaderName) -> Option<String> {
    let values: Vec<_> =
        response.headers().get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// `Date` says when the answer was made, `Age` for how long a shared cache has had it since.
fn clock_ahead(response: &Response<Body>) -> Option<i64> {
    let made = httpdate::parse_http_date(response.headers().get(DATE)?.to_str().ok()?).ok()?;
    let age: i64 = field(response, &AGE).map_or(Some(0), |age| age.parse().ok())?;
    let now: UnixTime = clock::now();
    now.as_seconds().checked_sub(clock::to_unix_time(made).as_seconds())?.checked_sub(age)
}
