//! The errors of calls.

use std::error::Error as StdError;
use std::fmt;

use crate::error::SingleLine;
use crate::http::BoxError;
use crate::service_error::{ErrorRef, OperationError, Origin, ResponseInfo, UnmodeledError};

/// The error of a call. `E` is the error type of the operation.
///
/// `Display` prints one line with everything that is known: operation, code, message, status and
/// request ID, or what went wrong on the way. `Debug` prints the same line, so that a program can
/// return the error from `main`; `{:#?}` shows the fields.
#[non_exhaustive]
pub enum Error<E> {
    /// The service responded with an error.
    Service(E),
    /// The request could not be built. Nothing was sent.
    Request(CallError),
    /// No response arrived in time.
    Timeout(CallError),
    /// The connection could not be established, or it broke.
    Transport(CallError),
    /// The response cannot be decoded or exceeds a limit.
    Response(CallError),
}

/// The error of a call that received no response, or none that can be decoded.
pub struct CallError(Box<Details>);

/// The variant of [`Error`] that a [`CallError`] belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorClass {
    Request,
    Timeout,
    Transport,
    Response,
}

#[derive(Debug)]
struct Details {
    class: ErrorClass,
    operation: &'static str,
    message: String,
    /// The service cannot have seen the request.
    not_sent: bool,
    retryable: bool,
    response: Option<ResponseInfo>,
    attempts: u32,
    source: Option<BoxError>,
}

impl CallError {
    pub(crate) fn new(
        class: ErrorClass,
        operation: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Details {
            class,
            operation,
            message: message.into(),
            not_sent: class == ErrorClass::Request,
            retryable: matches!(class, ErrorClass::Timeout | ErrorClass::Transport),
            response: None,
            attempts: 0,
            source: None,
        }))
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn not_sent(mut self, not_sent: bool) -> Self {
        self.0.not_sent = not_sent;
        self
    }

    /// Marks the error as one that the same call would meet again.
    pub(crate) fn permanent(mut self) -> Self {
        self.0.retryable = false;
        self
    }

    pub(crate) fn with_response(mut self, response: ResponseInfo) -> Self {
        self.0.attempts = response.attempts;
        self.0.response = Some(response);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn class(&self) -> ErrorClass {
        self.0.class
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    pub(crate) fn is_not_sent(&self) -> bool {
        self.0.not_sent
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The number of attempts, including one that failed before the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The HTTP status, if the head of a response was received.
    pub fn status(&self) -> Option<u16> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// The ID that the service gave the request, if the head of a response was received.
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.as_ref()?.request_id.as_deref()
    }
}

/// The same line as `Display`; `{:#?}` shows the fields.
impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let Details {
            class: _,
            operation,
            message,
            not_sent,
            retryable: _,
            response,
            attempts,
            source,
        } = &*self.0;
        f.debug_struct("CallError")
            .field("operation", operation)
            .field("message", message)
            .field("attempts", attempts)
            .field("not_sent", not_sent)
            .field("response", response)
            .field("source", source)
            .finish()
    }
}

/// `Operation: what went wrong: the cause, and its cause (status 200, request id ..)`.
impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            class: _,
            operation,
            message,
            not_sent: _,
            retryable: _,
            response,
            attempts,
            source,
        } = &*self.0;
        write!(f, "{operation}: {message}")?;
        let mut printed = message.clone();
        let mut cause = source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = cause {
            // Transport errors often repeat the text of their causes.
            let text = error.to_string();
            if !printed.contains(&text) {
                write!(f, ": {}", SingleLine::message(&text))?;
                printed = text;
            }
            cause = error.source();
        }
        let (status, request_id) = match response {
            Some(response) => (Some(response.status), response.request_id.as_deref()),
            None => (None, None),
        };
        facts(f, status, request_id, *attempts)
    }
}

impl StdError for CallError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// Prints ` (status 404, request id abc, 3 attempts)`, as far as known.
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
        let request_id = SingleLine::name(request_id);
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

/// Prints `Operation: Code: message (status 404, request id abc)`.
fn service_error(
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
        SingleLine::name(code.unwrap_or("an error without a code"))
    )?;
    if let Some(message) = message {
        write!(f, ": {}", SingleLine::message(message))?;
    }
    facts(
        f,
        status,
        origin.request_id(),
        origin.attempts().unwrap_or(1),
    )
}

