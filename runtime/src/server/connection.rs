//! A connection from the moment when it was accepted: timeouts, and an end that loses nothing.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response, Version};
use http_body::Body as HttpBody;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, timeout};
use tower_service::Service;

use crate::http::idle_timeout::{IdleTimeout, IdleTimeoutBody};
use crate::http::{Body, BoxError};

use super::context::Peer;
use super::serve::{Timeouts, unless};

/// Changes once, when the server shuts down.
pub(super) type Stopped = watch::Receiver<()>;

fn is_stopped(stopped: &Stopped) -> bool {
    // Of a server that was dropped, too.
    stopped.has_changed().unwrap_or(true)
}

/// Serves a connection until it ends.
///
/// A server that shuts down closes no connection on which a request may be on its way already: what the caller has sent, and the system has not handed
/// over yet, cannot be told from silence. So a quiet connection is listened to for a moment longer, and one whose caller has only just
/// connected for longer than that, since hyper drops such a one at once.
pub(super) async fn serve<S, B>(
    (stream, peer): (TcpStream, SocketAddr),
    service: S,
    timeouts: Timeouts,
    stopped: Stopped,
) where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    /// Ten times this. A process that was held up for longer would take its own silence for the caller's.
    const QUIET: Duration = Duration::from_millis(10);
    const SILENT: Duration = Duration::from_millis(900);
    // Small answers are not held back; that they would be harms nothing.
    let _ = stream.set_nodelay(true);
    let begun = Arc::new(AtomicBool::new(false));
    let io = TokioIo::new(Opening::new(stream, timeouts.header, Arc::clone(&begun)));
    let service = Connected {
        service,
        peer,
        body_timeout: timeouts.body,
        stopped: stopped.clone(),
    };
    let builder = builder(timeouts.header);
    let mut connection = pin!(builder.serve_connection(io, TowerToHyperService::new(service)));
    let mut stopped = stopped;
    let mut stop = pin!(async {
        // The server was dropped, if it fails.
        let _ = stopped.changed().await;
    });
    let mut ended = unless(stop.as_mut(), connection.as_mut()).await;
    for _ in 0..10 {
        if ended.is_none() {
            ended = timeout(QUIET, connection.as_mut()).await.ok();
        }
    }
    if ended.is_none() && !begun.load(Ordering::Relaxed) {
        ended = timeout(SILENT, connection.as_mut()).await.ok();
    }
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error, %peer, "a connection ended badly");
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

/// The service of one connection.
#[derive(Clone)]
struct Connected<S> {
    service: S,
    peer: SocketAddr,
    body_timeout: Duration,
    stopped: Stopped,
}

impl<S, B, A> Service<Request<B>> for Connected<S>
where
    S: Service<Request<Body>, Response = Response<A>>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<A>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(Peer(self.peer));
        let timeout = self.body_timeout;
        let idle = IdleTimeout::default();
        request.extensions_mut().insert(idle.clone());
        let timed = |body: B| {
            if body.is_end_stream() {
                return Body::empty();
            }
            Body::new(IdleTimeoutBody::new(body, timeout).handle(idle))
        };
        // HTTP/2 has its own way to say goodbye.
        let says_goodbye = request.version() < Version::HTTP_2;
        let stopped = self.stopped.clone();
        let answering = self.service.call(request.map(timed));
        Box::pin(async move {
            let mut answer = answering.await?;
            if says_goodbye && is_stopped(&stopped) {
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(CONNECTION, close);
            }
            Ok(answer)
        })
    }
}

/// A connection that must begin: until it is known which version of HTTP it speaks, no timeout of HTTP holds.
struct Opening {
    stream: TcpStream,
    /// Gone once enough was read.
    patience: Option<Pin<Box<Sleep>>>,
    read: usize,
    /// Set with the first byte.
    begun: Arc<AtomicBool>,
}

impl Opening {
    fn new(stream: TcpStream, timeout: Duration, begun: Arc<AtomicBool>) -> Self {
        let patience = Instant::now()
            .checked_add(timeout)
            .map(|at| Box::pin(tokio::time::sleep_until(at)));
        Self {
            stream,
            patience,
            read: 0,
            begun,
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
        if self.read == 0 && !new.is_empty() {
            self.begun.store(true, Ordering::Relaxed);
        }
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
