//! What verifies credentials.

use super::super::context::RequestContext;
use super::error::VerifyError;
use super::{AuthFuture, BodyCheck};
use crate::protocol::service::{AuthScheme, Service};

/// Verifies credentials `C`, and finds the identity `I` of the caller, which can be of any type.
///
/// ```
/// use drawplate_runtime::server::{RequestContext, Verify, VerifyError};
/// # struct BearerToken(String);
///
/// struct Sessions;
///
/// struct User {
///     name: String,
/// }
///
/// // For a `Verifier<BearerToken, User>`:
/// impl Verify<BearerToken, User> for Sessions {
///     async fn verify(
///         &self,
///         token: BearerToken,
///         cx: &RequestContext,
///     ) -> Result<User, VerifyError> {
///         let session = find(&token).await.map_err(VerifyError::failed)?;
///         let user = session.ok_or(VerifyError::invalid("the token is unknown"))?;
///         if cx.operation_name() == "DeleteEverything" && user.name != "root" {
///             return Err(VerifyError::insufficient("only root may do that"));
///         }
///         Ok(user)
///     }
/// }
/// # async fn find(_: &BearerToken) -> Result<Option<User>, std::io::Error> { Ok(None) }
/// ```
pub trait Verify<C, I>: Send + Sync + 'static {
    /// Finds the identity of the caller.
    ///
    /// # Errors
    ///
    /// If the credentials are not valid or do not suffice for the operation of the request, or if
    /// they cannot be verified.
    fn verify(
        &self,
        credentials: C,
        cx: &RequestContext,
    ) -> impl Future<Output = Result<I, VerifyError>> + Send;
}

/// The verifier of one scheme.
#[doc(hidden)]
pub trait VerifyScheme<I>: Send + Sync {
    /// Verifies the credentials of a scheme; `None` if it verifies another one, or if the request
    /// does not have them.
    fn verify<'a>(
        &'a self,
        scheme: AuthScheme,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>>;
}

/// A caller whose credentials are valid.
#[doc(hidden)]
pub struct Verified<I> {
    pub(super) identity: I,
    /// What is left to check about the body.
    pub(super) body: Option<BodyCheck>,
}

impl<I> From<I> for Verified<I> {
    fn from(identity: I) -> Self {
        Self {
            identity,
            body: None,
        }
    }
}
