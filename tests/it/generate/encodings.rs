//! Attack classes on the spelling of a token (A25–A32, A43, A48, A49).

use serde_json::json;

use crate::generate::{Case, Claims, HEADER, with_header, with_payload};
use crate::support::{K1, base64, base64url, sign, signing_input};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for family in [
        spellings,
        alphabets,
        parts,
        sizes,
        json_in_bytes,
        supersets,
        top_levels,
        serialisations,
        tails,
        blanks,
    ] {
        family(&mut cases);
    }
    cases
}

fn twin(id: &str) -> Case {
    Case::new(format!("{id} untwisted"), Claims::google().by_k1()).attack(id).accepted()
}

/// The same bytes with other unused bits in the last character.
fn misspelled(part: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert_ne!(part.len() % 4, 0, "no unused bits");
    let (start, last) = part.split_at(part.len() - 1);
    let at = ALPHABET.find(last).expect("base64url");
    format!("{start}{}", &ALPHABET[at + 1..at + 2])
}

fn spellings(cases: &mut Vec<Case>) {
    // Header and payload of lengths that leave unused bits.
    let header = r#"{"alg":"RS256","kid":"k1"}"#;
    let claims = (0..3)
        .map(|count| Claims::google().with("x", &format!("\"{}\"", "x".repeat(count))).json())
        .find(|json| json.len() % 3 == 1)
        .expect("one of three");
    assert_ne!(header.len() % 3, 0);
    let input = signing_input(header, &claims);
    let (first, second) = input.split_once('.').expect("two parts");
    let token = |first: &str, second: &str| {
        let input = format!("{first}.{second}");
        let signature = base64url(K1.sign(input.as_bytes()));
        (input, signature)
    };
    let whole = |(input, signature): (String, String)| format!("{input}.{signature}");
    cases.push(Case::new("A25 untwisted", whole(token(first, second))).attack("A25").accepted());
    let (input, signature) = token(first, second);
    for (name, token) in [
        ("header", whole(token(&misspelled(first), second))),
        ("payload", whole(token(first, &misspelled(second)))),
        ("signature", format!("{input}.{}", misspelled(&signature))),
    ] {
        let case = Case::new(format!("A25 unused bits set in the {name}"), token).attack("A25");
        cases.push(case.rejected("format", "base64_invalid"));
    }
}

fn alphabets(cases: &mut Vec<Case>) {
    let good = Claims::google().by_k1();
    let dots: Vec<usize> = good.match_indices('.').map(|(at, _)| at).collect();
    let put = |at: usize, text: &str| format!("{}{text}{}", &good[..at], &good[at..]);
    let (input, signature) = good.rsplit_once('.').expect("three parts");
    let standard = signature.replace('-', "+").replace('_', "/");
    assert_ne!(standard, signature);
    cases.push(twin("A26"));
    for (name, token) in [
        ("standard alphabet in the signature", format!("{input}.{standard}")),
        ("padded signature", format!("{good}==")),
        ("padded header", put(dots[0], "=")),
        ("padded payload", put(dots[1], "=")),
        ("blank before", format!(" {good}")),
        ("blank behind", format!("{good} ")),
        ("blank in the header", put(3, " ")),
        ("tab in the payload", put(dots[0] + 5, "\t")),
        ("line feed in the signature", put(dots[1] + 64, "\n")),
        ("CRLF in the signature", put(dots[1] + 64, "\r\n")),
        ("no-break space behind", format!("{good}\u{a0}")),
        ("byte order mark before", format!("\u{feff}{good}")),
        ("fullwidth letter", put(4, "\u{ff21}")),
        ("percent-encoded padding", format!("{good}%3D")),
        ("word Bearer before", format!("Bearer {good}")),
        ("quotes around", format!("\"{good}\"")),
    ] {
        let case = Case::new(format!("A26 {name}"), token).attack("A26");
        cases.push(case.rejected("format", "base64_invalid"));
    }
    let cut = &good[..good.len() - 1];
    assert_eq!(cut.len() - dots[1] - 1, 341);
    cases.push(
        Case::new("A26 signature of an impossible length", cut)
            .attack("A26")
            .rejected("format", "base64_invalid"),
    );
}

