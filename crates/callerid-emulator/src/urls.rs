//! Where a running emulator can be reached: what is printed when it is ready.

use std::collections::BTreeMap;

use serde::Serialize;

/// Where a running emulator can be reached.
///
/// As JSON this is the line that `callerid emulate` prints when it is ready.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Urls {
    /// The emulator itself.
    pub url: String,
    /// The id of the project.
    pub project_id: String,
    /// The number of the project.
    pub project_number: String,
    /// The addresses of the accounts; the first is the metadata server's.
    pub service_accounts: Vec<String>,
    /// What `GCE_METADATA_HOST` must be set to.
    pub metadata_host: String,
    /// Where assertions and refresh tokens are exchanged.
    pub token_uri: String,
    /// What the paths of IAM Credentials are put behind.
    pub iam_credentials: String,
    /// Where tokens of other identity providers are exchanged.
    pub sts: String,
    /// Public keys as JWK sets.
    pub jwks: KeyUrls,
    /// Public keys as maps of key ids to PEM texts.
    pub certs: KeyUrls,
    /// The JWK set of an account; `{email}` stands for its address.
    pub service_account_keys: String,
    /// The certificates of an account; `{email}` stands for its address.
    pub service_account_certs: String,
    /// The document of OpenID Connect Discovery.
    pub discovery: String,
    /// What says what a token is.
    pub tokeninfo: String,
    /// What turns faults on and off.
    pub control: String,
    /// The backends behind emulated protection, by their names.
    pub protected: BTreeMap<String, String>,
    /// The credentials files that were written, by their types.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub credentials: BTreeMap<String, String>,
    /// The HTTPS proxy, where it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<ProxyUrls>,
}

/// Where the keys of the two issuers are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KeyUrls {
    /// Of Google's ID tokens.
    pub google: String,
    /// Of the assertions of Identity-Aware Proxy.
    pub iap: String,
}

/// How to use the HTTPS proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProxyUrls {
    /// What `HTTPS_PROXY` must be set to.
    pub url: String,
    /// The file with the certificate of its authority.
    pub ca: String,
}

impl Urls {
    pub(crate) fn new(url: &str) -> Self {
        let at = |path: &str| format!("{url}{path}");
        Self {
            url: url.into(),
            metadata_host: url.split_once("://").map_or(url, |(_, host)| host).into(),
            token_uri: at("/token"),
            iam_credentials: url.into(),
            sts: at("/v1/token"),
            jwks: KeyUrls { google: at("/oauth2/v3/certs"), iap: at("/iap/verify/public_key-jwk") },
            certs: KeyUrls { google: at("/oauth2/v1/certs"), iap: at("/iap/verify/public_key") },
            service_account_keys: at("/service_accounts/v1/jwk/{email}"),
            service_account_certs: at("/service_accounts/v1/metadata/x509/{email}"),
            discovery: at("/.well-known/openid-configuration"),
            tokeninfo: at("/tokeninfo"),
            control: at("/_emulator"),
            ..Self::default()
        }
    }

    /// All of it, as one line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text and maps of text can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}
