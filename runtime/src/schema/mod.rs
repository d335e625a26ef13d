//! What a type knows about itself: static data that generated code declares and every codec, binding and check reads.
//!
//! Schemas refer to one another by reference and may do so in cycles. They are built by `const` functions, so that a
//! program pays nothing for them before it uses them.

mod error;

pub use crate::error::Number;
pub use crate::value::timestamp::TimestampFormat;

/// The schema of a shape.
#[derive(Debug)]
pub struct Schema {
    /// Absolute shape id, `namespace#name`.
    pub id: &'static str,
    /// What the shape is.
    pub kind: Kind,
    /// Members of a structure or union; `member` of a list; `key` and `value` of a map.
    pub members: &'static [Member],
    /// The values that the model knows, of an enum.
    pub values: &'static [&'static str],
    /// The values that may appear in error messages; the others are `internal`.
    pub public_values: &'static [&'static str],
    /// The values that the model knows, of an intEnum.
    pub numbers: &'static [i32],
    /// What makes a structure an error.
    pub error: Option<ErrorSchema>,
    /// The code of an error in the header of query-compatible answers, where it is not the shape's name (`aws.protocols#awsQueryError`).
    pub query_code: Option<&'static str>,
    /// No value of the shape may be shown. Members have the same flag of their own.
    pub sensitive: bool,
    /// Facts about the members, computed when the schema is built.
    pub(crate) layout: Layout,
}

/// What a shape is (Smithy 2.0, "Model types").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes; base64 text in JSON.
    Blob,
    /// True or false.
    Boolean,
    /// UTF-8 text.
    String,
    /// Text out of a list of values, which may be longer than the model knows.
    Enum,
    /// 8-bit signed integer.
    Byte,
    /// 16-bit signed integer.
    Short,
    /// 32-bit signed integer.
    Integer,
    /// 32-bit signed integer out of a list of values, which may be longer than the model knows.
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

impl Kind {
    /// The least and the greatest value of an integer of this kind, and both in words.
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

/// The schema of a member. Constraints, format and sensitivity are effective: the member's own, else its target's.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a trait that a member has or has not"
)]
pub struct Member {
    /// Its name in the model.
    pub name: &'static str,
    /// Its name in JSON documents of protocols that honor `jsonName`.
    pub json_name: &'static str,
    /// The schema of its value.
    pub target: &'static Schema,
    /// A value must be there.
    pub required: bool,
    /// The value must not be shown.
    pub sensitive: bool,
    /// The value of a member that nobody set.
    pub default: Option<Literal>,
    /// Where in an HTTP message it travels.
    pub binding: Binding,
    /// The text form of a timestamp; `None` leaves it to the binding.
    pub timestamp_format: Option<TimestampFormat>,
    /// The media type of a payload.
    pub media_type: Option<&'static str>,
    /// Characters, bytes, elements or entries: at least, at most.
    pub length: Option<(Option<u64>, Option<u64>)>,
    /// A number: at least, at most.
    pub range: Option<(Option<Number>, Option<Number>)>,
    /// A regular expression in the syntax of the `regex` crate; matches anywhere unless anchored.
    pub pattern: Option<&'static str>,
    /// The same as the model writes it, where that differs.
    pub pattern_as_written: Option<&'static str>,
    /// No two elements are equal.
    pub unique_items: bool,
    /// The client fills it in.
    pub idempotency_token: bool,
    /// It is part of the host's name.
    pub host_label: bool,
    /// A blob that is not held in memory, or an event stream.
    pub streaming: bool,
    /// A streamed blob whose length must be known.
    pub requires_length: bool,
    /// How it travels in an event of an event stream.
    pub event: Option<EventBinding>,
    /// The JSON name needs no escape in JSON. Names in a model never do.
    pub(crate) json_name_is_plain: bool,
}

/// A value that a model writes down.
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

