//! HTTP on the loopback interface, at a port and a path of this run's own.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use getrandom::SysRng;
use getrandom::rand_core::TryRng as _;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

use super::routes::{QUESTION_BYTES_MAX, Routes, plain};
use super::site::Site;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How many random bytes the path holds: nobody guesses 128 bits.
const SECRET_BYTES: usize = 16;

/// The page at an address that only this run knows.
pub(crate) struct Server {
    runtime: Runtime,
    listener: TcpListener,
    routes: Arc<Routes>,
    url: String,
}

impl Server {
    /// Listens at any free port of 127.0.0.1; what was pasted is for the page.
    pub(crate) fn start(site: Site, pasted: Option<String>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let listener = runtime.block_on(TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))))?;
        let port = listener.local_addr()?.port();
        let secret = secret()?;
        let url = format!("http://127.0.0.1:{port}/{secret}/");
        let routes = Arc::new(Routes::new(site, &secret, port, pasted));
        Ok(Self { runtime, listener, routes, url })
    }

    /// The address of the page.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Serves the page until it is interrupted.
    pub(crate) fn serve(self) {
        let Self { runtime, listener, routes, .. } = self;
        runtime.block_on(async {
            let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = &mut interrupted => return,
                };
                match accepted {
                    Ok((stream, _)) => drop(tokio::spawn(connection(stream, Arc::clone(&routes)))),
                    // Out of file descriptors, most likely: others will be closed.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        });
        // A fetch of keys under way is not waited for.
        runtime.shutdown_background();
    }
}

async fn connection(stream: TcpStream, routes: Arc<Routes>) {
    let answer = service_fn(move |request| respond(Arc::clone(&routes), request));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    // A browser that has gone has had enough.
    let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
}

async fn respond(
    routes: Arc<Routes>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, QUESTION_BYTES_MAX).collect().await else {
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "Nothing here needs to be told so much."));
    };
    let Ok(body) = String::from_utf8(body.to_bytes().into()) else {
        return Ok(plain(StatusCode::BAD_REQUEST, "This is no text."));
    };
    // Fetching keys blocks.
    let answered = tokio::task::spawn_blocking(move || routes.answer(&head, &body)).await;
    Ok(answered.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "This went wrong.")))
}

fn secret() -> io::Result<String> {
    let mut random = [0; SECRET_BYTES];
    SysRng.try_fill_bytes(&mut random).map_err(io::Error::other)?;
    let mut secret = String::new();
    for byte in random {
        write!(secret, "{byte:02x}").map_err(io::Error::other)?;
    }
    Ok(secret)
}
