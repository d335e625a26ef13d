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
        match theirs.expiry() {
            Some(expiry) => ours.expires_at(expiry),
            None => ours,
        }
    }
}
