//! Which row of the table it is, for hosts that no test can call.

use clap::Parser;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::*;
use crate::cli::{Cli, Command};

const UNAUTHORIZED: &str = "Your client does not have permission to the requested URL <code>/</code>.";
const TOKEN: &str = "eyJ.a.b";

/// The refusal must be that row, and its two lines must hold that text.
fn check(command: &[&str], status: u16, field: (&'static str, &str), body: &str, name: &str, holds: &str) {
    let parsed = Cli::try_parse_from([&["callerid", "call"], command].concat()).unwrap();
    let Command::Call(call) = parsed.command else { panic!("{command:?}") };
    let target = Target::parse(&call.url).unwrap();
    let derived = audience_of(&target.uri).audience;
    let audience = call.audience.as_deref().unwrap_or(&derived);
    let fields = [(HeaderName::from_static(field.0), HeaderValue::from_str(field.1).unwrap())];
    let (status, fields) = (StatusCode::from_u16(status).unwrap(), HeaderMap::from_iter(fields));
    let answer = AnswerStart { status, fields, body: body.into() };
    let account = Some("ann@example.com");
    let refused = Refused { call: &call, target: &target, answer: &answer, audience, account, token: TOKEN };
    let (found, error) = explain(&refused, || panic!("nothing is to be asked"));
    assert_eq!(found, name, "{command:?}");
    let Error::Failed { what, hint, .. } = error else { panic!("{error:?}") };
    let said = format!("{what}\n{hint}");
    assert!(said.contains(holds), "{holds:?} is not in {said}");
    assert!(!said.contains(TOKEN), "{said}");
}

#[test]
fn hosts_decide_what_to_try_next() {
    let challenge = ("www-authenticate", "Bearer error=\"invalid_token\" error_description=\"…\"");
    let challenge = (challenge.0, challenge.1.replace('…', "The access token could not be verified"));
    let challenge = (challenge.0, challenge.1.as_str());
    let check = |command: &[&str], name, holds| check(command, 401, challenge, UNAUTHORIZED, name, holds);

    let run = "https://svc-abc-uc.a.run.app/items";
    let service = "callerid call --audience https://svc-abc-uc.a.run.app https://svc-abc-uc.a.run.app/items";
    check(&["--audience", run, run], "serverless_audience", service);
    check(&[run], "serverless_token", "custom audiences");
    let function = "https://r-p.cloudfunctions.net/hello/a";
    let whole = "callerid call --audience https://r-p.cloudfunctions.net/hello https://r-p.cloudfunctions.net/hello/a";
    check(&["--audience", "https://r-p.cloudfunctions.net", function], "serverless_audience", whole);
    check(&[function], "serverless_token", "it is for https://r-p.cloudfunctions.net/hello");
    check(&["https://api.example/a"], "serverless_domain", "A domain of one's own is no audience");
    check(&["--audience", "https://x.example", "https://api.example"], "serverless_domain", "run.app");
}

#[test]
fn people_and_accounts_get_their_own_advice() {
    let forbidden = "Your client does not have permission to get URL <code>/</code> from this server.";
    let check = |command: &[&str], name, holds| check(command, 403, ("server", "x"), forbidden, name, holds);
    check(
        &["https://svc.a.run.app"],
        "serverless_no_role",
        "--member=user:ann@example.com --role=roles/run.invoker",
    );
    let client = ["--audience", "1-a.apps.googleusercontent.com", "https://svc.a.run.app"];
    check(&client, "serverless_iap_agent", "@gcp-sa-iap.iam.gserviceaccount.com");
}

#[test]
fn the_token_is_kept_out_even_if_the_far_side_repeats_it() {
    let location = format!("https://evil.example/{TOKEN}");
    check(&["https://svc.example"], 302, ("location", &location), "", "redirect", "https://evil.example/…");
}

#[test]
fn relative_redirects_stay_at_the_host() {
    let check =
        |to: &str, holds| check(&["https://svc.example/a"], 302, ("location", to), "", "redirect", holds);
    check("/b", "call it: callerid call https://svc.example/b");
    check("//other.example/b", "If that address is the right one, call it.");
    check("http://svc.example/b", "If that address is the right one, call it.");
    check("https://other.example/b", "call it: callerid call https://other.example/b");
}
