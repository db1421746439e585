//! Which row of the table it is, for hosts that no test can call.

use std::env;
use std::fs;

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

/// What a sign looks like, for people.
fn in_words(sign: Sign) -> Option<String> {
    Some(match sign {
        Sign::Body(text) => format!("body: `{text}`"),
        Sign::ClientAudience => "the token is for an OAuth client".into(),
        Sign::Field(name, text) => format!("`{name}`: `{text}`"),
        Sign::FunctionUrlUntried => "on this machine, where a URL does not tell what it is of".into(),
        Sign::Location("") => "`location`".into(),
        Sign::Location(start) => format!("`location`: `{start}…`"),
        Sign::OtherAudienceDerived => "the token is not for the service's own URL".into(),
        Sign::OwnDomain => "the host is a domain of one's own".into(),
        Sign::SelfSigned => "the account signed the token itself".into(),
        Sign::Redirect | Sign::Status(_) => return None,
    })
}

fn status(row: &Refusal) -> String {
    let status = row.signs.iter().find_map(|sign| match sign {
        Sign::Redirect => Some("3xx".into()),
        Sign::Status(status) => Some(status.to_string()),
        _ => None,
    });
    status.unwrap_or_else(|| "any".into())
}

fn remedy(row: &Refusal) -> &str {
    match row.remedy {
        Remedy::None => "",
        Remedy::DerivedAudience | Remedy::FunctionUrl => " The command with that audience is offered.",
        Remedy::IdToken => " The command for that is offered.",
        Remedy::Location => " The command for that address is offered.",
        Remedy::RevealedAudience => " The command with the client that the proxy names is offered.",
    }
}

#[test]
fn the_document_says_what_the_table_says() {
    let mut document = String::from(
        "# Refusals\n\nGenerated from the table in `callerid call` by the tests (`CALLERID_WRITE_VECTORS=1`); do not edit.\n\
         How Google's guards refuse a call, by what each refusal is recognised, and what `callerid call` says of it. The\n\
         first row whose signs are all there counts. Texts in capitals stand for what was called and sent.\n\n\
         | name | status | recognised by | what it means | what to do |\n|---|---|---|---|---|\n",
    );
    for row in &REFUSALS {
        let signs: Vec<String> = row.signs.iter().filter_map(|sign| in_words(*sign)).collect();
        let put_in = |text: &str| {
            let names = ["account", "audience", "host", "location", "member", "status"];
            names.iter().fold(text.to_string(), |text, name| {
                text.replace(&format!("{{{name}}}"), &format!("`{}`", name.to_uppercase()))
            })
        };
        document.push_str(&format!(
            "| `{}` | {} | {} | {} | {}{} |\n",
            row.name,
            status(row),
            signs.join(", "),
            put_in(row.what),
            put_in(row.hint),
            remedy(row),
        ));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/refusals.md");
    if env::var_os("CALLERID_WRITE_VECTORS").is_some() {
        fs::write(path, &document).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), document, "{path} is out of date");
}
