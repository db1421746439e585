//! Secrets are handed out where they were asked for, and nowhere else.

use std::fs;

use serde_json::{Value, json};

use crate::{AUDIENCE, Ran, World};

/// Stretches of every secret in the credentials files.
fn secrets(world: &World) -> Vec<String> {
    let mut secrets = Vec::new();
    for kind in ["service_account", "authorized_user", "external_account"] {
        let file: Value =
            serde_json::from_str(&fs::read_to_string(world.credentials(kind)).unwrap()).unwrap();
        if let Some(pem) = file["private_key"].as_str() {
            secrets.extend(
                pem.lines()
                    .filter(|line| !line.starts_with("-----"))
                    .map(|line| line[..16.min(line.len())].to_owned()),
            );
        }
        secrets.extend(
            ["client_secret", "refresh_token"]
                .iter()
                .filter_map(|name| Some(file[*name].as_str()?.to_owned())),
        );
    }
    let subject = fs::read_to_string(world.directory.join("credentials/subject_token")).unwrap();
    secrets.push(subject.rsplit('.').next().unwrap().to_owned());
    assert!(secrets.len() > 20 && secrets.iter().all(|secret| secret.len() >= 8), "{secrets:?}");
    secrets
}

/// Standard error holds no secret and nothing that looks like a token.
fn check(secrets: &[String], ran: &Ran) {
    for secret in secrets.iter().map(String::as_str).chain(["ya29.", "eyJ", "PRIVATE KEY"]) {
        assert!(!ran.err.contains(secret), "{secret}: {ran:?}");
    }
    if let Some(token) = Some(ran.out.trim()).filter(|token| !token.is_empty()) {
        let signature = token.rsplit('.').next().unwrap();
        assert!(!ran.err.contains(signature), "{ran:?}");
    }
    for secret in secrets {
        assert!(!ran.out.contains(secret), "{secret}: {ran:?}");
    }
}

#[test]
fn no_step_and_no_error_shows_one() {
    let world = World::new("secrecy");
    let secrets = secrets(&world);
    let account = world.account().to_owned();
    let files = ["service_account", "authorized_user", "external_account", "impersonated_service_account"];
    let files = files.map(|kind| world.credentials(kind));
    let mut sources: Vec<Vec<&str>> = files.iter().map(|file| vec!["--credentials", file.as_str()]).collect();
    sources.push(vec!["--metadata"]);
    let all = |world: &World| {
        for source in &sources {
            for kind in ["id", "access", "self-signed"] {
                for impersonated in [false, true] {
                    let mut arguments =
                        vec!["mint", "--explain", "--no-cache", "--mint-timeout", "1", "--type", kind];
                    arguments.extend(source);
                    if kind != "access" {
                        arguments.extend(["--audience", AUDIENCE]);
                    }
                    if impersonated {
                        arguments.extend(["--impersonate", &account]);
                    }
                    check(&secrets, &world.run(&arguments));
                }
            }
        }
    };
    all(&world);
    for (order, body) in [
        ("status", json!({"status": 401})),
        ("proxy-page", json!({})),
        ("truncate", json!({})),
        ("services", json!({"iam_credentials_disabled": true})),
        ("account", json!({"email": account, "key_deleted": true})),
    ] {
        world.order(order, &body);
        all(&world);
        world.order("reset", &json!({}));
    }
}

#[test]
fn a_damaged_file_is_not_quoted() {
    let world = World::new("secrecy-files");
    let secrets = secrets(&world);
    for kind in ["service_account", "authorized_user", "impersonated_service_account"] {
        let text = fs::read_to_string(world.credentials(kind)).unwrap();
        let file = world.directory.join("damaged.json");
        for (from, to) in
            [("\"", ""), (":", "="), ("\\n", ""), ("type", "typ"), ("BEGIN", "BEGUN"), ("http", "ftp")]
        {
            fs::write(&file, text.replacen(from, to, 4)).unwrap();
            check(
                &secrets,
                &world.mint(&["--credentials", file.to_str().unwrap(), "--explain", "--no-cache"]),
            );
        }
        for length in (0..text.len()).step_by(97) {
            fs::write(&file, &text[..length]).unwrap();
            let ran = world.mint(&["--credentials", file.to_str().unwrap()]);
            assert_eq!(ran.code, 2, "{ran:?}");
            check(&secrets, &ran);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn programs_get_no_secret() {
    let mut world = World::new("secrecy-programs");
    world.set("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1");
    let seen = world.directory.join("seen");
    let script = world.directory.join("program.sh");
    let source = format!("tr '\\0' '\\n' < /proc/$$/cmdline > '{0}'; env >> '{0}'; exit 1", seen.display());
    fs::write(&script, source).unwrap();
    let command = format!("/bin/sh '{}' --for google", script.display());
    let source = json!({"executable": {"command": command}});
    let client = ("client_secret", "GOCSPX-not-for-programs".into());
    let file = world
        .changed("external_account", &[("credential_source", source), ("client_id", "c".into()), client]);
    assert_eq!(world.mint(&["--credentials", &file]).code, 2);
    let seen = fs::read_to_string(&seen).unwrap();
    assert!(
        seen.contains("--for\ngoogle") && seen.contains("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE=//iam"),
        "{seen}"
    );
    assert!(!seen.contains("GOCSPX") && !seen.contains("eyJ") && !seen.contains("ya29."), "{seen}");
}
