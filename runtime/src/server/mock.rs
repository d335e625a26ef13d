//! A mock: an implementation whose responses a test sets.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};

use crate::protocol::service::Operation;
use crate::service_error::{OperationError, UnmodeledError};

/// The untyped part of a generated mock. Clones share the recorded calls.
#[derive(Clone, Default)]
pub struct Mock {
    responses: Arc<BTreeMap<&'static str, Arc<dyn Any + Send + Sync>>>,
    calls: Arc<Mutex<Vec<RecordedCall>>>,
}

/// Computes the response of an operation.
type Respond<I, O, E> = Box<dyn Fn(I) -> Result<O, E> + Send + Sync>;

impl Mock {
    /// Responds to calls of `operation` with the result of `respond`.
    #[must_use]
    pub fn on<I: 'static, O: 'static, E: 'static>(
        mut self,
        operation: &'static Operation,
        respond: impl Fn(I) -> Result<O, E> + Send + Sync + 'static,
    ) -> Self {
        let respond: Respond<I, O, E> = Box::new(respond);
        Arc::make_mut(&mut self.responses).insert(operation.name, Arc::new(respond));
        self
    }

    /// Records a call and responds to it: as the test has set it, or with status 501 and the name
    /// of the operation.
    pub fn call<I, O, E>(&self, operation: &'static Operation, input: I) -> Ready<Result<O, E>>
    where
        I: Clone + Send + Sync + 'static,
        O: 'static,
        E: OperationError,
    {
        let recorded = RecordedCall {
            operation,
            input: Arc::new(input.clone()),
        };
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(recorded);
        let respond = self
            .responses
            .get(operation.name)
            .and_then(|respond| respond.downcast_ref::<Respond<I, O, E>>());
        ready(match respond {
            Some(respond) => respond(input),
            None => Err(E::from(
                UnmodeledError::new(501)
                    .code("NotImplemented")
                    .message(format!("the mock has no response for {}", operation.name)),
            )),
        })
    }

    /// The recorded calls, in order. A stream in an input is shared with the implementation:
    /// what was read there is missing here.
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let responses = self.responses.keys().collect::<Vec<_>>();
        f.debug_struct("Mock")
            .field("responses", &responses)
            .field("calls", &self.calls())
            .finish()
    }
}

/// A call that a mock has recorded.
#[derive(Clone)]
pub struct RecordedCall {
    operation: &'static Operation,
    input: Arc<dyn Any + Send + Sync>,
}

impl RecordedCall {
    /// The name of the operation.
    pub fn operation(&self) -> &'static str {
        self.operation.name
    }

    /// The input, if it is of this type.
    pub fn input<I: 'static>(&self) -> Option<&I> {
        self.input.downcast_ref()
    }
}

/// Shows the operation only: inputs are of any type and may be sensitive.
impl fmt::Debug for RecordedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.name)
    }
}
