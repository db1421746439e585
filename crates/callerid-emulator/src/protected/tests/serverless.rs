//! Cloud Run and Cloud Functions.

use callerid_mint::{Claims, TestTokenKind};

use super::super::invokers::Invokers;
use super::super::{Rules, Trouble};
use super::{
    Case, Emulator, FORBIDDEN, GCLOUD, ORIGIN, Row, STRANGER, UNAUTHORIZED, as_it_is, bearer, check,
};

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
    let rows: [Row<'_>; 19] = [
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
