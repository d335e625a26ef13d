//! Authentication: which identity a request gets.

mod endpoint;
#[cfg(feature = "auth")]
mod http;
#[cfg(feature = "sigv4")]
mod sigv4;

use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "sigv4")]
use std::time::Duration;
use std::time::SystemTime;

use ::http::Request;

use super::error::{CallError, ErrorClass};
#[cfg(feature = "sigv4")]
use crate::aws::sigv4::Signer;
#[cfg(feature = "checksums")]
use crate::http::checksum::ChecksumAlgorithm;
use crate::http::{Body, BoxError};
use crate::protocol::content::Content;
use crate::protocol::service::{AuthScheme, Operation, Service};

use self::endpoint::CallScheme;
pub(super) use self::endpoint::EndpointAuth;
#[cfg(feature = "auth")]
pub(super) use self::http::HttpScheme;
#[cfg(feature = "auth")]
pub use self::http::{HasApiKeyAuth, HasBasicAuth, HasBearerAuth};

/// The identities of a client, each with its source.
#[derive(Default)]
pub(crate) struct Identities {
    /// Calls for which there is no identity are sent without one.
    unauthenticated: bool,
    schemes: Vec<Box<dyn SchemeIdentity>>,
    #[cfg(feature = "sigv4")]
    signer: Option<Arc<Signer>>,
}

/// A call to authenticate.
#[derive(Clone, Copy)]
pub(super) struct AuthTarget<'c> {
    pub(super) service: &'static Service,
    pub(super) operation: &'static Operation,
    /// The schemes that the endpoint of the call accepts.
    pub(super) endpoint: &'c EndpointAuth,
    #[cfg_attr(
        not(feature = "sigv4"),
        expect(dead_code, reason = "signatures cover it")
    )]
    pub(super) body: &'c Content,
    /// The algorithm of the checksum that follows the body.
    #[cfg(feature = "checksums")]
    #[cfg_attr(
        not(feature = "sigv4"),
        expect(dead_code, reason = "signatures cover it")
    )]
    pub(super) trailer: Option<ChecksumAlgorithm>,
    /// Whether each chunk of the body is signed.
    #[cfg(feature = "checksums")]
    #[cfg_attr(
        not(feature = "sigv4"),
        expect(dead_code, reason = "nothing is signed")
    )]
    pub(super) signs_chunks: bool,
    #[cfg_attr(
        not(any(feature = "auth", feature = "sigv4")),
        expect(dead_code, reason = "identities expire")
    )]
    pub(super) clock: &'c Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

/// A future of authentication.
type AuthFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// The identity of a client for one scheme.
pub(super) trait SchemeIdentity: Send + Sync {
    /// Whether it is for this scheme.
    fn is_for(&self, scheme: AuthScheme) -> bool;

    /// Authenticates a request. Returns the identity that it now has.
    fn authenticate<'a>(
        &'a self,
        scheme: AuthScheme,
        target: AuthTarget<'a>,
        request: &'a mut Request<Body>,
    ) -> AuthFuture<'a, Box<dyn UsedIdentity>>;
}

/// The identity that a request was sent with.
pub(super) trait UsedIdentity: Send + Sync {
    /// Replaces it after the service has rejected it. Returns whether there is another one.
    fn replace(&self, now: SystemTime) -> AuthFuture<'_, bool>;

    /// Whether an error with this status and this error code says that the service rejects the
    /// identity, which another one may remedy.
    fn is_rejected(&self, status: u16, code: Option<&str>) -> bool;

    /// By how much the clock must be wrong for that to explain an error with this status and this
    /// error code; `None` if it has another reason.
    #[cfg(feature = "sigv4")]
    fn clock_tolerance(&self, _status: u16, _code: Option<&str>) -> Option<Duration> {
        None
    }
}

impl Identities {
    /// Sends calls for which there is no identity without one.
    pub(super) fn allow_unauthenticated(&mut self) {
        self.unauthenticated = true;
    }

