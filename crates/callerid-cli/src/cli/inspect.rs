//! The flags of `callerid inspect`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

const EXAMPLES: &str = "\
Examples:
  callerid inspect
  callerid inspect eyJ…
  gcloud auth print-identity-token | callerid inspect
  callerid inspect --no-open --site target/site";

/// Look at a token in the browser, in the page that this program serves to it alone
///
/// Opens the inspector page, with the token in it if there is one. The page comes from this program, over
/// the loopback interface and under an address that cannot be guessed; the token is handed to it once, and
/// stands neither in the address nor on the disk. Keys are fetched by this program, and kept as for
/// `callerid verify`.
///
/// Exit status: 0 after Ctrl-C, 2 if it could not start.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Inspect {
    /// The token, or the text around it; `-` reads standard input, as does nothing where it is no terminal
    #[arg(value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// Print the page's address and leave it to you to open it
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Serve the page from this folder, which `cargo xtask site` makes [default: the one in this program]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) site: Option<PathBuf>,
}
