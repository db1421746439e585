//! `callerid inspect`

use crate::cli::Inspect;
use crate::error::{Error, Exit, Outcome};
use crate::host::terminal;
use crate::input;
use crate::inspect::{Server, Site};

pub(crate) fn run(arguments: Inspect) -> Outcome {
    let site = match &arguments.site {
        Some(folder) => Site::read(folder)?,
        None => Site::built_in()?,
    };
    let pasted = input::optional(arguments.token)?;
    let server = Server::start(site, pasted).map_err(|error| {
        Error::undecided(
            format_args!("the page could not be served: {error}"),
            "Try again; if it fails again, look for what keeps programs from listening on 127.0.0.1.",
        )
    })?;
    terminal::print(&format!("{}\n", server.url()))?;
    if !arguments.no_open
        && let Err(error) = open::that_detached(server.url())
    {
        terminal::say(&format!("The browser could not be opened: {error}\nhint: Open the address yourself."));
    }
    terminal::say("Ctrl-C ends it.");
    server.serve();
    Ok(Exit::Done)
}
