//! Edges of times, with and without skew, and the forms in which numbers can be written.

use crate::generate::{Case, Claims, NOW};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for skew in [0, 30, 600] {
        edges(&mut cases, skew);
    }
    lifetimes(&mut cases);
    forms(&mut cases);
    cases
}

/// One second, and one fraction of a second, on either side of every edge.
fn edges(cases: &mut Vec<Case>, skew: i64) {
    let edge = |claims: Claims, name: &str| {
        Case::new(format!("skew {skew}: {name}"), claims.by_k1()).set("skew", skew)
    };
    // Tokens of half an hour, so that their lifetime is never in question.
    let expiring = |at: i64| Claims::google().lasting(at - 1_800, at);
    let at_expiry = |fraction: &str| expiring(-skew).with("exp", &format!("{}{fraction}", NOW - skew));
    cases.push(edge(expiring(1 - skew), "one second left").accepted());
    cases.push(edge(expiring(-skew), "no second left").rejected("expiry", "token_expired"));
    cases.push(edge(expiring(-skew - 1), "one second over").rejected("expiry", "token_expired"));
    cases.push(edge(at_expiry(".5"), "half a second left").accepted());
    cases.push(edge(at_expiry(".000000001"), "a nanosecond left").accepted());
    cases.push(edge(at_expiry(".000"), "a fraction of nothing left").rejected("expiry", "token_expired"));
    for (claim, check, code) in
        [("iat", "issued_at", "issued_in_future"), ("nbf", "not_before", "token_not_yet_valid")]
    {
        let begun = |value: &str| {
            Claims::google().lasting(skew, skew + 1_800).with("nbf", &NOW.to_string()).with(claim, value)
        };
        let at = (NOW + skew).to_string();
        cases.push(edge(begun(&at), &format!("{claim} at the edge")).accepted());
        cases.push(
            edge(begun(&(NOW + skew - 1).to_string()), &format!("{claim} a second before the edge"))
                .accepted(),
        );
        let late = begun(&(NOW + skew + 1).to_string());
        cases.push(edge(late, &format!("{claim} a second beyond the edge")).rejected(check, code));
        let late = begun(&format!("{at}.25"));
        cases.push(edge(late, &format!("{claim} a quarter second beyond the edge")).rejected(check, code));
        cases.push(
            edge(begun(&format!("{at}.0")), &format!("{claim} at the edge, with a fraction of nothing"))
                .accepted(),
        );
    }
}

fn lifetimes(cases: &mut Vec<Case>) {
    let lasting = |iat: &str, exp: &str, name: &str| {
        let token = Claims::google().with("iat", iat).with("exp", exp).by_k1();
        Case::new(name, token)
    };
    let (issued, edge) = (NOW.to_string(), NOW + 3_660);
    cases.push(lasting(&issued, &edge.to_string(), "lifetime at the edge").accepted());
    cases.push(
        lasting(&issued, &format!("{edge}.001"), "lifetime a millisecond beyond the edge")
            .rejected("lifetime", "lifetime_too_long"),
    );
    cases.push(
        lasting(&format!("{issued}.001"), &format!("{edge}.001"), "the same fraction on both sides")
            .accepted(),
    );
    cases.push(
        lasting(&format!("{issued}.5"), &format!("{edge}.25"), "lifetime shorter by a fraction").accepted(),
    );
    cases.push(
        lasting(&format!("{issued}.25"), &format!("{edge}.5"), "lifetime longer by a fraction")
            .rejected("lifetime", "lifetime_too_long"),
    );
    cases.push(
        lasting("0", "253402300799", "from the first to the last second")
            .rejected("lifetime", "lifetime_too_long"),
    );
    cases.push(
        lasting(&(NOW + 5).to_string(), &(NOW + 3).to_string(), "expiry before issue, both within the skew")
            .accepted(),
    );
    cases.push(
        lasting(&(NOW * 1_000).to_string(), &((NOW + 3_600) * 1_000).to_string(), "milliseconds")
            .rejected_by(&["expiry", "issued_at"], "claim_malformed"),
    );
}

/// What a number of the value of `exp` or `iat` may look like.
fn forms(cases: &mut Vec<Case>) {
    for (exp, good) in [
        ("1760003590.0", true),
        ("1760003590.000000000000000000000000000", true),
        ("1760003590e0", true),
        ("1760003590E+0", true),
        ("1760003590e-0", true),
        ("176000359e1", true),
        ("0.176000359e10", true),
        ("1760003590.123456789012345678901234567", true),
        ("1760003590.1234567890123456789012345678901", false),
        ("1760003590e1000", false),
        ("1760003590e2147483648", false),
        ("1760003590e-2147483649", false),
        ("-1760003590", false),
        ("-0.0", false),
        ("1e12", false),
        ("253402300800", false),
        ("1.8446744073709551616e19", false),
    ] {
        let case = Case::new(format!("exp {exp}"), Claims::google().with("exp", exp).by_k1());
        cases.push(match exp {
            _ if good => case.accepted(),
            "-0.0" => case.rejected("expiry", "token_expired"),
            _ => case.rejected("expiry", "claim_malformed"),
        });
    }
    for (iat, good) in
        [("1.75999999e9", true), ("1759999990.999", true), ("0e9", false), ("-1", false), ("1e-3", false)]
    {
        let case = Case::new(format!("iat {iat}"), Claims::google().with("iat", iat).by_k1());
        cases.push(match iat {
            _ if good => case.accepted(),
            "-1" => case.rejected("issued_at", "claim_malformed"),
            _ => case.rejected("lifetime", "lifetime_too_long"),
        });
    }
    for value in [r#""1759999990""#, "true", "null", "[]", "{}", "-1", "1e400"] {
        let token = Claims::google().with("nbf", value).by_k1();
        cases.push(Case::new(format!("nbf {value}"), token).rejected("not_before", "claim_malformed"));
    }
    let case = |now: i64, name: &str| Case::new(name, Claims::google().by_k1()).set("now", now);
    cases.push(case(0, "judged in 1970").rejected("issued_at", "issued_in_future"));
    cases.push(case(253_402_300_799, "judged in 9999").rejected("expiry", "token_expired"));
    cases.push(case(-1, "judged before 1970").rejected("issued_at", "issued_in_future"));
    cases.push(case(i64::MAX, "judged at the end of time").rejected("expiry", "token_expired"));
    cases.push(case(i64::MIN, "judged at the beginning of time").rejected("issued_at", "issued_in_future"));
}
