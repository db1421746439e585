//! The report as JSON, the same from every interface.

use alloc::string::String;

use super::{Check, KeyFacts, KeySource, Note, Report, Verdict};
use crate::json::{ObjectWriter, write_list, write_quoted};
use crate::time::UnixTime;

impl Report {
    /// The report as one line of JSON.
    ///
    /// The claims stand under `claims` if the verdict is `verified`, else under `unverified_claims`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        object.text("verdict", self.verdict.as_str());
        object.optional_text("code", self.code.map(|code| code.as_str()));
        object.text("kind", self.kind.as_str());
        object.text("description", self.kind.title());
        write_list(&self.checks, object.member("checks"), Check::write);
        object.member("header").push_str(self.header.as_deref().unwrap_or("null"));
        let claims = if self.verdict == Verdict::Verified { "claims" } else { "unverified_claims" };
        object.member(claims).push_str(self.claims.as_deref().unwrap_or("null"));
        self.write_summary(object.member("summary"));
        match &self.key {
            Some(key) => key.write(object.member("key")),
            None => object.member("key").push_str("null"),
        }
        object.optional_text("key_id", self.key_id.as_deref());
        object.optional_number("expires_at", self.expires_at.map(UnixTime::as_seconds));
        object.optional_text("fingerprint", self.fingerprint.as_deref());
        match &self.key_source {
            Some(source) => source.write(object.member("key_source")),
            None => object.member("key_source").push_str("null"),
        }
        write_list(&self.notes, object.member("notes"), Note::write);
        object.end();
        out
    }

    fn write_summary(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.optional_text("caller", self.summary.caller.as_deref());
        object.optional_text("audience", self.summary.audience.as_deref());
        object.optional_text("issuer", self.summary.issuer.as_deref());
        object.optional_text("issued", self.summary.issued.as_deref());
        object.optional_text("expires", self.summary.expires.as_deref());
        object.optional_text("suggested_profile", self.summary.suggested_profile.as_deref());
        object.end();
    }
}

impl Check {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.text("check", self.check.as_str());
        object.text("status", self.status.as_str());
        object.optional_text("code", self.code.map(|code| code.as_str()));
        match self.expected.as_slice() {
            [] => object.optional_text("expected", None),
            [one] => object.text("expected", one),
            several => write_list(several, object.member("expected"), |text, out| write_quoted(text, out)),
        }
        object.optional_text("found", self.found.as_deref());
        object.text("message", &self.message);
        object.optional_text("hint", self.hint.as_deref());
        object.end();
    }
}

impl Note {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.text("note", self.note);
        object.text("message", &self.message);
        object.end();
    }
}

impl KeyFacts {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.optional_text("key_id", self.key_id.as_deref());
        object.text("algorithm", self.algorithm);
        object.optional_number("bits", Some(i64::from(self.bits)));
        object.text("thumbprint", &self.thumbprint);
        object.end();
    }
}

impl KeySource {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.text("from", self.from.as_str());
        object.optional_text("url", self.url.as_deref());
        object.optional_number("fetched_at", self.fetched_at.map(UnixTime::as_seconds));
        object.optional_number("expires_at", self.expires_at.map(UnixTime::as_seconds));
        object.end();
    }
}
