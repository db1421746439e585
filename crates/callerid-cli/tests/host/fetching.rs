//! What goes over the wire, and what is refused there.

use std::time::{Duration, Instant, SystemTime};

use crate::server::{Answer, Server};
use crate::{callerid, data, fresh_directory, run, verify, verify_now};

fn keys() -> Answer {
    Answer::of("200 OK", data("keys.json")).field("Cache-Control", "public, max-age=600")
}

#[test]
fn names_the_source_of_the_keys() {
    let cache = fresh_directory("names-the-source");
    let server = Server::start(keys());
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains(r#""key_source":{"from":"url","url":"http://127.0.0.1:"#), "{ran:?}");
    let again = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.contains(r#""key_source":{"from":"disk_cache""#), "{again:?}");
    assert_eq!(server.requests(), 1);
}

#[test]
fn follows_no_redirect() {
    let cache = fresh_directory("redirect");
    let elsewhere = Server::start(keys());
    let server = Server::start(Answer::of("302 Found", "").field("Location", elsewhere.url()));
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains(r#""code":"keys_unavailable""#) && ran.out.contains("redirect"), "{ran:?}");
    assert_eq!(elsewhere.requests(), 0);
}

#[test]
fn reads_no_endless_body() {
    let cache = fresh_directory("endless");
    let padded = data("keys.json") + &" ".repeat(callerid::KEY_SET_BYTES_MAX);
    let server = Server::start(Answer::of("200 OK", padded));
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("more than 262144 bytes"), "{ran:?}");
}

#[test]
fn waits_no_longer_than_it_says() {
    let cache = fresh_directory("hanging");
    let server = Server::start(keys().after(Duration::from_secs(60)));
    let started = Instant::now();
    let ran = verify_now(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("no answer within 5 seconds"), "{ran:?}");
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[test]
fn wants_https_beyond_this_machine() {
    let cache = fresh_directory("https");
    for url in
        ["http://192.0.2.1/", "http://localhost.example/", "ftp://127.0.0.1/", "https://a:b@keys.example/"]
    {
        let ran = verify_now(&cache, url, "valid.jwt", &[]);
        assert_eq!((ran.code, ran.err.lines().count(), ran.out.as_str()), (2, 2, ""), "{url} {ran:?}");
        assert!(!ran.err.contains("a:b"), "{ran:?}");
    }
}

#[test]
fn tells_that_the_clocks_differ() {
    let cache = fresh_directory("clock");
    let there = SystemTime::now() + Duration::from_secs(3_600);
    let server = Server::start(keys().field("Date", &httpdate::fmt_http_date(there)));
    // Whatever the real time is, this token is not in force.
    let ran = verify(&cache, server.url(), "valid.jwt", &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let note = r#""note":"clock_differs","message":"This machine's clock is "#;
    assert!(ran.out.contains(note) && ran.out.contains("behind that of 127.0.0.1"), "{ran:?}");

    // A time that was given is no clock.
    let ran = verify(&fresh_directory("clock"), server.url(), "valid.jwt", &["--now", "1"]);
    assert!(ran.code == 1 && !ran.out.contains("clock_differs"), "{ran:?}");
}

#[test]
fn an_old_answer_of_a_shared_cache_is_no_clock_that_is_wrong() {
    let cache = fresh_directory("clock-age");
    let made = SystemTime::now() - Duration::from_secs(500);
    let date = httpdate::fmt_http_date(made);
    let server = Server::start(keys().field("Date", &date).field("Age", "500"));
    let ran = verify(&cache, server.url(), "valid.jwt", &[]);
    assert!(ran.code == 1 && !ran.out.contains("clock_differs"), "{ran:?}");
}

#[test]
fn prints_a_key_set_as_it_came() {
    let cache = fresh_directory("keys-get");
    let server = Server::start(keys());
    let ran = run(callerid(&cache, &["keys", "get", "--url", server.url()]), "");
    assert_eq!((ran.code, ran.out), (0, data("keys.json")));

    let file = cache.join("keys.json");
    std::fs::create_dir_all(&cache).unwrap();
    let name = file.to_str().unwrap();
    let ran = run(callerid(&cache, &["keys", "get", "--url", server.url(), "--output", name]), "");
    assert_eq!((ran.code, std::fs::read_to_string(&file).unwrap()), (0, data("keys.json")));

    for (status, body, code) in [
        ("404 Not Found", "", 1),
        ("503 Service Unavailable", "", 2),
        ("200 OK", "<html>Please log in to this network</html>", 2),
    ] {
        server.now_answers(Answer::of(status, body));
        let ran = run(callerid(&cache, &["keys", "get", "--url", server.url(), "--output", name]), "");
        assert_eq!((ran.code, ran.err.lines().count(), ran.out.as_str()), (code, 2, ""), "{ran:?}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), data("keys.json"));
    }
}
