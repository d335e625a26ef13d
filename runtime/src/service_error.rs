//! What a service answers when an operation fails.

use std::any::Any;
use std::error::Error;
use std::fmt;

use bytes::Bytes;

use crate::schema::{ErrorSchema, Fault, Schema};
use crate::shape::private::Sealed;
use crate::shape::{DecodeMembers, EncodeMembers};

/// An error that the model knows: a structure with the `error` trait. Implemented by [`modeled_error!`](crate::modeled_error).
pub trait ModeledError: EncodeMembers + DecodeMembers + Error + Any + Send + Sync {
    /// What happened, in words for a human.
    fn message(&self) -> Option<&str>;

    /// Name of the shape.
    fn name(&self) -> &'static str {
        self.schema().name()
    }

    /// The answer that the error came in.
    fn origin(&self) -> &Origin {
        Origin::NONE
    }

    /// Sets the answer that the error came in.
    #[doc(hidden)]
    fn set_origin(&mut self, origin: Origin) {
        let _ = origin;
    }

    /// Copies the error to another one, if that has the same type.
    #[doc(hidden)]
    fn copy_to(&self, target: &mut dyn ModeledError);

    /// Whether another error has the same type and is equal.
    #[doc(hidden)]
    fn equals(&self, other: &dyn ModeledError) -> bool;

    /// Status, fault and retry traits.
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

/// The errors of an operation, or of all operations of a service: one of its modelled errors, or
/// one that is not in the model. Implemented by [`operation_error!`](crate::operation_error) and
/// [`service_error!`](crate::service_error!).
pub trait OperationError:
    Sealed + Error + From<UnmodeledError> + Send + Sync + Sized + 'static
{
    /// The schemas of the modelled errors, in the order of the variants.
    const SCHEMAS: &'static [&'static Schema];

    /// Makes the modelled error at `index` of [`OperationError::SCHEMAS`]: `fill` gets it with all
    /// of its members missing.
    ///
    /// `None` if there is no such error.
    fn make(index: usize, fill: &mut dyn FnMut(&mut dyn ModeledError)) -> Option<Self>;

    /// The error in the variant.
    fn inner(&self) -> ErrorRef<'_>;

    /// The modelled error.
    fn as_modeled(&self) -> Option<&dyn ModeledError> {
        match self.inner() {
            ErrorRef::Modeled(error) => Some(error),
            ErrorRef::Unmodeled(_) => None,
        }
    }

    /// The error that is not in the model.
    fn as_unmodeled(&self) -> Option<&UnmodeledError> {
        match self.inner() {
            ErrorRef::Modeled(_) => None,
            ErrorRef::Unmodeled(error) => Some(error),
        }
    }

    /// The response that the error was received in.
    fn origin(&self) -> &Origin {
        self.inner().origin()
    }
}

/// The same error as another type: the errors of the service instead of those of an operation, or
/// the other way round. An error that the other type does not list becomes an [`UnmodeledError`].
///
/// What enums of errors have in common is written here once, and not derived for each: there are
/// many of them.
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

/// Where the schema with an id is.
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
    /// An error of the model.
    Modeled(&'e dyn ModeledError),
    /// An error that is not in the model.
    Unmodeled(&'e UnmodeledError),
}

/// As the variant that holds the error.
impl fmt::Debug for ErrorRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    /// The error as a trait object, to show it or to downcast it.
    pub fn as_error(self) -> &'e (dyn Error + 'static) {
        match self {
            Self::Modeled(error) => error,
            Self::Unmodeled(error) => error,
        }
    }

    /// The response that the error was received in.
    pub fn origin(self) -> &'e Origin {
        match self {
            Self::Modeled(error) => error.origin(),
            Self::Unmodeled(error) => error.origin(),
        }
    }

    /// What an operation that does not list the error makes of it: an [`UnmodeledError`] with the
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

/// The answer that an error came in: nothing on an error that no client received.
///
/// It says where an error comes from and is no part of it: any two are equal.
#[derive(Clone, Default)]
pub struct Origin(Option<Box<ResponseInfo>>);

/// The facts about a response that errors keep.
#[derive(Clone, Debug)]
pub(crate) struct ResponseInfo {
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
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
        self.0.as_ref().map(|answer| answer.operation)
    }

    /// HTTP status.
    pub fn status(&self) -> Option<u16> {
        self.0.as_ref().map(|answer| answer.status)
    }

    /// The error's code as the service sent it.
    pub fn code(&self) -> Option<&str> {
        self.0.as_ref()?.code.as_deref()
    }

    /// The id that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.as_ref()?.request_id.as_deref()
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> Option<u32> {
        self.0.as_ref().map(|answer| answer.attempts)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(answer) => answer.fmt(f),
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

/// An error that the model does not know: a newer service, a proxy in between, or a body that cannot be read.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmodeledError {
    /// HTTP status.
    pub status: Option<u16>,
    /// The error's code, as the answer names it.
    pub code: Option<String>,
    /// What happened, in words for a human.
    pub message: Option<String>,
    /// The answer's body as it came.
    pub body: Bytes,
    origin: Origin,
}

impl UnmodeledError {
    /// An error with nothing but a status.
    pub fn new(status: impl Into<Option<u16>>) -> Self {
        Self {
            status: status.into(),
            ..Self::default()
        }
    }

    /// The answer that the error came in.
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

/// The body may hold what is sensitive and is not shown.
impl fmt::Debug for UnmodeledError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status,
            code,
            message,
            body,
            origin: _,
        } = self;
        f.debug_struct("UnmodeledError")
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("body", &format_args!("{} bytes", body.len()))
            .finish()
    }
}

/// `Code: message (status 418)`, as far as known.
impl fmt::Display for UnmodeledError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status,
            code,
            message,
            body: _,
            origin: _,
        } = self;
        f.write_str(
            code.as_deref()
                .unwrap_or("an error that the model does not know"),
        )?;
        if let Some(message) = message {
            write!(f, ": {message}")?;
        }
        if let Some(status) = status {
            write!(f, " (status {status})")?;
        }
        Ok(())
    }
}

impl Error for UnmodeledError {}

/// A member that may be an error's message: for [`modeled_error!`](crate::modeled_error).
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
