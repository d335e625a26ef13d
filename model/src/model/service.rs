//! Services and their operations.

use super::{
    AuthScheme, Docs, EndpointCase, EndpointRules, ErrorTrait, HostPrefix, Http, Kind, OperationId,
    RuleBinding, Shape, ShapeId, ShapeName, Waiter, XmlNamespace,
};
use crate::protocol::Protocol;
use crate::source::Location;
use crate::traits::Traits;

/// An `operation`.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact")]
pub struct Operation {
    /// The absolute shape id.
    pub name: ShapeName,
    /// The documentation.
    pub docs: Docs,
    /// The input: always a structure, which is synthetic if the operation has no input.
    pub input: ShapeId,
    /// The output, likewise.
    pub output: ShapeId,
    /// The errors of the operation and its services, sorted by id.
    pub errors: Vec<ShapeId>,
    /// `smithy.api#http`.
    pub http: Option<Http>,
    /// `smithy.api#readonly`.
    pub readonly: bool,
    /// `smithy.api#idempotent`.
    pub idempotent: bool,
    /// `smithy.api#paginated`, completed from the service.
    pub paginated: Option<Paginated>,
    /// The host prefix of `smithy.api#endpoint`.
    pub host_prefix: Option<HostPrefix>,
    /// `smithy.api#httpChecksumRequired`.
    pub checksum_required: bool,
    /// The part of `aws.protocols#httpChecksum` about requests.
    pub checksum: Option<RequestChecksum>,
    /// The part of `aws.protocols#httpChecksum` about responses.
    pub response_checksum: Option<ResponseChecksum>,
    /// The encodings of `smithy.api#requestCompression`, best first; empty without the trait.
    pub request_compression: Vec<Box<str>>,
    /// The ids in `smithy.api#auth`, the preferred one first. [`Service::auth_of`] finds the
    /// schemes.
    pub auth: Option<Vec<Box<str>>>,
    /// `smithy.api#optionalAuth`: the operation may be called without authentication.
    pub optional_auth: bool,
    /// `aws.auth#unsignedPayload`.
    pub unsigned_payload: bool,
    /// `aws.customizations#s3UnwrappedXmlOutput`: the element of the only member of the output is
    /// the root element.
    pub unwrapped_output: bool,
    /// `smithy.waiters#waitable`, in the order of the model.
    pub waiters: Vec<Waiter>,
    /// The values that calls give to parameters of endpoint rules, the most specific first.
    pub rule_bindings: Vec<RuleBinding>,
    /// All traits, known and unknown, with their values.
    pub traits: Traits,
    /// Where it is written.
    pub location: Location,
}

/// The part of `aws.protocols#httpChecksum` about requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestChecksum {
    /// The header of `requestAlgorithmMember`, which names the algorithm.
    pub algorithm: Option<Box<str>>,
    /// `requestChecksumRequired`.
    pub required: bool,
}

/// The part of `aws.protocols#httpChecksum` about responses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseChecksum {
    /// The header of `requestValidationModeMember`, which asks for a checksum.
    pub mode: Box<str>,
    /// `responseAlgorithms`.
    pub algorithms: Vec<Box<str>>,
}

/// `smithy.api#paginated`. Paths are indexes of members, starting at the input or output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paginated {
    /// The member of the input for the token.
    pub input_token: usize,
    /// The member of the output with the token of the next page.
    pub output_token: Vec<usize>,
    /// The list or map of the output with the items.
    pub items: Option<Vec<usize>>,
    /// The member of the input that limits the size of a page.
    pub page_size: Option<usize>,
}

