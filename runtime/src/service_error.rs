//! The errors of operations.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};

use bytes::Bytes;

use crate::error::SingleLine;
use crate::schema::{ErrorSchema, Fault, Schema};
use crate::shape::private::Sealed;
use crate::shape::{DecodeMembers, EncodeMembers};

/// A modeled error: a structure with the `error` trait. Implemented by
/// [`modeled_error!`](crate::modeled_error).
pub trait ModeledError: EncodeMembers + DecodeMembers + Error + Any + Send + Sync {
    /// A message for humans.
    fn message(&self) -> Option<&str>;

    /// The name of the shape.
    fn name(&self) -> &'static str {
        self.schema().name()
    }

    /// The response that contained the error.
    fn origin(&self) -> &Origin {
        Origin::NONE
    }

    /// Sets the response that contained the error.
    #[doc(hidden)]
    fn set_origin(&mut self, origin: Origin) {
        let _ = origin;
    }

    /// Copies the error to another one if both have the same type.
    #[doc(hidden)]
    fn copy_to(&self, target: &mut dyn ModeledError);

    /// Whether another error has the same type and is equal.
    #[doc(hidden)]
    fn equals(&self, other: &dyn ModeledError) -> bool;

    /// The status, the fault and the retry traits.
    fn error_schema(&self) -> ErrorSchema {
        const UNMARKED: ErrorSchema = ErrorSchema {
            fault: Fault::Server,
            status: 500,
            retryable: false,
            throttling: false,
        };
        self.schema().error.unwrap_or(UNMARKED)
    }

    /// `Name: message`, or `Name`.
    fn display(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message() {
            Some(message) => write!(f, "{}: {message}", self.name()),
            None => f.write_str(self.name()),
        }
    }
}

/// The errors of an operation, or of all operations of a service: a modeled error or an unmodeled
/// one. Implemented by [`operation_error!`](crate::operation_error) and
/// [`service_error!`](crate::service_error!).
pub trait OperationError:
    Sealed + Error + From<UnmodeledError> + Send + Sync + Sized + 'static
{
    /// The schemas of the modeled errors, in the order of the variants.
    const SCHEMAS: &'static [&'static Schema];

    /// Creates the modeled error at `index` of [`OperationError::SCHEMAS`]; `fill` receives it with
    /// all of its members missing.
    ///
    /// `None` if there is no such error.
    fn make(index: usize, fill: &mut dyn FnMut(&mut dyn ModeledError)) -> Option<Self>;

    /// The error in the variant.
    fn inner(&self) -> ErrorRef<'_>;

    /// The modeled error.
    fn as_modeled(&self) -> Option<&dyn ModeledError> {
        match self.inner() {
            ErrorRef::Modeled(error) => Some(error),
            ErrorRef::Unmodeled(_) => None,
        }
    }

    /// The unmodeled error.
    fn as_unmodeled(&self) -> Option<&UnmodeledError> {
        match self.inner() {
            ErrorRef::Modeled(_) => None,
            ErrorRef::Unmodeled(error) => Some(error),
        }
    }

    /// The response that contained the error.
    fn origin(&self) -> &Origin {
        self.inner().origin()
    }
}

/// Converts an error to another type: from the errors of an operation to those of the service, or
/// the other way round. An error that the other type does not list becomes an [`UnmodeledError`].
///
/// This function is shared by all error enums, since there are many of them.
#[doc(hidden)]
pub fn convert<A: OperationError, B: OperationError>(error: &A) -> B {
    let inner = error.inner();
    let modeled = match inner {
        ErrorRef::Modeled(error) => match position(B::SCHEMAS, error.schema().id) {
            Some(index) => B::make(index, &mut |target| error.copy_to(target)),
            None => None,
        },
        ErrorRef::Unmodeled(_) => None,
    };
    match modeled {
        Some(error) => error,
        None => inner.to_unmodeled().into(),
    }
}

/// The index of the schema with an ID.
pub(crate) fn position(schemas: &[&'static Schema], id: &str) -> Option<usize> {
    schemas.iter().position(|schema| schema.id == id)
}

/// For [`modeled_error!`](crate::modeled_error).
#[doc(hidden)]
pub fn copy<T: ModeledError + Clone>(source: &T, target: &mut dyn ModeledError) {
    let target: &mut dyn Any = target;
    if let Some(target) = target.downcast_mut::<T>() {
        target.clone_from(source);
    }
}

/// For [`modeled_error!`](crate::modeled_error).
#[doc(hidden)]
pub fn equals<T: ModeledError + PartialEq>(one: &T, other: &dyn ModeledError) -> bool {
    let other: &dyn Any = other;
    other.downcast_ref::<T>() == Some(one)
}

/// The error in a variant of an [`OperationError`].
#[derive(Clone, Copy)]
pub enum ErrorRef<'e> {
    /// A modeled error.
    Modeled(&'e dyn ModeledError),
    /// An unmodeled error.
    Unmodeled(&'e UnmodeledError),
}

/// Shows the error; `{:#?}` shows the variant that contains it as well.
impl fmt::Debug for ErrorRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return match self {
                Self::Modeled(error) => fmt::Debug::fmt(error, f),
                Self::Unmodeled(error) => fmt::Debug::fmt(error, f),
            };
        }
        match self {
            Self::Modeled(error) => f.debug_tuple(error.name()).field(error).finish(),
            Self::Unmodeled(error) => f.debug_tuple("Unmodeled").field(error).finish(),
        }
    }
}

impl PartialEq for ErrorRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Modeled(one), Self::Modeled(other)) => one.equals(*other),
            (Self::Unmodeled(one), Self::Unmodeled(other)) => one == other,
            (Self::Modeled(_), Self::Unmodeled(_)) | (Self::Unmodeled(_), Self::Modeled(_)) => {
                false
            }
        }
    }
}

