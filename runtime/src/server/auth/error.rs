//! Why credentials are rejected.

use std::fmt;

use super::signature::SignatureFault;
use crate::http::BoxError;

/// The result of a verifier that does not identify a caller.
pub struct VerifyError(pub(super) VerifyProblem);

#[derive(Debug)]
pub(super) enum VerifyProblem {
    Invalid(String),
    Insufficient(String),
    Failed(BoxError),
    Signature(SignatureFault),
}

impl VerifyError {
    /// The credentials are unknown, wrong, expired or revoked: the response has status 401. The
    /// message is sent to the caller.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self(VerifyProblem::Invalid(message.into()))
    }

    /// The caller is known and may not call the operation: the response has status 403. The message
    /// is sent to the caller.
    pub fn insufficient(message: impl Into<String>) -> Self {
        Self(VerifyProblem::Insufficient(message.into()))
    }

    /// The credentials cannot be verified, for example because a database does not respond: the
    /// response has status 500. The error is logged and not sent to the caller.
    pub fn failed(error: impl Into<BoxError>) -> Self {
        Self(VerifyProblem::Failed(error.into()))
    }

    /// The error of an access key: an invalid one is unknown.
    #[cfg(feature = "sigv4")]
    pub(super) fn of_key(self) -> Self {
        match self.0 {
            VerifyProblem::Invalid(_) => SignatureFault::UnknownKey.into(),
            problem => Self(problem),
        }
    }
}

impl From<SignatureFault> for VerifyError {
    fn from(fault: SignatureFault) -> Self {
        Self(VerifyProblem::Signature(fault))
    }
}

crate::error::debug_as_display!(VerifyError);

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            VerifyProblem::Invalid(message) | VerifyProblem::Insufficient(message) => {
                f.write_str(message)
            }
            VerifyProblem::Signature(fault) => f.write_str(fault.info().message),
            VerifyProblem::Failed(_) => f.write_str("the credentials cannot be verified"),
        }
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            VerifyProblem::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}
