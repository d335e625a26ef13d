//! The resolved model: what every later stage reads and none changes.
//!
//! Shapes, operations and services live in arenas and point at one another by typed ids. What the generator has to decide
//! about a shape (is this member boxed, is it an `Option`, where does it travel) is decided once, in `resolve`, and stands
//! here as a field. Nothing here is raw JSON but for document values.
//!
//! **Invariant:** order is fixed. Shapes, operations and services are sorted by absolute shape id; members stand as written,
//! those of mixins first (Smithy 2.0, "Mixins").

mod cases;
mod constraints;
mod http;
mod name;

pub use cases::{
    CaseAssertion, CaseHead, CaseRequest, CaseSide, CaseSubject, Cases, EventStreamCase,
    HeaderPresence, MalformedCase, RequestCase, ResponseCase,
};
pub use constraints::{Constraints, Length, Number, Range};
pub use http::{HostPart, HostPrefix, Http, Segment, UriPattern};
pub use name::ShapeName;

use std::collections::BTreeMap;

use la_arena::{Arena, Idx};

use crate::node::Node;
use crate::pattern::PatternError;
pub use crate::protocol::Protocol;
use crate::source::Location;
use crate::traits::Traits;

/// Identifies a [`Shape`] of a [`Model`].
pub type ShapeId = Idx<Shape>;
/// Identifies an [`Operation`] of a [`Model`].
pub type OperationId = Idx<Operation>;
/// Identifies a [`Service`] of a [`Model`].
pub type ServiceId = Idx<Service>;

/// One resolved model: the merge of all the files that were loaded together.
#[derive(Debug, Default)]
pub struct Model {
    /// Every shape that carries data, prelude shapes included, sorted by name.
    pub shapes: Arena<Shape>,
    /// Every operation, sorted by name.
    pub operations: Arena<Operation>,
    /// Every service, sorted by name.
    pub services: Arena<Service>,
    /// Every distinct pattern, and how it is written for the `regex` crate.
    pub patterns: BTreeMap<Box<str>, Result<Box<str>, PatternError>>,
    /// The test cases that its operations and errors carry.
    pub cases: Cases,
}

impl Model {
    /// A pattern of this model as the `regex` crate takes it; `None` where it cannot (W0513 or E0307).
    pub fn regex(&self, pattern: &str) -> Option<&str> {
        self.patterns.get(pattern)?.as_deref().ok()
    }
}

/// What is written about a shape or member for its readers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Docs {
    /// `smithy.api#documentation`: Markdown, possibly with HTML in it.
    pub text: Option<Box<str>>,
    /// `smithy.api#deprecated`.
    pub deprecated: Option<Deprecated>,
    /// `smithy.api#since`.
    pub since: Option<Box<str>>,
    /// `smithy.api#externalDocumentation`: title and address, as written.
    pub links: Vec<(Box<str>, Box<str>)>,
    /// `smithy.api#unstable`.
    pub unstable: bool,
    /// `smithy.api#internal`.
    pub internal: bool,
}

/// `smithy.api#deprecated`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deprecated {
    /// Why, or what to use instead.
    pub message: Option<Box<str>>,
    /// The version or date of the deprecation.
    pub since: Option<Box<str>>,
}

/// A shape that carries data.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Its absolute shape id.
    pub name: ShapeName,
    /// What is written about it.
    pub docs: Docs,
    /// What it is.
    pub kind: Kind,
    /// `smithy.api#sensitive` on the shape itself.
    pub sensitive: bool,
    /// `length`, `range`, `pattern` and `uniqueItems` as applied to the shape itself.
    pub constraints: Constraints,
    /// Which traits are applied to it, and where they stand.
    pub traits: Traits,
    /// Where it stands.
    pub location: Location,
}

/// What a [`Shape`] is.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most shapes are structures and simple ones; few are maps"
)]
pub enum Kind {
    /// A shape without members.
    Simple(Simple),
    /// `enum`, or a string with the Smithy 1.0 `enum` trait.
    Enum(Vec<EnumValue<Box<str>>>),
    /// `intEnum`.
    IntEnum(Vec<EnumValue<i32>>),
    /// `list` or `set`.
    List(List),
    /// `map`.
    Map(Map),
    /// `structure`.
    Structure(Structure),
    /// `union`.
    Union(Union),
}

