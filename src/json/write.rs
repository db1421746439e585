//! Writing JSON: without white space, and with every character escaped that a terminal or an editor
//! might act upon or not show.

use alloc::format;
use alloc::string::String;

use super::{Object, Value};
use crate::visible::is_visible;

/// Text as a JSON string literal.
pub(crate) fn quoted(text: &str) -> String {
    let mut literal = String::new();
    write_quoted(text, &mut literal);
    literal
}

/// Appends text as a JSON string literal.
pub(crate) fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if is_visible(character) => out.push(character),
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

impl Value<'_> {
    /// Appends the value as JSON text; numbers keep their digits.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(digits) => out.push_str(digits),
            Self::String(text) => write_quoted(text, out),
            Self::Array(items) => write_list(items, out, Self::write),
            Self::Object(object) => object.write(out),
        }
    }
}

impl Object<'_> {
    /// Appends the object as JSON text, members in their order.
    pub(crate) fn write(&self, out: &mut String) {
        let mut writer = ObjectWriter::new(out);
        for (name, value) in self.members() {
            value.write(writer.member(name));
        }
        writer.end();
    }
}

/// Appends a list, each item by the given function.
pub(crate) fn write_list<T>(items: &[T], out: &mut String, write: impl Fn(&T, &mut String)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

/// Writes the members of one object after the other.
pub(crate) struct ObjectWriter<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> ObjectWriter<'o> {
    pub(crate) fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, is_empty: true }
    }

    /// Starts a member; its value is to be appended to what is returned.
    pub(crate) fn member(&mut self, name: &str) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        write_quoted(name, self.out);
        self.out.push(':');
        self.out
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        write_quoted(text, self.member(name));
    }

    /// A text, or `null`.
    pub(crate) fn optional_text(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.member(name).push_str("null"),
        }
    }

    /// A number, or `null`.
    pub(crate) fn optional_number(&mut self, name: &str, number: Option<i64>) {
        let digits = number.map_or_else(|| String::from("null"), |number| format!("{number}"));
        self.member(name).push_str(&digits);
    }

    pub(crate) fn end(self) {
        self.out.push('}');
    }
}
