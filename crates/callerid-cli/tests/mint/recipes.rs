//! The recipes and the example for Cloud Build do what they say. What is no `callerid` is a stand-in.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use callerid_emulator::{Config, Protected, ServiceAccount};
use serde_json::json;

use crate::World;

const ACCOUNT: &str = "caller@my-project.iam.gserviceaccount.com";

type Prepare = fn(&mut World);

/// Where each recipe is run, by the start of its heading: what is done before.
const PLACES: [(&str, Prepare); 10] = [
    ("On Google's machines", |_| ()),
    ("In Cloud Build", |world| world.order("metadata", &json!({"is_cloud_build": true}))),
    ("On a laptop", |_| ()),
    ("In GitHub Actions", |world| {
        world.set("GOOGLE_APPLICATION_CREDENTIALS", world.credentials("external_account"));
    }),
    ("With a key file", |world| {
        fs::copy(world.credentials("service_account"), world.directory.join("key.json")).unwrap();
    }),
    ("For Identity-Aware Proxy", |_| ()),
    ("For Google's own APIs", |_| ()),
    ("For tests", |_| ()),
    ("Variables", |_| ()),
    ("When it does not work", |_| ()),
];

/// `gcloud` logs in by laying a credentials file down; what else it is told is only written down.
const GCLOUD: &str = r#"#!/bin/sh
echo "gcloud $*" >> "$LOG"
file=authorized_user
case "$*" in *--impersonate-service-account=*) file=impersonated_service_account ;; esac
case "$*" in "auth application-default login"*)
  mkdir -p "$HOME/.config/gcloud"
  cp "$CREDENTIALS/$file.json" "$HOME/.config/gcloud/application_default_credentials.json" ;;
"auth print-identity-token"*) echo eyJ.from.gcloud ;;
esac
"#;

/// `curl` takes its header line from standard input, and wants one.
const CURL: &str = r#"#!/bin/sh
echo "curl $*" >> "$LOG"
read -r line
case "$line" in "Authorization: Bearer "?*) ;; *) echo "no header" >&2; exit 1 ;; esac
echo "$line" >> "$LOG.headers"
"#;

fn world(name: &str) -> World {
    let backend = Protected { invokers: Some(vec![ACCOUNT.into()]), ..("svc=run".parse().unwrap()) };
    let config = Config {
        project_id: "my-project".into(),
        service_accounts: vec![ServiceAccount::new(ACCOUNT)],
        protected: vec![backend],
        ..Config::default()
    };
    let mut world = World::with(name, config);
    let programs = world.directory.join("bin");
    fs::create_dir_all(&programs).unwrap();
    for (name, text) in [("gcloud", GCLOUD), ("curl", CURL)] {
        executable(&programs.join(name), text);
    }
    let callerid = Path::new(env!("CARGO_BIN_EXE_callerid")).parent().unwrap();
    world.set("PATH", format!("{}:{}:/usr/bin:/bin", programs.display(), callerid.display()));
    world.set("LOG", world.directory.join("log").display().to_string());
    world.set("CREDENTIALS", world.directory.join("credentials").display().to_string());
    world
}

fn executable(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a script as a shell would.
fn check(world: &World, place: &str, script: &str) {
    let mut command = Command::new("/bin/sh");
    command.args(["-euc", script]).current_dir(&world.directory).env_clear();
    command.envs(world.environment.iter().map(|(name, value)| (name, value)));
    let ran = command.output().unwrap();
    let error = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.success(), "{place}:\n{script}\n{error}");
    assert!(!error.contains("error:") && !error.contains("not found"), "{place}:\n{script}\n{error}");
}

/// The text of a file of this repository.
fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}

/// The commands of a section: blocks for the shell, and what workflows run.
fn scripts(section: &str) -> Vec<String> {
    let blocks = section.split("```").skip(1).step_by(2);
    let scripts = blocks.flat_map(|block| match block.split_once('\n').unwrap() {
        ("sh", script) => vec![script.to_owned()],
        ("yaml", workflow) => workflow
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- run: "))
            .map(String::from)
            .collect(),
        (other, _) => panic!("a block of {other}"),
    });
    scripts.collect()
}

#[test]
fn recipes_work() {
    let recipes = text("docs/recipes.md");
    let mut places = PLACES.iter();
    let mut count = 0;
    for section in recipes.split("\n## ").skip(1) {
        let (place, prepare) = places.next().unwrap_or_else(|| panic!("where is it? {section}"));
        assert!(section.starts_with(place), "{place}: {section}");
        let mut world = world(&format!("recipes-{count}"));
        prepare(&mut world);
        for script in scripts(section) {
            assert!(script.contains("callerid "), "{script}");
            check(&world, place, &script);
            count += 1;
        }
    }
    assert!(places.next().is_none() && count >= 11, "{count}");
}

#[test]
fn the_build_works() {
    let mut world = world("recipes-cloud-build");
    world.order("metadata", &json!({"is_cloud_build": true}));
    let service = world.protected("svc").to_owned();
    world.set("_SERVICE_URL", service);
    world.set("_ACCOUNT", ACCOUNT);
    let build = text("examples/cloud-build/cloudbuild.yaml");
    let (_, steps) = build.split_once("steps:\n").unwrap();
    let (steps, _) = steps.split_once("\nserviceAccount:").unwrap();
    let mut names = Vec::new();
    for step in steps.split("  - id: ").skip(1) {
        let (name, rest) = step.split_once('\n').unwrap();
        let (_, script) = rest.split_once("script: |\n").unwrap();
        let lines = script.lines().take_while(|line| line.is_empty() || line.starts_with("      "));
        let script: String = lines.map(|line| line.trim_start_matches("      ").to_owned() + "\n").collect();
        // What fetches and builds from the network is no subject here.
        if name != "install" {
            check(&world, name, &script);
        }
        names.push(name);
    }
    assert_eq!(names, ["install", "with-callerid", "with-callerid-and-curl", "with-gcloud"]);
    let headers = fs::read_to_string(world.directory.join("log.headers")).unwrap();
    let (minted, _) = headers.split_once('\n').unwrap();
    let token = minted.strip_prefix("Authorization: Bearer ").unwrap();
    assert_eq!(world.verified(token, world.protected("svc"))["email"], ACCOUNT);
}