/// The kinds of shape without members (Smithy 2.0, "Simple types").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simple {
    /// Bytes.
    Blob,
    /// True or false.
    Boolean,
    /// UTF-8 text.
    String,
    /// 8-bit signed integer.
    Byte,
    /// 16-bit signed integer.
    Short,
    /// 32-bit signed integer.
    Integer,
    /// 64-bit signed integer.
    Long,
    /// IEEE 754 single precision.
    Float,
    /// IEEE 754 double precision.
    Double,
    /// Integer of any size.
    BigInteger,
    /// Decimal of any precision.
    BigDecimal,
    /// A point in time.
    Timestamp,
    /// Protocol-agnostic open content.
    Document,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue<T> {
    /// The member's name.
    pub name: Box<str>,
    /// What travels.
    pub value: T,
    /// What is written about it.
    pub docs: Docs,
    /// Where it stands.
    pub location: Location,
}

/// A `list`.
#[derive(Clone, Debug)]
pub struct List {
    /// The element, named `member`.
    pub member: Member,
    /// `smithy.api#sparse`: elements may be null.
    pub sparse: bool,
}

/// A `map`; keys are strings or string enums.
#[derive(Clone, Debug)]
pub struct Map {
    /// The key, named `key`.
    pub key: Member,
    /// The value, named `value`.
    pub value: Member,
    /// `smithy.api#sparse`: values may be null.
    pub sparse: bool,
}

/// A `structure`.
#[derive(Clone, Debug)]
pub struct Structure {
    /// Its members, those of mixins first.
    pub members: Vec<Member>,
    /// `smithy.api#error` and what belongs to it.
    pub error: Option<ErrorTrait>,
    /// `aws.protocols#awsQueryError`: the code of the error where its service is `awsQueryCompatible`.
    pub query_code: Option<Box<str>>,
    /// What operations use it for.
    pub role: Role,
    /// Made by `resolve` for an operation whose input or output is `smithy.api#Unit`.
    pub synthetic: bool,
}

/// A `union`.
#[derive(Clone, Debug)]
pub struct Union {
    /// Its members: exactly one is set.
    pub members: Vec<Member>,
    /// `smithy.api#streaming`: an event stream.
    pub streaming: bool,
}

/// What operations use a structure for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The input of one or more operations, and nothing else.
    Input,
    /// The output of one or more operations and not an input; other shapes may contain it.
    Output,
    /// An error.
    Error,
    /// Anything else.
    Plain,
}

/// `smithy.api#error` with `httpError`, `retryable` and the index of the member that says what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorTrait {
    /// Who is at fault.
    pub fault: Fault,
    /// HTTP status: `httpError`, else 400 for a client's and 500 for a server's fault.
    pub status: u16,
    /// `smithy.api#retryable`.
    pub retryable: Option<Retryable>,
    /// Index of the string member named `message` in any case, if there is one and it is not sensitive.
    pub message: Option<usize>,
}

/// The value of `smithy.api#error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}

/// `smithy.api#retryable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// The error says that the caller is too fast.
    pub throttling: bool,
}

/// A member of a structure, union, list or map.
///
/// Constraints, formats and sensitivity are effective values: the member's own trait, else its target's.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Member {
    /// Its name in the model.
    pub name: Box<str>,
    /// Its name in JSON: `smithy.api#jsonName`, else its name. (awsJson ignores `jsonName`: that is the codec's choice.)
    pub json_name: Box<str>,
    /// The shape of its value.
    pub target: ShapeId,
    /// What is written about it (its own text; the target's is not inherited).
    pub docs: Docs,
    /// `smithy.api#required`.
    pub required: bool,
    /// Whether a value is always there.
    pub presence: Presence,
    /// The value leads back to the shape that holds this member without a list or map between: it needs a box.
    pub boxed: bool,
    /// The value, or any part of it at this level, must not be shown.
    pub sensitive: bool,
    /// What values are valid.
    pub constraints: Constraints,
    /// `smithy.api#timestampFormat`; `None` leaves it to the binding.
    pub timestamp_format: Option<TimestampFormat>,
    /// `smithy.api#mediaType`.
    pub media_type: Option<Box<str>>,
    /// Where in an HTTP message it travels, if its structure is an operation's input or output or an error.
    pub binding: Binding,
    /// `smithy.api#idempotencyToken`.
    pub idempotency_token: bool,
    /// `smithy.api#hostLabel`.
    pub host_label: bool,
    /// `smithy.api#streaming` on the target: a blob that is not held in memory, or an event stream.
    pub streaming: bool,
    /// `smithy.api#requiresLength` on the target.
    pub requires_length: bool,
    /// How it travels in an event of an event stream.
    pub event: Option<EventBinding>,
    /// Which traits are applied to it, and where they stand.
    pub traits: Traits,
    /// Where it stands.
    pub location: Location,
}

