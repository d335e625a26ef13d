//! Schemas: static descriptions of shapes, which generated code declares and codecs, bindings and
//! validation read.
//!
//! Schemas refer to one another by reference, possibly in cycles. They are built by `const`
//! functions, so that they cost nothing at run time until they are used.

mod debug;
mod error;
mod layout;
mod xml;

pub(crate) use self::layout::Layout;
pub use self::xml::{XmlMember, XmlNamespace, XmlShape};
pub use crate::error::{Format, Number};
pub use crate::value::timestamp::TimestampFormat;

/// The schema of a shape.
pub struct Schema {
    /// The absolute shape ID, `namespace#name`.
    pub id: &'static str,
    /// The type of the shape.
    pub kind: Kind,
    /// Members of a structure or union; `member` of a list; `key` and `value` of a map.
    pub members: &'static [Member],
    /// The values of an enum in the model.
    pub values: &'static [&'static str],
    /// The values that may appear in error messages; the others are `internal`.
    pub public_values: &'static [&'static str],
    /// The values of an intEnum in the model.
    pub numbers: &'static [i32],
    /// The error traits of a structure that is an error.
    pub error: Option<ErrorSchema>,
    /// The code of an error in the header of query-compatible responses, if it is not the name of
    /// the shape (`aws.protocols#awsQueryError`).
    pub query_code: Option<&'static str>,
    /// Values of the shape must not be shown. Members have a flag of their own.
    pub sensitive: bool,
    /// The XML traits.
    pub xml: XmlShape,
    /// Whether other values of an enum than those of the model are valid (`alloy#openEnum`).
    pub open: bool,
    /// How JSON contains the member of a union that is set.
    pub form: UnionForm,
    /// Facts about the members, computed when the schema is built.
    pub(crate) layout: Layout,
}

/// The type of a shape (Smithy 2.0, "Model types").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes; base64 text in JSON.
    Blob,
    /// True or false.
    Boolean,
    /// UTF-8 text.
    String,
    /// Text from a list of values, which may be longer in a newer model.
    Enum,
    /// 8-bit signed integer.
    Byte,
    /// 16-bit signed integer.
    Short,
    /// 32-bit signed integer.
    Integer,
    /// A 32-bit signed integer from a list of values, which may be longer in a newer model.
    IntEnum,
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
    /// Open content.
    Document,
    /// A list without nulls.
    List,
    /// A list whose elements may be null.
    SparseList,
    /// A map without null values.
    Map,
    /// A map whose values may be null.
    SparseMap,
    /// A structure.
    Structure,
    /// A union: exactly one member is set.
    Union,
}

/// How JSON contains the member of a union that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnionForm {
    /// In an object, under the name of the member.
    Tagged,
    /// As an object that has an additional member with this name, whose value is the name of the
    /// member of the union (`alloy#discriminated`).
    Discriminated(&'static str),
    /// As the value of the member (`alloy#untagged`).
    Untagged,
}

impl Kind {
    /// The minimum and the maximum of an integer of this kind, and a description of the range.
    pub(crate) fn bounds(self) -> (i64, i64, &'static str) {
        match self {
            Self::Byte => (
                i8::MIN.into(),
                i8::MAX.into(),
                "an integer from -128 to 127",
            ),
            Self::Short => (
                i16::MIN.into(),
                i16::MAX.into(),
                "an integer from -32768 to 32767",
            ),
            Self::Integer | Self::IntEnum => (
                i32::MIN.into(),
                i32::MAX.into(),
                "an integer from -2147483648 to 2147483647",
            ),
            _ => (i64::MIN, i64::MAX, "an integer of 64 bits"),
        }
    }
}