impl<E> From<CallError> for Error<E> {
    fn from(error: CallError) -> Self {
        match error.class() {
            ErrorClass::Request => Self::Request(error),
            ErrorClass::Timeout => Self::Timeout(error),
            ErrorClass::Transport => Self::Transport(error),
            ErrorClass::Response => Self::Response(error),
        }
    }
}

impl<E> Error<E> {
    /// The details of a call that received no response, or none that can be decoded; `None` for an
    /// error of the service.
    pub fn as_call_error(&self) -> Option<&CallError> {
        match self {
            Self::Service(_) => None,
            Self::Request(error)
            | Self::Timeout(error)
            | Self::Transport(error)
            | Self::Response(error) => Some(error),
        }
    }

    /// The error that the service responded with.
    pub fn as_service_error(&self) -> Option<&E> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// The error that the service responded with, or else `self`.
    pub fn into_service_error(self) -> Result<E, Self> {
        match self {
            Self::Service(error) => Ok(error),
            other => Err(other),
        }
    }

    /// Converts the error of the operation, for example into that of the service:
    /// `result.map_err(Error::convert)?`.
    pub fn convert<F: From<E>>(self) -> Error<F> {
        match self {
            Self::Service(error) => Error::Service(error.into()),
            Self::Request(error) => Error::Request(error),
            Self::Timeout(error) => Error::Timeout(error),
            Self::Transport(error) => Error::Transport(error),
            Self::Response(error) => Error::Response(error),
        }
    }

    /// Whether no response arrived in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout(_))
    }
}

impl<E: OperationError> Error<E> {
    fn service_error(&self) -> Result<ServiceError<'_>, &CallError> {
        match self {
            Self::Service(error) => Ok(ServiceError::new(error.inner())),
            Self::Request(error)
            | Self::Timeout(error)
            | Self::Transport(error)
            | Self::Response(error) => Err(error),
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.service_error()
            .map_or_else(CallError::is_retryable, |error| error.is_retryable())
    }

    /// The HTTP status of the response.
    pub fn status(&self) -> Option<u16> {
        self.service_error()
            .map_or_else(CallError::status, |error| error.status())
    }

    /// The error code as the service sent it, or else the name of the modelled error.
    pub fn code(&self) -> Option<&str> {
        self.service_error().ok()?.code()
    }

    /// The message of the service.
    pub fn message(&self) -> Option<&str> {
        self.service_error().ok()?.message()
    }

    /// The ID that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.service_error()
            .map_or_else(CallError::request_id, |error| error.origin.request_id())
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.service_error()
            .map_or_else(CallError::attempts, |error| {
                error.origin.attempts().unwrap_or(1)
            })
    }
}

/// An error of a service without its type.
struct ServiceError<'e> {
    origin: &'e Origin,
    modeled: Option<&'e dyn crate::ModeledError>,
    unmodeled: Option<&'e UnmodeledError>,
}

impl<'e> ServiceError<'e> {
    fn new(error: ErrorRef<'e>) -> Self {
        let (modeled, unmodeled) = match error {
            ErrorRef::Modeled(error) => (Some(error), None),
            ErrorRef::Unmodeled(error) => (None, Some(error)),
        };
        Self {
            origin: error.origin(),
            modeled,
            unmodeled,
        }
    }

    fn is_retryable(&self) -> bool {
        let marked = self.modeled.map(crate::ModeledError::error_schema);
        self.origin.is_retryable()
            || marked.is_some_and(|error| error.retryable || error.throttling)
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
            .or_else(|| self.origin.message())
            .or_else(unmodeled)
    }
}

impl<E: OperationError> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.service_error() {
            Ok(error) => service_error(
                f,
                error.origin,
                error.code(),
                error.message(),
                error.status(),
            ),
            Err(error) => error.fmt(f),
        }
    }
}

impl<E: OperationError> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let (name, error): (_, &dyn fmt::Debug) = match self {
            Self::Service(error) => ("Service", error),
            Self::Request(error) => ("Request", error),
            Self::Timeout(error) => ("Timeout", error),
            Self::Transport(error) => ("Transport", error),
            Self::Response(error) => ("Response", error),
        };
        f.debug_tuple(name).field(error).finish()
    }
}

impl<E: OperationError> StdError for Error<E> {
    /// Returns the service's error itself, so that callers can downcast it.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Service(error) => Some(error.inner().as_error()),
            Self::Request(error)
            | Self::Timeout(error)
            | Self::Transport(error)
            | Self::Response(error) => error.source(),
        }
    }
}
