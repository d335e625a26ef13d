//! Credentials of AWS, and where they come from.

mod environment;
#[cfg(feature = "aws-credentials")]
mod sdk;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::auth::{Fetch, Identity, IdentitySource};
use crate::http::BoxError;

pub use self::environment::EnvironmentCredentials;
#[cfg(feature = "aws-credentials")]
pub(crate) use self::sdk::SdkProvider;

/// Credentials of AWS: an access key, with a session token if it is temporary.
///
/// They are cheap to clone. `Debug` does not print them, and the secrets are erased from memory
/// when the last clone is dropped.
///
/// ```
/// use drawplate_runtime::client::Credentials;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "secret").session_token("token");
/// assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone, PartialEq)]
struct Keys {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expires_at: Option<SystemTime>,
    account_id: Option<String>,
}

impl Credentials {
    /// Credentials that do not expire.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self(Arc::new(Keys {
            access_key_id: access_key_id.into(),
            secret_access_key: Zeroizing::new(secret_access_key.into()),
            session_token: None,
            expires_at: None,
            account_id: None,
        }))
    }

    fn set(self, set: impl FnOnce(&mut Keys)) -> Self {
        let mut keys = self.0;
        set(Arc::make_mut(&mut keys));
        Self(keys)
    }

    /// Sets the token that belongs to a temporary access key.
    #[must_use]
    pub fn session_token(self, token: impl Into<String>) -> Self {
        self.set(|keys| keys.session_token = Some(Zeroizing::new(token.into())))
    }

    /// Sets when the credentials expire. Their provider is asked for others a minute before.
    #[must_use]
    pub fn expires_at(self, time: SystemTime) -> Self {
        self.set(|keys| keys.expires_at = Some(time))
    }

    /// Sets the ID of the account that the access key belongs to. The endpoints of some services
    /// contain it.
    #[must_use]
    pub fn account_id(self, id: impl Into<String>) -> Self {
        self.set(|keys| keys.account_id = Some(id.into()))
    }

    /// The ID of the account.
    #[cfg(any(feature = "endpoints", test))]
    pub(crate) fn account(&self) -> Option<&str> {
        self.0.account_id.as_deref()
    }

    /// The ID of the access key, which is part of each signed request.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The secret part of the access key.
    pub(crate) fn secret_access_key(&self) -> &str {
        &self.0.secret_access_key
    }

    /// The session token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.0.session_token.as_deref().map(String::as_str)
    }
}

/// Does not show the keys.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("expiry", &self.0.expires_at)
            .finish_non_exhaustive()
    }
}

/// A source of AWS credentials.
///
/// [`Credentials`] are their own source. Other sources are [`EnvironmentCredentials`], closures,
/// and implementations of this trait:
///
/// ```
/// use drawplate_runtime::client::{BoxError, Credentials, ProvideCredentials};
///
/// struct Vault;
///
/// impl ProvideCredentials for Vault {
///     async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
///         let (id, secret) = ask("database").await?;
///         Ok(Credentials::new(id, secret))
///     }
/// }
/// # async fn ask(_: &str) -> Result<(String, String), BoxError> { unreachable!() }
/// ```
///
/// The client keeps the credentials until a minute before they expire, and for 15 minutes if they
/// have no expiry. Then one call asks for new ones. Calls that need them wait for the same result.
/// If the service rejects the credentials, with status 401 or an error code such as `ExpiredToken`,
/// the client asks once more, every 5 seconds at most, and repeats the call once.
pub trait ProvideCredentials: Send + Sync + 'static {
    /// Returns the current credentials.
    fn provide_credentials(&self) -> impl Future<Output = Result<Credentials, BoxError>> + Send;
}

impl ProvideCredentials for Credentials {
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        Ok(self.clone())
    }
}

impl<P: ProvideCredentials> ProvideCredentials for Arc<P> {
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        P::provide_credentials(self).await
    }
}

impl<P, F> ProvideCredentials for P
where
    P: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<Credentials, BoxError>> + Send,
{
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        self().await
    }
}

impl Identity for Credentials {
    fn expiry(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<P: ProvideCredentials> IdentitySource<Credentials> for P {
    fn fetch(&self) -> Fetch<'_, Credentials> {
        Box::pin(self.provide_credentials())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let credentials = Credentials::new("AKID", "SECRET")
            .session_token("SESSION")
            .expires_at(SystemTime::UNIX_EPOCH);
        for shown in [format!("{credentials:?}"), format!("{credentials:#?}")] {
            for secret in ["AKID", "SECRET", "SESSION"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }

    #[test]
    fn setters_leave_clones_alone() {
        let one = Credentials::new("AKID", "SECRET");
        let other = one.clone().session_token("SESSION");
        assert_eq!(one.token(), None);
        assert_eq!(other.token(), Some("SESSION"));
        assert_eq!(other.secret_access_key(), "SECRET");
    }
}
