//! Every source yields a token that verifies.

use std::fs;

use callerid_emulator::Config;
use serde_json::json;

use crate::server::{Server, answer};
use crate::{AUDIENCE, Ran, World, assert_refused};

const CLIENT: &str = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";

/// The token is for the audience and speaks for the account.
fn check(world: &World, ran: &Ran) {
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let claims = world.verified(&ran.out, AUDIENCE);
    assert_eq!(claims["email"], world.account(), "{claims}");
}

#[test]
fn credentials_files() {
    let world = World::new("credentials-files");
    for kind in ["service_account", "impersonated_service_account", "external_account"] {
        check(&world, &world.mint(&["--credentials", &world.credentials(kind)]));
    }
    let person = world.credentials("authorized_user");
    check(&world, &world.mint(&["--credentials", &person, "--impersonate", world.account()]));
    assert_refused(
        &world.mint(&["--credentials", &person]),
        2,
        &["a person", "--impersonate SERVICE_ACCOUNT"],
    );
    let ran = world.run(&["mint", "--audience", CLIENT, "--credentials", &person]);
    assert_eq!(world.verified(&ran.out, CLIENT)["email"], "ann@example.com", "{ran:?}");
}

#[test]
fn the_metadata_server() {
    let world = World::new("metadata");
    check(&world, &world.mint(&["--metadata"]));
    check(&world, &world.mint(&["--metadata", "--impersonate", world.account()]));
    let odd = "https://svc.example/a?b=c&format=standard#d e";
    let ran = world.run(&["mint", "--metadata", "--audience", odd]);
    assert_eq!(world.verified(&ran.out, odd)["email"], world.account());
    for name in ["GCE_METADATA_IP", "GCE_METADATA_ROOT"] {
        let mut world = World::new("metadata-names");
        let (_, host) = world.url().split_once("://").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        world.unset("GCE_METADATA_HOST");
        world.set(name, host);
        check(&world, &world.mint(&["--metadata"]));
    }
}

#[test]
fn application_default_credentials_in_their_order() {
    let mut world = World::new("default-order");
    // What is left is the metadata server.
    let explained = |world: &World| world.mint(&["--explain", "--no-cache"]);
    assert!(explained(&world).err.contains("what is left is the metadata server"));
    // Then gcloud's file, where it is and where CLOUDSDK_CONFIG says.
    let gcloud = world.directory.join("home/.config/gcloud");
    let file = "application_default_credentials.json";
    fs::create_dir_all(&gcloud).unwrap();
    fs::copy(world.credentials("impersonated_service_account"), gcloud.join(file)).unwrap();
    let ran = explained(&world);
    assert!(ran.code == 0 && ran.err.contains("where gcloud left them"), "{ran:?}");
    let elsewhere = world.directory.join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    world.set("CLOUDSDK_CONFIG", elsewhere.display().to_string());
    assert!(explained(&world).err.contains("what is left is the metadata server"));
    fs::copy(world.credentials("impersonated_service_account"), elsewhere.join(file)).unwrap();
    assert!(explained(&world).err.contains("elsewhere"), "{:?}", explained(&world));
    // Then the variable, even if its file is not there.
    world.set("GOOGLE_APPLICATION_CREDENTIALS", world.credentials("service_account"));
    let ran = explained(&world);
    assert!(ran.code == 0 && ran.err.contains("as GOOGLE_APPLICATION_CREDENTIALS says"), "{ran:?}");
    world.set("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json");
    assert_refused(
        &world.mint(&[]),
        2,
        &["/nowhere/key.json", "GOOGLE_APPLICATION_CREDENTIALS", "Check the path"],
    );
    // And before it, the flag.
    check(&world, &world.mint(&["--credentials", &world.credentials("service_account")]));
}

#[test]
fn no_credentials_at_all() {
    let mut world = World::new("nothing");
    world.set("NO_GCE_CHECK", "true");
    assert_refused(
        &world.mint(&[]),
        2,
        &["there are no credentials", "gcloud auth application-default login"],
    );
    world.unset("NO_GCE_CHECK");
    world.set("METADATA_SERVER_DETECTION", "none");
    assert_refused(&world.mint(&[]), 2, &["there are no credentials"]);
    world.unset("METADATA_SERVER_DETECTION");
    // Whatever answers at that address elsewhere is not Google's.
    let other = Server::start(|_| Some(answer("404 Not Found", "", "<html>Amazon</html>")));
    world.set("GCE_METADATA_HOST", other.host());
    assert_refused(&world.mint(&[]), 2, &["there are no credentials", "no metadata server answers"]);
    assert_refused(&world.mint(&["--metadata"]), 2, &["is not Google's metadata server"]);
}

