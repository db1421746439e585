//! Against the `base64` crate; the suites of others are in `tests/it/corpus`.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::{decode, encode};

/// Ours must say what the crate says.
#[track_caller]
fn check(text: &str) {
    assert_eq!(decode(text), URL_SAFE_NO_PAD.decode(text).ok(), "{text:?}");
}

#[test]
fn every_byte_in_every_place_of_every_short_length() {
    for length in 0..=9 {
        for place in 0..length {
            for character in (0..=0xff).map(char::from) {
                let mut text: Vec<char> = "AAAAAAAAA".chars().take(length).collect();
                text[place] = character;
                check(&text.into_iter().collect::<String>());
            }
        }
    }
}

#[test]
fn every_pair_of_last_digits() {
    for a in (0x20..0x80).map(char::from) {
        for b in (0x20..0x80).map(char::from) {
            for before in ["", "A", "AA", "AAA"] {
                check(&[before, &String::from_iter([a, b])].concat());
            }
        }
    }
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_itself(bytes: Vec<u8>) {
        let text = encode(&bytes);
        prop_assert_eq!(&text, &URL_SAFE_NO_PAD.encode(&bytes));
        prop_assert_eq!(decode(&text), Some(bytes));
    }

    #[test]
    fn agrees_with_the_crate(text in "[A-Za-z0-9_=+/ .-]{0,40}") {
        check(&text);
    }
}
