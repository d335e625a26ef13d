//! Where a client gets identities from.

use std::sync::Arc;

use super::{ApiKey, BasicCredentials, BearerToken, Fetch, IdentitySource};
use crate::http::BoxError;

/// A source of identities: of [`BearerToken`]s, [`ApiKey`]s or [`BasicCredentials`].
///
/// Each of them is its own source, and a text is one of the first two. Other sources are closures,
/// and implementations of this trait:
///
/// ```
/// use drawplate_runtime::client::{BearerToken, BoxError, ProvideIdentity};
///
/// struct Login;
///
/// impl ProvideIdentity<BearerToken> for Login {
///     async fn provide_identity(&self) -> Result<BearerToken, BoxError> {
///         let (token, expiry) = log_in("ada").await?;
///         Ok(BearerToken::new(token).expires_at(expiry))
///     }
/// }
/// # use std::time::SystemTime;
/// # async fn log_in(_: &str) -> Result<(String, SystemTime), BoxError> { unreachable!() }
/// ```
///
/// The client keeps an identity until a minute before it expires, and for 15 minutes if it has no
/// expiry. Then one call asks for the next one, while the others use the current one as long as it
/// is valid. Calls that have none wait for the same result. If the service rejects an identity with
/// status 401, the client asks once more and repeats the call once. It asks for this reason every 5
/// seconds at most, so that a service that rejects every identity does not make every call ask.
pub trait ProvideIdentity<T>: Send + Sync + 'static {
    /// Returns the current identity.
    fn provide_identity(&self) -> impl Future<Output = Result<T, BoxError>> + Send;
}

impl<T, P, F> ProvideIdentity<T> for P
where
    P: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<T, BoxError>> + Send,
{
    async fn provide_identity(&self) -> Result<T, BoxError> {
        self().await
    }
}

impl<T, P: ProvideIdentity<T>> ProvideIdentity<T> for Arc<P> {
    async fn provide_identity(&self) -> Result<T, BoxError> {
        P::provide_identity(self).await
    }
}

macro_rules! fixed {
    ($($source:ty => $identity:ty,)*) => {$(
        impl ProvideIdentity<$identity> for $source {
            async fn provide_identity(&self) -> Result<$identity, BoxError> {
                Ok(self.clone().into())
            }
        }
    )*};
}

fixed! {
    BearerToken => BearerToken,
    ApiKey => ApiKey,
    BasicCredentials => BasicCredentials,
    String => BearerToken,
    &'static str => BearerToken,
    String => ApiKey,
    &'static str => ApiKey,
}

/// A provider as the source of a cache.
pub(crate) struct Provided<P>(pub(crate) P);

impl<T: 'static, P: ProvideIdentity<T>> IdentitySource<T> for Provided<P> {
    fn fetch(&self) -> Fetch<'_, T> {
        Box::pin(self.0.provide_identity())
    }
}
