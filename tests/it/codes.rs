//! What is promised of every error code and every kind of token.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use callerid::{ErrorCode, TokenKind};

use crate::support::{check_generated, repository};
use crate::vectors::{JUDGED, cases};

#[test]
fn every_code_has_a_name_a_sentence_and_a_hint() {
    let mut names = BTreeSet::new();
    for code in ErrorCode::ALL {
        let name = code.as_str();
        assert!(names.insert(name), "{name} twice");
        assert!(!name.is_empty() && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')), "{name}");
        for text in [code.sentence(), code.hint()] {
            assert!(
                text.ends_with('.') && text.starts_with(|c: char| c.is_ascii_uppercase()),
                "{name}: {text}"
            );
        }
        assert_ne!(code.sentence(), code.hint(), "{name}");
        assert_eq!(code.to_string(), name);
    }
    let derived: Vec<String> = ErrorCode::ALL.iter().map(|code| snake_case(&format!("{code:?}"))).collect();
    assert_eq!(derived, ErrorCode::ALL.map(ErrorCode::as_str), "names follow the variants");
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

#[test]
fn every_code_has_a_vector() {
    let mut triggered = BTreeMap::new();
    for case in JUDGED.iter().flat_map(|family| cases(family)) {
        if let Some(code) = case["expect"]["code"].as_str() {
            *triggered.entry(String::from(code)).or_insert(0) += 1;
        }
    }
    for code in ErrorCode::ALL {
        assert!(triggered.remove(code.as_str()).is_some(), "no vector triggers {code}");
    }
    assert!(triggered.is_empty(), "vectors expect codes that there are not: {triggered:?}");
}

#[test]
fn every_kind_is_described_and_recognised() {
    let kinds: Vec<TokenKind> = TokenKind::all().collect();
    let unique: BTreeSet<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(unique.len(), kinds.len(), "one row for each kind");
    let recognised: BTreeSet<String> = cases("recognition")
        .iter()
        .map(|case| case["expect"]["kind"].as_str().expect("a kind").to_owned())
        .collect();
    for kind in kinds {
        assert!(!kind.title().is_empty() && !kind.title().ends_with('.'), "{kind:?}");
        assert!(kind.next_step().ends_with('.'), "{kind:?}");
        assert!(recognised.contains(kind.as_str()), "no case recognises {kind:?}");
    }
}

#[test]
fn the_documentation_lists_every_code() {
    let mut out = String::from(
        "# Error codes\n\nGenerated from `ErrorCode` by the tests (`CALLERID_WRITE_VECTORS=1`); do not edit.\nThe codes are the same in Rust, in JSON reports and in JavaScript, and keep their meaning.\n\n\
         | code | what it means | what to do |\n|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        writeln!(out, "| `{code}` | {} | {} |", code.sentence(), code.hint()).expect("a string");
    }
    out.push_str(
        "\n`jwks_malformed` and `keys_unavailable` say that nothing could be decided; every other code says that the\ntoken is refused.\n",
    );
    check_generated(&repository().join("docs/error-codes.md"), &out);
}