impl Member {
    /// The value is a blob that is not held in memory.
    pub fn streams_bytes(&self, model: &Model) -> bool {
        self.streaming && matches!(model.shapes[self.target].kind, Kind::Simple(Simple::Blob))
    }

    /// The value is a stream of events.
    pub fn streams_events(&self, model: &Model) -> bool {
        self.streaming && matches!(model.shapes[self.target].kind, Kind::Union(_))
    }
}

/// Whether the value of a structure member is always there.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// A value that the maker of the structure gives. A stream of events is always there, if only without events.
    Required,
    /// A value that is this one unless the maker gives another.
    Default(DefaultValue),
    /// No value unless the maker gives one. On a member of an operation's input the default, if any, is what the
    /// server assumes: clients do not send it (Smithy 2.0, "Default values").
    Optional(Option<DefaultValue>),
}

/// The value of a `smithy.api#default` trait other than null, checked against its target.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// For a boolean.
    Boolean(bool),
    /// For byte, short, integer, long and intEnum.
    Integer(i64),
    /// For float and double, of which a model can give NaN and the infinities too.
    Float(f64),
    /// For bigInteger and bigDecimal: JSON digits.
    Number(Box<str>),
    /// For string and enum (the enum's value, not its member name).
    String(Box<str>),
    /// For blob: the bytes.
    Blob(Box<[u8]>),
    /// For timestamp: since 1970-01-01T00:00:00Z.
    Timestamp {
        /// Whole seconds, rounded down.
        seconds: i64,
        /// 0..1,000,000,000.
        nanoseconds: u32,
    },
    /// For an empty list.
    EmptyList,
    /// For an empty map.
    EmptyMap,
    /// For a document: any JSON but null.
    Document(Node<'static>),
}

/// `smithy.api#timestampFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// RFC 3339 in UTC.
    DateTime,
    /// RFC 9110 IMF-fixdate.
    HttpDate,
    /// Seconds since the epoch, with an optional fraction.
    EpochSeconds,
}

/// Where a member travels in an HTTP message (Smithy 2.0, "HTTP bindings").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// In the protocol's document.
    Document,
    /// `httpLabel`.
    Label,
    /// `httpQuery` with the parameter's name.
    Query(Box<str>),
    /// `httpQueryParams`.
    QueryParams,
    /// `httpHeader` with the header's name as written.
    Header(Box<str>),
    /// `httpPrefixHeaders` with the prefix, which may be empty.
    PrefixHeaders(Box<str>),
    /// `httpPayload`.
    Payload,
    /// `httpResponseCode`.
    StatusCode,
}

/// `smithy.api#eventHeader` or `smithy.api#eventPayload`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventBinding {
    /// A header of the event.
    Header,
    /// The payload of the event.
    Payload,
}

