//! The lines that go back to JavaScript.
//!
//! The report, or the caller, comes last in its line, so that its exact text can be cut out of it.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::Write as _;

use callerid::VerifiedToken;

use crate::exact;

/// How long a line with a caller usually is.
const LINE_BYTES_USUAL: usize = 1_024;

/// One line of JSON: an object whose members are appended one by one.
#[derive(Default)]
pub(crate) struct Line(String);

impl Line {
    pub(crate) fn number(self, name: &str, number: u64) -> Self {
        self.member(name, &number.to_string())
    }

    pub(crate) fn optional(self, name: &str, number: Option<u64>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    pub(crate) fn member(mut self, name: &str, json: &str) -> Self {
        // Room for what is asked for most: a caller and all claims.
        self.0.reserve(if self.0.is_empty() { LINE_BYTES_USUAL.max(json.len() + 64) } else { 0 });
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        for part in ["\"", name, "\":", json] {
            self.0.push_str(part);
        }
        self
    }

    pub(crate) fn end(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// A caller whose token was accepted, with the members of the line before it.
pub(crate) fn of_caller(token: &VerifiedToken, line: Line) -> String {
    let readable = exact::readable(token.claims());
    let line = match &readable {
        None => line,
        Some(readable) => line.member("big", &readable.paths),
    };
    let claims = match &readable {
        None => token.claims(),
        Some(readable) => &readable.json,
    };
    let mut caller = Line::default();
    let text = |caller: Line, name: &str, value: Option<&str>| match value {
        Some(value) => caller.member(name, &quoted(value)),
        None => caller,
    };
    caller = text(caller, "email", token.email());
    caller = caller.member("emailVerified", if token.email_verified() { "true" } else { "false" });
    caller = text(caller, "subject", token.subject());
    let audiences: Vec<String> = token.audiences().iter().map(|audience| quoted(audience)).collect();
    caller = match audiences.as_slice() {
        [audience] => caller.member("audience", audience),
        several => caller.member("audience", &format!("[{}]", several.join(","))),
    };
    caller = text(caller, "issuer", Some(token.issuer()))
        .member("issuedAt", &token.issued_at().as_seconds().to_string())
        .member("expiresAt", &token.expires_at().as_seconds().to_string());
    caller = text(caller, "hostedDomain", token.hosted_domain());
    caller = text(caller, "kind", Some(token.kind().as_str()));
    caller = text(caller, "keyId", token.key_id()).member("claims", claims);
    line.member("caller", &caller.end()).end()
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    let mut rest = text;
    // Runs that can stay as they are, nearly always the whole text, are taken over at once.
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        let (clean, following) = rest.split_at(at);
        let (escaped, following) = following.split_at(1);
        json.push_str(clean);
        match escaped {
            "\"" | "\\" => json.extend(["\\", escaped]),
            control => {
                let _ = write!(json, "\\u{:04x}", control.as_bytes()[0]);
            }
        }
        rest = following;
    }
    json.push_str(rest);
    json.push('"');
    json
}
