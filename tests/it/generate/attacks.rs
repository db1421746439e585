//! Attack classes on the signature, the header, the keys and the claims (A01–A24, A33–A50).

use num_bigint::BigUint;
use rsa::pkcs1::{EncodeRsaPublicKey, LineEnding};
use rsa::pkcs8::EncodePublicKey;
use serde_json::{Value, json};

use crate::generate::{
    Case, Claims, EC_HEADER, HEADER, NOW, k1_jwk, k2_jwk, key_set, number, quoted, rsa_jwk, with_header,
};
use crate::rsa_verify::{DIGEST_INFO, TestKey, digest, padded};
use crate::support::{
    K1, K2, SigningTestKey, X1, X2, base64, base64url, from_base64url, from_pem, hmac_sha256, read_test_key,
    sign, signing_input,
};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for family in [
        unsigned,
        shared_secrets,
        keys_in_the_token,
        key_ids,
        headers,
        nested,
        elliptic_signatures,
        elliptic_keys,
        sloppy_padding,
        rsa_keys,
        key_choice,
        key_purposes,
        signatures,
        claim_times,
        audiences,
        issuers,
        other_kinds,
        orders,
    ] {
        family(&mut cases);
    }
    cases
}

/// The base token, accepted: what the cases of an attack class twist.
fn twin(id: &str) -> Case {
    Case::new(format!("{id} untwisted"), Claims::google().by_k1()).attack(id).accepted()
}

fn iap_twin(id: &str) -> Case {
    Case::iap(format!("{id} untwisted"), Claims::iap().by_k2()).attack(id).accepted()
}

/// A token with any third part.
fn with_signature(signature: impl AsRef<[u8]>) -> String {
    format!("{}.{}", signing_input(HEADER, Claims::google().json()), base64url(signature))
}

fn good_signature(token: &str) -> Vec<u8> {
    from_base64url(token.rsplit('.').next().expect("three parts"))
}

