//! Signatures of AWS.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::Request;

use super::{AuthFuture, AuthTarget, Identities, SchemeIdentity, UsedIdentity};
use crate::aws::credentials::Credentials;
use crate::aws::errors;
use crate::aws::sigv4::{self, Payload, Signer};
use crate::http::Body;
use crate::protocol::service::{AuthScheme, Operation, Service};

impl Identities {
    /// Sets what signs requests.
    pub(in crate::client) fn set_signer(&mut self, signer: Signer) {
        let signer = Arc::new(signer);
        self.signer = Some(Arc::clone(&signer));
        self.set(signer);
    }

    /// What signs requests, if the operation can be signed.
    pub(in crate::client) fn signer_of(
        &self,
        service: &Service,
        operation: &Operation,
    ) -> Option<&Arc<Signer>> {
        let can_be_signed = service.auth_of(operation).contains(&AuthScheme::SigV4);
        self.signer.as_ref().filter(|_| can_be_signed)
    }
}

impl SchemeIdentity for Arc<Signer> {
    fn is_for(&self, scheme: AuthScheme) -> bool {
        scheme == AuthScheme::SigV4
    }

    /// Signs the request. Each attempt is signed with its own time.
    fn authenticate<'a>(
        &'a self,
        _: AuthScheme,
        target: AuthTarget<'a>,
        request: &'a mut Request<Body>,
    ) -> AuthFuture<'a, Box<dyn UsedIdentity>> {
        let AuthTarget {
            operation,
            endpoint,
            body,
            clock,
            ..
        } = target;
        let payload = match body.buffered() {
            #[cfg(feature = "checksums")]
            _ if target.signs_chunks => Payload::ChunksWithTrailer,
            #[cfg(feature = "checksums")]
            _ if target.trailer.is_some() => Payload::UnsignedWithTrailer,
            _ if operation.traits.unsigned_payload => Payload::Unsigned,
            Some(bytes) => Payload::Bytes(bytes),
            None if operation.input.events().is_some() => Payload::Events,
            None => Payload::Unsigned,
        };
        Box::pin(async move {
            let signer = self.for_endpoint(endpoint.signing()?);
            let now = clock();
            let credentials = signer.credentials(now).await?;
            let signature = signer.sign(request, payload, credentials.clone(), now)?;
            match payload {
                Payload::Events => {
                    sigv4::sign_events(signer, signature, Arc::clone(clock), request);
                }
                #[cfg(feature = "checksums")]
                Payload::ChunksWithTrailer => {
                    let algorithm = target.trailer.unwrap_or_default();
                    sigv4::sign_chunks(&signer, signature, now, algorithm, request)?;
                }
                _ => {}
            }
            let used: Box<dyn UsedIdentity> = Box::new(UsedCredentials {
                signer: Arc::clone(self),
                credentials,
            });
            Ok(used)
        })
    }
}

struct UsedCredentials {
    signer: Arc<Signer>,
    credentials: Credentials,
}

impl UsedIdentity for UsedCredentials {
    fn replace(&self, now: SystemTime) -> AuthFuture<'_, bool> {
        Box::pin(self.signer.replace_credentials(&self.credentials, now))
    }

    fn is_rejected(&self, status: u16, code: Option<&str>) -> bool {
        status == 401 || code.is_some_and(errors::is_rejection)
    }

    fn clock_tolerance(&self, status: u16, code: Option<&str>) -> Option<Duration> {
        errors::clock_tolerance(status, code)
    }
}
