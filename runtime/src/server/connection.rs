//! A connection, from its acceptance to its end.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response, Version};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tower_service::Service;

use crate::http::idle_timeout::{IdleTimeout, IdleTimeoutBody};
use crate::http::{Body, BoxError};

use super::peer::Peer;
use super::serve::{Stage, unless};

/// The time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// Without a request in progress.
    pub(super) header: Duration,
    /// Between two frames of a request's body.
    pub(super) body: Duration,
}

/// Serves a connection until it ends.
///
/// `GracefulShutdown` of hyper-util ends all connections of a server at once. This function ends
/// one that has no request in progress, too, and over HTTP/2 it does so with GOAWAY: the client
/// learns which requests it may send again.
pub(super) async fn serve<Io, S, B>(
    io: Io,
    peer: Peer,
    service: S,
    timeouts: Timeouts,
    mut stage: watch::Receiver<Stage>,
) where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let activity = Arc::new(Activity::new());
    let service = ConnectionService {
        service,
        peer: peer.clone(),
        body_timeout: timeouts.body,
        stage: stage.clone(),
        activity: Arc::clone(&activity),
    };
    let builder = builder(timeouts.header);
    let service = TowerToHyperService::new(service);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service));
    let server_ends = async {
        // It fails when the server is dropped, and this future with it.
        let _ = stage.wait_for(|stage| *stage == Stage::Ending).await;
    };
    let end = async {
        unless(server_ends, activity.idle(timeouts.header)).await;
    };
    let result = match unless(end, connection.as_mut()).await {
        Some(result) => result,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(error, ?peer, "a connection has failed");
    }
}

fn builder(header_timeout: Duration) -> auto::Builder<TokioExecutor> {
    /// How long a peer may be silent before it is pinged, and how long it may take to respond to
    /// the ping.
    const PING: Duration = Duration::from_secs(20);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // A graceful shutdown waits for a head that has begun.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING)
        // Above the limit of the router, whose response says more.
        .max_header_list_size(128 << 10);
    builder
}

/// The requests of a connection, as its deadlines see them.
struct Activity(Mutex<State>);

#[derive(Clone, Copy)]
struct State {
    /// How many requests are in progress, from the head of the request to the end of the response.
    requests: usize,
    /// The start of the connection, or the end of the last response.
    idle_since: Instant,
}

impl Activity {
    fn new() -> Self {
        Self(Mutex::new(State {
            requests: 0,
            idle_since: Instant::now(),
        }))
    }

    fn state(&self) -> State {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, update: impl FnOnce(&mut State)) {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Completes when no request has been in progress for as long as `limit`.
    async fn idle(&self, limit: Duration) {
        loop {
            let state = self.state();
            if state.requests > 0 {
                // At the earliest, it becomes idle now.
                sleep(limit.max(Duration::from_millis(1))).await;
                continue;
            }
            match state.idle_since.checked_add(limit) {
                Some(deadline) if deadline <= Instant::now() => return,
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        }
    }
}

/// A request in progress.
struct RequestGuard(Arc<Activity>);

impl RequestGuard {
    fn new(activity: &Arc<Activity>) -> Self {
        activity.update(|state| state.requests += 1);
        Self(Arc::clone(activity))
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.update(|state| {
            state.requests -= 1;
            state.idle_since = Instant::now();
        });
    }
}

/// The service of one connection.
#[derive(Clone)]
struct ConnectionService<S> {
    service: S,
    peer: Peer,
    body_timeout: Duration,
    stage: watch::Receiver<Stage>,
    activity: Arc<Activity>,
}

impl<S, B, A> Service<Request<B>> for ConnectionService<S>
where
    S: Service<Request<Body>, Response = Response<A>>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    A: HttpBody<Data = Bytes> + Send + 'static,
    A::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let guard = RequestGuard::new(&self.activity);
        request.extensions_mut().insert(self.peer.clone());
        let timeout = self.body_timeout;
        let handle = IdleTimeout::default();
        request.extensions_mut().insert(handle.clone());
        let with_timeout = |body: B| {
            if body.is_end_stream() {
                return Body::empty();
            }
            Body::new(IdleTimeoutBody::new(body, timeout).handle(handle))
        };
        // HTTP/2 has GOAWAY instead.
        let may_close = request.version() < Version::HTTP_2;
        let stage = self.stage.clone();
        let response = self.service.call(request.map(with_timeout));
        Box::pin(async move {
            let mut response = response.await?;
            if may_close && *stage.borrow() != Stage::Running {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(CONNECTION, close);
            }
            Ok(response.map(|body| ResponseBody {
                body: Body::new(body),
                _guard: guard,
            }))
        })
    }
}

/// The body of a response. Its request is in progress until it is dropped.
struct ResponseBody {
    body: Body,
    _guard: RequestGuard,
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = <Body as HttpBody>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        HttpBody::is_end_stream(&self.body)
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}
