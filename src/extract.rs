//! Finds the token in what people paste: a header line, a `curl` command, a JSON reply, a log line.
//!
//! Only interfaces for people use this, and they tell what was taken away. The verifier itself takes a
//! token exactly as it was issued.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::report::Note;

/// Header names that may stand before a token, lower-case.
const HEADER_NAMES: [&str; 7] = [
    "authorization",
    "proxy-authorization",
    "x-serverless-authorization",
    "x-forwarded-authorization",
    "x-goog-iap-jwt-assertion",
    "x-firebase-appcheck",
    "x-apigateway-api-userinfo",
];

/// What a pasted text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The tokens that were found, each once, in the order of the text; never empty. Where none was
    /// found, this is the text itself without its wrapping.
    pub tokens: Vec<String>,
    /// What was taken away or decoded.
    pub notes: Vec<Note>,
}

/// Finds the tokens in a pasted text.
#[must_use]
pub fn extract(text: &str) -> Extraction {
    let mut notes = Vec::new();
    let unwrapped = unwrap(text, &mut notes);
    if let Some(token) = percent_decoded(unwrapped).filter(|token| token.chars().all(is_token_character)) {
        if token != unwrapped {
            notes.push(Note::new("percent_decoded", "Percent-encoding was undone."));
        }
        return Extraction { tokens: Vec::from([token.into_owned()]), notes };
    }
    if let Some(token) = joined(unwrapped) {
        notes.push(Note::new("lines_joined", "The token was folded over several lines; they were joined."));
        return Extraction { tokens: Vec::from([token]), notes };
    }
    let tokens = search(unwrapped);
    match tokens.len() {
        0 => return Extraction { tokens: Vec::from([String::from(unwrapped)]), notes },
        1 => notes.push(Note::new("taken_from_text", "The token was taken out of the text around it.")),
        count => {
            notes.push(Note::new("several_tokens", &format!("The text holds {count} different tokens.")))
        }
    }
    Extraction { tokens, notes }
}

/// Takes white space, quotes, header names and a scheme away from both ends.
fn unwrap<'a>(text: &'a str, notes: &mut Vec<Note>) -> &'a str {
    // The line end that every shell puts behind its output is not worth a note.
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut rest = line.trim();
    if rest.len() != line.len() {
        notes.push(Note::new("white_space_removed", "White space around the token was removed."));
    }
    loop {
        let before = rest.len();
        for quote in ['"', '\'', '`'] {
            if let Some(inner) = rest.strip_prefix(quote) {
                rest = inner.strip_suffix(quote).unwrap_or(inner).trim();
                push_once(notes, Note::new("quotes_removed", "Quotes around the token were removed."));
            }
        }
        if let Some((name, value)) = rest.split_once(':')
            && HEADER_NAMES.contains(&name.trim().to_ascii_lowercase().as_str())
        {
            rest = value.trim();
            push_once(
                notes,
                Note::new("header_name_removed", "The header's name before the token was removed."),
            );
        }
        if let Some((scheme, value)) = rest.split_once(char::is_whitespace)
            && scheme.eq_ignore_ascii_case("bearer")
        {
            rest = value.trim();
            push_once(notes, Note::new("scheme_removed", "The word Bearer before the token was removed."));
        }
        if let Some(inner) = rest.strip_suffix([',', ';', '"', '\'']) {
            rest = inner.trim_end();
            push_once(notes, Note::new("punctuation_removed", "Punctuation behind the token was removed."));
        }
        if rest.len() == before {
            return rest;
        }
    }
}

fn push_once(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// What may stand in a token, or in a token that was spelled wrongly and must be refused for that.
const fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '=' | '+' | '/')
}

/// The text with `%2E` and the like undone; encoded padding is left out, since it came with the
/// encoding. `None` if a percent sign encodes nothing of a token.
fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, encoded)) = rest.split_once('%') {
        decoded.push_str(before);
        let (code, following) = encoded.split_at_checked(2)?;
        match code.to_ascii_uppercase().as_str() {
            "2D" => decoded.push('-'),
            "2E" => decoded.push('.'),
            "3D" => {}
            "5F" => decoded.push('_'),
            _ => return None,
        }
        rest = following;
    }
    decoded.push_str(rest);
    Some(Cow::Owned(decoded))
}

/// One token folded over lines of some length, with nothing else around it.
fn joined(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim().trim_end_matches('\\').trim_end()).collect();
    let (_, all_but_last) = lines.split_last()?;
    let token = lines.concat();
    let is_token = token.starts_with("ey") && token.matches('.').count() == 2;
    let is_folded = !all_but_last.is_empty() && all_but_last.iter().all(|line| line.len() >= 16);
    (is_token && is_folded && token.chars().all(is_token_character)).then_some(token)
}

/// Every run of token characters that starts like a JOSE header and has the dots of a JWT.
fn search(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let is_separator = |character: char| !is_token_character(character) && character != '%';
    for run in text.split(is_separator) {
        // A form field or a query parameter brings its name along.
        let Some(start) = run.find("eyJ") else { continue };
        let before = run.get(..start).unwrap_or_default();
        if !before.is_empty() && !before.ends_with(['=', '/']) {
            continue;
        }
        let run = run.get(start..).unwrap_or_default();
        let token = percent_decoded(run).map_or_else(|| String::from(run), Cow::into_owned);
        if token.contains('.') && !found.contains(&token) {
            found.push(token);
        }
    }
    found
}
