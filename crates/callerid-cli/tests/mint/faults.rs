//! Networks, disks and servers at their worst: a clear error, and nothing half-written.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::server::{Server, answer};
use crate::{AUDIENCE, World, assert_refused};

const KEY_SOURCES: [&str; 2] = ["service_account", "impersonated_service_account"];

#[test]
fn pages_and_pieces_are_no_tokens() {
    let world = World::new("pages");
    for (fault, says) in [("proxy-page", "a web page"), ("truncate", ""), ("cut", "was not reached")] {
        for endpoint in ["token", "metadata"] {
            world.order(fault, &json!({"endpoint": endpoint}));
        }
        for kind in KEY_SOURCES {
            let ran = world.mint(&["--credentials", &world.credentials(kind), "--no-cache"]);
            assert_refused(&ran, 2, &[says]);
        }
        // Whatever has the header and is a page is no token either.
        assert_refused(&world.mint(&["--metadata"]), 2, &[]);
        world.order("reset", &json!({}));
    }
}

#[test]
fn the_flavour_of_the_metadata_server_is_checked() {
    let world = World::new("flavour");
    for fault in ["wrong-flavor", "no-flavor"] {
        world.order(fault, &json!({}));
        assert_refused(&world.mint(&["--metadata"]), 2, &["is not Google's metadata server"]);
        world.order("reset", &json!({}));
    }
}

#[test]
fn what_passes_is_tried_again() {
    let world = World::new("again");
    world.order("status", &json!({"status": 503, "endpoint": "token", "count": 2}));
    let key = world.credentials("service_account");
    let ran = world.mint(&["--credentials", &key, "--explain", "--no-cache"]);
    assert!(ran.code == 0 && ran.err.matches("trying again").count() == 2, "{ran:?}");
    world.order("status", &json!({"status": 503, "endpoint": "token"}));
    let ran = world.mint(&["--credentials", &key, "--mint-timeout", "2"]);
    assert_refused(&ran, 2, &["status 503", "Try again"]);
    world.order("reset", &json!({}));
    // Who wants to be left alone for longer than there is time is not asked again.
    world.order("status", &json!({"status": 503, "endpoint": "token", "retry_after": 60}));
    let ran = world.mint(&["--credentials", &key, "--explain", "--mint-timeout", "20"]);
    assert!(ran.code == 2 && !ran.err.contains("trying again"), "{ran:?}");
    world.order("reset", &json!({}));
    // A refusal is one the second time, too; and so says Google of the status 502.
    for (status, code) in [("400 Bad Request", 1), ("403 Forbidden", 1), ("502 Bad Gateway", 2)] {
        let google = Server::start(move |_| Some(answer(status, "", "{}")));
        let file = world.changed("service_account", &[("token_uri", google.url("/token").into())]);
        assert_refused(&world.mint(&["--credentials", &file]), code, &[&status[..3]]);
        assert_eq!(google.asked().len(), 1, "{status}");
    }
}

#[test]
fn nobody_is_waited_for_longer_than_said() {
    let mut world = World::new("silent");
    let silent = Server::start(|_| None);
    let file = world.changed("service_account", &[("token_uri", silent.url("/token").into())]);
    let ran = world.mint(&["--credentials", &file, "--mint-timeout", "1"]);
    assert_refused(&ran, 2, &["no answer within 1 seconds", "--mint-timeout"]);
    world.set("GCE_METADATA_HOST", silent.host());
    assert_refused(&world.mint(&["--metadata", "--mint-timeout", "1"]), 2, &["no answer within 1 seconds"]);
    world.set("GCE_METADATA_TIMEOUT", "1");
    assert_refused(&world.mint(&[]), 2, &["there are no credentials"]);
}

