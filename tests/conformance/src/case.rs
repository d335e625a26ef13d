//! Test cases as generated code declares them (Smithy 2.0, "HTTP Protocol Compliance Tests").

/// The cases of a service's protocol.
#[derive(Clone, Copy, Debug)]
pub struct Cases {
    /// Requests and the inputs that they carry.
    pub requests: &'static [RequestCase],
    /// Answers and the outputs or errors that they carry.
    pub responses: &'static [ResponseCase],
    /// Requests that a server refuses.
    pub malformed: &'static [MalformedCase],
    /// Conversations over event streams.
    pub event_streams: &'static [EventStreamCase],
}

/// What every case has.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Its name.
    pub id: &'static str,
    /// The one side that it is meant for; `None` for both.
    pub applies_to: Option<Side>,
    /// The operation, by its place in the service.
    pub operation: usize,
    /// What the case says that is not compared.
    pub unread: &'static [&'static str],
}

/// A side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who asks.
    Client,
    /// Who answers.
    Server,
}

impl Side {
    /// As it is written on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl Head {
    /// Whether the case is meant for a side.
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
    /// The body; `None` where nothing is said of it.
    pub body: Option<&'static str>,
    /// How bodies are compared.
    pub body_media_type: Option<&'static str>,
}

/// Names of headers that a message has or has not.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    /// Must not be there.
    pub forbidden: &'static [&'static str],
    /// Must be there, whatever their value.
    pub required: &'static [&'static str],
}

impl Presence {
    /// Nothing is said.
    pub const ANY: Self = Self {
        forbidden: &[],
        required: &[],
    };
}

/// A request and the input that it carries.
#[derive(Clone, Copy, Debug)]
pub struct RequestCase {
    /// What every case has.
    pub head: Head,
    /// The request.
    pub request: Request,
    /// The host that the client is given, possibly with a path.
    pub host: Option<&'static str>,
    /// The host that the request goes to.
    pub resolved_host: Option<&'static str>,
    /// Names that the query must not have.
    pub forbid_query: &'static [&'static str],
    /// Names that the query must have.
    pub require_query: &'static [&'static str],
    /// What is said of headers beside their values.
    pub presence: Presence,
    /// The input: JSON.
    pub params: &'static str,
}

/// An answer and the output or error that it carries.
#[derive(Clone, Copy, Debug)]
pub struct ResponseCase {
    /// What every case has. The operation of an error's case is one that has the error.
    pub head: Head,
    /// The shape id of the error; `None` of an output.
    pub error: Option<&'static str>,
    /// HTTP status.
    pub status: u16,
    /// Headers and their values.
    pub headers: &'static [(&'static str, &'static str)],
    /// What is said of headers beside their values.
    pub presence: Presence,
    /// The body; `None` where nothing is said of it.
    pub body: Option<&'static str>,
    /// How bodies are compared.
    pub body_media_type: Option<&'static str>,
    /// The output or error: JSON.
    pub params: &'static str,
}

/// A request that a server refuses.
#[derive(Clone, Copy, Debug)]
pub struct MalformedCase {
    /// What every case has.
    pub head: Head,
    /// The request.
    pub request: Request,
    /// HTTP status of the answer.
    pub status: u16,
    /// Headers of the answer, and their values.
    pub headers: &'static [(&'static str, &'static str)],
    /// What is said of the body.
    pub body: Option<Assertion>,
}

/// What is said of the body of the answer to a [`MalformedCase`].
#[derive(Clone, Copy, Debug)]
pub enum Assertion {
    /// It is this document, of this media type.
    Contents(&'static str, &'static str),
    /// Its message matches this regular expression.
    MessageRegex(&'static str),
}

/// A conversation over an event stream.
#[derive(Clone, Copy, Debug)]
pub struct EventStreamCase {
    /// What every case has.
    pub head: Head,
    /// The case as the trait has it: JSON.
    pub value: &'static str,
}
