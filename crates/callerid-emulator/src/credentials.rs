//! Credentials files of every type, which send those who use them to the emulator.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::error::StartError;
use crate::key_store::{private_directory, write_private};
use crate::keys::Owner;
use crate::oauth::{CLIENT_ID, CLIENT_SECRET, refresh_token};
use crate::state::State;
use crate::sts;
use crate::urls::Urls;

/// Writes one file of each type, and says where they are.
pub(crate) fn write(
    state: &State,
    urls: &Urls,
    directory: &Path,
) -> Result<BTreeMap<String, String>, StartError> {
    private_directory(directory)?;
    let directory = std::path::absolute(directory).map_err(|error| StartError::file(directory, error))?;
    let subject_token = directory.join("subject_token");
    let token = sts::subject_token(state).ok_or_else(key_unreadable)?;
    write_private(&subject_token, token.as_bytes())?;
    let files = [
        ("service_account", service_account(state, urls)?),
        ("impersonated_service_account", impersonated(state, urls)),
        ("authorized_user", authorized_user(state, urls)),
        ("external_account", external_account(state, urls, &subject_token)),
    ];
    let mut written = BTreeMap::new();
    for (kind, contents) in files {
        let path = directory.join(format!("{kind}.json"));
        write_private(&path, format!("{contents:#}\n").as_bytes())?;
        written.insert(kind.into(), path.display().to_string());
    }
    Ok(written)
}

/// Writes the certificate that clients of the HTTPS proxy must trust, and says where it is.
pub(crate) fn write_authority(certificate: &str, directory: &Path) -> Result<String, StartError> {
    let directory = std::path::absolute(directory).map_err(|error| StartError::file(directory, error))?;
    let path = directory.join("ca.pem");
    write_private(&path, certificate.as_bytes())?;
    Ok(path.display().to_string())
}

fn key_unreadable() -> StartError {
    StartError::Key("it could not be made".into())
}

/// The key file of the first account.
fn service_account(state: &State, urls: &Urls) -> Result<Value, StartError> {
    let account = state.attached_account().ok_or_else(key_unreadable)?;
    let key = state.with_signing_key(&Owner::Account(account.email.clone()), |key| {
        Some((key.key_id()?.to_owned(), key.expose_private_pem().ok()?))
    });
    let (key_id, pem) = key.ok_or_else(key_unreadable)?;
    Ok(json!({
        "type": "service_account",
        "project_id": state.config.project_id,
        "private_key_id": key_id,
        "private_key": pem.as_str(),
        "client_email": account.email,
        "client_id": account.unique_id,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": urls.token_uri,
        "auth_provider_x509_cert_url": urls.certs.google,
        "client_x509_cert_url": urls.service_account_certs.replace("{email}", &account.email),
        "universe_domain": "googleapis.com",
    }))
}

fn authorized_user(state: &State, urls: &Urls) -> Value {
    json!({
        "type": "authorized_user",
        "account": "",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": refresh_token(state),
        "token_uri": urls.token_uri,
        "quota_project_id": state.config.project_id,
        "universe_domain": "googleapis.com",
    })
}

/// The user acts as the last account, as after `gcloud auth application-default login
/// --impersonate-service-account`.
fn impersonated(state: &State, urls: &Urls) -> Value {
    json!({
        "type": "impersonated_service_account",
        "delegates": [],
        "service_account_impersonation_url": impersonation_url(state, urls),
        "source_credentials": authorized_user(state, urls),
        "universe_domain": "googleapis.com",
    })
}

fn external_account(state: &State, urls: &Urls, subject_token: &Path) -> Value {
    json!({
        "type": "external_account",
        "audience": sts::audience(state),
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": urls.sts,
        "service_account_impersonation_url": impersonation_url(state, urls),
        "credential_source": {"file": subject_token.display().to_string(), "format": {"type": "text"}},
        "universe_domain": "googleapis.com",
    })
}

fn impersonation_url(state: &State, urls: &Urls) -> String {
    let account = state.config.service_accounts.last().map(|account| account.email.as_str());
    format!(
        "{}/v1/projects/-/serviceAccounts/{}:generateAccessToken",
        urls.iam_credentials,
        account.unwrap_or_default()
    )
}
