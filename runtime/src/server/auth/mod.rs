//! Authentication of requests, before anything is done with their bodies.

#[cfg(feature = "sigv4")]
mod body;
mod error;
#[cfg(feature = "auth")]
mod http;
#[cfg(not(feature = "sigv4"))]
mod no_body;
mod signature;
#[cfg(feature = "sigv4")]
mod sigv4;
#[cfg(any(feature = "auth", feature = "sigv4"))]
mod verifier;
mod verify;

use std::any::Any;
use std::fmt;
use std::pin::Pin;

use ::http::HeaderValue;

use super::context::RequestContext;
use super::rejection::{RejectedCaller, Rejection};
use crate::protocol::service::{AuthScheme, Service};

#[cfg(feature = "sigv4")]
pub(super) use self::body::BodyCheck;
pub use self::error::VerifyError;
#[cfg(not(feature = "sigv4"))]
pub(super) use self::no_body::BodyCheck;
pub use self::signature::SigV4Verifier;
pub(super) use self::signature::SignatureFault;
#[cfg(feature = "sigv4")]
pub use self::sigv4::{AccessKey, AccessKeyId};
#[cfg(any(feature = "auth", feature = "sigv4"))]
pub use self::verifier::Verifier;
pub use self::verify::{Verified, Verify, VerifyScheme};

use self::error::VerifyProblem;

/// How a router authenticates requests, which determines the identities `I` of its callers.
///
/// A generated structure with a verifier for each authentication scheme of a service converts into
/// it, and so do [`Unauthenticated`] and [`TrustedIdentity`].
pub struct Authentication<I>(Box<dyn Identify<I>>);

impl<I> fmt::Debug for Authentication<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authentication")
    }
}

/// No authentication: every caller may call every operation, and has no identity.
///
/// This is for tests, and for servers behind a proxy that authenticates requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unauthenticated;

/// Takes the identity of a caller from what is in front of the router: a layer, or a proxy that
/// authenticates requests.
///
/// ```
/// use drawplate_runtime::server::{TrustedIdentity, VerifyError};
///
/// // A proxy sets this header and removes it from what callers send.
/// let by_proxy = TrustedIdentity::new(|cx| match cx.headers().get("x-user") {
///     Some(user) => match user.to_str() {
///         Ok(user) => Ok(Some(user.to_owned())),
///         Err(_) => Err(VerifyError::invalid("the user is not text")),
///     },
///     None => Ok(None),
/// });
/// # let _: TrustedIdentity<String> = by_proxy;
/// ```
pub struct TrustedIdentity<I>(Box<TrustedFn<I>>);

type TrustedFn<I> = dyn Fn(&RequestContext) -> Result<Option<I>, VerifyError> + Send + Sync;

impl<I> TrustedIdentity<I> {
    /// Takes identities from requests. `None` is a caller without an identity.
    pub fn new(
        identity: impl Fn(&RequestContext) -> Result<Option<I>, VerifyError> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(identity))
    }
}

impl<I> fmt::Debug for TrustedIdentity<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrustedIdentity")
    }
}

/// A future of authentication.
pub type AuthFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Finds out who calls.
trait Identify<I>: Send + Sync {
    /// The identity of the caller; `None` if the request has no credentials.
    fn identify<'a>(
        &'a self,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<Option<Verified<I>>, VerifyError>>;
}

impl From<Unauthenticated> for Authentication<()> {
    fn from(unauthenticated: Unauthenticated) -> Self {
        Self(Box::new(unauthenticated))
    }
}

impl Identify<()> for Unauthenticated {
    fn identify<'a>(
        &'a self,
        _: &'static Service,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<Option<Verified<()>>, VerifyError>> {
        let identity = (!cx.operation().traits.optional_auth).then(|| ().into());
        Box::pin(std::future::ready(Ok(identity)))
    }
}

impl<I: Send + 'static> From<TrustedIdentity<I>> for Authentication<I> {
    fn from(trusted: TrustedIdentity<I>) -> Self {
        Self(Box::new(trusted))
    }
}

impl<I: Send> Identify<I> for TrustedIdentity<I> {
    fn identify<'a>(
        &'a self,
        _: &'static Service,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<Option<Verified<I>>, VerifyError>> {
        let identity = (self.0)(cx);
        Box::pin(std::future::ready(identity.map(|it| it.map(Into::into))))
    }
}

impl<I: 'static> Authentication<I> {
    /// Authenticates with one verifier for each scheme of a service.
    #[doc(hidden)]
    pub fn new(verifiers: Vec<Box<dyn VerifyScheme<I>>>) -> Self {
        Self(Box::new(Verifiers(verifiers)))
    }
}

