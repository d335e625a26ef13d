//! What a case gives to the code that is generated for its operation, and what comes of it.

use drawplate_runtime::{OperationError, Structure, client};
use serde_json::Value;

use crate::outcome::{self, Outcome};
use crate::params;
use crate::sample;

/// The answer of a call, on its way.
pub type Answering = Result<Outcome, String>;

/// What a case gives to a call of a client.
#[derive(Clone, Debug)]
pub struct Given {
    /// The input; any where it does not matter.
    pub(crate) input: Option<Value>,
    /// What the call is to give, where that matters.
    pub(crate) expected: Option<Expected>,
}

/// The output or error that a case is about.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The shape id of the error; `None` of an output.
    pub(crate) error: Option<&'static str>,
    pub(crate) params: Value,
}

impl Given {
    /// The input of the call.
    pub fn input<I: Structure>(&self) -> Result<I, String> {
        match &self.input {
            Some(params) => params::read(params),
            None => sample::of(),
        }
    }

    /// What the call gave, beside what it was to give.
    pub async fn outcome<O: Structure, E: OperationError>(
        &self,
        result: Result<O, client::Error<E>>,
    ) -> Answering {
        let actual = match result {
            Ok(output) => outcome::output(&output).await?,
            Err(client::Error::Service(error)) => outcome::error(&error).await?,
            Err(error) => outcome::failure(&error),
        };
        let expected = match &self.expected {
            Some(expected) => Some(expected.tree::<O, E>().await?),
            None => None,
        };
        Ok(Outcome { expected, actual })
    }
}

impl Expected {
    /// The output or error, as the types have it.
    pub(crate) fn make<O: Structure, E: OperationError>(&self) -> Result<Result<O, E>, String> {
        let Some(id) = self.error else {
            return params::read(&self.params).map(Ok);
        };
        let index = E::SCHEMAS.iter().position(|schema| schema.id == id);
        let mut error = index
            .and_then(E::empty)
            .ok_or_else(|| format!("the operation has no error {id}"))?;
        if let Some(structure) = error.as_structure_mut() {
            params::fill_whole(&self.params, structure)?;
        }
        Ok(Err(error))
    }

    async fn tree<O: Structure, E: OperationError>(&self) -> Result<Value, String> {
        match self.make::<O, E>()? {
            Ok(output) => outcome::output(&output).await,
            Err(error) => outcome::error(&error).await,
        }
    }
}
