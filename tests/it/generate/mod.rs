//! Writes the files of `tests/vectors/`, with the test keys, the same bytes in every run.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{K1, K2, SigningTestKey, base64url, check_generated, repository, sign};

pub(crate) mod attacks;
pub(crate) mod callers;
pub(crate) mod diagnoses;
pub(crate) mod encodings;
pub(crate) mod extraction;
pub(crate) mod key_sets;
pub(crate) mod keys;
pub(crate) mod profiles;
pub(crate) mod recognition;
pub(crate) mod times;

/// The time at which the cases are judged, unless they say otherwise.
pub(crate) const NOW: i64 = 1_760_000_000;

/// The header of most tokens.
pub(crate) const HEADER: &str = r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#;
pub(crate) const EC_HEADER: &str = r#"{"alg":"ES256","kid":"k2","typ":"JWT"}"#;

/// Claims in the order of their names' first mention, each with its value as JSON text.
#[derive(Clone)]
pub(crate) struct Claims(Vec<(String, String)>);

impl Claims {
    pub(crate) fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| (String::from(*name), String::from(*value))).collect())
    }

    /// Claims of the profile google that are accepted for `aud-1`.
    pub(crate) fn google() -> Self {
        Self::from_pairs(&[
            ("iss", r#""https://accounts.google.com""#),
            ("aud", r#""aud-1""#),
            ("sub", r#""1""#),
        ])
        .lasting(-10, 3_590)
    }

    /// Claims of a person with a verified address in an organisation.
    pub(crate) fn person() -> Self {
        Self::google()
            .with("sub", r#""100000000000000000001""#)
            .with("email", r#""ann@example.com""#)
            .with("email_verified", "true")
            .with("hd", r#""example.com""#)
    }

    /// Claims of the service account with this address.
    pub(crate) fn service_account(email: &str) -> Self {
        Self::google()
            .with("azp", r#""110000000000000000003""#)
            .with("sub", r#""110000000000000000003""#)
            .with("email", &quoted(email))
            .with("email_verified", "true")
    }

    /// Claims of the profile iap that are accepted for `/projects/1/apps/p`.
    pub(crate) fn iap() -> Self {
        Self::from_pairs(&[
            ("iss", r#""https://cloud.google.com/iap""#),
            ("aud", r#""/projects/1/apps/p""#),
            ("sub", r#""accounts.google.com:1""#),
            ("email", r#""ann@example.com""#),
        ])
        .lasting(-10, 590)
    }

    /// Puts a claim in its place, or at the end.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(found, _)| found == name) {
            Some(claim) => claim.1 = String::from(value),
            None => self.0.push((String::from(name), String::from(value))),
        }
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(found, _)| found != name);
        self
    }

    /// Sets `iat` and `exp`, as seconds from [`NOW`].
    pub(crate) fn lasting(self, issued: i64, expiry: i64) -> Self {
        self.with("iat", &(NOW + issued).to_string()).with("exp", &(NOW + expiry).to_string())
    }

    pub(crate) fn json(&self) -> String {
        let members: Vec<String> = self.0.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }

    /// A token with these claims, signed by `k1`.
    pub(crate) fn by_k1(&self) -> String {
        sign(HEADER, self.json(), &K1)
    }

    /// A token with these claims, signed by `k2`.
    pub(crate) fn by_k2(&self) -> String {
        sign(EC_HEADER, self.json(), &K2)
    }
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A token of a header and base claims, signed by `k1`.
pub(crate) fn with_header(header: impl AsRef<[u8]>) -> String {
    sign(header, Claims::google().json(), &K1)
}

/// A token of a payload, signed by `k1`.
pub(crate) fn with_payload(payload: impl AsRef<[u8]>) -> String {
    sign(HEADER, payload, &K1)
}

/// One case: the members of its JSON object, in order.
#[derive(Clone)]
pub(crate) struct Case {
    members: Vec<(&'static str, Value)>,
}

impl Case {
    /// A case of the profile google with audience `aud-1` and the trusted keys.
    pub(crate) fn new(name: impl Into<String>, token: impl Into<String>) -> Self {
        let members = vec![
            ("name", Value::from(name.into())),
            ("token", Value::from(token.into())),
            ("keys", json!("trusted.json")),
            ("profile", json!("google")),
            ("audience", json!("aud-1")),
            ("now", json!(NOW)),
        ];
        Self { members }
    }

    /// A case of the profile iap with audience `/projects/1/apps/p` and the trusted keys.
    pub(crate) fn iap(name: impl Into<String>, token: impl Into<String>) -> Self {
        Self::new(name, token).set("profile", "iap").set("audience", "/projects/1/apps/p")
    }

    /// A case without a policy: only what the text is matters.
    pub(crate) fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let members = vec![
            ("name", Value::from(name.into())),
            ("token", Value::from(text.into())),
            ("now", json!(NOW)),
        ];
        Self { members }
    }

    /// A case of which only the name is known.
    pub(crate) fn named(name: &str) -> Self {
        Self { members: vec![("name", Value::from(name))] }
    }

    pub(crate) fn set(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        match self.members.iter_mut().find(|(found, _)| *found == member) {
            Some(found) => found.1 = value,
            None => self.members.push((member, value)),
        }
        self
    }

    pub(crate) fn attack(self, id: &str) -> Self {
        self.set("attack", id)
    }

    pub(crate) fn keys(self, document: &str) -> Self {
        self.set("keys", document)
    }

    pub(crate) fn accepted(self) -> Self {
        self.set("expect", json!({"verdict": "verified", "code": null}))
    }

    /// Rejected by exactly one check.
    pub(crate) fn rejected(self, check: &str, code: &str) -> Self {
        self.rejected_by(&[check], code)
    }

    /// Rejected by all of these checks; the code is the first one's.
    pub(crate) fn rejected_by(self, checks: &[&str], code: &str) -> Self {
        let expect = json!({"verdict": "rejected", "code": code, "check": checks[0], "failed": checks});
        self.set("expect", expect)
    }

    pub(crate) fn undecided(self, code: &str) -> Self {
        self.set("expect", json!({"verdict": "undecided", "code": code, "check": "key", "failed": ["key"]}))
    }

    /// Adds to what is expected.
    pub(crate) fn expect(mut self, member: &str, value: impl Into<Value>) -> Self {
        if !self.members.iter().any(|(name, _)| *name == "expect") {
            self.members.push(("expect", json!({})));
        }
        let expect = self.members.iter_mut().find(|(name, _)| *name == "expect").expect("just put there");
        expect.1[member] = value.into();
        self
    }

    fn write(&self, out: &mut String) {
        const ORDER: [&str; 19] = [
            "name",
            "attack",
            "diagnosis",
            "token",
            "text",
            "keys",
            "profile",
            "audience",
            "callers",
            "email",
            "email_domain",
            "subject",
            "hosted_domain",
            "project",
            "authorized_party",
            "nonce",
            "skew",
            "now",
            "expect",
        ];
        let place = |name: &str| ORDER.iter().position(|known| *known == name).expect("a known member");
        let mut members = self.members.clone();
        members.sort_by_key(|(name, _)| place(name));
        out.push_str("  {\n");
        for (at, (name, value)) in members.iter().enumerate() {
            let end = if at + 1 == members.len() { "" } else { "," };
            writeln!(out, "   \"{name}\": {value}{end}").expect("a string");
        }
        out.push_str("  }");
    }
}

/// Writes or checks one file of cases.
fn file(name: &str, about: &str, cases: &[Case]) {
    let mut names: Vec<String> = cases.iter().map(|case| case.members[0].1.to_string()).collect();
    names.sort();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1], "two cases of one name in {name}");
    }
    let mut out =
        format!("{{\n \"family\": {},\n \"about\": {},\n \"cases\": [\n", quoted(name), quoted(about));
    for (at, case) in cases.iter().enumerate() {
        case.write(&mut out);
        out.push_str(if at + 1 == cases.len() { "\n" } else { ",\n" });
    }
    out.push_str(" ]\n}\n");
    check_generated(&folder().join(format!("{name}.json")), &out);
}

pub(crate) fn folder() -> PathBuf {
    repository().join("tests/vectors")
}

/// A key set document of these JWKs.
pub(crate) fn key_set(jwks: &[String]) -> String {
    format!("{{\"keys\":[{}]}}", jwks.join(","))
}

/// `k1` as Google would publish it.
pub(crate) fn k1_jwk() -> String {
    K1.jwk(r#""alg":"RS256","use":"sig","kid":"k1""#)
}

/// `k2` as IAP would publish it.
pub(crate) fn k2_jwk() -> String {
    K2.jwk(r#""crv":"P-256","alg":"ES256","use":"sig","kid":"k2""#)
}

/// An RSA JWK with this id from raw numbers.
pub(crate) fn rsa_jwk(kid: &str, n: &[u8], e: &[u8]) -> String {
    format!(
        r#"{{"kty":"RSA","alg":"RS256","use":"sig","kid":{},"n":"{}","e":"{}"}}"#,
        quoted(kid),
        base64url(n),
        base64url(e)
    )
}

/// One number of a key.
pub(crate) fn number(key: &SigningTestKey, name: &str) -> Vec<u8> {
    let (_, numbers) = key.numbers();
    numbers.into_iter().find(|(found, _)| *found == name).expect("a number of the key").1
}

#[test]
fn committed_vectors_are_what_the_generator_writes() {
    keys::write();
    file(
        "attacks",
        "Attack classes on JWT verifiers, each beside the same token without its twist.",
        &attacks::cases(),
    );
    file("encodings", "Base64url, JSON and the compact form, twisted; see attacks.", &encodings::cases());
    file("profiles", "Every profile with tokens that it accepts and refuses.", &profiles::cases());
    file("times", "Expiry, issue time, lifetime: edges and forms of numbers.", &times::cases());
    file(
        "callers",
        "Who may call: addresses, domains, subjects, projects and their combinations.",
        &callers::cases(),
    );
    file("key_sets", "Which key of a set verifies a token, and which must not.", &key_sets::cases());
    file("recognition", "What a text is, without verifying it.", &recognition::cases());
    file("diagnoses", "What a report says of the commonest mistakes.", &diagnoses::cases());
    file("extraction", "Tokens in what people paste.", &extraction::cases());
}
