//! The settings for services of AWS.

use super::super::inner::Inner;
use super::Builder;
use crate::aws::credentials::ProvideCredentials;
#[cfg(feature = "aws-credentials")]
use crate::aws::credentials::SdkProvider;

impl<C: From<Inner>> Builder<C> {
    /// Signs requests (AWS Signature Version 4) with the credentials of a provider, for services in
    /// `region`. The endpoint is derived from the region if none is set. Credentials are kept until
    /// a minute before they expire; see [`ProvideCredentials`].
    ///
    /// The signature covers a body that is in memory; streams are sent with `UNSIGNED-PAYLOAD`,
    /// which services accept over TLS.
    pub fn sigv4(
        mut self,
        credentials: impl ProvideCredentials,
        region: impl Into<String>,
    ) -> Self {
        self.settings.credentials = Some(Box::new(credentials));
        self.settings.signing_region = Some(region.into());
        #[cfg(feature = "aws-config")]
        if std::mem::take(&mut self.settings.has_sdk_region) {
            self.settings.region = None;
        }
        self
    }

    /// Signs requests as [`sigv4`](Self::sigv4) does, with the credentials of a provider of the AWS
    /// SDK, such as the default chain of `aws-config`.
    #[cfg(feature = "aws-credentials")]
    pub fn sigv4_from_sdk(
        self,
        credentials: impl aws_credential_types::provider::ProvideCredentials + 'static,
        region: impl Into<String>,
    ) -> Self {
        self.sigv4(SdkProvider(credentials), region)
    }

    /// Sets the name of the program, by which AWS tells the calls of programs apart. It is a part
    /// of the headers `User-Agent` and `x-amz-user-agent` of calls of services of AWS. Characters
    /// that these cannot contain are replaced by hyphens.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.settings.app_name = Some(name.into());
        self
    }
}
