//! `callerid call` as it is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::SourceFlags;
use crate::usage::plain_text;

/// Call a service with an ID token that is minted for it
///
/// The token is for the service alone: the audience follows from the URL, as Cloud Run and Cloud Functions want it,
/// unless --audience names another, such as the client id behind Identity-Aware Proxy. No redirect is followed,
/// so the token goes nowhere else, and where an answer repeats it, its signature is covered. When Cloud Run, Cloud Functions or Identity-Aware Proxy refuse the call,
/// standard error says why, and which command to try instead.
///
/// Exit status: 0 an answer with a status of 2xx, 1 the far side refused, 2 could not decide (usage, files,
/// network, an answer with a status of 5xx).
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Call {
    /// The address to call: https, or http on this very machine
    #[arg(value_name = "URL", value_parser = plain_text, value_hint = ValueHint::Url)]
    pub(crate) url: String,
    /// For whom the token is [default: what follows from the URL: its scheme and host; for
    /// cloudfunctions.net the function's name, too; with --self-signed all but the query]
    #[arg(long, value_name = "AUDIENCE", value_parser = plain_text)]
    pub(crate) audience: Option<String>,
    /// Send a token that the service account signs itself, for this very URL: Identity-Aware Proxy takes it
    /// without a client id, Cloud Run and Cloud Functions do not
    #[arg(long)]
    pub(crate) self_signed: bool,
    /// The header field to send the token in [default: authorization]
    #[arg(long, value_name = "FIELD", value_enum, default_value_t = TokenField::Authorization, hide_default_value = true)]
    pub(crate) token_field: TokenField,

    /// The method [default: GET, or POST if there is something to send]
    #[arg(short = 'X', long, value_name = "METHOD", value_parser = plain_text, help_heading = REQUEST)]
    pub(crate) request: Option<String>,
    /// A header field to send as well, `Name: value`; `@FILE` reads lines of them from a file, `@-` from
    /// standard input; may be repeated
    #[arg(short = 'H', long, value_name = "FIELD", help_heading = REQUEST)]
    pub(crate) header: Vec<String>,
    /// What to send, byte for byte; `@FILE` sends a file, `-` or `@-` standard input
    #[arg(short, long, value_name = "DATA", help_heading = REQUEST)]
    pub(crate) data: Option<String>,
    /// The same, as application/json
    #[arg(long, value_name = "DATA", conflicts_with = "data", help_heading = REQUEST)]
    pub(crate) json: Option<String>,
    /// Give up after this time, from the connection to the last byte [default: 60]
    #[arg(long, value_name = "SECONDS", default_value_t = 60, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..=3600), help_heading = REQUEST)]
    pub(crate) timeout: u32,

    #[command(flatten)]
    pub(crate) source: SourceFlags,

    /// Write what a successful answer holds to this file, readable for you alone; it is replaced only when all
    /// is there
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = super::MODES)]
    pub(crate) output: Option<PathBuf>,
    /// Print the status line and the header fields of the answer, too
    #[arg(short, long, help_heading = super::MODES)]
    pub(crate) include: bool,
}

/// The header fields in which Google's guards look for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenField {
    /// What every service reads
    Authorization,
    /// What Identity-Aware Proxy reads first; leaves Authorization to the application
    ProxyAuthorization,
    /// What Cloud Run reads first; leaves Authorization to the application
    XServerlessAuthorization,
}

impl TokenField {
    /// The field's name, as it is sent and as the flag has it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::ProxyAuthorization => "proxy-authorization",
            Self::XServerlessAuthorization => "x-serverless-authorization",
        }
    }
}

const REQUEST: &str = "What to send";

const EXAMPLES: &str = "\
Examples:
  callerid call https://svc-abc-uc.a.run.app/items
  callerid call --json '{\"name\":\"a\"}' https://svc-abc-uc.a.run.app/items
  callerid call --audience 1234-abc.apps.googleusercontent.com https://behind-iap.example
  callerid call --impersonate caller@p.iam.gserviceaccount.com -i https://svc-abc-uc.a.run.app";