fn unsigned(cases: &mut Vec<Case>) {
    let payload = Claims::google().json();
    let real = Claims::google().by_k1();
    let real_signature = real.rsplit('.').next().expect("three parts");
    cases.push(twin("A01"));
    for (name, header) in
        [("", r#"{"alg":"none"}"#), (" with kid", r#"{"alg":"none","kid":"k1","typ":"JWT"}"#)]
    {
        let input = signing_input(header, &payload);
        for (how, signature) in [("empty signature", ""), ("a real token's signature", real_signature)] {
            let name = format!("A01 alg none{name}, {how}");
            let case = Case::new(name, format!("{input}.{signature}")).attack("A01");
            cases.push(case.rejected("algorithm", "algorithm_unsupported"));
        }
    }
    cases.push(twin("A02"));
    for (alg, check, code) in [
        (r#""None""#, "algorithm", "algorithm_unsupported"),
        (r#""NONE""#, "algorithm", "algorithm_unsupported"),
        (r#""nOnE""#, "algorithm", "algorithm_unsupported"),
        (r#""none ""#, "algorithm", "algorithm_unsupported"),
        (r#""""#, "algorithm", "algorithm_unsupported"),
        (r#""rs256""#, "algorithm", "algorithm_unsupported"),
        (r#""RS256 ""#, "algorithm", "algorithm_unsupported"),
        (r#""RS512""#, "algorithm", "algorithm_unsupported"),
        (r#""PS256""#, "algorithm", "algorithm_unsupported"),
        ("null", "format", "header_invalid"),
        (r#"["none"]"#, "format", "header_invalid"),
        (r#"["RS256"]"#, "format", "header_invalid"),
    ] {
        let token = with_header(format!(r#"{{"alg":{alg},"kid":"k1","typ":"JWT"}}"#));
        cases.push(Case::new(format!("A02 alg {alg}"), token).attack("A02").rejected(check, code));
    }
    let token = with_header(r#"{"kid":"k1","typ":"JWT"}"#);
    cases.push(Case::new("A02 no alg", token).attack("A02").rejected("format", "header_invalid"));
}

fn shared_secrets(cases: &mut Vec<Case>) {
    let public = K1.rsa_key().to_public_key();
    let spki = public.to_public_key_pem(LineEnding::LF).expect("PEM");
    let spki_crlf = public.to_public_key_pem(LineEnding::CRLF).expect("PEM");
    let pkcs1 = public.to_pkcs1_pem(LineEnding::LF).expect("PEM");
    let der = public.to_public_key_der().expect("DER").into_vec();
    cases.push(twin("A03"));
    for (name, secret) in [
        ("SPKI PEM", spki.clone().into_bytes()),
        ("SPKI PEM without final newline", spki.trim_end().into()),
        ("SPKI PEM with CRLF", spki_crlf.into_bytes()),
        ("PKCS#1 PEM", pkcs1.into_bytes()),
        ("SPKI DER", der),
        ("JWK", k1_jwk().into_bytes()),
        ("modulus", number(&K1, "n")),
        ("certificate", read_test_key("rsa-2048-e65537.crt").into_bytes()),
        ("empty secret", Vec::new()),
    ] {
        cases.push(shared_secret("A03", name, "k1", &secret));
    }
    let point = [vec![4], number(&K2, "x"), number(&K2, "y")].concat();
    let ssh = [&b"\0\0\0\x13ecdsa-sha2-nistp256\0\0\0\x08nistp256\0\0\0\x41"[..], &point].concat();
    let ec_pem = callerid::JwkSet::parse(&k2_jwk()).expect("a key").to_pem_map();
    let ec_pem: Value = serde_json::from_str(&ec_pem).expect("JSON");
    cases.push(iap_twin("A04"));
    for (name, secret) in [
        ("PEM", ec_pem["k2"].as_str().expect("PEM").as_bytes().to_vec()),
        ("uncompressed point", point),
        ("ssh text", format!("ecdsa-sha2-nistp256 {}", base64(ssh)).into_bytes()),
    ] {
        let case = shared_secret("A04", name, "k2", &secret);
        cases.push(case.set("profile", "iap").set("audience", "/projects/1/apps/p"));
    }
}

fn shared_secret(id: &str, name: &str, kid: &str, secret: &[u8]) -> Case {
    let header = format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"JWT"}}"#);
    let claims = if kid == "k1" { Claims::google() } else { Claims::iap() };
    let input = signing_input(header, claims.json());
    let signature = base64url(hmac_sha256(secret, input.as_bytes()));
    let case = Case::new(format!("{id} HS256 with the {name} as secret"), format!("{input}.{signature}"));
    case.attack(id).rejected("algorithm", "algorithm_unsupported")
}

fn keys_in_the_token(cases: &mut Vec<Case>) {
    let jwk = X1.jwk(r#""kid":"x1""#);
    let certificate = base64(from_pem(&read_test_key("rsa-2048-e65537-attacker.crt")));
    let offers = [
        ("A05", "jwk", jwk),
        ("A06", "jku", quoted("https://attacker.example/jwks")),
        ("A06", "x5u", quoted("https://attacker.example/x5u.pem")),
        ("A07", "x5c", format!("[{}]", quoted(&certificate))),
    ];
    for (id, member, value) in offers {
        let header = |kid: &str| format!(r#"{{"alg":"RS256",{kid}"typ":"JWT","{member}":{value}}}"#);
        let payload = Claims::google().json();
        let good = sign(header(r#""kid":"k1","#), &payload, &K1);
        cases.push(Case::new(format!("{id} {member} beside a good signature"), good).attack(id).accepted());
        for (kid, check, code) in [
            (r#""kid":"k1","#, "signature", "signature_invalid"),
            ("", "key", "key_id_missing"),
            (r#""kid":"x1","#, "key", "key_not_found"),
        ] {
            let token = sign(header(kid), &payload, &X1);
            let case = Case::new(format!("{id} {member} offered, {kid} signed by the attacker"), token);
            cases.push(case.attack(id).rejected(check, code));
        }
    }
}

fn key_ids(cases: &mut Vec<Case>) {
    cases.push(twin("A08"));
    for kid in [
        "../../../../dev/null",
        "/etc/hostname",
        "k1/../k1",
        "k1' OR '1'='1",
        "k1;id",
        "k1\0",
        "k1%00",
        "file:///k1",
        "http://x/k1",
        "K1",
        " k1",
        "k1 ",
        "",
        "*",
        "k\u{131}",
    ] {
        let token = with_header(format!(r#"{{"alg":"RS256","kid":{},"typ":"JWT"}}"#, quoted(kid)));
        let case = Case::new(format!("A08 kid {}", quoted(kid)), token).attack("A08");
        cases.push(case.rejected("key", "key_not_found"));
    }
    cases.push(twin("A09"));
    for name in ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"] {
        let header = format!(r#"{{"alg":"RS256","kid":"{name}","typ":"JWT"}}"#);
        let token = with_header(&header);
        let unknown = Case::new(format!("A09 kid {name}"), token.clone()).attack("A09");
        cases.push(unknown.clone().rejected("key", "key_not_found"));
        let pem = read_test_key("rsa-2048-e65537.crt");
        let map = format!("{{\"k1\":{}}}", quoted(&pem));
        cases.push(
            unknown
                .set("name", format!("A09 kid {name}, PEM map"))
                .keys(&map)
                .rejected("key", "key_not_found"),
        );
        let owned = key_set(&[K1.jwk(&format!(r#""kid":"{name}""#))]);
        let case = Case::new(format!("A09 kid {name} that the set really holds"), token);
        cases.push(case.attack("A09").keys(&owned).accepted());
        let claim = Claims::google().with(name, r#"{"aud":"other"}"#).by_k1();
        cases.push(Case::new(format!("A09 claim {name}"), claim).attack("A09").accepted());
        let claim = Claims::google().without("aud").with(name, r#"{"aud":"aud-1"}"#).by_k1();
        let case = Case::new(format!("A09 claim {name} holding aud"), claim).attack("A09");
        cases.push(case.rejected("audience", "claim_missing"));
    }
    cases.push(twin("A10"));
    for kid in ["1", "true", "null", "[]", r#"["k1"]"#, "{}"] {
        let token = with_header(format!(r#"{{"alg":"RS256","kid":{kid},"typ":"JWT"}}"#));
        cases.push(
            Case::new(format!("A10 kid {kid}"), token).attack("A10").rejected("format", "header_invalid"),
        );
    }
}

fn headers(cases: &mut Vec<Case>) {
    cases.push(twin("A11"));
    for header in [
        r#"{"alg":"none","alg":"RS256","kid":"k1"}"#,
        r#"{"alg":"RS256","alg":"none","kid":"k1"}"#,
        r#"{"alg":"RS256","kid":"k1","kid":"k2"}"#,
        r#"{"alg":"RS256","kid":"k1","kid":"k1"}"#,
        r#"{"alg":"RS256","kid":"k1","\u006bid":"k2"}"#,
        r#"{"alg":"RS256","kid":"k1","x":1,"x":1}"#,
    ] {
        let case = Case::new(format!("A11 header {header}"), with_header(header)).attack("A11");
        cases.push(case.rejected("format", "duplicate_member"));
    }
    cases.push(twin("A12"));
    let base = Claims::google().json();
    let base = base.trim_end_matches('}');
    for more in [
        r#""aud":"other""#,
        r#""aud":"aud-1""#,
        r#""iss":"https://accounts.google.com""#,
        r#""exp":9999999999"#,
        r#""sub":"2""#,
        r#""\u0061ud":"other""#,
    ] {
        let token = sign(HEADER, format!("{base},{more}}}"), &K1);
        cases.push(
            Case::new(format!("A12 payload with {more} again"), token)
                .attack("A12")
                .rejected("format", "duplicate_member"),
        );
    }
    let first = format!(r#"{{"aud":"other",{}}}"#, base.trim_start_matches('{'));
    let case = Case::new("A12 payload with the other aud first", sign(HEADER, first, &K1)).attack("A12");
    cases.push(case.rejected("format", "duplicate_member"));
    cases.push(twin("A13"));
    for crit in [
        r#"["exp"]"#,
        r#"["bork"],"bork":1"#,
        "[]",
        r#""b64""#,
        "null",
        "[1]",
        r#"["alg"]"#,
        r#"["absent"]"#,
        "{}",
    ] {
        let token = with_header(format!(r#"{{"alg":"RS256","kid":"k1","crit":{crit}}}"#));
        let case = Case::new(format!("A13 crit {crit}"), token).attack("A13");
        cases.push(case.rejected("format", "critical_header_unsupported"));
    }
    cases.push(twin("A14"));
    let unencoded = |header: &str, payload: &str| {
        let input = format!("{}.{payload}", base64url(header));
        let signature = base64url(K1.sign(input.as_bytes()));
        format!("{input}.{signature}")
    };
    let (with_crit, without) = (
        r#"{"alg":"RS256","kid":"k1","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"RS256","kid":"k1","b64":false}"#,
    );
    let payload = Claims::google().json();
    for (name, token, code) in [
        ("raw payload", unencoded(with_crit, &payload), "token_malformed"),
        (
            "raw payload without dots",
            unencoded(with_crit, r#"{"iss":"accounts-google-com"}"#),
            "base64_invalid",
        ),
        ("encoded payload", with_header(with_crit), "critical_header_unsupported"),
        ("raw payload without crit", unencoded(without, &payload), "token_malformed"),
        ("encoded payload without crit", with_header(without), "header_invalid"),
        ("b64 true", with_header(r#"{"alg":"RS256","kid":"k1","b64":true}"#), "header_invalid"),
    ] {
        cases.push(Case::new(format!("A14 b64 false, {name}"), token).attack("A14").rejected("format", code));
    }
    for typ in [r#""jwt""#, r#""Jwt""#] {
        let token = with_header(format!(r#"{{"alg":"RS256","kid":"k1","typ":{typ}}}"#));
        cases.push(Case::new(format!("typ {typ}"), token).accepted());
    }
    cases.push(Case::new("no typ", with_header(r#"{"alg":"RS256","kid":"k1"}"#)).accepted());
    for typ in [r#""at+jwt""#, r#""secevent+jwt""#, r#""JOSE""#, r#""""#, "1", "null"] {
        let token = with_header(format!(r#"{{"alg":"RS256","kid":"k1","typ":{typ}}}"#));
        cases.push(Case::new(format!("typ {typ}"), token).rejected("format", "header_invalid"));
    }
    cases.push(
        Case::new("unknown header members", with_header(r#"{"alg":"RS256","kid":"k1","foo":{"bar":[1]}}"#))
            .accepted(),
    );
}

fn nested(cases: &mut Vec<Case>) {
    cases.push(twin("A15"));
    let jwe = format!(
        "{}.{}.{}.{}.{}",
        base64url(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}"#),
        base64url([7; 256]),
        base64url([1; 12]),
        base64url([2; 40]),
        base64url([3; 16])
    );
    let case = Case::new("A15 encrypted token", jwe).attack("A15").rejected("format", "not_a_jwt");
    cases.push(case.expect("kind", "jwe"));
    let inner = Claims::google().by_k1();
    for (name, header, payload) in [
        ("nested token", r#"{"alg":"RS256","kid":"k1","cty":"JWT"}"#, inner.clone()),
        ("nested token, cty in lower case", r#"{"alg":"RS256","kid":"k1","cty":"jwt"}"#, inner),
        ("zip", r#"{"alg":"RS256","kid":"k1","zip":"DEF"}"#, Claims::google().json()),
    ] {
        let token = sign(header, payload, &K1);
        cases
            .push(Case::new(format!("A15 {name}"), token).attack("A15").rejected("format", "header_invalid"));
    }
}

/// The order of P-256 and the prime of its field (SEC 2 section 2.4.2).
fn p256_numbers() -> (BigUint, BigUint) {
    let number = |hex: &[u8]| BigUint::parse_bytes(hex, 16).expect("hexadecimal");
    (
        number(b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        number(b"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
    )
}

fn elliptic_signatures(cases: &mut Vec<Case>) {
    let payload = Claims::iap().json();
    let input = signing_input(EC_HEADER, &payload);
    let good = K2.sign(input.as_bytes());
    let with = |signature: &[u8]| format!("{input}.{}", base64url(signature));
    let (n, p) = p256_numbers();
    let pair = |r: &BigUint, s: &BigUint| [padded(r, 32), padded(s, 32)].concat();
    let [zero, one] = [0_u32, 1].map(BigUint::from);
    cases.push(iap_twin("A16"));
    for (name, r, s) in [
        ("r = 0, s = 0", &zero, &zero),
        ("r = 0, s = 1", &zero, &one),
        ("r = 1, s = 0", &one, &zero),
        ("r = n, s = n", &n, &n),
        ("r = n, s = 1", &n, &one),
        ("r = p, s = p", &p, &p),
        ("r = 1, s = 1", &one, &one),
    ] {
        let case = Case::iap(format!("A16 {name}"), with(&pair(r, s))).attack("A16");
        cases.push(case.rejected("signature", "signature_invalid"));
    }
    let (r, s) = (BigUint::from_bytes_be(&good[..32]), BigUint::from_bytes_be(&good[32..]));
    cases.push(iap_twin("A17"));
    let der = p256::ecdsa::Signature::from_slice(&good).expect("a signature").to_der();
    let leading_zeros = [&[0], &good[..32], &[0], &good[32..]].concat();
    for (name, signature) in [
        ("DER", der.as_bytes().to_vec()),
        ("63 bytes", good[..63].to_vec()),
        ("65 bytes", [&good[..], &[0]].concat()),
        ("96 bytes", [&good[..], &[0; 32]].concat()),
        ("128 bytes", [&good[..], &good[..]].concat()),
        ("leading zero bytes", leading_zeros),
        ("31 bytes", good[..31].to_vec()),
        ("1 byte", vec![1]),
        ("empty", Vec::new()),
    ] {
        let case = Case::iap(format!("A17 {name}"), with(&signature)).attack("A17");
        cases.push(case.rejected("signature", "signature_invalid"));
    }
    let swapped = with(&pair(&s, &r));
    cases.push(
        Case::iap("A18 r and s swapped", swapped).attack("A18").rejected("signature", "signature_invalid"),
    );
    cases.push(iap_twin("A18"));
    cases.push(Case::iap("A18 the other s", with(&pair(&r, &(&n - &s)))).attack("A18").accepted());
    cases.push(
        Case::iap("A16 another key's signature", sign(EC_HEADER, &payload, &X2))
            .attack("A16")
            .rejected("signature", "signature_invalid"),
    );
}

fn elliptic_keys(cases: &mut Vec<Case>) {
    let (x, y) = (number(&K2, "x"), number(&K2, "y"));
    let jwk = |crv: &str, x: &[u8], y: &[u8]| {
        let (x, y) = (base64url(x), base64url(y));
        key_set(&[format!(r#"{{"kty":"EC","crv":"{crv}","use":"sig","kid":"k2","x":"{x}","y":"{y}"}}"#)])
    };
    let mut bent = y.clone();
    bent[31] ^= 1;
    let (_, p) = p256_numbers();
    let beyond = padded(&p, 32);
    let token = Claims::iap().by_k2();
    cases.push(Case::iap("A19 untwisted", &*token).attack("A19").keys(&jwk("P-256", &x, &y)).accepted());
    for (name, document) in [
        ("y off by one bit", jwk("P-256", &x, &bent)),
        ("the point (0, 0)", jwk("P-256", &[0; 32], &[0; 32])),
        ("x beyond the field", jwk("P-256", &beyond, &y)),
        ("x of 31 bytes", jwk("P-256", &x[1..], &y)),
        ("x of 33 bytes", jwk("P-256", &[&[0], &x[..]].concat(), &y)),
        ("y of 31 bytes", jwk("P-256", &x, &y[..31])),
        ("crv P-384", jwk("P-384", &x, &y)),
        ("crv secp256k1", jwk("secp256k1", &x, &y)),
        ("crv in lower case", jwk("p-256", &x, &y)),
    ] {
        let case = Case::iap(format!("A19 {name}"), &*token).attack("A19").keys(&document);
        cases.push(case.rejected("key", "key_unusable"));
    }
}

fn sloppy_padding(cases: &mut Vec<Case>) {
    let key = TestKey::read("rsa-2048-e3");
    let header = r#"{"alg":"RS256","kid":"e3","typ":"JWT"}"#;
    let input = signing_input(header, Claims::google().json());
    let hash = digest(input.as_bytes());
    let case = |name: &str, signature: &[u8]| {
        let token = format!("{input}.{}", base64url(signature));
        Case::new(format!("A21 {name}"), token).attack("A21").keys("e3.json")
    };
    cases.push(case("untwisted, e = 3", &key.sign(&hash)).accepted());
    let length = key.length();
    // 00 01, `run` bytes FF, 00, the middle, and garbage up to the end.
    let block = |run: usize, middle: &[u8]| {
        let mut block = [&[0, 1], vec![0xff; run].as_slice(), &[0], middle].concat();
        block.resize(length, 0);
        block
    };
    let info = [&DIGEST_INFO[..], &hash].concat();
    let full = length - 3 - info.len();
    let without_null =
        [&b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"[..], &hash].concat();
    let long_lengths = [
        &b"\x30\x81\x33\x30\x81\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x81\x20"[..],
        &hash,
    ]
    .concat();
    let parameters = [
        &b"\x30\x41\x30\x1d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x10"[..],
        &[0x5a; 16],
        b"\x04\x20",
        &hash,
    ]
    .concat();
    let blocks = [
        ("eight FF and garbage behind the hash", block(8, &info)),
        ("no FF and garbage behind the hash", block(0, &info)),
        ("one byte behind the hash", block(full - 1, &info)),
        ("no NULL", block(length - 3 - without_null.len(), &without_null)),
        ("BER lengths", block(length - 3 - long_lengths.len(), &long_lengths)),
        ("garbage as parameters", block(length - 3 - parameters.len(), &parameters)),
        ("block type 2", {
            let mut block = block(full, &info);
            block[1] = 2;
            block
        }),
        ("the bare hash", block(length - 3 - hash.len(), &hash)),
    ];
    for (name, block) in blocks {
        cases.push(case(name, &key.sign_block(&block)).rejected("signature", "signature_invalid"));
    }
    // A perfect cube whose first bytes are a short run of FF, DigestInfo and hash.
    let wanted = BigUint::from_bytes_be(&block(8, &info));
    let root = wanted.cbrt() + 1_u32;
    assert_eq!(padded(&root.pow(3), length)[..11 + info.len()], block(8, &info)[..11 + info.len()]);
    cases.push(case("cube root", &padded(&root, length)).rejected("signature", "signature_invalid"));
}

fn rsa_keys(cases: &mut Vec<Case>) {
    let token = Claims::google().by_k1();
    let n = number(&K1, "n");
    let e = [1, 0, 1];
    let mut case = |id: &str, name: &str, n: &[u8], e: &[u8]| {
        let case =
            Case::new(format!("{id} {name}"), &*token).attack(id).keys(&key_set(&[rsa_jwk("k1", n, e)]));
        cases.push(if name.starts_with("untwisted") {
            case.accepted()
        } else {
            case.rejected("key", "key_unusable")
        });
    };
    for id in ["A20", "A22", "A23", "A24"] {
        case(id, "untwisted", &n, &e);
    }
    case("A20", "e = 1", &n, &[1]);
    let shorter = |bits: usize| {
        let mut short = n[..bits.div_ceil(8)].to_vec();
        let top = bits % 8;
        if top != 0 {
            short[0] = (short[0] & ((1 << top) - 1)) | (1 << (top - 1));
        }
        *short.last_mut().expect("bytes") |= 1;
        short
    };
    for bits in [512, 768, 1024, 2047] {
        case("A22", &format!("{bits} bits"), &shorter(bits), &e);
    }
    case("A23", "16,384 bits", &n.repeat(8), &e);
    case("A23", "8,200 bits", &[&[0xff; 9][..], &n.repeat(4)].concat(), &e);
    case("A23", "e of 256 bits", &n, &[0xff; 32]);
    case("A23", "e of 2048 bits", &n, &[0xff; 256]);
    case("A23", "e even", &n, &[1, 0, 0]);
    let mut n_minus_one = n.clone();
    *n_minus_one.last_mut().expect("bytes") -= 1;
    case("A23", "e = n - 1", &n, &n_minus_one);
    case("A23", "e beyond 2^33", &n, &[2, 0, 0, 0, 1]);
    case("A24", "n even", &n_minus_one, &e);
    case("A24", "n = 0", &[0], &e);
    case("A24", "n = 1", &[1], &e);
    case("A24", "n empty", &[], &e);
    case("A24", "e = 0", &n, &[0]);
    case("A24", "e empty", &n, &[]);
    case("A24", "untwisted with a leading zero byte in n", &[&[0], &n[..]].concat(), &e);
    let header = r#"{"alg":"RS256","kid":"small","typ":"JWT"}"#;
    let small = SigningTestKey::rsa("rsa-1024-e65537");
    let jwk = small.jwk(r#""alg":"RS256","kid":"small""#);
    cases.push(
        Case::new("A22 1024 bits and a good signature", sign(header, Claims::google().json(), &small))
            .attack("A22")
            .keys(&key_set(&[jwk, k1_jwk()]))
            .rejected("key", "key_unusable"),
    );
}

fn key_choice(cases: &mut Vec<Case>) {
    let token = Claims::google().by_k1();
    let named = |key: &SigningTestKey, crv: &str| key.jwk(&format!(r#"{crv}"use":"sig","kid":"k1""#));
    let (k1, x1, k2) = (named(&K1, ""), named(&X1, ""), named(&K2, r#""crv":"P-256","#));
    cases.push(twin("A40"));
    for (name, keys) in [
        ("X then K1", [&x1, &k1]),
        ("K1 then X", [&k1, &x1]),
        ("K1 and an EC key", [&k1, &k2]),
        ("the same key twice", [&k1, &k1]),
    ] {
        let document = key_set(&keys.map(String::clone));
        let case = Case::new(format!("A40 one kid, {name}"), &*token).attack("A40").keys(&document);
        cases.push(case.rejected("key", "key_ambiguous"));
    }
    let unusable = X1.jwk(r#""use":"enc","kid":"k1""#);
    cases.push(
        Case::new("A40 one kid, one of the two keys is for encryption", &*token)
            .attack("A40")
            .keys(&key_set(&[unusable, k1]))
            .accepted(),
    );
    let header = r#"{"alg":"ES256","kid":"k1","typ":"JWT"}"#;
    let confused = sign(header, Claims::iap().json(), &K2);
    cases.push(
        Case::iap("A42 ES256 token that names an RSA key", confused)
            .attack("A42")
            .rejected("key", "algorithm_not_allowed"),
    );
    let header = r#"{"alg":"RS256","kid":"k2","typ":"JWT"}"#;
    cases.push(
        Case::new("A42 RS256 token that names an EC key", with_header(header))
            .attack("A42")
            .rejected("key", "algorithm_not_allowed"),
    );
}

fn key_purposes(cases: &mut Vec<Case>) {
    let token = Claims::google().by_k1();
    for (id, members, good) in [
        ("A41", r#""use":"sig""#, true),
        ("A41", r#""key_ops":["verify"]"#, true),
        ("A41", r#""key_ops":["sign","verify"]"#, true),
        ("A41", r#""use":"enc""#, false),
        ("A41", r#""use":"SIG""#, false),
        ("A41", r#""use":"""#, false),
        ("A41", r#""use":null"#, false),
        ("A41", r#""use":["sig"]"#, false),
        ("A41", r#""key_ops":["encrypt"]"#, false),
        ("A41", r#""key_ops":["sign"]"#, false),
        ("A41", r#""key_ops":[]"#, false),
        ("A41", r#""key_ops":"verify""#, false),
        ("A41", r#""key_ops":["verify","verify"]"#, false),
        ("A41", r#""key_ops":["verify","encrypt"]"#, false),
        ("A41", r#""use":"enc","key_ops":["verify"]"#, false),
        ("A42", r#""alg":"RS256""#, true),
        ("A42", r#""use":"sig""#, true),
        ("A42", r#""alg":"RS512""#, false),
        ("A42", r#""alg":"PS256""#, false),
        ("A42", r#""alg":"ES256""#, false),
        ("A42", r#""alg":"rs256""#, false),
        ("A42", r#""alg":"""#, false),
        ("A42", r#""alg":null"#, false),
        ("A42", r#""alg":"RSA-OAEP""#, false),
    ] {
        let document = key_set(&[K1.jwk(&format!(r#"{members},"kid":"k1""#))]);
        let case = Case::new(format!("{id} key with {members}"), &*token).attack(id).keys(&document);
        cases.push(if good { case.accepted() } else { case.rejected("key", "key_unusable") });
    }
}

fn signatures(cases: &mut Vec<Case>) {
    let good = good_signature(&Claims::google().by_k1());
    cases.push(twin("A44"));
    for (name, signature) in [
        ("empty", Vec::new()),
        ("one byte", vec![0]),
        ("255 bytes", good[..255].to_vec()),
        ("257 bytes, leading zero", [&[0], &good[..]].concat()),
        ("257 bytes, trailing zero", [&good[..], &[0]].concat()),
        ("all FF", vec![0xff; 256]),
        ("all zero", vec![0; 256]),
        ("one", [vec![0; 255], vec![1]].concat()),
        ("n - 1", {
            let mut number = number(&K1, "n");
            number[255] -= 1;
            number
        }),
        ("the attacker's", good_signature(&sign(HEADER, Claims::google().json(), &X1))),
        ("another token's", good_signature(&Claims::google().with("sub", r#""2""#).by_k1())),
    ] {
        let case = Case::new(format!("A44 signature: {name}"), with_signature(&signature)).attack("A44");
        cases.push(case.rejected("signature", "signature_invalid"));
    }
    let redacted = format!("{}.SIGNATURE_REMOVED_BY_GOOGLE", signing_input(HEADER, Claims::google().json()));
    cases.push(Case::new("redacted by Cloud Run", redacted).rejected("format", "signature_removed"));
}

fn claim_times(cases: &mut Vec<Case>) {
    let with = |name: &str, value: &str| Claims::google().with(name, value).by_k1();
    for id in ["A33", "A34", "A35", "A36"] {
        cases.push(twin(id));
    }
    for (value, code) in [
        (r#""1760003590""#, "claim_malformed"),
        ("true", "claim_malformed"),
        ("null", "claim_malformed"),
        ("{}", "claim_malformed"),
        ("[]", "claim_malformed"),
        ("[1760003590]", "claim_malformed"),
        ("-1", "claim_malformed"),
        ("0", "token_expired"),
    ] {
        cases.push(
            Case::new(format!("A33 exp {value}"), with("exp", value)).attack("A33").rejected("expiry", code),
        );
    }
    let missing = Claims::google().without("exp").by_k1();
    cases.push(Case::new("A33 no exp", missing).attack("A33").rejected("expiry", "claim_missing"));
    for (value, code) in [
        ("1e400", Some("claim_malformed")),
        ("1E999", Some("claim_malformed")),
        ("1760003590.5", None),
        ("17600035900e-1", None),
        ("1.76000359e9", None),
        ("9007199254740993", Some("claim_malformed")),
        ("18446744073709551616", Some("claim_malformed")),
        ("-0", Some("token_expired")),
        ("253402300800", Some("claim_malformed")),
        ("1e-400", Some("claim_malformed")),
        ("9223372036854775808", Some("claim_malformed")),
        ("4294967296e1", None),
    ] {
        let case = Case::new(format!("A34 exp {value}"), with("exp", value)).attack("A34");
        cases.push(match (value, code) {
            ("4294967296e1", _) => case.rejected("lifetime", "lifetime_too_long"),
            (_, None) => case.accepted(),
            (_, Some(code)) => case.rejected("expiry", code),
        });
    }
    let later = (NOW + 3_600).to_string();
    for (claim, value, check, code) in [
        ("nbf", &*later, "not_before", "token_not_yet_valid"),
        ("nbf", r#""1759999990""#, "not_before", "claim_malformed"),
        ("nbf", "null", "not_before", "claim_malformed"),
        ("iat", &later, "issued_at", "issued_in_future"),
        ("iat", r#""1759999990""#, "issued_at", "claim_malformed"),
        ("iat", "null", "issued_at", "claim_malformed"),
    ] {
        let case = Case::new(format!("A35 {claim} {value}"), with(claim, value)).attack("A35");
        cases.push(case.rejected(check, code));
    }
    let missing = Claims::google().without("iat").by_k1();
    cases.push(Case::new("A35 no iat", missing).attack("A35").rejected("issued_at", "claim_missing"));
    for lifetime in [86_401, 100_000_000] {
        let token = Claims::google().lasting(0, lifetime).by_k1();
        let case = Case::new(format!("A36 exp {lifetime} s after iat"), token).attack("A36");
        cases.push(case.rejected("lifetime", "lifetime_too_long"));
    }
}

fn audiences(cases: &mut Vec<Case>) {
    cases.push(twin("A37"));
    for aud in [
        "null",
        "1",
        "{}",
        "[]",
        r#"[""]"#,
        r#"["other"]"#,
        r#"["aud-1"]"#,
        r#"["aud-1","other"]"#,
        r#"[1,"aud-1"]"#,
        r#"[["aud-1"]]"#,
    ] {
        let token = Claims::google().with("aud", aud).by_k1();
        let case = Case::new(format!("A37 aud {aud}"), token).attack("A37");
        cases.push(case.rejected("audience", "claim_malformed"));
    }
    for aud in [
        "aud-1 ",
        " aud-1",
        "AUD-1",
        "aud-10",
        "aud-",
        "aud-1,other",
        "",
        "aud-1\0",
        "aud\u{2010}1",
        "aud-1/",
    ] {
        let token = Claims::google().with("aud", &quoted(aud)).by_k1();
        let case = Case::new(format!("A37 aud {}", quoted(aud)), token).attack("A37");
        cases.push(case.rejected("audience", "audience_mismatch"));
    }
    let missing = Claims::google().without("aud").by_k1();
    cases.push(Case::new("A37 no aud", missing).attack("A37").rejected("audience", "claim_missing"));
    let escaped = Claims::google().with("aud", r#""\u0061ud-1""#).by_k1();
    cases.push(Case::new("A37 aud with an escaped letter", escaped).attack("A37").accepted());
    let any = Claims::google().with("aud", r#""whoever""#).by_k1();
    cases.push(Case::new("any audience on request", any).set("audience", Value::Null).accepted());
    let missing = Claims::google().without("aud").by_k1();
    cases.push(
        Case::new("any audience on request, but none in the token", missing)
            .set("audience", Value::Null)
            .rejected("audience", "claim_missing"),
    );
    let token = Claims::google().by_k1();
    cases.push(
        Case::new("one of several audiences", &*token).set("audience", json!(["aud-0", "aud-1"])).accepted(),
    );
    cases.push(
        Case::new("none of several audiences", token)
            .set("audience", json!(["aud-0", "aud-2"]))
            .rejected("audience", "audience_mismatch"),
    );
}

fn issuers(cases: &mut Vec<Case>) {
    for iss in ["accounts.google.com", "https://accounts.google.com"] {
        let token = Claims::google().with("iss", &quoted(iss)).by_k1();
        cases.push(Case::new(format!("A38 iss {iss}"), token).attack("A38").accepted());
    }
    for iss in [
        "https://accounts.google.com/",
        "accounts.google.com/",
        "http://accounts.google.com",
        "HTTPS://ACCOUNTS.GOOGLE.COM",
        "https://accounts.google.com.evil.example",
        "google.com",
        "",
        "https://accounts.google.com\0",
        " https://accounts.google.com",
        "https://accounts.google.com:443",
        "https://accounts.google.com#",
        "https://accounts.g\u{43e}ogle.com",
        "googleapis.com",
        "https://evil.example/https://accounts.google.com",
    ] {
        let token = Claims::google().with("iss", &quoted(iss)).by_k1();
        let case = Case::new(format!("A38 iss {}", quoted(iss)), token).attack("A38");
        cases.push(case.rejected("issuer", "issuer_mismatch"));
    }
    for iss in [r#"["https://accounts.google.com"]"#, "null", "1", "{}"] {
        let token = Claims::google().with("iss", iss).by_k1();
        cases.push(
            Case::new(format!("A38 iss {iss}"), token).attack("A38").rejected("issuer", "claim_malformed"),
        );
    }
    let missing = Claims::google().without("iss").by_k1();
    cases.push(Case::new("A38 no iss", missing).attack("A38").rejected("issuer", "claim_missing"));
}

fn other_kinds(cases: &mut Vec<Case>) {
    cases.push(twin("A39"));
    let iap = Claims::iap().with("aud", r#""aud-1""#).by_k2();
    cases.push(
        Case::new("A39 IAP assertion to the profile google", iap)
            .attack("A39")
            .rejected("algorithm", "algorithm_not_allowed"),
    );
    let google = Claims::google().with("aud", r#""/projects/1/apps/p""#).lasting(-10, 500).by_k1();
    cases.push(
        Case::iap("A39 ID token to the profile iap", google)
            .attack("A39")
            .rejected("algorithm", "algorithm_not_allowed"),
    );
    let elliptic = Claims::google().with("aud", r#""/projects/1/apps/p""#).lasting(-10, 500).by_k2();
    cases.push(
        Case::iap("A39 ID token signed by IAP's key to the profile iap", elliptic)
            .attack("A39")
            .rejected("issuer", "issuer_mismatch"),
    );
    for (name, issuer) in [
        ("Firebase ID token", "https://securetoken.google.com/p"),
        ("Firebase session cookie", "https://session.firebase.google.com/p"),
        ("App Check token", "https://firebaseappcheck.googleapis.com/1"),
        ("self-signed JWT", "sa@p.iam.gserviceaccount.com"),
        ("IAP assertion signed by Google's key", "https://cloud.google.com/iap"),
    ] {
        let token = Claims::google().with("iss", &quoted(issuer)).by_k1();
        let case = Case::new(format!("A39 {name} to the profile google"), token).attack("A39");
        cases.push(case.rejected("issuer", "issuer_mismatch"));
    }
    let session = Claims::google()
        .with("iss", r#""https://session.firebase.google.com/my-project""#)
        .with("aud", r#""my-project""#)
        .with("auth_time", &(NOW - 100).to_string())
        .by_k1();
    cases.push(
        Case::new("A39 Firebase session cookie to the profile firebase", session)
            .attack("A39")
            .set("profile", "firebase:my-project")
            .set("audience", "my-project")
            .rejected("issuer", "issuer_mismatch"),
    );
}

fn orders(cases: &mut Vec<Case>) {
    cases.push(twin("A50"));
    for (name, claims) in [
        ("expired", Claims::google().lasting(-7_200, -3_600)),
        ("for another audience", Claims::google().with("aud", r#""other""#)),
        ("by another issuer", Claims::google().with("iss", r#""https://evil.example""#)),
        ("all right", Claims::google()),
    ] {
        let token = sign(HEADER, claims.json(), &X1);
        let case = Case::new(format!("A50 {name} and badly signed"), token).attack("A50");
        cases.push(case.rejected("signature", "signature_invalid"));
    }
    let all_wrong = Claims::from_pairs(&[("iss", "1"), ("aud", r#""other""#)]).lasting(9_000, -7_200).by_k1();
    cases.push(
        Case::new("A50 well signed, every claim wrong: all failures are told", all_wrong)
            .attack("A50")
            .rejected_by(
                &["issuer", "audience", "expiry", "issued_at", "required_claims"],
                "claim_malformed",
            ),
    );
}
