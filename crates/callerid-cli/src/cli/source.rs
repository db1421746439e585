//! The flags that say whose word a token is to be minted on; every command that mints has them.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::usage::plain_text;

/// Where a token is to come from; without any of these, Application Default Credentials.
#[derive(Args, Clone, Debug)]
pub(crate) struct SourceFlags {
    /// A credentials file: a service account key, or any file that Application Default Credentials can be
    /// [default: GOOGLE_APPLICATION_CREDENTIALS, then gcloud's own file, then the metadata server]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "metadata", help_heading = SOURCE)]
    pub(crate) credentials: Option<PathBuf>,
    /// Ask the metadata server of this machine
    #[arg(long, help_heading = SOURCE)]
    pub(crate) metadata: bool,
    /// Let this service account speak, by its e-mail address; the source must have the role
    /// roles/iam.serviceAccountTokenCreator on it
    #[arg(long, value_name = "SERVICE_ACCOUNT", value_parser = plain_text, help_heading = SOURCE)]
    pub(crate) impersonate: Option<String>,
    /// The service accounts on the way to it, in order, each with that role on the next
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = plain_text, requires = "impersonate", help_heading = SOURCE)]
    pub(crate) delegates: Vec<String>,
    /// Neither use nor keep a copy of the token on disk
    #[arg(long, help_heading = SOURCE)]
    pub(crate) no_cache: bool,
    /// Give up minting after this time, with everything that is tried again [default: 30]
    #[arg(long, value_name = "SECONDS", default_value_t = 30, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..=600), help_heading = SOURCE)]
    pub(crate) mint_timeout: u32,
    /// Say on standard error which steps were taken; secrets are never shown
    #[arg(long, help_heading = SOURCE)]
    pub(crate) explain: bool,
}

const SOURCE: &str = "Where the token comes from";
