//! The values that a case passes to generated code, and the result.

use drawplate_runtime::schema::Fault;
use drawplate_runtime::{Document, ModeledError, OperationError, Structure, client};

use crate::config::Config;
use crate::events::{Events, Failed, Place};
use crate::outcome::{self, Outcome};
use crate::params;
use crate::sample;

/// The result of a call, or why the case cannot be run.
pub type CaseResult = Result<Outcome, String>;

/// The values for a call of a client.
#[derive(Clone, Debug)]
pub struct Given {
    /// The input; `None` if any will do.
    pub(crate) input: Option<Document>,
    /// The events of the input.
    pub(crate) events: Vec<Document>,
    /// The expected result, if it is compared.
    pub(crate) expected: Option<Expected>,
    /// The settings of the client and of the call.
    pub(crate) config: Config,
}

/// The output or error of a case.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The shape ID of the error; `None` for an output.
    pub(crate) error: Option<&'static str>,
    pub(crate) params: Document,
    /// The events of the output.
    pub(crate) events: Vec<Document>,
}

impl Given {
    /// The input of the call.
    pub fn input<I: Structure>(&self) -> Result<I, String> {
        self.input_with(|_| None)
    }

    /// The same with an event stream.
    pub fn input_with<I: Structure>(&self, place: Place<I>) -> Result<I, String> {
        let mut input = match &self.input {
            Some(params) => params::read(params)?,
            None => sample::of()?,
        };
        set(&self.events, place(&mut input))?;
        Ok(input)
    }

    /// The call with its settings.
    pub fn configured<O, E>(&self, call: client::Call<O, E>) -> client::Call<O, E> {
        match self.config.call.path_style {
            Some(force) => call.force_path_style(force),
            None => call,
        }
    }

    /// The result of the call, and the expected one.
    pub async fn outcome<O: Structure, E: OperationError>(
        &self,
        result: Result<O, client::Error<E>>,
    ) -> CaseResult {
        self.outcome_with(result, |_| None).await
    }

    /// The same with an event stream.
    pub async fn outcome_with<O: Structure, E: OperationError>(
        &self,
        result: Result<O, client::Error<E>>,
        place: Place<O>,
    ) -> CaseResult {
        let (mut read, mut failed) = (None, None);
        let actual = match result {
            Ok(mut output) => {
                let reading = place(&mut output).map(Events::read);
                let tree = outcome::output(&output).await?;
                if let Some(reading) = reading {
                    read = Some(reading.await?);
                }
                tree
            }
            Err(client::Error::Service(error)) => {
                let tree = outcome::error(&error).await?;
                let modeled = error.as_modeled();
                failed = Some(Failed {
                    id: modeled.map(|error| error.schema().id.to_owned()),
                    code: error.origin().code().map(str::to_owned),
                    due_to: modeled.map(|error| match error.error_schema().fault {
                        Fault::Client => "Sender",
                        Fault::Server => "Receiver",
                    }),
                    shown: tree.clone(),
                });
                tree
            }
            Err(error) => {
                let tree = outcome::failure(&error);
                failed = Some(Failed::unknown(tree.clone()));
                tree
            }
        };
        let expected = match &self.expected {
            Some(expected) => Some(expected.tree::<O, E>().await?),
            None => None,
        };
        Ok(Outcome {
            expected,
            actual,
            read,
            error: failed,
        })
    }
}

/// Puts the events of a case into the stream of a message.
fn set(events: &[Document], place: Option<&mut dyn Events>) -> Result<(), String> {
    match place {
        Some(stream) => stream.set(events),
        None if events.is_empty() => Ok(()),
        None => Err("the case has events, and the operation has no stream for them".to_owned()),
    }
}

impl Expected {
    /// The output or error as a value of its type.
    pub(crate) fn make<O: Structure, E: OperationError>(
        &self,
        place: Place<O>,
    ) -> Result<Result<O, E>, String> {
        let Some(id) = self.error else {
            let mut output = params::read(&self.params)?;
            set(&self.events, place(&mut output))?;
            return Ok(Ok(output));
        };
        let index = E::SCHEMAS.iter().position(|schema| schema.id == id);
        let mut filled = Ok(());
        let mut fill = |error: &mut dyn ModeledError| {
            filled = params::fill_whole(&self.params, error);
        };
        let error = index
            .and_then(|index| E::make(index, &mut fill))
            .ok_or_else(|| format!("the operation has no error {id}"))?;
        filled?;
        Ok(Err(error))
    }

    async fn tree<O: Structure, E: OperationError>(&self) -> Result<Document, String> {
        match self.make::<O, E>(|_| None)? {
            Ok(output) => outcome::output(&output).await,
            Err(error) => outcome::error(&error).await,
        }
    }
}
