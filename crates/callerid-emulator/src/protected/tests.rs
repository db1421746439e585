//! What each guard answers to what is sent to it: one row per case, all through [`check`].

mod iap;
mod serverless;

use callerid::{JwkSet, UnixTime};
use callerid_mint::{Claims, ServiceAccountClaims, SigningKey, TestToken, TestTokenKind};
use getrandom::SysRng;
use hyper::Method;

use super::{Backend, Platform, Rules, Why};
use crate::config::Protected;
use crate::http::{Request, Response};

const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);
const ACCOUNT: &str = "caller@p.iam.gserviceaccount.com";
const STRANGER: &str = "stranger@q.iam.gserviceaccount.com";
const ACCOUNT_ID: &str = "110000000000000000002";
const ORIGIN: &str = "http://127.0.0.1:4000";
const CLIENT: &str = "123456789012-emulatedback.apps.googleusercontent.com";
const GCLOUD: &str = "32555940559.apps.googleusercontent.com";

/// An emulator of one account.
struct Emulator {
    google: SigningKey,
    iap: SigningKey,
    account: SigningKey,
}

impl Emulator {
    fn new() -> Self {
        let key = |pem: &str, id: &str| SigningKey::from_pem(pem).unwrap().with_key_id(Some(id)).unwrap();
        Self {
            google: key(include_str!("../../../../tests/keys/rsa-2048-e65537.pem"), "google-1"),
            iap: key(include_str!("../../../../tests/keys/p256.pem"), "iap-1"),
            account: key(include_str!("../../../../tests/keys/rsa-2048-e3.pem"), "account-1"),
        }
    }

    fn sign(&self, key: &SigningKey, claims: &Claims) -> String {
        key.sign_jwt_imitating_google(claims, &mut SysRng).unwrap()
    }

    /// An ID token of Google's, changed as told.
    fn id_token(&self, kind: TestTokenKind, audience: &str, change: fn(Claims) -> Claims) -> String {
        let token = TestToken::new(kind).imitating_google().with_audience(audience).unwrap();
        self.sign(&self.google, &change(token.to_claims(NOW)))
    }

    fn account_token(&self, audience: &str) -> String {
        self.id_token(TestTokenKind::GoogleServiceAccount, audience, |claims| {
            claims.with_text("email", ACCOUNT)
        })
    }

    fn self_signed(&self, url: &str) -> String {
        self.sign(&self.account, &ServiceAccountClaims::iap_jwt(ACCOUNT, url).unwrap().to_claims(NOW))
    }
}

impl Platform for Emulator {
    fn now(&self) -> UnixTime {
        NOW
    }

    fn google_keys(&self) -> JwkSet {
        self.google.public_keys().clone()
    }

    fn account_keys(&self, email: &str) -> Option<JwkSet> {
        (email == ACCOUNT).then(|| self.account.public_keys().clone())
    }

    fn account_id(&self, email: &str) -> Option<String> {
        (email == ACCOUNT).then(|| ACCOUNT_ID.into())
    }

    fn account_email(&self, id: &str) -> Option<String> {
        (id == ACCOUNT_ID).then(|| ACCOUNT.into())
    }

    fn project_number(&self) -> u64 {
        123_456_789_012
    }

    fn is_ours(&self, email: &str) -> bool {
        email == ACCOUNT
    }

    fn iap_assertion(&self, email: &str, subject: &str, audience: &str) -> Option<String> {
        let token = TestToken::new(TestTokenKind::Iap).with_subject(subject).with_email(email).ok()?;
        Some(self.sign(&self.iap, &token.with_audience(audience).ok()?.imitating_google().to_claims(NOW)))
    }
}

/// A name for people, a header field and its value, what is changed before, the status, and what the answer holds.
type Row<'a> = (&'a str, &'static str, String, fn(&mut Rules), u16, &'a str);

/// The parts of one case besides its outcome.
struct Case<'a> {
    protect: &'a str,
    fields: &'a [(&'static str, String)],
    tune: fn(&mut Rules),
}

fn ask(emulator: &Emulator, case: &Case<'_>) -> (Response, Option<Why>) {
    let backend = Backend::new(&case.protect.parse::<Protected>().unwrap(), ORIGIN, 123_456_789_012);
    let mut rules = Rules::new(None);
    (case.tune)(&mut rules);
    let fields = case.fields.iter();
    let request = Request {
        method: Method::POST,
        uri: "/back/a?b=c&d".parse().unwrap(),
        headers: fields.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect(),
        body: "hello".into(),
        googles_host: None,
    };
    backend.answer(emulator, &rules, &request)
}

/// The status must be this one, and body and header fields must hold that text. Gives the body.
#[track_caller]
fn check(emulator: &Emulator, case: &Case<'_>, status: u16, holds: &str) -> String {
    let (response, why) = ask(emulator, case);
    assert_eq!(why.is_some(), status != 200, "{why:?}");
    let told = serde_json::to_string(&why).unwrap();
    assert!(!told.contains("eyJ"), "{told}");
    let body = String::from_utf8(response.body.to_vec()).unwrap();
    assert_eq!(response.status.as_u16(), status, "{response:?}");
    let fields =
        response.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
    let all = fields.collect::<String>() + "\n" + &body;
    assert!(all.contains(holds), "{holds:?} is not in {all}");
    let is_proxys_own = response.headers.contains_key("x-goog-iap-generated-response");
    assert_eq!(is_proxys_own, case.protect.ends_with("iap") && status != 200 && holds != FORBIDDEN);
    body
}

fn as_it_is(_: &mut Rules) {}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

const FORBIDDEN: &str = "<h1>Error: Forbidden</h1>\n<h2>Your client does not have permission to get URL \
                         <code>/back/a?b=c&amp;d</code> from this server.</h2>";
const UNAUTHORIZED: &str = "www-authenticate: Bearer error=\"invalid_token\" error_description=\"The access \
                            token could not be verified\"";

#[test]
fn rules_are_changed_as_far_as_they_are_named() {
    let check = |rules: &mut Rules, changes: &str, expected: &str| {
        rules.change(&serde_json::from_str(changes).unwrap());
        assert_eq!(format!("{:?} {:?}", rules.invokers, rules.troubles), expected, "{changes}");
    };
    let mut rules = Rules::new(None);
    let at_start = "EverybodyOfOurs []";
    check(&mut rules, r#"{"name":"back"}"#, at_start);
    let members = r#"{"name":"back","invokers":["serviceAccount:a@b.c","user:d@e.f","g@h.i"]}"#;
    check(&mut rules, members, r#"Only(["a@b.c", "d@e.f", "g@h.i"]) []"#);
    let trouble = r#"{"name":"back","troubles":["ingress_internal"]}"#;
    check(&mut rules, trouble, r#"Only(["a@b.c", "d@e.f", "g@h.i"]) [IngressInternal]"#);
    check(&mut rules, r#"{"name":"back","invokers":["a@b.c","allUsers"]}"#, "AllUsers [IngressInternal]");
    check(
        &mut rules,
        r#"{"name":"back","invokers":["allAuthenticatedUsers"],"troubles":[]}"#,
        "AllAuthenticatedUsers []",
    );
}
