//! What is sent, what comes back, and what is not even tried.

use std::path::Path;
use std::time::Duration;

use callerid_emulator::{Config, Emulator};
use serde_json::Value;

use crate::server::{Answer, Server};
use crate::{CLIENT, call, emulator, file, run};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn tokens_open_what_they_are_made_for() {
    let emulator = emulator();
    let urls = &emulator.urls().protected;
    let rows: [(&str, &str, &[&str], &str); 6] = [
        ("iap", "/a?b", &["--self-signed"], "x-goog-authenticated-user-email"),
        ("run", "/a?b=c", &[], "authorization"),
        (
            "run",
            "",
            &["--token-field", "x-serverless-authorization", "-H", "Authorization: app"],
            "x-serverless-authorization",
        ),
        ("function", "/a", &["--audience", &urls["function"]], "authorization"),
        ("iap", "/a", &["--audience", CLIENT], "x-goog-iap-jwt-assertion"),
        (
            "iap",
            "/a",
            &["--audience", CLIENT, "--token-field", "proxy-authorization", "-H", "Authorization: app"],
            "authorization",
        ),
    ];
    for (name, path, arguments, field) in rows {
        let url = format!("{}{path}", urls[name]);
        let ran = run(call(&emulator, &[arguments, &[&url]].concat()), b"");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        let seen = parsed(&ran.out);
        assert!(seen["headers"][field].is_string(), "{seen}");
        assert_eq!(seen["method"], "GET");
        assert!(seen["path"].as_str().unwrap().ends_with(if path.is_empty() { "/" } else { path }), "{seen}");
        if arguments.contains(&"Authorization: app") {
            assert_eq!(seen["headers"]["authorization"], "app");
        }
    }
}

#[test]
fn what_is_sent_arrives_byte_for_byte() {
    let emulator = emulator();
    let url = &emulator.urls().protected["run"];
    let path = file("sent", b"line\r\nline\n");
    let name = format!("@{}", path.display());
    let form = "application/x-www-form-urlencoded";
    let rows: [(&[&str], &str, &str, &str); 9] = [
        (&["-d", "a=1&b=2"], "POST", form, "a=1&b=2"),
        (&["-d", &name], "POST", form, "line\r\nline\n"),
        (&["-d", "@-"], "POST", form, "from standard input"),
        (&["-d", "-"], "POST", form, "from standard input"),
        (&["--json", "{\"a\":1}"], "POST", "application/json", "{\"a\":1}"),
        (
            &["--json", "-", "-X", "PATCH", "-H", "Content-Type: text/plain"],
            "PATCH",
            "text/plain",
            "from standard input",
        ),
        (&["-d", "a", "-X", "GET"], "GET", form, "a"),
        (&["-X", "DELETE"], "DELETE", "", ""),
        (&["-X", "POST"], "POST", "", ""),
    ];
    for (arguments, method, kind, body) in rows {
        let ran = run(call(&emulator, &[arguments, &[url]].concat()), b"from standard input");
        assert_eq!(ran.code, 0, "{ran:?}");
        let seen = parsed(&ran.out);
        assert_eq!((&seen["method"], &seen["body"]), (&method.into(), &body.into()), "{arguments:?}");
        assert_eq!(seen["headers"]["content-type"].as_str().unwrap_or_default(), kind, "{arguments:?}");
        let has_length = seen["headers"]["content-length"].is_string();
        let is_chunked = seen["headers"]["transfer-encoding"] == "chunked";
        let is_stream = body == "from standard input";
        assert_eq!(
            (has_length, is_chunked),
            (!is_stream && method != "DELETE", is_stream),
            "{arguments:?} {seen}"
        );
    }
}

#[test]
fn several_fields_of_one_name_are_sent() {
    let emulator = emulator();
    let url = &emulator.urls().protected["run"];
    let ran = run(call(&emulator, &["-H", "X-A: 1", "-H", "x-a:2", url]), b"");
    assert_eq!(parsed(&ran.out)["headers"]["x-a"], "1, 2", "{ran:?}");

    let path = file("fields", b"X-A: 1\n\nX-B: 2\r\n");
    let name = format!("@{}", path.display());
    let ran = run(call(&emulator, &["-H", &name, "-H", "@-", url]), b"X-A: 3");
    let seen = parsed(&ran.out);
    assert_eq!((&seen["headers"]["x-a"], &seen["headers"]["x-b"]), (&"1, 3".into(), &"2".into()), "{ran:?}");
}

