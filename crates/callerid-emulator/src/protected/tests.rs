//! What each guard answers to what is sent to it: one row per case, all through [`check`].

use callerid::{Audience, Callers, JwkSet, Policy, Profile, UnixTime, verify};
use callerid_mint::{Claims, ServiceAccountClaims, SigningKey, TestToken, TestTokenKind};
use getrandom::SysRng;
use hyper::Method;
use serde_json::Value;

use super::invokers::Invokers;
use super::{Backend, Platform, Rules, Trouble, iap};
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

/// The parts of one case besides its outcome.
struct Case<'a> {
    protect: &'a str,
    fields: &'a [(&'static str, String)],
    tune: fn(&mut Rules),
}

fn ask(emulator: &Emulator, case: &Case<'_>) -> Response {
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
    let response = ask(emulator, case);
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
fn cloud_run_and_functions_answer_as_google_does() {
    use TestTokenKind::{GoogleServiceAccount, GoogleServiceAccountWithoutEmail, GoogleUser};
    let emulator = Emulator::new();
    let good = emulator.account_token(ORIGIN);
    let same = |claims| claims;
    let expired: fn(Claims) -> Claims =
        |claims| claims.with_number("iat", 1_799_990_000).with_number("exp", 1_799_993_600);
    let stranger: fn(Claims) -> Claims = |claims| claims.with_text("email", STRANGER).with_text("sub", "1");
    let without_email = emulator.id_token(GoogleServiceAccountWithoutEmail, ORIGIN, same);
    let redacted = format!("{}.SIGNATURE_REMOVED_BY_GOOGLE", good.rsplit_once('.').unwrap().0);
    let ann: fn(&mut Rules) = |rules| rules.invokers = Invokers::Only(vec!["ann@example.com".into()]);
    let rows: [(&str, &str, String, fn(&mut Rules), u16, &str); 19] = [
        ("nothing", "accept", "*/*".into(), as_it_is, 403, FORBIDDEN),
        ("an empty field", "authorization", " ".into(), as_it_is, 403, FORBIDDEN),
        ("another scheme", "authorization", "Basic YTpi".into(), as_it_is, 401, UNAUTHORIZED),
        ("an access token", "authorization", bearer("ya29.c.abc"), as_it_is, 401, UNAUTHORIZED),
        ("a redacted token", "authorization", bearer(&redacted), as_it_is, 401, UNAUTHORIZED),
        (
            "expired",
            "authorization",
            bearer(&emulator.id_token(GoogleServiceAccount, ORIGIN, expired)),
            as_it_is,
            401,
            UNAUTHORIZED,
        ),
        (
            "for another service",
            "authorization",
            bearer(&emulator.account_token("https://b.example")),
            as_it_is,
            401,
            UNAUTHORIZED,
        ),
        (
            "with a slash too many",
            "authorization",
            bearer(&emulator.account_token("http://127.0.0.1:4000/")),
            as_it_is,
            401,
            UNAUTHORIZED,
        ),
        (
            "signed by the account",
            "authorization",
            bearer(&emulator.self_signed(ORIGIN)),
            as_it_is,
            401,
            UNAUTHORIZED,
        ),
        (
            "gcloud's audience, of an account",
            "authorization",
            bearer(&emulator.account_token(GCLOUD)),
            as_it_is,
            401,
            UNAUTHORIZED,
        ),
        (
            "gcloud's audience, of a person",
            "authorization",
            bearer(&emulator.id_token(GoogleUser, GCLOUD, same)),
            ann,
            200,
            "SIGNATURE_REMOVED_BY_GOOGLE",
        ),
        (
            "a person without the role",
            "authorization",
            bearer(&emulator.id_token(GoogleUser, GCLOUD, same)),
            as_it_is,
            403,
            FORBIDDEN,
        ),
        (
            "a stranger",
            "authorization",
            bearer(&emulator.id_token(GoogleServiceAccount, ORIGIN, stranger)),
            as_it_is,
            403,
            FORBIDDEN,
        ),
        (
            "a stranger where all may",
            "authorization",
            bearer(&emulator.id_token(GoogleServiceAccount, ORIGIN, stranger)),
            |rules| rules.invokers = Invokers::AllAuthenticatedUsers,
            200,
            "hello",
        ),
        (
            "nothing where all may",
            "accept",
            "*/*".into(),
            |rules| rules.invokers = Invokers::AllUsers,
            200,
            "hello",
        ),
        ("the token", "authorization", bearer(&good), as_it_is, 200, "SIGNATURE_REMOVED_BY_GOOGLE"),
        (
            "in lower case",
            "authorization",
            format!("bearer {good}"),
            as_it_is,
            200,
            "SIGNATURE_REMOVED_BY_GOOGLE",
        ),
        (
            "without an address",
            "x-serverless-authorization",
            bearer(&without_email),
            as_it_is,
            200,
            "SIGNATURE_REMOVED_BY_GOOGLE",
        ),
        (
            "from outside",
            "authorization",
            bearer(&good),
            |rules| rules.troubles.push(Trouble::IngressInternal),
            404,
            "<h1>Error: Page not found</h1>",
        ),
    ];
    for (name, field, value, tune, status, holds) in rows {
        for protect in ["back=run", "back=function"] {
            println!("{name} at {protect}");
            check(&emulator, &Case { protect, fields: &[(field, value.clone())], tune }, status, holds);
        }
    }
}

#[test]
fn only_the_token_that_was_checked_loses_its_signature() {
    let emulator = Emulator::new();
    let (good, other) = (emulator.account_token(ORIGIN), emulator.account_token("https://app.example"));
    let both = [("X-Serverless-Authorization", bearer(&good)), ("Authorization", bearer(&other))];
    let case = Case { protect: "back=run", fields: &both, tune: as_it_is };
    let body = check(&emulator, &case, 200, &other);
    let signature = good.rsplit_once('.').unwrap().1;
    assert!(!body.contains(signature), "{}", body);

    let swapped = [("authorization", bearer(&good)), ("x-serverless-authorization", bearer(&other))];
    check(&emulator, &Case { protect: "back=run", fields: &swapped, tune: as_it_is }, 401, UNAUTHORIZED);
}

#[test]
fn a_function_of_the_first_generation_has_its_name_in_the_audience() {
    let emulator = Emulator::new();
    let rows = [(ORIGIN, 401), ("http://127.0.0.1:4000/back", 200), ("http://127.0.0.1:4000/back/a", 401)];
    for (audience, status) in rows {
        let fields = [("authorization", bearer(&emulator.account_token(audience)))];
        let case = Case { protect: "back=function-1st-gen", fields: &fields, tune: as_it_is };
        check(&emulator, &case, status, "");
    }
}

const EMPTY: &str = "Invalid IAP credentials: empty token";
const SIGNATURE: &str = "Invalid IAP credentials: JWT signature is invalid";
const NO_EMAIL: &str = "Invalid IAP credentials: JWT 'email' claim isn't a string";

#[test]
fn identity_aware_proxy_answers_as_google_does() {
    use TestTokenKind::{GoogleServiceAccount, GoogleServiceAccountWithoutEmail, GoogleUser};
    let emulator = Emulator::new();
    let good = emulator.account_token(CLIENT);
    let same = |claims| claims;
    let expired: fn(Claims) -> Claims =
        |claims| claims.with_number("iat", 1_799_990_000).with_number("exp", 1_799_993_600);
    let cut = &good[..good.len() - 30];
    let redacted = format!("{}.SIGNATURE_REMOVED_BY_GOOGLE", good.rsplit_once('.').unwrap().0);
    let wrong = "JWT audience doesn't match this application ('aud' claim (http://127.0.0.1:4000) doesn't \
                 match expected value (123456789012-emulatedback.apps.googleusercontent.com))";
    let location = "location: https://accounts.google.com/o/oauth2/v2/auth?client_id=123456789012-\
                    emulatedback.apps.googleusercontent.com&";
    let nobody: fn(&mut Rules) = |rules| rules.invokers = Invokers::Only(Vec::new());
    let rows: [(&str, &str, String, fn(&mut Rules), u16, &str); 20] = [
        ("nothing", "accept", "*/*".into(), as_it_is, 302, location),
        ("nothing", "accept", "*/*".into(), as_it_is, 302, EMPTY),
        ("nothing, from a script", "x-requested-with", "XMLHttpRequest".into(), as_it_is, 401, EMPTY),
        ("an access token", "authorization", bearer("ya29.c.abc"), as_it_is, 401, "Unable to parse JWT"),
        ("a cut token", "authorization", bearer(cut), as_it_is, 401, SIGNATURE),
        ("a redacted token", "authorization", bearer(&redacted), as_it_is, 401, SIGNATURE),
        ("for the URL", "authorization", bearer(&emulator.account_token(ORIGIN)), as_it_is, 401, wrong),
        (
            "for the URL, newer words",
            "authorization",
            bearer(&emulator.account_token(ORIGIN)),
            |rules| rules.troubles.push(Trouble::AudienceNotNamed),
            401,
            "Invalid bearer token. Invalid JWT audience.",
        ),
        (
            "without an address",
            "authorization",
            bearer(&emulator.id_token(GoogleServiceAccountWithoutEmail, CLIENT, same)),
            as_it_is,
            401,
            NO_EMAIL,
        ),
        (
            "expired",
            "authorization",
            bearer(&emulator.id_token(GoogleServiceAccount, CLIENT, expired)),
            as_it_is,
            401,
            "Jwt payload is invalid [",
        ),
        ("without the role", "authorization", bearer(&good), nobody, 403, "You don't have access"),
        (
            "a misconfigured client",
            "authorization",
            bearer(&good),
            |rules| rules.troubles.push(Trouble::OauthClientMisconfigured),
            500,
            "Error code 13",
        ),
        (
            "an agent without the role",
            "authorization",
            bearer(&good),
            |rules| rules.troubles.push(Trouble::AgentMayNotInvoke),
            403,
            FORBIDDEN,
        ),
        (
            "the token",
            "authorization",
            bearer(&good),
            as_it_is,
            200,
            "accounts.google.com:caller@p.iam.gserviceaccount.com",
        ),
        (
            "the token, in the other field",
            "proxy-authorization",
            bearer(&good),
            as_it_is,
            200,
            "accounts.google.com:110000000000000000002",
        ),
        (
            "a person",
            "authorization",
            bearer(&emulator.id_token(GoogleUser, CLIENT, same)),
            |rules| rules.invokers = Invokers::AllAuthenticatedUsers,
            200,
            "accounts.google.com:ann@example.com",
        ),
        (
            "signed for the URL",
            "authorization",
            bearer(&emulator.self_signed("http://127.0.0.1:4000/back/a")),
            as_it_is,
            200,
            "x-goog-iap-jwt-assertion",
        ),
        (
            "signed for the site",
            "authorization",
            bearer(&emulator.self_signed("http://127.0.0.1:4000/*")),
            as_it_is,
            200,
            "x-goog-iap-jwt-assertion",
        ),
        (
            "signed for another path",
            "authorization",
            bearer(&emulator.self_signed("http://127.0.0.1:4000/other")),
            as_it_is,
            401,
            "doesn't match expected value",
        ),
        (
            "signed for a longer port",
            "authorization",
            bearer(&emulator.self_signed("http://127.0.0.1:400*")),
            as_it_is,
            401,
            "doesn't match expected value",
        ),
    ];
    for (name, field, value, tune, status, holds) in rows {
        println!("{name}");
        let case = Case { protect: "back=iap", fields: &[(field, value)], tune };
        check(&emulator, &case, status, holds);
    }
}

#[test]
fn what_the_proxy_says_of_a_caller_verifies_and_cannot_be_sent_by_the_caller() {
    let emulator = Emulator::new();
    let fields = [
        ("proxy-authorization", bearer(&emulator.account_token(CLIENT))),
        ("authorization", "Basic YTpi".into()),
        ("X-Goog-Authenticated-User-Email", "accounts.google.com:eve@example.com".into()),
    ];
    let case = Case { protect: "back=iap", fields: &fields, tune: as_it_is };
    let body = check(&emulator, &case, 200, "Basic YTpi");
    assert!(!body.contains("eve@") && !body.contains("proxy-authorization"), "{}", body);

    let seen: Value = serde_json::from_str(&body).unwrap();
    let assertion = seen["headers"]["x-goog-iap-jwt-assertion"].as_str().unwrap();
    let backend = Backend::new(&"back=iap".parse().unwrap(), ORIGIN, 123_456_789_012);
    let audience = iap::assertion_audience(&backend, &emulator);
    assert_eq!(audience, "/projects/123456789012/locations/us-central1/services/back");
    let policy = Policy::new(Profile::iap(), Audience::exactly(audience).unwrap(), Callers::any());
    let verified = verify(assertion, emulator.iap.public_keys(), &policy, NOW).unwrap();
    assert_eq!(verified.email(), Some(ACCOUNT));

    // A bad token in the first field leaves the decision to the second.
    let good = bearer(&emulator.account_token(CLIENT));
    let both = [("proxy-authorization", "Bearer x.y.z".into()), ("authorization", good)];
    check(&emulator, &Case { protect: "back=iap", fields: &both, tune: as_it_is }, 200, ACCOUNT);
}

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
