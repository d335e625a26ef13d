//! What a service answers when an operation fails.

use std::error::Error;
use std::fmt;

use bytes::Bytes;

use crate::schema::{ErrorSchema, Fault, Schema};
use crate::shape::Structure;

/// An error that the model knows: a structure with the `error` trait. Implemented by [`modeled_error!`](crate::modeled_error).
pub trait ModeledError: Structure + Error + Send + Sync + 'static {
    /// What happened, in words for a human.
    fn message(&self) -> Option<&str>;

    /// Name of the shape.
    fn name(&self) -> &'static str {
        self.schema().name()
    }

    /// Status, fault and retry traits.
    fn error_schema(&self) -> ErrorSchema {
        const UNMARKED: ErrorSchema =
            ErrorSchema { fault: Fault::Server, status: 500, retryable: false, throttling: false };
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

/// What an operation answers when it fails: one of its modelled errors, or one that the model does not know. Implemented by
/// [`operation_error!`](crate::operation_error).
pub trait OperationError: Error + Send + Sync + Sized + 'static {
    /// The schemas of the modelled errors, in the order of the variants.
    const SCHEMAS: &'static [&'static Schema];

    /// The modelled error at `index` of [`OperationError::SCHEMAS`], all of its members missing: what decoding starts from.
    ///
    /// `None` where there is no such error.
    fn empty(index: usize) -> Option<Self>;

    /// An error that the model does not know.
    fn unmodeled(error: UnmodeledError) -> Self;

    /// The modelled error.
    fn as_modeled(&self) -> Option<&dyn ModeledError>;

    /// The modelled error, to decode into.
    fn as_structure_mut(&mut self) -> Option<&mut dyn Structure>;

    /// The error that the model does not know.
    fn as_unmodeled(&self) -> Option<&UnmodeledError>;

    /// As what it is shown: the variant's value.
    fn as_error(&self) -> &(dyn Error + 'static);
}

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
}

impl UnmodeledError {
    /// An error with nothing but a status.
    pub fn new(status: impl Into<Option<u16>>) -> Self {
        Self { status: status.into(), ..Self::default() }
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
        let Self { status, code, message, body } = self;
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
        let Self { status, code, message, body: _ } = self;
        f.write_str(code.as_deref().unwrap_or("an error that the model does not know"))?;
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
