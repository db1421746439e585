//! Identity-Aware Proxy.

use callerid::{Audience, Callers, Policy, Profile, verify};
use callerid_mint::{Claims, TestTokenKind};
use serde_json::Value;

use super::super::invokers::Invokers;
use super::super::{Backend, Rules, Trouble, iap};
use super::{ACCOUNT, CLIENT, Case, Emulator, FORBIDDEN, NOW, ORIGIN, Row, as_it_is, bearer, check};

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
    let rows: [Row<'_>; 21] = [
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
            "signed for every site",
            "authorization",
            bearer(&emulator.self_signed("http://*")),
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
