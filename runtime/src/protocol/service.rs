//! The static description of a service and its operations.

use super::{Protocol, REST_JSON_1};
use crate::schema::Schema;

pub use super::customizations::Customizations;
#[cfg(feature = "customizations")]
pub use super::customizations::{RegionRedirects, VirtualHosts};

/// A service.
#[derive(Debug)]
pub struct Service {
    /// The absolute shape ID.
    pub id: &'static str,
    /// The version in the model.
    pub version: &'static str,
    /// The ID of the service in the SDKs of AWS (`aws.api#service`); `None` if the service is not
    /// one of AWS.
    pub sdk_id: Option<&'static str>,
    /// Whether any call is repeated after a failure that leaves open whether the service has
    /// processed it, as if all operations were idempotent. True for services of AWS whose models
    /// mark no operation as read-only: they do not tell which calls may be repeated.
    pub repeats_any: bool,
    /// The supported protocols, starting with the preferred one. There is at least one.
    pub protocols: &'static [&'static dyn Protocol],
    /// The versions of HTTP, of protocols whose traits list them.
    pub http_versions: &'static [HttpVersions],
    /// Whether error responses also have the code for `awsQueryCompatible`.
    pub query_compatible: bool,
    /// The authentication schemes of operations without a trait `auth`, the preferred one first.
    pub auth: &'static [AuthScheme],
    /// How requests are signed (`aws.auth#sigv4`).
    pub signing: Option<Signing>,
    /// The first label of its host names (`aws.api#service`).
    pub endpoint_prefix: Option<&'static str>,
    /// The prefix of all paths (`drawplate#basePath`), with a leading slash and without a trailing
    /// one.
    pub base_path: &'static str,
    /// Cross-origin rules (`cors`).
    pub cors: Option<Cors>,
    /// The error for an invalid request.
    pub validation_error: Option<&'static Schema>,
    /// Behavior that the model does not describe.
    pub customizations: Customizations,
    /// The operations, sorted by name.
    pub operations: &'static [&'static Operation],
}

/// How the requests of a service are signed (`aws.auth#sigv4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The name of the service in signatures.
    pub name: &'static str,
    /// The path is signed as it is sent. Otherwise it is normalized and encoded once more.
    pub raw_path: bool,
    /// Each request states the hash of its body in the header `x-amz-content-sha256`. Otherwise
    /// only requests do whose body is not signed as a whole.
    pub payload_header: bool,
    /// The signature of a presigned request does not cover the body.
    pub unsigned_presigned: bool,
}

impl Signing {
    /// What most services do.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            raw_path: false,
            payload_header: false,
            unsigned_presigned: false,
        }
    }
}

/// The versions of HTTP that the trait of a protocol lists, the preferred one first. An empty list
/// allows all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpVersions {
    /// The ID of the protocol.
    pub protocol: &'static str,
    /// The versions for operations without event streams (`http`).
    pub any: &'static [HttpVersion],
    /// The versions for operations with event streams (`eventStreamHttp`).
    pub events: &'static [HttpVersion],
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2.
    Http2,
}

/// An authentication scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthScheme {
    /// `aws.auth#sigv4`, by [`Service::signing`].
    SigV4,
    /// `smithy.api#httpApiKeyAuth`.
    ApiKey(ApiKeyPosition),
    /// `smithy.api#httpBasicAuth`.
    Basic,
    /// `smithy.api#httpBearerAuth`.
    Bearer,
}

/// Where a request has its API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyPosition {
    /// In a header, behind the name of a scheme if there is one.
    Header {
        /// The name of the header.
        name: &'static str,
        /// The scheme, as of the header `Authorization`.
        scheme: Option<&'static str>,
    },
    /// In a query parameter of this name.
    Query(&'static str),
}

impl ApiKeyPosition {
    /// The scheme in front of the key.
    pub fn scheme(self) -> Option<&'static str> {
        match self {
            Self::Header { scheme, .. } => scheme,
            Self::Query(_) => None,
        }
    }
}

impl Service {
    /// The authentication schemes of an operation, the preferred one first.
    pub fn auth_of(&self, operation: &Operation) -> &'static [AuthScheme] {
        operation.traits.auth.unwrap_or(self.auth)
    }

    /// The name of the shape without its namespace.
    pub fn name(&self) -> &'static str {
        self.id.rsplit('#').next().unwrap_or(self.id)
    }

    /// Whether the service is one of AWS.
    pub fn is_of_aws(&self) -> bool {
        self.sdk_id.is_some()
    }

    /// The preferred protocol.
    pub fn protocol(&self) -> &'static dyn Protocol {
        match self.protocols {
            [protocol, ..] => *protocol,
            // Generated services have at least one protocol.
            [] => &REST_JSON_1,
        }
    }
}

/// `smithy.api#cors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cors {
    /// The allowed origins; `*` allows all. There is at least one.
    pub origins: &'static [&'static str],
    /// The number of seconds for which a preflight response may be cached; -1 for none.
    pub max_age: i32,
    /// Additional headers that clients may read.
    pub exposed_headers: &'static [&'static str],
    /// Additional headers that clients may send.
    pub allowed_headers: &'static [&'static str],
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// The name of the shape without its namespace.
    pub name: &'static str,
    /// The schema of the input.
    pub input: &'static Schema,
    /// The schema of the output.
    pub output: &'static Schema,
    /// The schemas of the errors, sorted by name.
    pub errors: &'static [&'static Schema],
    /// The HTTP binding.
    pub route: Option<&'static Route>,
    /// Traits that affect calls.
    pub traits: OperationTraits,
}

