//! The transport: sends HTTP requests and returns responses.

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

/// Any [`Service`] of HTTP requests, with its type erased. Each request is sent through a clone of
/// the service.
///
/// It is a [`Service`] itself, so that layers can wrap it.
#[derive(Clone)]
pub struct Transport(Arc<dyn SendRequest>);

/// The future of a response.
pub(crate) type ResponseFuture =
    Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

trait SendRequest: Send + Sync {
    fn send(&self, request: Request<Body>) -> ResponseFuture;
}

struct TransportService<S>(S);

impl<S, B> SendRequest for TransportService<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: Request<Body>) -> ResponseFuture {
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
    /// Creates a transport from `service`, which is cloned for each request and called once the
    /// clone is ready.
    pub fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(Arc::new(TransportService(service)))
    }

    pub(crate) fn send(&self, request: Request<Body>) -> ResponseFuture {
        self.0.send(request)
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> ResponseFuture {
        self.send(request)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

/// Marks the request of an operation with an event stream, for which services may require another
/// version of HTTP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CarriesEvents;

/// An error of a transport that occurred before anything was sent. The call can be repeated,
/// whatever the operation.
///
/// Custom transports wrap such errors in this type.
#[derive(Debug)]
pub struct ConnectError(BoxError);

impl ConnectError {
    /// Wraps `error`.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot connect")
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// Whether nothing can have been sent.
pub(crate) fn is_not_sent(error: &BoxError) -> bool {
    any(error, |error| {
        #[cfg(feature = "https")]
        if error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(hyper_util::client::legacy::Error::is_connect)
        {
            return true;
        }
        error.is::<ConnectError>()
            || error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    })
}

/// Whether the connection, or connecting, timed out.
pub(crate) fn is_timeout(error: &BoxError) -> bool {
    any(error, |error| {
        error.is::<ConnectTimeout>()
            || error.is::<tokio::time::error::Elapsed>()
            || error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
    })
}

/// The error of a peer that speaks another protocol: what is wrong and what to do. Another attempt
/// would meet the same peer.
#[cfg(feature = "https")]
pub(crate) fn misunderstanding(error: &BoxError) -> Option<&'static str> {
    use rustls::{Error as TlsError, InvalidMessage};

    let not_http = any(error, |error| {
        error
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
    });
    let not_tls = any(error, |error| {
        matches!(
            error.downcast_ref::<TlsError>(),
            Some(TlsError::InvalidMessage(InvalidMessage::InvalidContentType))
        )
    });
    if not_http {
        Some("the response is not valid HTTP; check the scheme and the port of the endpoint")
    } else if not_tls {
        Some(
            "cannot connect: the peer does not speak TLS; check the scheme and the port of the endpoint",
        )
    } else {
        None
    }
}

/// The error of a peer that speaks another protocol, which only the default transport reports.
#[cfg(not(feature = "https"))]
pub(crate) fn misunderstanding(_: &BoxError) -> Option<&'static str> {
    None
}

/// Whether TLS failed: the certificate of the peer is not trusted, or the peer supports no common
/// version. Another attempt would meet the same peer.
#[cfg(feature = "https")]
pub(crate) fn is_tls_error(error: &BoxError) -> bool {
    any(error, <dyn Error>::is::<rustls::Error>)
}

/// Whether TLS failed, which only the default transport reports.
#[cfg(not(feature = "https"))]
pub(crate) fn is_tls_error(_: &BoxError) -> bool {
    false
}

/// Whether an error or one of its causes matches.
fn any(error: &BoxError, matches: impl Fn(&(dyn Error + 'static)) -> bool) -> bool {
    let mut next = Some(&**error as &(dyn Error + 'static));
    while let Some(error) = next {
        if matches(error) {
            return true;
        }
        // An I/O error does not report the error that it wraps as its source.
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = wrapped
            .map(|error| error as &(dyn Error + 'static))
            .or_else(|| error.source());
    }
    false
}

/// No connection was established in time.
#[derive(Debug)]
pub(crate) struct ConnectTimeout(pub(crate) std::time::Duration);

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection within {:?}", self.0)
    }
}

impl Error for ConnectTimeout {}
