//! Worked examples of RFC 7515 and RFC 7520, and RFC 7797, which is not implemented.

use crate::corpus::{check_signature_by, family};
use crate::exceptions::Comparison;
use crate::support::{items, read_json, text};

#[test]
fn rfc_7515() {
    let Some(folder) = family("rfc") else { return };
    let mut comparison = Comparison::new("rfc/7515");
    for case in items(&read_json(&folder.join("rfc7515_appendix.json")), "cases") {
        let token = case["token"].as_str().or_else(|| case["document"].as_str()).expect("a token");
        let ours = check_signature_by(token, &case["key"].to_string());
        let upstream = text(case, "expect").starts_with("accept");
        comparison.case(text(case, "section"), upstream, ours.is_ok(), &format!("{:?}", ours.err()));
    }
    comparison.finish(8);
}

#[test]
fn cookbook() {
    let Some(folder) = family("rfc") else { return };
    let mut comparison = Comparison::new("rfc/cookbook");
    let mut forms = 0;
    for group in ["jws", "rfc7797"] {
        for entry in std::fs::read_dir(folder.join("cookbook").join(group)).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            let case = read_json(&path);
            let key = &case["input"]["key"];
            // The public half of the key that the example signs with.
            let key = match key["n"].as_str() {
                Some(n) => format!(r#"{{"kty":"RSA","kid":{},"n":"{n}","e":{}}}"#, key["kid"], key["e"]),
                None => key.to_string(),
            };
            for (form, value) in case["output"].as_object().expect("outputs") {
                let token = value.as_str().map_or_else(|| value.to_string(), String::from);
                let ours = check_signature_by(&token, &key);
                let upstream = name.starts_with("4_1") && form == "compact";
                comparison.case(
                    &format!("{name} {form}"),
                    upstream,
                    ours.is_ok(),
                    &format!("{:?}", ours.err()),
                );
                forms += 1;
            }
        }
    }
    assert!(forms >= 15, "only {forms} forms");
    comparison.finish(forms);
}
