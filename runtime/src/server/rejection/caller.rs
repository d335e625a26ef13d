//! Callers whose credentials are missing, invalid or insufficient.

use std::borrow::Cow;

use http::{HeaderValue, StatusCode};

use super::{RejectionBody, RejectionInfo, describes_rejection, named};
use crate::protocol::service::{Operation, Service};
use crate::schema::Schema;

/// A caller who is rejected.
#[derive(Debug)]
pub(in crate::server) struct RejectedCaller {
    pub(in crate::server) operation: &'static Operation,
    pub(in crate::server) message: String,
    /// The values of `WWW-Authenticate`.
    pub(in crate::server) challenges: Vec<HeaderValue>,
}

impl RejectedCaller {
    /// The response with a status: the error of the operation with that status, if it needs no more
    /// than a message.
    pub(super) fn info(self, service: &Service, status: u16) -> RejectionInfo {
        let has_status = |error: &Schema| error.error.is_some_and(|error| error.status == status);
        let mut modeled = self.operation.errors.iter().copied();
        let modeled = modeled.find(|error| has_status(error) && describes_rejection(error));
        let (status, code) = if status == 401 {
            (StatusCode::UNAUTHORIZED, "UnauthorizedException")
        } else {
            (StatusCode::FORBIDDEN, "AccessDeniedException")
        };
        let (code, schema) = match modeled {
            Some(error) => (Cow::Borrowed(error.name()), error),
            None => named(service, code),
        };
        RejectionInfo {
            status,
            code,
            query_code: None,
            body: RejectionBody {
                schema,
                message: Some(self.message),
                fields: None,
            },
        }
    }
}
