//! `callerid emulate`

use std::path::Path;

use callerid_emulator::{Config, Emulator, ServiceAccount, StartError};

use crate::cli::Emulate;
use crate::error::{Error, Exit, Outcome};
use crate::host::{files, terminal};

/// Longest configuration that is read, in bytes.
const CONFIG_BYTES_MAX: usize = 1 << 20;

pub(crate) fn run(arguments: Emulate) -> Outcome {
    let config = configuration(arguments)?;
    if !config.listen.ip().is_loopback() {
        terminal::say(&format!(
            "WARNING: {} can be reached from other machines. Whoever reaches it gets tokens and may turn \
             faults on.\nhint: Leave out --listen, or give it 127.0.0.1, unless a network is meant to have it.",
            config.listen
        ));
    }
    let emulator = Emulator::start(config).map_err(cannot_start)?;
    // Whoever has read the line may ask for the end at once.
    let interrupts = emulator.catch_interrupts();
    terminal::print(&(emulator.urls().to_json() + "\n"))?;
    interrupts.wait();
    emulator.stop();
    Ok(Exit::Done)
}

fn cannot_start(error: StartError) -> Error {
    Error::undecided(&error, error.hint())
}

/// The configuration file, if there is one, and over it what the command line says.
fn configuration(arguments: Emulate) -> Outcome<Config> {
    let mut config = match &arguments.config {
        Some(file) => read(file)?,
        None => Config::default(),
    };
    if let Some(listen) = arguments.listen {
        config.listen = listen;
    }
    if let Some(project) = arguments.project {
        config.project_id = project;
    }
    if !arguments.service_account.is_empty() {
        config.service_accounts = arguments.service_account.into_iter().map(ServiceAccount::new).collect();
    }
    config.protected.extend(arguments.protect);
    config.credentials = arguments.write_credentials.or(config.credentials);
    config.state = arguments.state.or(config.state);
    config.seed = arguments.seed.or(config.seed);
    config.proxy |= arguments.proxy;
    Ok(config)
}

fn read(file: &Path) -> Outcome<Config> {
    let text = files::read_text(file, CONFIG_BYTES_MAX).map_err(|error| {
        Error::undecided(
            format_args!("{} could not be read: {error}", file.display()),
            "Give a file that you may read.",
        )
    })?;
    Config::from_toml(&text).map_err(cannot_start)
}
