//! `callerid mint` as it is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::SourceFlags;
use crate::usage::plain_text;

/// Mint a token: an ID token for a service, an access token, or a JWT that a service account signs itself
///
/// The token goes to standard output, everything else to standard error. It is as good as a password for
/// as long as it lives: an hour, if Google makes it.
///
/// Exit status: 0 done, 1 the far side refused, 2 could not decide (usage, files, network).
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Mint {
    /// For whom the token is: the URL of the service, or the client id behind Identity-Aware Proxy
    #[arg(long, value_name = "AUDIENCE", value_parser = plain_text)]
    pub(crate) audience: Option<String>,
    /// The kind of token [default: id]
    #[arg(long, value_name = "KIND", value_enum, default_value_t = MintKind::Id, hide_default_value = true)]
    pub(crate) r#type: MintKind,
    /// What an access token is to open [default: https://www.googleapis.com/auth/cloud-platform]
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = plain_text)]
    pub(crate) scopes: Vec<String>,

    #[command(flatten)]
    pub(crate) source: SourceFlags,

    /// Write the token to this file, readable for you alone, instead of standard output
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

const EXAMPLES: &str = "\
Examples:
  callerid mint --audience https://svc.example
  callerid mint --audience https://svc.example --impersonate caller@p.iam.gserviceaccount.com
  curl -H \"$(callerid mint --audience https://svc.example --header)\" https://svc.example";
