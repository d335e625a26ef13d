//! The resolved model, which later stages only read.
//!
//! Shapes, operations and services are in arenas and refer to one another by typed ids. Facts that
//! outputs need (whether a member is boxed, whether it is optional, which part of a message carries
//! it) are computed once, in `resolve`, and are fields here.
//!
//! **Invariant:** the order is fixed. Shapes, operations and services are sorted by absolute shape
//! id; members are in the order of the text, those of mixins first (Smithy 2.0, "Mixins").

mod auth;
mod cases;
mod constraints;
mod endpoints;
mod http;
mod name;
mod service;
mod waiter;
mod xml;

pub use auth::{ApiKeyPosition, AuthScheme};
pub use cases::{
    CaseAssertion, CaseHead, CaseRequest, CaseSide, CaseSubject, Cases, EventStreamCase,
    HeaderPresence, MalformedCase, RequestCase, ResponseCase,
};
pub use constraints::{Constraints, Format, Length, Range};
pub use endpoints::{
    BuiltIn, EndpointCase, EndpointRules, InputStep, RuleAttribute, RuleBinding, RuleCondition,
    RuleExpression, RuleFunction, RuleNode, RuleParameter, RuleParameterKind, RuleProperty,
    RuleResult, RuleSource, RuleTarget, RuleValue,
};
pub use http::{HostPart, HostPrefix, Http, Segment, UriPattern};
pub use name::ShapeName;
pub use service::{
    Cors, HttpVersion, HttpVersions, Operation, Paginated, RequestChecksum, ResponseChecksum,
    Service, Whole,
};
pub use waiter::{Acceptor, AcceptorState, Matcher, PathComparator, PathMatcher, Query, Waiter};
pub use xml::{XmlMember, XmlNamespace, XmlShape};

use std::collections::BTreeMap;

use la_arena::{Arena, Idx};

use crate::ast::ShapeType;
use crate::node::Node;
pub use crate::number::Number;
use crate::pattern::PatternError;
pub use crate::protocol::Protocol;
use crate::source::Location;
use crate::traits::{TraitId, Traits};

/// Identifies a [`Shape`] of a [`Model`].
pub type ShapeId = Idx<Shape>;
/// Identifies an [`Operation`] of a [`Model`].
pub type OperationId = Idx<Operation>;
/// Identifies a [`Service`] of a [`Model`].
pub type ServiceId = Idx<Service>;

/// A resolved model: all files that were loaded together.
#[derive(Debug, Default)]
pub struct Model {
    /// The data shapes, including those of the prelude, sorted by id.
    pub shapes: Arena<Shape>,
    /// The operations, sorted by id.
    pub operations: Arena<Operation>,
    /// The services, sorted by id.
    pub services: Arena<Service>,
    /// The distinct patterns, translated for the `regex` crate.
    pub patterns: BTreeMap<Box<str>, Result<Box<str>, PatternError>>,
    /// The test cases of the operations and errors.
    pub cases: Cases,
    /// The definitions of traits among the sources, sorted by id.
    pub trait_definitions: Vec<TraitDefinition>,
    /// The services that a selection dropped ([`Model::select`]).
    pub dropped: Vec<Service>,
}

/// The definition of a trait.
#[derive(Clone, Debug)]
pub struct TraitDefinition {
    /// The absolute shape id of the trait.
    pub name: ShapeName,
    /// The traits of the definition, known and unknown, with their values.
    pub traits: Traits,
}

impl Model {
    /// A pattern of this model in the syntax of the `regex` crate; `None` if that does not support
    /// it (W0513, E0307).
    pub fn regex(&self, pattern: &str) -> Option<&str> {
        self.patterns.get(pattern)?.as_deref().ok()
    }

    /// The operations of a service, including those of resources, sorted by id.
    pub fn operations_of<'m>(
        &'m self,
        service: &'m Service,
    ) -> impl Iterator<Item = &'m Operation> + Clone + use<'m> {
        service.operations.iter().map(|id| &self.operations[*id])
    }
}

/// The documentation of a shape or member.
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

/// The value of `smithy.api#deprecated`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deprecated {
    /// The reason, or what to use instead.
    pub message: Option<Box<str>>,
    /// The version or date of the deprecation.
    pub since: Option<Box<str>>,
}

