//! The HTTP messages of a protocol.

use std::fmt;

use http::{HeaderMap, Method, Response, StatusCode, Uri};

use super::bind::decode::ReceivedParts;
use super::error::ErrorInfo;
use super::request::RequestParts;
use super::routes::Matched;
use super::service::{Operation, Route, Service};
use crate::codec::members::Tokens;
use crate::error::{DecodeError, EncodeError};
use crate::http::Body;
use crate::schema::Schema;
use crate::service_error::ModeledError;
use crate::shape::{DecodeMembers, EncodeMembers};

/// The HTTP messages of a protocol. The client uses the first half, the server the second.
pub trait Messages: Send + Sync {
    /// The request that calls an operation. Missing idempotency tokens are taken from `tokens`.
    ///
    /// # Errors
    /// The input has no form in a request.
    fn encode_request(
        &self,
        service: &Service,
        operation: &Operation,
        input: &dyn EncodeMembers,
        tokens: Tokens<'_>,
    ) -> Result<RequestParts, EncodeError>;

    /// Decodes an output or error, as leniently as clients do.
    ///
    /// # Errors
    /// The response is not of the schema.
    fn decode_response(
        &self,
        parts: &ReceivedParts<'_>,
        output: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError>;

    /// What an error response says about the error.
    fn error_info(&self, headers: &HeaderMap, body: &[u8]) -> ErrorInfo;

    /// The index of the modelled error that a response is.
    fn modeled_error(
        &self,
        errors: &[&'static Schema],
        info: &ErrorInfo,
        status: u16,
    ) -> Option<usize>;

    /// Whether the members beside an event stream are in a message in front of the events.
    fn has_initial_message(&self) -> bool;

    /// The part of the protocol that finds the operation of a request. `routes` are the HTTP
    /// bindings of the operations, in order of precedence.
    fn request_router(
        &self,
        service: &'static Service,
        routes: &'static [&'static Route],
    ) -> Box<dyn RequestRouter>;

    /// Whether a request is in this protocol, if the service has others too.
    fn recognizes(&self, head: &RequestHead<'_>) -> bool;

    /// The headers that requests carry in this protocol whatever the operation.
    fn request_headers(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether some member of a structure is bound to a header.
    fn binds_header(&self, schema: &Schema, name: &str) -> bool;

    /// The content of the messages of a structure.
    fn content_type(&self, schema: &'static Schema) -> ContentType;

    /// Whether the type of a response depends on the `Accept` header of the request.
    fn negotiates(&self) -> bool;

    /// Decodes an input as strictly as servers do, and reports all violations.
    ///
    /// # Errors
    /// The request is not of the schema.
    fn decode_request(
        &self,
        parts: &ReceivedParts<'_>,
        input: &mut dyn RequestInput,
    ) -> Result<(), DecodeError>;

    /// The response with an output.
    ///
    /// # Errors
    /// The output has no form in a response.
    fn encode_response(
        &self,
        operation: &Operation,
        output: &dyn EncodeMembers,
    ) -> Result<Response<Body>, EncodeError>;

    /// The response with an error of the model.
    ///
    /// # Errors
    /// The error has no form in a response.
    fn encode_modeled_error(&self, error: &dyn ModeledError)
    -> Result<Response<Body>, EncodeError>;

    /// The response with an error that is not in the model.
    ///
    /// # Errors
    /// The members have no form in a response.
    fn encode_error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        members: &dyn EncodeMembers,
    ) -> Result<Response<Body>, EncodeError>;
}

/// The head of a request, as far as routing needs it.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'r> {
    /// The method.
    pub(crate) method: &'r Method,
    /// Path and query.
    pub(crate) uri: &'r Uri,
    /// The headers.
    pub(crate) headers: &'r HeaderMap,
    /// The segments that every path starts with.
    pub(crate) base: &'r [Box<str>],
}

/// Finds the operation of a request.
pub trait RequestRouter: fmt::Debug + Send + Sync {
    /// The operation, with the parts of the request that were taken apart to find it.
    ///
    /// # Errors
    /// The request has no operation.
    fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError>;
}

/// Why a request has no operation.
#[derive(Debug, PartialEq, Eq)]
pub enum RouteError {
    /// No resource has this path.
    NotFound,
    /// The request names no operation of the service; the text says why.
    UnknownOperation(&'static str),
    /// The resource has only these methods.
    Method(Vec<&'static str>),
    /// Path or query are not encoded as RFC 3986 says; the text says which.
    Uri(&'static str),
}

/// The content of a message, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// The message has no content.
    None,
    /// Content of this type.
    Type(&'static str),
    /// Bytes of any type.
    Any,
}

/// An input that a request is decoded into.
pub trait RequestInput: DecodeMembers {
    /// Whether no value of the member at `index` was found so far, valid or not.
    fn is_absent(&self, index: usize) -> bool;
}