/// A service that is open to all is passed the whole token, and may show it.
#[test]
fn a_token_that_is_repeated_cannot_be_read() {
    let emulator = emulator();
    crate::order(&emulator, "protect", r#"{"name":"run","invokers":["allUsers"]}"#);
    let url = &emulator.urls().protected["run"];
    let path = file("repeated", b"");
    let name = path.to_str().unwrap();
    for arguments in [&[url.as_str()][..], &["-i", url], &["-o", name, url]] {
        let ran = run(call(&emulator, arguments), b"");
        let (_, body) = ran.out.rsplit_once("\n\n").unwrap_or(("", &ran.out));
        let kept = std::fs::read_to_string(&path).unwrap();
        let seen = parsed(if arguments.contains(&"-o") { &kept } else { body });
        let token = seen["headers"]["authorization"].as_str().unwrap();
        // As many as a signature by a key of 2048 bits has characters.
        assert!(
            token.starts_with("Bearer eyJ") && token.ends_with(&format!(".{}", "*".repeat(342))),
            "{token}"
        );
    }
}

#[test]
fn the_answer_goes_where_it_is_wanted() {
    let emulator = emulator();
    let url = &emulator.urls().protected["run"];
    let ran = run(call(&emulator, &["-i", url]), b"");
    let (head, body) = ran.out.split_once("\n\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\ncontent-type: application/json"), "{head}");
    assert_eq!(parsed(body)["backend"], "run");

    let path = file("answer", b"before");
    let name = path.to_str().unwrap();
    let read = || std::fs::read_to_string(&path).unwrap();
    let ran = run(call(&emulator, &["-o", name, "--audience", "https://other.example", url]), b"");
    assert_eq!((ran.code, read().as_str()), (1, "before"), "{ran:?}");
    assert!(ran.out.contains("Error: Unauthorized"), "{ran:?}");
    let ran = run(call(&emulator, &["-o", name, url]), b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    assert_eq!(parsed(&read())["backend"], "run");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_nobody_decided_ends_with_2() {
    let emulator = emulator();
    let broken = Server::start(Answer::of("503 Service Unavailable", "busy"));
    let ran = run(call(&emulator, &[broken.url()]), b"");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.lines().count()), (2, "busy", 2), "{ran:?}");

    let hanging = Server::start(Answer::of("200 OK", "").after(Duration::from_secs(60)));
    let ran = run(call(&emulator, &["--timeout", "1", hanging.url()]), b"");
    assert_eq!((ran.code, ran.err.lines().count()), (2, 2), "{ran:?}");
    assert!(ran.err.contains("no answer within 1 seconds"), "{ran:?}");

    // Nobody listens there.
    let ran = run(call(&emulator, &["http://127.0.0.1:1/"]), b"");
    assert_eq!((ran.code, ran.err.lines().count()), (2, 2), "{ran:?}");
}

/// Two lines, exit status 2, and neither the service nor the token's source is asked.
#[test]
fn what_cannot_be_sent_is_refused_before_a_token_is_minted() {
    let emulator = emulator();
    let server = Server::start(Answer::of("200 OK", ""));
    let url = server.url();
    let rows: [(&[&str], &str); 18] = [
        (&["http://192.0.2.1/"], "everybody on the way could read the token"),
        (&["http://localhost.example/"], "everybody on the way could read the token"),
        (&["ftp://127.0.0.1/"], "starts neither with https://"),
        (&["https://user:s3cr3t@svc.example/"], "user name or password"),
        (&["svc.example"], "starts neither with https://"),
        (&["https://"], "the URL cannot be called"),
        (&["-H", "Authorization: Bearer s3cr3t", url], "field authorization, and so has the token"),
        (&["-H", "content-length: 3", url], "which follows from what is sent"),
        (&["-H", "s3cr3t", url], "cannot be sent"),
        (&["-H", "X-A: s3cr3t\nX-B: 2", url], "cannot be sent"),
        (&["-H", "@/nowhere", url], "cannot be read"),
        (&["-H", "@-", "-d", "-", url], "cannot both come from standard input"),
        (&["-X", "GET s3cr3t", url], "names no method"),
        (&["-X", "CONNECT", url], "names no method"),
        (&["-X", "ya29.s3cr3t", url], "it is a token or a secret"),
        (&["-d", "@/nowhere/s3cr3t", url], "cannot be sent"),
        (&["-d", "a", "--json", "b", url], "does not go together"),
        (&["--timeout", "0", url], "--timeout"),
    ];
    for (arguments, what) in rows {
        let mut command = call(&emulator, arguments);
        // Whoever asks for a token here hears nothing.
        command.env("GCE_METADATA_HOST", "127.0.0.1:1");
        let ran = run(command, b"");
        assert_eq!(
            (ran.code, ran.err.lines().count(), ran.out.as_str()),
            (2, 2, ""),
            "{arguments:?} {ran:?}"
        );
        assert!(ran.err.contains(what), "{what:?} is not in {}", ran.err);
        let names_file = arguments.first() == Some(&"-d");
        assert!(names_file || !ran.err.contains("s3cr3t"), "{}", ran.err);
    }
    assert_eq!(server.requests(), 0);
}

/// What a person can have a token for would open all services to whoever gets it, so it is not sent unasked.
#[test]
fn people_are_asked_before_their_tokens_are_sent() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("call-credentials");
    let config = Config { protected: vec!["run=run".parse().unwrap()], ..Config::default() };
    let emulator = Emulator::start(Config { credentials: Some(directory), ..config }).unwrap();
    let (url, file) = (&emulator.urls().protected["run"], &emulator.urls().credentials["authorized_user"]);
    let client = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";
    let call = |arguments: &[&str]| {
        let mut command = crate::callerid(&emulator);
        command.args(["call", "--no-cache", "--credentials", file]).args(arguments).arg(url);
        run(command, b"")
    };
    let ran = call(&[]);
    assert_eq!((ran.code, ran.err.lines().count(), ran.out.as_str()), (2, 2, ""), "{ran:?}");
    for command in [
        format!("callerid call --credentials {file} --impersonate SERVICE_ACCOUNT {url}. "),
        format!("callerid call --audience {client} --credentials {file} {url}\n"),
    ] {
        assert!(ran.err.contains(&command), "{command} is not in {}", ran.err);
    }
    let ran = call(&["--audience", client]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(parsed(&ran.out)["headers"]["authorization"].is_string(), "{ran:?}");
    let ran = call(&["--impersonate", &emulator.urls().service_accounts[0]]);
    assert_eq!(ran.code, 0, "{ran:?}");
}
