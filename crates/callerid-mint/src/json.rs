//! JSON objects read member by member: every value stays the text that it was, so that numbers keep
//! their digits and no copy of a secret is left behind.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde_core::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The members of an object, each with the text of its value.
#[derive(Default)]
pub(crate) struct Object<'a> {
    members: Vec<(String, &'a str)>,
}

/// Why a text is not the object that was asked for.
pub(crate) enum JsonError {
    /// The object has two members of this name.
    DuplicateMember(String),
    /// The text is JSON, but no object.
    NotAnObject,
    /// The text is not JSON.
    Syntax,
}

/// Reads a whole text as one object whose own members are all named differently.
pub(crate) fn parse_object(text: &str) -> Result<Object<'_>, JsonError> {
    let object: Object<'_> = serde_json::from_str(text).map_err(|_| {
        let is_json = serde_json::from_str::<&RawValue>(text).is_ok();
        if is_json { JsonError::NotAnObject } else { JsonError::Syntax }
    })?;
    let mut rest = object.members.as_slice();
    while let Some(((name, _), following)) = rest.split_first() {
        if following.iter().any(|(other, _)| other == name) {
            return Err(JsonError::DuplicateMember(name.clone()));
        }
        rest = following;
    }
    Ok(object)
}

/// Whether a text is one JSON value.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Text as a JSON string literal.
pub(crate) fn quoted(text: &str) -> String {
    // Writing a string into memory cannot fail.
    serde_json::to_string(text).unwrap_or_default()
}

/// The text that a JSON string literal stands for; `None` if it is something else.
///
/// `serde_json` would leave a copy in its buffer.
pub(crate) fn string(raw: &str) -> Option<Zeroizing<String>> {
    let literal = raw.strip_prefix('"')?.strip_suffix('"')?;
    // Undoing escapes only shortens a text, so this never moves.
    let mut text = Zeroizing::new(String::with_capacity(literal.len()));
    let mut rest = literal.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        text.push(match rest.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => unicode_escape(&mut rest)?,
            escaped => escaped,
        });
    }
    Some(text)
}

/// What follows `\u`: one code unit, or a surrogate pair with a second `\u` in it.
fn unicode_escape(rest: &mut core::str::Chars<'_>) -> Option<char> {
    let unit = |rest: &mut core::str::Chars<'_>| {
        let digits = rest.as_str().get(..4)?;
        *rest = rest.as_str().get(4..)?.chars();
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(rest)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Some(character);
    }
    *rest = rest.as_str().strip_prefix("\\u")?.chars();
    let pair = [first, unit(rest)?];
    char::decode_utf16(pair).next()?.ok()
}

impl<'a> Object<'a> {
    /// The text of the value of that name.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        self.members.iter().find(|(found, _)| found == name).map(|(_, raw)| *raw)
    }

    /// The names, each with the text of its value, in their order.
    pub(crate) fn into_members(self) -> Vec<(String, &'a str)> {
        self.members
    }
}

struct MembersVisitor;

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Object<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = Object::default();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            object.members.push((name, value.get()));
        }
        Ok(object)
    }
}
