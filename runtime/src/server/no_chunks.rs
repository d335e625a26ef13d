//! Without checksums, no body has chunks.

use http::HeaderMap;

use super::rejection::Rejection;
use crate::http::held::HeldBytes;
use crate::http::{Body, BoxError};
use crate::protocol::service::{Operation, Service};

pub(super) enum Coding {}

#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
pub(super) fn coding(
    _: &Service,
    _: &Operation,
    _: &HeaderMap,
) -> Result<Option<Coding>, Rejection> {
    Ok(None)
}

impl Coding {
    pub(super) fn has_bytes(&self) -> bool {
        match *self {}
    }

    pub(super) fn has_checksum(&self) -> bool {
        match *self {}
    }

    pub(super) fn decoded(self, _: Body, _: &mut HeaderMap, _: &HeldBytes) -> Body {
        match self {}
    }
}

pub(super) fn rejection(_: &BoxError) -> Option<Rejection> {
    None
}
