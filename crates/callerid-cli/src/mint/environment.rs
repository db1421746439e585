//! The environment variables that Google's tools and libraries know, as far as minting goes.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use callerid_mint::exchange::metadata;

fn text(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn path(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The file that whoever set up the environment chose.
pub(super) fn credentials_file() -> Option<PathBuf> {
    path("GOOGLE_APPLICATION_CREDENTIALS")
}

/// The file that `gcloud auth application-default login` writes.
pub(super) fn well_known_file() -> Option<PathBuf> {
    let directory = path("CLOUDSDK_CONFIG").or_else(|| {
        if cfg!(windows) {
            return Some(path("APPDATA")?.join("gcloud"));
        }
        Some(env::home_dir()?.join(".config").join("gcloud"))
    })?;
    Some(directory.join("application_default_credentials.json"))
}

/// Where the metadata server is: a host, and a port if it is not 80.
pub(super) fn metadata_host() -> String {
    let names = ["GCE_METADATA_HOST", "GCE_METADATA_IP", "GCE_METADATA_ROOT"];
    let host = names.into_iter().find_map(text).unwrap_or_else(|| metadata::HOST.into());
    host.trim_start_matches("http://").trim_end_matches('/').into()
}

/// Whether the metadata server must not be looked for.
pub(super) fn forbids_metadata() -> bool {
    text("NO_GCE_CHECK").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || text("METADATA_SERVER_DETECTION").is_some_and(|value| value.eq_ignore_ascii_case("none"))
}

/// How long the metadata server is looked for.
pub(super) fn metadata_timeout() -> Duration {
    let seconds = text("GCE_METADATA_TIMEOUT").and_then(|value| value.parse().ok());
    Duration::from_secs(seconds.unwrap_or(3).clamp(1, 60))
}

/// The address of the IAM Credentials API, if it is another one than Google's.
pub(super) fn iam_credentials_endpoint() -> Option<String> {
    text("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS")
}

/// The project that pays for requests.
pub(super) fn quota_project() -> Option<String> {
    text("GOOGLE_CLOUD_QUOTA_PROJECT")
}

/// The domain of the cloud, if it is another one than Google's own.
pub(super) fn universe_domain() -> Option<String> {
    text("GOOGLE_CLOUD_UNIVERSE_DOMAIN")
}

/// Whether programs that a credentials file names may be run.
pub(super) fn allows_executables() -> bool {
    text("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES").as_deref() == Some("1")
}

/// The first of these variables that is set.
pub(super) fn first_of(names: &[&str]) -> Option<String> {
    names.iter().copied().find_map(text)
}
