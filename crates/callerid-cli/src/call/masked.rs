//! An answer in which the token cannot be read, should the far side repeat it.

use std::io::{self, Read};

use zeroize::Zeroizing;

const CHUNK_BYTES: usize = 65_536;

/// The part of a token without which nobody takes it: its signature.
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

/// Passes on what a reader gives, with a `*` for each byte of the secret wherever it stands.
///
/// Nothing is held back but what may be the beginning of it.
pub(crate) struct Masked<R> {
    inner: R,
    secret: Secret,
    pending: Vec<u8>,
    is_at_end: bool,
}

impl Secret {
    pub(crate) fn of_token(token: &str) -> Self {
        let signature = token.rsplit_once('.').map_or(token, |(_, signature)| signature);
        Self(Zeroizing::new(signature.into()))
    }

    /// Covers every place where the whole secret stands.
    pub(crate) fn cover(&self, text: &mut [u8]) {
        let length = self.0.len();
        if length == 0 {
            return;
        }
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| self.position(rest)) {
            let start = from.saturating_add(found);
            from = start.saturating_add(length);
            if let Some(place) = text.get_mut(start..from) {
                place.fill(b'*');
            }
        }
    }

    fn position(&self, text: &[u8]) -> Option<usize> {
        let first = self.0.first()?;
        let mut from = 0;
        loop {
            let skipped = text.get(from..)?.iter().position(|byte| byte == first)?;
            from = from.saturating_add(skipped);
            if text.get(from..)?.starts_with(&self.0) {
                return Some(from);
            }
            from = from.saturating_add(1);
        }
    }

    /// How many bytes at the end of the text may be the secret's beginning.
    fn begun_at_end_of(&self, text: &[u8]) -> usize {
        let longest = text.len().min(self.0.len().saturating_sub(1));
        let is_beginning = |length: &usize| {
            let end = text.len().checked_sub(*length).and_then(|start| text.get(start..));
            end.is_some_and(|end| self.0.starts_with(end))
        };
        (1..=longest).rev().find(is_beginning).unwrap_or_default()
    }
}

impl<R: Read> Masked<R> {
    pub(crate) const fn new(inner: R, secret: Secret) -> Self {
        Self { inner, secret, pending: Vec::new(), is_at_end: false }
    }
}

impl<R: Read> Read for Masked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let held = if self.is_at_end { 0 } else { self.secret.begun_at_end_of(&self.pending) };
            let count = self.pending.len().saturating_sub(held).min(buffer.len());
            if count > 0 || self.is_at_end {
                for (place, byte) in buffer.iter_mut().zip(self.pending.drain(..count)) {
                    *place = byte;
                }
                return Ok(count);
            }
            let mut chunk = vec![0; CHUNK_BYTES];
            let count = self.inner.read(&mut chunk)?;
            self.is_at_end = count == 0;
            self.pending.extend_from_slice(chunk.get(..count).unwrap_or_default());
            self.secret.cover(&mut self.pending);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its text in pieces of that many bytes.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (piece, rest) = self.0.split_at(self.1.min(self.0.len()));
            self.0 = rest;
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    #[track_caller]
    fn check(token: &str, text: &str, expected: &str) {
        for size in 1..=text.len() + 1 {
            let mut shown = String::new();
            let pieces = Pieces(text.as_bytes(), size);
            Masked::new(pieces, Secret::of_token(token)).read_to_string(&mut shown).unwrap();
            assert_eq!(shown, expected, "{text} in pieces of {size}");
        }
    }

    #[test]
    fn the_signature_is_covered_however_the_text_comes() {
        check("h.p.abcab", "x h.p.abcab y", "x h.p.***** y");
        check("h.p.abcab", "abcabcab", "*****cab");
        check("h.p.abcab", "abcababcab", "**********");
        check("h.p.abcab", "abca", "abca");
        check("h.p.abcab", "ababcabcaabcab", "ab*****ca*****");
        check("h.p.aaab", "aaaaaab aab", "aaa**** aab");
        check("h.p.abcab", "", "");
        check("opaque", "an opaque text", "an ****** text");
        check("", "nothing is secret", "nothing is secret");
    }

    #[test]
    fn nothing_is_held_back_that_cannot_be_its_beginning() {
        let mut masked = Masked::new(Pieces(b"first\nsecond", 6), Secret::of_token("h.p.abcab"));
        let mut buffer = [0; 100];
        assert_eq!(masked.read(&mut buffer).unwrap(), 6);
    }
}