/// A data shape: any shape except services, operations and resources.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The absolute shape id.
    pub name: ShapeName,
    /// The documentation.
    pub docs: Docs,
    /// The type, with what belongs to it.
    pub kind: Kind,
    /// `smithy.api#sensitive` on the shape itself.
    pub sensitive: bool,
    /// The constraints on the shape itself.
    pub constraints: Constraints,
    /// The XML binding traits of the shape itself.
    pub xml: XmlShape,
    /// All traits, known and unknown, with their values.
    pub traits: Traits,
    /// Where it is written.
    pub location: Location,
}

/// The type of a [`Shape`], with what belongs to it.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most shapes are structures and simple ones; few are maps"
)]
pub enum Kind {
    /// A simple type.
    Simple(Simple),
    /// `enum`, or a string with the trait `enum` of Smithy 1.0.
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

/// The simple types (Smithy 2.0, "Simple types").
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

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue<T> {
    /// The name of the member.
    pub name: Box<str>,
    /// The value that is sent.
    pub value: T,
    /// The documentation.
    pub docs: Docs,
    /// Where it is written.
    pub location: Location,
}

/// A `list` or `set`.
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
    /// The members, those of mixins first.
    pub members: Vec<Member>,
    /// `smithy.api#error` with the traits that belong to it.
    pub error: Option<ErrorTrait>,
    /// `aws.protocols#awsQueryError`: the code of the error in services that use awsQuery or are
    /// `awsQueryCompatible`.
    pub query_code: Option<Box<str>>,
    /// The HTTP status of the error in awsQuery, which the same trait has.
    pub query_status: Option<u16>,
    /// How operations use it.
    pub role: Role,
    /// Whether `resolve` added it for an operation without an input or output.
    pub synthetic: bool,
}

/// A `union`.
#[derive(Clone, Debug)]
pub struct Union {
    /// The members, of which exactly one is set.
    pub members: Vec<Member>,
    /// `smithy.api#streaming`: an event stream.
    pub streaming: bool,
    /// How a document in JSON contains the member that is set.
    pub form: UnionForm,
}

/// How a document in JSON contains the member of a union that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UnionForm {
    /// In an object, under the name of the member.
    #[default]
    Tagged,
    /// As an object that has, beside the members of the value, one with this name, whose value is
    /// the name of the member that is set (`alloy#discriminated`).
    Discriminated(Box<str>),
    /// As its value alone (`alloy#untagged`).
    Untagged,
}

/// How operations use a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The input of one or more operations, and nothing else.
    Input,
    /// The output of one or more operations, and not an input. Other shapes may contain it.
    Output,
    /// An error.
    Error,
    /// Anything else.
    Plain,
}

/// `smithy.api#error` with the traits that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorTrait {
    /// The side at fault.
    pub fault: Fault,
    /// The HTTP status: that of `httpError`, otherwise 400 for a client error and 500 for a server
    /// error.
    pub status: u16,
    /// `smithy.api#retryable`.
    pub retryable: Option<Retryable>,
    /// The index of the string member named `message`, in any case, unless it is sensitive.
    pub message: Option<usize>,
}

/// The value of `smithy.api#error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// The value of `smithy.api#retryable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// Whether the client sends requests too fast.
    pub throttling: bool,
}

/// A member of a structure, union, list or map.
///
/// Constraints, formats and sensitivity are effective values: those of the member's own traits,
/// otherwise those of its target.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact")]
pub struct Member {
    /// The name in the model.
    pub name: Box<str>,
    /// The value of `smithy.api#jsonName`, otherwise the name. The protocol says which of the two
    /// names it uses: see [`MemberNames`](crate::protocol::MemberNames).
    pub json_name: Box<str>,
    /// The shape of the value.
    pub target: ShapeId,
    /// The documentation of the member itself, not that of its target.
    pub docs: Docs,
    /// `smithy.api#required`.
    pub required: bool,
    /// Whether a value is always present.
    pub presence: Presence,
    /// Whether the value leads back to the shape of this member without a list or map in between,
    /// so that it needs a box.
    pub boxed: bool,
    /// Whether the value or an element of it must not be shown.
    pub sensitive: bool,
    /// The constraints on the value.
    pub constraints: Constraints,
    /// `smithy.api#timestampFormat`; without it, the protocol and the binding decide.
    pub timestamp_format: Option<TimestampFormat>,
    /// `smithy.api#mediaType`.
    pub media_type: Option<Box<str>>,
    /// The part of an HTTP message that carries it, if its structure is an input, output or error.
    pub binding: Binding,
    /// `smithy.api#idempotencyToken`.
    pub idempotency_token: bool,
    /// `smithy.api#hostLabel`.
    pub host_label: bool,
    /// `smithy.api#streaming` on the target: a stream of bytes or of events.
    pub streaming: bool,
    /// `smithy.api#requiresLength` on the target.
    pub requires_length: bool,
    /// The part of an event that carries it.
    pub event: Option<EventBinding>,
    /// `alloy#nullable` on a member of a structure, or on its target: null is a value and differs
    /// from a missing one. A document has null among its values without the trait.
    pub nullable: bool,
    /// `alloy#jsonUnknown`: it contains the members of the JSON object that the model does not
    /// have; in a union, the object of a member that the model does not have.
    pub json_unknown: bool,
    /// The XML binding traits.
    pub xml: XmlMember,
    /// `aws.protocols#ec2QueryName`: the name in requests of ec2Query.
    pub ec2_query_name: Option<Box<str>>,
    /// All traits, known and unknown, with their values.
    pub traits: Traits,
    /// Where it is written.
    pub location: Location,
}