/// The schema of a member. Constraints, format and sensitivity are effective: those of the member,
/// or else those of its target.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a trait that a member has or has not"
)]
pub struct Member {
    /// The name in the model.
    pub name: &'static str,
    /// The name in JSON documents of protocols that honor `jsonName`.
    pub json_name: &'static str,
    /// The schema of the value.
    pub target: &'static Schema,
    /// Whether a value is required.
    pub required: bool,
    /// Whether the value must not be shown.
    pub sensitive: bool,
    /// The default of a missing member.
    pub default: Option<Literal>,
    /// The part of an HTTP message that the member is bound to.
    pub binding: Binding,
    /// The text form of a timestamp; `None` for the default of the binding.
    pub timestamp_format: Option<TimestampFormat>,
    /// The media type of a payload.
    pub media_type: Option<&'static str>,
    /// The minimum and the maximum number of characters, bytes, elements or entries.
    pub length: Option<(Option<u64>, Option<u64>)>,
    /// The minimum and the maximum of a number.
    pub range: Option<(Option<Number>, Option<Number>)>,
    /// A regular expression in the syntax of the `regex` crate. It matches anywhere unless it is
    /// anchored.
    pub pattern: Option<&'static str>,
    /// The regular expression in the model, if it differs.
    pub pattern_as_written: Option<&'static str>,
    /// Whether the elements must be different.
    pub unique_items: bool,
    /// Whether the client fills a missing value in.
    pub idempotency_token: bool,
    /// Whether the member is part of the host name.
    pub host_label: bool,
    /// A blob that is not held in memory, or an event stream.
    pub streaming: bool,
    /// Whether the length of a streaming blob is required.
    pub requires_length: bool,
    /// The part of an event that the member is bound to.
    pub event: Option<EventBinding>,
    /// The XML traits.
    pub xml: XmlMember,
    /// The format of the value.
    pub format: Option<Format>,
    /// Whether null is a value that differs from a missing one.
    pub nullable: bool,
    /// Whether the member contains the members that the schema does not have.
    pub unknown: bool,
    /// The name in requests of ec2Query, if it differs (`ec2QueryName`).
    pub ec2_query_name: Option<&'static str>,
    /// Whether the JSON name needs no escapes in JSON. Names in a model never do.
    pub(crate) json_name_is_plain: bool,
}

