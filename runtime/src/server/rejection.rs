//! Rejected requests and failed calls, and the responses to them.

use std::borrow::Cow;
use std::fmt::Write as _;

use http::StatusCode;

use crate::error::{Constraint, DecodeError, EncodeError, Problem, Violation};
use crate::protocol::messages::RouteError;
use crate::protocol::service::Service;
use crate::schema::{self, Binding, Kind, Member, Schema};
use crate::shape::private::Sealed;
use crate::shape::{EncodeList, EncodeMap, EncodeMembers, Encoder, Shape};
use crate::value::{Document, Timestamp};

use super::auth::SignatureFault;
use super::checksum::Mismatch;
#[cfg(feature = "checksums")]
use super::chunked::CodingFault;

mod caller;

pub(super) use self::caller::RejectedCaller;

/// Why a request is rejected or a call has failed.
#[derive(Debug)]
pub(super) enum Rejection {
    /// The path has no resource.
    NotFound,
    /// The request names no operation of the service.
    UnknownOperation(&'static str),
    /// The resource does not have the method.
    Method { allow: String },
    /// The client does not accept the type of the response.
    NotAcceptable { offered: &'static str },
    /// The body does not have the required type.
    MediaType { needed: Option<&'static str> },
    /// The encoding of the body is not supported.
    Encoding,
    /// The text of the body is not UTF-8.
    Charset,
    /// The body is too long.
    BodyTooLarge { limit: usize },
    /// The body must have a known length.
    LengthRequired,
    /// The path and the query are too long.
    UriTooLong { limit: usize },
    /// The headers are too long.
    HeadersTooLarge { limit: usize },
    /// The path or the query is not encoded according to RFC 3986.
    Uri(&'static str),
    /// The checksum that the operation requires is missing or malformed.
    Digest(&'static str),
    /// The body does not match its checksum.
    Mismatch,
    /// The body is in chunks, and something is wrong with them.
    #[cfg(feature = "checksums")]
    Coding(CodingFault),
    /// The request has no valid credentials.
    Unauthorized(RejectedCaller),
    /// The caller may not call the operation.
    Forbidden(RejectedCaller),
    /// The signature is wrong.
    Signature(SignatureFault),
    /// The body broke off.
    Broken,
    /// The body stalled.
    Stalled,
    /// The input does not match the model.
    Invalid(DecodeError),
    /// The call took too long.
    TimedOut,
    /// The implementation panicked, or its response cannot be encoded.
    Internal,
}

/// The response to a rejected request.
#[derive(Debug)]
pub(super) struct RejectionInfo {
    pub(super) status: StatusCode,
    /// The name of the error.
    pub(super) code: Cow<'static, str>,
    /// The name in protocols of XML and for clients of awsQuery, if it is another one.
    pub(super) query_code: Option<&'static str>,
    /// The members of the error.
    pub(super) body: RejectionBody,
}

impl From<RouteError> for Rejection {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::NotFound => Self::NotFound,
            RouteError::UnknownOperation(why) => Self::UnknownOperation(why),
            RouteError::Method(methods) => Self::Method {
                allow: methods.join(", "),
            },
            RouteError::Uri(why) => Self::Uri(why),
        }
    }
}

impl Rejection {
    pub(super) fn info(self, service: &Service) -> RejectionInfo {
        let mut query_code = None;
        let (status, code, message) = match self {
            Self::Invalid(error) => match error.exceeded_memory_limit() {
                None => return invalid(service, &error),
                Some(_) => (413, "RequestTooLargeException", error.to_string()),
            },
            Self::Unauthorized(caller) => return caller.info(service, 401),
            Self::Forbidden(caller) => return caller.info(service, 403),
            Self::Signature(fault) => {
                let info = fault.info();
                query_code = Some(info.query_code);
                (info.status, info.code, info.message.to_owned())
            }
            Self::NotFound => (
                404,
                "UnknownOperationException",
                "no resource at this path".to_owned(),
            ),
            // The awsJson protocols respond to every client error with 400 (Smithy, "AWS JSON
            // protocols").
            Self::UnknownOperation(why) => (400, "UnknownOperationException", why.to_owned()),
            Self::Method { allow } => (
                405,
                "MethodNotAllowedException",
                format!("the method is not allowed; allowed: {allow}"),
            ),
            Self::NotAcceptable { offered } => (
                406,
                "NotAcceptableException",
                format!("the response is {offered}, which the accept header does not allow"),
            ),
            Self::MediaType { needed } => (415, UNSUPPORTED_TYPE, unsupported_type(needed)),
            Self::Encoding => (
                415,
                UNSUPPORTED_TYPE,
                "the encoding of the body is not supported".to_owned(),
            ),
            Self::Charset => (
                415,
                UNSUPPORTED_TYPE,
                "the charset of the body must be utf-8".to_owned(),
            ),
            Self::BodyTooLarge { limit } => (
                413,
                "RequestTooLargeException",
                format!("the body is longer than the limit of {limit} bytes"),
            ),
            Self::LengthRequired => (
                411,
                "LengthRequiredException",
                "the length of the body is required: send content-length".to_owned(),
            ),
            Self::UriTooLong { limit } => (
                414,
                "UriTooLongException",
                format!("the path and the query are longer than the limit of {limit} bytes"),
            ),
            Self::HeadersTooLarge { limit } => (
                431,
                "HeadersTooLargeException",
                format!("the headers are longer than the limit of {limit} bytes"),
            ),
            Self::Uri(why) => (400, "SerializationException", why.to_owned()),
            // The codes of AWS services that require checksums.
            Self::Digest(why) => (400, "InvalidDigest", why.to_owned()),
            Self::Mismatch => (400, "BadDigest", Mismatch.to_string()),
            #[cfg(feature = "checksums")]
            Self::Coding(fault) => fault.info(),
            Self::Broken => (
                400,
                "SerializationException",
                "the body broke off".to_owned(),
            ),
            Self::Stalled => (
                408,
                "RequestTimeoutException",
                "the body took too long".to_owned(),
            ),
            Self::TimedOut => (
                503,
                "ServiceUnavailable",
                "the call took too long".to_owned(),
            ),
            Self::Internal => (
                500,
                "InternalFailure",
                "the service failed; see its logs for the request ID".to_owned(),
            ),
        };
        let (code, schema) = named(service, code);
        RejectionInfo {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code,
            query_code,
            body: RejectionBody {
                schema,
                message: Some(message),
                fields: None,
            },
        }
    }
}

const UNSUPPORTED_TYPE: &str = "UnsupportedMediaTypeException";

/// The message for a body of the wrong type.
fn unsupported_type(needed: Option<&str>) -> String {
    match needed {
        Some(needed) => format!("the body must have the content-type {needed}"),
        None => "the operation takes no body".to_owned(),
    }
}

/// The name of a rejection, and the shape of its body.
///
/// Clients decode the body as the error that it names. If the model has an error of that name, the
/// body has its shape; if that shape requires what a rejection does not have, the name gets a
/// prefix.
fn named(service: &Service, code: &'static str) -> (Cow<'static, str>, &'static Schema) {
    let errors = service
        .operations
        .iter()
        .flat_map(|operation| operation.errors);
    let modeled = |name: &str| errors.clone().find(|error| error.name() == name);
    match modeled(code) {
        None => (Cow::Borrowed(code), &INVALID),
        Some(error) if describes_rejection(error) => (Cow::Borrowed(code), error),
        Some(_) => {
            let mut name = format!("Framework{code}");
            while modeled(&name).is_some() {
                name.insert_str(0, "Framework");
            }
            (Cow::Owned(name), &INVALID)
        }
    }
}

/// Whether a rejection has a value for the message and for every required member of an error.
fn describes_rejection(error: &Schema) -> bool {
    let is_text = |member: &Member| {
        is_message(member)
            && member.target.kind == Kind::String
            && member.binding == Binding::Document
    };
    // A list of other elements than fields is empty.
    let is_list = |member: &Member| member.target.kind == Kind::List;
    let mut members = error.members.iter();
    members.any(is_text)
        && error
            .members
            .iter()
            .all(|member| !member.required || is_text(member) || is_list(member))
}

/// The response to an invalid input: the error that the model names for it.
///
/// Smithy's own `ValidationException` is for violated constraints only, as its specification says;
/// a value of the wrong type is a `SerializationException`. An error that the service defines is
/// used for both.
fn invalid(service: &Service, error: &DecodeError) -> RejectionInfo {
    let mut problems = error
        .violations()
        .iter()
        .map(|violation| &violation.problem);
    let only_constraints = error.as_syntax().is_none() && problems.all(Problem::is_constraint);
    let framework = |schema: &&Schema| schema.id.starts_with("smithy.framework#");
    let violations = error.violations().iter();
    let fields = violations.map(|violation| Field {
        path: pointer(violation).to_owned(),
        message: sentence(violation),
    });
    let fields = fields.collect::<Vec<_>>();
    let message = Some(message(error, &fields));
    match service.validation_error {
        Some(schema) if only_constraints || !framework(&schema) => {
            let status = schema.error.map_or(400, |error| error.status);
            RejectionInfo {
                status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
                code: Cow::Borrowed(schema.name()),
                query_code: None,
                body: RejectionBody {
                    schema,
                    message,
                    fields: Some(fields),
                },
            }
        }
        _ => {
            let (code, schema) = named(
                service,
                if only_constraints {
                    "ValidationException"
                } else {
                    "SerializationException"
                },
            );
            RejectionInfo {
                status: StatusCode::BAD_REQUEST,
                code,
                query_code: None,
                body: RejectionBody {
                    schema,
                    message,
                    fields: Some(fields).filter(|_| only_constraints),
                },
            }
        }
    }
}

/// An error with a list of the invalid fields. The names are those of
/// `smithy.framework#ValidationException`.
static INVALID: Schema = Schema::structure(
    "smithy.framework#ValidationException",
    &[
        Member::new("fieldList", &FIELDS),
        Member::new("message", &schema::STRING).required(),
    ],
);
static FIELDS: Schema = Schema::list(
    "smithy.framework#ValidationExceptionFieldList",
    &[Member::new("member", &FIELD)],
);
static FIELD: Schema = Schema::structure(
    "smithy.framework#ValidationExceptionField",
    &[
        Member::new("message", &schema::STRING).required(),
        Member::new("path", &schema::STRING).required(),
    ],
);

/// The members of the error for a rejected request: the message, the list of fields if it has one,
/// and an empty value for each other member that it requires.
#[derive(Debug)]
pub(super) struct RejectionBody {
    pub(super) schema: &'static Schema,
    message: Option<String>,
    /// The invalid values, if each of them has its own location.
    fields: Option<Vec<Field>>,
}

/// An invalid value.
#[derive(Debug)]
struct Field {
    /// A JSON pointer (RFC 6901).
    path: String,
    message: String,
}

impl RejectionBody {
    /// The members of an error that has at most a message.
    pub(super) fn new(message: impl Into<Option<String>>) -> Self {
        let message = message.into();
        Self {
            schema: &INVALID,
            message,
            fields: None,
        }
    }
}

impl Sealed for RejectionBody {}

impl Shape for RejectionBody {
    fn schema(&self) -> &'static Schema {
        self.schema
    }
}

impl EncodeMembers for RejectionBody {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        for member in self.schema.members {
            match (member.target.kind, &self.fields) {
                (Kind::String, _) if is_message(member) => {
                    if let Some(message) = &self.message {
                        encoder.string(member, message)?;
                    }
                }
                (Kind::List, Some(fields)) if FieldMembers::of(member.target).is_some() => {
                    encoder.list(member, &FieldList(fields))?;
                }
                _ if member.required => empty(member, encoder)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// The members of an element of the field list, as in `smithy.framework#ValidationException`.
#[derive(Clone, Copy)]
struct FieldMembers {
    path: &'static Member,
    message: &'static Member,
}

impl FieldMembers {
    fn of(list: &'static Schema) -> Option<Self> {
        Self::of_element(list.members.first()?.target)
    }

    fn of_element(element: &'static Schema) -> Option<Self> {
        let is_path = |member: &Member| member.name.eq_ignore_ascii_case("path");
        let filled = |member: &Member| {
            member.target.kind == Kind::String && (is_path(member) || is_message(member))
        };
        let path = element.members.iter().find(|member| is_path(member))?;
        let message = element.members.iter().find(|member| is_message(member))?;
        let complete = |member: &Member| !member.required || filled(member);
        let valid = filled(path) && filled(message) && element.members.iter().all(complete);
        valid.then_some(Self { path, message })
    }
}

struct FieldList<'f>(&'f [Field]);

impl EncodeList for FieldList<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn encode_elements(
        &self,
        element: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        let schema = element.target;
        self.0
            .iter()
            .try_for_each(|field| encoder.structure(element, &FieldStructure { schema, field }))
    }
}

struct FieldStructure<'f> {
    schema: &'static Schema,
    field: &'f Field,
}

impl Sealed for FieldStructure<'_> {}

impl Shape for FieldStructure<'_> {
    fn schema(&self) -> &'static Schema {
        self.schema
    }
}

