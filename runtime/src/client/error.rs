//! Why a call gave no output.

use std::error::Error as StdError;
use std::fmt;

use crate::http::BoxError;
use crate::service_error::{Answer, OperationError, Origin, UnmodeledError};

/// Why a call gave no output. `E` is what the operation answers when it fails.
///
/// It prints in one line what is known: operation, code, message, status and request id, or what went wrong on the way.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The service answered with an error.
    Service(E),
    /// The request could not be made. Nothing was sent.
    Request(Failure),
    /// No answer came in time.
    Timeout(Failure),
    /// The connection could not be made, or it broke.
    Transport(Failure),
    /// An answer came that cannot be understood or is longer than is accepted.
    Response(Failure),
}

/// What is known of a call that got no answer, or none that can be understood.
pub struct Failure(Box<Context>);

/// Which variant of [`Error`] a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Request,
    Timeout,
    Transport,
    Response,
}

#[derive(Debug)]
struct Context {
    class: Class,
    operation: &'static str,
    what: String,
    /// The service cannot have seen the request.
    unsent: bool,
    retryable: bool,
    answer: Option<Answer>,
    attempts: u32,
    source: Option<BoxError>,
}

impl Failure {
    pub(crate) fn new(class: Class, operation: &'static str, what: impl Into<String>) -> Self {
        Self(Box::new(Context {
            class,
            operation,
            what: what.into(),
            unsent: class == Class::Request,
            retryable: matches!(class, Class::Timeout | Class::Transport),
            answer: None,
            attempts: 0,
            source: None,
        }))
    }

    pub(crate) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn unsent(mut self, unsent: bool) -> Self {
        self.0.unsent = unsent;
        self
    }

    /// The same call fails later too.
    pub(crate) fn lasting(mut self) -> Self {
        self.0.retryable = false;
        self
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    pub(crate) fn answered(mut self, answer: Answer) -> Self {
        self.0.attempts = answer.attempts;
        self.0.answer = Some(answer);
        self
    }

    pub(crate) fn tried(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn class(&self) -> Class {
        self.0.class
    }

    pub(crate) fn is_unsent(&self) -> bool {
        self.0.unsent
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// How many times the request was sent, or was about to be.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// HTTP status, where an answer had begun.
    pub fn status(&self) -> Option<u16> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The id that the service gave the request, where an answer had begun.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Context {
            class: _,
            operation,
            what,
            unsent,
            retryable: _,
            answer,
            attempts,
            source,
        } = &*self.0;
        f.debug_struct("Failure")
            .field("operation", operation)
            .field("what", what)
            .field("attempts", attempts)
            .field("unsent", unsent)
            .field("answer", answer)
            .field("source", source)
            .finish()
    }
}

/// `Operation: what went wrong: the cause, and its cause (status 200, request id ..)`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Context {
            class: _,
            operation,
            what,
            unsent: _,
            retryable: _,
            answer,
            attempts,
            source,
        } = &*self.0;
        write!(f, "{operation}: {what}")?;
        let mut said = what.clone();
        let mut cause = source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = cause {
            // Errors of transports like to repeat their causes.
            let text = error.to_string();
            if !said.contains(&text) {
                write!(f, ": {}", Inline(&text))?;
                said = text;
            }
            cause = error.source();
        }
        let (status, request_id) = match answer {
            Some(answer) => (Some(answer.status), answer.request_id.as_deref()),
            None => (None, None),
        };
        facts(f, status, request_id, *attempts)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// A text of somebody else's making within a line: what would break the line is a space.
struct Inline<'t>(&'t str);

impl fmt::Display for Inline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(char::is_control) {
            return f.write_str(self.0);
        }
        let parts = self.0.split(char::is_control).map(str::trim);
        for (index, part) in parts.filter(|part| !part.is_empty()).enumerate() {
            f.write_str(if index > 0 { " " } else { "" })?;
            f.write_str(part)?;
        }
        Ok(())
    }
}

/// ` (status 404, request id abc, 3 attempts)`, as far as known and worth saying.
fn facts(
    f: &mut fmt::Formatter<'_>,
    status: Option<u16>,
    request_id: Option<&str>,
    attempts: u32,
) -> fmt::Result {
    let mut separator = " (";
    let mut fact = |f: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>| {
        f.write_str(std::mem::replace(&mut separator, ", "))?;
        f.write_fmt(text)
    };
    if let Some(status) = status {
        fact(f, format_args!("status {status}"))?;
    }
    if let Some(request_id) = request_id {
        fact(f, format_args!("request id {request_id}"))?;
    }
    if attempts > 1 {
        fact(f, format_args!("{attempts} attempts"))?;
    }
    if separator == ", " {
        f.write_str(")")
    } else {
        Ok(())
    }
}

