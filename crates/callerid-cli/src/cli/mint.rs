//! `callerid mint` as it is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::SourceFlags;
use crate::usage::plain_text;

/// Mint a token: an ID token for a service, an access token, or one that an account signs itself
///
/// The token goes to standard output, everything else to standard error. It is as good as a password for
/// as long as it lives: an hour, if Google makes it. ID tokens are kept on disk for the next run, readable for
/// you alone, until they are about to expire; nothing else is kept.
///
/// Without a source, the credentials are those of Google's libraries (Application Default Credentials): the
/// file that GOOGLE_APPLICATION_CREDENTIALS names, the file that gcloud auth application-default login
/// left, the metadata server.
///
/// Exit status: 0 done, 1 the far side refused, 2 could not decide (usage, files, network).
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Mint {
    /// For whom the token is (aud): the URL of the service, or the client id of Identity-Aware Proxy
    #[arg(long, value_name = "AUDIENCE", value_parser = plain_text)]
    pub(crate) audience: Option<String>,
    /// The kind of token [default: id]
    #[arg(long, value_name = "KIND", value_enum, default_value_t = MintKind::Id, hide_default_value = true)]
    pub(crate) r#type: MintKind,
    /// What an access token, or a self-signed one for Google's APIs, is to open
    /// [default: https://www.googleapis.com/auth/cloud-platform]
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = plain_text)]
    pub(crate) scopes: Vec<String>,
    /// How long it is to live, where that can be chosen: self-signed, or signed with --dev-key
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) lifetime: Option<u32>,

    #[command(flatten)]
    pub(crate) source: SourceFlags,

    /// Sign a token for tests with this private key, without Google; callerid keygen makes one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["credentials", "metadata", "impersonate", "type", "scopes"], help_heading = TESTS)]
    pub(crate) dev_key: Option<PathBuf>,
    /// Who issues it (iss) [default: https://callerid.test]
    #[arg(long, value_name = "ISSUER", value_parser = plain_text, requires = "dev_key", conflicts_with = "imitate", help_heading = TESTS)]
    pub(crate) issuer: Option<String>,
    /// For whom it speaks, by e-mail address
    #[arg(long, value_name = "EMAIL", value_parser = plain_text, requires = "dev_key", help_heading = TESTS)]
    pub(crate) email: Option<String>,
    /// For whom it speaks (sub)
    #[arg(long, value_name = "SUBJECT", value_parser = plain_text, requires = "dev_key", help_heading = TESTS)]
    pub(crate) subject: Option<String>,
    /// More claims, over the others; null takes one away
    #[arg(long, value_name = "JSON", requires = "dev_key", help_heading = TESTS)]
    pub(crate) claims: Option<String>,
    /// Imitate Google's tokens of this profile or kind, issuer and all; the token's header then says that it
    /// is a test
    #[arg(long, value_name = "PROFILE", value_parser = plain_text, requires = "dev_key", help_heading = TESTS)]
    pub(crate) imitate: Option<String>,

    /// Write the token to this file, readable for you alone, instead of standard output; it is replaced only
    /// when all is there
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = super::MODES)]
    pub(crate) output: Option<PathBuf>,
    /// Print a whole header line: Authorization: Bearer …
    #[arg(long, help_heading = super::MODES)]
    pub(crate) header: bool,
}

/// The kinds of tokens that are minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MintKind {
    /// An ID token of Google's, for services of your own
    Id,
    /// An access token, for Google's APIs
    Access,
    /// A JWT that the service account signs itself, for Identity-Aware Proxy, API Gateway and Google's APIs
    SelfSigned,
}

const TESTS: &str = "For tests";

const EXAMPLES: &str = "\
Examples:
  callerid mint --audience https://svc.example
  callerid mint --audience https://svc.example --impersonate caller@p.iam.gserviceaccount.com
  callerid mint --type access --credentials key.json --output token
  callerid mint --audience https://svc.example --dev-key key.pem --email ann@example.com
  callerid mint --audience https://svc.example --header | curl -H @- https://svc.example";
