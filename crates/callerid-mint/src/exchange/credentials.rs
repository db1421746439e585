//! Any file that Application Default Credentials can be.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::value::RawValue;

use super::credentials_error::CredentialsError;
use super::external_account::ExternalAccount;
use super::secret::Secret;
use crate::error::KeyFileError;
use crate::json::{self, Object};
use crate::service_account_claims::{TOKEN_ENDPOINT, is_email};
use crate::service_account_key::{KEY_FILE_BYTES_MAX, ServiceAccountKey, UNIVERSE_DOMAIN_DEFAULT};
use crate::url::{Url, is_private};

/// Credentials of one of the types that Google's libraries know.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// `service_account`: a private key.
    ServiceAccount(Box<ServiceAccountKey>),
    /// `authorized_user`: a person's login.
    Person(Person),
    /// `impersonated_service_account`: other credentials, on whose word an account speaks.
    Impersonated(ImpersonatedAccount),
    /// `external_account`: an identity of another cloud, a CI system or a company.
    External(ExternalAccount),
    /// `external_account_authorized_user`: the login of a person whom a company vouches for.
    ExternalUser(ExternalUser),
}

/// The login of a person with a Google account.
#[derive(Clone, Debug)]
pub struct Person {
    client_id: String,
    client_secret: Secret,
    refresh_token: Secret,
    token_uri: String,
    quota_project: Option<String>,
}

/// A service account that speaks on the word of other credentials.
#[derive(Clone, Debug)]
pub struct ImpersonatedAccount {
    source: Box<Credentials>,
    endpoint: String,
    account: String,
    delegates: Vec<String>,
    quota_project: Option<String>,
}

/// The login of a person whom a company vouches for (workforce identity).
#[derive(Clone, Debug)]
pub struct ExternalUser {
    client_id: String,
    client_secret: Secret,
    refresh_token: Secret,
    token_url: String,
    quota_project: Option<String>,
}

/// Credentials rest on others, which rest on none or on a federated identity.
const DEPTH_MAX: usize = 3;

impl Credentials {
    /// Reads a credentials file. What is in it may send federated tokens to Google alone, or to the cloud
    /// of that domain if there is one.
    ///
    /// # Errors
    ///
    /// A [`CredentialsError`] that names the defect.
    pub fn parse(text: &str, universe_domain: Option<&str>) -> Result<Self, CredentialsError> {
        if text.len() > KEY_FILE_BYTES_MAX {
            return Err(KeyFileError::TooLarge.into());
        }
        Self::parse_nested(text, universe_domain.unwrap_or(UNIVERSE_DOMAIN_DEFAULT), 1)
    }

    fn parse_nested(text: &str, universe: &str, depth: usize) -> Result<Self, CredentialsError> {
        if depth > DEPTH_MAX {
            return Err(CredentialsError::NestedTooDeep);
        }
        let file = json::parse_object(text)?;
        if file.raw("installed").is_some() || file.raw("web").is_some() {
            return Err(KeyFileError::OAuthClient.into());
        }
        match optional(&file, "type")?.as_deref() {
            Some("service_account") => Ok(Self::ServiceAccount(Box::new(ServiceAccountKey::parse(text)?))),
            Some("authorized_user") => Person::read(&file).map(Self::Person),
            Some("impersonated_service_account") => {
                ImpersonatedAccount::read(&file, universe, depth).map(Self::Impersonated)
            }
            Some("external_account") => ExternalAccount::read(&file, universe).map(Self::External),
            Some("external_account_authorized_user") => {
                ExternalUser::read(&file, universe).map(Self::ExternalUser)
            }
            Some("gdch_service_account") => {
                Err(CredentialsError::NotSupported { found: "gdch_service_account" })
            }
            _ => Err(KeyFileError::TypeUnknown.into()),
        }
    }

    /// The `type`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::ServiceAccount(_) => "service_account",
            Self::Person(_) => "authorized_user",
            Self::Impersonated(_) => "impersonated_service_account",
            Self::External(_) => "external_account",
            Self::ExternalUser(_) => "external_account_authorized_user",
        }
    }

    /// The project that pays for requests, if the file names one.
    #[must_use]
    pub fn quota_project(&self) -> Option<&str> {
        match self {
            Self::ServiceAccount(_) => None,
            Self::Person(person) => person.quota_project.as_deref(),
            Self::Impersonated(account) => account.quota_project.as_deref(),
            Self::External(external) => external.quota_project(),
            Self::ExternalUser(user) => user.quota_project.as_deref(),
        }
    }
}

impl Person {
    fn read(file: &Object<'_>) -> Result<Self, CredentialsError> {
        let token_uri = optional(file, "token_uri")?.unwrap_or_else(|| TOKEN_ENDPOINT.into());
        if !is_private(&token_uri) {
            return Err(KeyFileError::TokenUriMalformed.into());
        }
        Ok(Self {
            client_id: required(file, "client_id")?,
            client_secret: secret(file, "client_secret")?,
            refresh_token: secret(file, "refresh_token")?,
            token_uri,
            quota_project: optional(file, "quota_project_id")?,
        })
    }

    /// The OAuth client that the person logged in with: the only audience of the person's ID tokens.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Where the login is renewed.
    #[must_use]
    pub fn token_uri(&self) -> &str {
        &self.token_uri
    }

