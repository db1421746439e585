//! How two audiences differ, told so that the next attempt succeeds.

use alloc::format;
use alloc::string::String;

use crate::visible::visible;

/// An audience that is expected, and another that the token was made for.
struct Pair<'a> {
    expected: &'a str,
    found: &'a str,
}

/// One way in which two audiences can differ, most telling first.
struct Difference {
    applies: fn(&Pair<'_>) -> bool,
    sentence: &'static str,
    next_step: &'static str,
}

const CLIENT_ID_END: &str = ".apps.googleusercontent.com";
/// The client that gcloud asks for tokens with.
const GCLOUD_CLIENT_ID: &str = "32555940559.apps.googleusercontent.com";
/// The client of `gcloud auth application-default login`.
const LOGIN_CLIENT_ID: &str = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";

static DIFFERENCES: [Difference; 16] = [
    Difference {
        applies: |pair| pair.found == GCLOUD_CLIENT_ID,
        sentence: "The token was made for gcloud itself, which is what gcloud auth print-identity-token does without --audiences.",
        next_step: "Mint it with --audiences set to the expected audience (from a service account; people's tokens cannot have another one).",
    },
    Difference {
        applies: |pair| pair.found == LOGIN_CLIENT_ID,
        sentence: "The token was made for the client of gcloud auth application-default login, the only audience a person's credentials can have.",
        next_step: "Mint it from a service account, or impersonate one.",
    },
    Difference {
        applies: |pair| pair.found.trim() == pair.expected.trim(),
        sentence: "They differ only in white space at an end.",
        next_step: "Remove the white space where the audience is configured or minted.",
    },
    Difference {
        applies: |pair| pair.found.trim_end_matches('/') == pair.expected.trim_end_matches('/'),
        sentence: "They differ only in the slash at the end.",
        next_step: "Use one spelling on both sides; for Cloud Run, the URL without a slash at the end.",
    },
    Difference {
        applies: |pair| scheme_and_rest(pair.found).1 == scheme_and_rest(pair.expected).1,
        sentence: "They differ only in the scheme (http, https or none).",
        next_step: "Mint the token for the audience with the expected scheme, usually https.",
    },
    Difference {
        applies: |pair| pair.found.eq_ignore_ascii_case(pair.expected),
        sentence: "They differ only in upper and lower case.",
        next_step: "Use one spelling on both sides: audiences are compared character by character.",
    },
    Difference {
        applies: |pair| {
            is_url(pair.found)
                && is_url(pair.expected)
                && without_port(pair.found) == without_port(pair.expected)
        },
        sentence: "They differ only in the port.",
        next_step: "Mint the token for the audience as it is expected, with or without the port.",
    },
    Difference {
        applies: |pair| pair.found.starts_with("/projects/") && is_client_id(pair.expected),
        sentence: "The token is IAP's assertion, made for the back end's path; an OAuth client id is the audience of tokens sent to IAP, not of those that it adds.",
        next_step: "Expect the back end's path /projects/PROJECT_NUMBER/… instead of the client id.",
    },
    Difference {
        applies: |pair| is_client_id(pair.found) && pair.expected.starts_with("/projects/"),
        sentence: "The token was made for an OAuth client, as tokens sent to IAP are; a path /projects/… is the audience of the assertion that IAP adds to requests.",
        next_step: "Verify the token in x-goog-iap-jwt-assertion with the profile iap, or expect the client id.",
    },
    Difference {
        applies: |pair| is_client_id(pair.found) && is_client_id(pair.expected),
        sentence: "The token was made for another OAuth client; apps on Android and iOS must ask for the server's client id.",
        next_step: "Ask for the token with the server's (web) client id, or expect this client.",
    },
    Difference {
        applies: |pair| is_client_id(pair.found) && is_url(pair.expected),
        sentence: "The token was made for an OAuth client, but the URL of a service is expected.",
        next_step: "Mint the token for the service's URL: a person's sign-in token does not do here.",
    },
    Difference {
        applies: |pair| is_url(pair.found) && is_client_id(pair.expected),
        sentence: "The token was made for the URL of a service, but an OAuth client id is expected.",
        next_step: "Mint the token for the client id; behind IAP that is the client id that IAP uses.",
    },
    Difference {
        applies: |pair| {
            is_run_app(pair.found) != is_run_app(pair.expected) && is_url(pair.found) && is_url(pair.expected)
        },
        sentence: "One is a run.app URL and the other a custom domain; they are not the same audience to Cloud Run.",
        next_step: "Mint the token for the run.app URL, or add the custom domain to the service's custom audiences and expect it.",
    },
    Difference {
        applies: |pair| {
            is_url(pair.found) && is_url(pair.expected) && host(pair.found) == host(pair.expected)
        },
        sentence: "They name the same host with different paths.",
        next_step: "Mint the token for the expected path; Cloud Run expects the bare URL of the service, Cloud Functions of the first generation the whole URL of the function.",
    },
    Difference {
        applies: |pair| {
            is_project_number(last(pair.found)) != is_project_number(last(pair.expected))
                && !is_url(pair.found)
                && !is_url(pair.expected)
        },
        sentence: "One is a project's number and the other a project's id.",
        next_step: "Use the one that this kind of token carries: Firebase ID tokens the id, IAP, Chat and App Check the number.",
    },
    Difference {
        applies: |_| true,
        sentence: "",
        next_step: "Mint the token for the expected audience, or expect this one if the token is meant for this service.",
    },
];

/// What differs, and what to do.
pub(crate) fn explain(expected: &[String], found: &str) -> (String, String) {
    // Among several expected audiences the one that is nearest explains most.
    let nearest = |difference: &&Difference| {
        expected.iter().any(|expected| (difference.applies)(&Pair { expected, found }))
    };
    let difference = DIFFERENCES.iter().find(nearest).unwrap_or(&DIFFERENCES[15]);
    let expected = expected.join(" or ");
    let sentence =
        format!("The token was made for {}, but {} is expected.", visible(found), visible(&expected));
    let sentence = match difference.sentence {
        "" => sentence,
        how => format!("{sentence} {how}"),
    };
    (sentence, String::from(difference.next_step))
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn scheme_and_rest(text: &str) -> (&str, &str) {
    text.split_once("://").unwrap_or(("", text))
}

fn host(url: &str) -> &str {
    scheme_and_rest(url).1.split(['/', '?', '#', ':']).next().unwrap_or_default()
}

/// A URL without its port, in two pieces.
fn without_port(url: &str) -> (&str, &str) {
    let rest = scheme_and_rest(url).1;
    let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    (authority.split_once(':').map_or(authority, |(host, _)| host), path)
}

fn is_client_id(text: &str) -> bool {
    text.ends_with(CLIENT_ID_END)
}

fn is_run_app(url: &str) -> bool {
    host(url).ends_with(".run.app")
}

fn last(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or_default()
}

fn is_project_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