/// Where in an HTTP message a member travels (Smithy 2.0, "HTTP bindings").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// In the protocol's document.
    Document,
    /// In the path.
    Label,
    /// In the query, under this name.
    Query(&'static str),
    /// In the query, under the map's keys.
    QueryParams,
    /// In the header of this name.
    Header(&'static str),
    /// In the headers with this prefix.
    PrefixHeaders(&'static str),
    /// As the body.
    Payload,
    /// As the status of the answer.
    StatusCode,
}

/// How a member travels in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventBinding {
    /// A header of the event.
    Header,
    /// The payload of the event.
    Payload,
}

/// What makes a structure an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorSchema {
    /// Who is at fault.
    pub fault: Fault,
    /// HTTP status.
    pub status: u16,
    /// The same call may succeed later.
    pub retryable: bool,
    /// The caller is too fast.
    pub throttling: bool,
}

/// Who is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller.
    Client,
    /// The service.
    Server,
}

/// Facts about the members of a shape. They are computed from the members alone when the schema is
/// built, which is at compile time for generated code: targets may refer back to the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question that is asked about a structure"
)]
pub(crate) struct Layout {
    /// The index of the member that is the payload.
    pub(crate) payload: Option<usize>,
    /// The index of the member that is a stream of bytes or events.
    pub(crate) stream: Option<usize>,
    /// Some member is bound to the document.
    pub(crate) in_document: bool,
    /// Some member is bound to another part of an HTTP message.
    pub(crate) outside_document: bool,
    /// Some member is a part of the host name.
    pub(crate) in_host: bool,
    /// Some member is bound to the header `Content-Type`.
    pub(crate) content_type: bool,
    /// Some member is filled in by the client (`idempotencyToken`).
    pub(crate) idempotency_token: bool,
    /// Some member is bound neither to a header nor to the payload of an event.
    pub(crate) in_event_document: bool,
    /// Some member is bound to a header or the payload of an event.
    pub(crate) outside_event_document: bool,
}

impl Layout {
    const fn of(members: &[Member]) -> Self {
        let mut layout = Self {
            payload: None,
            stream: None,
            in_document: false,
            outside_document: false,
            in_host: false,
            content_type: false,
            idempotency_token: false,
            in_event_document: false,
            outside_event_document: false,
        };
        let mut index = 0;
        while index < members.len() {
            let member = &members[index];
            match member.binding {
                Binding::Document => layout.in_document = true,
                Binding::Payload => {
                    layout.payload = Some(index);
                    layout.outside_document = true;
                }
                Binding::Header(name) => {
                    layout.content_type |= name.eq_ignore_ascii_case("content-type");
                    layout.outside_document = true;
                }
                Binding::Label
                | Binding::Query(_)
                | Binding::QueryParams
                | Binding::PrefixHeaders(_)
                | Binding::StatusCode => layout.outside_document = true,
            }
            if member.streaming {
                layout.stream = Some(index);
            }
            layout.in_host |= member.host_label;
            layout.idempotency_token |= member.idempotency_token;
            if member.event.is_some() {
                layout.outside_event_document = true;
            } else {
                layout.in_event_document = true;
            }
            index += 1;
        }
        layout
    }
}

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

    /// The schema of a list; the one member is the element.
    pub const fn list(id: &'static str, members: &'static [Member; 1]) -> Self {
        Self::new(id, Kind::List, members)
    }

    /// The schema of a list whose elements may be null.
    pub const fn sparse_list(id: &'static str, members: &'static [Member; 1]) -> Self {
        Self::new(id, Kind::SparseList, members)
    }

    /// The schema of a map; the two members are the key and the value.
    pub const fn map(id: &'static str, members: &'static [Member; 2]) -> Self {
        Self::new(id, Kind::Map, members)
    }

    /// The schema of a map whose values may be null.
    pub const fn sparse_map(id: &'static str, members: &'static [Member; 2]) -> Self {
        Self::new(id, Kind::SparseMap, members)
    }

    /// The schema of an enum with the values that the model knows.
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

    /// The schema of an intEnum with the values that the model knows.
    pub const fn int_enum(id: &'static str, numbers: &'static [i32]) -> Self {
        let mut schema = Self::new(id, Kind::IntEnum, &[]);
        schema.numbers = numbers;
        schema
    }

    /// Another code than the name of the shape in query-compatible answers.
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

    /// The member that is a stream of events, and its index.
    #[inline]
    pub fn events(&self) -> Option<(usize, &'static Member)> {
        self.stream()
            .filter(|(_, member)| member.target.kind == Kind::Union)
    }

    /// The shape's name without its namespace.
    pub fn name(&self) -> &'static str {
        self.id.rsplit('#').next().unwrap_or(self.id)
    }
}

