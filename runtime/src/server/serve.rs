//! Serves a router on a listener: HTTP/1.1 and HTTP/2, limits that are on by default, and a
//! shutdown that loses no request.

use std::fmt;
use std::future::{IntoFuture, pending};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::http::{Body, BoxError};

use super::activity::{Timeouts, race};
use super::connection;
use super::listener::{self, Listener};
use super::peer::Peer;
use super::registry::{Limits, Registry};

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
            timeouts: Timeouts {
                header: Duration::from_secs(10),
                body: Duration::from_secs(30),
                write: Duration::from_secs(30),
                rate: 500,
            },
            limits: Limits {
                connections: 10_000,
                connection_buffer: 16 << 20,
                buffer: 256 << 20,
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
    timeouts: Timeouts,
    limits: Limits,
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
    /// Connections in the queue of the system are accepted; then the listener is closed. Responses
    /// over HTTP/1 carry `connection: close`. A connection without a request in progress stays
    /// open for half a second, since a request may be on its way; then it is closed, over HTTP/2
    /// with GOAWAY.
    pub fn shutdown_on(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(signal));
        self
    }

    /// Sets how many connections may be open at a time; the default is 10,000.
    ///
    /// At the limit, a new connection takes the place of the one that has kept the server waiting
    /// longest: with the TLS handshake, the head or the body of a request, with an unread response,
    /// or without a request. A connection on which a handler is running is never closed for
    /// another; if there are only such connections, the new one waits. The same happens when the
    /// system runs out of file descriptors.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.limits.connections = connections.max(1);
        self
    }

    /// Sets how long a connection may be without a request in progress; the default is 10
    /// seconds. The time counts from the start of the connection or the end of the last response
    /// to the end of the next request's head. It includes the TLS handshake. Over HTTP/2, the
    /// client has 5 more seconds to respond to GOAWAY.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.header = timeout;
        self
    }

    /// Sets how long the server waits for the body of a request, in addition to the time that the
    /// bytes received so far take at the [minimum rate](Self::min_rate); the default is 30 seconds.
    /// The response is 408. Only the time counts in which the server reads the body. Event streams
    /// have no such limit.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.body = timeout;
        self
    }

    /// Sets how long the server waits for the client to read a response, in addition to the time
    /// that the bytes read so far take at the [minimum rate](Self::min_rate); the default is 30
    /// seconds. Then the connection is closed.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeouts.write = timeout;
        self
    }

    /// Sets the rate, in bytes per second, below which the bodies of requests and responses use up
    /// their timeouts; the default is 500. With 0, any byte within a timeout is enough.
    pub fn min_rate(mut self, bytes_per_second: u64) -> Self {
        self.settings.timeouts.rate = bytes_per_second;
        self
    }

    /// Sets how many bytes of responses may be in memory for one connection, waiting for the
    /// client to read them, before the connection has to wait with its next request; the default
    /// is 16 MiB.
    pub fn connection_buffer(mut self, bytes: usize) -> Self {
        self.settings.limits.connection_buffer = bytes.max(1);
        self
    }

    /// Sets how many bytes of responses and of incomplete requests may be in memory for all
    /// connections together; the default is 256 MiB. Over the limit, the connections are closed
    /// whose clients have kept the server waiting longest.
    pub fn total_buffer(mut self, bytes: usize) -> Self {
        self.settings.limits.buffer = bytes;
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
        let mut connections = Connections {
            service,
            timeouts: settings.timeouts,
            // Dropping it closes all connections.
            stage: watch::Sender::new(Stage::Running),
            registry: Arc::new(Registry::new(settings.limits)),
        };
        while let Ok((io, address)) = race(
            shutdown.as_mut(),
            accept(&mut listener, &connections.registry),
        )
        .await
        {
            let peer = L::peer(&io, &address);
            if race(shutdown.as_mut(), connections.registry.room())
                .await
                .is_err()
            {
                connections.start(io, peer);
                break;
            }
            connections.start(io, peer);
        }
        for (io, address) in listener.close() {
            let peer = L::peer(&io, &address);
            connections.start(io, peer);
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

/// The connections of a server.
struct Connections<S> {
    service: S,
    timeouts: Timeouts,
    stage: watch::Sender<Stage>,
    registry: Arc<Registry>,
}

impl<S> Connections<S> {
    fn start<Io, B>(&self, io: Io, peer: Peer)
    where
        Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let open = self.registry.open(self.timeouts);
        let (service, stage) = (self.service.clone(), self.stage.subscribe());
        tokio::spawn(connection::serve(io, peer, service, open, stage));
    }

    /// Waits for all connections to end.
    ///
    /// When hyper is told to shut down, it closes a connection without a request in progress at
    /// once, and loses a request that the client has sent and the system has not delivered yet.
    /// Connections are therefore left open for a while, and close after their next response.
    async fn end(&mut self) {
        const GRACE: Duration = Duration::from_millis(500);
        self.stage.send_replace(Stage::Closing);
        if timeout(GRACE, self.registry.ended()).await.is_err() {
            self.stage.send_replace(Stage::Ending);
            self.registry.ended().await;
        }
    }
}

/// The next connection.
async fn accept<L: Listener>(listener: &mut L, registry: &Registry) -> (L::Io, L::Addr) {
    /// Time for the system to free what it has run out of.
    const PAUSE: Duration = Duration::from_millis(100);
    loop {
        match listener.accept().await {
            Ok(connection) => return connection,
            Err(error) if listener::is_of_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept a connection");
                // The limit of the system may be lower than that of the server.
                if listener::is_of_resources(&error) && registry.evict() {
                    tokio::task::yield_now().await;
                } else {
                    sleep(PAUSE).await;
                }
            }
        }
    }
}
