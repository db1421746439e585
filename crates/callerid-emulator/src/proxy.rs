//! An HTTPS proxy for Google's own hosts, for clients that have their addresses built in.
//!
//! It answers `CONNECT` (RFC 9110 section 9.3.6) for the hosts of the table of routes alone, and ends TLS
//! itself, with certificates of an authority that was made for the occasion.

use std::sync::Arc;

use callerid_mint::SigningKey;
use hyper::{Method, StatusCode};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::certificate;
use crate::error::StartError;
use crate::http::{Response, escaped};
use crate::keys::Owner;
use crate::routes;
use crate::state::State;

const AUTHORITY_NAME: &str = "callerid emulator authority";
const HTTPS: u16 = 443;

/// What ends TLS in the name of Google's hosts.
pub(crate) struct Proxy {
    pub(crate) acceptor: TlsAcceptor,
    /// The certificate that clients must trust, in PEM.
    pub(crate) authority: String,
}

impl Proxy {
    pub(crate) fn new(state: &State) -> Result<Self, StartError> {
        let unusable = |what: &dyn std::fmt::Display| StartError::Key(what.to_string());
        let key = |owner: &Owner| -> Result<SigningKey, StartError> {
            state
                .with_signing_key(owner, |key| Some(key.clone()))
                .ok_or_else(|| unusable(&"it could not be made"))
        };
        let (authority_key, key) = (key(&Owner::ProxyAuthority)?, key(&Owner::Proxy)?);
        let now = state.now();
        let authority =
            certificate::authority(&authority_key, AUTHORITY_NAME, now).map_err(|error| unusable(&error))?;
        let certificate = certificate::server(&key, &routes::hosts(), &authority_key, AUTHORITY_NAME, now)
            .map_err(|error| unusable(&error))?;
        let certificate =
            CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|error| unusable(&error))?;
        let key = key.expose_private_pem().map_err(|error| unusable(&error))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| unusable(&error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .map_err(|error| unusable(&error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), authority })
    }
}

/// Which of Google's hosts a request to the proxy is for; `None` if it is for the emulator itself.
pub(crate) fn googles_host(request: &hyper::Request<impl Sized>) -> Result<Option<String>, Response> {
    // Only requests to a proxy name a host in their first line.
    let Some(authority) = request.uri().authority() else { return Ok(None) };
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let is_tunnel = request.method() == Method::CONNECT;
    let is_port_good = match authority.port_u16() {
        Some(port) => !is_tunnel || port == HTTPS,
        None => !is_tunnel,
    };
    if is_port_good && routes::hosts().contains(&host.as_str()) {
        return Ok(Some(host));
    }
    Err(Response::page(
        StatusCode::FORBIDDEN,
        "Error 403 (Forbidden)",
        &format!(
            "<code>{}</code> is none of Google&#39;s hosts that this emulator stands in for; set NO_PROXY for it.",
            escaped(authority.as_str())
        ),
    ))
}
