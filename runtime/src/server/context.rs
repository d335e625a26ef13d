//! What an implementation knows of the request beside the input.

use std::fmt;
use std::net::SocketAddr;
use std::time::Instant;

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Uri};

use crate::protocol::service::Operation;

/// The address that a request comes from, in the extensions of the request. The runtime's own listener sets it; other
/// servers may do so too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// What an implementation knows of the request beside the input.
pub struct RequestContext {
    pub(super) request_id: Box<str>,
    pub(super) operation: &'static Operation,
    pub(super) deadline: Option<Instant>,
    pub(super) parts: Parts,
}

impl RequestContext {
    /// A random UUID that the answer carries in the header `x-amzn-requestid`.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The operation's name.
    pub fn operation_name(&self) -> &'static str {
        self.operation.name
    }

    /// When the call is given up on, if ever.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The address that the request comes from, where the server says so; see [`Peer`].
    pub fn peer(&self) -> Option<SocketAddr> {
        self.parts.extensions.get::<Peer>().map(|peer| peer.0)
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// What layers in front of the router left for the implementation.
    pub fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// Where the request went to.
    pub fn uri(&self) -> &Uri {
        &self.parts.uri
    }
}

/// Headers, path and query may be sensitive and are not shown.
impl fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            request_id,
            operation,
            deadline,
            parts,
        } = self;
        f.debug_struct("RequestContext")
            .field("request_id", request_id)
            .field("operation", &operation.name)
            .field("deadline", deadline)
            .field("method", &parts.method)
            .finish_non_exhaustive()
    }
}