fn parts(cases: &mut Vec<Case>) {
    let good = Claims::google().by_k1();
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().expect("three parts");
    cases.push(twin("A27"));
    for (name, token) in [
        ("no text", String::new()),
        ("one part", String::from(header)),
        ("two parts", format!("{header}.{payload}")),
        ("four parts", format!("{good}.{signature}")),
        ("four parts, the last empty", format!("{good}.")),
        ("dots alone", String::from("..")),
        ("one dot", String::from(".")),
        ("empty header", format!(".{payload}.{signature}")),
        ("six parts", format!("{good}.a.b.c")),
        ("a dot before", format!(".{good}")),
    ] {
        let case = Case::new(format!("A27 {name}"), token).attack("A27");
        cases.push(case.rejected("format", "token_malformed"));
    }
    for (name, token, code) in [
        ("empty payload", format!("{header}..{signature}"), "claims_malformed"),
        ("a stray character in the header", format!("!{good}"), "base64_invalid"),
    ] {
        cases.push(Case::new(format!("A27 {name}"), token).attack("A27").rejected("format", code));
    }
    let dots = json!({"before": "", "repeat": ".", "times": 1_000_000, "after": ""});
    cases.push(
        Case::new("A27 a million dots", "")
            .set("token", dots)
            .attack("A27")
            .rejected("format", "token_too_large"),
    );
}

fn sizes(cases: &mut Vec<Case>) {
    cases.push(twin("A28"));
    for (name, before, times, after) in [
        ("header of 1 MB", "", 1_398_104, ".e30.AA"),
        ("payload of 10 MB", "eyJhbGciOiJSUzI1NiJ9.", 13_981_016, ".AA"),
        ("signature of 1 MB", "eyJhbGciOiJSUzI1NiJ9.e30.", 1_398_104, ""),
        ("one byte too long", "", 16_385, ""),
    ] {
        let token = json!({"before": before, "repeat": "A", "times": times, "after": after});
        let case = Case::new(format!("A28 {name}"), "").set("token", token).attack("A28");
        cases.push(case.rejected("format", "token_too_large"));
    }
    let token = json!({"before": "", "repeat": "A", "times": 16_384, "after": ""});
    cases.push(
        Case::new("A28 as long as may be, and no token", "")
            .set("token", token)
            .attack("A28")
            .rejected("format", "token_malformed"),
    );
    cases.push(twin("A29"));
    let extra = |value: &str| Claims::google().with("x", value).by_k1();
    for (name, value, good) in [
        ("60 nested arrays", ["[".repeat(60), "]".repeat(60)].concat(), true),
        ("64 nested arrays", ["[".repeat(64), "]".repeat(64)].concat(), false),
        ("1,000 nested arrays", ["[".repeat(1_000), "]".repeat(1_000)].concat(), false),
        ("1,000 nested objects", ["{\"a\":".repeat(1_000), "1".into(), "}".repeat(1_000)].concat(), false),
        ("1,000 open arrays", "[".repeat(1_000), false),
        ("a number of 2,000 digits in an unread claim", "1".repeat(2_000), true),
    ] {
        let case = Case::new(format!("A29 {name}"), extra(&value)).attack("A29");
        cases.push(if good { case.accepted() } else { case.rejected("format", "claims_malformed") });
    }
    let digits = Claims::google().with("exp", &"1".repeat(2_000)).by_k1();
    cases.push(
        Case::new("A29 exp of 2,000 digits", digits).attack("A29").rejected("expiry", "claim_malformed"),
    );
    for (count, good) in [(251, true), (252, false), (600, false)] {
        let claims = (0..count).fold(Claims::google(), |claims, at| claims.with(&format!("c{at}"), "0"));
        let case = Case::new(format!("A29 {} members", count + 5), claims.by_k1()).attack("A29");
        cases.push(if good { case.accepted() } else { case.rejected("format", "claims_malformed") });
    }
}

