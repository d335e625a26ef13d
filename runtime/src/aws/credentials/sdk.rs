//! Credentials from providers of the AWS SDK.

use aws_credential_types::provider;

use super::{Credentials, ProvideCredentials};
use crate::http::BoxError;

/// A provider of the AWS SDK.
pub(crate) struct SdkProvider<P>(pub(crate) P);

impl<P: provider::ProvideCredentials + 'static> ProvideCredentials for SdkProvider<P> {
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        Ok(self.0.provide_credentials().await?.into())
    }
}

impl From<aws_credential_types::Credentials> for Credentials {
    fn from(theirs: aws_credential_types::Credentials) -> Self {
        let mut ours = Self::new(theirs.access_key_id(), theirs.secret_access_key());
        if let Some(token) = theirs.session_token() {
            ours = ours.session_token(token);
        }
        if let Some(id) = theirs.account_id() {
            ours = ours.account_id(id.as_str());
        }
        match theirs.expiry() {
            Some(expiry) => ours.expires_at(expiry),
            None => ours,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use aws_credential_types::provider::error::CredentialsError;
    use aws_credential_types::provider::{self, future};

    use super::*;
    use crate::auth::Identity as _;

    #[tokio::test]
    async fn credentials_of_the_sdk_are_taken_over() {
        let expiry = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
        for (token, expiry) in [(None, None), (Some("SESSION"), Some(expiry))] {
            let theirs = aws_credential_types::Credentials::builder()
                .access_key_id("AKID")
                .secret_access_key("SECRET")
                .account_id("123456789012")
                .provider_name("tests");
            let theirs = match token {
                Some(token) => theirs.session_token(token),
                None => theirs,
            };
            let theirs = match expiry {
                Some(expiry) => theirs.expiry(expiry),
                None => theirs,
            };
            let theirs = theirs.build();
            let ours = SdkProvider(theirs).provide_credentials().await;
            let ours = ours.expect("they are their own provider");
            assert_eq!(ours.access_key_id(), "AKID");
            assert_eq!(ours.secret_access_key(), "SECRET");
            assert_eq!((ours.token(), ours.expiry()), (token, expiry));
            assert_eq!(ours.account(), Some("123456789012"));
        }
    }

    #[derive(Debug)]
    struct LoggedOut;

    impl provider::ProvideCredentials for LoggedOut {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("logged out")))
        }
    }

    #[tokio::test]
    async fn errors_of_the_sdk_are_causes() {
        let error = SdkProvider(LoggedOut).provide_credentials().await;
        let error = error.expect_err("nobody is logged in");
        assert!(error.is::<CredentialsError>(), "{error}");
    }
}
