//! JSON text (RFC 8259) as headers, claims and key sets need it: strict, bounded, exact.
//!
//! Numbers keep the digits they were written with, so that a 21-digit `sub` or a fractional `exp` is
//! never rounded, and members keep their order and their duplicates, so that the callers of this
//! module can refuse a member that stands there twice (RFC 7515 section 4, RFC 7519 section 4).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

pub(crate) use write::{ObjectWriter, quoted, write_list, write_quoted};

mod write;

/// Deepest nesting of arrays and objects that is read; deeper text is refused.
pub(crate) const DEPTH_MAX: usize = 64;

/// Most members that an object read for a decision may have.
pub(crate) const MEMBERS_MAX: usize = 256;

/// Members that headers and claims usually have; only the outermost object gets room for them at
/// once, so that many small objects cannot multiply the memory of their text.
const MEMBERS_USUAL: usize = 12;

/// A JSON value that borrows from the text it was read from wherever no escape had to be undone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// The number as it was written; its grammar has been checked, its size has not.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Self>),
    Object(Object<'a>),
}

/// The members of a JSON object in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
}

/// Why a text is not the JSON that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// The bytes are not UTF-8 (RFC 8259 section 8.1).
    NotUtf8,
    /// The text breaks the JSON grammar at this byte.
    Syntax { at: usize },
    /// Arrays and objects are nested deeper than [`DEPTH_MAX`].
    TooDeep,
    /// An object has more members than [`MEMBERS_MAX`].
    TooManyMembers,
    /// The text is JSON, but not an object.
    NotAnObject,
    /// An object has two members of one name.
    DuplicateMember,
}

/// Reads a whole text as one JSON value.
pub(crate) fn parse(text: &str) -> Result<Value<'_>, JsonError> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_white_space();
    let value = reader.value(0)?;
    reader.skip_white_space();
    if reader.at == text.len() { Ok(value) } else { Err(reader.syntax()) }
}

/// Reads bytes as one JSON object whose own members are all named differently.
pub(crate) fn parse_object(bytes: &[u8]) -> Result<Object<'_>, JsonError> {
    let text = core::str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
    match parse(text)? {
        Value::Object(object) => {
            object.refuse_duplicates()?;
            Ok(object)
        }
        _ => Err(JsonError::NotAnObject),
    }
}

impl<'a> Object<'a> {
    /// The value of the first member of that name.
    pub(crate) fn member(&self, name: &str) -> Option<&Value<'a>> {
        self.members.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The value of the first member of that name, if it is a string.
    pub(crate) fn string(&self, name: &str) -> Option<&str> {
        self.member(name).and_then(Value::as_string)
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.members.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Refuses an object in which one name stands twice, however it is escaped.
    pub(crate) fn refuse_duplicates(&self) -> Result<(), JsonError> {
        if self.members.len() > MEMBERS_MAX {
            return Err(JsonError::TooManyMembers);
        }
        let mut rest = self.members.as_slice();
        while let Some(((name, _), following)) = rest.split_first() {
            if following.iter().any(|(other, _)| other == name) {
                return Err(JsonError::DuplicateMember);
            }
            rest = following;
        }
        Ok(())
    }
}

impl Value<'_> {
    pub(crate) fn as_string(&self) -> Option<&str> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) const fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }
}

/// A place in a text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    const fn syntax(&self) -> JsonError {
        JsonError::Syntax { at: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.advance();
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() == Some(byte) {
            self.advance();
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    /// The text between an earlier place and this one.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(depth).map(Value::Object),
            Some(b'[') => self.array(depth).map(Value::Array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.syntax()),
        }
    }

    fn literal(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, JsonError> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at = self.at.saturating_add(word.len());
            Ok(value)
        } else {
            Err(self.syntax())
        }
    }

    fn object(&mut self, depth: usize) -> Result<Object<'a>, JsonError> {
        let depth = deeper(depth)?;
        self.expect(b'{')?;
        self.skip_white_space();
        let mut members = Vec::with_capacity(if depth == 1 { MEMBERS_USUAL } else { 0 });
        if self.peek() == Some(b'}') {
            self.advance();
            return Ok(Object { members });
        }
        loop {
            let name = self.string()?;
            self.skip_white_space();
            self.expect(b':')?;
            self.skip_white_space();
            let value = self.value(depth)?;
            members.push((name, value));
            self.skip_white_space();
            match self.peek() {
                Some(b',') => self.advance(),
                Some(b'}') => {
                    self.advance();
                    return Ok(Object { members });
                }
                _ => return Err(self.syntax()),
            }
            self.skip_white_space();
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value<'a>>, JsonError> {
        let depth = deeper(depth)?;
        self.expect(b'[')?;
        self.skip_white_space();
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.advance();
            return Ok(items);
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_white_space();
            match self.peek() {
                Some(b',') => self.advance(),
                Some(b']') => {
                    self.advance();
                    return Ok(items);
                }
                _ => return Err(self.syntax()),
            }
            self.skip_white_space();
        }
    }

    fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.advance();
        }
        match self.peek() {
            // A leading zero stands alone (RFC 8259 section 6).
            Some(b'0') => self.advance(),
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.syntax()),
        }
        if self.peek() == Some(b'.') {
            self.advance();
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.advance();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.advance();
            }
            self.digits()?;
        }
        Ok(self.since(start))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.syntax());
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.advance();
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.expect(b'"')?;
        let start = self.at;
        self.skip_plain();
        if self.peek() == Some(b'"') {
            let text = self.since(start);
            self.advance();
            return Ok(Cow::Borrowed(text));
        }
        let mut text = String::from(self.since(start));
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.advance();
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => {
                    self.advance();
                    text.push(self.escape()?);
                }
                // A control character, or the end of the text.
                _ => return Err(self.syntax()),
            }
            let start = self.at;
            self.skip_plain();
            text.push_str(self.since(start));
        }
    }

    /// Skips what may stand in a string as itself (RFC 8259 section 7).
    fn skip_plain(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        self.at = self.at.saturating_add(plain.unwrap_or(rest.len()));
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let escaped = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.advance();
                return self.unicode_escape();
            }
            _ => return Err(self.syntax()),
        };
        self.advance();
        Ok(escaped)
    }

    /// A `\u` escape, or a pair of them; half a surrogate pair is no character and is refused.
    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let first = self.code_unit()?;
        if !(0xd800..=0xdbff).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.syntax());
        }
        self.expect(b'\\')?;
        self.expect(b'u')?;
        let second = self.code_unit()?;
        if !(0xdc00..=0xdfff).contains(&second) {
            return Err(self.syntax());
        }
        let high = (first & 0x3ff) << 10;
        let low = second & 0x3ff;
        char::from_u32(0x1_0000_u32.saturating_add(high | low)).ok_or_else(|| self.syntax())
    }

    fn code_unit(&mut self) -> Result<u32, JsonError> {
        let mut unit = 0_u32;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = (unit << 4) | digit.ok_or_else(|| self.syntax())?;
            self.advance();
        }
        Ok(unit)
    }
}

const fn deeper(depth: usize) -> Result<usize, JsonError> {
    if depth >= DEPTH_MAX { Err(JsonError::TooDeep) } else { Ok(depth.saturating_add(1)) }
}

#[cfg(test)]
mod tests;
