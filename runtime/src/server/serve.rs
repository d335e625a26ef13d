//! Listens for a router: HTTP/1.1 and HTTP/2 on one socket, limits that are on by default, and a shutdown that loses nothing.

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tower_service::Service;

use crate::http::{Body, BoxError};

use super::connection;

/// Serves `service` to whoever connects to `listener`, until it is told to shut down: a [`Router`](super::Router), or anything
/// that layers made of it. Awaited, it runs.
pub fn serve<S>(listener: TcpListener, service: S) -> Serve<S> {
    Serve {
        listener,
        service,
        shutdown: None,
        settings: Settings {
            connections: 10_000,
            timeouts: Timeouts {
                header: Duration::from_secs(10),
                body: Duration::from_secs(30),
            },
            drain_timeout: Duration::from_secs(30),
        },
    }
}

/// A server that has not been awaited yet.
#[must_use = "a server runs when it is awaited"]
pub struct Serve<S> {
    listener: TcpListener,
    service: S,
    shutdown: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    settings: Settings,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    connections: usize,
    timeouts: Timeouts,
    drain_timeout: Duration,
}

/// Those of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    pub(super) header: Duration,
    pub(super) body: Duration,
}

impl<S> fmt::Debug for Serve<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            listener,
            service: _,
            shutdown,
            settings,
        } = self;
        f.debug_struct("Serve")
            .field("listener", listener)
            .field("shutdown", &shutdown.is_some())
            .field("settings", settings)
            .finish()
    }
}

impl<S> Serve<S> {
    /// When `signal` is done, the server shuts down: whoever is connected is answered, whoever comes later is refused, and then the server is done.
    ///
    /// Connections that were made and not yet accepted are accepted, as far as [`Serve::max_connections`] allows; then the socket is closed.
    /// Answers of HTTP/1 say `connection: close`; HTTP/2 is told to go away once it has its answers. A connection that stays quiet is closed
    /// after 100 milliseconds, and one on which nothing was ever sent after a second.
    pub fn shutdown_on(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(signal));
        self
    }

    /// How many connections are open at once; others wait to be accepted. 10,000 unless set.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.connections = connections.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// How long the head of a request may take, from the beginning of the connection or the end of the last answer; 10 seconds unless set.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.header = timeout;
        self
    }

    /// How long a body may stall; 30 seconds unless set. The call is answered with 408.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.body = timeout;
        self
    }

    /// How long calls may take that are on their way when the server shuts down; 30 seconds unless set.
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.settings.drain_timeout = timeout;
        self
    }

    async fn run<B>(self) -> io::Result<()>
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let Self {
            listener,
            service,
            shutdown,
            settings,
        } = self;
        let mut shutdown = shutdown.unwrap_or_else(|| Box::pin(std::future::pending()));
        let permits = Arc::new(Semaphore::new(settings.connections));
        let (stop, stopped) = watch::channel(());
        let mut connections = JoinSet::new();
        let running = &mut connections;
        // Moved, since a service need not be `Sync`.
        let mut serve = move |(stream, peer): (TcpStream, SocketAddr), permit| {
            while running.try_join_next().is_some() {}
            let connection = connection::serve(
                (stream, peer),
                service.clone(),
                settings.timeouts,
                stopped.clone(),
            );
            running.spawn(async move {
                connection.await;
                drop::<Option<OwnedSemaphorePermit>>(permit);
            });
        };
        loop {
            let accepting = accept(&listener, &permits);
            match unless(shutdown.as_mut(), accepting).await {
                Some((accepted, permit)) => serve(accepted, permit),
                None => break,
            }
        }
        for accepted in waiting(listener) {
            match (accepted, Arc::clone(&permits).try_acquire_owned()) {
                (Ok(accepted), Ok(permit)) => serve(accepted, Some(permit)),
                (Err(error), _) => tracing::error!(%error, "a connection cannot be accepted"),
                (_, Err(_)) => break,
            }
        }
        // New connections are refused from here on.
        stop.send_replace(());
        let ended = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(settings.drain_timeout, ended)
            .await
            .is_err()
        {
            tracing::warn!("calls that were on their way took too long to be waited for");
        }
        Ok(())
    }
}

impl<S, B> IntoFuture for Serve<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// The next connection, as soon as there is room for it.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> ((TcpStream, SocketAddr), Option<OwnedSemaphorePermit>) {
    /// What the system has run out of needs a moment to come back.
    const PAUSE: Duration = Duration::from_millis(100);
    // The semaphore is never closed.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                return ((stream, peer), permit);
            }
            Err(error) => match error.kind() {
                io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionRefused => {}
                _ => {
                    tracing::error!(%error, "no connection can be accepted");
                    sleep(PAUSE).await;
                }
            },
        }
    }
}

/// The connections that callers have made and that nobody has accepted yet. The socket is closed behind them.
fn waiting(listener: TcpListener) -> impl Iterator<Item = io::Result<(TcpStream, SocketAddr)>> {
    /// More than a system keeps waiting for a socket, as a rule: callers who come without end do not hold a shutdown up.
    const MOST: usize = 4096;
    // The system is asked itself: Tokio knows of a connection only after its next turn.
    let listener = listener.into_std();
    let accept = move || match listener.as_ref().map(std::net::TcpListener::accept) {
        Ok(Ok(accepted)) => Some(Ok(accepted)),
        Ok(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => None,
        Ok(Err(error)) => Some(Err(error)),
        Err(_) => None,
    };
    std::iter::from_fn(accept).take(MOST).map(|accepted| {
        let (stream, peer) = accepted?;
        stream.set_nonblocking(true)?;
        Ok((TcpStream::from_std(stream)?, peer))
    })
}

/// What `future` gives, unless `stop` is done before.
pub(super) async fn unless<T>(
    mut stop: Pin<&mut (dyn Future<Output = ()> + Send)>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|cx| match stop.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => future.as_mut().poll(cx).map(Some),
    })
    .await
}
