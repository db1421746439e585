//! What an emulator is told before it starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::StartError;
use crate::iam_policy::{Grant, TOKEN_CREATOR, WORKLOAD_IDENTITY_USER};

/// The project that is emulated unless another is named.
pub const PROJECT_ID_DEFAULT: &str = "callerid-emulator";

/// What an emulator is told before it starts. Every value has a default.
///
/// It can be read from TOML:
///
/// ```toml
/// project_id = "my-project"
/// project_number = 123456789012
/// user = "ann@example.com"
///
/// [[service_accounts]]      # the first is the one that the metadata server hands out tokens of
/// email = "vm@my-project.iam.gserviceaccount.com"
///
/// [[service_accounts]]
/// email = "target@my-project.iam.gserviceaccount.com"
/// disabled = false
///
/// [[grants]]                # instead of those that are there by default
/// member = "serviceAccount:vm@my-project.iam.gserviceaccount.com"
/// role = "roles/iam.serviceAccountTokenCreator"
/// target = "target@my-project.iam.gserviceaccount.com"
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The id of the project.
    pub project_id: String,
    /// The number of the project.
    pub project_number: u64,
    /// The accounts. The first is attached to the metadata server; without any there is
    /// `default@PROJECT_ID.iam.gserviceaccount.com`.
    pub service_accounts: Vec<ServiceAccount>,
    /// Who has logged in with `gcloud auth application-default login`.
    pub user: String,
    /// Who may act as which account. Without this, the first account and the user may act as every account,
    /// and so may federated identities; all other accounts may not even act as themselves.
    pub grants: Option<Vec<Grant>>,
    /// Where to write credentials files.
    pub credentials: Option<PathBuf>,
    /// Where keys are kept, so that they are the same after a restart.
    pub state: Option<PathBuf>,
    /// What determines all keys and all chance; without it they are different in every run.
    pub seed: Option<u64>,
    /// Backends to put behind emulated Cloud Run, Cloud Functions or Identity-Aware Proxy.
    pub protected: Vec<Protected>,
    /// Whether to be an HTTPS proxy for Google's own hosts, too.
    pub proxy: bool,
}

/// A service account of the project.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccount {
    /// Its address.
    pub email: String,
    /// Its numeric id, 21 digits; follows from the address unless it is given.
    #[serde(default)]
    pub unique_id: Option<String>,
    /// Whether it has been disabled.
    #[serde(default)]
    pub disabled: bool,
}

impl ServiceAccount {
    /// An account that can be used, with the id that follows from its address.
    #[must_use]
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), unique_id: None, disabled: false }
    }

    pub(crate) fn unique_id(&self) -> String {
        self.unique_id.clone().unwrap_or_else(|| numeric_id(&self.email))
    }
}

/// Twenty-one digits that follow from a name, as the ids of Google's accounts look.
pub(crate) fn numeric_id(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("1{number:020}")
}

/// A backend behind emulated protection: `NAME=run|function|function-1st-gen|iap[@AUDIENCE]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protected {
    /// What the URL is listed under when the emulator is ready.
    pub name: String,
    /// What stands before the backend.
    pub kind: ProtectedKind,
    /// The audience that tokens must be made for; without it, the backend's own URL or, for
    /// Identity-Aware Proxy, an OAuth client of the project. Cloud Run takes its own URL all the same.
    #[serde(default)]
    pub audience: Option<String>,
    /// Who may call: addresses, `allUsers` or `allAuthenticatedUsers`; without it, the user and every service
    /// account that is not disabled.
    #[serde(default)]
    pub invokers: Option<Vec<String>>,
}

/// What stands before a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProtectedKind {
    /// Cloud Run.
    Run,
    /// Cloud Functions of the second generation, which are Cloud Run services.
    Function,
    /// Cloud Functions of the first generation: the URL has a path, and so has the audience.
    #[serde(rename = "function_1st_gen")]
    FunctionFirstGeneration,
    /// Identity-Aware Proxy.
    Iap,
}

