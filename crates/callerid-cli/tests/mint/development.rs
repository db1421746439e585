//! Keys and tokens for tests, without Google.

use std::fs;

use crate::faults::assert_private;
use crate::{AUDIENCE, Ran, assert_refused, callerid, fresh_directory, home, run};

struct Bench {
    directory: std::path::PathBuf,
}

impl Bench {
    fn new(name: &str) -> Self {
        Self { directory: fresh_directory(name) }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = callerid(&home(&self.directory), arguments);
        command.current_dir(&self.directory);
        run(command)
    }

    fn claims(&self, ran: &Ran) -> serde_json::Value {
        assert_eq!(ran.code, 0, "{ran:?}");
        let decoded = self.run(&["decode", "--json", ran.out.trim()]);
        serde_json::from_str(&decoded.out).unwrap()
    }
}

#[test]
fn keys_of_both_kinds_sign_what_their_public_halves_verify() {
    for (kind, algorithm) in [("rsa", "RS256"), ("p256", "ES256")] {
        let bench = Bench::new(&format!("keygen-{kind}"));
        let made = bench.run(&["keygen", "--type", kind, "--public", "keys.json", "key.pem"]);
        assert_eq!((made.code, made.err.as_str()), (0, ""), "{made:?}");
        assert_private(&bench.directory.join("key.pem"));
        let shown = bench.run(&["keys", "show", "--keys", "keys.json"]);
        assert!(shown.out.contains(made.out.trim()) && shown.out.contains(algorithm), "{shown:?}");
        let token = bench.run(&["mint", "--audience", AUDIENCE, "--dev-key", "key.pem"]);
        assert_eq!((token.code, token.err.as_str()), (0, ""), "{token:?}");
        let arguments = ["verify", "--signature-only", "--keys", "keys.json", token.out.trim()];
        let verified = bench.run(&arguments);
        assert!(verified.code == 0 && verified.out.contains("https://callerid.test"), "{verified:?}");
        // Its issuer is its own, so nobody takes it for Google's.
        let arguments = ["verify", "--audience", AUDIENCE, "--keys", "keys.json", "--json", token.out.trim()];
        let command =
            callerid(&home(&bench.directory), &arguments).current_dir(&bench.directory).output().unwrap();
        let report = String::from_utf8(command.stdout).unwrap();
        assert!(
            command.status.code() == Some(1) && report.contains("issuer_mismatch") || kind == "p256",
            "{report}"
        );
    }
}

#[test]
fn a_key_is_never_overwritten() {
    let bench = Bench::new("keygen-twice");
    let made = bench.run(&["keygen", "--type", "p256", "key.pem"]);
    assert!(
        made.code == 0 && made.out.contains("\"keys\"") && made.err.contains("is in key.pem"),
        "{made:?}"
    );
    let before = fs::read_to_string(bench.directory.join("key.pem")).unwrap();
    assert!(!made.out.contains("\"d\"") && !made.err.contains(before.lines().nth(1).unwrap()), "{made:?}");
    assert_refused(&bench.run(&["keygen", "--type", "p256", "key.pem"]), 2, &["never overwritten"]);
    assert_eq!(fs::read_to_string(bench.directory.join("key.pem")).unwrap(), before);
    assert_refused(&bench.run(&["keygen", "--bits", "1024", "weak.pem"]), 2, &["1024 bits"]);
    assert_refused(&bench.run(&["keygen", "--type", "p256", "--bits", "384", "x.pem"]), 2, &["256 bits"]);
    assert_refused(
        &bench.run(&["keygen", "--type", "p256", "nowhere/key.pem"]),
        2,
        &["could not be written"],
    );
    // Without its public half a private key is of no use.
    let halves = ["keygen", "--type", "p256", "--public", "nowhere/keys.json", "half.pem"];
    assert_refused(&bench.run(&halves), 2, &["nowhere/keys.json could not be written"]);
    assert!(!bench.directory.join("half.pem").exists());
    assert!(!bench.directory.join("weak.pem").exists() && !bench.directory.join("x.pem").exists());
}

#[test]
fn tokens_say_what_they_are_told() {
    let bench = Bench::new("dev-claims");
    assert_eq!(bench.run(&["keygen", "--type", "p256", "key.pem"]).code, 0);
    let flags = [
        "mint",
        "--dev-key",
        "key.pem",
        "--audience",
        AUDIENCE,
        "--issuer",
        "https://issuer.test",
        "--email",
        "ann@example.com",
        "--subject",
        "7",
        "--lifetime",
        "60",
        "--claims",
        r#"{"hd":"example.com","azp":null}"#,
    ];
    let report = bench.claims(&bench.run(&flags));
    let claims = &report["unverified_claims"];
    let said = ["aud", "iss", "email", "sub", "hd"].map(|name| claims[name].as_str().unwrap());
    assert_eq!(said, [AUDIENCE, "https://issuer.test", "ann@example.com", "7", "example.com"]);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    assert!(claims.get("azp").is_none(), "{claims}");

    let mint = |more: &[&str]| {
        bench.run(&[&["mint", "--dev-key", "key.pem", "--audience", AUDIENCE], more].concat())
    };
    let nobody = bench.run(&["mint", "--dev-key", "key.pem"]);
    assert_refused(&nobody, 2, &["--audience is missing"]);
    assert_eq!(bench.run(&["mint", "--dev-key", "key.pem", "--claims", r#"{"aud":"a"}"#]).code, 0);
    let google = r#"{"iss":"https://accounts.google.com"}"#;
    assert_refused(&mint(&["--claims", google]), 2, &["issuer of Google's"]);
    assert_refused(&mint(&["--issuer", "https://accounts.google.com"]), 2, &["issuer of Google's"]);
    assert_refused(&mint(&["--claims", "{"]), 2, &["not JSON"]);
    assert_refused(&mint(&["--email", "ann"]), 2, &["NAME@DOMAIN"]);
    assert_refused(&mint(&["--imitate", "nobody"]), 2, &["--imitate", "confidential-space"]);
    assert_refused(&mint(&["--imitate", "google"]), 2, &["RS256"]);
    let nothing = bench.run(&["mint", "--dev-key", "no-key.pem", "--audience", AUDIENCE]);
    assert_refused(&nothing, 2, &["no-key.pem", "callerid keygen"]);
}

#[test]
fn an_imitation_says_so_loudly() {
    let bench = Bench::new("dev-imitation");
    assert_eq!(bench.run(&["keygen", "--type", "p256", "--public", "keys.json", "key.pem"]).code, 0);
    let audience = "/projects/123456789012/global/backendServices/987654321";
    let ran = bench.run(&["mint", "--dev-key", "key.pem", "--imitate", "iap", "--audience", audience]);
    assert!(ran.code == 0 && ran.err.contains("THIS TOKEN IMITATES GOOGLE'S"), "{ran:?}");
    let report = bench.claims(&ran);
    assert_eq!(report["header"]["callerid_test"], true);
    let flags = ["verify", "--profile", "iap", "--audience", audience, "--keys", "keys.json", ran.out.trim()];
    assert_eq!(bench.run(&flags).code, 0);
    let gke = "gke:https://container.googleapis.com/v1/projects/p/locations/l/clusters/c";
    let ran = bench.run(&["mint", "--dev-key", "key.pem", "--imitate", gke, "--audience", AUDIENCE]);
    assert_eq!(bench.claims(&ran)["unverified_claims"]["iss"].as_str(), gke.strip_prefix("gke:"));
}
