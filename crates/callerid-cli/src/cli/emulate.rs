//! The flags of `callerid emulate`.

use std::net::SocketAddr;
use std::path::PathBuf;

use callerid_emulator::Protected;
use clap::{Args, ValueHint};

use crate::usage::plain_text;

const EXAMPLES: &str = "\
Examples:
  callerid emulate --project my-project --write-credentials credentials
  callerid emulate --service-account vm@p.iam.gserviceaccount.com --listen 127.0.0.1:8080
  callerid emulate --protect orders=run@https://orders.example --protect admin=iap
  callerid emulate --config emulator.toml --state keys --seed 7

A configuration may have all of these; what the command line says counts more:
  project_id = \"my-project\"
  [[service_accounts]]
  email = \"vm@my-project.iam.gserviceaccount.com\"
  [[grants]]
  member = \"user:ann@example.com\"
  role = \"roles/iam.serviceAccountTokenCreator\"
  target = \"*\"";

/// Be Google's token services on this machine, for tests and development
///
/// Serves the metadata server, the token endpoint, IAM Credentials, the Security Token Service and the key
/// endpoints, in Google's own shapes, and prints one line of JSON with their URLs when it is ready. The
/// tokens name Google as their issuer but are signed with keys of the emulator's own: nobody accepts them
/// who has not been given those keys. `POST` to the control URL turns faults on and off; `GET` lists them.
///
/// Exit status: 0 after Ctrl-C, 2 if it could not start.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Emulate {
    /// Where to listen; port 0 takes any that is free [default: 127.0.0.1:0]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// The id of the project [default: callerid-emulator]
    #[arg(long, value_name = "PROJECT", value_parser = plain_text)]
    pub(crate) project: Option<String>,
    /// A service account of the project; may be repeated. The first is attached to the metadata server
    /// [default: default@PROJECT.iam.gserviceaccount.com]
    #[arg(long, value_name = "EMAIL", value_parser = plain_text)]
    pub(crate) service_account: Vec<String>,
    /// Write a credentials file of each type to this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) write_credentials: Option<PathBuf>,
    /// Put a backend that echoes behind emulated Cloud Run, Cloud Functions or Identity-Aware Proxy, on a
    /// port of its own; may be repeated
    #[arg(long, value_name = "NAME=run|function|function-1st-gen|iap[@AUDIENCE]")]
    pub(crate) protect: Vec<Protected>,
    /// Be an HTTPS proxy for Google's hosts, too, with a throw-away authority
    #[arg(long, requires = "write_credentials")]
    pub(crate) proxy: bool,
    /// A configuration in TOML
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Keep the keys in this directory, readable by you alone
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) state: Option<PathBuf>,
    /// Make the same keys, and let the same chance rule, in every run with this number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}