impl FromStr for Protected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let malformed =
            || String::from("it is not of the form NAME=run|function|function-1st-gen|iap[@AUDIENCE]");
        let (name, rest) = text.split_once('=').ok_or_else(malformed)?;
        let (kind, audience) = match rest.split_once('@') {
            Some((kind, audience)) => (kind, Some(audience)),
            None => (rest, None),
        };
        let kind = match kind {
            "run" => ProtectedKind::Run,
            "function" => ProtectedKind::Function,
            "function-1st-gen" => ProtectedKind::FunctionFirstGeneration,
            "iap" => ProtectedKind::Iap,
            _ => return Err(malformed()),
        };
        if name.is_empty() || audience.is_some_and(str::is_empty) {
            return Err(malformed());
        }
        Ok(Self { name: name.into(), kind, audience: audience.map(Into::into), invokers: None })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            project_id: PROJECT_ID_DEFAULT.into(),
            project_number: 123_456_789_012,
            service_accounts: Vec::new(),
            user: "ann@example.com".into(),
            grants: None,
            credentials: None,
            state: None,
            seed: None,
            protected: Vec::new(),
            proxy: false,
        }
    }
}

impl Config {
    /// Reads a configuration in TOML.
    ///
    /// # Errors
    ///
    /// [`StartError::Configuration`] with the line that cannot be understood.
    pub fn from_toml(text: &str) -> Result<Self, StartError> {
        toml::from_str(text).map_err(|error| StartError::Configuration(error.to_string().trim().into()))
    }

    /// The configuration with what is missing put in, or what is wrong with it.
    pub(crate) fn completed(mut self) -> Result<Self, StartError> {
        let wrong = |what: String| Err(StartError::Configuration(what));
        if self.project_id.is_empty() {
            return wrong("the project has no id".into());
        }
        if self.service_accounts.is_empty() {
            let email = format!("default@{}.iam.gserviceaccount.com", self.project_id);
            self.service_accounts.push(ServiceAccount::new(email));
        }
        if self.proxy && self.credentials.is_none() {
            return wrong("the HTTPS proxy needs a directory of credentials for its certificate".into());
        }
        let mut seen: Vec<&str> = Vec::new();
        for ServiceAccount { email, .. } in &self.service_accounts {
            let parts = email.split_once('@');
            let is_email = parts.is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
                && email.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/' && byte != b':');
            if !is_email {
                return wrong(format!("{} is no e-mail address of an account", callerid::visible(email)));
            }
            if seen.contains(&email.as_str()) {
                return wrong(format!("the account {email} is there twice"));
            }
            seen.push(email);
        }
        let is_of_names = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
        let is_name = |name: &str| {
            name.starts_with(is_of_names) && name.chars().all(|other| is_of_names(other) || other == '-')
        };
        if let Some(Protected { name, .. }) = self.protected.iter().find(|backend| !is_name(&backend.name)) {
            let name = callerid::visible(name);
            return wrong(format!("the name {name} of a backend has others than a-z, 0-9 and -"));
        }
        let mut names: Vec<_> = self.protected.iter().map(|protected| protected.name.as_str()).collect();
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows().find(|[name, next]| name == next) {
            return wrong(format!("two backends are named {}", callerid::visible(name)));
        }
        if self.grants.is_none() {
            self.grants = Some(self.grants_by_default());
        }
        Ok(self)
    }

    fn grants_by_default(&self) -> Vec<Grant> {
        let first = self.service_accounts.first().map(|account| format!("serviceAccount:{}", account.email));
        let creators = first.into_iter().chain([format!("user:{}", self.user)]);
        let creators = creators.map(|member| Grant::new(member, TOKEN_CREATOR, "*"));
        creators.chain([Grant::new("principalSet:*", WORKLOAD_IDENTITY_USER, "*")]).collect()
    }
}
