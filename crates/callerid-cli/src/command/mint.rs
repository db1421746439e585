//! `callerid mint`

use crate::cli::{Mint, MintKind};
use crate::error::{Error, Exit, Outcome};
use crate::host::terminal;
use crate::mint;

pub(crate) fn run(arguments: &Mint) -> Outcome {
    let Some(audience) = &arguments.audience else {
        return Err(Error::undecided(
            "--audience is missing: for whom is the token?",
            "Add --audience with the URL of the service.",
        ));
    };
    if arguments.r#type != MintKind::Id || !arguments.scopes.is_empty() || arguments.output.is_some() {
        return Err(Error::undecided("minting is not there yet", "Wait for the next version."));
    }
    let minted = mint::id_token(&arguments.source, audience)?;
    minted.warnings().iter().for_each(|warning| terminal::say(&format!("warning: {warning}")));
    let _ = (minted.email(), minted.expires_at());
    let start = if arguments.header { "Authorization: Bearer " } else { "" };
    terminal::print(&format!("{start}{}\n", minted.expose()))?;
    Ok(Exit::Done)
}
