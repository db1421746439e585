//! Tokens for tests, made in the inspector page with a key that the page made itself.
//!
//! A module of its own, loaded when somebody asks for it: what verifies cannot sign. Nothing is decided
//! here. Time and random numbers are arguments; an exception says what is wrong and, in the next line,
//! what to do.

mod randomness;

use callerid::UnixTime;
use callerid_mint::{SigningKey, TestToken, TestTokenKind};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use randomness::Supply;

/// Every kind, as `[{"name":…,"algorithms":[…],"hasEmail":…}]`.
#[wasm_bindgen(js_name = testTokenKinds)]
#[must_use]
pub fn test_token_kinds() -> String {
    let entry = |kind: TestTokenKind| {
        let algorithms: Vec<_> =
            kind.algorithms().iter().map(|algorithm| format!("\"{algorithm}\"")).collect();
        // The names are of plain letters and hyphens.
        format!(
            "{{\"name\":\"{}\",\"algorithms\":[{}],\"hasEmail\":{}}}",
            kind.as_str(),
            algorithms.join(","),
            kind.has_email()
        )
    };
    let entries: Vec<_> = TestTokenKind::ALL.into_iter().map(entry).collect();
    format!("[{}]", entries.join(","))
}

/// A private key that signs test tokens. Only its public half can be had back.
#[wasm_bindgen]
pub struct TestKey(SigningKey);

#[wasm_bindgen]
impl TestKey {
    /// Takes over a private JWK, such as the browser's own cryptography makes; its id is its thumbprint.
    #[wasm_bindgen(js_name = fromJwk)]
    pub fn from_jwk(jwk: &str) -> Result<Self, JsError> {
        SigningKey::from_jwk(jwk).map(Self).map_err(|error| explained(&error, error.hint()))
    }

    /// The id under which tokens name it.
    #[wasm_bindgen(getter, js_name = keyId)]
    #[must_use]
    pub fn key_id(&self) -> Option<String> {
        self.0.key_id().map(Into::into)
    }

    /// The public half, as a JWK set.
    #[wasm_bindgen(js_name = publicKeys)]
    #[must_use]
    pub fn public_keys(&self) -> String {
        self.0.public_keys().to_jwk_set()
    }
}

/// A token that is yet to be signed. What is not set is invented.
#[wasm_bindgen]
pub struct Draft(TestToken);

#[wasm_bindgen]
impl Draft {
    /// A token of that kind, whose issuer is not Google.
    #[wasm_bindgen(constructor)]
    pub fn new(kind: &str) -> Result<Self, JsError> {
        let kind = TestTokenKind::from_name(kind).ok_or_else(|| JsError::new("there is no such kind"))?;
        Ok(Self(TestToken::new(kind)))
    }

    /// Lets it name Google as its issuer, and say in its header that it is a test.
    #[wasm_bindgen(js_name = imitateGoogle)]
    pub fn imitate_google(&mut self) {
        self.0 = self.0.clone().imitating_google();
    }

    /// Makes it for this audience.
    pub fn audience(&mut self, audience: &str) -> Result<(), JsError> {
        let token = self.0.clone().with_audience(audience);
        self.0 = token.map_err(|error| explained(&error, error.hint()))?;
        Ok(())
    }

    /// Lets it speak for this e-mail address.
    pub fn email(&mut self, email: &str) -> Result<(), JsError> {
        let token = self.0.clone().with_email(email);
        self.0 = token.map_err(|error| explained(&error, error.hint()))?;
        Ok(())
    }

    /// Lets it speak for this subject.
    pub fn subject(&mut self, subject: &str) {
        self.0 = self.0.clone().with_subject(subject);
    }

    /// Lets this issuer issue it.
    pub fn issuer(&mut self, issuer: &str) {
        self.0 = self.0.clone().with_issuer(issuer);
    }

    /// Lets it live for so many seconds.
    pub fn lifetime(&mut self, seconds: u32) {
        self.0 = self.0.clone().with_lifetime(seconds);
    }

    /// The claims that it would have, were it issued then.
    #[must_use]
    pub fn claims(&self, seconds: f64) -> String {
        self.0.to_claims(unix_time(seconds)).to_json()
    }

    /// The profile that such a token of Google's is verified with.
    pub fn profile(&self) -> Result<String, JsError> {
        let profile = self.0.profile();
        profile.map(|profile| profile.to_string()).map_err(|error| explained(&error, error.hint()))
    }

    /// Signs it as issued then. `random` are fresh random bytes, 16 KiB of them.
    pub fn sign(&self, key: &TestKey, seconds: f64, random: &[u8]) -> Result<String, JsError> {
        let token = self.0.sign(&key.0, unix_time(seconds), &mut Supply::new(random));
        token.map_err(|error| explained(&error, error.hint()))
    }
}

fn explained(error: &impl core::fmt::Display, hint: &str) -> JsError {
    JsError::new(&format!("{error}\n{hint}"))
}

/// Whole seconds; JavaScript takes them from its clock.
fn unix_time(seconds: f64) -> UnixTime {
    UnixTime::from_seconds(seconds.floor() as i64)
}
