//! The result of a call, as a tree.

use std::error::Error;

use drawplate_runtime::{Document, EncodeMembers, OperationError};

use crate::events::{Failed, Read};
use crate::tree;

/// The result of a call, and the expected one if the case has one.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(crate) expected: Option<Document>,
    pub(crate) actual: Document,
    /// The content of the event stream, if the output has one.
    pub(crate) read: Option<Read>,
    /// The error of the call; errors of its stream are in `came`.
    pub(crate) error: Option<Failed>,
}

/// An output.
pub(crate) async fn output(output: &dyn EncodeMembers) -> Result<Document, String> {
    Ok(Document::from([("output", tree::of(output).await?)]))
}

/// An error response of the service.
pub(crate) async fn error<E: OperationError>(error: &E) -> Result<Document, String> {
    match error.as_modeled() {
        Some(modeled) => {
            let name = format!("error {}", modeled.schema().id);
            Ok(Document::from([(name, tree::of(modeled).await?)]))
        }
        None => {
            let name = "error that the model does not know";
            Ok(Document::from([(name, error.to_string())]))
        }
    }
}

/// A failure without a response, or with one that cannot be decoded.
pub(crate) fn failure(error: &dyn Error) -> Document {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    Document::from([("failure", text)])
}
