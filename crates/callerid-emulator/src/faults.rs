//! What can go wrong between a client and Google: one table of kinds, and the faults that are on.

use std::sync::{Mutex, PoisonError};

use chacha20::ChaCha20Rng;
use chacha20::rand_core::Rng;
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::api_error::ApiError;
use crate::http::Response;
use crate::randomness::Seed;
use crate::routes::Endpoint;

/// Most faults that are on at a time.
const FAULTS_MAX: usize = 100;
/// Longest wait, in milliseconds.
const LATENCY_MAX: u64 = 600_000;

/// A fault of answers: where it strikes, how often, and what it does.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(skip_deserializing)]
    kind: Kind,
    /// The endpoint whose answers it strikes; all of Google's without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<Endpoint>,
    /// How many times it strikes before it is off again; without it, until it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// How likely it strikes, between 0 and 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Seconds that `Retry-After` asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    /// Takes back all faults of the kind, at the endpoint if one is named.
    #[serde(default, skip_serializing)]
    off: bool,
}

/// What a fault does to an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    #[default]
    Status,
    Latency,
    Cut,
    Truncate,
    ProxyPage,
    WrongFlavor,
    NoFlavor,
}

/// Every kind: its name, and what it does.
pub(crate) const KINDS: [(&str, Kind, &str); 7] = [
    ("status", Kind::Status, "answers with a status: {status, retry_after}"),
    ("latency", Kind::Latency, "answers later: {milliseconds}"),
    ("cut", Kind::Cut, "cuts the connection before the answer"),
    ("truncate", Kind::Truncate, "cuts the connection in the middle of the body"),
    ("proxy-page", Kind::ProxyPage, "answers with the HTML page of a proxy, and status 200"),
    ("wrong-flavor", Kind::WrongFlavor, "lets Metadata-Flavor name somebody else"),
    ("no-flavor", Kind::NoFlavor, "leaves Metadata-Flavor out"),
];

/// What is to be done to one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strike {
    pub(crate) milliseconds: u64,
    pub(crate) is_cut: bool,
    pub(crate) is_truncated: bool,
    /// What is answered in place of the true answer.
    instead: Option<Instead>,
    flavor: Option<Option<&'static str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Instead {
    Status { status: u16, retry_after: Option<u32> },
    ProxyPage,
}

/// The faults that are on, and the chance that some of them strike by.
pub(crate) struct Faults {
    inner: Mutex<(Vec<Fault>, ChaCha20Rng)>,
    seed: Seed,
}

impl Faults {
    pub(crate) fn new(seed: Seed) -> Self {
        Self { inner: Mutex::new((Vec::new(), seed.stream("chance"))), seed }
    }

    /// Turns a fault on, or all like it off.
    pub(crate) fn order(&self, fault: Fault) -> Result<(), String> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if fault.off {
            let is_elsewhere = |other: &Fault| fault.endpoint.is_some() && fault.endpoint != other.endpoint;
            inner.0.retain(|other| other.kind != fault.kind || is_elsewhere(other));
            return Ok(());
        }
        fault.check()?;
        if inner.0.len() >= FAULTS_MAX {
            return Err(format!("there are {FAULTS_MAX} faults already"));
        }
        inner.0.push(fault);
        Ok(())
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Takes all faults back, and lets chance begin anew.
    pub(crate) fn reset(&self) {
        *self.inner.lock().unwrap_or_else(PoisonError::into_inner) = (Vec::new(), self.seed.stream("chance"));
    }

