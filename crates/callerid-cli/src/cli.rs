//! The command line as it is written: commands, flags and their help.

use std::path::PathBuf;

use callerid::{CLOCK_SKEW_DEFAULT, UnixTime};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::usage::{plain_text, time};

mod call;
mod emulate;
mod inspect;
mod keygen;
mod mint;
mod source;

pub(crate) use call::{Call, TokenField};
pub(crate) use emulate::Emulate;
pub(crate) use inspect::Inspect;
pub(crate) use keygen::{KeyKind, Keygen};
pub(crate) use mint::{Mint, MintKind};
pub(crate) use source::SourceFlags;

/// Decodes and verifies the JSON Web Tokens that Google issues, and says who is calling.
///
/// Exit status: 0 verified or done, 1 rejected, 2 could not decide (usage, files, network, keys).
#[derive(Debug, Parser)]
#[command(name = "callerid", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = MAIN_EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Decode(Decode),
    Verify(Box<Verify>),
    Inspect(Inspect),
    Mint(Box<Mint>),
    Call(Box<Call>),
    #[command(subcommand)]
    Keys(Keys),
    Keygen(Keygen),
    Emulate(Box<Emulate>),
    Completions(Completions),
    Man(Man),
}

/// Show what a token says, without verifying anything
///
/// Says what kind of token it is, whom it speaks for, for whom it was made and until when. Nothing is
/// checked: everything shown is what the token says of itself. Access tokens, keys and other things that
/// are pasted where a token belongs are named, with what to do, and never shown.
///
/// Exit status: 0 if the text was recognised, 1 if it is nothing known, 2 if there was none.
#[derive(Args, Debug)]
#[command(after_help = DECODE_EXAMPLES)]
pub(crate) struct Decode {
    /// The token, or the text around it; `-` or nothing reads standard input
    #[arg(value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// Print the report as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Judge "ago" and "in" by this time: unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) now: Option<UnixTime>,
}

/// Verify a token: who issued it, for whom, for how long, and who is calling
///
/// Every check is reported with its reason, and all claims that fail are named, not only the first. The keys
/// are those that the profile's issuer publishes; they are kept on disk for as long as the issuer's
/// headers allow. A key that the token itself brings or points to is never used.
///
/// Exit status: 0 verified, 1 rejected, 2 could not decide (usage, files, network, keys). With --lines: 0 only
/// if every token was verified, 1 if any was rejected, 2 if any could not be decided.
#[derive(Args, Debug)]
#[command(after_help = VERIFY_EXAMPLES)]
#[command(group = ArgGroup::new("claim").multiple(true))]
pub(crate) struct Verify {
    /// The token, or the text around it; `-` or nothing reads standard input
    #[arg(value_name = "TOKEN")]
    pub(crate) token: Option<String>,

    /// Whose tokens: google, iap, firebase:PROJECT_ID, firebase-session:PROJECT_ID,
    /// app-check:PROJECT_NUMBER, service-account:EMAIL, chat, confidential-space, gke:ISSUER [default: google]
    #[arg(long, value_name = "PROFILE", default_value = "google", hide_default_value = true, value_parser = plain_text)]
    pub(crate) profile: String,
    /// For whom the token must have been made (aud), exactly; may be repeated
    #[arg(long, value_name = "AUDIENCE", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) audience: Vec<String>,
    /// Accept tokens made for anybody: for looking at tokens, never for guarding a service
    #[arg(long, conflicts_with = "audience", group = "claim", help_heading = EXPECTED)]
    pub(crate) insecure_any_audience: bool,
    /// Who may call: this verified e-mail address, exactly; may be repeated
    #[arg(long, value_name = "EMAIL", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) email: Vec<String>,
    /// Who may call: a verified address in exactly this domain
    #[arg(long, value_name = "DOMAIN", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) email_domain: Option<String>,
    /// Who may call: this subject (sub)
    #[arg(long, value_name = "SUBJECT", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) subject: Option<String>,
    /// Who may call: members of this Workspace or Cloud domain (hd)
    #[arg(long, value_name = "DOMAIN", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) hosted_domain: Option<String>,
    /// Who may call: service accounts of this project (its id)
    #[arg(long, value_name = "PROJECT", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) project: Option<String>,
    /// The client that the token must have been handed to (azp); may be repeated
    #[arg(long, value_name = "CLIENT", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) authorized_party: Vec<String>,
    /// The nonce of the request that the token must answer
    #[arg(long, value_name = "NONCE", value_parser = plain_text, group = "claim", help_heading = EXPECTED)]
    pub(crate) nonce: Option<String>,
    /// The difference between clocks that is forgiven [default: 30]
    #[arg(long, value_name = "SECONDS", default_value_t = CLOCK_SKEW_DEFAULT, hide_default_value = true, help_heading = EXPECTED)]
    pub(crate) skew: u32,
    /// Judge the token as of this time: unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = EXPECTED)]
    pub(crate) now: Option<UnixTime>,

    /// The keys: a file or https URL with a JWK set, a map of key ids to PEM texts, or PEM; `-` reads
    /// standard input [default: what the profile's issuer publishes]
    #[arg(long, value_name = "FILE|URL", value_parser = plain_text, value_hint = ValueHint::AnyPath, help_heading = KEYS)]
    pub(crate) keys: Option<String>,
    /// Never fetch keys: use the copy on disk
    #[arg(long, help_heading = KEYS)]
    pub(crate) offline: bool,

