//! Opaque access tokens: what they stand for is sealed into them, so that none has to be remembered.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::keys::base64url;
use crate::randomness::Seed;

/// What is accepted wherever Google wants to know nothing more exact.
pub(crate) const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// What an access token stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Access {
    /// `serviceAccount:EMAIL`, `user:EMAIL` or `principal://…`.
    pub(crate) principal: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: i64,
}

impl Access {
    /// Whether the token is good for an API that wants one of these scopes.
    pub(crate) fn has_scope(&self, wanted: &[&str]) -> bool {
        self.scopes.iter().any(|scope| wanted.contains(&scope.as_str()))
    }

    pub(crate) fn is_federated(&self) -> bool {
        self.principal.starts_with("principal:")
    }

    /// Seals it into a token that begins as those of Google's do for such a principal.
    pub(crate) fn seal(&self, seed: &Seed) -> String {
        let prefix = match self.principal.split(':').next() {
            Some("serviceAccount") => "ya29.c.",
            Some("user") => "ya29.a0",
            _ => "ya29.d.",
        };
        let sealed = base64url(serde_json::to_string(self).unwrap_or_default());
        let tag = base64url(mac(seed, &sealed).finalize().into_bytes());
        format!("{prefix}{sealed}.{tag}")
    }

    /// Opens a token; `None` for whatever this emulator has not sealed.
    pub(crate) fn open(token: &str, seed: &Seed) -> Option<Self> {
        let sealed =
            ["ya29.c.", "ya29.a0", "ya29.d."].iter().find_map(|prefix| token.strip_prefix(prefix))?;
        let (sealed, tag) = sealed.split_once('.')?;
        mac(seed, sealed).verify_slice(&URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()
    }
}

fn mac(seed: &Seed, sealed: &str) -> Hmac<Sha256> {
    // HMAC fills shorter keys up with zeros (RFC 2104).
    let mut key = [0; 64];
    key[..32].copy_from_slice(&seed.derive("access tokens"));
    let mut mac = Hmac::<Sha256>::new(&key.into());
    mac.update(sealed.as_bytes());
    mac
}