/// A literal in a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// For a boolean.
    Boolean(bool),
    /// For byte, short, integer, long and intEnum.
    Integer(i64),
    /// For float and double.
    Float(f64),
    /// For bigInteger and bigDecimal: JSON digits.
    Number(&'static str),
    /// For string and enum.
    String(&'static str),
    /// For blob.
    Blob(&'static [u8]),
    /// For timestamp: seconds (rounded down) and nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64, u32),
    /// For list and map: empty.
    Empty,
    /// For document: JSON text.
    Document(&'static str),
}

/// The part of an HTTP message that a member is bound to (Smithy 2.0, "HTTP bindings").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The document.
    Document,
    /// The path.
    Label,
    /// The query parameter with this name.
    Query(&'static str),
    /// The query parameters with the keys of the map as names.
    QueryParams,
    /// The header with this name.
    Header(&'static str),
    /// The headers with this prefix.
    PrefixHeaders(&'static str),
    /// The whole body.
    Payload,
    /// The status of the response.
    StatusCode,
}

impl Binding {
    /// Whether a member with this binding is in the document of a request. A request has no status.
    pub(crate) const fn is_in_request_document(self) -> bool {
        matches!(self, Self::Document | Self::StatusCode)
    }

    /// Whether a member with this binding is in the document of a response. A response has neither
    /// a path nor a query.
    pub(crate) const fn is_in_response_document(self) -> bool {
        matches!(
            self,
            Self::Document | Self::Label | Self::Query(_) | Self::QueryParams
        )
    }
}

/// The part of an event that a member is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventBinding {
    /// A header.
    Header,
    /// The payload.
    Payload,
}

/// The traits of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorSchema {
    /// The party at fault.
    pub fault: Fault,
    /// The HTTP status.
    pub status: u16,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Whether the client sends requests too fast.
    pub throttling: bool,
}

/// The party at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The client.
    Client,
    /// The service.
    Server,
}

/// A value without a schema.
static ANY: Member = Member::new("", &DOCUMENT);

impl Schema {
    const fn new(id: &'static str, kind: Kind, members: &'static [Member]) -> Self {
        Self {
            id,
            kind,
            members,
            values: &[],
            public_values: &[],
            numbers: &[],
            error: None,
            query_code: None,
            sensitive: false,
            xml: XmlShape::NONE,
            open: false,
            form: UnionForm::Tagged,
            layout: Layout::of(members),
        }
    }

    /// The schema of a structure.
    pub const fn structure(id: &'static str, members: &'static [Member]) -> Self {
        Self::new(id, Kind::Structure, members)
    }

    /// The schema of a structure that is an error.
    pub const fn error(id: &'static str, error: ErrorSchema, members: &'static [Member]) -> Self {
        let mut schema = Self::new(id, Kind::Structure, members);
        schema.error = Some(error);
        schema
    }

    /// The schema of a union.
    pub const fn union(id: &'static str, members: &'static [Member]) -> Self {
        Self::new(id, Kind::Union, members)
    }

    /// The schema of a list. Its only member is the element.
    pub const fn list(id: &'static str, members: &'static [Member; 1]) -> Self {
        Self::new(id, Kind::List, members)
    }

    /// The schema of a list whose elements may be null.
    pub const fn sparse_list(id: &'static str, members: &'static [Member; 1]) -> Self {
        Self::new(id, Kind::SparseList, members)
    }

    /// The schema of a map. Its members are the key and the value.
    pub const fn map(id: &'static str, members: &'static [Member; 2]) -> Self {
        Self::new(id, Kind::Map, members)
    }

    /// The schema of a map whose values may be null.
    pub const fn sparse_map(id: &'static str, members: &'static [Member; 2]) -> Self {
        Self::new(id, Kind::SparseMap, members)
    }

    /// The schema of an enum with the values in the model.
    pub const fn string_enum(id: &'static str, values: &'static [&'static str]) -> Self {
        let mut schema = Self::new(id, Kind::Enum, &[]);
        schema.values = values;
        schema.public_values = values;
        schema
    }

    /// The values of an enum that may appear in error messages (`internal` on the others).
    #[must_use]
    pub const fn public_values(mut self, values: &'static [&'static str]) -> Self {
        self.public_values = values;
        self
    }

    /// The schema of an intEnum with the values in the model.
    pub const fn int_enum(id: &'static str, numbers: &'static [i32]) -> Self {
        let mut schema = Self::new(id, Kind::IntEnum, &[]);
        schema.numbers = numbers;
        schema
    }

    /// Sets the code in query-compatible responses, if it is not the name of the shape.
    #[must_use]
    pub const fn query_code(mut self, code: &'static str) -> Self {
        self.query_code = Some(code);
        self
    }

    /// Makes every value sensitive (`sensitive` on the shape).
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Makes values valid that are not in the model (`alloy#openEnum`).
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Sets the form of a union in JSON (`alloy#discriminated`, `alloy#untagged`).
    #[must_use]
    pub const fn form(mut self, form: UnionForm) -> Self {
        self.form = form;
        self
    }

    /// The element of a list. Other shapes have no elements; a codec that is asked for some all the
    /// same gets a document.
    #[inline]
    pub fn element(&self) -> &'static Member {
        match self.members {
            [element, ..] => element,
            [] => &ANY,
        }
    }

    /// The key and the value of a map; see [`Schema::element`] for other shapes.
    #[inline]
    pub fn entry(&self) -> (&'static Member, &'static Member) {
        match self.members {
            [key, value, ..] => (key, value),
            _ => (&ANY, &ANY),
        }
    }

    /// The member that is a stream of bytes or events, and its index. A structure has at most one.
    #[inline]
    pub fn stream(&self) -> Option<(usize, &'static Member)> {
        let index = self.layout.stream?;
        Some((index, self.members.get(index)?))
    }

    /// The member that is the payload of an HTTP message (`httpPayload`), and its index.
    #[inline]
    pub fn payload(&self) -> Option<(usize, &'static Member)> {
        let index = self.layout.payload?;
        Some((index, self.members.get(index)?))
    }

    /// The member that is an event stream, and its index.
    #[inline]
    pub fn events(&self) -> Option<(usize, &'static Member)> {
        self.stream()
            .filter(|(_, member)| member.target.kind == Kind::Union)
    }

    /// Whether `member` is the one with this index.
    #[cfg(feature = "client")]
    pub(crate) fn is_at(&self, index: usize, member: &'static Member) -> bool {
        let other = self.members.get(index);
        other.is_some_and(|other| std::ptr::eq(other, member))
    }

    /// The shape's name without its namespace.
    pub fn name(&self) -> &'static str {
        self.id.rsplit('#').next().unwrap_or(self.id)
    }
}

impl Member {
    /// A member without traits, which is bound to the document under its own name.
    pub const fn new(name: &'static str, target: &'static Schema) -> Self {
        Self {
            name,
            json_name: name,
            target,
            required: false,
            sensitive: false,
            default: None,
            binding: Binding::Document,
            timestamp_format: None,
            media_type: None,
            length: None,
            range: None,
            pattern: None,
            pattern_as_written: None,
            unique_items: false,
            idempotency_token: false,
            host_label: false,
            streaming: false,
            requires_length: false,
            event: None,
            xml: XmlMember::NONE,
            format: None,
            nullable: false,
            unknown: false,
            ec2_query_name: None,
            json_name_is_plain: true,
        }
    }

    /// Whether the values must not be shown because the member or its target is sensitive.
    pub(crate) const fn is_secret(&self) -> bool {
        self.sensitive || self.target.sensitive
    }

