//! A request that is to be sent.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::FarSide;
use super::secret::Secret;
use crate::base64url;
use crate::url::percent_encoded;

/// The methods that are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Ask for something.
    Get,
    /// Hand something in.
    Post,
    /// What Amazon's metadata server wants for a session.
    Put,
}

/// A request, and which parts of it are secret.
#[derive(Clone)]
pub struct Request {
    far_side: FarSide,
    method: Method,
    url: String,
    fields: Vec<(String, Secret)>,
    body: Option<Secret>,
    secrets: Vec<Secret>,
}

impl Request {
    pub(crate) fn get(far_side: FarSide, url: String) -> Self {
        Self { far_side, method: Method::Get, url, fields: Vec::new(), body: None, secrets: Vec::new() }
    }

    pub(crate) fn put(far_side: FarSide, url: String) -> Self {
        Self { method: Method::Put, ..Self::get(far_side, url) }
    }

    /// A form as the token endpoints take it (RFC 6749 appendix B).
    pub(crate) fn form(far_side: FarSide, url: &str, members: &[(&str, &str)]) -> Self {
        let values: Vec<_> =
            members.iter().map(|(_, value)| Zeroizing::new(percent_encoded(value))).collect();
        let mut parts = Vec::new();
        for ((name, _), value) in members.iter().zip(&values) {
            let separator = if parts.is_empty() { "" } else { "&" };
            parts.extend([separator, name, "=", value.as_str()]);
        }
        let body = joined(&parts);
        let request =
            Self::get(far_side, url.into()).with("Content-Type", "application/x-www-form-urlencoded");
        Self { method: Method::Post, body: Some(Secret::new(body)), ..request }
    }

    pub(crate) fn json(far_side: FarSide, url: String, body: String) -> Self {
        let request = Self::get(far_side, url).with("Content-Type", "application/json");
        Self { method: Method::Post, body: Some(body.into()), ..request }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Sends an access token along.
    pub(crate) fn with_bearer(self, token: &Secret) -> Self {
        let value = joined(&["Bearer ", token.expose()]);
        self.with("Authorization", &value).hiding(token)
    }

    /// Sends a client's id and secret along (RFC 6749 section 2.3.1).
    pub(crate) fn with_client(self, id: &str, secret: &Secret) -> Self {
        let pair = joined(&[id, ":", secret.expose()]);
        let encoded = Zeroizing::new(base64url::standard(pair.as_bytes()));
        let value = joined(&["Basic ", &encoded]);
        self.with("Authorization", &value).hiding(secret)
    }

    /// Names the project that pays for the request.
    pub(crate) fn with_quota_project(self, project: Option<&str>) -> Self {
        match project {
            Some(project) => self.with("x-goog-user-project", project),
            None => self,
        }
    }

    /// Marks a text that must not be shown, should the far side repeat it.
    pub(crate) fn hiding(mut self, secret: &Secret) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// Who is asked.
    #[must_use]
    pub const fn far_side(&self) -> FarSide {
        self.far_side
    }

    /// How.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Where.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where, fit to be shown: what follows the `?` may be secret, unless it was written here.
    #[must_use]
    pub fn shown_url(&self) -> &str {
        match self.far_side {
            FarSide::SubjectTokenSource => self.url.split('?').next().unwrap_or_default(),
            _ => &self.url,
        }
    }

    /// The header fields; their values can be secret.
    #[must_use]
    pub fn fields(&self) -> &[(String, Secret)] {
        &self.fields
    }

    /// The body, if the method has one.
    #[must_use]
    pub const fn body(&self) -> Option<&Secret> {
        self.body.as_ref()
    }

    /// A text that came back, without anything secret that was sent and without anything that looks like
    /// a token.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let sent = self.secrets.iter().filter(|secret| secret.expose().len() >= 8);
        let text = sent.fold(String::from(text), |text, secret| text.replace(secret.expose(), HIDDEN));
        masked(&text)
    }
}

/// Shows where it goes, nothing of what it brings.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        let mut shown = formatter.debug_struct("Request");
        shown
            .field("method", &self.method)
            .field("url", &self.url)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}

/// The texts one after the other, in memory that never moves and is wiped.
fn joined(parts: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    parts.iter().for_each(|part| text.push_str(part));
    text
}

const HIDDEN: &str = "[hidden]";

/// How tokens, refresh tokens, client secrets and API keys of Google's begin.
const SECRET_STARTS: [&str; 6] = ["eyJ", "ya29.", "1//", "GOCSPX-", "AIza", "AQ."];

/// Longer words without a break are no words.
const WORD_MAX: usize = 120;

/// Takes out whatever looks like a token, wherever it came from.
pub(crate) fn masked(text: &str) -> String {
    let is_break = |character: char| {
        character.is_whitespace()
            || matches!(character, '"' | '\'' | ',' | ';' | '<' | '>' | '(' | ')' | '=' | '&')
    };
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(is_break).unwrap_or(rest.len()));
        let is_secret = word.len() > WORD_MAX || SECRET_STARTS.iter().any(|start| word.contains(start));
        shown.push_str(if is_secret { HIDDEN } else { word });
        let mut characters = after.chars();
        shown.extend(characters.next());
        rest = characters.as_str();
    }
    shown
}
