//! Test cases as generated code declares them (Smithy 2.0, "HTTP Protocol Compliance Tests").

/// The cases of a service's protocol.
#[derive(Clone, Copy, Debug)]
pub struct Cases {
    /// Requests and the inputs in them.
    pub requests: &'static [RequestCase],
    /// Responses and the outputs or errors in them.
    pub responses: &'static [ResponseCase],
    /// Requests that a server rejects.
    pub malformed: &'static [MalformedCase],
    /// Conversations over event streams.
    pub event_streams: &'static [EventStreamCase],
    /// Endpoints by the rules of the service. Each case is as it is in the trait: JSON.
    pub endpoints: &'static [&'static str],
}

impl Cases {
    /// Whether there are cases of messages.
    pub(crate) fn has_messages(&self) -> bool {
        let Self {
            requests,
            responses,
            malformed,
            event_streams,
            endpoints: _,
        } = self;
        !(requests.is_empty()
            && responses.is_empty()
            && malformed.is_empty()
            && event_streams.is_empty())
    }
}

/// The common members of all cases.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Its name.
    pub id: &'static str,
    /// The side that it applies to; `None` for both.
    pub applies_to: Option<Side>,
    /// The index of the operation in the service.
    pub operation: usize,
    /// Members of the case that are not compared.
    pub unread: &'static [&'static str],
}

/// A side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The caller.
    Client,
    /// The service that responds.
    Server,
}

impl Side {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl Head {
    /// Whether the case applies to a side.
    pub fn is_for(&self, side: Side) -> bool {
        self.applies_to.is_none_or(|only| only == side)
    }
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The path, encoded.
    pub uri: &'static str,
    /// Parameters of the query: `name`, `name=` or `name=value`, encoded.
    pub query: &'static [&'static str],
    /// Headers and their values.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body; `None` if the case does not mention it.
    pub body: Option<&'static str>,
    /// How bodies are compared.
    pub body_media_type: Option<&'static str>,
}

/// Names of required and forbidden headers.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    /// Forbidden headers.
    pub forbidden: &'static [&'static str],
    /// Required headers with any value.
    pub required: &'static [&'static str],
}

impl Presence {
    /// No rule.
    pub const ANY: Self = Self {
        forbidden: &[],
        required: &[],
    };
}

/// A request and the input in it.
#[derive(Clone, Copy, Debug)]
pub struct RequestCase {
    /// The common members of all cases.
    pub head: Head,
    /// The request.
    pub request: Request,
    /// The host that the client is configured with, possibly with a path.
    pub host: Option<&'static str>,
    /// The host that the request is sent to.
    pub resolved_host: Option<&'static str>,
    /// Forbidden names in the query.
    pub forbid_query: &'static [&'static str],
    /// Required names in the query.
    pub require_query: &'static [&'static str],
    /// Rules about headers without values.
    pub presence: Presence,
    /// The input: JSON.
    pub params: &'static str,
    /// The configuration of the client and of the call, by scope: JSON.
    pub config: Option<&'static str>,
}

/// A response and the output or error in it.
#[derive(Clone, Copy, Debug)]
pub struct ResponseCase {
    /// The common members of all cases. The operation of an error's case is one that has the error.
    pub head: Head,
    /// The shape ID of the error; `None` for an output.
    pub error: Option<&'static str>,
    /// HTTP status.
    pub status: u16,
    /// Headers and their values.
    pub headers: &'static [(&'static str, &'static str)],
    /// Rules about headers without values.
    pub presence: Presence,
    /// The body; `None` if the case does not mention it.
    pub body: Option<&'static str>,
    /// How bodies are compared.
    pub body_media_type: Option<&'static str>,
    /// The code of the error that a client reads.
    pub error_code: Option<&'static str>,
    /// The side to which the error is due: `Sender` or `Receiver`.
    pub error_type: Option<&'static str>,
    /// The output or error: JSON.
    pub params: &'static str,
}

/// A request that a server rejects.
#[derive(Clone, Copy, Debug)]
pub struct MalformedCase {
    /// The common members of all cases.
    pub head: Head,
    /// The request.
    pub request: Request,
    /// HTTP status of the response.
    pub status: u16,
    /// Headers of the response, and their values.
    pub headers: &'static [(&'static str, &'static str)],
    /// The rule about the body.
    pub body: Option<Assertion>,
}

/// The rule about the body of the response to a [`MalformedCase`].
#[derive(Clone, Copy, Debug)]
pub enum Assertion {
    /// A document, and its media type.
    Contents(&'static str, &'static str),
    /// A regular expression that matches its message.
    MessageRegex(&'static str),
}

/// A conversation over an event stream.
#[derive(Clone, Copy, Debug)]
pub struct EventStreamCase {
    /// The common members of all cases.
    pub head: Head,
    /// The case as it is in the trait: JSON.
    pub value: &'static str,
}
