//! How JavaScript says what a verifier shall demand, option by option.

use alloc::string::String;
use alloc::vec::Vec;

use callerid::{
    Audience, CallerRule, Callers, JwkSet, Policy, Profile, REMEMBERED_TOKENS_DEFAULT, RememberedTokens,
};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::explanation::refusal;
use crate::judge::Judge;
use crate::verifier::{Keys, Verifier};

/// The options of a verifier, to be turned into one by `withKeys` or `withEndpoint`.
///
/// Neither question can be left out: without an audience, or without a caller rule, and without the
/// words that do without, there is no verifier.
#[wasm_bindgen]
#[derive(Default)]
pub struct Setup {
    profile: String,
    any_audience: bool,
    audiences: Vec<String>,
    any_caller: bool,
    emails: Vec<String>,
    rules: Vec<CallerRule>,
    one_rule: bool,
    authorized_parties: Vec<String>,
    nonce: Option<String>,
    clock_skew: Option<u32>,
    remembered: Option<u32>,
}

#[wasm_bindgen]
impl Setup {
    /// Options for the tokens of this profile.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(profile: String, remembered: Option<u32>) -> Self {
        Self { profile, remembered, ..Self::default() }
    }

    /// Adds an audience.
    pub fn audience(&mut self, audience: String) {
        self.audiences.push(audience);
    }

    /// Accepts every audience.
    #[wasm_bindgen(js_name = insecureAnyAudience)]
    pub fn insecure_any_audience(&mut self) {
        self.any_audience = true;
    }

    /// Adds an address that may call.
    pub fn email(&mut self, email: String) {
        self.emails.push(email);
    }

    /// Begins a rule of its own, to which the next calls of `demand…` belong.
    pub fn rule(&mut self) {
        self.rules.push(CallerRule::new());
    }

    /// Adds a demand to the last rule.
    pub fn demand(&mut self, name: &str, value: String) -> Result<(), JsError> {
        let rule = self.rules.pop().ok_or_else(|| JsError::new("there is no rule yet"))?;
        self.rules.push(match name {
            "email" => rule.emails([value]),
            "emailDomain" => rule.email_domain(value),
            "subject" => rule.subject(value),
            "hostedDomain" => rule.hosted_domain(value),
            "project" => rule.project(value),
            _ => return Err(JsError::new("there is no such demand")),
        });
        Ok(())
    }

    /// Has each demand of the only rule reported as a check of its own.
    #[wasm_bindgen(js_name = oneRule)]
    pub fn one_rule(&mut self) {
        self.one_rule = true;
    }

    /// Accepts every caller.
    #[wasm_bindgen(js_name = anyCaller)]
    pub fn any_caller(&mut self) {
        self.any_caller = true;
    }

    /// Adds a client that tokens may have been handed to.
    #[wasm_bindgen(js_name = authorizedParty)]
    pub fn authorized_party(&mut self, party: String) {
        self.authorized_parties.push(party);
    }

    /// Demands a nonce.
    pub fn nonce(&mut self, nonce: String) {
        self.nonce = Some(nonce);
    }

    /// Forgives clocks that differ by that many seconds.
    #[wasm_bindgen(js_name = clockSkew)]
    pub fn clock_skew(&mut self, seconds: u32) {
        self.clock_skew = Some(seconds);
    }

    /// The address at which the profile's issuer publishes its keys.
    pub fn endpoint(&self) -> Result<String, JsError> {
        Ok(self.parse_profile()?.jwk_set_url())
    }

    /// A verifier with these keys.
    #[wasm_bindgen(js_name = withKeys)]
    pub fn with_keys(self, document: &str) -> Result<Verifier, JsError> {
        let keys = JwkSet::parse(document).map_err(|error| refusal("keys: ", error))?;
        if let ([], Some(first)) = (keys.keys(), keys.set_aside().first()) {
            return Err(refusal("keys: none of them can be used: ", &first.reason));
        }
        self.verifier(Keys::Given(keys))
    }

    /// A verifier that orders its keys to be fetched from this address.
    #[wasm_bindgen(js_name = withEndpoint)]
    pub fn with_endpoint(self, url: String) -> Result<Verifier, JsError> {
        self.verifier(Keys::at(url))
    }
}

impl Setup {
    fn verifier(self, keys: Keys) -> Result<Verifier, JsError> {
        let capacity = self.remembered.map_or(REMEMBERED_TOKENS_DEFAULT, |remembered| remembered as usize);
        let judge = Judge { policy: self.policy()?, remembered: RememberedTokens::new(capacity) };
        Ok(Verifier::new(judge, keys))
    }

    fn policy(self) -> Result<Policy, JsError> {
        let profile = self.parse_profile()?;
        let audience = match self.any_audience {
            true => Audience::insecure_any(),
            false => Audience::one_of(self.audiences).map_err(|error| refusal("", error))?,
        };
        let emails = (!self.emails.is_empty()).then(|| CallerRule::new().emails(self.emails));
        let callers = match (self.any_caller, self.one_rule) {
            (true, _) => Ok(Callers::any()),
            (false, false) => Callers::one_of(emails.into_iter().chain(self.rules)),
            (false, true) => Callers::matching(self.rules.into_iter().next().unwrap_or_default()),
        };
        let callers = callers.map_err(|error| refusal("", error))?;
        let mut policy = Policy::new(profile, audience, callers);
        if !self.authorized_parties.is_empty() {
            policy = policy
                .with_authorized_parties(self.authorized_parties)
                .map_err(|error| refusal("", error))?;
        }
        if let Some(nonce) = self.nonce {
            policy = policy.with_nonce(nonce).map_err(|error| refusal("", error))?;
        }
        if let Some(clock_skew) = self.clock_skew {
            policy = policy.with_clock_skew(clock_skew).map_err(|error| refusal("", error))?;
        }
        Ok(policy)
    }

    fn parse_profile(&self) -> Result<Profile, JsError> {
        Profile::parse(&self.profile).map_err(|error| refusal("profile: ", error))
    }
}