impl EncodeMembers for FieldStructure<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        let Some(FieldMembers { path, message }) = FieldMembers::of_element(self.schema) else {
            return Ok(());
        };
        encoder.string(message, &self.field.message)?;
        encoder.string(path, &self.field.path)
    }
}

/// An empty value of any type.
struct Empty(&'static Schema);

impl Sealed for Empty {}

impl Shape for Empty {
    fn schema(&self) -> &'static Schema {
        self.0
    }
}

impl EncodeMembers for Empty {
    fn encode_members(&self, _: &mut dyn Encoder) -> Result<(), EncodeError> {
        Ok(())
    }
}

impl EncodeList for Empty {
    fn len(&self) -> usize {
        0
    }

    fn encode_elements(&self, _: &'static Member, _: &mut dyn Encoder) -> Result<(), EncodeError> {
        Ok(())
    }
}

impl EncodeMap for Empty {
    fn len(&self) -> usize {
        0
    }

    fn encode_entries(
        &self,
        _: &'static Member,
        _: &'static Member,
        _: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Encodes an empty value of `member`.
fn empty(member: &'static Member, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
    let value = Empty(member.target);
    match member.target.kind {
        Kind::Boolean => encoder.boolean(member, false),
        Kind::List | Kind::SparseList => encoder.list(member, &value),
        Kind::Map | Kind::SparseMap => encoder.map(member, &value),
        Kind::Structure | Kind::Union => encoder.structure(member, &value),
        Kind::String | Kind::Enum => encoder.string(member, ""),
        Kind::Blob => encoder.blob(member, b""),
        Kind::Document => encoder.document(member, &Document::from("")),
        Kind::Timestamp => encoder.timestamp(member, Timestamp::UNIX_EPOCH),
        Kind::Float => encoder.float(member, 0.0),
        Kind::Double => encoder.double(member, 0.0),
        Kind::BigInteger | Kind::BigDecimal => encoder.number(member, "0"),
        Kind::Byte | Kind::Short | Kind::Integer | Kind::IntEnum | Kind::Long => {
            encoder.integer(member, 0)
        }
    }
}

fn is_message(member: &Member) -> bool {
    member.name.eq_ignore_ascii_case("message")
}

/// The message that lists all violations, in the words of Smithy's servers: `2 validation errors
/// detected. Value at '/x' failed to satisfy constraint: ..; ..`.
fn message(error: &DecodeError, fields: &[Field]) -> String {
    if let Some(syntax) = error.as_syntax() {
        return format!("The body cannot be read: {syntax}");
    }
    let unlisted = error.unlisted();
    let count = fields.len() + unlisted;
    let mut message = format!(
        "{count} validation error{} detected. ",
        if count == 1 { "" } else { "s" }
    );
    for (index, field) in fields.iter().enumerate() {
        let separator = if index == 0 { "" } else { "; " };
        message.push_str(separator);
        message.push_str(&field.message);
    }
    if unlisted > 0 {
        // Writing to a string does not fail.
        let _ = write!(message, "; and {unlisted} more");
    }
    message
}

fn pointer(violation: &Violation) -> &str {
    if violation.pointer.is_empty() {
        "/"
    } else {
        &violation.pointer
    }
}

fn sentence(violation: &Violation) -> String {
    let mut sentence = String::with_capacity(128);
    sentence.push_str("Value");
    // Writing to a string does not fail.
    if let Problem::Constraint(Constraint::Length { found, .. }) = violation.problem {
        let _ = write!(sentence, " with length {found}");
    }
    sentence.push_str(" at '");
    sentence.push_str(pointer(violation));
    sentence.push_str("' failed to satisfy constraint: ");
    match &violation.problem {
        Problem::Missing => sentence.push_str("Member must not be null"),
        Problem::Duplicate => sentence.push_str("Member must not occur twice"),
        Problem::Mismatch { expected, found } => {
            for part in ["Member must be ", expected, ", found ", found] {
                sentence.push_str(part);
            }
        }
        Problem::Constraint(constraint) => {
            let _ = write!(sentence, "{constraint}");
        }
    }
    sentence
}

#[cfg(test)]
mod tests;