    /// What is to be done to the next answer of the endpoint.
    pub(crate) fn strike(&self, endpoint: Endpoint) -> Strike {
        let mut strike = Strike::default();
        if endpoint == Endpoint::Control {
            return strike;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (faults, chance) = &mut *inner;
        for fault in faults.iter_mut().filter(|fault| fault.endpoint.is_none_or(|it| it == endpoint)) {
            let is_up = fault.probability.is_none_or(|probability| {
                let thrown = f64::from(chance.next_u32()) / (f64::from(u32::MAX) + 1.0);
                thrown < probability
            });
            if is_up {
                fault.count = fault.count.map(|count| count.saturating_sub(1));
                strike.add(fault);
            }
        }
        faults.retain(|fault| fault.count != Some(0));
        strike
    }
}

impl Fault {
    /// The same fault, of a kind.
    pub(crate) const fn of(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    fn check(&self) -> Result<(), String> {
        let wrong = |what: &str| Err(what.to_owned());
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return wrong("probability is not between 0 and 1");
        }
        if self.count == Some(0) {
            return wrong("count is 0");
        }
        let is_status = self.status.is_some_and(|status| (400..600).contains(&status));
        if self.kind == Kind::Status && !is_status {
            return wrong("status is not between 400 and 599");
        }
        if self.kind == Kind::Latency && self.milliseconds.is_none_or(|it| it > LATENCY_MAX) {
            return Err(format!("milliseconds is not between 0 and {LATENCY_MAX}"));
        }
        Ok(())
    }
}

impl Strike {
    fn add(&mut self, fault: &Fault) {
        match fault.kind {
            Kind::Status => {
                let status = fault.status.unwrap_or(500);
                self.instead = Some(Instead::Status { status, retry_after: fault.retry_after });
            }
            Kind::Latency => {
                self.milliseconds = self.milliseconds.saturating_add(fault.milliseconds.unwrap_or_default());
            }
            Kind::Cut => self.is_cut = true,
            Kind::Truncate => self.is_truncated = true,
            Kind::ProxyPage => self.instead = Some(Instead::ProxyPage),
            Kind::WrongFlavor => self.flavor = Some(Some("Somebody-Else")),
            Kind::NoFlavor => self.flavor = Some(None),
        }
    }

    /// What is answered in place of the true answer.
    pub(crate) fn instead(&self, endpoint: Endpoint) -> Option<Response> {
        match self.instead.as_ref()? {
            Instead::Status { status, retry_after } => {
                let response = failure(endpoint, StatusCode::from_u16(*status).ok()?);
                Some(match retry_after {
                    Some(seconds) => response.with_header("retry-after", &seconds.to_string()),
                    None => response,
                })
            }
            Instead::ProxyPage => Some(Response::new(
                StatusCode::OK,
                "text/html",
                "<html><head><title>Sign in to the network</title></head><body>\
                 <form action=\"/login\"><input name=\"user\"></form></body></html>\n",
            )),
        }
    }

    /// What becomes of an answer, true or not.
    pub(crate) fn alter(&self, mut response: Response) -> Response {
        match self.flavor {
            None => response,
            Some(Some(other)) => response.with_header("metadata-flavor", other),
            Some(None) => {
                response.headers.remove("metadata-flavor");
                response
            }
        }
    }
}

/// An error as the endpoint writes it.
fn failure(endpoint: Endpoint, status: StatusCode) -> Response {
    let (name, oauth, message) = match status.as_u16() {
        429 => {
            ("RESOURCE_EXHAUSTED", "rate_limit_exceeded", "Resource has been exhausted (e.g. check quota).")
        }
        500 => ("INTERNAL", "internal_failure", "Internal error encountered."),
        503 => ("UNAVAILABLE", "temporarily_unavailable", "The service is currently unavailable."),
        504 => ("DEADLINE_EXCEEDED", "temporarily_unavailable", "The deadline expired before it was done."),
        _ => ("UNKNOWN", "server_error", "The request failed."),
    };
    match endpoint {
        Endpoint::IamCredentials | Endpoint::ResourceManager => {
            ApiError::new(status, name, message).to_response()
        }
        Endpoint::Sts | Endpoint::Token | Endpoint::Tokeninfo => {
            Response::json(status, &json!({"error": oauth, "error_description": message}))
        }
        Endpoint::Metadata => {
            let response = Response::new(status, "text/html; charset=UTF-8", format!("{message}\n"));
            response.with_header("metadata-flavor", "Google").with_header("server", "Metadata Server for VM")
        }
        Endpoint::Control | Endpoint::Discovery | Endpoint::Keys | Endpoint::Protected => {
            Response::page(status, &format!("Error {} (Server Error)!!1", status.as_u16()), message)
        }
    }
}
