//! Reading the core's own JSON text for showing it, and writing a little of our own.

use callerid::is_visible;

/// The members of a JSON object without white space, as the core writes it: names and values, both as
/// JSON text.
pub(crate) fn members(object: &str) -> Vec<(&str, &str)> {
    let inner = object.strip_prefix('{').and_then(|object| object.strip_suffix('}')).unwrap_or_default();
    let member = |text| {
        let name: &str = split_top(text, ':').next()?;
        Some((name, text.get(name.len().checked_add(1)?..)?))
    };
    split_top(inner, ',').filter_map(member).collect()
}

/// The JSON text over several lines, one member or item per line.
pub(crate) fn indented(json: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    let mut strings = Strings::default();
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        let in_string = strings.follow(character);
        match character {
            _ if in_string => text.push(character),
            '{' | '[' => {
                text.push(character);
                if characters.peek().is_some_and(|next| !matches!(next, '}' | ']')) {
                    depth = depth.saturating_add(1);
                    break_line(&mut text, depth);
                }
            }
            '}' | ']' => {
                if !text.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    break_line(&mut text, depth);
                }
                text.push(character);
            }
            ',' => {
                text.push(',');
                break_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            other => text.push(other),
        }
    }
    text
}

/// Text as a JSON string literal, with everything escaped that cannot be seen.
pub(crate) fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            character if is_visible(character) => literal.push(character),
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    literal.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    literal.push('"');
    literal
}

fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}

/// Splits at a character that stands in no string and in no nested value.
fn split_top(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let mut strings = Strings::default();
    text.split(move |character| {
        if strings.follow(character) {
            return false;
        }
        match character {
            '{' | '[' => depth = depth.saturating_add(1),
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && character == at,
        }
        false
    })
}

/// Follows JSON text and knows where its strings are.
#[derive(Default)]
struct Strings {
    is_inside: bool,
    is_escaped: bool,
}

impl Strings {
    /// Whether this character belongs to a string, quotes included.
    const fn follow(&mut self, character: char) -> bool {
        let was_inside = self.is_inside;
        match character {
            _ if self.is_escaped => self.is_escaped = false,
            '\\' if self.is_inside => self.is_escaped = true,
            '"' => self.is_inside = !self.is_inside,
            _ => {}
        }
        was_inside || self.is_inside
    }
}

#[cfg(test)]
mod tests {
    use super::{indented, members, quoted};

    #[test]
    fn splits_only_at_the_top() {
        let object = r#"{"a":"x,\":y","b":{"c":[1,2],"d":{}},"e":null}"#;
        let expected = [(r#""a""#, r#""x,\":y""#), (r#""b""#, r#"{"c":[1,2],"d":{}}"#), (r#""e""#, "null")];
        assert_eq!(members(object), expected);
        assert!(members("{}").is_empty());
    }

    #[test]
    fn indents_all_but_strings() {
        let json = r#"{"a":[{"b":"{,:}"}],"c":[],"d":{}}"#;
        let lines = ["{", "  \"a\": [", "    {", "      \"b\": \"{,:}\"", "    }", "  ],"];
        let lines = lines.join("\n") + "\n  \"c\": [],\n  \"d\": {}\n}";
        assert_eq!(indented(json), lines);
    }

    #[test]
    fn quotes_what_cannot_be_seen() {
        assert_eq!(quoted("a\"\\\n\u{202e}ä"), r#""a\"\\\u000a\u202eä""#);
    }
}
