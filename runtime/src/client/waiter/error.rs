//! The results of waiters.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::client::error::Error;
use crate::error::SingleLine;
use crate::service_error::OperationError;

/// The response that ended a waiter. A waiter may wait for an error, such as one that says that a
/// resource does not exist.
#[derive(Debug)]
pub enum FinalResponse<O, E: OperationError> {
    /// The output of the operation.
    Output(O),
    /// The error that the waiter waited for.
    Error(Error<E>),
}

/// The error of a waiter.
///
/// `Display` prints one line, and so does `Debug`; `{:#?}` shows the fields.
#[non_exhaustive]
pub enum WaitError<O, E> {
    /// The resource cannot get the state that the waiter waits for.
    #[non_exhaustive]
    Failure {
        /// The name of the waiter.
        waiter: &'static str,
        /// The reason, if the waiter knows where the output has it.
        message: Option<String>,
        /// The response that says so.
        response: Box<Result<O, Error<E>>>,
    },
    /// The resource did not get the state in time.
    #[non_exhaustive]
    Timeout {
        /// The name of the waiter.
        waiter: &'static str,
        /// The time that the waiter had.
        max_wait: Duration,
        /// The last response; `None` if the last call did not end in time.
        response: Option<Box<Result<O, Error<E>>>>,
    },
    /// A call failed with an error that the waiter does not expect.
    Call(Error<E>),
}

impl<O, E: OperationError> FinalResponse<O, E> {
    pub(super) fn new(response: Result<O, Error<E>>) -> Self {
        match response {
            Ok(output) => Self::Output(output),
            Err(error) => Self::Error(error),
        }
    }

    /// The output; `None` if the waiter waited for an error.
    pub fn output(&self) -> Option<&O> {
        match self {
            Self::Output(output) => Some(output),
            Self::Error(_) => None,
        }
    }

    /// The response as the result of a call.
    pub fn into_result(self) -> Result<O, Error<E>> {
        match self {
            Self::Output(output) => Ok(output),
            Self::Error(error) => Err(error),
        }
    }
}

impl<O, E> WaitError<O, E> {
    /// Whether the resource did not get the state in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }
}

impl<O, E: OperationError> fmt::Display for WaitError<O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = match self {
            Self::Call(error) => return error.fmt(f),
            Self::Failure {
                waiter,
                message,
                response,
            } => {
                write!(f, "{waiter}: the resource cannot get this state")?;
                if let Some(message) = message {
                    write!(f, ": {}", SingleLine::message(message))?;
                }
                Some(response)
            }
            Self::Timeout {
                waiter,
                max_wait,
                response,
            } => {
                write!(
                    f,
                    "{waiter}: the resource is not in this state after {max_wait:?}"
                )?;
                response.as_ref()
            }
        };
        match response.map(|response| &**response) {
            Some(Err(error)) => write!(f, ": {error}"),
            Some(Ok(_)) | None => Ok(()),
        }
    }
}

impl<O: fmt::Debug, E: OperationError> fmt::Debug for WaitError<O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        match self {
            Self::Failure {
                waiter,
                message,
                response,
            } => f
                .debug_struct("Failure")
                .field("waiter", waiter)
                .field("message", message)
                .field("response", response)
                .finish(),
            Self::Timeout {
                waiter,
                max_wait,
                response,
            } => f
                .debug_struct("Timeout")
                .field("waiter", waiter)
                .field("max_wait", max_wait)
                .field("response", response)
                .finish(),
            Self::Call(error) => f.debug_tuple("Call").field(error).finish(),
        }
    }
}

impl<O: fmt::Debug, E: OperationError> StdError for WaitError<O, E> {
    /// Returns the error of the call, if it ended the waiter or was the last response.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            Self::Failure { response, .. } => error_of(response),
            Self::Timeout { response, .. } => error_of(response.as_deref()?),
        }
    }
}

fn error_of<O, E: OperationError>(
    response: &Result<O, Error<E>>,
) -> Option<&(dyn StdError + 'static)> {
    match response {
        Ok(_) => None,
        Err(error) => Some(error),
    }
}