    /// Sets the identity for a scheme.
    #[cfg(any(feature = "auth", feature = "sigv4"))]
    pub(super) fn set(&mut self, identity: impl SchemeIdentity + 'static) {
        // The latest one has precedence.
        self.schemes.insert(0, Box::new(identity));
    }

    /// Whether a call is signed.
    #[cfg(any(feature = "checksums", all(feature = "endpoints", feature = "sigv4")))]
    pub(super) fn signs(
        &self,
        service: &Service,
        operation: &Operation,
        endpoint: &EndpointAuth,
    ) -> bool {
        let chosen = self.choose(service, operation, endpoint);
        chosen.is_ok_and(|chosen| chosen.is_some_and(|(scheme, _)| scheme == AuthScheme::SigV4))
    }

    /// Chooses the scheme of a call, and its identity: the first of those of the operation and the
    /// endpoint for which the client has an identity. `None` if the call needs no identity.
    fn choose(
        &self,
        service: &Service,
        operation: &Operation,
        endpoint: &EndpointAuth,
    ) -> Result<Option<(AuthScheme, &dyn SchemeIdentity)>, String> {
        let of_operation = service.auth_of(operation);
        if of_operation.is_empty() {
            return Ok(None);
        }
        let schemes = || endpoint.schemes(of_operation);
        for scheme in schemes() {
            let CallScheme::Scheme(scheme) = scheme else {
                return Ok(None);
            };
            if let Some(identity) = self.identity(scheme) {
                return Ok(Some((scheme, identity)));
            }
        }
        let has_identity = of_operation.iter().any(|it| self.identity(*it).is_some());
        if operation.traits.optional_auth {
            Ok(None)
        } else if schemes().next().is_none() && (has_identity || !self.unauthenticated) {
            // Sending the call without an identity would ignore the one that the client has.
            Err(endpoint.unusable())
        } else if self.unauthenticated {
            Ok(None)
        } else {
            Err(missing(schemes()))
        }
    }

    /// The identity of the client for a scheme.
    fn identity(&self, scheme: AuthScheme) -> Option<&dyn SchemeIdentity> {
        let mut identities = self.schemes.iter();
        let identity = identities.find(|identity| identity.is_for(scheme))?;
        Some(&**identity)
    }

    /// Authenticates the request of an attempt: by the first scheme of the operation, or of those
    /// that the endpoint lists, for which the client has an identity.
    pub(super) async fn authenticate(
        &self,
        target: AuthTarget<'_>,
        request: &mut Request<Body>,
    ) -> Result<Option<Box<dyn UsedIdentity>>, CallError> {
        let AuthTarget {
            service,
            operation,
            endpoint,
            ..
        } = target;
        let chosen = self.choose(service, operation, endpoint);
        let chosen = chosen
            .map_err(|message| CallError::new(ErrorClass::Request, operation.name, message))?;
        let Some((scheme, identity)) = chosen else {
            return Ok(None);
        };
        let used = identity.authenticate(scheme, target, request).await;
        used.map(Some).map_err(|error| {
            let message = match scheme {
                AuthScheme::SigV4 => "cannot sign the request",
                _ => "cannot authenticate the request",
            };
            CallError::new(ErrorClass::Request, operation.name, message).with_source(error)
        })
    }
}

/// What the builder of a client lacks for these schemes.
fn missing(schemes: impl Iterator<Item = CallScheme>) -> String {
    let methods = schemes.filter_map(|scheme| {
        let CallScheme::Scheme(scheme) = scheme else {
            return None;
        };
        Some(match scheme {
            AuthScheme::SigV4 if cfg!(feature = "sigv4") => "`sigv4(..)`",
            AuthScheme::SigV4 => "`sigv4(..)` (feature `sigv4`)",
            AuthScheme::ApiKey(_) => "`api_key(..)`",
            AuthScheme::Basic => "`basic_auth(..)`",
            AuthScheme::Bearer => "`bearer_token(..)`",
        })
    });
    let methods = methods.collect::<Vec<_>>().join(" or ");
    format!(
        "the operation requires authentication: call {methods} on the builder of the client, or \
         `unauthenticated()` if the server requires none"
    )
}
