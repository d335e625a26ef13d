//! What a service knows about itself.

use super::{Protocol, REST_JSON_1};
use crate::schema::Schema;

/// A service.
#[derive(Debug)]
pub struct Service {
    /// Absolute shape id.
    pub id: &'static str,
    /// Version, as the model writes it.
    pub version: &'static str,
    /// The protocols that it speaks, the preferred one first. There is at least one.
    pub protocols: &'static [&'static dyn Protocol],
    /// Answers errors in the form of `awsQueryCompatible` too.
    pub query_compatible: bool,
    /// Name that signatures are made for (`aws.auth#sigv4`).
    pub signing_name: Option<&'static str>,
    /// First label of its host names (`aws.api#service`).
    pub endpoint_prefix: Option<&'static str>,
    /// What every path starts with (`drawplate#basePath`); leading slash, no trailing one.
    pub base_path: &'static str,
    /// Cross-origin rules (`cors`).
    pub cors: Option<Cors>,
    /// The error that answers an invalid request.
    pub validation_error: Option<&'static Schema>,
    /// Its operations, sorted by name.
    pub operations: &'static [&'static Operation],
}

impl Service {
    /// The name of the shape without its namespace.
    pub fn name(&self) -> &'static str {
        self.id.rsplit('#').next().unwrap_or(self.id)
    }

    /// The preferred protocol.
    pub fn protocol(&self) -> &'static dyn Protocol {
        match self.protocols {
            [protocol, ..] => *protocol,
            // Generated services list at least one.
            [] => &REST_JSON_1,
        }
    }
}

/// `smithy.api#cors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cors {
    /// Allowed origin.
    pub origin: &'static str,
    /// Seconds for which a preflight answer may be kept.
    pub max_age: u32,
    /// Additional headers that callers may read.
    pub exposed_headers: &'static [&'static str],
    /// Additional headers that callers may send.
    pub allowed_headers: &'static [&'static str],
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Name without namespace.
    pub name: &'static str,
    /// Schema of the input.
    pub input: &'static Schema,
    /// Schema of the output.
    pub output: &'static Schema,
    /// Schemas of the errors, sorted by name.
    pub errors: &'static [&'static Schema],
    /// HTTP binding.
    pub route: Option<&'static Route>,
    /// Traits that change how it is called.
    pub traits: OperationTraits,
}

/// Traits that change how an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a trait that an operation has or has not"
)]
pub struct OperationTraits {
    /// The model declares no input: requests have no body.
    pub no_input: bool,
    /// The model declares no output: answers have no body.
    pub no_output: bool,
    /// Changes nothing (`readonly`).
    pub readonly: bool,
    /// Twice is as good as once (`idempotent`).
    pub idempotent: bool,
    /// How to get the next page (`paginated`).
    pub paginated: Option<Paginated>,
    /// What stands before the endpoint's host (`endpoint`).
    pub host_prefix: &'static [HostPart],
    /// The body needs a checksum (`httpChecksumRequired`).
    pub checksum_required: bool,
    /// Encodings for the request's body, best first (`requestCompression`).
    pub request_compression: &'static [&'static str],
    /// Is called without a signature (`auth` with an empty list).
    pub unauthenticated: bool,
    /// The body is not part of the signature (`aws.auth#unsignedPayload`).
    pub unsigned_payload: bool,
}

impl OperationTraits {
    /// Of an operation without traits.
    pub const NONE: Self = Self {
        no_input: false,
        no_output: false,
        readonly: false,
        idempotent: false,
        paginated: None,
        host_prefix: &[],
        checksum_required: false,
        request_compression: &[],
        unauthenticated: false,
        unsigned_payload: false,
    };
}

/// A part of a host prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// As written.
    Literal(&'static str),
    /// The value of the input's member at this index.
    Label(usize),
}

/// `smithy.api#paginated`; paths are member indexes from the structure down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginated {
    /// The input's member that takes the token.
    pub input_token: usize,
    /// Where the output has the next token.
    pub output_token: &'static [usize],
    /// Where the output has the items.
    pub items: Option<&'static [usize]>,
    /// The input's member that limits the page.
    pub page_size: Option<usize>,
}

/// The HTTP binding of an operation (`smithy.api#http`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The operation's name.
    pub operation: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// The path below the base path; empty for `/`.
    pub path: &'static [Segment],
    /// Query literals: name and value; the value is empty for the name alone.
    pub query: &'static [(&'static str, &'static str)],
    /// Status of a success.
    pub status: u16,
}

/// A segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// As written.
    Literal(&'static str),
    /// One segment: the value of the input's member at this index.
    Label(usize),
    /// One or more segments: the value of the input's member at this index.
    Greedy(usize),
}
