//! Authentication: which identity a request gets.

#[cfg(feature = "auth")]
mod http;
#[cfg(feature = "sigv4")]
mod sigv4;

use std::pin::Pin;
use std::sync::Arc;
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

    /// The first scheme of an operation for which the client has an identity.
    #[cfg(feature = "checksums")]
    pub(super) fn scheme_of(&self, service: &Service, operation: &Operation) -> Option<AuthScheme> {
        let (scheme, _) = self.available(service, operation)?;
        Some(scheme)
    }

    /// The first scheme of an operation for which the client has an identity, and the identity.
    fn available(
        &self,
        service: &Service,
        operation: &Operation,
    ) -> Option<(AuthScheme, &dyn SchemeIdentity)> {
        service.auth_of(operation).iter().find_map(|scheme| {
            let mut identities = self.schemes.iter();
            let identity = identities.find(|identity| identity.is_for(*scheme))?;
            Some((*scheme, &**identity))
        })
    }

    /// Authenticates the request of an attempt: by the first scheme of the operation for which the
    /// client has an identity.
    pub(super) async fn authenticate(
        &self,
        target: AuthTarget<'_>,
        request: &mut Request<Body>,
    ) -> Result<Option<Box<dyn UsedIdentity>>, CallError> {
        let AuthTarget {
            service, operation, ..
        } = target;
        let schemes = service.auth_of(operation);
        let Some((scheme, identity)) = self.available(service, operation) else {
            if schemes.is_empty() || operation.traits.optional_auth || self.unauthenticated {
                return Ok(None);
            }
            let message = missing(schemes);
            return Err(CallError::new(ErrorClass::Request, operation.name, message));
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
fn missing(schemes: &[AuthScheme]) -> String {
    let methods = schemes.iter().map(|scheme| match scheme {
        AuthScheme::SigV4 if cfg!(feature = "sigv4") => "`sigv4(..)`",
        AuthScheme::SigV4 => "`sigv4(..)` (feature `sigv4`)",
        AuthScheme::ApiKey(_) => "`api_key(..)`",
        AuthScheme::Basic => "`basic_auth(..)`",
        AuthScheme::Bearer => "`bearer_token(..)`",
    });
    let methods = methods.collect::<Vec<_>>().join(" or ");
    format!(
        "the operation requires authentication: call {methods} on the builder of the client, or \
         `unauthenticated()` if the server requires none"
    )
}
