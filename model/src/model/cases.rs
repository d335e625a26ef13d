//! The protocol test cases of a model (Smithy 2.0, "HTTP Protocol Compliance Tests").

use super::{OperationId, ShapeId};
use crate::node::Node;
use crate::source::Location;

/// The cases of a model, in the order of the shapes that have them. They are for any protocol; a
/// runner selects those for the protocols of a service.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// `smithy.test#httpRequestTests`.
    pub requests: Vec<RequestCase>,
    /// `smithy.test#httpResponseTests`.
    pub responses: Vec<ResponseCase>,
    /// `smithy.test#httpMalformedRequestTests`, one case for each set of its parameters.
    pub malformed: Vec<MalformedCase>,
    /// `smithy.test#eventStreamTests`.
    pub event_streams: Vec<EventStreamCase>,
}

impl Cases {
    /// Whether there are no cases.
    pub fn is_empty(&self) -> bool {
        let Self {
            requests,
            responses,
            malformed,
            event_streams,
        } = self;
        requests.is_empty()
            && responses.is_empty()
            && malformed.is_empty()
            && event_streams.is_empty()
    }
}

/// The part that all cases have.
#[derive(Clone, Debug)]
pub struct CaseHead {
    /// The id. That of an expanded case ends in `_case` and a number, from 0.
    pub id: Box<str>,
    /// The protocol's shape id.
    pub protocol: Box<str>,
    /// The side that the case is for; `None` for both.
    pub applies_to: Option<CaseSide>,
    /// The keys that are not read and so cannot be compared, sorted.
    pub unread: Vec<Box<str>>,
    /// Where it is written.
    pub location: Location,
}

/// A side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseSide {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// A request and the input that it encodes.
#[derive(Clone, Debug)]
pub struct RequestCase {
    /// The part that all cases have.
    pub head: CaseHead,
    /// The operation that is called.
    pub operation: OperationId,
    /// The request.
    pub request: CaseRequest,
    /// The host that the client is configured with, possibly with a path.
    pub host: Option<Box<str>>,
    /// The host that the request is sent to.
    pub resolved_host: Option<Box<str>>,
    /// The parameters that the query must not have.
    pub forbid_query: Vec<Box<str>>,
    /// The parameters that the query must have.
    pub require_query: Vec<Box<str>>,
    /// The headers that must be present or absent.
    pub presence: HeaderPresence,
    /// The input.
    pub params: Node<'static>,
    /// The configuration of the client and of the call, by scope (`scopedConfig` in
    /// `vendorParams`).
    pub config: Option<Node<'static>>,
}

/// A request as it is sent.
#[derive(Clone, Debug)]
pub struct CaseRequest {
    /// The method.
    pub method: Box<str>,
    /// The path, encoded.
    pub uri: Box<str>,
    /// The parameters of the query: `name`, `name=` or `name=value`, encoded.
    pub query: Vec<Box<str>>,
    /// The headers with their values.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// The body; `None` if the case does not specify it.
    pub body: Option<Box<str>>,
    /// The media type, which says how to compare bodies.
    pub body_media_type: Option<Box<str>>,
}

/// The headers that a message must have or must not have.
#[derive(Clone, Debug, Default)]
pub struct HeaderPresence {
    /// The headers that must be absent.
    pub forbidden: Vec<Box<str>>,
    /// The headers that must be present, with any value.
    pub required: Vec<Box<str>>,
}

/// A response and the output or error that it encodes.
#[derive(Clone, Debug)]
pub struct ResponseCase {
    /// The part that all cases have.
    pub head: CaseHead,
    /// The output or error.
    pub subject: CaseSubject,
    /// The HTTP status.
    pub status: u16,
    /// The headers with their values.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// The headers that must be present or absent.
    pub presence: HeaderPresence,
    /// The body; `None` if the case does not specify it.
    pub body: Option<Box<str>>,
    /// The media type, which says how to compare bodies.
    pub body_media_type: Option<Box<str>>,
    /// The code of the error that a client reads (`vendorParams`).
    pub error_code: Option<Box<str>>,
    /// The side to which the error is due: `Sender` or `Receiver` (`vendorParams`).
    pub error_type: Option<Box<str>>,
    /// The values of the output or error.
    pub params: Node<'static>,
}

/// The output or error that a [`ResponseCase`] encodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseSubject {
    /// The output of this operation.
    Output(OperationId),
    /// This error, of any operation that lists it.
    Error(ShapeId),
}

/// A request that a server must reject.
#[derive(Clone, Debug)]
pub struct MalformedCase {
    /// The part that all cases have.
    pub head: CaseHead,
    /// The operation that is called.
    pub operation: OperationId,
    /// The request.
    pub request: CaseRequest,
    /// The HTTP status of the response.
    pub status: u16,
    /// The headers of the response, with their values.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// The body of the response; `None` if the case does not specify it.
    pub body: Option<CaseAssertion>,
}

/// An assertion about the body of the response to a [`MalformedCase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseAssertion {
    /// The body is this document.
    Contents {
        /// The document.
        text: Box<str>,
        /// The media type, which says how to compare it.
        media_type: Box<str>,
    },
    /// The message of the error matches this regular expression.
    MessageRegex(Box<str>),
}

/// A test of an event stream.
#[derive(Clone, Debug)]
pub struct EventStreamCase {
    /// The part that all cases have.
    pub head: CaseHead,
    /// The operation that is called.
    pub operation: OperationId,
    /// The case as written: `events`, `expectation` and the initial messages.
    pub value: Node<'static>,
}
