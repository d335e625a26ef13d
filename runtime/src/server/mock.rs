//! A test double: an implementation of which a test says what it needs.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};

use crate::protocol::service::Operation;
use crate::service_error::{OperationError, UnmodeledError};

/// What a generated test double is a thin layer over. Clones share what they record.
#[derive(Clone, Default)]
pub struct Double {
    answers: Arc<BTreeMap<&'static str, Arc<dyn Any + Send + Sync>>>,
    calls: Arc<Mutex<Vec<Recorded>>>,
}

/// What answers an operation.
type Answer<I, O, E> = Box<dyn Fn(I) -> Result<O, E> + Send + Sync>;

impl Double {
    /// Answers `operation` by `answer`, from now on.
    #[must_use]
    pub fn on<I: 'static, O: 'static, E: 'static>(
        mut self,
        operation: &'static Operation,
        answer: impl Fn(I) -> Result<O, E> + Send + Sync + 'static,
    ) -> Self {
        let answer: Answer<I, O, E> = Box::new(answer);
        Arc::make_mut(&mut self.answers).insert(operation.name, Arc::new(answer));
        self
    }

    /// Records a call and answers it; with 501 and the operation's name where the test did not say how.
    pub fn call<I, O, E>(&self, operation: &'static Operation, input: I) -> Ready<Result<O, E>>
    where
        I: Clone + Send + Sync + 'static,
        O: 'static,
        E: OperationError,
    {
        let recorded = Recorded {
            operation,
            input: Arc::new(input.clone()),
        };
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(recorded);
        let answer = self
            .answers
            .get(operation.name)
            .and_then(|answer| answer.downcast_ref::<Answer<I, O, E>>());
        ready(match answer {
            Some(answer) => answer(input),
            None => Err(E::unmodeled(
                UnmodeledError::new(501)
                    .code("NotImplemented")
                    .message(format!(
                        "the test double does not answer {}",
                        operation.name
                    )),
            )),
        })
    }

    /// The calls so far, in their order. A stream in an input is a handle of the one that the answer got: what was read there is gone here.
    pub fn calls(&self) -> Vec<Recorded> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl fmt::Debug for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.answers.keys().collect::<Vec<_>>();
        f.debug_struct("Double")
            .field("answers", &answers)
            .field("calls", &self.calls())
            .finish()
    }
}

/// A call that a test double got.
#[derive(Clone)]
pub struct Recorded {
    operation: &'static Operation,
    input: Arc<dyn Any + Send + Sync>,
}

impl Recorded {
    /// The operation's name.
    pub fn operation(&self) -> &'static str {
        self.operation.name
    }

    /// The input, if it is of this type.
    pub fn input<I: 'static>(&self) -> Option<&I> {
        self.input.downcast_ref()
    }
}

/// Inputs are of any type and are not shown.
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.name)
    }
}
