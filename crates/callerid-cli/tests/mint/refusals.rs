//! What Google refuses, as the emulator does, and what is said about it.

use callerid_emulator::{Config, Grant, ServiceAccount, TOKEN_CREATOR};
use serde_json::json;

use crate::{AUDIENCE, World, assert_refused};

const TARGET: &str = "target@callerid-emulator.iam.gserviceaccount.com";

fn world(name: &str) -> World {
    let service_accounts = vec![
        ServiceAccount::new("vm@callerid-emulator.iam.gserviceaccount.com"),
        ServiceAccount::new(TARGET),
    ];
    World::with(name, Config { service_accounts, ..Config::default() })
}

#[test]
fn a_deleted_key() {
    let world = world("deleted-key");
    let key = world.credentials("service_account");
    world.order("account", &json!({"email": world.account(), "key_deleted": true}));
    let says = ["does not know the key callerid-emulator-", "gcloud iam service-accounts keys create FILE"];
    assert_refused(&world.mint(&["--credentials", &key]), 1, &says);
}

#[test]
fn a_deleted_account() {
    let world = world("deleted-account");
    world.order("account", &json!({"email": world.account(), "deleted": true}));
    let says = ["no service account vm@", "gcloud iam service-accounts list"];
    assert_refused(&world.mint(&["--credentials", &world.credentials("service_account")]), 1, &says);
}

#[test]
fn a_misspelt_account() {
    let world = world("misspelt");
    let file = world.changed(
        "service_account",
        &[("client_email", "vn@callerid-emulator.iam.gserviceaccount.com".into())],
    );
    assert_refused(&world.mint(&["--credentials", &file]), 1, &["vn@callerid-emulator"]);
    let ran =
        world.mint(&["--metadata", "--impersonate", "nobody@callerid-emulator.iam.gserviceaccount.com"]);
    assert_refused(&ran, 1, &["nobody@callerid-emulator"]);
}

#[test]
fn a_clock_that_is_wrong() {
    let world = world("clock");
    for offset in [-7_200, 7_200] {
        world.order("clock", &json!({"offset": offset}));
        let ran = world.mint(&["--credentials", &world.credentials("service_account")]);
        assert_refused(&ran, 1, &["the clock of this machine", "timedatectl"]);
        // The metadata server has a clock of its own, and its tokens are good; a receiver may be of use.
        let ran = world.mint(&["--metadata"]);
        let says = if offset < 0 { "clock is at least 1 hour ahead of" } else { "hours behind" };
        assert!(
            ran.code == 0 && ran.err.starts_with("warning: ") && ran.err.contains(says),
            "{offset} {ran:?}"
        );
    }
}

#[test]
fn a_missing_role() {
    let world = world("role");
    let member = format!("serviceAccount:{}", world.account());
    world.order("revoke", &json!({"member": member, "target": "*"}));
    let command = format!(
        "add-iam-policy-binding {TARGET} --member='{member}' --role=roles/iam.serviceAccountTokenCreator"
    );
    for source in [vec!["--metadata"], vec!["--credentials", &world.credentials("service_account")]] {
        let ran = world.mint(&[source.as_slice(), &["--impersonate", TARGET]].concat());
        assert_refused(&ran, 1, &["may not speak for", &command]);
    }
}

#[test]
fn a_way_over_others() {
    let email = |name: &str| format!("{name}@callerid-emulator.iam.gserviceaccount.com");
    let member = |name: &str| format!("serviceAccount:{}", email(name));
    let service_accounts = ["vm", "middle", "target"].map(|name| ServiceAccount::new(email(name))).into();
    let grants = vec![
        Grant::new(member("vm"), TOKEN_CREATOR, email("middle")),
        Grant::new(member("middle"), TOKEN_CREATOR, TARGET),
    ];
    let world = World::with("way", Config { service_accounts, grants: Some(grants), ..Config::default() });
    assert_refused(&world.mint(&["--metadata", "--impersonate", TARGET]), 1, &["may not speak for"]);
    let ran = world.mint(&["--metadata", "--impersonate", TARGET, "--delegates", &email("middle")]);
    assert_eq!(world.verified(&ran.out, AUDIENCE)["email"], TARGET, "{ran:?}");
}

#[test]
fn an_api_that_is_off() {
    let world = world("api");
    world.order("services", &json!({"iam_credentials_disabled": true}));
    let ran = world.mint(&["--metadata", "--impersonate", TARGET]);
    assert_refused(
        &ran,
        1,
        &["not enabled in project", "gcloud services enable iamcredentials.googleapis.com"],
    );
}

#[test]
fn scopes_that_do_not_reach() {
    let world = world("scopes");
    world.order("metadata", &json!({"scopes": ["https://www.googleapis.com/auth/devstorage.read_only"]}));
    let ran = world.mint(&["--metadata", "--impersonate", TARGET]);
    assert_refused(
        &ran,
        1,
        &["without the scope cloud-platform", "gcloud compute instances set-service-account"],
    );
}

#[test]
fn a_federated_token_that_is_not_taken() {
    let world = world("federated-refused");
    let file = world.changed("external_account", &[("audience", "projects/my-project".into())]);
    let ran = world.mint(&["--credentials", &file]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 2), "{ran:?}");
    assert!(ran.err.contains("gcloud iam workload-identity-pools"), "{ran:?}");
}
