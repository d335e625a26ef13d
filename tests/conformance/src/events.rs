//! Cases of event streams (Smithy's `smithy.test#eventStreamTests`): conversations of initial
//! messages and events.

mod case;
mod client;
mod message;
mod server;

pub(crate) use self::client::run as client;
pub(crate) use self::server::run as server;

use std::pin::Pin;

use drawplate_runtime::event::{EventStream, StreamError};
use drawplate_runtime::{Document, EncodeMembers, Structure};

use self::case::Expectation;
use crate::compare::{self, Difference};
use crate::params;
use crate::tree;

/// The event stream in a message, independent of the type of its events.
pub trait Events {
    /// Replaces it with a stream of these events.
    #[doc(hidden)]
    fn set(&mut self, params: &[Document]) -> Result<(), String>;

    /// Reads it to its end or to the first error.
    #[doc(hidden)]
    fn read(&mut self) -> Pin<Box<dyn Future<Output = Result<Read, String>> + Send>>;
}

/// Finds the event stream in a message; `None` if it has no such member.
pub type Place<T> = fn(&mut T) -> Option<&mut dyn Events>;

/// The content of a stream.
#[derive(Clone, Debug, Default)]
pub struct Read {
    events: Vec<Document>,
    /// The error that ended it.
    error: Option<Failed>,
}

/// An error of a call or of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    /// The shape ID of the error, if it is in the model.
    pub(crate) id: Option<String>,
    /// The code in the response, and the side to which the error is due: `Sender` or `Receiver`.
    pub(crate) code: Option<String>,
    pub(crate) due_to: Option<&'static str>,
    /// The error as it is printed.
    pub(crate) shown: Document,
}

impl Failed {
    /// An error of which only the text is known.
    pub(crate) fn unknown(shown: Document) -> Self {
        Self {
            id: None,
            code: None,
            due_to: None,
            shown,
        }
    }
}

impl<T: Structure + Send + 'static> Events for EventStream<T> {
    fn set(&mut self, params: &[Document]) -> Result<(), String> {
        let events = params.iter().map(params::read_union::<T>);
        *self = Self::from(events.collect::<Result<Vec<_>, _>>()?);
        Ok(())
    }

    fn read(&mut self) -> Pin<Box<dyn Future<Output = Result<Read, String>> + Send>> {
        let mut stream = std::mem::take(self);
        Box::pin(async move {
            let mut read = Read::default();
            loop {
                let event = stream.event().await;
                // The borrow for the tree ends before the tree is awaited.
                let (tree, error) = match &event {
                    Ok(None) => return Ok(read),
                    Ok(Some(event)) => (Some(tree::of(event)), None),
                    Err(StreamError::Service(error)) => (Some(tree::of(error)), Some(id(error))),
                    Err(error) => {
                        let shown = Document::from([("failure", error.to_string())]);
                        read.error = Some(Failed::unknown(shown));
                        return Ok(read);
                    }
                };
                drop(event);
                let Some(tree) = tree else { continue };
                let shown = tree.await?;
                match error {
                    None => read.events.push(shown),
                    Some(id) => {
                        read.error = Some(Failed {
                            id,
                            ..Failed::unknown(shown)
                        });
                        return Ok(read);
                    }
                }
            }
        })
    }
}

/// The shape ID of the set member of a union.
fn id(union: &dyn EncodeMembers) -> Option<String> {
    let set = tree::name_of_set(union)?;
    let members = union.schema().members;
    let member = members.iter().find(|member| member.name == set)?;
    Some(member.target.id.to_owned())
}

impl Read {
    /// Compares the events, and how the stream ends, with the expected ones.
    fn compare(
        &self,
        expected: &[Document],
        expectation: &Expectation,
        differences: &mut Vec<Difference>,
    ) {
        match expectation {
            Expectation::Success => {
                let mut came = self.events.clone();
                came.extend(self.error.as_ref().map(|error| error.shown.clone()));
                let expected = Document::from(expected);
                compare::trees("events", &expected, &Document::from(came), differences);
            }
            Expectation::Failure(id) => failed(id.as_deref(), self.error.as_ref(), differences),
        }
    }
}

/// Compares an error with the expected one, which may be any.
fn failed(id: Option<&str>, error: Option<&Failed>, differences: &mut Vec<Difference>) {
    let wanted = id.unwrap_or("(any error)");
    match error {
        None => differences.push(Difference::new("failure", wanted, "(none)")),
        Some(error) if id.is_some() && error.id.as_deref() != id => {
            let shown = format!("{:#?}", error.shown);
            differences.push(Difference::new("failure", wanted, shown));
        }
        Some(_) => {}
    }
}