    /// Sets the name in JSON documents (`jsonName`).
    #[must_use]
    pub const fn json_name(mut self, name: &'static str) -> Self {
        self.json_name = name;
        self.json_name_is_plain = is_plain(name);
        self
    }
}

/// Whether the name needs no escapes in JSON (RFC 8259 section 7).
const fn is_plain(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] < 0x20 || bytes[index] == b'"' || bytes[index] == b'\\' {
            return false;
        }
        index += 1;
    }
    true
}

/// Defines one method per field: `Member::new("appId", &STRING).required().label()`.
macro_rules! with {
    ($($(#[$docs:meta])* $name:ident($($arg:ident: $type:ty),*) $field:ident = $value:expr;)*) => {
        impl Member {
            $($(#[$docs])*
            #[must_use]
            pub const fn $name(mut self $(, $arg: $type)*) -> Self {
                self.$field = $value;
                self
            })*
        }
    };
}

with! {
    /// Requires a value (`required`).
    required() required = true;
    /// Forbids to show the value (`sensitive`).
    sensitive() sensitive = true;
    /// Sets the default of a missing member (`default`).
    default(value: Literal) default = Some(value);
    /// Binds the member to the path (`httpLabel`).
    label() binding = Binding::Label;
    /// Binds the member to a query parameter (`httpQuery`).
    query(name: &'static str) binding = Binding::Query(name);
    /// Binds the entries to query parameters (`httpQueryParams`).
    query_params() binding = Binding::QueryParams;
    /// Binds the member to a header (`httpHeader`).
    header(name: &'static str) binding = Binding::Header(name);
    /// Binds the entries to headers (`httpPrefixHeaders`).
    prefix_headers(prefix: &'static str) binding = Binding::PrefixHeaders(prefix);
    /// Binds the member to the body (`httpPayload`).
    payload() binding = Binding::Payload;
    /// Binds the member to the status of the response (`httpResponseCode`).
    status_code() binding = Binding::StatusCode;
    /// Sets the text form of a timestamp (`timestampFormat`).
    timestamp_format(format: TimestampFormat) timestamp_format = Some(format);
    /// Sets the media type of a payload (`mediaType`).
    media_type(media_type: &'static str) media_type = Some(media_type);
    /// Sets the bounds of the length (`length`).
    length(min: Option<u64>, max: Option<u64>) length = Some((min, max));
    /// Sets the bounds of a number (`range`).
    range(min: Option<Number>, max: Option<Number>) range = Some((min, max));
    /// Sets the regular expression that the value must match (`pattern`).
    pattern(pattern: &'static str) pattern = Some(pattern);
    /// Sets the regular expression in the model, if it differs.
    pattern_as_written(pattern: &'static str) pattern_as_written = Some(pattern);
    /// Requires different elements (`uniqueItems`).
    unique_items() unique_items = true;
    /// Makes the client fill a missing value in (`idempotencyToken`).
    idempotency_token() idempotency_token = true;
    /// Makes the member part of the host name (`hostLabel`).
    host_label() host_label = true;
    /// Makes the member a stream of bytes or events (`streaming`).
    streaming() streaming = true;
    /// Requires the length of a streaming blob (`requiresLength`).
    requires_length() requires_length = true;
    /// Sets the name in requests of ec2Query (`ec2QueryName`).
    ec2_query_name(name: &'static str) ec2_query_name = Some(name);
    /// Binds the member to a header of an event (`eventHeader`).
    event_header() event = Some(EventBinding::Header);
    /// Binds the member to the payload of an event (`eventPayload`).
    event_payload() event = Some(EventBinding::Payload);
    /// Sets the format of the value.
    format(format: Format) format = Some(format);
    /// Makes null a value (`alloy#nullable`).
    nullable() nullable = true;
    /// Keeps the members that the schema does not have (`alloy#jsonUnknown`).
    unknown() unknown = true;
}

/// The shapes of Smithy's prelude, and one shape without members per kind.
macro_rules! prelude {
    ($($name:ident $kind:ident;)*) => {
        $(#[doc = concat!("`smithy.api#", stringify!($kind), "`")]
        pub static $name: Schema = Schema::new(concat!("smithy.api#", stringify!($kind)), Kind::$kind, &[]);)*
    };
}

prelude! {
    BLOB Blob;
    BOOLEAN Boolean;
    STRING String;
    BYTE Byte;
    SHORT Short;
    INTEGER Integer;
    LONG Long;
    FLOAT Float;
    DOUBLE Double;
    BIG_INTEGER BigInteger;
    BIG_DECIMAL BigDecimal;
    TIMESTAMP Timestamp;
    DOCUMENT Document;
}
