//! What carries requests to the service and answers back.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tower_service::Service;

use crate::http::{Body, BoxError};

/// A service of HTTP requests, whatever its type: clones of the service answer the calls.
///
/// It is a [`Service`] itself, so that layers go around it.
#[derive(Clone)]
pub struct Transport(Arc<dyn Carry>);

/// The answer to a request, on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

trait Carry: Send + Sync {
    fn send(&self, request: Request<Body>) -> Answering;
}

struct Of<S>(S);

impl<S, B> Carry for Of<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: Request<Body>) -> Answering {
        let mut service = self.0.clone();
        Box::pin(async move {
            std::future::poll_fn(|cx| service.poll_ready(cx))
                .await
                .map_err(Into::into)?;
            let response = service.call(request).await.map_err(Into::into)?;
            Ok(response.map(Body::new))
        })
    }
}

impl Transport {
    /// A transport over `service`. What is ready and how many requests are on their way is the service's business: it is cloned for
    /// each request and asked whether it is ready.
    pub fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(Arc::new(Of(service)))
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answering {
        self.0.send(request)
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        self.send(request)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

/// An error of a transport that struck before anything was sent: whatever the operation, the call may be repeated.
///
/// Transports of your own wrap such errors in it.
#[derive(Debug)]
pub struct NotSent(BoxError);

impl NotSent {
    /// Marks `error`.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot connect")
    }
}

impl Error for NotSent {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// Whether nothing can have been sent.
pub(crate) fn is_unsent(error: &BoxError) -> bool {
    any(error, |error| {
        #[cfg(feature = "https")]
        if error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
        {
            return true;
        }
        error.is::<NotSent>()
            || error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    })
}

/// Whether the time to connect was up.
pub(crate) fn is_timeout(error: &BoxError) -> bool {
    any(error, |error| {
        error.is::<ConnectTimeout>()
            || error.is::<tokio::time::error::Elapsed>()
            || error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
    })
}

/// Whether the peer is not whom it should be, or does not speak TLS as we do: it will not be another one soon.
#[cfg(feature = "https")]
pub(crate) fn is_distrusted(error: &BoxError) -> bool {
    any(error, <dyn Error>::is::<rustls::Error>)
}

/// Other transports keep to themselves what they think of their peers.
#[cfg(not(feature = "https"))]
pub(crate) fn is_distrusted(_: &BoxError) -> bool {
    false
}

/// Whether an error or one of its causes is such.
fn any(error: &BoxError, is: impl Fn(&(dyn Error + 'static)) -> bool) -> bool {
    let mut next = Some(&**error as &(dyn Error + 'static));
    while let Some(error) = next {
        if is(error) {
            return true;
        }
        // An I/O error is the mask of another, which it does not name as its cause.
        let masked = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = masked
            .map(|error| error as &(dyn Error + 'static))
            .or_else(|| error.source());
    }
    false
}

/// No connection was made in time.
#[derive(Debug)]
pub(crate) struct ConnectTimeout(pub(crate) std::time::Duration);

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection within {:?}", self.0)
    }
}

impl Error for ConnectTimeout {}
