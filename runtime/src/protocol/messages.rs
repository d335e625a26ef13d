//! The HTTP messages of a protocol.

use std::fmt;

use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, HOST};
use http::{HeaderMap, Method, Response, StatusCode, Uri};

use super::Protocol;
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

/// The HTTP messages of a protocol: what a client sends and receives.
pub trait Messages: Send + Sync {
    /// Encodes the request that calls an operation. `tokens` generates missing idempotency tokens.
    ///
    /// # Errors
    ///
    /// If the input cannot be encoded.
    fn encode_request(
        &self,
        service: &Service,
        operation: &Operation,
        input: &dyn EncodeMembers,
        tokens: Tokens<'_>,
    ) -> Result<RequestParts, EncodeError>;

    /// Decodes an output or error with the leniency of clients.
    ///
    /// # Errors
    ///
    /// If the response does not match the schema.
    fn decode_response(
        &self,
        parts: &ReceivedParts<'_>,
        output: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError>;

    /// Reads the error info of a response.
    fn error_info(&self, headers: &HeaderMap, body: &[u8]) -> ErrorInfo;

    /// Whether a body is the document of an error, whatever the status of the response.
    #[cfg(feature = "customizations")]
    fn is_error_document(&self, body: &[u8]) -> bool {
        let _ = body;
        false
    }

    /// The text of an element that documents of errors have beside their members.
    #[cfg(feature = "customizations")]
    fn error_text(&self, body: &[u8], name: &str) -> Option<String> {
        let _ = (body, name);
        None
    }

    /// Whether the members beside an event stream are in a message in front of the events.
    fn has_initial_message(&self) -> bool;

    /// Whether a payload is a document, whatever its shape. Otherwise, the payload of a blob is its
    /// bytes, and that of a string its text.
    fn has_document_payloads(&self) -> bool {
        false
    }

    /// The server of the protocol; `None` if only clients can use it.
    fn server(&self) -> Option<&dyn ServerProtocol>;
}

/// A protocol that can be served: what a server receives and sends.
pub trait ServerProtocol: Protocol {
    /// Creates the router of requests. `routes` are the HTTP bindings of the operations, in order
    /// of precedence.
    fn request_router(
        &self,
        service: &'static Service,
        routes: &'static [&'static Route],
    ) -> Box<dyn RequestRouter>;

    /// Whether a request uses this protocol, if the service has several.
    fn recognizes(&self, head: &RequestHead<'_>) -> Recognition;

    /// The headers that every message in this protocol has, besides the usual ones.
    fn headers(&self) -> ProtocolHeaders {
        ProtocolHeaders {
            request: &[],
            response: &[],
        }
    }

    /// Whether a member of a structure is bound to a header.
    fn binds_header(&self, schema: &Schema, name: &str) -> bool;

    /// The content of the messages of a structure. `has_document` is whether it has members that
    /// are not bound to other parts of such a message.
    fn content_type(&self, schema: &'static Schema, has_document: bool) -> ContentType;

    /// Whether a request with a body states its type.
    fn requires_content_type(&self) -> bool {
        true
    }

    /// Whether the type of a response depends on the `Accept` header of the request.
    fn negotiates(&self) -> bool;

    /// Decodes an input with the strictness of servers, and reports all violations.
    ///
    /// # Errors
    ///
    /// If the request does not match the schema.
    fn decode_request(
        &self,
        parts: &ReceivedParts<'_>,
        input: &mut dyn RequestInput,
    ) -> Result<(), DecodeError>;

    /// Encodes the response with an output.
    ///
    /// # Errors
    ///
    /// If the output cannot be encoded.
    fn encode_response(
        &self,
        operation: &Operation,
        output: &dyn EncodeMembers,
    ) -> Result<Response<Body>, EncodeError>;

    /// Whether errors of signatures have the codes of AWS's services in XML, which differ from
    /// those in JSON.
    fn has_query_codes(&self) -> bool {
        false
    }

    /// Encodes the response with a modeled error. The ID of the request is for protocols whose
    /// documents have it; it is in a header, too.
    ///
    /// # Errors
    ///
    /// If the error cannot be encoded.
    fn encode_modeled_error(
        &self,
        error: &dyn ModeledError,
        request_id: &str,
    ) -> Result<Response<Body>, EncodeError>;

    /// The text that identifies an error of the model in a response.
    fn error_name(&self, schema: &'static Schema) -> &'static str {
        schema.name()
    }

    /// Encodes the response with an error that is not in the model, or with one that the
    /// implementation did not return.
    ///
    /// # Errors
    ///
    /// If the members cannot be encoded.
    fn encode_error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        members: &dyn EncodeMembers,
        request_id: &str,
    ) -> Result<Response<Body>, EncodeError>;
}

/// The headers of a protocol.
#[derive(Clone, Copy, Debug)]
pub struct ProtocolHeaders {
    /// Those of every request.
    pub(crate) request: &'static [&'static str],
    /// Those of every response.
    pub(crate) response: &'static [&'static str],
}

/// Whether a request uses a protocol. A service takes the first of its protocols that is certain,
/// otherwise the first that is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// The request uses another protocol.
    No,
    /// The request uses this protocol or none: the response says what it lacks.
    Possible,
    /// The request names the protocol.
    Certain,
}

impl<'r> RequestHead<'r> {
    /// The host that the request names, possibly with a port.
    pub(crate) fn host(&self) -> &'r str {
        let header = || self.headers.get(HOST)?.to_str().ok();
        let authority = self.uri.authority().map(http::uri::Authority::as_str);
        authority.or_else(header).unwrap_or_default()
    }

    /// Whether this is a preflight request that announces a header (Fetch, "CORS-preflight
    /// request"). The header itself is in the request that follows.
    pub(crate) fn announces(&self, header: &str) -> bool {
        let announced = self.headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS);
        let mut names = announced
            .into_iter()
            .flat_map(|names| names.as_bytes().split(|byte| *byte == b','));
        *self.method == Method::OPTIONS
            && names.any(|name| name.trim_ascii().eq_ignore_ascii_case(header.as_bytes()))
    }
}

/// The head of a request, for routing.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'r> {
    /// The method.
    pub(crate) method: &'r Method,
    /// The path and the query.
    pub(crate) uri: &'r Uri,
    /// The headers.
    pub(crate) headers: &'r HeaderMap,
    /// The segments of the base path.
    pub(crate) base: &'r [Box<str>],
}

/// Finds the operation of a request.
pub trait RequestRouter: fmt::Debug + Send + Sync {
    /// The operation, with the decoded parts of the path and the query.
    ///
    /// # Errors
    ///
    /// If the request has no operation.
    fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError>;
}

/// Why a request has no operation.
#[derive(Debug, PartialEq, Eq)]
pub enum RouteError {
    /// The path has no resource.
    NotFound,
    /// The request names no operation of the service; the text is the reason.
    UnknownOperation(&'static str),
    /// The resource has only these methods.
    Method(Vec<&'static str>),
    /// The path or the query is not encoded according to RFC 3986; the text is the reason.
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
    /// Whether the request has no value for the member at `index`, valid or invalid.
    fn is_absent(&self, index: usize) -> bool;
}
