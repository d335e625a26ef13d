//! The context of a request: everything besides the input.

use std::fmt;
use std::time::Instant;

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request, Uri};

use crate::protocol::service::Operation;

use super::peer::Peer;

/// The context of a request: everything that an implementation can learn besides the input.
///
/// The router creates one per request. A unit test creates one with [`RequestContext::new`], and
/// calls the method of an implementation without a router:
///
/// ```
/// # use drawplate_runtime::server::RequestContext;
/// # use drawplate_runtime::service::Operation;
/// # use std::net::SocketAddr;
/// struct Greeter;
///
/// impl Greeter {
///     // In a generated trait, the first parameter is the input.
///     async fn greet(&self, cx: &RequestContext) -> String {
///         let name = cx.extensions().get::<&str>().unwrap_or(&"stranger");
///         match cx.headers().get("accept-language") {
///             Some(language) if language == "de" => format!("Hallo {name}"),
///             _ => format!("Hello {name}"),
///         }
///     }
/// }
///
/// # async fn test(operation: &'static Operation) {
/// // `operation` is a static of the generated module `operation`, such as `&operation::GREET`.
/// let mut cx = RequestContext::new(operation)
///     .with_peer(SocketAddr::from(([192, 0, 2, 1], 4711)))
///     .with_request_id("test-1");
/// cx.headers_mut().insert("accept-language", "de".parse().unwrap());
/// cx.extensions_mut().insert("Ada");
/// assert_eq!(Greeter.greet(&cx).await, "Hallo Ada");
/// # }
/// ```
///
/// `I` is the identity of the caller. It is `()` where the model does not ask for one, and an
/// [`Option`] where it is optional.
pub struct RequestContext<I = ()> {
    pub(super) request_id: Box<str>,
    pub(super) operation: &'static Operation,
    pub(super) deadline: Option<Instant>,
    pub(super) parts: Parts,
    identity: I,
}

impl RequestContext {
    /// The context of a request for `operation` without headers, extensions, peer and deadline.
    /// The request ID is the nil UUID.
    pub fn new(operation: &'static Operation) -> Self {
        let (parts, ()) = Request::new(()).into_parts();
        Self::of_request(
            "00000000-0000-0000-0000-000000000000".into(),
            operation,
            parts,
        )
    }

    /// The context of a request.
    pub(super) fn of_request(
        request_id: Box<str>,
        operation: &'static Operation,
        parts: Parts,
    ) -> Self {
        Self {
            request_id,
            operation,
            deadline: None,
            parts,
            identity: (),
        }
    }

    /// Moves the content out, and adds the identity of the caller.
    pub(super) fn take<I>(&mut self, identity: I) -> RequestContext<I> {
        let operation = self.operation;
        let (parts, ()) = Request::new(()).into_parts();
        let empty = Self::of_request(Box::default(), operation, parts);
        std::mem::replace(self, empty).with_identity(identity)
    }
}

impl<I> RequestContext<I> {
    /// Sets the identity of the caller.
    #[must_use]
    pub fn with_identity<J>(self, identity: J) -> RequestContext<J> {
        let Self {
            request_id,
            operation,
            deadline,
            parts,
            identity: _,
        } = self;
        RequestContext {
            request_id,
            operation,
            deadline,
            parts,
            identity,
        }
    }

    /// The identity of the caller, as a verifier of the router has determined it.
    pub fn identity(&self) -> &I {
        &self.identity
    }

    /// Takes method, URI, headers and extensions from `request`.
    #[must_use]
    pub fn with_request<B>(mut self, request: Request<B>) -> Self {
        self.parts = request.into_parts().0;
        self
    }

    /// Sets the request ID.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.request_id = request_id.into().into_boxed_str();
        self
    }

    /// Sets the peer.
    #[must_use]
    pub fn with_peer(mut self, peer: impl Into<Peer>) -> Self {
        self.parts.extensions.insert(peer.into());
        self
    }

    /// Sets the deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The request ID: a random UUID that the response carries in the header `x-amzn-requestid`.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The name of the operation.
    pub fn operation_name(&self) -> &'static str {
        self.operation.name
    }

    /// The time at which the router gives up on the call; see
    /// [`Router::timeout`](super::Router::timeout).
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The other end of the connection, if the server has put it into the extensions.
    /// [`serve`](fn@super::serve) does.
    pub fn peer(&self) -> Option<&Peer> {
        self.parts.extensions.get()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The headers, to change.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.parts.headers
    }

    /// Values that layers in front of the router have added for the implementation.
    pub fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// The extensions, to change.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.parts.extensions
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// The URI.
    pub fn uri(&self) -> &Uri {
        &self.parts.uri
    }
}

/// Shows neither headers nor path nor query nor identity, which may be sensitive.
impl<I> fmt::Debug for RequestContext<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            request_id,
            operation,
            deadline,
            parts,
            identity: _,
        } = self;
        f.debug_struct("RequestContext")
            .field("request_id", request_id)
            .field("operation", &operation.name)
            .field("deadline", deadline)
            .field("method", &parts.method)
            .finish_non_exhaustive()
    }
}
