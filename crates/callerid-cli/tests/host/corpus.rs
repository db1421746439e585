//! Tokens that Google really issued. They are not in the repository; `CALLERID_CORPUS` says where they are.

use std::env;
use std::fs;
use std::path::Path;

use crate::{Ran, callerid, fresh_directory, run};

/// A member of a flat JSON object: text without its quotes, or a number.
fn member(json: &str, name: &str) -> String {
    let (_, rest) = json.split_once(&format!("\"{name}\": ")).unwrap_or_else(|| panic!("no {name}"));
    match rest.strip_prefix('"') {
        Some(text) => text.split('"').next().unwrap().into(),
        None => rest.split([',', '\n', '}']).next().unwrap().into(),
    }
}

/// Runs `callerid verify` on a token with the keys beside it.
fn verify(folder: &Path, arguments: &[&str], token: &str) -> Ran {
    let keys = folder.join("jwks.json");
    let arguments = [&["verify", "--json", "--keys", keys.to_str().unwrap()], arguments].concat();
    run(callerid(&fresh_directory("corpus"), &arguments), token)
}

#[test]
fn tokens_that_google_issued() {
    let corpus = env::var_os("CALLERID_CORPUS").map(|corpus| Path::new(&corpus).join("google-real"));
    let Some(corpus) = corpus.filter(|corpus| corpus.is_dir()) else {
        eprintln!("google-real was not run: CALLERID_CORPUS does not lead to it");
        assert!(env::var_os("CI").is_none(), "with CI set nothing may be left out");
        return;
    };
    let mut count = 0;
    for folder in fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let case = fs::read_to_string(folder.join("case.json")).unwrap();
        let token = fs::read_to_string(folder.join("token.jwt")).unwrap();
        count += 1;
        if name.starts_with("sa-selfsigned") {
            // Its issuer is invented, so no profile is its own.
            let ran = verify(&folder, &["--signature-only"], &token);
            assert_eq!(ran.out, "{\"verdict\":\"verified\",\"code\":null}\n", "{name}");
            continue;
        }
        let (audience, now) = (member(&case, "aud"), member(&case, "verify_at"));
        let profile = if name.starts_with("iap") { "iap" } else { "google" };
        let profile = ["--profile", profile];
        let judge = |audience: &str, now: &[&str], token: &str| {
            let ran = verify(&folder, &[&profile, &["--audience", audience], now].concat(), token);
            let mut words = ran.out.split('"');
            (ran.code, words.nth(3).unwrap().to_owned(), words.nth(3).unwrap_or_default().to_owned())
        };
        let at = ["--now", now.as_str()];
        let rejected = |code: &str| (1, "rejected".to_owned(), code.to_owned());
        assert_eq!(judge(&audience, &at, &token).1, "verified", "{name}");
        assert_eq!(judge("https://other.example", &at, &token), rejected("audience_mismatch"), "{name}");
        assert_eq!(judge(&audience, &[], &token), rejected("token_expired"), "{name}");
        assert_eq!(judge(&audience, &at, &altered(&token)), rejected("signature_invalid"), "{name}");
    }
    assert!(count > 0, "there is no token");
}

/// The token with one character in the middle of its signature changed.
fn altered(token: &str) -> String {
    let token = token.trim_end();
    let at = (token.rfind('.').unwrap() + token.len()) / 2;
    let other = if &token[at..=at] == "A" { "B" } else { "A" };
    [&token[..at], other, &token[at + 1..]].concat()
}