fn json_in_bytes(cases: &mut Vec<Case>) {
    let json = Claims::google().with("x", r#""?""#).json();
    let replaced = |bytes: &[u8]| {
        let at = json.find('?').expect("the mark");
        [&json.as_bytes()[..at], bytes, &json.as_bytes()[at + 1..]].concat()
    };
    let utf16 = |big: bool| -> Vec<u8> {
        json.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    cases.push(Case::new("A30 untwisted", with_payload(&json)).attack("A30").accepted());
    cases.push(
        Case::new("A30 text beyond ASCII", with_payload(replaced("ж\u{1f600}".as_bytes())))
            .attack("A30")
            .accepted(),
    );
    cases.push(
        Case::new("A30 a pair of surrogate escapes", with_payload(replaced(br"\ud83d\ude00")))
            .attack("A30")
            .accepted(),
    );
    for (name, payload) in [
        ("byte order mark", [b"\xef\xbb\xbf", json.as_bytes()].concat()),
        ("UTF-16 little endian", utf16(false)),
        ("UTF-16 big endian", utf16(true)),
        ("byte FF", replaced(b"\xff")),
        ("lone continuation byte", replaced(b"\x80")),
        ("overlong slash", replaced(b"\xc0\xaf")),
        ("surrogate in UTF-8", replaced(b"\xed\xa0\x80")),
        ("cut UTF-8", replaced(b"\xe2\x82")),
        ("lone high surrogate escape", replaced(br"\ud800")),
        ("lone low surrogate escape", replaced(br"\udc00")),
        ("two high surrogate escapes", replaced(br"\ud800\ud800")),
        ("raw NUL in a string", replaced(b"\0")),
        ("raw line feed in a string", replaced(b"\n")),
        ("NUL behind the object", [json.as_bytes(), b"\0"].concat()),
    ] {
        let case = Case::new(format!("A30 payload: {name}"), with_payload(payload)).attack("A30");
        cases.push(case.rejected("format", "claims_malformed"));
    }
    for (name, header) in [
        ("byte order mark", [b"\xef\xbb\xbf", HEADER.as_bytes()].concat()),
        ("byte FF", b"{\"alg\":\"RS256\",\"kid\":\"k1\",\"x\":\"\xff\"}".to_vec()),
        ("NUL behind the object", [HEADER.as_bytes(), b"\0"].concat()),
    ] {
        let case = Case::new(format!("A30 header: {name}"), with_header(header)).attack("A30");
        cases.push(case.rejected("format", "header_invalid"));
    }
}

fn supersets(cases: &mut Vec<Case>) {
    cases.push(twin("A31"));
    let json = Claims::google().json();
    let open = json.trim_end_matches('}');
    for (name, payload) in [
        ("comment before", format!("/* x */{json}")),
        ("comment behind", format!("{json}// x")),
        ("comment inside", format!("{open}/**/}}")),
        ("trailing comma", format!("{open},}}")),
        ("single quotes", json.replace('"', "'")),
        ("unquoted names", json.replace("\"sub\"", "sub")),
        ("NaN", format!("{open},\"x\":NaN}}")),
        ("Infinity", format!("{open},\"x\":Infinity}}")),
        ("leading plus", format!("{open},\"x\":+1}}")),
        ("leading zero", format!("{open},\"x\":01}}")),
        ("bare point", format!("{open},\"x\":1.}}")),
        ("point first", format!("{open},\"x\":.5}}")),
        ("hexadecimal", format!("{open},\"x\":0x10}}")),
        ("text behind", format!("{json}x")),
        ("two objects", format!("{json}{json}")),
        ("True", format!("{open},\"x\":True}}")),
        ("unknown escape", format!("{open},\"x\":\"\\x41\"}}")),
        ("form feed as white space", format!("\u{c}{json}")),
        ("no-break space as white space", format!("\u{a0}{json}")),
        ("cut short", String::from(open)),
        ("empty", String::new()),
    ] {
        let case = Case::new(format!("A31 payload: {name}"), with_payload(payload)).attack("A31");
        cases.push(case.rejected("format", "claims_malformed"));
    }
    let open = HEADER.trim_end_matches('}');
    for (name, header) in [
        ("comment", format!("{open}/**/}}")),
        ("trailing comma", format!("{open},}}")),
        ("single quotes", HEADER.replace('"', "'")),
        ("two objects", format!("{HEADER}{HEADER}")),
        ("text behind", format!("{HEADER}x")),
    ] {
        let case = Case::new(format!("A31 header: {name}"), with_header(header)).attack("A31");
        cases.push(case.rejected("format", "header_invalid"));
    }
}

fn top_levels(cases: &mut Vec<Case>) {
    cases.push(twin("A32"));
    for json in ["[]", r#""x""#, "1", "null", "true", "[{}]"] {
        let case = Case::new(format!("A32 payload {json}"), with_payload(json)).attack("A32");
        cases.push(case.rejected("format", "claims_malformed"));
        let case = Case::new(format!("A32 header {json}"), with_header(json)).attack("A32");
        cases.push(case.rejected("format", "header_invalid"));
    }
    cases.push(
        Case::new("A32 payload {}", with_payload("{}"))
            .attack("A32")
            .rejected_by(&["issuer", "audience", "expiry", "issued_at", "required_claims"], "claim_missing"),
    );
}

fn serialisations(cases: &mut Vec<Case>) {
    cases.push(twin("A43"));
    let good = Claims::google().by_k1();
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().expect("three parts");
    let forged = base64url(Claims::google().with("sub", r#""admin""#).json());
    let flattened = format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{signature}"}}"#);
    let general = format!(
        r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}"#
    );
    let polyglot = format!(
        r#"{{"  {header}.{forged}.":"","protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#
    );
    for (name, token, code) in [
        ("flattened serialisation", flattened, "token_malformed"),
        ("general serialisation", general, "token_malformed"),
        ("both at once", polyglot, "base64_invalid"),
    ] {
        cases.push(Case::new(format!("A43 {name}"), token).attack("A43").rejected("format", code));
    }
}

fn tails(cases: &mut Vec<Case>) {
    cases.push(twin("A48"));
    let good = Claims::google().by_k1();
    for (tail, code) in [
        (".", "token_malformed"),
        (".x", "token_malformed"),
        ("\n", "base64_invalid"),
        ("\0", "base64_invalid"),
        (" ", "base64_invalid"),
        ("#frag", "base64_invalid"),
        ("=", "base64_invalid"),
        (",", "base64_invalid"),
        ("AAA", "base64_invalid"),
        (";", "base64_invalid"),
    ] {
        let case = Case::new(format!("A48 then {tail:?}"), format!("{good}{tail}")).attack("A48");
        cases.push(case.rejected("format", code));
    }
    let two = format!("{good},{good}");
    cases.push(
        Case::new("A48 two tokens and a comma", two).attack("A48").rejected("format", "token_malformed"),
    );
    let longer = format!("{good}AAAA");
    cases.push(Case::new("A48 then AAAA", longer).attack("A48").rejected("signature", "signature_invalid"));
}

fn blanks(cases: &mut Vec<Case>) {
    let header = " {\r\n\t\"typ\" : \"JWT\" ,\n \"\\u006bid\":\"k1\", \"alg\":\"RS256\" } \n";
    let spaced =
        Claims::google().json().replace(':', " : ").replace("https : ", "https:").replace(',', " ,\n\t");
    cases.push(
        Case::new("A49 white space and order", sign(header, format!("\n{spaced} "), &K1))
            .attack("A49")
            .accepted(),
    );
    let escaped = Claims::google().json().replace("\"aud\"", "\"\\u0061\\u0075d\"");
    assert!(escaped.contains("\\u0061"));
    cases.push(Case::new("A49 escaped letters in a name", with_payload(escaped)).attack("A49").accepted());
    let slashes = Claims::google().json().replace('/', "\\/");
    cases.push(Case::new("A49 escaped slashes", with_payload(slashes)).attack("A49").accepted());
    let altered =
        sign(header, &spaced, &K1).replace(&base64url(&spaced), &base64url(Claims::google().json()));
    cases.push(
        Case::new("A49 the same claims written otherwise than they were signed", altered)
            .attack("A49")
            .rejected("signature", "signature_invalid"),
    );
    assert_ne!(base64("?"), base64url("?"));
}
