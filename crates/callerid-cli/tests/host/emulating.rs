//! `callerid emulate` as a program: its ready line, its warning, and its end.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::{callerid, data, run};

/// A running emulator, killed if a test fails.
struct Emulating {
    child: Child,
    ready: String,
}

impl Emulating {
    fn start(arguments: &[&str]) -> Self {
        let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-keys-kept-here");
        let mut command = callerid(&nowhere, &[&["emulate"], arguments].concat());
        command.stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
        Self { child, ready }
    }

    /// The text of a member of the ready line.
    fn member(&self, name: &str) -> &str {
        let begin = format!("\"{name}\":\"");
        let rest = self.ready.split_once(&begin).unwrap_or_else(|| panic!("no {name} in {}", self.ready)).1;
        rest.split_once('"').unwrap().0
    }

    /// Ends it as Ctrl-C does; gives its status and what it said on standard error.
    #[cfg(unix)]
    fn interrupt(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        std::io::Read::read_to_string(&mut self.child.stderr.take().unwrap(), &mut said).unwrap();
        (status.code(), said)
    }
}

impl Drop for Emulating {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn says_where_it_is_in_one_line() {
    let emulating = Emulating::start(&["--project", "p1", "--protect", "orders=run"]);
    let url = emulating.member("url");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    for (name, value) in [
        ("project_id", "p1".to_owned()),
        ("project_number", "123456789012".to_owned()),
        ("token_uri", format!("{url}/token")),
        ("iam_credentials", url.to_owned()),
        ("sts", format!("{url}/v1/token")),
        ("google", format!("{url}/oauth2/v3/certs")),
        ("service_account_keys", format!("{url}/service_accounts/v1/jwk/{{email}}")),
        ("discovery", format!("{url}/.well-known/openid-configuration")),
        ("tokeninfo", format!("{url}/tokeninfo")),
        ("control", format!("{url}/_emulator")),
    ] {
        assert_eq!(emulating.member(name), value, "{name}");
    }
    assert_eq!(format!("http://{}", emulating.member("metadata_host")), url);
    assert!(emulating.ready.contains("\"service_accounts\":[\"default@p1.iam.gserviceaccount.com\"]"));
    assert!(emulating.member("orders").starts_with("http://127.0.0.1:"));
    assert!(!emulating.ready.contains("\"proxy\""));
}

#[test]
fn reads_a_configuration_that_the_command_line_overrules() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emulator.toml");
    let text = "project_id = \"of-the-file\"\nproject_number = 42\n\
                [[service_accounts]]\nemail = \"a@of-the-file.iam.gserviceaccount.com\"\n\
                [[protected]]\nname = \"orders\"\nkind = \"iap\"\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let emulating = Emulating::start(&["--config", file]);
    assert_eq!(emulating.member("project_id"), "of-the-file");
    assert_eq!(emulating.member("project_number"), "42");
    assert!(emulating.ready.contains("[\"a@of-the-file.iam.gserviceaccount.com\"]"));
    let overruled = Emulating::start(&[
        "--config",
        file,
        "--project",
        "p2",
        "--service-account",
        "b@p2.iam.gserviceaccount.com",
        "--protect",
        "more=run",
    ]);
    assert_eq!(overruled.member("project_id"), "p2");
    assert_eq!(overruled.member("project_number"), "42");
    assert!(overruled.ready.contains("[\"b@p2.iam.gserviceaccount.com\"]"));
    assert!(
        overruled.member("orders").starts_with("http://") && overruled.member("more").starts_with("http://")
    );
}

#[test]
fn gives_keys_that_verify_takes() {
    let emulating = Emulating::start(&[]);
    let keys = emulating.member("google").to_owned();
    // A token of somebody else: that its key is not there says that keys were.
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emulated-keys");
    let arguments = ["verify", "--json", "--audience", "https://svc.example", "--keys", &keys];
    let ran = run(callerid(&nowhere, &arguments), data("valid.jwt"));
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("\"key_not_found\""), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn ends_well_when_it_is_interrupted() {
    assert_eq!(Emulating::start(&[]).interrupt(), (Some(0), String::new()));
}

#[cfg(unix)]
#[test]
fn warns_loudly_where_others_can_reach_it() {
    let emulating = Emulating::start(&["--listen", "0.0.0.0:0"]);
    assert!(emulating.member("url").starts_with("http://127.0.0.1:"));
    let (status, said) = emulating.interrupt();
    assert_eq!(status, Some(0));
    assert!(said.starts_with("WARNING: 0.0.0.0:0 can be reached from other machines."), "{said}");
    assert!(said.contains("\nhint: "), "{said}");
}

#[test]
fn says_in_two_lines_why_it_cannot_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (arguments, what) in [
        (vec!["--listen", &address], "cannot be listened on"),
        (vec!["--listen", "nowhere"], "--listen"),
        (vec!["--service-account", "nobody"], "no e-mail address of an account"),
        (vec!["--config", "/no/such/file"], "could not be read"),
        (vec!["--protect", "x=moon"], "--protect"),
        (vec!["--proxy"], "--write-credentials"),
        (vec!["--seed", "x"], "--seed"),
    ] {
        let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-keys-kept-here");
        let ran = run(callerid(&nowhere, &[vec!["emulate"], arguments].concat()), "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{what}");
        assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
        assert!(ran.err.contains(what) && ran.err.contains("\nhint: "), "{}", ran.err);
    }
}
