//! The key set documents that the cases name.

use crate::generate::{folder, k1_jwk, k2_jwk, key_set, quoted};
use crate::support::{K1, K2, X1, check_generated, read_test_key};

/// The name of every document, with its text.
pub(crate) fn documents() -> Vec<(&'static str, String)> {
    let e3 = crate::support::SigningTestKey::rsa("rsa-2048-e3");
    vec![
        // k1 and k2, as every case trusts them unless it says otherwise.
        ("trusted.json", key_set(&[k1_jwk(), k2_jwk()])),
        ("e3.json", key_set(&[e3.jwk(r#""alg":"RS256","use":"sig","kid":"e3""#)])),
        ("pem_certificates.json", pem_map(&[("k1", "rsa-2048-e65537.crt"), ("k2", "p256.crt")])),
        ("pem_public_keys.json", {
            let pem = |document: &str| {
                let set = callerid::JwkSet::parse(document).expect("a key set");
                set.to_pem_map()
            };
            pem(&key_set(&[k1_jwk(), k2_jwk()]))
        }),
        ("single_k1.json", K1.jwk("")),
        ("single_k2.json", K2.jwk(r#""crv":"P-256""#)),
        ("single_k1_certificate.pem", read_test_key("rsa-2048-e65537.crt")),
        ("unnamed.json", key_set(&[K1.jwk(""), K2.jwk(r#""crv":"P-256""#)])),
        ("two_unnamed_rsa.json", key_set(&[K1.jwk(""), X1.jwk("")])),
        ("others.json", key_set(&[X1.jwk(r#""alg":"RS256","use":"sig","kid":"other""#)])),
    ]
}

fn pem_map(entries: &[(&str, &str)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(kid, file)| format!("{}:{}", quoted(kid), quoted(&read_test_key(file))))
        .collect();
    format!("{{{}}}", entries.join(","))
}

pub(crate) fn write() {
    for (name, document) in documents() {
        let end = if document.ends_with('\n') { "" } else { "\n" };
        check_generated(&folder().join("keys").join(name), &format!("{document}{end}"));
    }
}
