//! Faults of answers: what a client sees of each, how often, and where, all through [`check`].

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use callerid_emulator::{Config, Emulator};
use ureq::http::Method;

use crate::client::{Answer, agent, get, send};
use crate::{config, identity, order, start};

/// What is ordered, and what each request after it meets.
struct Case {
    order: &'static str,
    body: &'static str,
    path: &'static str,
    meets: &'static [Meets],
}

#[derive(Debug, PartialEq)]
enum Meets {
    /// The true answer.
    Truth,
    /// A status, and what stands in the body.
    Status(u16, &'static str),
    /// A status, and `Retry-After`.
    RetryAfter(u16, &'static str),
    /// No answer, or no whole one.
    Broken,
    /// HTML where something else was asked for.
    Html,
    /// An answer whose `Metadata-Flavor` is this.
    Flavor(&'static str),
}

use Meets::{Broken, Flavor, Html, RetryAfter, Status, Truth};

const KEYS: &str = "/oauth2/v3/certs";
const METADATA: &str = "/computeMetadata/v1/project/project-id";
const TOKENINFO: &str = "/tokeninfo";

const CASES: &[Case] = &[
    Case {
        order: "status",
        body: "{\"status\":503,\"endpoint\":\"keys\",\"count\":2}",
        path: KEYS,
        meets: &[Status(503, "<title>Error 503"), Status(503, ""), Truth],
    },
    Case { order: "status", body: "{\"status\":503,\"endpoint\":\"keys\"}", path: METADATA, meets: &[Truth] },
    Case {
        order: "status",
        body: "{\"status\":429,\"retry_after\":7}",
        path: KEYS,
        meets: &[RetryAfter(429, "7"), RetryAfter(429, "7")],
    },
    Case { order: "status", body: "{\"status\":429}", path: METADATA, meets: &[RetryAfter(429, "")] },
    Case {
        order: "status",
        body: "{\"status\":500}",
        path: METADATA,
        meets: &[Status(500, "Internal error encountered.")],
    },
    Case {
        order: "status",
        body: "{\"status\":503,\"endpoint\":\"tokeninfo\"}",
        path: TOKENINFO,
        meets: &[Status(503, "{\"error\":\"temporarily_unavailable\"")],
    },
    Case {
        order: "status",
        body: "{\"status\":500,\"probability\":0}",
        path: KEYS,
        meets: &[Truth, Truth, Truth],
    },
    Case {
        order: "status",
        body: "{\"status\":500,\"probability\":1,\"count\":1}",
        path: KEYS,
        meets: &[Status(500, ""), Truth],
    },
    Case { order: "cut", body: "{\"count\":1}", path: KEYS, meets: &[Broken, Truth] },
    Case { order: "truncate", body: "{\"count\":1}", path: KEYS, meets: &[Broken, Truth] },
    Case { order: "proxy-page", body: "{}", path: METADATA, meets: &[Html] },
    Case {
        order: "proxy-page",
        body: "{\"endpoint\":\"keys\",\"count\":1}",
        path: KEYS,
        meets: &[Html, Truth],
    },
    Case { order: "wrong-flavor", body: "{}", path: METADATA, meets: &[Flavor("Somebody-Else")] },
    Case { order: "no-flavor", body: "{}", path: METADATA, meets: &[Flavor("")] },
    Case { order: "latency", body: "{\"milliseconds\":1}", path: METADATA, meets: &[Flavor("Google")] },
];

fn met(answer: Result<Answer, ureq::Error>, expected: &Meets) -> bool {
    match (answer, expected) {
        (Err(_), Broken) => true,
        (Err(_), _) | (Ok(_), Broken) => false,
        (Ok(answer), Truth) => answer.status == 200,
        (Ok(answer), Status(status, text)) => answer.status == *status && answer.body.contains(text),
        (Ok(answer), RetryAfter(status, seconds)) => {
            answer.status == *status && answer.header("retry-after") == *seconds
        }
        (Ok(answer), Html) => answer.status == 200 && answer.body.starts_with("<html>"),
        (Ok(answer), Flavor(flavor)) => answer.status == 200 && answer.header("metadata-flavor") == *flavor,
    }
}

fn ask(emulator: &Emulator, path: &str) -> Result<Answer, ureq::Error> {
    let url = format!("{}{path}", emulator.urls().url);
    send(&agent(), &Method::GET, &url, &[("Metadata-Flavor", "Google")], "")
}

fn check(emulator: &Emulator, case: &Case) {
    order(emulator, case.order, case.body);
    for (index, expected) in case.meets.iter().enumerate() {
        let answer = ask(emulator, case.path);
        let told = format!("{answer:?}");
        assert!(met(answer, expected), "{} {} {index}: not {expected:?}: {told}", case.order, case.body);
    }
    // What was not used up is still there, until it is taken back.
    order(emulator, case.order, "{\"off\":true}");
    let state = get(&emulator.urls().control, &[]).json();
    assert_eq!(state["faults"].as_array().map(Vec::len), Some(0), "{}", case.order);
}

#[test]
fn meet_the_client_as_ordered() {
    let emulator = start();
    for case in CASES {
        check(&emulator, case);
    }
}

#[test]
fn of_one_kind_are_taken_back_where_they_are_alone() {
    let emulator = start();
    order(&emulator, "cut", "{\"endpoint\":\"keys\"}");
    order(&emulator, "cut", "{\"endpoint\":\"metadata\"}");
    order(&emulator, "cut", "{\"endpoint\":\"keys\",\"off\":true}");
    assert!(ask(&emulator, KEYS).is_ok());
    assert!(ask(&emulator, METADATA).is_err());
}

#[test]
fn strike_protected_backends_too() {
    let protected = vec!["orders=run".parse().expect("a backend")];
    let emulator = Emulator::start(Config { protected, ..config() }).expect("an emulator");
    let url = &emulator.urls().protected["orders"];
    let before = get(url, &[]).status;
    order(&emulator, "status", "{\"status\":503,\"endpoint\":\"protected\",\"count\":1}");
    assert_eq!([get(url, &[]).status, get(url, &[]).status], [503, before]);
}

#[test]
fn never_strike_the_control_endpoint() {
    let emulator = start();
    order(&emulator, "cut", "{}");
    order(&emulator, "latency", "{\"milliseconds\":600000}");
    order(&emulator, "reset", "{}");
    assert_eq!(ask(&emulator, KEYS).expect("an answer").status, 200);
}

#[test]
fn of_latency_wait_at_least_as_long() {
    let emulator = start();
    identity(&emulator, "");
    order(&emulator, "latency", "{\"milliseconds\":50}");
    let begun = Instant::now();
    ask(&emulator, METADATA).expect("an answer");
    // Only the lower bound: how long a busy machine takes is its own affair.
    assert!(begun.elapsed().as_millis() >= 50);
}

#[test]
fn of_chance_are_the_same_in_every_run_with_the_same_seed() {
    let run = || {
        let emulator = start();
        order(&emulator, "status", "{\"status\":500,\"probability\":0.5}");
        (0..32).map(|_| ask(&emulator, METADATA).expect("an answer").status).collect::<Vec<_>>()
    };
    let first = run();
    assert!(first.contains(&200) && first.contains(&500), "{first:?}");
    assert_eq!(run(), first);
}

#[test]
fn of_cuts_come_before_the_answer_or_in_the_middle_of_it() {
    let emulator = start();
    let received = |order_name: &str| {
        order(&emulator, order_name, "{\"count\":1}");
        let host = &emulator.urls().metadata_host;
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {KEYS} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        // A cut may be an end or an error; what came before counts.
        drop(stream.read_to_end(&mut bytes));
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(received("cut"), "");
    let truncated = received("truncate");
    let (head, body) = truncated.split_once("\r\n\r\n").expect("a head");
    let length = head.to_ascii_lowercase();
    let length = length.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
}
