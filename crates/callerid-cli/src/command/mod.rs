//! The commands, one per file.

mod call;
mod completions;
mod decode;
mod emulate;
mod inspect;
mod keygen;
mod keys;
mod lines;
mod man;
mod mint;
mod signature_only;
mod verify;

use crate::cli::{Command, Keys};
use crate::error::Outcome;

pub(crate) fn run(command: Command) -> Outcome {
    match command {
        Command::Decode(arguments) => decode::run(arguments),
        Command::Verify(arguments) => verify::run(*arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Mint(arguments) => mint::run(&arguments),
        Command::Call(arguments) => call::run(&arguments),
        Command::Keys(Keys::Get(arguments)) => keys::get(&arguments),
        Command::Keys(Keys::Show(arguments)) => keys::show(&arguments),
        Command::Keys(Keys::Convert(arguments)) => keys::convert(&arguments),
        Command::Emulate(arguments) => emulate::run(*arguments),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}
