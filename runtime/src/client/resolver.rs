//! The endpoints of calls: one for all calls of a client, or what the rules of the service lead to.

use std::fmt;
use std::sync::Arc;

use super::auth::EndpointAuth;
use super::endpoint::Endpoint;
#[cfg(feature = "endpoints")]
use super::rules::{Resolver, RuleEndpoint};
use crate::http::BoxError;
#[cfg(feature = "endpoints")]
use crate::protocol::request::RequestParts;
use crate::protocol::service::Operation;
use crate::shape::EncodeMembers;

/// Where the endpoints of calls come from.
pub(crate) enum EndpointSource {
    /// One endpoint.
    Fixed(Arc<Endpoint>),
    /// The endpoint rules of the service.
    #[cfg(feature = "endpoints")]
    Rules(Resolver),
}

impl From<Endpoint> for EndpointSource {
    fn from(endpoint: Endpoint) -> Self {
        Self::Fixed(Arc::new(endpoint))
    }
}

impl fmt::Debug for EndpointSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(endpoint) => endpoint.fmt(f),
            #[cfg(feature = "endpoints")]
            Self::Rules(resolver) => resolver.fmt(f),
        }
    }
}

/// The endpoint of a call.
#[derive(Clone)]
pub(crate) enum CallEndpoint {
    /// That of the client.
    Fixed(Arc<Endpoint>),
    /// That of the rules.
    #[cfg(feature = "endpoints")]
    Rules(Arc<RuleEndpoint>),
}

impl EndpointSource {
    /// The endpoint of a call.
    #[cfg_attr(
        not(feature = "endpoints"),
        expect(clippy::unnecessary_wraps, reason = "rules can lead to no endpoint")
    )]
    pub(crate) fn find(
        &self,
        operation: &'static Operation,
        input: &dyn EncodeMembers,
    ) -> Result<CallEndpoint, BoxError> {
        match self {
            Self::Fixed(endpoint) => {
                let _ = (operation, input);
                Ok(CallEndpoint::Fixed(Arc::clone(endpoint)))
            }
            #[cfg(feature = "endpoints")]
            Self::Rules(resolver) => {
                let endpoint = resolver.resolve(operation, input)?;
                Ok(CallEndpoint::Rules(endpoint))
            }
        }
    }
}

impl CallEndpoint {
    /// The authentication schemes that it accepts.
    pub(crate) fn auth(&self) -> &EndpointAuth {
        match self {
            Self::Fixed(_) => &EndpointAuth::OF_OPERATION,
            #[cfg(feature = "endpoints")]
            Self::Rules(endpoint) => endpoint.auth(),
        }
    }

    /// A request with the headers of the endpoint.
    #[cfg(feature = "endpoints")]
    pub(crate) fn with_headers(&self, mut request: RequestParts) -> RequestParts {
        if let Self::Rules(endpoint) = self {
            endpoint.add_headers(&mut request);
        }
        request
    }
}