#[test]
fn access_tokens() {
    let world = World::new("access-tokens");
    let mut sources = vec![vec!["--metadata"], vec!["--metadata", "--impersonate", world.account()]];
    let files = ["service_account", "impersonated_service_account", "external_account", "authorized_user"];
    let files = files.map(|kind| world.credentials(kind));
    sources.extend(files.iter().map(|file| vec!["--credentials", file.as_str()]));
    for source in sources {
        let ran = world.run(&[&["mint", "--type", "access"], source.as_slice()].concat());
        assert!(ran.code == 0 && ran.out.starts_with("ya29."), "{source:?} {ran:?}");
        let url = format!("{}/tokeninfo?access_token={}", world.url(), ran.out.trim());
        let info = ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap();
        assert!(info.contains("https://www.googleapis.com/auth/cloud-platform"), "{source:?} {info}");
    }
    assert!(!world.directory.join("cache/tokens").exists(), "no access token is kept");
}

#[test]
fn self_signed_tokens() {
    let world = World::new("self-signed");
    let profile = format!("service-account:{}", world.account());
    let keys = format!("{}/service_accounts/v1/jwk/{}", world.url(), world.account());
    let (key, external) =
        (world.credentials("service_account"), world.credentials("impersonated_service_account"));
    for source in [
        vec!["--credentials", &key],
        vec!["--credentials", &external],
        vec!["--metadata"],
        vec!["--metadata", "--impersonate", world.account()],
    ] {
        let arguments = ["mint", "--type", "self-signed", "--audience", AUDIENCE, "--lifetime", "600"];
        let ran = world.run(&[&arguments, source.as_slice()].concat());
        assert_eq!(ran.code, 0, "{source:?} {ran:?}");
        let flags = ["--audience", AUDIENCE, "--profile", &profile, "--keys", &keys];
        let claims = world.verified_with(&ran.out, &flags);
        assert_eq!((&claims["iss"], &claims["sub"]), (&world.account().into(), &world.account().into()));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    }
    let ran = world.run(&["mint", "--type", "self-signed", "--credentials", &key, "--scopes", "a,b"]);
    let decoded = world.run(&["decode", "--json", ran.out.trim()]);
    assert!(decoded.out.contains(r#""scope":"a b""#), "{decoded:?}");
    let person = world.credentials("authorized_user");
    let ran = world.run(&["mint", "--type", "self-signed", "--credentials", &person]);
    assert_refused(&ran, 2, &["authorized_user", "--impersonate"]);
}

#[test]
fn federated_tokens_come_from_files_addresses_programs_and_amazon() {
    let mut world = World::new("federated");
    let file = fs::read_to_string(world.credentials("external_account")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let path = file["credential_source"]["file"].as_str().unwrap().to_owned();
    let subject = fs::read_to_string(&path).unwrap();

    let reply = json!({"value": subject}).to_string();
    let ci = Server::start(move |_| Some(answer("200 OK", "", &reply)));
    let format = json!({"type": "json", "subject_token_field_name": "value"});
    let source =
        json!({"url": ci.url("/token"), "headers": {"Authorization": "bearer ci-secret"}, "format": format});
    let file = world.changed("external_account", &[("credential_source", source)]);
    check(&world, &world.mint(&["--credentials", &file]));
    let asked = ci.asked().remove(0);
    assert!(
        asked.fields.iter().any(|field| field.eq_ignore_ascii_case("authorization: bearer ci-secret")),
        "{asked:?}"
    );

    let printed = world.directory.join("printed.json");
    let kind = "urn:ietf:params:oauth:token-type:jwt";
    let printed_text = json!({"version": 1, "success": true, "token_type": kind, "id_token": subject});
    fs::write(&printed, printed_text.to_string()).unwrap();
    let command = format!("/bin/cat '{}'", printed.display());
    let source = json!({"executable": {"command": command}});
    let file = world.changed("external_account", &[("credential_source", source)]);
    assert_refused(
        &world.mint(&["--credentials", &file]),
        2,
        &["GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1"],
    );
    world.set("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1");
    check(&world, &world.mint(&["--credentials", &file]));
    let slow = json!({"executable": {"command": "/bin/sleep 60"}});
    let file = world.changed("external_account", &[("credential_source", slow)]);
    assert_refused(
        &world.mint(&["--credentials", &file, "--mint-timeout", "1"]),
        2,
        &["was not done within"],
    );
    for (command, says) in
        [("/bin/false", "it failed"), ("/nowhere/program", "did not start"), ("'", "cannot be read")]
    {
        let source = json!({"executable": {"command": command}});
        let file = world.changed("external_account", &[("credential_source", source)]);
        assert_refused(&world.mint(&["--credentials", &file]), 2, &[says]);
    }
}

#[test]
fn amazon_is_asked_within_a_session() {
    let mut world = World::new("amazon");
    let amazon = Server::start(|asked| {
        let role = r#"{"AccessKeyId":"AKID","SecretAccessKey":"aws-secret","Token":"aws-session"}"#;
        let body = match asked.line.as_str() {
            line if line.starts_with("PUT /token") => "imds-session",
            line if line.starts_with("GET /zone") => "us-east-2b",
            line if line.starts_with("GET /roles/my-role") => role,
            line if line.starts_with("GET /roles") => "my-role",
            _ => return Some(answer("404 Not Found", "", "")),
        };
        Some(answer("200 OK", "", body))
    });
    // Google, as far as it goes here: what is handed in is what counts.
    let google = Server::start(|asked| {
        let body = if asked.line.contains("/sts") {
            r#"{"access_token":"ya29.federated","expires_in":3600}"#
        } else {
            r#"{"error":{"code":403,"status":"PERMISSION_DENIED","message":"Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource"}}"#
        };
        let status = if asked.line.contains("/sts") { "200 OK" } else { "403 Forbidden" };
        Some(answer(status, "", body))
    });
    world.unset("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS");
    let source = json!({
        "environment_id": "aws1", "region_url": amazon.url("/zone"), "url": amazon.url("/roles"),
        "imdsv2_session_token_url": amazon.url("/token"),
        "regional_cred_verification_url": "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
    });
    let account = "sa@p.iam.gserviceaccount.com";
    let url = google.url(&format!("/v1/projects/-/serviceAccounts/{account}:generateAccessToken"));
    let changes = [
        ("credential_source", source),
        ("token_url", google.url("/sts").into()),
        ("service_account_impersonation_url", url.into()),
        ("subject_token_type", "urn:ietf:params:aws:token-type:aws4_request".into()),
    ];
    let file = world.changed("external_account", &changes);
    let ran = world.mint(&["--explain", "--credentials", &file]);
    assert_refused(
        &ran,
        1,
        &["principalSet://iam.googleapis.com/", account, "roles/iam.serviceAccountTokenCreator"],
    );
    assert!(
        !ran.err.contains("aws-secret") && !ran.err.contains("aws-session") && !ran.err.contains("ya29"),
        "{ran:?}"
    );
    let asked = amazon.asked();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(
        asked[1..].iter().all(|asked| asked.fields.iter().any(|field| field.ends_with("imds-session"))),
        "{asked:?}"
    );
    let form = &google.asked()[0].body;
    assert!(form.contains("sts.us-east-2.amazonaws.com") && form.contains("AWS4-HMAC-SHA256"), "{form}");
    assert!(!form.contains("aws-secret"), "{form}");
}

#[test]
fn delegates_and_the_project_that_pays_are_passed_on() {
    let mut world = World::new("delegates");
    let google = Server::start(|_| Some(answer("403 Forbidden", "", "{}")));
    world.set("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", google.url(""));
    world.set("GOOGLE_CLOUD_QUOTA_PROJECT", "payer");
    let delegates = "a@p.iam.gserviceaccount.com,b@p.iam.gserviceaccount.com";
    let flags = ["--metadata", "--impersonate", "c@p.iam.gserviceaccount.com", "--delegates", delegates];
    assert_refused(&world.mint(&flags), 1, &["status 403"]);
    let asked = google.asked().remove(0);
    assert!(
        asked.line.contains("/v1/projects/-/serviceAccounts/c@p.iam.gserviceaccount.com:generateIdToken")
    );
    let chain = r#""delegates":["projects/-/serviceAccounts/a@p.iam.gserviceaccount.com","projects/-/serviceAccounts/b@p.iam.gserviceaccount.com"]"#;
    assert!(asked.body.contains(chain) && asked.body.contains(r#""includeEmail":true"#), "{asked:?}");
    assert!(
        asked.fields.iter().any(|field| field.eq_ignore_ascii_case("x-goog-user-project: payer")),
        "{asked:?}"
    );
    for odd in ["a/../b@c", "a@b:generateAccessToken?", "", "a b@c"] {
        assert_refused(&world.mint(&["--metadata", "--impersonate", odd]), 2, &["no service account"]);
    }
    world.set("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", "http://evil.example/");
    assert_refused(&world.mint(&flags), 2, &["CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", "https"]);
}

#[test]
fn the_login_of_a_company() {
    let world = World::new("workforce");
    let google = Server::start(|_| {
        Some(answer("200 OK", "", r#"{"access_token":"ya29.workforce","expires_in":"3600"}"#))
    });
    let file = json!({
        "type": "external_account_authorized_user", "audience": "//iam.googleapis.com/locations/global/workforcePools/p/providers/q",
        "client_id": "me", "client_secret": "pw", "refresh_token": "refresh", "token_url": google.url("/v1/oauthtoken"),
    });
    let path = world.directory.join("workforce.json");
    fs::write(&path, file.to_string()).unwrap();
    let path = path.to_str().unwrap();
    let ran = world.run(&["mint", "--type", "access", "--credentials", path]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "ya29.workforce\n"), "{ran:?}");
    let asked = google.asked().remove(0);
    assert!(
        asked.fields.iter().any(|field| field.eq_ignore_ascii_case("authorization: basic bWU6cHc=")),
        "{asked:?}"
    );
    assert_eq!(asked.body, "grant_type=refresh_token&refresh_token=refresh");
    let ran = world.run(&["mint", "--type", "access", "--credentials", path, "--scopes", "s"]);
    assert!(ran.code == 0 && ran.err.contains("--scopes changes nothing"), "{ran:?}");
    assert_refused(&world.mint(&["--credentials", path]), 2, &["no token of their own", "--impersonate"]);
}

#[test]
fn another_cloud_has_no_token_endpoint() {
    let mut world = World::new("universe");
    let cloud = Server::start(|_| Some(answer("404 Not Found", "", "{}")));
    world.set("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", cloud.url(""));
    let file = world.changed("service_account", &[("universe_domain", "apis.example".into())]);
    assert_refused(&world.mint(&["--credentials", &file]), 1, &["there is no service account"]);
    let asked = cloud.asked().remove(0);
    assert!(asked.line.contains(":generateIdToken"), "{asked:?}");
    let word = asked.fields.iter().find(|field| field.to_lowercase().starts_with("authorization: "));
    let word = word.unwrap().split(' ').nth(2).unwrap();
    let decoded = world.run(&["decode", "--json", word]);
    assert!(decoded.out.contains(r#""scope":"https://www.googleapis.com/auth/iam""#), "{decoded:?}");

    world.unset("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS");
    world.set("HTTPS_PROXY", cloud.url("/"));
    let ran = world.mint(&["--credentials", &file, "--explain"]);
    assert!(ran.code == 2 && ran.err.contains("https://iamcredentials.apis.example/v1/"), "{ran:?}");
}

#[test]
fn googles_own_addresses_are_used_where_nothing_else_is_said() {
    let proxy = Config { proxy: true, ..Config::default() };
    let mut world = World::with("own-addresses", proxy);
    let (url, authority) = world.proxy();
    world.unset("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS");
    world.set("HTTPS_PROXY", url);
    world.set("SSL_CERT_FILE", authority);
    let account = world.account().to_owned();
    let at_google = "https://oauth2.googleapis.com/token";
    let key = world.changed("service_account", &[("token_uri", at_google.into())]);
    let ran = world.mint(&["--credentials", &key, "--explain"]);
    assert!(ran.code == 0 && ran.err.contains(at_google), "{ran:?}");
    world.verified(&ran.out, AUDIENCE);
    for source in [vec!["--metadata"], vec!["--credentials", &key]] {
        let ran = world.mint(&[source.as_slice(), &["--impersonate", &account, "--explain"]].concat());
        let api = "POST https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";
        assert!(ran.code == 0 && ran.err.contains(api), "{ran:?}");
        world.verified(&ran.out, AUDIENCE);
    }
    let url = format!(
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    );
    let sts = "https://sts.googleapis.com/v1/token";
    let changes = [("token_url", sts.into()), ("service_account_impersonation_url", url.into())];
    let ran = world.mint(&["--credentials", &world.changed("external_account", &changes), "--explain"]);
    assert!(ran.code == 0 && ran.err.contains(sts), "{ran:?}");
    world.verified(&ran.out, AUDIENCE);
}