/// A `service`.
#[derive(Clone, Debug)]
pub struct Service {
    /// The absolute shape id.
    pub name: ShapeName,
    /// The documentation.
    pub docs: Docs,
    /// `smithy.api#title`.
    pub title: Option<Box<str>>,
    /// The version, as written; may be empty.
    pub version: Box<str>,
    /// The supported protocols of the service, in the order of preference; never empty.
    pub protocols: Vec<Protocol>,
    /// The versions of HTTP that the traits of protocols list, in the order of protocols.
    pub http_versions: Vec<HttpVersions>,
    /// `aws.protocols#awsQueryCompatible`.
    pub query_compatible: bool,
    /// `noErrorWrapping` of `aws.protocols#restXml`: documents of errors have no outer element.
    pub unwrapped_errors: bool,
    /// `smithy.api#xmlNamespace`: the namespace of root elements without one of their own.
    pub xml_namespace: Option<XmlNamespace>,
    /// The operations, including those of resources, sorted by id.
    pub operations: Vec<OperationId>,
    /// The shapes that the operations and errors reach, sorted by id.
    pub shapes: Vec<ShapeId>,
    /// What the service had before a selection dropped some of it. See
    /// [`Model::select`](super::Model::select).
    pub whole: Option<Whole>,
    /// The shapes that the service renames, with their new names.
    pub renames: Vec<(ShapeId, Box<str>)>,
    /// The authentication schemes, sorted by id.
    pub auth_schemes: Vec<AuthScheme>,
    /// The ids in `smithy.api#auth`, the preferred one first. [`Service::default_auth`] finds the
    /// schemes.
    pub auth: Option<Vec<Box<str>>>,
    /// The signing name of `aws.auth#sigv4`.
    pub signing_name: Option<Box<str>>,
    /// The SDK id of `aws.api#service`.
    pub sdk_id: Option<Box<str>>,
    /// The endpoint prefix of `aws.api#service`.
    pub endpoint_prefix: Option<Box<str>>,
    /// `smithy.rules#endpointBdd`, otherwise `smithy.rules#endpointRuleSet`.
    pub endpoint_rules: Option<EndpointRules>,
    /// `smithy.rules#endpointTests`.
    pub endpoint_cases: Vec<EndpointCase>,
    /// `smithy.api#cors`.
    pub cors: Option<Cors>,
    /// `drawplate#basePath`, with a leading slash and without a trailing one.
    pub base_path: Option<Box<str>>,
    /// The error for invalid requests: that of `drawplate#validationError`, otherwise
    /// `smithy.framework#ValidationException` if the service uses it.
    pub validation_error: Option<ShapeId>,
    /// All traits, known and unknown, with their values.
    pub traits: Traits,
    /// Where it is written.
    pub location: Location,
}

/// The versions of HTTP that the trait of a protocol lists, the preferred one first. Versions that
/// are not supported are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpVersions {
    /// The protocol.
    pub protocol: Protocol,
    /// The property `http`; empty for any version.
    pub any: Vec<HttpVersion>,
    /// The property `eventStreamHttp`, for operations with event streams: by default, the same.
    pub events: Vec<HttpVersion>,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.1, `http/1.1`.
    Http1,
    /// HTTP/2, `h2`.
    Http2,
}

/// The operations and shapes of a service before a selection.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The operations, sorted by id.
    pub operations: Vec<OperationId>,
    /// The shapes, sorted by id.
    pub shapes: Vec<ShapeId>,
}

impl Service {
    /// The preferred protocol.
    ///
    /// # Panics
    ///
    /// If the service has none, which `resolve` rejects.
    pub fn protocol(&self) -> Protocol {
        let first = self.protocols.first();
        *first.expect("`resolve` rejects a service without a protocol")
    }

    /// Whether one of the protocols has a server.
    pub fn has_server(&self) -> bool {
        let mut protocols = self.protocols.iter();
        protocols.any(|protocol| protocol.spec().has_server)
    }

    /// The trait `error` of a shape, with the status in responses of the service. That of
    /// `aws.protocols#awsQueryError` is for services without another protocol.
    pub fn error(&self, shape: &Shape) -> Option<ErrorTrait> {
        let Kind::Structure(structure) = &shape.kind else {
            return None;
        };
        let mut error = structure.error?;
        if let (false, Some(status)) = (self.has_server(), structure.query_status) {
            error.status = status;
        }
        Some(error)
    }

    /// The name that the service gives to a shape, if it renames it.
    pub fn rename(&self, id: ShapeId) -> Option<&str> {
        let mut renames = self.renames.iter();
        let (_, name) = renames.find(|(renamed, _)| *renamed == id)?;
        Some(name)
    }
}

/// The value of `smithy.api#cors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cors {
    /// The allowed origins, sorted; only `*` by default.
    pub origins: Vec<Box<str>>,
    /// The seconds for which a preflight response may be cached; 600 by default, and -1 for none.
    pub max_age: i32,
    /// Additional headers that browsers expose to callers.
    pub exposed_headers: Vec<Box<str>>,
    /// Additional headers that callers may send.
    pub allowed_headers: Vec<Box<str>>,
}
