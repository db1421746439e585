//! HTTP/1.1 over TCP: accepts connections, reads requests whole, and hands them on.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::StatusCode;
use hyper::body::{Bytes, Incoming};
use hyper::header::{DATE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::http::{BODY_BYTES_MAX, Request, Response};
use crate::protected::{self, Backend};
use crate::routes;
use crate::state::State;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// What a port serves.
pub(crate) enum Service {
    /// The emulator itself.
    Google,
    /// A backend behind emulated protection.
    Backend(Backend),
}

/// Serves a port until `stopping` changes.
pub(crate) async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    service: Arc<Service>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.changed() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                let (state, service) = (Arc::clone(&state), Arc::clone(&service));
                let stopping = stopping.clone();
                tokio::spawn(connection(stream, state, service, stopping));
            }
            // Out of file descriptors, most likely: others will be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(
    stream: TcpStream,
    state: Arc<State>,
    service: Arc<Service>,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and written at once.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request| {
        let (state, service) = (Arc::clone(&state), Arc::clone(&service));
        async move { Ok::<_, Infallible>(respond(&state, &service, request).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).auto_date_header(false);
    let connection = builder.serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(connection);
    tokio::select! {
        // A client that has gone has had enough.
        _ = connection.as_mut() => {}
        _ = stopping.changed() => {}
    }
}

async fn respond(
    state: &State,
    service: &Service,
    request: hyper::Request<Incoming>,
) -> hyper::Response<Full<Bytes>> {
    let response = match read(request).await {
        Ok(request) => answer(state, service, &request),
        Err(response) => response,
    };
    let mut written = hyper::Response::new(Full::new(response.body));
    *written.status_mut() = response.status;
    *written.headers_mut() = response.headers;
    if let Ok(date) = HeaderValue::from_str(&state.clock.http_date(0)) {
        written.headers_mut().insert(DATE, date);
    }
    written
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, Response> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(|_| {
        Response::page(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Error 413 (Request Entity Too Large)!!1",
            "Your client issued a request that was too large.",
        )
    })?;
    Ok(Request {
        method: head.method,
        uri: head.uri,
        headers: head.headers,
        body: body.to_bytes(),
        googles_host: None,
    })
}

fn answer(state: &State, service: &Service, request: &Request) -> Response {
    match service {
        // Making a key takes a while, and other requests are to be answered meanwhile.
        Service::Google => tokio::task::block_in_place(|| match routes::find(request) {
            Ok(route) => (route.answer)(state, request),
            Err(refusal) => refusal,
        }),
        Service::Backend(backend) => {
            tokio::task::block_in_place(|| protected::answer(state, backend, request))
        }
    }
}
