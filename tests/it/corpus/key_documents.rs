//! Keys and key sets of other libraries' test suites.

use callerid::{Algorithm, JwkSet};

use crate::corpus::family;
use crate::exceptions::Comparison;
use crate::support::{items, read_json, text};

/// Tink fails a whole set for one bad key, where we set the key aside: "accepted" is a set of which
/// every key is usable.
#[test]
fn tink() {
    let Some(folder) = family("tink") else { return };
    let file = read_json(&folder.join("jwk_set_cases.json"));
    let mut comparison = Comparison::new("tink/jwk_set");
    for (at, case) in items(&file, "cases").iter().enumerate() {
        let keys = JwkSet::parse(text(case, "jwks"));
        let ours = keys.as_ref().is_ok_and(|keys| keys.set_aside().is_empty());
        let wanted = text(case, "callerid").starts_with("accept");
        comparison.case(&format!("{at} {}", text(case, "name")), wanted, ours, &format!("{keys:?}"));
    }
    comparison.finish(items(&file, "cases").len());
}

/// The algorithm of the first key that a file holds, or why it holds none.
fn loaded(document: &str) -> Result<Algorithm, String> {
    let keys = JwkSet::parse(document).map_err(|error| error.to_string())?;
    match (keys.keys(), keys.set_aside()) {
        ([key, ..], _) => Ok(key.algorithm()),
        (_, [aside, ..]) => Err(aside.reason.to_string()),
        _ => panic!("neither usable nor set aside"),
    }
}

#[test]
fn library_keys() {
    let Some(folder) = family("library-keys") else { return };
    let (rs256, es256) = (Ok(Algorithm::Rs256), Ok(Algorithm::Es256));
    let (private, other, nothing) = (Err("private"), Err("another algorithm"), Err("neither"));
    let rows: [(&str, Result<Algorithm, &str>); 31] = [
        ("google-auth-python/es256_public_cert.pem", es256),
        ("google-auth-python/es256_publickey.pem", es256),
        ("google-auth-python/other_cert.pem", rs256),
        ("google-auth-python/privatekey.pub", rs256),
        ("google-auth-python/public_cert.pem", rs256),
        ("pyjwt/jwk_ec_key_P-256.json", private),
        ("pyjwt/jwk_ec_key_P-384.json", private),
        ("pyjwt/jwk_ec_key_P-521.json", private),
        ("pyjwt/jwk_ec_key_secp256k1.json", private),
        ("pyjwt/jwk_ec_pub_P-256.json", es256),
        ("pyjwt/jwk_ec_pub_P-384.json", other),
        ("pyjwt/jwk_ec_pub_P-521.json", other),
        ("pyjwt/jwk_ec_pub_secp256k1.json", other),
        ("pyjwt/jwk_empty.json", nothing),
        ("pyjwt/jwk_hmac.json", private),
        ("pyjwt/jwk_keyset_only_unknown_alg.json", Err("another purpose")),
        ("pyjwt/jwk_keyset_with_unknown_alg.json", rs256),
        ("pyjwt/jwk_okp_key_Ed25519.json", private),
        ("pyjwt/jwk_okp_key_Ed448.json", private),
        ("pyjwt/jwk_okp_pub_Ed25519.json", other),
        ("pyjwt/jwk_okp_pub_Ed448.json", other),
        ("pyjwt/jwk_rsa_key.json", private),
        ("pyjwt/jwk_rsa_pub.json", rs256),
        ("pyjwt/testkey2_rsa.pub.pem", rs256),
        ("pyjwt/testkey_ec.pub", es256),
        ("pyjwt/testkey_ec_ssh.pub", nothing),
        ("pyjwt/testkey_ed25519.pub", nothing),
        ("pyjwt/testkey_ed25519.pub.pem", other),
        ("pyjwt/testkey_pkcs1.pub.pem", Err("1024")),
        ("pyjwt/testkey_rsa.cer", rs256),
        ("pyjwt/testkey_rsa.pub", nothing),
    ];
    let mut wrong = Vec::new();
    for (name, expected) in rows {
        let document = String::from_utf8(std::fs::read(folder.join(name)).expect(name)).expect("text");
        let found = loaded(&document);
        let fits = match (&found, expected) {
            (Ok(found), Ok(expected)) => *found == expected,
            (Err(found), Err(expected)) => found.contains(expected),
            _ => false,
        };
        if !fits {
            wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    eprintln!("library-keys: {} files", rows.len());
}
