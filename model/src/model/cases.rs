//! The test cases that a model carries for its protocols (Smithy 2.0, "HTTP Protocol Compliance Tests").

use super::{OperationId, ShapeId};
use crate::node::Node;
use crate::source::Location;

/// The cases of a model, in the order of the shapes that carry them. They are of any protocol: whoever runs them takes those of a service's own.
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

/// What every case has.
#[derive(Clone, Debug)]
pub struct CaseHead {
    /// Its name; that of an expanded case ends in `_case` and a number, from 0.
    pub id: Box<str>,
    /// The protocol's shape id.
    pub protocol: Box<str>,
    /// The one side that it is meant for; `None` for both.
    pub applies_to: Option<CaseSide>,
    /// What it says that is not read, and so cannot be compared: keys, sorted.
    pub unread: Vec<Box<str>>,
    /// Where it stands.
    pub location: Location,
}

/// A side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseSide {
    /// Who asks.
    Client,
    /// Who answers.
    Server,
}

/// A request and the input that it carries.
#[derive(Clone, Debug)]
pub struct RequestCase {
    /// What every case has.
    pub head: CaseHead,
    /// The operation that is called.
    pub operation: OperationId,
    /// The request.
    pub request: CaseRequest,
    /// The host that the client is given, possibly with a path.
    pub host: Option<Box<str>>,
    /// The host that the request goes to.
    pub resolved_host: Option<Box<str>>,
    /// Names that the query must not have.
    pub forbid_query: Vec<Box<str>>,
    /// Names that the query must have.
    pub require_query: Vec<Box<str>>,
    /// What is said of headers beside their values.
    pub presence: HeaderPresence,
    /// The input.
    pub params: Node<'static>,
}

/// A request as it is sent.
#[derive(Clone, Debug)]
pub struct CaseRequest {
    /// The method.
    pub method: Box<str>,
    /// The path, encoded.
    pub uri: Box<str>,
    /// Parameters of the query: `name`, `name=` or `name=value`, encoded.
    pub query: Vec<Box<str>>,
    /// Headers and their values.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// The body; `None` where nothing is said of it.
    pub body: Option<Box<str>>,
    /// How bodies are compared.
    pub body_media_type: Option<Box<str>>,
}

/// Names of headers that a message has or has not.
#[derive(Clone, Debug, Default)]
pub struct HeaderPresence {
    /// Must not be there.
    pub forbidden: Vec<Box<str>>,
    /// Must be there, whatever their value.
    pub required: Vec<Box<str>>,
}

/// An answer and the output or error that it carries.
#[derive(Clone, Debug)]
pub struct ResponseCase {
    /// What every case has.
    pub head: CaseHead,
    /// What is answered.
    pub subject: CaseSubject,
    /// HTTP status.
    pub status: u16,
    /// Headers and their values.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// What is said of headers beside their values.
    pub presence: HeaderPresence,
    /// The body; `None` where nothing is said of it.
    pub body: Option<Box<str>>,
    /// How bodies are compared.
    pub body_media_type: Option<Box<str>>,
    /// The output or error.
    pub params: Node<'static>,
}

/// What a [`ResponseCase`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseSubject {
    /// The output of this operation.
    Output(OperationId),
    /// This error, of any operation that has it.
    Error(ShapeId),
}

/// A request that a server refuses.
#[derive(Clone, Debug)]
pub struct MalformedCase {
    /// What every case has.
    pub head: CaseHead,
    /// The operation that is called.
    pub operation: OperationId,
    /// The request.
    pub request: CaseRequest,
    /// HTTP status of the answer.
    pub status: u16,
    /// Headers of the answer, and their values.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// The body of the answer; `None` where nothing is said of it.
    pub body: Option<CaseAssertion>,
}

/// What is said of the body of the answer to a [`MalformedCase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseAssertion {
    /// It is this document, of this media type.
    Contents {
        /// The document.
        text: Box<str>,
        /// How it is compared.
        media_type: Box<str>,
    },
    /// Its message matches this regular expression.
    MessageRegex(Box<str>),
}

/// A conversation over an event stream, as written: `events`, `expectation` and the initial messages.
#[derive(Clone, Debug)]
pub struct EventStreamCase {
    /// What every case has.
    pub head: CaseHead,
    /// The operation that is called.
    pub operation: OperationId,
    /// The case as the trait has it.
    pub value: Node<'static>,
}