    /// Print the report as one line of JSON
    #[arg(long, help_heading = MODES)]
    pub(crate) json: bool,
    /// Verify every line of standard input, and print one JSON report per line in the same order
    #[arg(long, help_heading = MODES)]
    pub(crate) lines: bool,
    /// Check only the JWS signature and print the payload's bytes; judges no claims
    #[arg(long, conflicts_with_all = ["claim", "lines"], help_heading = MODES)]
    pub(crate) signature_only: bool,
}

/// Fetch, list and convert key sets
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    Get(KeysGet),
    Show(KeysShow),
    Convert(KeysConvert),
}

/// Print a key set as it is fetched, byte for byte
///
/// Exit status: 0 done, 1 the far side refused, 2 it could not be had or is no key set.
#[derive(Args, Debug)]
#[command(after_help = KEYS_GET_EXAMPLES)]
pub(crate) struct KeysGet {
    /// Whose keys; see `callerid verify --help` [default: google]
    #[arg(long, value_name = "PROFILE", default_value = "google", hide_default_value = true, value_parser = plain_text)]
    pub(crate) profile: String,
    /// Fetch this https URL instead
    #[arg(long, value_name = "URL", value_parser = plain_text, conflicts_with = "profile", value_hint = ValueHint::Url)]
    pub(crate) url: Option<String>,
    /// Write to this file instead of standard output; it is replaced only when all is there
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// List the keys of a set: id, algorithm, size, thumbprint, freshness, and what cannot be used
///
/// Exit status: 0 done, 2 the keys could not be had.
#[derive(Args, Debug)]
#[command(after_help = KEYS_SHOW_EXAMPLES)]
pub(crate) struct KeysShow {
    /// Whose keys; see `callerid verify --help` [default: google]
    #[arg(long, value_name = "PROFILE", default_value = "google", hide_default_value = true, value_parser = plain_text)]
    pub(crate) profile: String,
    /// The keys of this file or https URL instead; `-` reads standard input
    #[arg(long, value_name = "FILE|URL", value_parser = plain_text, conflicts_with = "profile", value_hint = ValueHint::AnyPath)]
    pub(crate) keys: Option<String>,
    /// Never fetch: show the copy on disk
    #[arg(long)]
    pub(crate) offline: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Convert a JWK set to a map of key ids to PEM texts, or the other way round
///
/// Keys that cannot verify tokens are left out, each with its reason on standard error.
///
/// Exit status: 0 done, 2 the file could not be read or holds no usable key.
#[derive(Args, Debug)]
#[command(after_help = KEYS_CONVERT_EXAMPLES)]
pub(crate) struct KeysConvert {
    /// A JWK set, a map of key ids to PEM texts, or PEM; `-` reads standard input
    #[arg(value_name = "FILE", value_parser = plain_text, value_hint = ValueHint::FilePath)]
    pub(crate) file: String,
    /// The form to convert to [default: the other one]
    #[arg(long, value_name = "FORM", value_enum)]
    pub(crate) to: Option<KeySetForm>,
}

/// The forms in which Google publishes its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeySetForm {
    JwkSet,
    PemMap,
}

/// Print the completions for a shell
#[derive(Args, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page, or write the pages of all commands
#[derive(Args, Debug)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct Man {
    /// Write the pages of all commands to this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) directory: Option<PathBuf>,
}

const EXPECTED: &str = "What is expected";
const KEYS: &str = "Keys";
const MODES: &str = "Output";

const MAIN_EXAMPLES: &str = "\
Examples:
  callerid decode eyJ…
  callerid verify --audience https://svc.example eyJ…
  pbpaste | callerid decode";

const DECODE_EXAMPLES: &str = "\
Examples:
  callerid decode eyJ…
  callerid decode 'Authorization: Bearer eyJ…'
  gcloud auth print-identity-token | callerid decode";

const VERIFY_EXAMPLES: &str = "\
Examples:
  callerid verify --audience https://svc.example --email caller@p.iam.gserviceaccount.com < token
  callerid verify --profile iap --audience /projects/1234/global/backendServices/5678 eyJ…
  callerid verify --profile firebase:my-project --audience my-project --keys keys.json eyJ…
  callerid verify --audience https://svc.example --lines < tokens > reports.jsonl";

const KEYS_GET_EXAMPLES: &str = "\
Examples:
  callerid keys get --profile iap
  callerid keys get --url https://www.googleapis.com/oauth2/v1/certs --output keys.json";

const KEYS_SHOW_EXAMPLES: &str = "\
Examples:
  callerid keys show
  callerid keys show --profile firebase:my-project --json
  callerid keys show --keys keys.json";

const KEYS_CONVERT_EXAMPLES: &str = "\
Examples:
  callerid keys convert certs.json > jwks.json
  callerid keys get | callerid keys convert --to pem-map -";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  callerid completions bash > ~/.local/share/bash-completion/completions/callerid
  callerid completions zsh > ~/.zfunc/_callerid
  callerid completions fish > ~/.config/fish/completions/callerid.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  callerid man | man -l -
  callerid man --directory ~/.local/share/man/man1";