impl Member {
    /// Whether the value is a stream of bytes.
    pub fn streams_bytes(&self, model: &Model) -> bool {
        self.streaming && matches!(model.shapes[self.target].kind, Kind::Simple(Simple::Blob))
    }

    /// Whether the value is a stream of events.
    pub fn streams_events(&self, model: &Model) -> bool {
        self.streaming && matches!(model.shapes[self.target].kind, Kind::Union(_))
    }
}

impl Shape {
    /// Whether values that are not in the model are valid values of this enum (`alloy#openEnum`).
    pub fn is_open_enum(&self) -> bool {
        self.traits.has(TraitId::AlloyOpenEnum)
    }
}

/// Whether the value of a member is always present.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// A value that must be given. A stream of events is always present, even without events.
    Required,
    /// A value that is this default unless another one is given.
    Default(DefaultValue),
    /// No value unless one is given. In an input, the default is the value that the server assumes;
    /// clients do not send it (Smithy 2.0, "Default values").
    Optional(Option<DefaultValue>),
}

/// The value of a `smithy.api#default` trait other than null, as a value of its target.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// The default of a boolean.
    Boolean(bool),
    /// The default of a byte, short, integer, long or intEnum.
    Integer(i64),
    /// The default of a float or double, including NaN and the infinities.
    Float(f64),
    /// The default of a bigInteger or bigDecimal: the digits as written.
    Number(Box<str>),
    /// The default of a string or enum; the value of the enum, not the name of the member.
    String(Box<str>),
    /// The default of a blob.
    Blob(Box<[u8]>),
    /// The default of a timestamp, since 1970-01-01T00:00:00Z.
    Timestamp {
        /// Whole seconds, rounded down.
        seconds: i64,
        /// 0..1,000,000,000.
        nanoseconds: u32,
    },
    /// The default of a list, always empty.
    EmptyList,
    /// The default of a map, always empty.
    EmptyMap,
    /// The default of a document: any value except null.
    Document(Node<'static>),
}

/// The value of `smithy.api#timestampFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// RFC 3339 in UTC.
    DateTime,
    /// RFC 9110 IMF-fixdate.
    HttpDate,
    /// Seconds since the epoch, with an optional fraction.
    EpochSeconds,
}

/// The part of an HTTP message that carries a member (Smithy 2.0, "HTTP bindings").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A member of the document in the body.
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

/// The part of an event that carries a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventBinding {
    /// `smithy.api#eventHeader`.
    Header,
    /// `smithy.api#eventPayload`.
    Payload,
}

impl Kind {
    /// The members: of a list the element, of a map the key and value. Enum values are not members.
    pub fn members(&self) -> impl Iterator<Item = &Member> + Clone {
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

    /// The trait `error` of a structure.
    pub fn error(&self) -> Option<ErrorTrait> {
        match self {
            Self::Structure(structure) => structure.error,
            _ => None,
        }
    }

    /// Whether it is the empty structure of an operation without an input or output.
    pub fn is_synthetic(&self) -> bool {
        matches!(self, Self::Structure(structure) if structure.synthetic)
    }

    /// The name of the type in Smithy.
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
    /// The name of the type in Smithy.
    pub fn noun(self) -> &'static str {
        ShapeType::Simple(self).name()
    }
}
