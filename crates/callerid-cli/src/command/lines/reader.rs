//! Reads lines in bounded pieces.

use std::io::{self, BufRead, BufReader, Read};

use callerid::TOKEN_BYTES_MAX;

/// How much is read at once, and so about how much text one job has.
const BUFFER_BYTES: usize = 65_536;

/// Most lines of one job. Empty lines are short, and their reports are not.
const LINES_MAX: usize = 128;

/// Some lines, without their ends. Each is cut behind the first byte that makes it too long for a token.
pub(super) type Lines = Vec<Vec<u8>>;

/// Cuts input into jobs.
pub(super) struct Reader<R> {
    input: BufReader<R>,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(BUFFER_BYTES, input) }
    }

    /// The next lines that are there, without waiting for more than one; `None` at the end.
    pub(super) fn next_lines(&mut self) -> io::Result<Option<Lines>> {
        let mut lines = Vec::new();
        while let Some(line) = self.next_line()? {
            lines.push(line);
            if lines.len() >= LINES_MAX || self.input.buffer().is_empty() {
                break;
            }
        }
        Ok((!lines.is_empty()).then_some(lines))
    }

    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        // Room for the line end, which is two bytes at most, and for one byte too many.
        let limit = TOKEN_BYTES_MAX.saturating_add(3);
        let mut line = Vec::new();
        let read = self.read_until_newline(&mut line, limit)?;
        if read == 0 {
            return Ok(None);
        }
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        } else if read >= limit {
            self.skip_line()?;
        }
        line.truncate(TOKEN_BYTES_MAX.saturating_add(1));
        Ok(Some(line))
    }

    fn read_until_newline(&mut self, line: &mut Vec<u8>, limit: usize) -> io::Result<usize> {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        self.input.by_ref().take(limit).read_until(b'\n', line)
    }

    /// Passes over the rest of a line, keeping none of it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let (used, is_end) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at.saturating_add(1), true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.input.consume(used);
            if is_end {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use callerid::TOKEN_BYTES_MAX;

    use super::{Lines, Reader};

    fn read(input: &[u8]) -> Lines {
        let mut reader = Reader::new(input);
        let mut all = Vec::new();
        while let Some(mut lines) = reader.next_lines().unwrap() {
            all.append(&mut lines);
        }
        all
    }

    #[test]
    fn takes_off_line_ends_and_nothing_else() {
        let expected: [&[u8]; 5] = [b"a", b"", b" b\r ", b"c\r", b"d"];
        assert_eq!(read(b"a\r\n\n b\r \r\nc\r\r\nd"), expected);
        assert_eq!(read(b"a\n"), [b"a"]);
        assert_eq!(read(b"\n\n").len(), 2);
        assert!(read(b"").is_empty());
    }

    #[test]
    fn cuts_long_lines_and_keeps_the_count() {
        for length in [TOKEN_BYTES_MAX, TOKEN_BYTES_MAX + 1, TOKEN_BYTES_MAX + 3, 10_000_000] {
            for end in ["", "\n", "\r\n"] {
                let line = [vec![b'x'; length], end.into()].concat();
                let lines = read(&[line.clone(), b"a".into()].concat());
                let expected = if end.is_empty() { (length + 1).min(TOKEN_BYTES_MAX + 1) } else { length };
                assert_eq!(lines[0].len(), expected.min(TOKEN_BYTES_MAX + 1));
                assert_eq!(lines.get(1).map(Vec::as_slice), (!end.is_empty()).then_some(b"a".as_slice()));
            }
        }
    }
}
