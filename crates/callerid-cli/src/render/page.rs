//! Lines of a bounded width, with a hanging indent and with marks that the terminal can show.

use anstyle::{AnsiColor, Effects, Style};
use unicode_width::UnicodeWidthStr;

use crate::host::terminal;

/// Columns before every line that is no heading.
const MARGIN: usize = 2;

/// The meaning of a mark or a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Bad,
    Good,
    Open,
}

/// A text that is being laid out.
pub(crate) struct Page {
    text: String,
    width: usize,
    is_unicode: bool,
}

impl Page {
    /// An empty page for standard output.
    pub(crate) fn new() -> Self {
        Self { text: String::new(), width: terminal::width(), is_unicode: terminal::is_unicode() }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// `✓ verified`, at the left edge.
    pub(crate) fn verdict(&mut self, tone: Tone, words: &str) {
        let mark = self.mark(tone);
        let style = style(tone).bold();
        self.text.push_str(&format!("{style}{mark} {words}{style:#}\n"));
    }

    /// A heading at the left edge, wrapped.
    pub(crate) fn heading(&mut self, words: &str) {
        let style = Style::new().effects(Effects::BOLD);
        for line in wrap(words, self.width) {
            self.text.push_str(&format!("{style}{line}{style:#}\n"));
        }
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A mark, a name in a column of that width, and words that hang behind it.
    pub(crate) fn check(&mut self, tone: Tone, name: &str, column: usize, words: &str) {
        let mark = self.mark(tone);
        let style = style(tone);
        let padding = " ".repeat(column.saturating_sub(name.width()));
        let start = format!("{style}{mark}{style:#} {name}{padding}  ");
        self.hanging(&start, mark.width() + 1 + name.width().max(column) + 2, words);
    }

    /// A name in a column of that width, and words that hang behind it.
    pub(crate) fn fact(&mut self, name: &str, column: usize, words: &str) {
        let faint = Style::new().effects(Effects::DIMMED);
        let padding = " ".repeat(column.saturating_sub(name.width()));
        self.hanging(&format!("{faint}{name}{faint:#}{padding}  "), name.width().max(column) + 2, words);
    }

    /// A name in a column of that width, and lines beside it that are kept as they are.
    pub(crate) fn block(&mut self, name: &str, column: usize, lines: &str) {
        let indent = " ".repeat(MARGIN + name.width().max(column) + 2);
        for (at, line) in lines.lines().enumerate() {
            if at == 0 {
                self.fact(name, column, line);
            } else {
                self.text.push_str(&format!("{indent}{line}\n"));
            }
        }
    }

    /// A note.
    pub(crate) fn note(&mut self, words: &str) {
        let style = AnsiColor::Yellow.on_default();
        self.hanging(&format!("{style}note:{style:#} "), 6, words);
    }

    /// What to do next.
    pub(crate) fn next_step(&mut self, words: &str) {
        let arrow = if self.is_unicode { "→ " } else { "-> " };
        self.hanging(arrow, arrow.width(), words);
    }

    /// A command to copy, which is never broken over lines.
    pub(crate) fn command(&mut self, command: &str) {
        self.text.push_str(&format!("{}{command}\n", " ".repeat(MARGIN)));
    }

    fn hanging(&mut self, start: &str, columns: usize, words: &str) {
        let indent = " ".repeat(MARGIN + columns);
        let room = self.width.saturating_sub(indent.len()).max(20);
        for (at, line) in wrap(words, room).iter().enumerate() {
            if at == 0 {
                self.text.push_str(&" ".repeat(MARGIN));
                self.text.push_str(start);
            } else {
                self.text.push_str(&indent);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    const fn mark(&self, tone: Tone) -> &'static str {
        match (tone, self.is_unicode) {
            (Tone::Good, true) => "✓",
            (Tone::Good, false) => "+",
            (Tone::Bad, true) => "✗",
            (Tone::Bad, false) => "x",
            (Tone::Open, true) => "–",
            (Tone::Open, false) => "-",
        }
    }
}

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Open => AnsiColor::Yellow.on_default(),
    }
}

/// Breaks text at spaces. A word that is too long for a line stays whole, so that it can be copied.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn breaks_at_spaces_only() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("https://svc.example/long is here", 10), ["https://svc.example/long", "is here"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn counts_columns_not_bytes() {
        assert_eq!(wrap("äöü äöü", 7), ["äöü äöü"]);
        assert_eq!(wrap("漢字 漢字", 8), ["漢字", "漢字"]);
    }
}
