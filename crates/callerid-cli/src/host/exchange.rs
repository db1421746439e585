//! Sends the requests that minting consists of, one after the other, until a deadline.

use std::cell::OnceCell;
use std::thread;
use std::time::{Duration, Instant};

use callerid_mint::exchange::{FarSide, Method, REPLY_BYTES_MAX, Reply, ReplyError, Request};
use ureq::http::{self, Uri};
use ureq::{Agent, Body, http::Response};
use zeroize::Zeroizing;

use super::http::{agent, connection_failure, is_loopback};

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The pauses before a request is sent again, as Google asks for: each twice as long as the one before, and longer if
/// the answer asks for that.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// Why a request brought nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody answered, in words that can follow "because".
    NotReached(String),
    /// The answer was not what was asked for.
    Answer(ReplyError),
}

/// Sends requests, until its time is over.
pub(crate) struct Exchange {
    deadline: Instant,
    timeout: Duration,
    is_explained: bool,
    /// Kept for its connections and its trust roots, which take a while to read.
    client: OnceCell<Agent>,
    /// The same without a proxy, for this machine and its metadata server.
    direct_client: OnceCell<Agent>,
}

impl Exchange {
    pub(crate) fn until(timeout: Duration, is_explained: bool) -> Self {
        let (client, direct_client) = (OnceCell::new(), OnceCell::new());
        Self { deadline: Instant::now() + timeout, timeout, is_explained, client, direct_client }
    }

    /// Tells a step, if anybody wants to know.
    pub(crate) fn tell(&self, words: impl std::fmt::Display) {
        if self.is_explained {
            super::terminal::say(&callerid::visible(&format!("explain: {words}").replace('\n', " ")));
        }
    }

    /// Tells what was done that nobody asked for.
    pub(crate) fn note(&self, words: impl std::fmt::Display) {
        super::terminal::say(&callerid::visible(&format!("note: {words}").replace('\n', " ")));
    }

    /// The time that is left.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Sends a request and reads the answer, and tries again where that may help.
    pub(crate) fn ask<T>(
        &self,
        request: &Request,
        read: impl Fn(&Request, &Reply) -> Result<T, ReplyError>,
    ) -> Result<T, Trouble> {
        let mut pauses = PAUSES.iter();
        loop {
            let reply = self.send(request, REQUEST_TIMEOUT)?;
            let error = match read(request, &reply) {
                Ok(read) => return Ok(read),
                Err(error) => error,
            };
            let asked_for = Duration::from_secs(reply.retry_after.unwrap_or_default());
            match pauses.next().map(|pause| asked_for.max(*pause)) {
                Some(pause) if error.is_worth_another_try() && pause < self.time_left() => {
                    self.tell(format_args!("{error}; trying again in {} s", pause.as_secs()));
                    thread::sleep(pause);
                }
                _ => return Err(Trouble::Answer(error)),
            }
        }
    }

    /// Sends a request once, for at most that long.
    pub(crate) fn send(&self, request: &Request, timeout: Duration) -> Result<Reply, Trouble> {
        let timeout = timeout.min(self.time_left());
        let method = match request.method() {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        };
        let reply = if timeout.is_zero() {
            Err(format!("the {} seconds for minting are over", self.timeout.as_secs()))
        } else {
            self.exchange(request, method, timeout)
        };
        match &reply {
            Ok(reply) => self.tell(format_args!("{method} {} -> {}", request.shown_url(), reply.status)),
            Err(words) => self.tell(format_args!("{method} {} -> {words}", request.shown_url())),
        }
        reply.map_err(Trouble::NotReached)
    }

    fn exchange(&self, request: &Request, method: &str, timeout: Duration) -> Result<Reply, String> {
        let uri: Uri = request.url().parse().map_err(|_| "its address is no URL")?;
        let host = uri.host().unwrap_or_default();
        let is_on_the_spot = is_loopback(host)
        // Reached within the machine's own network, without https and past every proxy.
        || (request.far_side() == FarSide::MetadataServer)
        || (request.far_side() == FarSide::SubjectTokenSource && uri.scheme_str() == Some("http"));
        let explain = |error: &ureq::Error| explain(error, host, is_on_the_spot, timeout);
        let mut message = http::Request::builder().method(method).uri(uri.clone());
        for (name, value) in request.fields() {
            message = message.header(name, value.expose());
        }
        let client = if is_on_the_spot { &self.direct_client } else { &self.client };
        let client = client.get_or_init(|| agent(is_on_the_spot, REQUEST_TIMEOUT));
        let unusable = |_: http::Error| String::from("a header field of the request cannot be sent");
        let response = match request.body() {
            Some(body) => {
                let message = message.body(body.expose()).map_err(unusable)?;
                client.run(client.configure_request(message).timeout_global(Some(timeout)).build())
            }
            None => {
                let message = message.body(()).map_err(unusable)?;
                client.run(client.configure_request(message).timeout_global(Some(timeout)).build())
            }
        };
        let mut response = response.map_err(|error| explain(&error))?;
        let limit = u64::try_from(REPLY_BYTES_MAX).unwrap_or(u64::MAX);
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = Zeroizing::new(body.map_err(|error| explain(&error))?);
        let text = std::str::from_utf8(&body).map_err(|_| "it sent something that is no text")?;
        Ok(Reply {
            status: response.status().as_u16(),
            metadata_flavor: field(&response, "Metadata-Flavor"),
            retry_after: field(&response, "Retry-After").and_then(|seconds| seconds.parse().ok()),
            body: text.into(),
        })
    }
}

fn field(response: &Response<Body>, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.into())
}

fn explain(error: &ureq::Error, host: &str, is_on_the_spot: bool, timeout: Duration) -> String {
    match error {
        ureq::Error::Timeout(_) => format!("no answer within {} seconds", timeout.as_secs().max(1)),
        ureq::Error::BodyExceedsLimit(_) => format!("it sent more than {REPLY_BYTES_MAX} bytes"),
        ureq::Error::HostNotFound => format!("there is no host {host}"),
        other => connection_failure(other, is_on_the_spot),
    }
}
