//! The HTTPS proxy: Google's own addresses, without Google.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use callerid_emulator::{Config, Emulator};
use ureq::http::Method;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

use crate::client::{agent, send};
use crate::{config, folder};

/// A client that sends everything to the emulator and trusts its authority alone.
fn client(emulator: &Emulator) -> Agent {
    let proxy = emulator.urls().proxy.as_ref().expect("a proxy");
    let authority = std::fs::read(&proxy.ca).expect("a certificate");
    let authority = Certificate::from_pem(&authority).expect("a certificate");
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(vec![authority])))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .proxy(Some(Proxy::new(&proxy.url).expect("a proxy")))
        .tls_config(tls)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .new_agent()
}

fn start() -> (Emulator, tempfile::TempDir) {
    let folder = folder();
    let config = Config { credentials: Some(folder.path().join("files")), proxy: true, ..config() };
    (Emulator::start(config).expect("an emulator"), folder)
}

/// An address of Google's, and what is answered there.
const CASES: &[(&str, &str, u16, &str)] = &[
    ("GET", "https://www.googleapis.com/oauth2/v3/certs", 200, "callerid-emulator-"),
    ("GET", "https://www.googleapis.com/oauth2/v1/certs", 200, "BEGIN CERTIFICATE"),
    (
        "GET",
        "https://www.googleapis.com/robot/v1/metadata/x509/vm@p.iam.gserviceaccount.com",
        200,
        "BEGIN CERTIFICATE",
    ),
    ("GET", "https://www.gstatic.com/iap/verify/public_key-jwk", 200, "ES256"),
    (
        "GET",
        "https://accounts.google.com/.well-known/openid-configuration",
        200,
        "\"jwks_uri\":\"https://www.googleapis.com/oauth2/v3/certs\"",
    ),
    ("POST", "https://oauth2.googleapis.com/token", 400, "grant_type"),
    ("GET", "https://oauth2.googleapis.com/tokeninfo", 400, "invalid_token"),
    ("POST", "https://sts.googleapis.com/v1/token", 400, "grant_type"),
    (
        "POST",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/x:signJwt",
        401,
        "UNAUTHENTICATED",
    ),
    // What another of Google's hosts has is not there.
    ("GET", "https://oauth2.googleapis.com/oauth2/v3/certs", 404, "not found"),
    ("GET", "https://www.googleapis.com/_emulator", 404, "not found"),
];

#[test]
fn answers_for_googles_hosts() {
    let (emulator, _folder) = start();
    let client = client(&emulator);
    for (method, url, status, text) in CASES {
        let method: Method = method.parse().unwrap();
        let answer = send(&client, &method, url, &[], "").unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(answer.status, *status, "{url}: {}", answer.body);
        assert!(answer.body.contains(text), "{url}: {}", answer.body);
    }
}

#[test]
fn answers_for_no_other_host() {
    let (emulator, _folder) = start();
    let client = client(&emulator);
    for url in [
        "https://example.com/",
        "https://storage.googleapis.com/",
        "https://oauth2.googleapis.com:8443/token",
    ] {
        assert!(send(&client, &Method::GET, url, &[], "").is_err(), "{url}");
    }
}

#[test]
fn opens_tunnels_to_googles_hosts_alone() {
    let (emulator, _folder) = start();
    for (host, status) in [
        ("oauth2.googleapis.com:443", "HTTP/1.1 200 "),
        ("OAuth2.googleapis.com.:443", "HTTP/1.1 200 "),
        ("oauth2.googleapis.com:80", "HTTP/1.1 403 "),
        ("example.com:443", "HTTP/1.1 403 "),
        ("127.0.0.1:443", "HTTP/1.1 403 "),
    ] {
        let mut stream = TcpStream::connect(&emulator.urls().metadata_host).unwrap();
        write!(stream, "CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        assert!(answer.starts_with(status), "{host}: {answer}");
    }
}

#[test]
fn needs_no_proxy_for_what_is_its_own() {
    let (emulator, _folder) = start();
    let answer = send(&agent(), &Method::GET, &emulator.urls().jwks.google, &[], "").unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn is_not_there_unless_it_is_asked_for() {
    let emulator = crate::start();
    assert!(emulator.urls().proxy.is_none());
    let without = Agent::config_builder()
        .proxy(Some(Proxy::new(&emulator.urls().url).unwrap()))
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .new_agent();
    assert!(send(&without, &Method::GET, "https://oauth2.googleapis.com/tokeninfo", &[], "").is_err());
}
