//! Every row of the table of refusals, through one `check`.

use std::collections::BTreeSet;

use callerid_emulator::Emulator;

use crate::server::{Answer, Server};
use crate::{CLIENT, call, emulator, order, run};

/// One refusal: how the call is made, and what is said about it. `{run}`, `{function}` and `{iap}` stand for the
/// URLs of the backends, `{root}` for that of the function without its path, `{client}` for the OAuth client.
struct Row {
    /// The row's name in the table.
    name: &'static str,
    /// What the emulator is told before: orders and their bodies.
    orders: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
    what: &'static str,
    hint: &'static str,
}

const fn row(
    name: &'static str,
    orders: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
    what: &'static str,
    hint: &'static str,
) -> Row {
    Row { name, orders, arguments, what, hint }
}

const RUN: [Row; 8] = [
    row(
        "serverless_audience",
        &[],
        &["--audience", "https://other.example", "{run}/a?key=secret"],
        "cannot use the token: it is for https://other.example",
        "own URL is its audience: callerid call --audience {run} --metadata '{run}/a?…'",
    ),
    row(
        "serverless_self_signed",
        &[],
        &["--self-signed", "{run}/a"],
        "take no token that a service account signed itself",
        "an ID token of Google's: callerid call --metadata {run}/a",
    ),
    row(
        "serverless_no_role",
        &[],
        &["--token-field", "proxy-authorization", "{run}"],
        "default@callerid-emulator.iam.gserviceaccount.com may not call this service, or the token was lost",
        "--member=serviceAccount:default@callerid-emulator.iam.gserviceaccount.com --role=roles/run.invoker",
    ),
    row(
        "serverless_no_role",
        &[("protect", r#"{"name":"run","invokers":["nobody@example.com"]}"#)],
        &["{run}"],
        "default@callerid-emulator.iam.gserviceaccount.com may not call this service",
        "roles/cloudfunctions.invoker",
    ),
    row(
        "serverless_ingress",
        &[("protect", r#"{"name":"run","troubles":["ingress_internal"]}"#)],
        &["{run}"],
        "knows no service at 127.0.0.1",
        "ingress is internal",
    ),
    row(
        "serverless_function",
        &[],
        &["-X", "PUT", "-H", "x-secret: 1", "-d", "secret", "{function}/a"],
        "cannot use the token: it is for {root}",
        "its whole URL: callerid call --audience {function} --metadata -X PUT -H … -d … {function}/a",
    ),
    row(
        "serverless_token",
        &[],
        &["{root}"],
        "cannot use the token: it is for {root}",
        "one of its custom audiences",
    ),
    row(
        "serverless_token",
        &[("tokens", r#"{"signature":"wrong"}"#)],
        &["{run}"],
        "cannot use the token: it is for {run}",
        "mint it anew with --no-cache",
    ),
];

const IAP: [Row; 13] = [
    row(
        "iap_sign_in",
        &[],
        &["--token-field", "x-serverless-authorization", "{iap}"],
        "redirects to Google's sign-in page; nothing was followed",
        "if 127.0.0.1 is yours, send a token for its OAuth client in one of them: callerid call --audience {client} --metadata {iap}",
    ),
    row(
        "iap_no_token",
        &[],
        &["--token-field", "x-serverless-authorization", "-H", "X-Requested-With: XMLHttpRequest", "{iap}"],
        "saw no token",
        "if 127.0.0.1 is yours, send a token for its OAuth client in one of them: callerid call --audience {client} --metadata -H … {iap}",
    ),
    row(
        "iap_audience",
        &[],
        &["{iap}"],
        "wants a token for its OAuth client, and this one is for {iap}",
        "If 127.0.0.1 is yours, make the token for the client that it named: callerid call --audience {client} \
         --metadata {iap}",
    ),
    row(
        "iap_audience",
        &[],
        &["--self-signed", "--audience", "https://other.example/*", "{iap}/a"],
        "wants a token for its OAuth client, and this one is for https://other.example/*",
        "callerid call --audience {client} --metadata {iap}/a",
    ),
    row(
        "iap_audience_unnamed",
        &[("protect", r#"{"name":"iap","troubles":["audience_not_named"]}"#)],
        &["{iap}"],
        "wants a token for an OAuth client that it admits, and this one is for {iap}",
        "that it signs people in with: callerid call --audience {client} --metadata {iap}",
    ),
    row(
        "iap_audience_unnamed",
        &[("protect", r#"{"name":"iap","troubles":["audience_not_named"]}"#)],
        &["--audience", "1-other.apps.googleusercontent.com", "{iap}"],
        "this one is for 1-other.apps.googleusercontent.com",
        "none is needed with --self-signed",
    ),
    row(
        "iap_signature",
        &[("tokens", r#"{"signature":"wrong"}"#)],
        &["--audience", "{client}", "{iap}"],
        "does not accept the token's signature",
        "what an emulator signed is good there alone",
    ),
    row(
        "iap_signature",
        &[("tokens", r#"{"unknown_key":true}"#)],
        &["--audience", "{client}", "{iap}"],
        "does not accept the token's signature",
        "--explain",
    ),
    row(
        "iap_no_email",
        &[("tokens", r#"{"no_email":true}"#)],
        &["--audience", "{client}", "{iap}"],
        "wants a token with an e-mail address, and this one names none",
        "--impersonate",
    ),
    row(
        "iap_claims",
        &[("tokens", r#"{"issued":-7200}"#)],
        &["--audience", "{client}", "{iap}"],
        "it has expired, or a claim is malformed",
        "Check this machine's clock",
    ),
    row(
        "iap_client",
        &[("protect", r#"{"name":"iap","troubles":["oauth_client_misconfigured"]}"#)],
        &["--audience", "{client}", "{iap}"],
        "its OAuth client or consent screen is misconfigured",
        "Whoever runs 127.0.0.1",
    ),
    row(
        "serverless_iap_agent",
        &[("protect", r#"{"name":"iap","troubles":["agent_may_not_invoke"]}"#)],
        &["--audience", "{client}", "{iap}"],
        "got past Identity-Aware Proxy, but Cloud Run does not let the proxy in",
        "service-PROJECT_NUMBER@gcp-sa-iap.iam.gserviceaccount.com",
    ),
    row(
        "iap_no_access",
        &[("protect", r#"{"name":"iap","invokers":[]}"#)],
        &["--audience", "{client}", "{iap}"],
        "knows default@callerid-emulator.iam.gserviceaccount.com and does not let it in",
        "roles/iap.httpsResourceAccessor",
    ),
];

/// A refusal by somebody whom the emulator does not stand in for: its answer, and what is said about it.
struct Foreign {
    name: &'static str,
    status: &'static str,
    fields: &'static [(&'static str, &'static str)],
    body: &'static str,
    what: &'static str,
    hint: &'static str,
}

const fn foreign(
    name: &'static str,
    status: &'static str,
    fields: &'static [(&'static str, &'static str)],
    body: &'static str,
    what: &'static str,
    hint: &'static str,
) -> Foreign {
    Foreign { name, status, fields, body, what, hint }
}

/// Answers of nobody that the emulator stands in for, or that no token of `call` can meet there.
const OTHERS: [Foreign; 9] = [
    foreign(
        "iap_unreadable",
        "401 Unauthorized",
        &[OF_THE_PROXY],
        "Invalid IAP credentials: Unable to parse JWT",
        "could not read the token as a JWT",
        "--token-field proxy-authorization",
    ),
    foreign(
        "iap_other",
        "401 Unauthorized",
        &[OF_THE_PROXY],
        "Invalid IAP credentials: something new",
        "answered with status 401 and let nothing through",
        "on standard output",
    ),
    foreign(
        "iap_redirect",
        "302 Found",
        &[OF_THE_PROXY, ("Location", "https://example.com/denied?state=1")],
        "",
        "redirects to https://example.com/denied, which was not followed",
        "page for external identities",
    ),
    foreign(
        "gateway_issuer",
        "401 Unauthorized",
        &[],
        r#"{"code":401,"message":"Jwt issuer is not configured"}"#,
        "takes no tokens of this issuer",
        "callerid mint --type self-signed",
    ),
    foreign(
        "gateway_audience",
        "403 Forbidden",
        &[],
        r#"{"code":403,"message":"Audiences in Jwt are not allowed"}"#,
        "takes no tokens for http://127.0.0.1:",
        "its API description",
    ),
    foreign(
        "api_access_token",
        "401 Unauthorized",
        &[],
        r#"{"error":{"code":401,"details":[{"reason":"ACCESS_TOKEN_TYPE_UNSUPPORTED"}]}}"#,
        "is an API of Google's",
        "callerid mint --type access --header",
    ),
    foreign(
        "redirect",
        "307 Temporary Redirect",
        &[("Location", "/next")],
        "",
        "redirects to /next (307)",
        "/next",
    ),
    foreign("other", "404 Not Found", &[], "no such item", "answered with status 404", "the service's own"),
    foreign("other", "304 Not Modified", &[], "", "answered with status 304", "the service's own"),
];

const OF_THE_PROXY: (&str, &str) = ("X-Goog-IAP-Generated-Response", "true");

/// The call must end with exit status 1, be known as that refusal, and say so in two lines with these texts.
#[track_caller]
fn check(emulator: &Emulator, name: &str, arguments: &[&str], what: &str, hint: &str) {
    let ran = run(call(emulator, &[arguments, &["--explain"]].concat()), b"");
    assert_eq!(ran.code, 1, "{name}: {ran:?}");
    let [.., known_as, error, advice] = ran.err.lines().collect::<Vec<_>>()[..] else { panic!("{ran:?}") };
    assert_eq!(known_as, format!("explain: the refusal is known as {name}"), "{ran:?}");
    assert!(!ran.err.contains("secret"), "{name}: {ran:?}");
    assert!(error.starts_with("error: ") && error.contains(what), "{name}: {what:?} is not in {error}");
    assert!(advice.starts_with("hint: ") && advice.contains(hint), "{name}: {hint:?} is not in {advice}");

    // Without --explain there is nothing but the two lines, and what the token itself was warned of.
    let ran = run(call(emulator, arguments), b"");
    let lines = ran.err.lines().filter(|line| !line.starts_with("warning: "));
    assert_eq!((ran.code, lines.count()), (1, 2), "{name}: {ran:?}");
}

#[test]
fn every_refusal_is_explained() {
    let emulator = emulator();
    let urls = &emulator.urls().protected;
    let root = urls["function"].strip_suffix("/function").unwrap();
    let put_in = |text: &str| {
        let text = text.replace("{run}", &urls["run"]).replace("{iap}", &urls["iap"]);
        text.replace("{function}", &urls["function"]).replace("{root}", root).replace("{client}", CLIENT)
    };
    let mut met = BTreeSet::new();
    for Row { name, orders, arguments, what, hint } in RUN.iter().chain(&IAP) {
        order(&emulator, "reset", "{}");
        orders.iter().for_each(|(name, body)| order(&emulator, name, body));
        let arguments: Vec<String> = arguments.iter().map(|argument| put_in(argument)).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        check(&emulator, name, &arguments, &put_in(what), &put_in(hint));
        met.insert(*name);
    }
    order(&emulator, "reset", "{}");
    let server = Server::start(Answer::of("200 OK", ""));
    for Foreign { name, status, fields, body, what, hint } in OTHERS {
        let answer =
            fields.iter().fold(Answer::of(status, body), |answer, (name, value)| answer.field(name, value));
        server.now_answers(answer);
        check(&emulator, name, &[server.url()], what, hint);
        met.insert(name);
    }

    let table = include_str!("../../src/call/refusal_table.rs");
    let names = table.lines().filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","));
    let missed: Vec<_> = names.filter(|name| !met.contains(name)).collect();
    // No name on this machine is a domain of one's own; the unit tests have it.
    assert_eq!(missed, ["serverless_domain"]);
}

/// A far side that may name any audience could have a token made for somebody else, and sent to it.
#[test]
fn no_audience_is_repeated_but_that_of_a_client() {
    let emulator = emulator();
    for expected in ["https://victim.a.run.app", "$(reboot).apps.googleusercontent.com", "", "a b"] {
        let words =
            format!("Invalid IAP credentials: 'aud' claim (x) doesn't match expected value ({expected}))");
        let answer = Answer::of("401 Unauthorized", words).field("X-Goog-IAP-Generated-Response", "true");
        let server = Server::start(answer);
        let ran = run(call(&emulator, &[server.url()]), b"");
        assert_eq!((ran.code, ran.err.lines().count()), (1, 2), "{ran:?}");
        assert!(!ran.err.contains("callerid call"), "{}", ran.err);
    }
}

/// The token stays with the host that it was made for.
#[test]
fn no_redirect_is_followed() {
    let emulator = emulator();
    let elsewhere = Server::start(Answer::of("200 OK", "{}"));
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let server = Server::start(Answer::of(status, "moved").field("Location", elsewhere.url()));
        let ran = run(call(&emulator, &[server.url()]), b"");
        assert_eq!((ran.code, ran.out.as_str()), (1, "moved"), "{ran:?}");
        let next = format!("callerid call --metadata {}", elsewhere.url());
        assert!(ran.err.ends_with(&format!("{next}\n")), "{}", ran.err);
        assert_eq!(server.requests(), 1);
    }
    assert_eq!(elsewhere.requests(), 0);

    // What a sign-in page keeps in its query is not repeated.
    let location = "https://login.example/?state=secret";
    let server = Server::start(Answer::of("302 Found", "").field("Location", location));
    let ran = run(call(&emulator, &[server.url()]), b"");
    assert!(ran.err.contains("https://login.example/") && !ran.err.contains("secret"), "{}", ran.err);
}