/// Traits of an operation that affect calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a trait that an operation has or has not"
)]
pub struct OperationTraits {
    /// The model declares no input: requests have no body.
    pub no_input: bool,
    /// The model declares no output: responses have no body.
    pub no_output: bool,
    /// The operation changes nothing (`readonly`).
    pub readonly: bool,
    /// Repeated calls have the effect of one (`idempotent`).
    pub idempotent: bool,
    /// How to request the next page (`paginated`).
    pub paginated: Option<Paginated>,
    /// The prefix of the endpoint's host name (`endpoint`).
    pub host_prefix: &'static [HostPart],
    /// The body requires a checksum (`httpChecksumRequired`).
    pub checksum_required: bool,
    /// The checksum of the request (`aws.protocols#httpChecksum`).
    #[cfg(feature = "checksums")]
    pub checksum: Option<RequestChecksum>,
    /// The checksum of the response (`aws.protocols#httpChecksum`).
    #[cfg(feature = "checksums")]
    pub response_checksum: Option<ResponseChecksum>,
    /// Encodings for the body of the request, in order of preference (`requestCompression`).
    pub request_compression: &'static [&'static str],
    /// The authentication schemes, the preferred one first (`auth`). `None` for those of the
    /// service.
    pub auth: Option<&'static [AuthScheme]>,
    /// The operation may be called without authentication (`optionalAuth`).
    pub optional_auth: bool,
    /// The body is not part of the signature (`aws.auth#unsignedPayload`).
    pub unsigned_payload: bool,
    /// The first label of the path may be a part of the host instead, as
    /// [`Customizations::virtual_hosts`] describes.
    #[cfg(feature = "customizations")]
    pub virtual_host: bool,
    /// The members of the input, by index, of which only the text after the last slash is sent.
    /// They are IDs that the service returns with a prefix, as in `/hostedzone/Z1`.
    #[cfg(feature = "customizations")]
    pub prefixed_ids: &'static [usize],
    /// A label of the path, by the index of its member, and the text that is sent if it is empty.
    #[cfg(feature = "customizations")]
    pub default_label: Option<(usize, &'static str)>,
    /// The header for the tree hash of the body.
    #[cfg(feature = "customizations")]
    pub tree_hash: Option<&'static str>,
    /// The member of the input, by index, with the URL of the endpoint of the call.
    #[cfg(feature = "customizations")]
    pub endpoint_member: Option<usize>,
}

impl OperationTraits {
    /// The traits of an operation without traits.
    pub const NONE: Self = Self {
        no_input: false,
        no_output: false,
        readonly: false,
        idempotent: false,
        paginated: None,
        host_prefix: &[],
        checksum_required: false,
        #[cfg(feature = "checksums")]
        checksum: None,
        #[cfg(feature = "checksums")]
        response_checksum: None,
        request_compression: &[],
        auth: None,
        optional_auth: false,
        unsigned_payload: false,
        #[cfg(feature = "customizations")]
        virtual_host: false,
        #[cfg(feature = "customizations")]
        prefixed_ids: &[],
        #[cfg(feature = "customizations")]
        default_label: None,
        #[cfg(feature = "customizations")]
        tree_hash: None,
        #[cfg(feature = "customizations")]
        endpoint_member: None,
    };
}

/// The checksum of a request (`aws.protocols#httpChecksum`).
#[cfg(feature = "checksums")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestChecksum {
    /// The header of the member that names the algorithm, in lower case.
    pub algorithm: Option<&'static str>,
    /// Whether a checksum is required.
    pub required: bool,
}

/// The checksum of a response (`aws.protocols#httpChecksum`).
#[cfg(feature = "checksums")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseChecksum {
    /// The header of the member that asks for it, in lower case.
    pub mode: &'static str,
    /// The algorithms that are verified.
    pub algorithms: &'static [&'static str],
}

/// A part of a host prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// Literal text.
    Literal(&'static str),
    /// The value of the input member at this index.
    Label(usize),
}

/// `smithy.api#paginated`. Paths are member indexes, from the outer structure to the inner ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginated {
    /// The input member for the token.
    pub input_token: usize,
    /// The path of the next token in the output.
    pub output_token: &'static [usize],
    /// The path of the items in the output.
    pub items: Option<&'static [usize]>,
    /// The input member that limits the size of a page.
    pub page_size: Option<usize>,
}

/// The HTTP binding of an operation (`smithy.api#http`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The name of the operation.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the base path; empty for `/`.
    pub path: &'static [Segment],
    /// Query literals: name and value. The value is empty for a name without a value.
    pub query: &'static [(&'static str, &'static str)],
    /// The status of a successful response.
    pub status: u16,
}

/// A segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Literal text.
    Literal(&'static str),
    /// One segment: the value of the input member at this index.
    Label(usize),
    /// One or more segments: the value of the input member at this index.
    Greedy(usize),
}
