//! The shape of every endpoint: one row a request, all through [`check`].

mod exchange;
mod iam;
mod metadata;
mod public;
mod resource_manager;

use callerid_emulator::Emulator;
use ureq::http::Method;

use crate::client::{agent, send};
use crate::{ATTACHED, OTHER, TARGET, access_token, order, start};

/// A request and what must be in its answer.
struct Case {
    /// Method and path; `ACCESS` in a header stands for an access token of the attached account.
    request: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    status: u16,
    /// How the content type begins.
    content_type: &'static str,
    /// Texts of the body.
    has: &'static [&'static str],
    /// Headers of the answer, each with how its value begins.
    answers: &'static [(&'static str, &'static str)],
}

const CASE: Case =
    Case { request: "", headers: &[], body: "", status: 200, content_type: "", has: &[], answers: &[] };

const JSON: &str = "application/json";
const TEXT: &str = "application/text";
const HTML: &str = "text/html";
const FLAVOR: &[(&str, &str)] = &[("metadata-flavor", "Google")];
const SERVED: &[(&str, &str)] =
    &[("metadata-flavor", "Google"), ("server", "Metadata Server for VM"), ("etag", "")];
const BEARER: &[(&str, &str)] = &[("authorization", "Bearer ACCESS")];
const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

fn check(emulator: &Emulator, access_token: &str, case: &Case) {
    let (method, path) = case.request.split_once(' ').expect("a method and a path");
    let headers: Vec<(&str, String)> =
        case.headers.iter().map(|(name, value)| (*name, value.replace("ACCESS", access_token))).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let method: Method = method.parse().expect("a method");
    let url = format!("{}{path}", emulator.urls().url);
    let answer = send(&agent(), &method, &url, &headers, case.body).expect("an answer");
    let request = case.request;
    assert_eq!(answer.status, case.status, "{request}: {}", answer.body);
    let content_type = answer.header("content-type");
    assert!(content_type.starts_with(case.content_type), "{request}: {content_type}");
    for text in case.has {
        assert!(answer.body.contains(text), "{request}: no {text} in {}", answer.body);
    }
    for (name, begin) in case.answers {
        assert!(answer.headers.contains_key(*name), "{request}: no header {name}");
        assert!(answer.header(name).starts_with(begin), "{request}: {name} is {}", answer.header(name));
    }
    assert!(answer.headers.contains_key("date"), "{request}: no date");
}

#[test]
fn have_the_shapes_of_googles() {
    let emulator = start();
    // What is left of a token's life is told in seconds, which must not pass meanwhile.
    order(&emulator, "clock", "{\"now\":1800000000}");
    let token = access_token(&emulator);
    for case in [metadata::ROWS, public::ROWS, iam::ROWS, exchange::ROWS, resource_manager::ROWS]
        .into_iter()
        .flatten()
    {
        check(&emulator, &token, case);
    }
}

#[test]
fn say_what_is_wrong_with_an_attached_account_that_is_gone() {
    let emulator = start();
    order(&emulator, "account", &format!("{{\"email\":\"{ATTACHED}\",\"deleted\":true}}"));
    for leaf in ["token", "identity?audience=x"] {
        let answer = crate::metadata(&emulator, &format!("instance/service-accounts/default/{leaf}"));
        let expected = format!("Not found; Gaia id not found for email {ATTACHED}");
        assert_eq!(answer.status, 404, "{leaf}");
        assert!(answer.body.contains(&expected), "{leaf}: {}", answer.body);
    }
    // Its keys are gone, and those of others are still there.
    let keys = |email: &str| {
        let url = emulator.urls().service_account_keys.replace("{email}", email);
        crate::client::get(&url, &[]).status
    };
    assert_eq!([ATTACHED, TARGET, OTHER].map(keys), [404, 200, 200]);
}
