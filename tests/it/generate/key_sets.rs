//! Which key of a set verifies a token.

use crate::generate::{Case, Claims, NOW, k1_jwk, k2_jwk, key_set, quoted, with_header};
use crate::support::{K1, K2, SigningTestKey, X1, X2, read_test_key};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for family in [forms, choices, unusable, documents] {
        family(&mut cases);
    }
    cases
}

fn forms(cases: &mut Vec<Case>) {
    let (token, elliptic) = (Claims::google().by_k1(), Claims::iap().by_k2());
    for file in [
        "trusted.json",
        "pem_certificates.json",
        "pem_public_keys.json",
        "single_k1.json",
        "single_k1_certificate.pem",
    ] {
        cases.push(Case::new(format!("RS256 by {file}"), &*token).keys(file).accepted());
    }
    for file in ["trusted.json", "pem_certificates.json", "pem_public_keys.json", "single_k2.json"] {
        cases.push(Case::iap(format!("ES256 by {file}"), &*elliptic).keys(file).accepted());
    }
    let minimal = K1.jwk(r#""kid":"k1""#);
    let decorated = K1.jwk(r#""kid":"k1","x5t":"AAAA","x5c":["AAAA"],"unknown":{"a":[1]}"#);
    cases.push(Case::new("a key without alg and use", &*token).keys(&key_set(&[minimal])).accepted());
    cases.push(Case::new("a key with unknown members", &*token).keys(&key_set(&[decorated])).accepted());
    let with_more = format!(r#"{{"keys":[{}],"next":"x"}}"#, k1_jwk());
    cases.push(Case::new("a set with unknown members", &*token).keys(&with_more).accepted());
    let big = SigningTestKey::rsa("rsa-4096-e65537");
    let header = r#"{"alg":"RS256","kid":"big","typ":"JWT"}"#;
    let big_token = crate::support::sign(header, Claims::google().json(), &big);
    let document = key_set(&[big.jwk(r#""alg":"RS256","kid":"big""#)]);
    cases.push(Case::new("a key of 4096 bits", big_token).keys(&document).accepted());
}

fn choices(cases: &mut Vec<Case>) {
    let token = Claims::google().by_k1();
    let named = |key: &SigningTestKey, kid: &str| key.jwk(&format!(r#""kid":"{kid}""#));
    cases.push(
        Case::new("another issuer's keys", &*token).keys("others.json").rejected("key", "key_not_found"),
    );
    cases.push(
        Case::new("the right key under another id", &*token)
            .keys(&key_set(&[named(&K1, "k9"), named(&X1, "k8")]))
            .rejected("key", "key_not_found"),
    );
    cases.push(
        Case::new("a single key under another id", &*token)
            .keys(&key_set(&[named(&K1, "k9")]))
            .rejected("key", "key_not_found"),
    );
    cases.push(
        Case::new("several keys without ids", &*token).keys("unnamed.json").rejected("key", "key_not_found"),
    );
    cases.push(
        Case::new("another key under the right id", &*token)
            .keys(&key_set(&[named(&X1, "k1"), named(&K1, "k9")]))
            .rejected("signature", "signature_invalid"),
    );
    cases.push(
        Case::iap("another EC key under the right id", Claims::iap().by_k2())
            .keys(&key_set(&[X2.jwk(r#""crv":"P-256","kid":"k2""#)]))
            .rejected("signature", "signature_invalid"),
    );
    cases.push(
        Case::new("a single key without id, and not the right one", &*token)
            .keys(&X1.jwk(""))
            .rejected("signature", "signature_invalid"),
    );
    cases.push(
        Case::new("a single key without id, of the other type", &*token)
            .keys("single_k2.json")
            .rejected("key", "algorithm_not_allowed"),
    );
    cases.push(
        Case::new("a key without id beside one that was set aside", &*token)
            .keys(&key_set(&[K1.jwk(""), X1.jwk(r#""use":"enc","kid":"k1""#)]))
            .rejected("key", "key_unusable"),
    );
    // No kid: only profiles whose issuers leave it out, and only if one key fits.
    let account = "sa@p.iam.gserviceaccount.com";
    let nameless = crate::support::sign(
        r#"{"alg":"RS256"}"#,
        Claims::google().with("iss", &quoted(account)).json(),
        &K1,
    );
    let case = |name: &str, keys: &str| {
        Case::new(name, &*nameless).set("profile", format!("service-account:{account}")).keys(keys)
    };
    cases.push(case("no kid, one RSA and one EC key", "trusted.json").accepted());
    cases.push(case("no kid, one key", "single_k1_certificate.pem").accepted());
    cases.push(case("no kid, two RSA keys", "two_unnamed_rsa.json").rejected("key", "key_ambiguous"));
    cases.push(
        case("no kid, two RSA keys with ids", &key_set(&[named(&K1, "a"), named(&X1, "b")]))
            .rejected("key", "key_ambiguous"),
    );
    cases.push(case("no kid, only another key", "others.json").rejected("signature", "signature_invalid"));
    cases.push(case("no kid, only an EC key", "single_k2.json").rejected("key", "key_not_found"));
    let odd = "kid/with+odd=characters \u{1f511}";
    let header = format!(r#"{{"alg":"RS256","kid":{}}}"#, quoted(odd));
    let document = key_set(&[K1.jwk(&format!("\"kid\":{}", quoted(odd)))]);
    cases.push(Case::new("an odd kid", with_header(header)).keys(&document).accepted());
}

fn unusable(cases: &mut Vec<Case>) {
    let token = Claims::google().by_k1();
    let n = crate::support::base64url(crate::generate::number(&K1, "n"));
    for (name, key) in [
        ("a private key", K1.jwk(r#""kid":"k1","d":"AAAA""#)),
        ("a name twice", K1.jwk(r#""kid":"k1","use":"sig","use":"sig""#)),
        ("kty twice", K1.jwk(r#""kid":"k1","kty":"RSA""#)),
        ("n as a number", String::from(r#"{"kty":"RSA","kid":"k1","n":1,"e":"AQAB"}"#)),
        ("no n", String::from(r#"{"kty":"RSA","kid":"k1","e":"AQAB"}"#)),
        ("no e", format!(r#"{{"kty":"RSA","kid":"k1","n":"{n}"}}"#)),
        ("padded n", format!(r#"{{"kty":"RSA","kid":"k1","n":"{n}==","e":"AQAB"}}"#)),
        (
            "n in the standard alphabet",
            format!(
                r#"{{"kty":"RSA","kid":"k1","n":"{}","e":"AQAB"}}"#,
                n.replace('-', "+").replace('_', "/")
            ),
        ),
        ("padded e", format!(r#"{{"kty":"RSA","kid":"k1","n":"{n}","e":"AQAB="}}"#)),
        ("kty in lower case", format!(r#"{{"kty":"rsa","kid":"k1","n":"{n}","e":"AQAB"}}"#)),
        ("no kty", format!(r#"{{"kid":"k1","n":"{n}","e":"AQAB"}}"#)),
        (
            "kty EC with RSA numbers",
            format!(r#"{{"kty":"EC","crv":"P-256","kid":"k1","n":"{n}","e":"AQAB"}}"#),
        ),
        ("RSA with a curve", K1.jwk(r#""crv":"P-256","kid":"k1""#)),
        ("a shared secret", String::from(r#"{"kty":"oct","kid":"k1","k":"AAAA"}"#)),
        (
            "an Ed25519 key",
            String::from(
                r#"{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            ),
        ),
    ] {
        let case = Case::new(format!("key set aside: {name}"), &*token).keys(&key_set(&[key, k2_jwk()]));
        let code = if name.contains("twice") { "duplicate_member" } else { "key_unusable" };
        cases.push(case.rejected("key", code));
    }
    let case = Case::new("a kid that is no string names nothing", &*token);
    cases.push(case.keys(&key_set(&[K1.jwk(r#""kid":1"#), k2_jwk()])).rejected("key", "key_not_found"));
    let other = Case::new("an unusable key does not disturb the others", &*token);
    cases.push(other.keys(&key_set(&[X1.jwk(r#""use":"enc","kid":"x""#), k1_jwk()])).accepted());
    let pem = read_test_key("rsa-2048-e65537.crt");
    for (name, text) in [
        ("damaged certificate", pem.replacen("MII", "MIJ", 1)),
        ("private key", read_test_key("rsa-2048-e65537.pem")),
        ("cut PEM", pem[..pem.len() / 2].into()),
        ("unknown label", pem.replace("CERTIFICATE", "NOTE")),
    ] {
        let document = format!("{{\"k1\":{}}}", quoted(&text));
        let case = Case::new(format!("PEM map: {name}"), &*token).keys(&document);
        cases.push(case.rejected("key", "key_unusable"));
    }
    assert!(NOW > 0 && K2.numbers().0 == "EC");
}

fn documents(cases: &mut Vec<Case>) {
    let token = Claims::google().by_k1();
    for (name, document) in [
        ("no key", String::from(r#"{"keys":[]}"#)),
        ("an empty object", String::from("{}")),
        ("no text", String::new()),
        ("no JSON", String::from("<html>502</html>")),
        ("keys that are no list", String::from(r#"{"keys":{}}"#)),
        ("keys that are no objects", String::from(r#"{"keys":["k1"]}"#)),
        ("a list", format!("[{}]", k1_jwk())),
        ("keys twice", format!(r#"{{"keys":[{}],"keys":[{}]}}"#, X1.jwk(r#""kid":"k1""#), k1_jwk())),
        ("text behind", format!("{}x", key_set(&[k1_jwk()]))),
        ("a map to numbers", String::from(r#"{"k1":1}"#)),
        ("a map to no PEM", String::from(r#"{"k1":"AAAA"}"#)),
        ("an error reply", String::from(r#"{"error":{"code":404,"message":"Not Found"}}"#)),
        ("one kid twice in a PEM map", {
            let pem = quoted(&read_test_key("rsa-2048-e65537.crt"));
            format!("{{\"k1\":{pem},\"k1\":{pem}}}")
        }),
        ("101 keys", key_set(&vec![String::from(r#"{"kty":"oct"}"#); 101])),
    ] {
        let code = if name.contains("twice") { "duplicate_member" } else { "jwks_malformed" };
        cases.push(Case::new(format!("key set: {name}"), &*token).keys(&document).undecided(code));
    }
    cases.push(
        Case::new("key set: 100 keys", &*token)
            .keys(&key_set(&[vec![String::from(r#"{"kty":"oct"}"#); 99], vec![k1_jwk()]].concat()))
            .accepted(),
    );
    cases.push(
        Case::new("keys out of reach", &*token)
            .set("keys", serde_json::Value::Null)
            .undecided("keys_unavailable"),
    );
    cases.push(
        Case::new("keys out of reach, but the token names none either", {
            with_header(r#"{"alg":"RS256"}"#)
        })
        .set("keys", serde_json::Value::Null)
        .rejected("key", "key_id_missing"),
    );
}
