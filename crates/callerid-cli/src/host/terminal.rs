//! Standard output and error, and what the terminal behind them can show.

use std::env;
use std::io::{self, IsTerminal, Write};

use crate::error::{Error, Outcome};

/// Lines of text that goes to no terminal are this wide.
const WIDTH_DEFAULT: usize = 100;
/// Below this, wrapping does more harm than good.
const WIDTH_MIN: usize = 40;

/// Writes text as it is.
pub(crate) fn print(text: &str) -> Outcome<()> {
    print_bytes(text.as_bytes())
}

/// Writes bytes as they are.
pub(crate) fn print_bytes(bytes: &[u8]) -> Outcome<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| Error::from_write(&error))
}

/// Writes text whose colours are taken out where nobody would see them.
pub(crate) fn print_styled(text: &str) -> Outcome<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Error::from_write(&error))
}

/// Writes a line to standard error. There is nobody to tell if that fails.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// How wide the text on standard output may be.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return WIDTH_DEFAULT;
    }
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => usize::from(columns).clamp(WIDTH_MIN, WIDTH_DEFAULT),
        None => WIDTH_DEFAULT,
    }
}

/// Whether the locale can show more than ASCII.
pub(crate) fn is_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty());
    match locale {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        // Windows and macOS have no such variables by default, and UTF-8 everywhere.
        None => cfg!(any(windows, target_os = "macos")),
    }
}