impl<'e> ErrorRef<'e> {
    /// The error as a trait object, to display or downcast it.
    pub fn as_error(self) -> &'e (dyn Error + 'static) {
        match self {
            Self::Modeled(error) => error,
            Self::Unmodeled(error) => error,
        }
    }

    /// The response that contained the error.
    pub fn origin(self) -> &'e Origin {
        match self {
            Self::Modeled(error) => error.origin(),
            Self::Unmodeled(error) => error.origin(),
        }
    }

    /// Converts the error for an operation that does not list it: an [`UnmodeledError`] with the
    /// same status, code and message.
    pub fn to_unmodeled(self) -> UnmodeledError {
        match self {
            Self::Modeled(error) => UnmodeledError {
                status: Some(error.error_schema().status),
                code: Some(error.name().to_owned()),
                message: error.message().map(str::to_owned),
                body: Bytes::new(),
                origin: error.origin().clone(),
            },
            Self::Unmodeled(error) => error.clone(),
        }
    }
}

/// The response that contained an error. It is empty unless a client received the error.
///
/// It is metadata: any two are equal.
#[derive(Clone, Default)]
pub struct Origin(Option<Box<ResponseInfo>>);

/// The facts about a response that errors keep.
#[derive(Clone)]
pub(crate) struct ResponseInfo {
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    /// The message, if the error has no member for it.
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    /// Whether the same call may succeed later.
    pub(crate) retryable: bool,
}

impl fmt::Debug for ResponseInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            status,
            code,
            message,
            request_id,
            attempts,
            retryable: _,
        } = self;
        f.debug_struct("ResponseInfo")
            .field("operation", operation)
            .field("status", status)
            .field("code", &code.as_deref().map(SingleLine::name))
            .field("message", &message.as_deref().map(SingleLine::message))
            .field("request_id", &request_id.as_deref().map(SingleLine::name))
            .field("attempts", attempts)
            .finish()
    }
}

impl Origin {
    const NONE: &'static Self = &Self(None);

    #[cfg_attr(
        not(feature = "client"),
        expect(dead_code, reason = "clients receive errors")
    )]
    pub(crate) fn new(response: ResponseInfo) -> Self {
        Self(Some(Box::new(response)))
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.as_ref().map(|facts| facts.operation)
    }

    /// The HTTP status.
    pub fn status(&self) -> Option<u16> {
        self.0.as_ref().map(|facts| facts.status)
    }

    /// The error code in the response.
    pub fn code(&self) -> Option<&str> {
        self.0.as_ref()?.code.as_deref()
    }

    /// The message in the response, if the error of the model has no member for it.
    pub fn message(&self) -> Option<&str> {
        self.0.as_ref()?.message.as_deref()
    }

    /// The request ID that the service assigned.
    pub fn request_id(&self) -> Option<&str> {
        self.0.as_ref()?.request_id.as_deref()
    }

    /// The number of times that the request was sent.
    pub fn attempts(&self) -> Option<u32> {
        self.0.as_ref().map(|facts| facts.attempts)
    }

    /// Whether the response says that the same call may succeed later.
    #[cfg_attr(
        not(feature = "client"),
        expect(dead_code, reason = "clients receive errors")
    )]
    pub(crate) fn is_retryable(&self) -> bool {
        self.0.as_ref().is_some_and(|facts| facts.retryable)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(facts) => facts.fmt(f),
            None => f.write_str("None"),
        }
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// An error that is not in the model: from a newer service, from a proxy, or with a body that
/// cannot be decoded.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmodeledError {
    /// The HTTP status.
    pub status: Option<u16>,
    /// The error code in the response.
    pub code: Option<String>,
    /// A message for humans.
    pub message: Option<String>,
    /// The undecoded body of the response.
    pub body: Bytes,
    origin: Origin,
}

impl UnmodeledError {
    /// An error with only a status.
    pub fn new(status: impl Into<Option<u16>>) -> Self {
        Self {
            status: status.into(),
            ..Self::default()
        }
    }

    /// The response that contained the error.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    #[doc(hidden)]
    pub fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// Sets the code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

/// The same line as `Display`; `{:#?}` shows the fields. Neither shows the body, which may be
/// sensitive.
impl fmt::Debug for UnmodeledError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let Self {
            status,
            code,
            message,
            body,
            origin: _,
        } = self;
        f.debug_struct("UnmodeledError")
            .field("status", status)
            .field("code", &code.as_deref().map(SingleLine::name))
            .field("message", &message.as_deref().map(SingleLine::message))
            .field("body", &format_args!("{} bytes", body.len()))
            .finish()
    }
}

/// `Code: message (status 418)`, as far as they are known.
impl fmt::Display for UnmodeledError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status,
            code,
            message,
            body: _,
            origin: _,
        } = self;
        let code = code.as_deref().unwrap_or("an unmodeled error");
        SingleLine::name(code).fmt(f)?;
        if let Some(message) = message {
            write!(f, ": {}", SingleLine::message(message))?;
        }
        if let Some(status) = status {
            write!(f, " (status {status})")?;
        }
        Ok(())
    }
}

impl Error for UnmodeledError {}

/// A member that may hold the message of an error, for [`modeled_error!`](crate::modeled_error).
#[doc(hidden)]
pub trait MessageText {
    fn text(&self) -> Option<&str>;
}

impl MessageText for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl<T: MessageText> MessageText for Option<T> {
    fn text(&self) -> Option<&str> {
        self.as_ref().and_then(MessageText::text)
    }
}
