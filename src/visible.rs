//! Which characters of untrusted text may be shown as they are.

use alloc::format;
use alloc::string::String;
use core::ops::RangeInclusive;

/// Characters that move, hide or reorder what stands around them, or that have no agreed shape:
/// the categories Cc, Cf, Zl, Zp and Co of the Unicode Character Database.
const UNSAFE: [RangeInclusive<char>; 28] = [
    '\u{0}'..='\u{1f}',
    '\u{7f}'..='\u{9f}',
    '\u{ad}'..='\u{ad}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{180e}'..='\u{180e}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{e000}'..='\u{f8ff}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{fff0}'..='\u{fffb}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e007f}',
    '\u{e0080}'..='\u{e0fff}',
    '\u{f0000}'..='\u{fffff}',
    '\u{100000}'..='\u{10ffff}',
    '\u{3164}'..='\u{3164}',
    '\u{ffa0}'..='\u{ffa0}',
];

/// Whether a character can be shown without changing how the text around it looks.
#[must_use]
pub fn is_visible(character: char) -> bool {
    character.is_ascii_graphic() || character == ' ' || !UNSAFE.iter().any(|range| range.contains(&character))
}

/// Untrusted text with every character that is not visible written as `\u{…}`.
///
/// A terminal acts upon control characters, and bidirectional marks make text read as something else.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if is_visible(character) {
            shown.push(character);
        } else {
            shown.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
        }
    }
    shown
}