impl Member {
    /// A member that is bound to the document under its own name and has no trait.
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
            json_name_is_plain: true,
        }
    }

    /// Nothing of its values must be shown, by the member's own word or its target's.
    pub(crate) const fn is_secret(&self) -> bool {
        self.sensitive || self.target.sensitive
    }

    /// Another name in JSON documents (`jsonName`).
    #[must_use]
    pub const fn json_name(mut self, name: &'static str) -> Self {
        self.json_name = name;
        self.json_name_is_plain = is_plain(name);
        self
    }
}

/// Nothing in the name needs an escape in JSON (RFC 8259 section 7).
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

/// One builder per field: `Member::new("appId", &STRING).required().label()`.
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
    /// A value must be there (`required`).
    required() required = true;
    /// The value must not be shown (`sensitive`).
    sensitive() sensitive = true;
    /// The value of a member that nobody set (`default`).
    default(value: Literal) default = Some(value);
    /// Travels in the path (`httpLabel`).
    label() binding = Binding::Label;
    /// Travels in the query (`httpQuery`).
    query(name: &'static str) binding = Binding::Query(name);
    /// Its entries travel in the query (`httpQueryParams`).
    query_params() binding = Binding::QueryParams;
    /// Travels in a header (`httpHeader`).
    header(name: &'static str) binding = Binding::Header(name);
    /// Its entries travel in headers (`httpPrefixHeaders`).
    prefix_headers(prefix: &'static str) binding = Binding::PrefixHeaders(prefix);
    /// Is the body (`httpPayload`).
    payload() binding = Binding::Payload;
    /// Is the status of the answer (`httpResponseCode`).
    status_code() binding = Binding::StatusCode;
    /// The text form of a timestamp (`timestampFormat`).
    timestamp_format(format: TimestampFormat) timestamp_format = Some(format);
    /// The media type of a payload (`mediaType`).
    media_type(media_type: &'static str) media_type = Some(media_type);
    /// Bounds of a length (`length`).
    length(min: Option<u64>, max: Option<u64>) length = Some((min, max));
    /// Bounds of a number (`range`).
    range(min: Option<Number>, max: Option<Number>) range = Some((min, max));
    /// A regular expression that the value matches (`pattern`).
    pattern(pattern: &'static str) pattern = Some(pattern);
    /// The same as the model writes it, where that differs.
    pattern_as_written(pattern: &'static str) pattern_as_written = Some(pattern);
    /// No two elements are equal (`uniqueItems`).
    unique_items() unique_items = true;
    /// The client fills it in (`idempotencyToken`).
    idempotency_token() idempotency_token = true;
    /// It is part of the host's name (`hostLabel`).
    host_label() host_label = true;
    /// A blob that is not held in memory, or an event stream (`streaming`).
    streaming() streaming = true;
    /// A streamed blob whose length must be known (`requiresLength`).
    requires_length() requires_length = true;
    /// A header of an event (`eventHeader`).
    event_header() event = Some(EventBinding::Header);
    /// The payload of an event (`eventPayload`).
    event_payload() event = Some(EventBinding::Payload);
}

/// The shapes of Smithy's prelude and, by kind, of every named shape without members.
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
