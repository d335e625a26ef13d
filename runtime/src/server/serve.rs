//! Serves a router on a listener: HTTP/1.1 and HTTP/2, limits that are on by default, and a
//! shutdown that loses no request.

use std::fmt;
use std::future::{IntoFuture, pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::http::{Body, BoxError};

use super::connection::{self, Timeouts};
use super::listener::{self, Listener};
use super::peer::Peer;

/// Serves `service` on `listener` until it shuts down. The service is a [`Router`](super::Router),
/// with or without layers. The server runs when it is awaited.
///
/// ```no_run
/// # use drawplate_runtime::server::{Router, serve};
/// # async fn run(router: Router) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
/// serve(listener, router).await
/// # }
/// ```
pub fn serve<L: Listener, S>(listener: L, service: S) -> Serve<S, L> {
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
pub struct Serve<S, L = TcpListener> {
    listener: L,
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

impl<S, L> fmt::Debug for Serve<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            listener: _,
            service: _,
            shutdown,
            settings,
        } = self;
        f.debug_struct("Serve")
            .field("shutdown", &shutdown.is_some())
            .field("settings", settings)
            .finish_non_exhaustive()
    }
}

impl<S, L: Listener> Serve<S, L> {
    /// Shuts the server down when `signal` completes: it responds to all requests of clients that
    /// are connected, accepts no new connections, and then completes.
    ///
    /// Connections in the queue of the system are accepted, as far as
    /// [`max_connections`](Self::max_connections) allows; then the listener is closed. Responses
    /// over HTTP/1 carry `connection: close`. A connection without a request in progress stays
    /// open for half a second, since a request may be on its way; then it is closed, over HTTP/2
    /// with GOAWAY.
    pub fn shutdown_on(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(signal));
        self
    }

    /// Sets how many connections may be open at a time; others wait to be accepted. The default is
    /// 10,000.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.connections = connections.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Sets how long a connection may be without a request in progress; the default is 10
    /// seconds. The time counts from the start of the connection or the end of the last response
    /// to the end of the next request's head. It includes the TLS handshake.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.header = timeout;
        self
    }

    /// Sets how long the server waits for the next bytes of a body; the default is 30 seconds. The
    /// response is 408.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.body = timeout;
        self
    }

    /// Sets how long a shutdown waits for requests in progress; the default is 30 seconds.
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.settings.drain_timeout = timeout;
        self
    }

    /// The address of the listener.
    pub fn local_addr(&self) -> io::Result<L::Addr> {
        self.listener.local_addr()
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
            mut listener,
            service,
            shutdown,
            settings,
        } = self;
        let mut shutdown = shutdown.unwrap_or_else(|| Box::pin(pending()));
        let permits = Arc::new(Semaphore::new(settings.connections));
        let mut connections = Connections {
            service,
            timeouts: settings.timeouts,
            stage: watch::Sender::new(Stage::Running),
            running: JoinSet::new(),
        };
        while let Some((io, address, permit)) =
            unless(shutdown.as_mut(), accept(&mut listener, &permits)).await
        {
            let peer = L::peer(&io, &address);
            connections.start(io, peer, permit);
        }
        for (io, address) in listener.close() {
            let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else {
                break;
            };
            let peer = L::peer(&io, &address);
            connections.start(io, peer, Some(permit));
        }
        if timeout(settings.drain_timeout, connections.end())
            .await
            .is_err()
        {
            tracing::warn!("the drain timeout has passed; requests in progress are aborted");
        }
        Ok(())
    }
}

impl<S, L, B> IntoFuture for Serve<S, L>
where
    L: Listener,
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

/// The stages in the life of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Running,
    /// No connection is accepted; responses tell clients to close theirs.
    Closing,
    /// Connections without a request in progress are closed.
    Ending,
}

/// The open connections. Dropping them aborts them.
struct Connections<S> {
    service: S,
    timeouts: Timeouts,
    stage: watch::Sender<Stage>,
    running: JoinSet<()>,
}

impl<S> Connections<S> {
    fn start<Io, B>(&mut self, io: Io, peer: Peer, permit: Option<OwnedSemaphorePermit>)
    where
        Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        while self.running.try_join_next().is_some() {}
        let stage = self.stage.subscribe();
        let connection = connection::serve(io, peer, self.service.clone(), self.timeouts, stage);
        self.running.spawn(async move {
            connection.await;
            drop(permit);
        });
    }

    /// Waits for all connections to end.
    ///
    /// When hyper is told to shut down, it closes a connection without a request in progress at
    /// once, and loses a request that the client has sent and the system has not delivered yet.
    /// Connections are therefore left open for a while, and close after their next response.
    async fn end(&mut self) {
        /// Half a second in total. It passes in small steps: a process that was suspended would
        /// otherwise mistake its own pause for silence of its clients.
        const STEPS: usize = 50;
        const STEP: Duration = Duration::from_millis(10);
        self.stage.send_replace(Stage::Closing);
        for _ in 0..STEPS {
            while self.running.try_join_next().is_some() {}
            if self.running.is_empty() {
                return;
            }
            sleep(STEP).await;
        }
        self.stage.send_replace(Stage::Ending);
        while self.running.join_next().await.is_some() {}
    }
}

/// The next connection, once the limit allows one.
async fn accept<L: Listener>(
    listener: &mut L,
    permits: &Arc<Semaphore>,
) -> (L::Io, L::Addr, Option<OwnedSemaphorePermit>) {
    /// Time for the system to free what it has run out of, such as file descriptors.
    const PAUSE: Duration = Duration::from_millis(100);
    // The semaphore is never closed.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((io, address)) => return (io, address, permit),
            Err(error) if listener::is_of_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

/// The output of `future`, unless `stop` completes first.
pub(super) async fn unless<T>(
    stop: impl Future<Output = ()>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let (mut stop, mut future) = (pin!(stop), pin!(future));
    poll_fn(|cx| match stop.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => future.as_mut().poll(cx).map(Some),
    })
    .await
}
