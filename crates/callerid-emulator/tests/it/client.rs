//! Requests over loopback HTTP, and what comes back.

use std::time::Duration;

use serde_json::Value;
use ureq::http::header::HeaderMap;
use ureq::http::{Method, Request};
use ureq::{Agent, Error};

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

/// An agent that asks no proxy, follows nothing, and waits long enough for a busy machine.
pub(crate) fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .new_agent()
}

pub(crate) fn send(
    agent: &Agent,
    method: &Method,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Answer, Error> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    // A body of a GET is no body.
    let mut response = match *method {
        Method::GET | Method::HEAD => agent.run(request.body(()).expect("a request"))?,
        _ => agent.run(request.body(body.to_owned()).expect("a request"))?,
    };
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.body_mut().read_to_string()?;
    Ok(Answer { status, headers, body })
}

pub(crate) fn get(url: &str, headers: &[(&str, &str)]) -> Answer {
    send(&agent(), &Method::GET, url, headers, "").expect("an answer")
}

pub(crate) fn post_json(url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = [headers, &[("Content-Type", "application/json")]].concat();
    send(&agent(), &Method::POST, url, &headers, body).expect("an answer")
}

pub(crate) fn post_form(url: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(&agent(), &Method::POST, url, &headers, &body).expect("an answer")
}
