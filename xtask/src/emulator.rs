//! The local Google of `callerid emulate`, for as long as a value of this type lives.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::Outcome;

pub(crate) struct Emulator {
    process: Child,
    /// What it said when it was ready.
    ready: Value,
}

impl Emulator {
    /// Starts this command and waits until it says where it listens.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        // Whatever the line is, the process is ended with this value.
        let mut emulator = Self { process, ready: Value::Null };
        emulator.ready = serde_json::from_str(&line).map_err(|_| "the emulator did not start")?;
        Ok(emulator)
    }

    /// The text at this pointer in what it said.
    pub(crate) fn text(&self, pointer: &str) -> Outcome<String> {
        let text = self.ready.pointer(pointer).and_then(Value::as_str);
        Ok(text.ok_or_else(|| format!("the emulator does not name its {pointer}"))?.into())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
