//! JSON and base64url vectors, each as a part of a token.

use callerid::{ErrorCode, TOKEN_BYTES_MAX, UnixTime, UnverifiedToken};
use serde_json::json;

use crate::corpus::family;
use crate::exceptions::Comparison;
use crate::judged::{judge, policy};
use crate::support::{base64url, items, read_json, text};

/// Each text as a claim and as a member of the header: the format check passes exactly if it is JSON.
#[test]
fn json() {
    let Some(folder) = family("jsontestsuite/test_parsing") else { return };
    let policy = policy(&json!({"profile": "google", "audience": null}));
    let format = |token: &str| {
        let report = judge(token, None, &policy, UnixTime::from_seconds(0));
        report.checks[0].code
    };
    let mut comparison = Comparison::new("jsontestsuite");
    let mut cases = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let text = std::fs::read(&path).expect("read");
        let wrapped = |start: &[u8]| base64url([start, &text, b"}"].concat());
        let header = base64url(r#"{"alg":"RS256"}"#);
        // Numbers out of range are a matter of whoever reads them; broken text is refused.
        let good = name.starts_with("y_") || name.starts_with("i_number");
        for (how, token) in [
            ("claim", format!("{header}.{}.AAAA", wrapped(b"{\"x\":"))),
            ("member", format!("{}.e30.AAAA", wrapped(b"{\"alg\":\"RS256\",\"x\":"))),
        ] {
            let code = format(&token);
            assert!(token.len() <= TOKEN_BYTES_MAX || code == Some(ErrorCode::TokenTooLarge));
            comparison.case(&format!("{how} {name}"), good, code.is_none(), &format!("{code:?}"));
            cases += 1;
        }
        // Alone it is no object, or one that says nothing: never a reason to fall over.
        format(&format!("{header}.{}.AAAA", base64url(&text)));
    }
    assert!(cases > 350, "only {cases}");
    comparison.finish(cases);
}

/// Each text as payload: decoded to exactly these bytes, or refused.
#[test]
fn base64url_tables() {
    let Some(folder) = family("base64url") else { return };
    for (name, file) in
        [("base64url/wpt", "wpt_base64.json"), ("base64url/test262", "test262_frombase64.json")]
    {
        let file = read_json(&folder.join(file));
        let mut comparison = Comparison::new(name);
        for (at, case) in items(&file, "cases").iter().enumerate() {
            let token = format!("{}.{}.AAAA", base64url(r#"{"alg":"RS256"}"#), text(case, "input"));
            let parsed = UnverifiedToken::parse(&token);
            if let (Ok(parsed), Some(bytes)) = (&parsed, case["bytes"].as_array()) {
                assert_eq!(json!(parsed.unverified_payload()), json!(bytes), "{case}");
            }
            let wanted = text(case, "jws_strict") == "accept";
            comparison.case(&at.to_string(), wanted, parsed.is_ok(), &format!("{:?}", parsed.as_ref().err()));
        }
        comparison.finish(items(&file, "cases").len());
    }
}

/// The properties that the corpus names, over every last group of symbols.
#[test]
fn base64url_exhaustively() {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let header = base64url(r#"{"alg":"RS256"}"#);
    let accepts = |payload: &[u8]| {
        let payload = std::str::from_utf8(payload).expect("ASCII");
        UnverifiedToken::parse(&format!("{header}.{payload}.AAAA")).is_ok()
    };
    for prefix in [&b""[..], b"zzzz"] {
        let with = |group: &[u8]| accepts(&[prefix, group].concat());
        let pairs = ALPHABET.iter().flat_map(|a| ALPHABET.iter().map(move |b| [*a, *b]));
        assert_eq!(pairs.filter(|pair| with(pair)).count(), 256);
        assert_eq!(ALPHABET.iter().filter(|last| with(&[b'z', b'z', **last])).count(), 16);
        assert!(ALPHABET.iter().all(|only| !with(&[*only])));
    }
    for byte in 0..=127_u8 {
        for at in 0..4 {
            let mut group = *b"zzzz";
            group[at] = byte;
            assert_eq!(accepts(&group), ALPHABET.contains(&byte), "{group:?}");
        }
    }
}
