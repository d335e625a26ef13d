//! Requests that no implementation gets to see, and calls that go wrong: what is answered instead.

use std::borrow::Cow;
use std::fmt::Write as _;

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::error::{Constraint, DecodeError, Problem, Violation};
use crate::protocol::service::Service;
use crate::schema::{Kind, Member, Schema};

use super::checksum::Mismatch;

/// Why a request is refused or a call has failed.
#[derive(Debug)]
pub(super) enum Rejection {
    /// No resource is there.
    NotFound,
    /// The service has no such operation, or the request names none.
    UnknownOperation(&'static str),
    /// The resource has other methods.
    Method { allow: String },
    /// The body would not be of a type that is wanted.
    NotAcceptable { offered: &'static str },
    /// The body is not of the type that is needed.
    MediaType { needed: Option<&'static str> },
    /// The body is encoded in a way that is not understood.
    Encoding,
    /// The body is too long.
    BodyTooLarge { limit: usize },
    /// The length of the body must be known before it comes.
    LengthRequired,
    /// The request line is too long.
    UriTooLong { limit: usize },
    /// The headers are too many or too long.
    HeadersTooLarge { limit: usize },
    /// The path or query is not encoded as RFC 3986 says.
    Uri(&'static str),
    /// The checksum that the operation requires is missing or none.
    Digest(&'static str),
    /// The body is not what its checksum says.
    Mismatch,
    /// The body broke off.
    Broken,
    /// The body stalled.
    Stalled,
    /// The input is not what the model says.
    Invalid(DecodeError),
    /// The call took too long.
    TimedOut,
    /// The implementation panicked, or its answer cannot be written.
    Internal,
}

/// What is answered.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) status: StatusCode,
    /// The error's name.
    pub(super) code: Cow<'static, str>,
    /// The members of the body, but for its type.
    pub(super) body: Map<String, Value>,
}

impl Rejection {
    pub(super) fn said(self, service: &Service) -> Said {
        let (status, code, message) = match self {
            Self::Invalid(error) => return invalid(service, &error),
            Self::NotFound => (
                404,
                "UnknownOperationException",
                "there is no resource at this path".to_owned(),
            ),
            // The awsJson protocols answer every error of the caller with 400 (Smithy, "AWS JSON protocols").
            Self::UnknownOperation(why) => (400, "UnknownOperationException", why.to_owned()),
            Self::Method { allow } => (
                405,
                "MethodNotAllowedException",
                format!("the resource has no such method; it has {allow}"),
            ),
            Self::NotAcceptable { offered } => (
                406,
                "NotAcceptableException",
                format!("the answer is {offered}, which the request does not accept"),
            ),
            Self::MediaType {
                needed: Some(needed),
            } => (
                415,
                "UnsupportedMediaTypeException",
                format!("the body must be {needed}, and content-type must say so"),
            ),
            Self::MediaType { needed: None } => (
                415,
                "UnsupportedMediaTypeException",
                "the operation takes no body".to_owned(),
            ),
            Self::Encoding => (
                415,
                "UnsupportedMediaTypeException",
                "the encoding of the body is not supported".to_owned(),
            ),
            Self::BodyTooLarge { limit } => (
                413,
                "RequestTooLargeException",
                format!("the body is longer than the limit of {limit} bytes"),
            ),
            Self::LengthRequired => (
                411,
                "LengthRequiredException",
                "the length of the body must be known: content-length is missing".to_owned(),
            ),
            Self::UriTooLong { limit } => (
                414,
                "UriTooLongException",
                format!("path and query are longer than the limit of {limit} bytes"),
            ),
            Self::HeadersTooLarge { limit } => (
                431,
                "HeadersTooLargeException",
                format!("the headers are longer than the limit of {limit} bytes"),
            ),
            Self::Uri(why) => (400, "SerializationException", why.to_owned()),
            // The codes that callers know from services which ask for checksums.
            Self::Digest(why) => (400, "InvalidDigest", why.to_owned()),
            Self::Mismatch => (400, "BadDigest", Mismatch.to_string()),
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
                "the service failed; its logs know the request id".to_owned(),
            ),
        };
        let mut body = Map::new();
        body.insert("message".to_owned(), message.into());
        Said {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: Cow::Borrowed(code),
            body,
        }
    }
}

/// What answers an input that is not what the model says: the error that the model names for it.
///
/// Smithy's own `ValidationException` answers broken constraints only, as its specification says; what is not even of the right type is a
/// `SerializationException`. An error of the service's own answers both.
fn invalid(service: &Service, error: &DecodeError) -> Said {
    let constraints = |violation: &Violation| {
        matches!(violation.problem, Problem::Missing | Problem::Constraint(_))
    };
    let only_constraints =
        error.as_syntax().is_none() && error.violations().iter().all(constraints);
    let message = message(error);
    let framework = |schema: &&Schema| schema.id.starts_with("smithy.framework#");
    match service.validation_error {
        Some(schema) if only_constraints || !framework(&schema) => {
            let status = schema.error.map_or(400, |error| error.status);
            Said {
                status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
                code: Cow::Borrowed(schema.name()),
                body: modeled(schema, &message, error),
            }
        }
        _ => {
            let code = if only_constraints {
                "ValidationException"
            } else {
                "SerializationException"
            };
            let mut body = Map::new();
            body.insert("message".to_owned(), message.into());
            if only_constraints {
                body.insert(
                    "fieldList".to_owned(),
                    error
                        .violations()
                        .iter()
                        .map(|violation| field("path", "message", violation))
                        .collect(),
                );
            }
            Said {
                status: StatusCode::BAD_REQUEST,
                code: Cow::Borrowed(code),
                body,
            }
        }
    }
}

/// The members of the model's error: the message, the list of fields where it has one, and whatever else it requires, empty.
fn modeled(schema: &'static Schema, message: &str, error: &DecodeError) -> Map<String, Value> {
    let mut body = Map::new();
    for member in schema.members {
        let value = match member.target.kind {
            Kind::String if is_message(member) => message.into(),
            Kind::List => match fields(member.target) {
                Some((path, text)) => error
                    .violations()
                    .iter()
                    .map(|violation| field(path, text, violation))
                    .collect(),
                None if member.required => json!([]),
                None => continue,
            },
            kind if member.required => empty(kind),
            _ => continue,
        };
        body.insert(member.wire.to_owned(), value);
    }
    body
}

fn is_message(member: &Member) -> bool {
    member.name.eq_ignore_ascii_case("message")
}

/// The wire names of path and message in the elements of a list of fields, as `smithy.framework#ValidationException` has one.
fn fields(list: &'static Schema) -> Option<(&'static str, &'static str)> {
    let members = list.members.first()?.target.members;
    let path = members
        .iter()
        .find(|member| member.name.eq_ignore_ascii_case("path"))?;
    let message = members.iter().find(|member| is_message(member))?;
    Some((path.wire, message.wire))
}

fn field(path: &str, text: &str, violation: &Violation) -> Value {
    let mut field = Map::new();
    field.insert(path.to_owned(), pointer(violation).into());
    field.insert(text.to_owned(), sentence(violation).into());
    Value::Object(field)
}

fn empty(kind: Kind) -> Value {
    match kind {
        Kind::Boolean => false.into(),
        Kind::List | Kind::SparseList => json!([]),
        Kind::Map | Kind::SparseMap | Kind::Structure | Kind::Union => json!({}),
        Kind::Blob | Kind::String | Kind::Enum | Kind::Document => "".into(),
        _ => 0.into(),
    }
}

/// All that is wrong, as Smithy's servers word it: `2 validation errors detected. Value at '/x' failed to satisfy constraint: ..; ..`.
fn message(error: &DecodeError) -> String {
    if let Some(syntax) = error.as_syntax() {
        return format!("The body cannot be read: {syntax}");
    }
    let (violations, unlisted) = (error.violations(), error.unlisted());
    let count = violations.len() + unlisted;
    let mut message = format!(
        "{count} validation error{} detected. ",
        if count == 1 { "" } else { "s" }
    );
    for (index, violation) in violations.iter().enumerate() {
        let separator = if index == 0 { "" } else { "; " };
        message.push_str(separator);
        message.push_str(&sentence(violation));
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
    let pointer = pointer(violation);
    let length = match violation.problem {
        Problem::Constraint(Constraint::Length { found, .. }) => format!(" with length {found}"),
        _ => String::new(),
    };
    let constraint = match &violation.problem {
        Problem::Missing => "Member must not be null".to_owned(),
        Problem::Duplicate => "Member must not occur twice".to_owned(),
        Problem::Mismatch { expected, found } => {
            format!("Member must be {expected}, found {found}")
        }
        Problem::Constraint(constraint) => constraint.to_string(),
    };
    format!("Value{length} at '{pointer}' failed to satisfy constraint: {constraint}")
}