/// A verifier for each scheme of a service.
struct Verifiers<I>(Vec<Box<dyn VerifyScheme<I>>>);

impl<I> Identify<I> for Verifiers<I> {
    /// The first scheme of the operation whose credentials are in the request decides.
    fn identify<'a>(
        &'a self,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<Option<Verified<I>>, VerifyError>> {
        Box::pin(async move {
            for scheme in service.auth_of(cx.operation()) {
                let mut found = self
                    .0
                    .iter()
                    .filter_map(|it| it.verify(*scheme, service, cx));
                if let Some(verification) = found.next() {
                    return verification.await.map(Some);
                }
            }
            Ok(None)
        })
    }
}

/// An authentication without the type of its identities.
pub(super) trait Authenticate: Send + Sync {
    /// Finds out who calls.
    fn authenticate<'a>(
        &'a self,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<Authenticated, Rejection>>;
}

/// A caller who may call the operation.
pub(super) struct Authenticated {
    /// The identity, of the type that the method of the operation expects.
    pub(super) identity: Box<dyn Any + Send + Sync>,
    /// What is left to check about the body.
    pub(super) body: Option<BodyCheck>,
}

impl<I: Send + Sync + 'static> Authenticate for Authentication<I> {
    fn authenticate<'a>(
        &'a self,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<Authenticated, Rejection>> {
        Box::pin(async move {
            let verified = self.0.identify(service, cx).await;
            let verified = verified.map_err(|error| rejection(error, service, cx))?;
            let is_optional = cx.operation().traits.optional_auth;
            let (identity, body) = match verified {
                Some(Verified { identity, body }) => (Some(identity), body),
                None => (None, None),
            };
            let identity: Box<dyn Any + Send + Sync> = match identity {
                identity if is_optional => Box::new(identity),
                Some(identity) => Box::new(identity),
                None => return Err(missing(service, cx)),
            };
            Ok(Authenticated { identity, body })
        })
    }
}

/// The rejection of a request without credentials.
fn missing(service: &'static Service, cx: &RequestContext) -> Rejection {
    if let [AuthScheme::SigV4] = service.auth_of(cx.operation()) {
        return Rejection::Signature(SignatureFault::Missing);
    }
    let message = "the operation requires authentication, and the request has no credentials";
    Rejection::Unauthorized(RejectedCaller {
        operation: cx.operation(),
        message: message.to_owned(),
        challenges: challenges(service, cx, None),
    })
}

/// The rejection of a request with credentials that do not suffice.
fn rejection(error: VerifyError, service: &'static Service, cx: &RequestContext) -> Rejection {
    let caller = |message, error| RejectedCaller {
        operation: cx.operation(),
        message,
        challenges: challenges(service, cx, Some(error)),
    };
    match error.0 {
        VerifyProblem::Invalid(message) => {
            Rejection::Unauthorized(caller(message, "invalid_token"))
        }
        VerifyProblem::Insufficient(message) => {
            Rejection::Forbidden(caller(message, "insufficient_scope"))
        }
        VerifyProblem::Signature(fault) => Rejection::Signature(fault),
        VerifyProblem::Failed(error) => {
            let operation = cx.operation_name();
            tracing::error!(%error, operation, "the credentials cannot be verified");
            Rejection::Internal
        }
    }
}

/// The values of `WWW-Authenticate` (RFC 9110 section 11.6.1), with an error of RFC 6750.
fn challenges(
    service: &'static Service,
    cx: &RequestContext,
    error: Option<&str>,
) -> Vec<HeaderValue> {
    let realm = service.name();
    let schemes = service.auth_of(cx.operation()).iter();
    let challenges = schemes.map(|scheme| match scheme {
        AuthScheme::SigV4 => "AWS4-HMAC-SHA256".to_owned(),
        // No scheme is registered for API keys; a response must have a challenge all the same.
        AuthScheme::ApiKey(position) => {
            let name = position.scheme().unwrap_or("ApiKey");
            format!("{name} realm=\"{realm}\"")
        }
        AuthScheme::Basic => format!("Basic realm=\"{realm}\", charset=\"UTF-8\""),
        AuthScheme::Bearer => match error {
            Some(error) => format!("Bearer realm=\"{realm}\", error=\"{error}\""),
            None => format!("Bearer realm=\"{realm}\""),
        },
    });
    challenges
        .filter_map(|challenge| challenge.try_into().ok())
        .collect()
}
