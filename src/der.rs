//! Distinguished Encoding Rules (X.690 section 10), as far as public keys need them.
//!
//! Every element is read in the one form that DER allows for its length; what its contents mean is for
//! whoever asked for it to judge.

use alloc::vec::Vec;

/// BIT STRING.
pub(crate) const BIT_STRING: u8 = 0x03;
/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// NULL.
pub(crate) const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// SEQUENCE and SEQUENCE OF.
pub(crate) const SEQUENCE: u8 = 0x30;

/// Elements that follow each other; each is read once.
#[derive(Clone, Copy)]
pub(crate) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    /// The elements of these bytes.
    pub(crate) const fn new(der: &'a [u8]) -> Self {
        Self(der)
    }

    /// The tag of the next element, if there is one.
    pub(crate) fn next_tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        if self.next_tag() == Some(tag) { self.skip() } else { None }
    }

    /// The contents of the next element, whatever its tag.
    pub(crate) fn skip(&mut self) -> Option<&'a [u8]> {
        let (tag, rest) = self.0.split_first()?;
        // Tags of several bytes (X.690 section 8.1.2.4) occur in no key.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, rest) = length(rest)?;
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(contents)
    }

    /// The elements of the next one, which must be a SEQUENCE.
    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.take(SEQUENCE).map(Self)
    }

    /// The bytes of an INTEGER that is not negative, without its sign.
    pub(crate) fn unsigned(&mut self) -> Option<&'a [u8]> {
        match self.take(INTEGER)? {
            // X.690 section 8.3.2: the first nine bits are not all alike.
            [0, low, ..] if *low < 0x80 => None,
            [0, number @ ..] if !number.is_empty() => Some(number),
            number @ [0..0x80, ..] => Some(number),
            _ => None,
        }
    }

    /// The bytes of a BIT STRING that is made of whole bytes.
    pub(crate) fn whole_bytes(&mut self) -> Option<&'a [u8]> {
        let (unused_bits, bytes) = self.take(BIT_STRING)?.split_first()?;
        (*unused_bits == 0).then_some(bytes)
    }

    /// Answers only where nothing follows.
    pub(crate) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// Writes an element: tag, length and contents (X.690 section 8.1).
pub(crate) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut der = Vec::from([tag]);
    match significant.as_slice() {
        [] => der.push(0),
        [short] if *short < 0x80 => der.push(*short),
        long => {
            der.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            der.extend_from_slice(long);
        }
    }
    der.extend_from_slice(contents);
    der
}

/// Writes an INTEGER that is not negative, from its big-endian bytes without leading zeros.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes.first().is_none_or(|byte| *byte >= 0x80) { &[0] } else { &[] };
    element(INTEGER, &[sign, bytes].concat())
}

/// A length and what follows it: definite and as short as can be (X.690 section 10.1).
fn length(der: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = der.split_first()?;
    if *first < 0x80 {
        return Some((usize::from(*first), rest));
    }
    // Four bytes are more than any document that is read has room for.
    let count = usize::from(first & 0x7f);
    let (bytes, rest) = rest.split_at_checked(count).filter(|_| (1..=4).contains(&count))?;
    let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    let is_shortest = length >= 0x80 && bytes.first() != Some(&0);
    is_shortest.then_some((length, rest))
}
