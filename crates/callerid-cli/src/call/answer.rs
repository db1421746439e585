//! Sending a request with its token, and taking in the answer.

use std::io::{Cursor, Read};
use std::time::Duration;

use ureq::http::header::LOCATION;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version};
use ureq::{Body, BodyReader, SendBody};

use super::payload::Payload;
use super::request::{Outgoing, Target};
use crate::cli::TokenField;
use crate::error::{Error, Outcome};
use crate::host::http;
use crate::mint::MintedToken;

/// How much of a refusal is read to understand it, in bytes.
const START_BYTES_MAX: u64 = 65_536;

/// What came back.
pub(crate) struct Answer {
    pub(crate) version: Version,
    pub(crate) start: AnswerStart,
    rest: BodyReader<'static>,
}

/// What of an answer is looked at.
#[derive(Debug)]
pub(crate) struct AnswerStart {
    pub(crate) status: StatusCode,
    pub(crate) fields: HeaderMap,
    /// The start of what a refusal holds; empty for anything else.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Sends the request with the token. No redirect is followed, and nothing is sent twice.
    pub(crate) fn to(
        target: &Target,
        outgoing: Outgoing,
        field: TokenField,
        token: &MintedToken,
        timeout: Duration,
    ) -> Outcome<Self> {
        let Outgoing { method, mut fields, payload } = outgoing;
        let value = HeaderValue::from_str(&format!("Bearer {}", token.expose()));
        let mut value = value.map_err(|_| {
            Error::undecided("the minted token cannot stand in a header field", "Mint it with --no-cache.")
        })?;
        value.set_sensitive(true);
        fields.insert(HeaderName::from_static(field.as_str()), value);
        let mut request = Request::new(match payload {
            Some(Payload::Bytes(bytes)) => SendBody::from_owned_reader(Cursor::new(bytes)),
            Some(Payload::Stream(reader, _)) => SendBody::from_owned_reader(reader),
            None => SendBody::none(),
        });
        *request.method_mut() = method;
        *request.uri_mut() = target.uri.clone();
        *request.headers_mut() = fields;
        let agent = http::agent(target.is_loopback, timeout);
        let request = agent.configure_request(request).allow_non_standard_methods(true).build();
        let response = agent.run(request).map_err(|error| unreachable(target, timeout, &error))?;
        Self::read(response).map_err(|error| unreachable(target, timeout, &error.into()))
    }

    /// Asks for the address without any token, as a browser would, and says where that is redirected to.
    pub(crate) fn redirect_without_token(target: &Target, timeout: Duration) -> Option<String> {
        let response = http::agent(target.is_loopback, timeout).get(target.uri.clone()).call().ok()?;
        let is_redirect = response.status().is_redirection();
        let location = response.headers().get(LOCATION).filter(|_| is_redirect)?;
        location.to_str().ok().map(Into::into)
    }

    fn read(response: Response<Body>) -> std::io::Result<Self> {
        let (parts, body) = response.into_parts();
        let mut rest = body.into_reader();
        let mut start = AnswerStart { status: parts.status, fields: parts.headers, body: Vec::new() };
        if !start.status.is_success() {
            rest.by_ref().take(START_BYTES_MAX).read_to_end(&mut start.body)?;
        }
        Ok(Self { version: parts.version, start, rest })
    }

    /// Everything that the answer holds, from its start.
    pub(crate) fn into_body(self) -> impl Read {
        Cursor::new(self.start.body).chain(self.rest)
    }
}

impl AnswerStart {
    /// The field's value, if it is there and is text.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.to_str().ok()
    }
}

fn unreachable(target: &Target, timeout: Duration, error: &ureq::Error) -> Error {
    let host = target.uri.host().unwrap_or_default();
    let reason = match error {
        ureq::Error::Timeout(_) => format!("there was no answer within {} seconds", timeout.as_secs()),
        ureq::Error::HostNotFound => "there is no such host".into(),
        other => http::connection_failure(other, target.is_loopback),
    };
    Error::undecided(
        format_args!("{host} could not be called: {reason}"),
        "Check the address and the network; --timeout gives it more time.",
    )
}
