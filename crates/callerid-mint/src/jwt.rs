//! JWTs in the compact serialization (RFC 7519 section 3), with the header that Google's tokens have.

use alloc::format;
use alloc::string::String;

use callerid::{EMULATOR_KEY_ID_PREFIX, TEST_MARKER, TOKEN_BYTES_MAX};

use crate::base64url;
use crate::claims::Claims;
use crate::error::SignError;
use crate::json::quoted;
use crate::key::SigningKey;
use crate::rand_core::TryCryptoRng;

impl SigningKey {
    /// Signs claims as a JWT. The header has `alg`, `kid` (unless the key has no id) and `typ`.
    ///
    /// The issuer may be a service account, whose key this may well be, but not Google itself.
    ///
    /// # Errors
    ///
    /// [`SignError::ImitatesGoogle`], [`SignError::TooLarge`] and those of [`sign`](Self::sign).
    pub fn sign_jwt<R: TryCryptoRng + ?Sized>(
        &self,
        claims: &Claims,
        rng: &mut R,
    ) -> Result<String, SignError> {
        if Issuer::of(claims) == Issuer::Google {
            return Err(SignError::ImitatesGoogle);
        }
        self.sign_with_header(claims, "", rng)
    }

    /// Signs claims as a JWT **that may pretend to come from Google**, for tests and emulators. Its
    /// header admits it: it has the member [`TEST_MARKER`].
    ///
    /// # Errors
    ///
    /// [`SignError::TooLarge`] and those of [`sign`](Self::sign).
    pub fn sign_jwt_imitating_google<R: TryCryptoRng + ?Sized>(
        &self,
        claims: &Claims,
        rng: &mut R,
    ) -> Result<String, SignError> {
        self.sign_with_header(claims, &format!(",{}:true", quoted(TEST_MARKER)), rng)
    }

    /// Signs claims as a JWT **that may pretend to come from Google**, for an emulator of its services. The
    /// header has the members that Google's have; that the key is an emulator's is told by its id, which
    /// begins with [`EMULATOR_KEY_ID_PREFIX`].
    ///
    /// # Errors
    ///
    /// [`SignError::KeyIdNotEmulated`] if the key's id does not, [`SignError::TooLarge`] and those of
    /// [`sign`](Self::sign).
    pub fn sign_jwt_emulating_google<R: TryCryptoRng + ?Sized>(
        &self,
        claims: &Claims,
        rng: &mut R,
    ) -> Result<String, SignError> {
        if !self.key_id().is_some_and(|key_id| key_id.starts_with(EMULATOR_KEY_ID_PREFIX)) {
            return Err(SignError::KeyIdNotEmulated);
        }
        self.sign_with_header(claims, "", rng)
    }

    fn sign_with_header<R: TryCryptoRng + ?Sized>(
        &self,
        claims: &Claims,
        marker: &str,
        rng: &mut R,
    ) -> Result<String, SignError> {
        let key_id = self.key_id().map(|key_id| format!(",\"kid\":{}", quoted(key_id)));
        let key_id = key_id.unwrap_or_default();
        let header = format!("{{\"alg\":\"{}\"{key_id},\"typ\":\"JWT\"{marker}}}", self.algorithm());
        let payload = claims.to_json();
        if payload.len() > TOKEN_BYTES_MAX {
            return Err(SignError::TooLarge);
        }
        let signed =
            format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
        let signature = self.sign(signed.as_bytes(), rng)?;
        let token = format!("{signed}.{}", base64url::encode(&signature));
        if token.len() > TOKEN_BYTES_MAX { Err(SignError::TooLarge) } else { Ok(token) }
    }
}

/// Whose word claims pretend to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issuer {
    Google,
    ServiceAccount,
    Other,
}

impl Issuer {
    pub(crate) fn of(claims: &Claims) -> Self {
        let issuer = claims.text_of("iss").unwrap_or_default().to_ascii_lowercase();
        let issuer = issuer.trim();
        let email_domain = issuer.rsplit_once('@').filter(|_| !issuer.contains('/'));
        if let Some((_, domain)) = email_domain {
            return match domain.strip_suffix("gserviceaccount.com") {
                // Chat and the other services that sign in Google's own name.
                Some("system.") => Self::Google,
                Some(rest) if rest.is_empty() || rest.ends_with('.') => Self::ServiceAccount,
                _ => Self::Other,
            };
        }
        let address = issuer.split_once("://").map_or(issuer, |(_, address)| address);
        let host = address.split(['/', ':', '?', '#']).next().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_googles = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if is_googles("google.com") || is_googles("googleapis.com") { Self::Google } else { Self::Other }
    }
}
