//! The verifier of signatures, and what it finds wrong.

use std::fmt;

use super::super::context::RequestContext;
use super::verify::{Verified, VerifyScheme};
use super::{AuthFuture, VerifyError};
use crate::protocol::service::{AuthScheme, Service};

/// Verifies signatures of AWS (Signature Version 4), in headers and in queries. `I` is the identity
/// of a caller.
///
/// Its constructors need the feature `sigv4`.
pub struct SigV4Verifier<I> {
    #[cfg(feature = "sigv4")]
    pub(super) settings: super::sigv4::Settings<I>,
    #[cfg(not(feature = "sigv4"))]
    never: (
        std::convert::Infallible,
        std::marker::PhantomData<fn() -> I>,
    ),
}

impl<I> fmt::Debug for SigV4Verifier<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigV4Verifier")
    }
}

impl<I: Send + 'static> VerifyScheme<I> for SigV4Verifier<I> {
    #[cfg(feature = "sigv4")]
    fn verify<'a>(
        &'a self,
        scheme: AuthScheme,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
        self.settings.verify(scheme, service, cx)
    }

    #[cfg(not(feature = "sigv4"))]
    fn verify<'a>(
        &'a self,
        _: AuthScheme,
        _: &'static Service,
        _: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
        match self.never.0 {}
    }
}

#[cfg(feature = "sigv4")]
pub(super) const MISMATCH: &str = "the signature does not match the request: check the secret \
                                   access key and what is between the caller and the service";

/// What is wrong with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "sigv4"),
    expect(dead_code, reason = "nothing verifies signatures")
)]
pub(in crate::server) enum SignatureFault {
    /// The request is not signed.
    Missing,
    /// A part of the signature is missing or malformed.
    Incomplete(&'static str),
    /// There is no such access key, or its session token is another one.
    UnknownKey,
    /// The signature is not for this time, region, service or request, or not for a part of its
    /// body.
    Mismatch(&'static str),
    /// The body is not the one that was signed.
    Payload,
    /// The body is signed in a way that is not supported.
    Unsupported(&'static str),
}

/// The response to a request whose signature is wrong: what AWS services send.
pub(in crate::server) struct FaultInfo {
    pub(in crate::server) status: u16,
    /// The code in the protocols of JSON and CBOR.
    pub(in crate::server) code: &'static str,
    /// The code in the protocols of XML, and for clients of awsQuery.
    pub(in crate::server) query_code: &'static str,
    pub(in crate::server) message: &'static str,
}

impl SignatureFault {
    pub(in crate::server) fn info(self) -> FaultInfo {
        let (status, code, query_code, message) = match self {
            Self::Missing => (
                403,
                "MissingAuthenticationTokenException",
                "MissingAuthenticationToken",
                "the request is not signed",
            ),
            Self::Incomplete(why) => (
                400,
                "IncompleteSignatureException",
                "IncompleteSignature",
                why,
            ),
            Self::UnknownKey => (
                403,
                "UnrecognizedClientException",
                "InvalidClientTokenId",
                "the access key or the session token is not valid",
            ),
            Self::Mismatch(why) => (
                403,
                "InvalidSignatureException",
                "SignatureDoesNotMatch",
                why,
            ),
            Self::Payload => (
                400,
                "XAmzContentSHA256Mismatch",
                "XAmzContentSHA256Mismatch",
                "the body does not match x-amz-content-sha256",
            ),
            Self::Unsupported(why) => (501, "NotImplemented", "NotImplemented", why),
        };
        FaultInfo {
            status,
            code,
            query_code,
            message,
        }
    }
}

impl fmt::Display for SignatureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info().message)
    }
}

impl std::error::Error for SignatureFault {}
