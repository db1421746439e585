//! Every profile, with what it accepts and what it refuses.

use serde_json::json;

use crate::generate::{Case, Claims, EC_HEADER, NOW, quoted};
use crate::support::{K1, K2, SigningTestKey, sign};

/// What the cases of one profile are made of.
struct Family {
    /// The profile's name, with its parameter.
    profile: &'static str,
    claims: Claims,
    audience: &'static str,
    elliptic: bool,
    lifetime_max: i64,
    /// Whether `aud` may be an array.
    arrays: bool,
    key_id_required: bool,
    /// Claims that must be there besides the usual ones.
    required: &'static [&'static str],
    /// The longest `sub`, if there is a limit.
    subject_max: Option<usize>,
    kind: &'static str,
    /// Issuers that look like the right one.
    false_issuers: &'static [&'static str],
}

const GKE: &str = "https://container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/c";

fn families() -> Vec<Family> {
    let claims = |iss: &str, aud: &str, sub: &str| {
        Claims::from_pairs(&[("iss", &quoted(iss)), ("aud", aud), ("sub", &quoted(sub))])
    };
    let hour = 3_600;
    let day = 24 * hour;
    let auth_time = (NOW - 1_000).to_string();
    vec![
        Family {
            profile: "google",
            claims: Claims::person().with("azp", r#""1-web.apps.googleusercontent.com""#),
            audience: "aud-1",
            elliptic: false,
            lifetime_max: hour,
            arrays: false,
            key_id_required: true,
            required: &["sub"],
            subject_max: Some(255),
            kind: "google_user_id_token",
            false_issuers: &["https://accounts.google.com/", "https://accounts.google.co"],
        },
        Family {
            profile: "google",
            claims: Claims::service_account("sa@p.iam.gserviceaccount.com")
                .with("iss", r#""accounts.google.com""#),
            audience: "aud-1",
            elliptic: false,
            lifetime_max: hour,
            arrays: false,
            key_id_required: true,
            required: &["sub"],
            subject_max: Some(255),
            kind: "google_service_account_id_token",
            false_issuers: &["ACCOUNTS.google.com"],
        },
        Family {
            profile: "iap",
            claims: Claims::iap(),
            audience: "/projects/1/apps/p",
            elliptic: true,
            lifetime_max: 600,
            arrays: false,
            key_id_required: true,
            required: &["sub"],
            subject_max: Some(255),
            kind: "iap_assertion",
            false_issuers: &[
                "https://cloud.google.com/iap/",
                "https://cloud.google.com",
                "https://accounts.google.com",
            ],
        },
        Family {
            profile: "firebase:my-project",
            claims: claims("https://securetoken.google.com/my-project", r#""my-project""#, "uid1")
                .with("user_id", r#""uid1""#)
                .with("auth_time", &auth_time)
                .with("firebase", r#"{"identities":{},"sign_in_provider":"anonymous"}"#),
            audience: "my-project",
            elliptic: false,
            lifetime_max: hour,
            arrays: false,
            key_id_required: true,
            required: &["sub", "auth_time"],
            subject_max: Some(128),
            kind: "firebase_id_token",
            false_issuers: &[
                "https://securetoken.google.com/other-project",
                "https://securetoken.google.com/my-project/",
                "https://session.firebase.google.com/my-project",
            ],
        },
        Family {
            profile: "firebase-session:my-project",
            claims: claims("https://session.firebase.google.com/my-project", r#""my-project""#, "uid1")
                .with("auth_time", &auth_time),
            audience: "my-project",
            elliptic: false,
            lifetime_max: 14 * day,
            arrays: false,
            key_id_required: true,
            required: &["sub", "auth_time"],
            subject_max: Some(128),
            kind: "firebase_session_cookie",
            false_issuers: &[
                "https://securetoken.google.com/my-project",
                "https://session.firebase.google.com/other",
            ],
        },
        Family {
            profile: "app-check:123456789012",
            claims: claims(
                "https://firebaseappcheck.googleapis.com/123456789012",
                r#"["projects/123456789012","projects/my-project"]"#,
                "1:123456789012:web:abcdef",
            ),
            audience: "projects/123456789012",
            elliptic: false,
            lifetime_max: 7 * day,
            arrays: true,
            key_id_required: true,
            required: &["sub"],
            subject_max: Some(255),
            kind: "firebase_app_check_token",
            false_issuers: &["https://firebaseappcheck.googleapis.com/123456789013"],
        },
        Family {
            profile: "service-account:sa@p.iam.gserviceaccount.com",
            claims: claims(
                "sa@p.iam.gserviceaccount.com",
                r#""https://svc.example/""#,
                "sa@p.iam.gserviceaccount.com",
            ),
            audience: "https://svc.example/",
            elliptic: false,
            lifetime_max: hour,
            arrays: false,
            key_id_required: false,
            required: &[],
            subject_max: None,
            kind: "service_account_signed_jwt",
            false_issuers: &[
                "sb@p.iam.gserviceaccount.com",
                "https://accounts.google.com",
                "SA@p.iam.gserviceaccount.com",
            ],
        },
        Family {
            profile: "chat",
            claims: Claims::from_pairs(&[
                ("iss", r#""chat@system.gserviceaccount.com""#),
                ("aud", r#""123456789012""#),
            ]),
            audience: "123456789012",
            elliptic: false,
            lifetime_max: day,
            arrays: false,
            key_id_required: true,
            required: &[],
            subject_max: None,
            kind: "google_chat_token",
            false_issuers: &["https://accounts.google.com", "chat@system.gserviceaccount.com.evil.example"],
        },
        Family {
            profile: "confidential-space",
            claims: claims(
                "https://confidentialcomputing.googleapis.com",
                r#""https://sts.googleapis.com""#,
                "https://vm.example/1",
            )
            .with("eat_nonce", r#"["n-1","n-2"]"#)
            .with("secboot", "true")
            .with("nbf", &(NOW - 10).to_string()),
            audience: "https://sts.googleapis.com",
            elliptic: false,
            lifetime_max: hour,
            arrays: false,
            key_id_required: true,
            required: &["sub"],
            subject_max: Some(255),
            kind: "google_confidential_space_token",
            false_issuers: &["https://confidentialcomputing.googleapis.com/"],
        },
        Family {
            profile: "gke:https://container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/c",
            claims: claims(GKE, r#"["p.svc.id.goog"]"#, "system:serviceaccount:ns:name"),
            audience: "p.svc.id.goog",
            elliptic: false,
            lifetime_max: 365 * day,
            arrays: true,
            key_id_required: true,
            required: &["sub"],
            subject_max: Some(255),
            kind: "gke_token",
            false_issuers: &[
                "https://container.googleapis.com/v1/projects/p/zones/europe-west1/clusters/c",
                "https://container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/c2",
            ],
        },
    ]
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for family in families() {
        add(&mut cases, &family);
    }
    cases.push(gke_elliptic());
    cases.push(
        Case::new("service-account: an assertion without sub", {
            Claims::from_pairs(&[
                ("iss", r#""sa@p.iam.gserviceaccount.com""#),
                ("aud", r#""https://oauth2.googleapis.com/token""#),
            ])
            .with("target_audience", r#""https://svc.example""#)
            .lasting(-10, 3_590)
            .by_k1()
        })
        .set("profile", "service-account:sa@p.iam.gserviceaccount.com")
        .set("audience", "https://oauth2.googleapis.com/token")
        .accepted()
        .expect("kind", "service_account_assertion"),
    );
    cases
}

fn gke_elliptic() -> Case {
    let token = Claims::from_pairs(&[
        ("iss", &quoted(GKE)),
        ("aud", r#""p.svc.id.goog""#),
        ("sub", r#""system:serviceaccount:ns:name""#),
    ])
    .lasting(-10, 3_590)
    .by_k2();
    Case::new("gke: an EC key and one audience", token)
        .set("profile", format!("gke:{GKE}"))
        .set("audience", "p.svc.id.goog")
        .accepted()
}

fn add(cases: &mut Vec<Case>, family: &Family) {
    let (short, header, key): (_, _, &SigningTestKey) =
        if family.elliptic { ("ES256", EC_HEADER, &K2) } else { ("RS256", crate::generate::HEADER, &K1) };
    let name = |what: &str| format!("{} ({}): {what}", family.profile, family.kind);
    let case = |what: &str, claims: &Claims| {
        Case::new(name(what), sign(header, claims.json(), key))
            .set("profile", family.profile)
            .set("audience", family.audience)
    };
    // Issued now, so that the skew alone decides about the lifetime.
    let lasting = |seconds: i64| family.claims.clone().lasting(0, seconds);
    let good = lasting(family.lifetime_max);
    cases.push(case("accepted", &good).accepted().expect("kind", family.kind));

    for issuer in family.false_issuers {
        let claims = good.clone().with("iss", &quoted(issuer));
        cases.push(case(&format!("issuer {issuer}"), &claims).rejected("issuer", "issuer_mismatch"));
    }
    let other = good.clone().with("aud", r#""other""#);
    cases.push(case("another audience", &other).rejected("audience", "audience_mismatch"));
    let array = good.clone().with("aud", &json!(["other", family.audience]).to_string());
    let array = case("an array that holds the audience", &array);
    cases.push(if family.arrays { array.accepted() } else { array.rejected("audience", "claim_malformed") });
    if family.arrays {
        let string = good.clone().with("aud", &quoted(family.audience));
        cases.push(case("the audience as a string", &string).accepted());
        let foreign = good.clone().with("aud", r#"["other","another"]"#);
        cases.push(case("an array without the audience", &foreign).rejected("audience", "audience_mismatch"));
        for aud in ["[]", r#"["p.svc.id.goog",1]"#, r#"[["projects/123456789012"]]"#] {
            let claims = good.clone().with("aud", aud);
            cases.push(case(&format!("aud {aud}"), &claims).rejected("audience", "claim_malformed"));
        }
    }

    let edge = family.lifetime_max + 60;
    cases.push(case("a lifetime at the edge of the skew", &lasting(edge)).accepted());
    cases.push(case("a lifetime beyond it", &lasting(edge + 1)).rejected("lifetime", "lifetime_too_long"));
    let edge = case("without skew, a lifetime beyond", &lasting(family.lifetime_max + 1)).set("skew", 0);
    cases.push(edge.rejected("lifetime", "lifetime_too_long"));
    let expired = family.claims.clone().lasting(-3_600, -30);
    let expired =
        if family.lifetime_max < 3_570 { family.claims.clone().lasting(-600, -30) } else { expired };
    cases.push(case("expired", &expired).rejected("expiry", "token_expired"));
    for claim in ["iss", "aud"] {
        let check = if claim == "iss" { "issuer" } else { "audience" };
        let claims = good.clone().without(claim);
        cases.push(case(&format!("no {claim}"), &claims).rejected(check, "claim_missing"));
    }
    cases.push(case("no exp", &good.clone().without("exp")).rejected("expiry", "claim_missing"));
    cases.push(case("no iat", &good.clone().without("iat")).rejected("issued_at", "claim_missing"));

    for claim in family.required {
        let claims = good.clone().without(claim);
        cases.push(case(&format!("no {claim}"), &claims).rejected("required_claims", "claim_missing"));
        let claims = good.clone().with(claim, "[]");
        cases.push(case(&format!("{claim} a list"), &claims).rejected("required_claims", "claim_malformed"));
    }
    if let Some(max) = family.subject_max {
        let claims = good.clone().with("sub", r#""""#);
        cases.push(case("empty sub", &claims).rejected("required_claims", "claim_malformed"));
        let claims = good.clone().with("sub", &quoted(&"é".repeat(max)));
        cases.push(case("the longest sub", &claims).accepted());
        let claims = good.clone().with("sub", &quoted(&"é".repeat(max + 1)));
        cases.push(case("a sub too long", &claims).rejected("required_claims", "claim_malformed"));
    }
    if family.required.contains(&"auth_time") {
        let claims = good.clone().with("auth_time", &(NOW + 30).to_string());
        cases.push(case("auth_time within the skew", &claims).accepted());
        let claims = good.clone().with("auth_time", &(NOW + 31).to_string());
        cases.push(case("auth_time in the future", &claims).rejected("required_claims", "issued_in_future"));
    }

    let nameless = sign(format!(r#"{{"alg":"{short}","typ":"JWT"}}"#), good.json(), key);
    let nameless = Case::new(name("no kid, a set of both kinds of keys"), nameless)
        .set("profile", family.profile)
        .set("audience", family.audience);
    cases.push(if family.key_id_required {
        nameless.clone().rejected("key", "key_id_missing")
    } else {
        nameless.clone().accepted()
    });
    if !family.key_id_required {
        let several =
            nameless.clone().set("name", name("no kid, two keys of the kind")).keys("two_unnamed_rsa.json");
        cases.push(several.rejected("key", "key_ambiguous"));
        let none = nameless.set("name", name("no kid, no key of the kind")).keys("single_k2.json");
        cases.push(none.rejected("key", "key_not_found"));
    }
    let (other_header, other_key): (_, &SigningTestKey) =
        if family.elliptic { (crate::generate::HEADER, &K1) } else { (EC_HEADER, &K2) };
    if !family.profile.starts_with("gke") {
        let token = sign(other_header, good.json(), other_key);
        let case = Case::new(name("signed with the other algorithm"), token)
            .set("profile", family.profile)
            .set("audience", family.audience);
        cases.push(case.rejected("algorithm", "algorithm_not_allowed"));
    }
}
