//! Without the verification of signatures, nothing is left to check about a body.

use std::future::Ready;

use http::Extensions;

use super::super::chunked::Coding;
use super::super::rejection::Rejection;
use crate::http::Body;
use crate::http::held::HeldBytes;

pub(in crate::server) enum BodyCheck {}

impl BodyCheck {
    pub(in crate::server) fn apply(
        self,
        _: &Extensions,
        _: &HeldBytes,
        _: Body,
        _: usize,
        _: &mut Option<Coding>,
    ) -> Ready<Result<Body, Rejection>> {
        match self {}
    }
}