#[test]
fn no_redirect_is_followed() {
    let world = World::new("redirect");
    let elsewhere = Server::start(|_| Some(answer("200 OK", "", r#"{"id_token":"a.b.c"}"#)));
    let location = format!("Location: {}\r\n", elsewhere.url("/"));
    let server = Server::start(move |_| Some(answer("307 Temporary Redirect", &location, "")));
    let file = world.changed("service_account", &[("token_uri", server.url("/token").into())]);
    assert_refused(&world.mint(&["--credentials", &file]), 2, &["redirect"]);
    assert!(elsewhere.asked().is_empty());
}

#[test]
fn an_endless_answer_is_cut_off() {
    let world = World::new("endless");
    let server = Server::start(|_| Some(answer("200 OK", "", &" ".repeat(1 << 20))));
    let file = world.changed("service_account", &[("token_uri", server.url("/token").into())]);
    assert_refused(&world.mint(&["--credentials", &file]), 2, &["more than 131072 bytes"]);
}

#[test]
fn a_token_is_written_whole_or_not_at_all() {
    let world = World::new("output");
    let file = world.directory.join("token");
    fs::write(&file, "what was there").unwrap();
    let name = file.to_str().unwrap();
    world.order("status", &json!({"status": 400, "endpoint": "metadata"}));
    assert_ne!(world.mint(&["--metadata", "--output", name]).code, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "what was there");
    world.order("reset", &json!({}));
    let ran = world.mint(&["--metadata", "--header", "--output", name]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    let line = fs::read_to_string(&file).unwrap();
    world.verified(line.strip_prefix("Authorization: Bearer ").unwrap(), AUDIENCE);
    assert_private(&file);
    let nowhere = world.directory.join("nowhere/token");
    let ran = world.mint(&["--metadata", "--output", nowhere.to_str().unwrap()]);
    assert_refused(&ran, 2, &["could not be written", "directory that you may write to"]);
    let left: Vec<_> =
        fs::read_dir(&world.directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".callerid")), "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let world = World::new("full");
    let ran = world.mint(&["--metadata", "--output", "/dev/full"]);
    assert_refused(&ran, 2, &["/dev/full could not be written"]);
    assert!(!Path::new("/dev/full").is_file(), "a device stays a device");
    let mut command = crate::callerid(&world.environment, &["mint", "--metadata", "--audience", AUDIENCE]);
    command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let done = command.output().unwrap();
    let error = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.code() == Some(2) && error.contains("the output could not be written"), "{error}");
}

#[test]
fn a_home_that_cannot_be_written_to_costs_no_token() {
    let mut world = World::new("read-only");
    // What cannot be a directory cannot be written to, whoever asks.
    let file = world.directory.join("no-directory");
    fs::write(&file, "").unwrap();
    world.set("CALLERID_CACHE_DIR", file.display().to_string());
    world.set("HOME", file.display().to_string());
    let ran = world.mint(&["--credentials", &world.credentials("service_account"), "--explain"]);
    assert!(ran.code == 0 && ran.err.contains("could not be kept on disk"), "{ran:?}");
    world.verified(&ran.out, AUDIENCE);
}

#[test]
fn usage_is_refused_before_anything_is_sent() {
    let world = World::new("usage");
    for (arguments, says) in [
        (vec!["mint"], "--audience is missing"),
        (vec!["mint", "--audience", " "], "the audience is empty"),
        (vec!["mint", "--type", "access", "--audience", "a"], "no audience"),
        (vec!["mint", "--audience", "a", "--scopes", "s"], "no scopes"),
        (vec!["mint", "--audience", "a", "--lifetime", "60"], "for Google to say"),
        (vec!["mint", "--type", "self-signed", "--audience", "a", "--scopes", "s"], "not both"),
        (vec!["mint", "--audience", "a", "--delegates", "d"], "--impersonate"),
        (vec!["mint", "--audience", "a", "--metadata", "--credentials", "f"], "does not go together"),
        (vec!["mint", "--audience", "a", "--claims", "{}"], "--dev-key"),
        (vec!["mint", "--audience", "a", "--dev-key", "k", "--metadata"], "does not go together"),
    ] {
        assert_refused(&world.run(&arguments), 2, &[says]);
    }
    for contents in ["", "{}", "[]", "not JSON", r#"{"installed":{}}"#] {
        let file = world.directory.join("bad.json");
        fs::write(&file, contents).unwrap();
        assert_refused(&world.mint(&["--credentials", file.to_str().unwrap()]), 2, &["bad.json"]);
    }
    assert_refused(
        &world.mint(&["--credentials", world.directory.to_str().unwrap()]),
        2,
        &["could not be read"],
    );
}

#[cfg(unix)]
pub(crate) fn assert_private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{}", file.display());
}

#[cfg(not(unix))]
pub(crate) fn assert_private(_: &Path) {}

#[test]
fn hostile_answers_do_not_reach_the_terminal() {
    let mut world = World::new("hostile");
    let words = "\u{1b}[31mred\u{202e}right\u{9b}2J\u{7}\nerror: another line\r\n";
    let text = json!({"error": words, "error_description": words, "error_subtype": words}).to_string();
    let google = Server::start(move |_| Some(answer("403 Forbidden", "Metadata-Flavor: Google\r\n", &text)));
    let file = world.changed("service_account", &[("token_uri", google.url("/json/").into())]);
    for more in [[].as_slice(), &["--explain"]] {
        let ran = world.mint(&[&["--credentials", &file], more].concat());
        assert_refused(&ran, 1, &["status 403", "another line"]);
    }
    let file = world.changed("service_account", &[("client_email", "a\u{1b}[1m@p.example".into())]);
    assert_eq!(world.mint(&["--credentials", &file, "--explain"]).code, 2);
    world.set("GCE_METADATA_HOST", google.host());
    assert_eq!(world.mint(&["--metadata", "--explain"]).code, 1);
    world.set("GCE_METADATA_HOST", "evil\u{202e}.example");
    assert_eq!(world.mint(&["--metadata", "--explain"]).code, 2);
}
