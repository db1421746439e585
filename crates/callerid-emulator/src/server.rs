//! HTTP/1.1 over TCP: accepts connections, reads requests whole, and hands them on.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, DATE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::body::{Cut, ResponseBody};
use crate::faults::Strike;
use crate::http::{BODY_BYTES_MAX, Request, Response};
use crate::protected::{self, Backend};
use crate::proxy::{self, Proxy};
use crate::routes::{self, Route};
use crate::state::State;

/// How long a client may take to send the head of the next request, or to begin TLS: longer than clients
/// keep connections that they do not use.
const HEAD_TIMEOUT: Duration = Duration::from_secs(600);

/// What a port serves.
pub(crate) enum Service {
    /// The emulator itself, which may be a proxy, too.
    Google(Option<Proxy>),
    /// A backend behind emulated protection.
    Backend(Backend),
}

/// What is the same for all requests of a connection.
#[derive(Clone)]
struct Context {
    state: Arc<State>,
    service: Arc<Service>,
    /// The host at the other end of the tunnel that the connection runs through.
    googles_host: Option<String>,
    stopping: watch::Receiver<bool>,
}

/// Serves a port until `stopping` changes.
pub(crate) async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    service: Arc<Service>,
    mut stopping: watch::Receiver<bool>,
) {
    let context = Context { state, service, googles_host: None, stopping: stopping.clone() };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.changed() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                // Answers are small and written at once.
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection(stream, context.clone()));
            }
            // Out of file descriptors, most likely: others will be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, context: Context) {
    let mut stopping = context.stopping.clone();
    let answer = service_fn(move |request| {
        let context = context.clone();
        async move { respond(context, request).await }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).auto_date_header(false);
    let connection = builder.serve_connection(TokioIo::new(stream), answer).with_upgrades();
    tokio::select! {
        // A client that has gone has had enough.
        _ = connection => {}
        _ = stopping.changed() => {}
    }
}

async fn respond(
    context: Context,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<ResponseBody>, Cut> {
    let state = Arc::clone(&context.state);
    let host = match (&*context.service, &context.googles_host) {
        (Service::Google(Some(_)), None) => proxy::googles_host(&request),
        (_, host) => Ok(host.clone()),
    };
    let host = match host {
        Ok(host) => host,
        Err(refusal) => return Ok(written(&state, refusal, false)),
    };
    if let (&Method::CONNECT, Some(host), None) = (request.method(), &host, &context.googles_host) {
        tokio::spawn(tunnel(Context { googles_host: Some(host.clone()), ..context }, request));
        return Ok(hyper::Response::new(ResponseBody::whole(Bytes::new())));
    }
    let (route, request) = match read(request, host).await {
        Ok(request) => match &*context.service {
            Service::Google(_) => match routes::find(&request) {
                Ok(route) => (route, request),
                Err(refusal) => return Ok(written(&state, refusal, false)),
            },
            Service::Backend(_) => (&routes::PROTECTED, request),
        },
        Err(refusal) => return Ok(written(&state, refusal, false)),
    };
    let strike = state.faults.strike(route.endpoint);
    if strike.milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(strike.milliseconds)).await;
    }
    if strike.is_cut {
        return Err(Cut);
    }
    let response = answer(&context, &strike, route, &request);
    Ok(written(&state, response, strike.is_truncated))
}

/// Speaks TLS with whoever opened the tunnel, and then HTTP in the host's name.
///
/// The type is spelled out because connections open tunnels, and tunnels are connections.
fn tunnel(context: Context, request: hyper::Request<Incoming>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let service = Arc::clone(&context.service);
        let Service::Google(Some(proxy)) = &*service else { return };
        let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
        let accepted = tokio::time::timeout(HEAD_TIMEOUT, proxy.acceptor.accept(TokioIo::new(upgraded)));
        // A client that does not trust the authority hangs up here.
        if let Ok(Ok(stream)) = accepted.await {
            connection(stream, context).await;
        }
    })
}

async fn read(request: hyper::Request<Incoming>, googles_host: Option<String>) -> Result<Request, Response> {
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
        googles_host,
    })
}

fn answer(context: &Context, strike: &Strike, route: &Route, request: &Request) -> Response {
    let truth = || match &*context.service {
        Service::Google(_) => (route.answer)(&context.state, request),
        Service::Backend(backend) => protected::answer(&context.state, backend, request),
    };
    strike.alter(strike.instead(route.endpoint).unwrap_or_else(truth))
}

fn written(state: &State, response: Response, is_truncated: bool) -> hyper::Response<ResponseBody> {
    let length = response.body.len();
    let body =
        if is_truncated { ResponseBody::half(&response.body) } else { ResponseBody::whole(response.body) };
    let mut written = hyper::Response::new(body);
    *written.status_mut() = response.status;
    *written.headers_mut() = response.headers;
    let headers = written.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(date) = HeaderValue::from_str(&state.clock.http_date(0)) {
        headers.insert(DATE, date);
    }
    written
}
