//! Keeps the digits of integers that JavaScript's `JSON.parse` would round.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// JSON that `JSON.parse` reads without loss: the integers that it would round are strings in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Readable {
    pub(crate) json: String,
    /// A JSON array with the path of each such string, so that it can be told from a real one.
    pub(crate) paths: String,
}

/// The largest integer up to which JavaScript's numbers are exact, 2⁵³ − 1.
const EXACT_MAX: u64 = 9_007_199_254_740_991;

/// How many digits an integer has that could be larger.
const DIGITS_ROUNDED: usize = 16;

/// The array or object that is being read.
enum Level<'a> {
    Array { index: usize },
    Object { name: &'a str, at_name: bool },
}

/// Rewrites the JSON if it holds an integer that would be rounded; `None` if it can stay as it is.
pub(crate) fn readable(json: &str) -> Option<Readable> {
    (has_long_number(json) && tokens(json).any(is_rounded)).then(|| rewrite(json))
}

/// Whether so many digits stand in a row anywhere but at the beginning of a string, as the only ones of a
/// token usually do; a look at every sixteenth byte tells.
fn has_long_number(json: &str) -> bool {
    let bytes = json.as_bytes();
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    (0..bytes.len()).step_by(DIGITS_ROUNDED).any(|place| {
        let (before, from_here) = bytes.split_at(place);
        let behind = before.iter().rev().take_while(is_digit).count();
        let length = behind + from_here.iter().take_while(is_digit).count();
        length >= DIGITS_ROUNDED && before.iter().rev().nth(behind) != Some(&b'"')
    })
}

fn rewrite(text: &str) -> Readable {
    let (mut json, mut paths) = (String::new(), Vec::new());
    let mut levels: Vec<Level<'_>> = Vec::new();
    for token in tokens(text) {
        match (token.as_bytes().first(), levels.last_mut()) {
            (Some(b'{'), _) => levels.push(Level::Object { name: "", at_name: true }),
            (Some(b'['), _) => levels.push(Level::Array { index: 0 }),
            (Some(b'}' | b']'), _) => {
                levels.pop();
            }
            (Some(b','), Some(Level::Array { index })) => *index += 1,
            (Some(b','), Some(Level::Object { at_name, .. })) => *at_name = true,
            (Some(b'"'), Some(Level::Object { name, at_name })) if *at_name => {
                (*name, *at_name) = (token, false);
            }
            _ => {}
        }
        if is_rounded(token) {
            let step = |level: &Level<'_>| match level {
                Level::Array { index } => index.to_string(),
                Level::Object { name, .. } => String::from(*name),
            };
            let steps: Vec<String> = levels.iter().map(step).collect();
            paths.push(format!("[{}]", steps.join(",")));
            json.extend(["\"", token, "\""]);
        } else {
            json.push_str(token);
        }
    }
    Readable { json, paths: format!("[{}]", paths.join(",")) }
}

/// The tokens of a JSON text that is known to be well-formed.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let length = match rest.as_bytes().first()? {
            b'"' => string_length(rest),
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                rest.bytes().take_while(|byte| is_part(byte)).count()
            }
            // Punctuation and white space.
            _ => 1,
        };
        let (token, following) = rest.split_at_checked(length)?;
        rest = following;
        Some(token)
    })
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |end| end + 2)
}

fn is_rounded(token: &str) -> bool {
    let digits = token.strip_prefix('-').unwrap_or(token);
    digits.len() >= DIGITS_ROUNDED
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u64>().map_or(true, |integer| integer > EXACT_MAX)
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[track_caller]
    fn check(json: &str, expected: &str, paths: &str) {
        let readable = readable(json).expect("there is such an integer");
        assert_eq!((readable.json.as_str(), readable.paths.as_str()), (expected, paths));
    }

    #[test]
    fn leaves_alone_what_is_exact() {
        for json in [
            "{}",
            r#"{"sub":"112233445566778899001","n":9007199254740991,"m":-9007199254740991}"#,
            r#"{"a":1.12345678901234567890,"b":12345678901234567890.0,"c":1234567890123456e4,"d":null}"#,
            r#"{"12345678901234567890":"\"12345678901234567890","e":"\\"}"#,
        ] {
            assert_eq!(readable(json), None, "{json}");
        }
    }

    #[test]
    fn finds_integers_wherever_they_stand() {
        for place in 0..40 {
            for digits in 16..40 {
                let number = "9".repeat(digits);
                let json = format!("[{}-{number}]", " ".repeat(place));
                check(&json, &json.replace('-', "\"-").replace(']', "\"]"), "[[0]]");
                assert_eq!(readable(&format!("[{}\"{number}\"]", " ".repeat(place))), None);
            }
        }
    }

    #[test]
    fn names_every_integer_by_its_path() {
        check("9007199254740992", "\"9007199254740992\"", "[[]]");
        check(
            r#"{"a":[0,{"b":[-9007199254740993]}],"c":{"d":1,"e\"":123456789012345678901}}"#,
            r#"{"a":[0,{"b":["-9007199254740993"]}],"c":{"d":1,"e\"":"123456789012345678901"}}"#,
            r#"[["a",1,"b",0],["c","e\""]]"#,
        );
        check(
            r#"{"x":["a,]","{"],"y":99999999999999999}"#,
            r#"{"x":["a,]","{"],"y":"99999999999999999"}"#,
            r#"[["y"]]"#,
        );
    }
}