/// `Operation: Code: message (status 404, request id abc)`.
fn service(
    f: &mut fmt::Formatter<'_>,
    origin: &Origin,
    code: Option<&str>,
    message: Option<&str>,
    status: Option<u16>,
) -> fmt::Result {
    write!(
        f,
        "{}: {}",
        origin.operation().unwrap_or("call"),
        code.unwrap_or("an error without a code")
    )?;
    if let Some(message) = message {
        write!(f, ": {}", Inline(message))?;
    }
    facts(
        f,
        status,
        origin.request_id(),
        origin.attempts().unwrap_or(1),
    )
}

impl<E> From<Failure> for Error<E> {
    fn from(failure: Failure) -> Self {
        match failure.class() {
            Class::Request => Self::Request(failure),
            Class::Timeout => Self::Timeout(failure),
            Class::Transport => Self::Transport(failure),
            Class::Response => Self::Response(failure),
        }
    }
}

impl<E> Error<E> {
    /// What is known of a call that got no answer, or none that can be understood; `None` where the service answered with an error.
    pub fn as_failure(&self) -> Option<&Failure> {
        match self {
            Self::Service(_) => None,
            Self::Request(failure)
            | Self::Timeout(failure)
            | Self::Transport(failure)
            | Self::Response(failure) => Some(failure),
        }
    }

    /// The error that the service answered with.
    pub fn as_service_error(&self) -> Option<&E> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// The error that the service answered with, or this error back.
    pub fn into_service_error(self) -> Result<E, Self> {
        match self {
            Self::Service(error) => Ok(error),
            other => Err(other),
        }
    }

    /// No answer came in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout(_))
    }
}

impl<E: OperationError> Error<E> {
    fn parts(&self) -> Result<Parts<'_>, &Failure> {
        match self {
            Self::Service(error) => Ok(Parts {
                origin: error.origin(),
                modeled: error.as_modeled(),
                unmodeled: error.as_unmodeled(),
            }),
            Self::Request(failure)
            | Self::Timeout(failure)
            | Self::Transport(failure)
            | Self::Response(failure) => Err(failure),
        }
    }

    /// The same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.parts()
            .map_or_else(|failure| failure.0.retryable, |parts| parts.is_retryable())
    }

    /// HTTP status of the answer.
    pub fn status(&self) -> Option<u16> {
        self.parts()
            .map_or_else(Failure::status, |parts| parts.status())
    }

    /// The error's code as the service sent it, else the name of the modelled error.
    pub fn code(&self) -> Option<&str> {
        self.parts().ok()?.code()
    }

    /// What the service said, in words for a human.
    pub fn message(&self) -> Option<&str> {
        self.parts().ok()?.message()
    }

    /// The id that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.parts()
            .map_or_else(Failure::request_id, |parts| parts.origin.request_id())
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.parts().map_or_else(Failure::attempts, |parts| {
            parts.origin.attempts().unwrap_or(1)
        })
    }
}

/// What an error of a service tells, whatever its type.
struct Parts<'e> {
    origin: &'e Origin,
    modeled: Option<&'e dyn crate::ModeledError>,
    unmodeled: Option<&'e UnmodeledError>,
}

impl<'e> Parts<'e> {
    fn is_retryable(&self) -> bool {
        let marked = self.modeled.map(crate::ModeledError::error_schema);
        marked.is_some_and(|error| error.retryable || error.throttling)
            || self.status().is_some_and(super::retry::is_transient)
    }

    fn status(&self) -> Option<u16> {
        let unmodeled = || self.unmodeled.and_then(|error| error.status);
        let modeled = || self.modeled.map(|error| error.error_schema().status);
        self.origin.status().or_else(unmodeled).or_else(modeled)
    }

    fn code(&self) -> Option<&'e str> {
        let unmodeled = || self.unmodeled.and_then(|error| error.code.as_deref());
        self.origin
            .code()
            .or_else(unmodeled)
            .or_else(|| self.modeled.map(crate::ModeledError::name))
    }

    fn message(&self) -> Option<&'e str> {
        let unmodeled = || self.unmodeled.and_then(|error| error.message.as_deref());
        self.modeled
            .and_then(crate::ModeledError::message)
            .or_else(unmodeled)
    }
}

impl<E: OperationError> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            Ok(parts) => service(
                f,
                parts.origin,
                parts.code(),
                parts.message(),
                parts.status(),
            ),
            Err(failure) => failure.fmt(f),
        }
    }
}

impl<E: OperationError> StdError for Error<E> {
    /// Of a service's error the error itself, so that it can be had by its type.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Service(error) => Some(error.as_error()),
            Self::Request(failure)
            | Self::Timeout(failure)
            | Self::Transport(failure)
            | Self::Response(failure) => failure.source(),
        }
    }
}