    pub(crate) const fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    pub(crate) const fn refresh_token(&self) -> &Secret {
        &self.refresh_token
    }
}

impl ImpersonatedAccount {
    fn read(file: &Object<'_>, universe: &str, depth: usize) -> Result<Self, CredentialsError> {
        let url = required(file, IMPERSONATION_URL)?;
        let (endpoint, account) = impersonation(&url, universe)?;
        let nested = file.raw("source_credentials");
        let nested = nested.ok_or(KeyFileError::MemberMissing { name: "source_credentials" })?;
        Ok(Self {
            source: Box::new(Credentials::parse_nested(nested, universe, depth.saturating_add(1))?),
            endpoint,
            account,
            delegates: delegates(file)?,
            quota_project: optional(file, "quota_project_id")?,
        })
    }

    /// On whose word the account speaks.
    #[must_use]
    pub const fn source(&self) -> &Credentials {
        &self.source
    }

    /// The address of the IAM Credentials API.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Who speaks: an e-mail address or a number.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The accounts on the way, in order.
    #[must_use]
    pub fn delegates(&self) -> &[String] {
        &self.delegates
    }
}

impl ExternalUser {
    fn read(file: &Object<'_>, universe: &str) -> Result<Self, CredentialsError> {
        let token_url =
            optional(file, "token_url")?.unwrap_or_else(|| "https://sts.googleapis.com/v1/oauthtoken".into());
        check_googles(&token_url, universe, "token_url")?;
        Ok(Self {
            client_id: required(file, "client_id")?,
            client_secret: secret(file, "client_secret")?,
            refresh_token: secret(file, "refresh_token")?,
            token_url,
            quota_project: optional(file, "quota_project_id")?,
        })
    }

    /// Where the login is renewed.
    #[must_use]
    pub fn token_url(&self) -> &str {
        &self.token_url
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) const fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    pub(crate) const fn refresh_token(&self) -> &Secret {
        &self.refresh_token
    }
}

pub(crate) const IMPERSONATION_URL: &str = "service_account_impersonation_url";

/// The API's address and the account out of `…/v1/projects/-/serviceAccounts/ACCOUNT:generateAccessToken`.
pub(crate) fn impersonation(url: &str, universe: &str) -> Result<(String, String), CredentialsError> {
    check_googles(url, universe, IMPERSONATION_URL)?;
    let parts = url.split_once("/v1/projects/-/serviceAccounts/").and_then(|(endpoint, rest)| {
        let (account, _) = rest.split_once(':')?;
        let is_account = is_email(account) || account.chars().all(|character| character.is_ascii_digit());
        let is_plain = !account.is_empty() && !account.contains(['/', '?', '#', '%']);
        (is_account && is_plain).then(|| (endpoint.to_string(), account.to_string()))
    });
    parts.ok_or(CredentialsError::AddressNotAllowed {
        name: IMPERSONATION_URL,
        expected: "of the form https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/ACCOUNT:generateAccessToken",
    })
}

/// Only Google gets what proves who somebody is; on this machine, an emulator may.
pub(crate) fn check_googles(url: &str, universe: &str, name: &'static str) -> Result<(), CredentialsError> {
    let is_googles = Url::parse(url)
        .is_some_and(|url| url.is_on_this_machine() || (url.scheme == "https" && url.is_in(universe)));
    let expected = "an https URL of Google's (googleapis.com)";
    if is_googles { Ok(()) } else { Err(CredentialsError::AddressNotAllowed { name, expected }) }
}

/// `delegates`: names of accounts, with or without `projects/-/serviceAccounts/` before them.
fn delegates(file: &Object<'_>) -> Result<Vec<String>, CredentialsError> {
    let malformed = CredentialsError::File(KeyFileError::MemberMalformed { name: "delegates" });
    let Some(raw) = file.raw("delegates").filter(|raw| *raw != "null") else { return Ok(Vec::new()) };
    let names: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| malformed.clone())?;
    let names = names.into_iter().map(|name| {
        let name = json::string(name.get()).ok_or_else(|| malformed.clone())?;
        Ok(name.rsplit('/').next().unwrap_or_default().to_string())
    });
    names.collect()
}

pub(crate) fn required(file: &Object<'_>, name: &'static str) -> Result<String, CredentialsError> {
    optional(file, name)?.ok_or_else(|| KeyFileError::MemberMissing { name }.into())
}

pub(crate) fn optional(file: &Object<'_>, name: &'static str) -> Result<Option<String>, CredentialsError> {
    Ok(optional_secret(file, name)?.map(|text| text.expose().into()))
}

pub(crate) fn secret(file: &Object<'_>, name: &'static str) -> Result<Secret, CredentialsError> {
    optional_secret(file, name)?.ok_or_else(|| KeyFileError::MemberMissing { name }.into())
}

pub(crate) fn optional_secret(
    file: &Object<'_>,
    name: &'static str,
) -> Result<Option<Secret>, CredentialsError> {
    let Some(raw) = file.raw(name).filter(|raw| *raw != "null") else { return Ok(None) };
    match json::string(raw) {
        Some(text) if text.trim().is_empty() => Ok(None),
        Some(text) => Ok(Some(Secret::new(text))),
        None => Err(KeyFileError::MemberMalformed { name }.into()),
    }
}
