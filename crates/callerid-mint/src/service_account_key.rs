//! Service account key files, as Google hands them out.

use alloc::string::String;
use core::fmt;

use callerid::{Algorithm, UnixTime};
use zeroize::Zeroizing;

use crate::error::{KeyFileError, SignError};
use crate::json::{self, JsonError, Object};
use crate::key::SigningKey;
use crate::rand_core::TryCryptoRng;
use crate::service_account_claims::{ServiceAccountClaims, TOKEN_ENDPOINT, is_email};
use crate::url::{is_domain, is_private};

/// Longest text that is read as a key file, in bytes; Google's have less than 3,000.
pub const KEY_FILE_BYTES_MAX: usize = 65_536;

pub(crate) const UNIVERSE_DOMAIN_DEFAULT: &str = "googleapis.com";

/// What else Application Default Credentials may point at, by its `type`.
const OTHER_CREDENTIALS: [&str; 5] = [
    "authorized_user",
    "external_account",
    "external_account_authorized_user",
    "gdch_service_account",
    "impersonated_service_account",
];

/// The contents of a service account key file: a private key and whose it is.
#[derive(Clone)]
pub struct ServiceAccountKey {
    client_email: String,
    key: SigningKey,
    private_key_id: String,
    token_uri: String,
    project_id: Option<String>,
    client_id: Option<String>,
    universe_domain: String,
}

impl ServiceAccountKey {
    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// A [`KeyFileError`] that names the defect.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        if text.len() > KEY_FILE_BYTES_MAX {
            return Err(KeyFileError::TooLarge);
        }
        let file = json::parse_object(text).map_err(|error| match error {
            JsonError::DuplicateMember(_) => KeyFileError::DuplicateMember,
            JsonError::NotAnObject | JsonError::Syntax => KeyFileError::Malformed,
        })?;
        check_type(&file)?;
        let client_email = required(&file, "client_email")?;
        if !is_email(&client_email) {
            return Err(KeyFileError::EmailMalformed);
        }
        let private_key_id = required(&file, "private_key_id")?;
        let key = SigningKey::from_pem(&required(&file, "private_key")?)?;
        if key.algorithm() != Algorithm::Rs256 {
            return Err(KeyFileError::KeyNotRsa);
        }
        let token_uri = optional(&file, "token_uri")?;
        let token_uri = token_uri.map_or_else(|| String::from(TOKEN_ENDPOINT), plain);
        // What is posted there proves who the account is, so it must not be read on the way.
        if !is_private(&token_uri) {
            return Err(KeyFileError::TokenUriMalformed);
        }
        let universe_domain = optional(&file, "universe_domain")?;
        let universe_domain = universe_domain.map_or_else(|| String::from(UNIVERSE_DOMAIN_DEFAULT), plain);
        if !is_domain(&universe_domain) {
            return Err(KeyFileError::UniverseDomainMalformed);
        }
        Ok(Self {
            client_email: plain(client_email),
            key: key.with_key_id(Some(&private_key_id))?,
            private_key_id: plain(private_key_id),
            token_uri,
            project_id: optional(&file, "project_id")?.map(plain),
            client_id: optional(&file, "client_id")?.map(plain),
            universe_domain,
        })
    }

    /// The account's e-mail address.
    #[must_use]
    pub fn client_email(&self) -> &str {
        &self.client_email
    }

    /// The private key, which goes by [`private_key_id`](Self::private_key_id).
    #[must_use]
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The name under which Google publishes the public half.
    #[must_use]
    pub fn private_key_id(&self) -> &str {
        &self.private_key_id
    }

    /// Where assertions are exchanged for tokens: https, or http on this machine.
    #[must_use]
    pub fn token_uri(&self) -> &str {
        &self.token_uri
    }

    /// The id of the account's project, if the file names it.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// The account's numeric id, if the file names it.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The domain of the cloud that the account lives in; `googleapis.com` unless the file says otherwise.
    #[must_use]
    pub fn universe_domain(&self) -> &str {
        &self.universe_domain
    }

    /// Whether the account lives in Google's own cloud, the only one with a token endpoint.
    #[must_use]
    pub fn is_in_default_universe(&self) -> bool {
        self.universe_domain == UNIVERSE_DOMAIN_DEFAULT
    }

    /// Signs what the account says of itself, as a JWT. The claims may be those of another account, which
    /// Google then refuses.
    ///
    /// # Errors
    ///
    /// Those of [`SigningKey::sign_jwt`].
    pub fn sign<R: TryCryptoRng + ?Sized>(
        &self,
        claims: &ServiceAccountClaims,
        now: UnixTime,
        rng: &mut R,
    ) -> Result<String, SignError> {
        self.key.sign_jwt(&claims.to_claims(now), rng)
    }
}

/// Shows whose key it is, nothing of the key itself.
impl fmt::Debug for ServiceAccountKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServiceAccountKey")
            .field("client_email", &self.client_email)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

fn check_type(file: &Object<'_>) -> Result<(), KeyFileError> {
    // The console names these files client_secret_….json.
    if file.raw("installed").is_some() || file.raw("web").is_some() {
        return Err(KeyFileError::OAuthClient);
    }
    let found = optional(file, "type")?.ok_or(KeyFileError::TypeUnknown)?;
    if found.as_str() == "service_account" {
        return Ok(());
    }
    let other = OTHER_CREDENTIALS.iter().find(|name| **name == found.as_str());
    Err(other.map_or(KeyFileError::TypeUnknown, |found| KeyFileError::OtherCredentials { found }))
}

fn required(file: &Object<'_>, name: &'static str) -> Result<Zeroizing<String>, KeyFileError> {
    optional(file, name)?.ok_or(KeyFileError::MemberMissing { name })
}

fn optional(file: &Object<'_>, name: &'static str) -> Result<Option<Zeroizing<String>>, KeyFileError> {
    let Some(raw) = file.raw(name) else { return Ok(None) };
    let text = json::string(raw).filter(|text| !text.trim().is_empty());
    text.map(Some).ok_or(KeyFileError::MemberMalformed { name })
}

/// A text of the file that is no secret.
fn plain(text: Zeroizing<String>) -> String {
    text.as_str().into()
}
