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
    pub(crate) fn number(mut self, name: &str, number: u64) -> Self {
        self.begin(name);
        let _ = write!(self.0, "{number}");
        self
    }

    pub(crate) fn optional(self, name: &str, number: Option<u64>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    /// A member that is a text.
    pub(crate) fn text(mut self, name: &str, text: &str) -> Self {
        self.begin(name);
        quote(&mut self.0, text);
        self
    }

    pub(crate) fn optional_text(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A member whose value is written already.
    pub(crate) fn member(mut self, name: &str, json: &str) -> Self {
        self.begin(name);
        self.0.push_str(json);
        self
    }

    /// A member that is an object, with what `fill` puts into it.
    pub(crate) fn object(mut self, name: &str, fill: impl FnOnce(Self) -> Self) -> Self {
        self.begin(name);
        self.0.push('{');
        let mut line = fill(self);
        line.0.push('}');
        line
    }

    pub(crate) fn end(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }

    fn begin(&mut self, name: &str) {
        if self.0.is_empty() {
            self.0.reserve(LINE_BYTES_USUAL);
            self.0.push('{');
        } else if !self.0.ends_with('{') {
            // No value ends like that, so an object has just begun.
            self.0.push(',');
        }
        self.0.extend(["\"", name, "\":"]);
    }
}

/// A caller whose token was accepted, with the members of the line before it.
pub(crate) fn of_caller(token: &VerifiedToken, line: Line) -> String {
    let readable = exact::readable(token.claims());
    let (line, claims) = match &readable {
        None => (line, token.claims()),
        Some(readable) => (line.member("big", &readable.paths), &*readable.json),
    };
    let caller = |caller: Line| {
        let caller = caller
            .optional_text("email", token.email())
            .member("emailVerified", if token.email_verified() { "true" } else { "false" })
            .optional_text("subject", token.subject());
        let caller = match token.audiences() {
            [audience] => caller.text("audience", audience),
            several => caller.member("audience", &list(several)),
        };
        caller
            .text("issuer", token.issuer())
            .member("issuedAt", &token.issued_at().as_seconds().to_string())
            .member("expiresAt", &token.expires_at().as_seconds().to_string())
            .optional_text("hostedDomain", token.hosted_domain())
            .text("kind", token.kind().as_str())
            .optional_text("keyId", token.key_id())
            .member("claims", claims)
    };
    line.object("caller", caller).end()
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(","))
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::new();
    quote(&mut json, text);
    json
}

/// Appends a text as a JSON string.
fn quote(json: &mut String, text: &str) {
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
}
