//! Runs a program for what it prints.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

/// Longest answer that is read, in bytes.
const PRINTED_BYTES_MAX: u64 = 131_072;

/// What the program prints, with these variables in its environment; the error is in words that can follow
/// "because".
pub(crate) fn printed(
    command_line: &str,
    variables: &[(&str, &str)],
    timeout: Duration,
) -> Result<Zeroizing<String>, String> {
    let words = shlex::split(command_line).unwrap_or_default();
    let (program, arguments) = words.split_first().ok_or("its command line cannot be read")?;
    let mut command = Command::new(program);
    command.args(arguments).envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("it did not start: {error}"))?;
    let (sender, receiver) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        thread::spawn(move || {
            let mut printed = Zeroizing::new(String::new());
            let read = out.take(PRINTED_BYTES_MAX).read_to_string(&mut printed);
            let _ = sender.send(read.map(|_| printed));
        });
    }
    let answer = receiver.recv_timeout(timeout);
    if answer.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    match answer {
        Err(_) => Err(format!("it was not done within {} seconds", timeout.as_secs().max(1))),
        Ok(Err(_)) => Err("it printed something that is no text".into()),
        // What it printed says more than its status.
        Ok(Ok(printed)) if status.success() || !printed.trim().is_empty() => Ok(printed),
        Ok(Ok(_)) => Err(format!("it failed ({status})")),
    }
}
