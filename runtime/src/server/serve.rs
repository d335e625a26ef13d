//! Listens for a router: HTTP/1.1 and HTTP/2 on one socket, limits that are on by default, and a shutdown that loses nothing.

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep};
use tower_service::Service;

use crate::http::{Body, BoxError};

use super::context::Peer;

/// Serves `service` to whoever connects to `listener`, until it is told to shut down: a [`Router`](super::Router), or anything
/// that layers made of it. Awaited, it runs.
pub fn serve<S>(listener: TcpListener, service: S) -> Serve<S> {
    Serve {
        listener,
        service,
        shutdown: None,
        settings: Settings {
            connections: 10_000,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
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
    header_timeout: Duration,
    body_timeout: Duration,
    drain_timeout: Duration,
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
    /// When `signal` is done, the socket is closed, calls that are on their way are answered, and the server is done.
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
        self.settings.header_timeout = timeout;
        self
    }

    /// How long a body may stall; 30 seconds unless set. The call is answered with 408.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.settings.body_timeout = timeout;
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
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        loop {
            let accepting = accept(&listener, &permits);
            let Some((stream, peer, permit)) = unless(shutdown.as_mut(), accepting).await else {
                break;
            };
            while connections.try_join_next().is_some() {}
            let service = Connected {
                service: service.clone(),
                peer,
                body_timeout: settings.body_timeout,
            };
            let io = TokioIo::new(Opening::new(stream, settings.header_timeout));
            let builder = builder(settings.header_timeout);
            let connection = builder
                .serve_connection(io, TowerToHyperService::new(service))
                .into_owned();
            let connection = graceful.watch(connection);
            connections.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(error, %peer, "a connection ended badly");
                }
                drop(permit);
            });
        }
        // New connections are refused from here on.
        drop(listener);
        if tokio::time::timeout(settings.drain_timeout, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("calls that were on their way took too long to be waited for");
            return Ok(());
        }
        while connections.join_next().await.is_some() {}
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

fn builder(header_timeout: Duration) -> auto::Builder<TokioExecutor> {
    const PING: Duration = Duration::from_secs(20);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout);
    let mut http2 = builder.http2();
    // A peer that went away without a word is found out by a ping.
    http2
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    // Above the router's own limit, which has the better answer.
    http2.max_header_list_size(128 << 10);
    builder
}

/// The next connection, as soon as there is room for it.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    /// What the system has run out of needs a moment to come back.
    const PAUSE: Duration = Duration::from_millis(100);
    // The semaphore is never closed.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Small answers are not held back; that they would be harms nothing.
                let _ = stream.set_nodelay(true);
                return (stream, peer, permit);
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

/// What `future` gives, unless `stop` is done before.
async fn unless<T>(
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

/// The service of one connection.
#[derive(Clone)]
struct Connected<S> {
    service: S,
    peer: SocketAddr,
    body_timeout: Duration,
}

impl<S, B> Service<Request<B>> for Connected<S>
where
    S: Service<Request<Body>>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.extensions_mut().insert(Peer(self.peer));
        let timeout = self.body_timeout;
        let timed = |body: B| {
            if body.is_end_stream() {
                return Body::empty();
            }
            Body::new(Timed {
                body: Box::pin(body),
                timeout,
                sleep: None,
            })
        };
        self.service.call(request.map(timed))
    }
}

/// A body that must not stall.
struct Timed<B> {
    body: Pin<Box<B>>,
    timeout: Duration,
    /// Runs while nothing comes.
    sleep: Option<Pin<Box<Sleep>>>,
}

/// A body that stalled for too long.
#[derive(Debug)]
pub(super) struct Stalled;

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body took too long")
    }
}

impl std::error::Error for Stalled {}

impl<B> HttpBody for Timed<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = self.body.as_mut().poll_frame(cx) {
            self.sleep = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let timeout = self.timeout;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(timeout)));
        sleep.as_mut().poll(cx).map(|()| Some(Err(Stalled.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that must begin: until it is known which version of HTTP it speaks, no timeout of HTTP holds.
struct Opening {
    stream: TcpStream,
    /// Gone once enough was read.
    patience: Option<Pin<Box<Sleep>>>,
    read: usize,
}

impl Opening {
    fn new(stream: TcpStream, timeout: Duration) -> Self {
        let patience = Instant::now()
            .checked_add(timeout)
            .map(|at| Box::pin(tokio::time::sleep_until(at)));
        Self {
            stream,
            patience,
            read: 0,
        }
    }
}

impl AsyncRead for Opening {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        /// The preface of HTTP/2 (RFC 9113 section 3.4). Any request of HTTP/1 that is shorter has ended a line by then.
        const PREFACE: usize = 24;
        let before = buffer.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let new = &buffer.filled()[before..];
        self.read += new.len();
        if self.read >= PREFACE || new.contains(&b'\n') {
            self.patience = None;
        }
        match (&poll, &mut self.patience) {
            (Poll::Pending, Some(patience)) => {
                let late = || {
                    Err(io::Error::new(
                        io::ErrorKind::TimedOut,
                        "the connection did not begin with a request",
                    ))
                };
                patience.as_mut().poll(cx).map(|()| late())
            }
            _ => poll,
        }
    }
}

impl AsyncWrite for Opening {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
