//! Cloud Build, whose metadata server has access tokens but no ID tokens.

use serde_json::{Value, json};

use crate::{Ran, World, assert_refused};

const AUDIENCE: &str = "https://foo.com";

fn builder(name: &str) -> World {
    let world = World::new(name);
    world.order("metadata", &json!({"is_cloud_build": true}));
    world
}

fn mint(world: &World) -> Ran {
    world.run(&["mint", "--audience", AUDIENCE])
}

#[test]
fn it_just_works() {
    let world = builder("cloud-build");
    let ran = mint(&world);
    let note = format!(
        "note: the metadata server has no ID tokens, as in Cloud Build, so {} speaks for itself through IAM Credentials\n",
        world.account()
    );
    assert_eq!((ran.code, &ran.err), (0, &note), "{ran:?}");
    world.verified(&ran.out, AUDIENCE);
    let decoded = world.run(&["decode", "--json", ran.out.trim()]);
    let report: Value = serde_json::from_str(&decoded.out).unwrap();
    let names = |member: &str| {
        let mut names: Vec<_> = report[member].as_object().unwrap().keys().cloned().collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(names("header"), "alg kid typ");
    assert_eq!(names("unverified_claims"), "aud azp email email_verified exp iat iss sub");
}

#[test]
fn each_step_is_explained() {
    let world = builder("cloud-build-explained");
    let ran = world.run(&["mint", "--audience", AUDIENCE, "--explain"]);
    for words in ["/identity?audience=", "-> 404", "as in Cloud Build", ":generateIdToken -> 200"] {
        assert!(ran.err.contains(words), "{words}: {ran:?}");
    }
}

#[test]
fn the_role_on_itself_is_asked_for() {
    let world = builder("cloud-build-role");
    let account = world.account();
    let member = format!("serviceAccount:{account}");
    world.order("revoke", &json!({"member": member, "target": "*"}));
    let command = format!(
        "gcloud iam service-accounts add-iam-policy-binding {account} --member='{member}' --role=roles/iam.serviceAccountTokenCreator"
    );
    let refused = |ran: Ran, says: &str| {
        let (note, error) = ran.err.split_once('\n').unwrap();
        assert!(note.starts_with("note: "), "{ran:?}");
        assert_refused(&Ran { err: error.into(), ..ran }, 1, &[says]);
    };
    refused(mint(&world), &command);
    world.order("grant", &json!({"member": member, "target": account}));
    assert_eq!(mint(&world).code, 0);
    world.order("services", &json!({"iam_credentials_disabled": true}));
    refused(mint(&world), "gcloud services enable iamcredentials.googleapis.com --project=");
}
