//! Starting and stopping.

use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;

use crate::config::Config;
use crate::credentials;
use crate::error::StartError;
use crate::protected::Backend;
use crate::proxy::Proxy;
use crate::server::{self, Service};
use crate::state::State;
use crate::urls::{ProxyUrls, Urls};

/// How long connections may take to end when the emulator stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);
/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// A running emulator. It stops when it is dropped.
pub struct Emulator {
    urls: Urls,
    stopping: watch::Sender<bool>,
    runtime: Option<Runtime>,
}

impl Emulator {
    /// Starts an emulator on threads of its own, and returns when it answers. Works from asynchronous code,
    /// too.
    ///
    /// # Errors
    ///
    /// A [`StartError`] that says what is in the way.
    pub fn start(config: Config) -> Result<Self, StartError> {
        let state = Arc::new(State::new(config.completed()?)?);
        let runtime = Builder::new_multi_thread()
            .thread_name("callerid-emulator")
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| StartError::System(error.to_string()))?;
        let (stopping, stopped) = watch::channel(false);
        let listener = listen(&runtime, state.config.listen)?;
        let mut urls = Urls::new(&url_of(&listener, state.config.listen)?);
        urls.project_id.clone_from(&state.config.project_id);
        urls.project_number = state.config.project_number.to_string();
        urls.service_accounts =
            state.config.service_accounts.iter().map(|account| account.email.clone()).collect();
        let proxy = if state.config.proxy { Some(Proxy::new(&state)?) } else { None };
        let authority = proxy.as_ref().map(|proxy| proxy.authority.clone());
        let mut services = vec![(listener, Service::Google(proxy))];
        for protected in &state.config.protected {
            let address = SocketAddr::new(state.config.listen.ip(), 0);
            let listener = listen(&runtime, address)?;
            let origin = url_of(&listener, address)?;
            let backend = Backend::new(protected, &origin, state.config.project_number);
            urls.protected.insert(protected.name.clone(), backend.url.clone());
            services.push((listener, Service::Backend(backend)));
        }
        if let Some(directory) = &state.config.credentials {
            urls.credentials = credentials::write(&state, &urls, directory)?;
            if let Some(authority) = authority {
                let ca = credentials::write_authority(&authority, directory)?;
                urls.proxy = Some(ProxyUrls { url: urls.url.clone(), ca });
            }
        }
        state.set_urls(urls.clone());
        for (listener, service) in services {
            let state = Arc::clone(&state);
            runtime.spawn(server::serve(listener, state, Arc::new(service), stopped.clone()));
        }
        runtime.spawn_blocking(move || state.warm_up());
        Ok(Self { urls, stopping, runtime: Some(runtime) })
    }

    /// Where it can be reached.
    #[must_use]
    pub const fn urls(&self) -> &Urls {
        &self.urls
    }

    /// Waits until the process is asked to end: Ctrl-C, or a request to terminate.
    pub fn wait_for_interrupt(&self) {
        self.catch_interrupts().wait();
    }

    /// Catches requests to end from now on, so that one that comes before [`Interrupts::wait`] is not the end of
    /// the process.
    pub fn catch_interrupts(&self) -> Interrupts<'_> {
        let Some(runtime) = &self.runtime else { return Interrupts(None) };
        let _entered = runtime.enter();
        // Where there are no signals to wait for, there is nothing to end for either.
        let asked: Asked = match interrupt() {
            Ok(asked) => Box::pin(asked),
            Err(_) => Box::pin(std::future::pending()),
        };
        Interrupts(Some((runtime, asked)))
    }

    /// Stops answering and gives back the ports.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.stopping.send(true);
        if let Some(runtime) = self.runtime.take() {
            // Whoever stops it from asynchronous code must not be held up.
            if Handle::try_current().is_ok() {
                runtime.shutdown_background();
            } else {
                runtime.shutdown_timeout(STOP_TIMEOUT);
            }
        }
    }
}

type Asked = Pin<Box<dyn Future<Output = ()>>>;

/// Requests to end that are being caught.
#[must_use]
pub struct Interrupts<'e>(Option<(&'e Runtime, Asked)>);

impl Interrupts<'_> {
    /// Waits until there has been one.
    pub fn wait(self) {
        if let Self(Some((runtime, asked))) = self {
            runtime.block_on(asked);
        }
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Emulator").field("url", &self.urls.url).finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.end();
    }
}

fn listen(runtime: &Runtime, address: SocketAddr) -> Result<TcpListener, StartError> {
    let _entered = runtime.enter();
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // Elsewhere this lets others take the port away.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error| StartError::Listen { address: address.to_string(), error })
}

fn url_of(listener: &TcpListener, wanted: SocketAddr) -> Result<String, StartError> {
    let failed = |error| StartError::Listen { address: wanted.to_string(), error };
    let mut address = listener.local_addr().map_err(failed)?;
    if address.ip().is_unspecified() {
        // Nobody can connect to "any address"; this machine can be reached under its own.
        let loopback: std::net::IpAddr = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    Ok(format!("http://{address}"))
}

/// Requests to end are caught when this is called, and waited for in what it gives.
#[cfg(unix)]
fn interrupt() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn interrupt() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
