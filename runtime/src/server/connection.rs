//! A connection, from its acceptance to its end.

use std::future::ready;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, HOST, HeaderValue, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{Request, Response, StatusCode, Version};
use http_body::Body as HttpBody;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower_service::Service;

use crate::http::{Body, BoxError};

use super::activity::{Activity, Overdue, RequestGuard, race};
use super::peer::Peer;
use super::registry::Open;
use super::serve::Stage;
use super::transfer::{BodyUse, Output, RequestBody, ResponseBody};

/// Why a connection is closed.
enum Close {
    /// The server shuts down.
    Shutdown,
    /// The server is dropped.
    Dropped,
    /// Another connection needs the room.
    Evicted,
    Overdue(Overdue),
}

/// Serves a connection until it ends.
///
/// `GracefulShutdown` of hyper-util ends all connections of a server at once, without a limit of
/// time. This function also ends one connection that has no request in progress, or whose client
/// does not read; over HTTP/2 it sends GOAWAY, which tells the client what it may send again.
pub(super) async fn serve<Io, S, B>(
    io: Io,
    peer: Peer,
    service: S,
    open: Open,
    stage: watch::Receiver<Stage>,
) where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    /// The time that a client has to end a connection after it was asked to.
    const FAREWELL: Duration = Duration::from_secs(5);
    let activity = &open.activity;
    let timeouts = activity.timeouts();
    let service = ConnectionService {
        service,
        peer: peer.clone(),
        stage: stage.clone(),
        activity: Arc::clone(activity),
    };
    let builder = builder(timeouts.header);
    let service = TowerToHyperService::new(service);
    let io = TokioIo::new(Output::new(io, Arc::clone(activity)));
    let mut connection = pin!(builder.serve_connection(io, service));
    let ending = |stage: &Stage| *stage == Stage::Ending;
    let close = closed(activity, stage.clone(), ending, timeouts.header);
    let mut end = race(close, connection.as_mut()).await;
    if let Err(Close::Shutdown | Close::Overdue(Overdue::Idle)) = end {
        connection.as_mut().graceful_shutdown();
        let idle = activity.idle_time() + FAREWELL;
        let close = closed(activity, stage, |_| false, idle);
        end = race(close, connection.as_mut()).await;
    }
    activity.end();
    match end {
        Ok(Err(error)) => tracing::debug!(error, ?peer, "a connection has failed"),
        Err(Close::Overdue(Overdue::Unread)) => {
            tracing::debug!(?peer, "a client does not read its response");
        }
        Err(Close::Evicted) => {
            tracing::debug!(?peer, "a connection is closed in favor of others");
            connection.as_mut().graceful_shutdown();
            // Sends GOAWAY, if it can be sent at once.
            let _ = race(connection, ready(())).await;
        }
        Ok(Ok(())) | Err(Close::Shutdown | Close::Dropped | Close::Overdue(Overdue::Idle)) => {}
    }
}

/// Completes when a connection has to be closed.
async fn closed(
    activity: &Activity,
    mut stage: watch::Receiver<Stage>,
    ending: impl FnMut(&Stage) -> bool,
    idle: Duration,
) -> Close {
    let ends = async {
        match stage.wait_for(ending).await {
            Ok(_) => Close::Shutdown,
            Err(_) => Close::Dropped,
        }
    };
    let ends = race(ends, activity.evicted());
    match race(ends, activity.overdue(idle)).await {
        Err(Err(ends)) => ends,
        Err(Ok(())) => Close::Evicted,
        Ok(overdue) => Close::Overdue(overdue),
    }
}

fn builder(header_timeout: Duration) -> auto::Builder<TokioExecutor> {
    /// How long a peer may be silent before it is pinged, and how long it may take to respond to
    /// the ping.
    const PING: Duration = Duration::from_secs(20);
    /// The size of a head, and of what is read or written at once. It is above the limit of the
    /// router, whose response says more.
    const HEAD: u32 = 128 << 10;
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // A graceful shutdown waits for a head that has begun.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HEAD as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING)
        .max_concurrent_streams(100)
        .max_header_list_size(HEAD);
    builder
}

/// The service of one connection.
#[derive(Clone)]
struct ConnectionService<S> {
    service: S,
    peer: Peer,
    stage: watch::Receiver<Stage>,
    activity: Arc<Activity>,
}

impl<S, B, A> Service<Request<B>> for ConnectionService<S>
where
    S: Service<Request<Body>, Response = Response<A>> + Clone + Send + 'static,
    S::Future: Send,
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
        let guard = Arc::new(RequestGuard::new(&self.activity));
        if let Err((status, why)) = check_head(&request) {
            let mut response = Response::new(ResponseBody::new(Body::from(why), guard));
            *response.status_mut() = status;
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            // What follows may not be what it seems to be.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
            return Box::pin(async move { Ok(response) });
        }
        let uses = BodyUse::new();
        request.extensions_mut().insert(self.peer.clone());
        request.extensions_mut().insert(uses.clone());
        let request = request.map(|body| {
            if body.is_end_stream() {
                return Body::empty();
            }
            Body::new(RequestBody::new(body, Arc::clone(&guard), uses))
        });
        let stage = self.stage.clone();
        // This one is ready.
        let service = self.service.clone();
        let mut service = std::mem::replace(&mut self.service, service);
        Box::pin(async move {
            guard.room().await;
            let mut response = service.call(request).await?;
            // Over HTTP/2, hyper removes the header: there is GOAWAY instead.
            if *stage.borrow() != Stage::Running {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(CONNECTION, close);
            }
            Ok(response.map(|body| ResponseBody::new(Body::new(body), guard)))
        })
    }
}

/// Checks what hyper leaves to its callers: the host (RFC 9112 section 3.2, RFC 9113 section
/// 8.3.1) and the transfer coding (RFC 9112 section 6.1).
fn check_head<B>(request: &Request<B>) -> Result<(), (StatusCode, &'static str)> {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    let headers = request.headers();
    let mut hosts = headers.get_all(HOST).iter();
    let (host, other) = (hosts.next(), hosts.next());
    if other.is_some() {
        return Err((BAD, "the request has more than one host header\n"));
    }
    let authority = request.uri().authority();
    match (host, authority) {
        (None, None) if request.version() >= Version::HTTP_11 => {
            return Err((BAD, "the request has no host header\n"));
        }
        (Some(host), _) if !host.is_empty() && !is_host(host) => {
            return Err((BAD, "the host header is not a host\n"));
        }
        (Some(host), Some(authority))
            if request.version() >= Version::HTTP_2
                && !host
                    .as_bytes()
                    .eq_ignore_ascii_case(authority.as_str().as_bytes()) =>
        {
            return Err((BAD, "the host header is not the authority of the request\n"));
        }
        _ => {}
    }
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        let why = "the only supported transfer coding is chunked\n";
        return Err((StatusCode::NOT_IMPLEMENTED, why));
    }
    if headers.get_all(TRANSFER_ENCODING).iter().count() > 1 {
        return Err((BAD, "the body is chunked more than once\n"));
    }
    Ok(())
}

fn is_host(host: &HeaderValue) -> bool {
    let host = Authority::try_from(host.as_bytes());
    host.is_ok_and(|host| !host.as_str().contains('@'))
}