/// An `operation`.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Operation {
    /// Its absolute shape id.
    pub name: ShapeName,
    /// What is written about it.
    pub docs: Docs,
    /// Its input, always a structure: a synthetic one where the model says `smithy.api#Unit` or nothing.
    pub input: ShapeId,
    /// Its output, likewise.
    pub output: ShapeId,
    /// Its own errors and those of its service, each once, sorted by name.
    pub errors: Vec<ShapeId>,
    /// `smithy.api#http`.
    pub http: Option<Http>,
    /// `smithy.api#readonly`.
    pub readonly: bool,
    /// `smithy.api#idempotent`.
    pub idempotent: bool,
    /// `smithy.api#paginated`, the service's included.
    pub paginated: Option<Paginated>,
    /// `smithy.api#endpoint`: the host prefix.
    pub host_prefix: Option<HostPrefix>,
    /// `smithy.api#httpChecksumRequired`.
    pub checksum_required: bool,
    /// `smithy.api#requestCompression`: encodings, best first; empty without the trait.
    pub request_compression: Vec<Box<str>>,
    /// The operation is called without a signature: `smithy.api#auth` with an empty list.
    pub unauthenticated: bool,
    /// `aws.auth#unsignedPayload`.
    pub unsigned_payload: bool,
    /// Which traits are applied to it, and where they stand.
    pub traits: Traits,
    /// Where it stands.
    pub location: Location,
}

/// `smithy.api#paginated`; paths are member indexes from the input's or output's structure down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paginated {
    /// The input member that takes the token.
    pub input_token: usize,
    /// The output member that gives the token of the next page.
    pub output_token: Vec<usize>,
    /// The list or map of the output that holds the items.
    pub items: Option<Vec<usize>>,
    /// The input member that limits the page.
    pub page_size: Option<usize>,
}

/// A `service`.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its absolute shape id.
    pub name: ShapeName,
    /// What is written about it.
    pub docs: Docs,
    /// `smithy.api#title`.
    pub title: Option<Box<str>>,
    /// Its version, as written; may be empty.
    pub version: Box<str>,
    /// The protocols that it has and that are generated, in the order of preference; never empty.
    pub protocols: Vec<Protocol>,
    /// `aws.protocols#awsQueryCompatible`.
    pub query_compatible: bool,
    /// Its operations, those of its resources included, sorted by name.
    pub operations: Vec<OperationId>,
    /// Every shape that its operations and errors reach, sorted by name.
    pub shapes: Vec<ShapeId>,
    /// Shapes of the closure that the service calls by another name (`rename`).
    pub renames: Vec<(ShapeId, Box<str>)>,
    /// `aws.auth#sigv4`: the signing name.
    pub signing_name: Option<Box<str>>,
    /// `aws.api#service`: the SDK id.
    pub sdk_id: Option<Box<str>>,
    /// `aws.api#service`: the endpoint prefix, where it is given.
    pub endpoint_prefix: Option<Box<str>>,
    /// `smithy.api#cors`.
    pub cors: Option<Cors>,
    /// `drawplate#basePath`, with a leading and without a trailing slash.
    pub base_path: Option<Box<str>>,
    /// `drawplate#validationError`, else `smithy.framework#ValidationException` where the closure has it.
    pub validation_error: Option<ShapeId>,
    /// Which traits are applied to it, and where they stand.
    pub traits: Traits,
    /// Where it stands.
    pub location: Location,
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
}

/// `smithy.api#cors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cors {
    /// Allowed origin; `*` when the trait does not say.
    pub origin: Box<str>,
    /// Seconds for which a preflight answer may be kept; 600 when the trait does not say.
    pub max_age: u32,
    /// Additional headers that callers may read.
    pub exposed_headers: Vec<Box<str>>,
    /// Additional headers that callers may send.
    pub allowed_headers: Vec<Box<str>>,
}

impl Kind {
    /// Its members: of a list the element, of a map key and value. The values of enums are none.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        let (first, second): (&[Member], &[Member]) = match self {
            Self::Simple(_) | Self::Enum(_) | Self::IntEnum(_) => (&[], &[]),
            Self::List(list) => (std::slice::from_ref(&list.member), &[]),
            Self::Map(map) => (
                std::slice::from_ref(&map.key),
                std::slice::from_ref(&map.value),
            ),
            Self::Structure(structure) => (&structure.members, &[]),
            Self::Union(union) => (&union.members, &[]),
        };
        first.iter().chain(second)
    }

    /// What Smithy calls it.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Simple(simple) => simple.noun(),
            Self::Enum(_) => "enum",
            Self::IntEnum(_) => "intEnum",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Structure(_) => "structure",
            Self::Union(_) => "union",
        }
    }
}

impl Simple {
    /// What Smithy calls it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::String => "string",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::BigInteger => "bigInteger",
            Self::BigDecimal => "bigDecimal",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
        }
    }
}
