//! Starting and stopping, from any kind of program.

use callerid_emulator::{Config, Emulator};
use tokio::runtime::Runtime;

use crate::client::{agent, get, send};
use crate::{config, start};

#[test]
fn stops_answering_and_gives_the_port_back() {
    let emulator = start();
    let url = emulator.urls().jwks.google.clone();
    let listen = emulator.urls().metadata_host.parse().unwrap();
    assert_eq!(get(&url, &[]).status, 200);
    emulator.stop();
    assert!(send(&agent(), &ureq::http::Method::GET, &url, &[], "").is_err());
    let again = Emulator::start(Config { listen, ..config() }).expect("the same port");
    assert_eq!(get(&again.urls().jwks.google, &[]).status, 200);
}

#[test]
fn runs_beside_asynchronous_code() {
    Runtime::new().unwrap().block_on(async {
        let emulator = start();
        let url = emulator.urls().discovery.clone();
        let asked = tokio::task::spawn_blocking(move || get(&url, &[]).status);
        assert_eq!(asked.await.unwrap(), 200);
        drop(emulator);
    });
}

#[test]
fn listens_for_version_six_of_the_internet_protocol() {
    let listen = "[::1]:0".parse().unwrap();
    match Emulator::start(Config { listen, ..config() }) {
        Ok(emulator) => assert_eq!(get(&emulator.urls().jwks.google, &[]).status, 200),
        // Where a machine has none of it, it says so.
        Err(error) => assert!(error.to_string().starts_with("[::1]:0 cannot be listened on"), "{error}"),
    }
}

#[test]
fn two_do_not_know_each_other() {
    let (one, other) = (Emulator::start(Config { seed: None, ..config() }).unwrap(), start());
    let token = crate::access_token(&one);
    assert_eq!(get(&format!("{}?access_token={token}", one.urls().tokeninfo), &[]).status, 200);
    assert_eq!(get(&format!("{}?access_token={token}", other.urls().tokeninfo), &[]).status, 400);
}
