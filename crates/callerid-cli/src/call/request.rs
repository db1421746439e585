//! The request as it goes out, without the token until the last moment.

use std::fmt;
use std::path::Path;

use ureq::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::payload::Payload;
use crate::cli::Call;
use crate::error::{Error, Outcome};
use crate::host::files;
use crate::host::http::is_loopback;
use crate::input;

/// Most that a file of header fields may hold, in bytes.
const FIELDS_BYTES_MAX: usize = 65_536;

/// An address that a token may be sent to: https, or http on this very machine.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) uri: Uri,
    pub(crate) is_loopback: bool,
}

/// A request without its token.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) fields: HeaderMap,
    pub(crate) payload: Option<Payload>,
}

impl Target {
    pub(crate) fn parse(url: &str) -> Outcome<Self> {
        let refuse = |reason: &str| {
            let what = format_args!("the URL cannot be called: {reason}");
            Err(Error::undecided(what, "Give an address such as https://svc-abc-uc.a.run.app/path."))
        };
        let Ok(uri) = url.parse::<Uri>() else { return refuse("it is none") };
        let Some(host) = uri.host().filter(|host| !host.is_empty()) else {
            return refuse("it names no host");
        };
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return refuse("it carries a user name or password");
        }
        let is_loopback = is_loopback(host);
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback => {}
            Some("http") => {
                return refuse("over http everybody on the way could read the token");
            }
            _ => return refuse("it starts neither with https:// nor, on this machine, with http://"),
        }
        Ok(Self { uri, is_loopback })
    }
}

/// The address without its query, which may be secret.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        write!(formatter, "{}://{authority}{}", self.uri.scheme_str().unwrap_or_default(), self.uri.path())
    }
}

impl Outgoing {
    /// What the command line asks for; opens files, sends nothing.
    pub(crate) fn of(call: &Call) -> Outcome<Self> {
        let mut fields = HeaderMap::new();
        let data = call.data.as_deref().or(call.json.as_deref());
        if data.is_some_and(is_standard_input) && call.header.iter().any(|field| field == "@-") {
            return Err(Error::undecided(
                "header fields and what is sent cannot both come from standard input",
                "Put one of them in a file: -H @FILE or -d @FILE.",
            ));
        }
        for argument in &call.header {
            let lines = lines_of(argument)?;
            for line in lines.lines().filter(|line| !line.is_empty()) {
                let (name, value) = header_field(line)?;
                refuse_reserved(&name, call)?;
                fields.append(name, value);
            }
        }
        let method = method(call)?;
        // A method that is made for sending says so even if there is nothing to send (RFC 9110 section 8.6).
        let is_for_sending = ["POST", "PUT", "PATCH"].contains(&method.as_str());
        let payload = match data {
            Some(data) => Some(Payload::open(data)?),
            None => is_for_sending.then(|| Payload::Bytes(Vec::new())),
        };
        let kind = match (&call.data, &call.json) {
            (Some(_), _) => Some("application/x-www-form-urlencoded"),
            (_, Some(_)) => {
                fields.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
                Some("application/json")
            }
            _ => None,
        };
        if let Some(kind) = kind {
            fields.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
        }
        if let Some(length) = payload.as_ref().and_then(Payload::length) {
            fields.insert(CONTENT_LENGTH, length.into());
        }
        Ok(Self { method, fields, payload })
    }
}

fn method(call: &Call) -> Outcome<Method> {
    let has_payload = call.data.is_some() || call.json.is_some();
    let default = if has_payload { "POST" } else { "GET" };
    let method = call.request.as_deref().unwrap_or(default);
    match Method::from_bytes(method.as_bytes()) {
        Ok(method) if method != Method::CONNECT => Ok(method),
        _ => Err(Error::undecided(
            "-X names no method that can be sent",
            "Use one such as GET, POST, PUT, PATCH or DELETE.",
        )),
    }
}

fn is_standard_input(data: &str) -> bool {
    matches!(data, "-" | "@-")
}

/// The argument itself, which is one line, or the lines of the file that it names: so a field that is secret
/// need not stand in the list of processes.
fn lines_of(argument: &str) -> Outcome<String> {
    let Some(file) = argument.strip_prefix('@') else {
        // A line end in an argument is a mistake, and would be an attack if it came from elsewhere.
        let is_line = !argument.is_empty() && !argument.contains(['\r', '\n']);
        return if is_line { Ok(argument.into()) } else { Err(bad_field()) };
    };
    let text = if file == "-" {
        let bytes = input::standard_input(FIELDS_BYTES_MAX)?;
        String::from_utf8(bytes).map_err(|_| "it is not text in UTF-8".to_string())
    } else {
        files::read_text(Path::new(file), FIELDS_BYTES_MAX).map_err(|error| error.to_string())
    };
    text.map_err(|reason| {
        let name = if file == "-" { "standard input" } else { file };
        let what = format_args!("the header fields in {name} cannot be read: {reason}");
        Error::undecided(what, "After -H @ stands the name of a file with lines such as Name: value.")
    })
}

fn bad_field() -> Error {
    Error::undecided("a header field of -H cannot be sent", "Write it as 'Name: value', on one line.")
}

/// A field is never quoted in an error: it may hold a secret.
fn header_field(field: &str) -> Outcome<(HeaderName, HeaderValue)> {
    let parsed = field.split_once(':').and_then(|(name, value)| {
        let mut value = HeaderValue::from_str(value.trim()).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(name.trim().as_bytes()).ok()?, value))
    });
    parsed.ok_or_else(bad_field)
}

fn refuse_reserved(name: &HeaderName, call: &Call) -> Outcome<()> {
    if name.as_str() == call.token_field.as_str() {
        return Err(Error::undecided(
            format_args!("-H has a field {name}, and so has the token"),
            "Leave it out, or send the token in another field with --token-field.",
        ));
    }
    if [CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
        return Err(Error::undecided(
            format_args!("-H has a field {name}, which follows from what is sent"),
            "Leave it out.",
        ));
    }
    Ok(())
}
