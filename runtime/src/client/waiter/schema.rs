//! Static descriptions of waiters, and which responses they accept.

use std::cell::OnceCell;

use crate::jmespath::{self, Expression, Sensitive};
use crate::protocol::service::Operation;
use crate::shape::EncodeMembers;
use crate::value::Document;

/// A waiter of `smithy.waiters#waitable`.
#[derive(Debug)]
pub struct WaiterSchema {
    /// The name.
    pub name: &'static str,
    /// The operation that it calls.
    pub operation: &'static Operation,
    /// The least number of seconds between two calls.
    pub min_delay: u32,
    /// The greatest number of seconds between two calls.
    pub max_delay: u32,
    /// The acceptors, of which the first one that matches decides.
    pub acceptors: &'static [Acceptor],
}

/// What a waiter does after a response that matches.
#[derive(Debug)]
pub struct Acceptor {
    state: AcceptorState,
    matcher: Matcher,
    /// The message in the output of a failure.
    message: Option<Expression>,
}

#[derive(Debug)]
enum AcceptorState {
    Success,
    Failure,
    Retry,
}

/// The responses that match.
#[derive(Debug)]
pub enum Matcher {
    /// Outputs (`true`) or errors (`false`).
    Success(bool),
    /// Errors of this name.
    ErrorType(&'static str),
    /// Outputs for which the value of an expression compares.
    Output(Expression, Comparison),
    /// The same, applied to an object with the members `input` and `output`.
    InputOutput(Expression, Comparison),
}

/// A comparison with an expected value.
#[derive(Debug)]
pub enum Comparison {
    /// It is the string.
    String(&'static str),
    /// It is the boolean.
    Boolean(bool),
    /// It is an array that is not empty, and all elements are the string.
    All(&'static str),
    /// It is an array, and one of its elements is the string.
    Any(&'static str),
}

impl Acceptor {
    /// Success after a response that matches.
    pub const fn success(matcher: Matcher) -> Self {
        Self::new(AcceptorState::Success, matcher)
    }

    /// Failure after a response that matches.
    pub const fn failure(matcher: Matcher) -> Self {
        Self::new(AcceptorState::Failure, matcher)
    }

    /// Another call after a response that matches.
    pub const fn retry(matcher: Matcher) -> Self {
        Self::new(AcceptorState::Retry, matcher)
    }

    /// Adds the message of a failure: a string or an array of strings in the output.
    #[must_use]
    pub const fn message(self, message: Expression) -> Self {
        Self {
            state: self.state,
            matcher: self.matcher,
            message: Some(message),
        }
    }

    const fn new(state: AcceptorState, matcher: Matcher) -> Self {
        Self {
            state,
            matcher,
            message: None,
        }
    }
}

/// What a waiter does after a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    /// The message of the failure.
    Failure(Option<String>),
    /// The call failed with an error that no acceptor expects.
    UnexpectedError,
    Retry,
}

/// A response, without the types of its operation.
pub(super) enum ResponseView<'r> {
    Output(&'r dyn EncodeMembers),
    /// The names of an error: its code and the name of its shape.
    Error(&'r [Option<&'r str>]),
}

impl WaiterSchema {
    /// What the waiter does after a response to `input`.
    pub(super) fn judge(&self, input: &dyn EncodeMembers, response: &ResponseView<'_>) -> Verdict {
        let cell = OnceCell::new();
        let values = |output: &dyn EncodeMembers| cell.get_or_init(|| self.values(input, output));
        let mut acceptors = self.acceptors.iter();
        let Some(acceptor) = acceptors.find(|it| it.matcher.matches(response, values)) else {
            return match response {
                ResponseView::Output(_) => Verdict::Retry,
                ResponseView::Error(_) => Verdict::UnexpectedError,
            };
        };
        match acceptor.state {
            AcceptorState::Success => Verdict::Success,
            AcceptorState::Retry => Verdict::Retry,
            AcceptorState::Failure => Verdict::Failure(match (&acceptor.message, response) {
                (Some(message), ResponseView::Output(output)) => text(message, *output),
                _ => None,
            }),
        }
    }

    /// An object with the values that expressions are applied to: `output`, and `input` if an
    /// expression wants it.
    fn values(&self, input: &dyn EncodeMembers, output: &dyn EncodeMembers) -> Document {
        let mut acceptors = self.acceptors.iter();
        let wants_input = acceptors.any(|it| matches!(it.matcher, Matcher::InputOutput(..)));
        let input = wants_input.then_some((INPUT, input));
        let structures = input.into_iter().chain([(OUTPUT, output)]);
        let values = structures.map(|(name, it)| (name, jmespath::document(it, Sensitive::Keep)));
        Document::Map(values.collect())
    }
}

const INPUT: &str = "input";
const OUTPUT: &str = "output";

impl Matcher {
    /// Whether a response matches. `values` are those of an output; see [`WaiterSchema::values`].
    fn matches<'v>(
        &self,
        response: &ResponseView<'_>,
        values: impl FnOnce(&dyn EncodeMembers) -> &'v Document,
    ) -> bool {
        match (self, response) {
            (Self::Success(success), ResponseView::Output(_)) => *success,
            (Self::Success(success), ResponseView::Error(_)) => !*success,
            (Self::ErrorType(name), ResponseView::Error(names)) => names.contains(&Some(name)),
            (Self::Output(path, comparison), ResponseView::Output(output)) => {
                let output = values(*output).get(OUTPUT);
                output.is_some_and(|output| comparison.holds(path, output))
            }
            (Self::InputOutput(path, comparison), ResponseView::Output(output)) => {
                comparison.holds(path, values(*output))
            }
            _ => false,
        }
    }
}

impl Comparison {
    /// Whether the value of an expression compares; not if it has none.
    fn holds(&self, path: &Expression, document: &Document) -> bool {
        let Ok(value) = path.evaluate(document) else {
            return false;
        };
        let is = |value: &Document, expected| value.as_str() == Some(expected);
        match (self, &*value) {
            (Self::String(expected), value) => is(value, expected),
            (Self::Boolean(expected), value) => value.as_bool() == Some(*expected),
            (Self::All(expected), Document::List(elements)) => {
                !elements.is_empty() && elements.iter().all(|element| is(element, expected))
            }
            (Self::Any(expected), Document::List(elements)) => {
                elements.iter().any(|element| is(element, expected))
            }
            _ => false,
        }
    }
}

/// The message of a failure. It is shown, so that it has nothing sensitive.
fn text(message: &Expression, output: &dyn EncodeMembers) -> Option<String> {
    let document = jmespath::document(output, Sensitive::Omit);
    match &*message.evaluate(&document).ok()? {
        Document::String(text) => Some(text.clone()),
        Document::List(elements) => {
            let texts = elements.iter().filter_map(Document::as_str);
            let texts = texts.collect::<Vec<_>>();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::error::EncodeError;
    use crate::protocol::service::OperationTraits;
    use crate::schema::{self as s, Member, Schema};
    use crate::shape::private::Sealed;
    use crate::shape::{Encode as _, Encoder, Shape};

    static STATE: Schema = Schema::structure("a#State", &[Member::new("state", &s::STRING)]);
    static OPERATION: Operation = Operation {
        name: "GetState",
        input: &STATE,
        output: &STATE,
        errors: &[],
        route: None,
        traits: OperationTraits::NONE,
    };

    /// A structure that counts how often it is encoded.
    struct Counted {
        state: &'static str,
        count: Cell<usize>,
    }

    impl Sealed for Counted {}

    impl Shape for Counted {
        fn schema(&self) -> &'static Schema {
            &STATE
        }
    }

    impl EncodeMembers for Counted {
        fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
            self.count.set(self.count.get() + 1);
            self.state.to_owned().encode(&STATE.members[0], encoder)
        }
    }

    const STATE_OF_OUTPUT: Expression = Expression::Field("state");
    const STATE_OF_INPUT: Expression =
        Expression::Chain(&Expression::Field("input"), &STATE_OF_OUTPUT);

    const fn output_is(state: &'static str) -> Matcher {
        Matcher::Output(STATE_OF_OUTPUT, Comparison::String(state))
    }

    /// Checks the verdict on an output, and how often the input and the output are converted.
    #[track_caller]
    fn check(acceptors: &'static [Acceptor], expected: &Verdict, conversions: (usize, usize)) {
        let schema = WaiterSchema {
            name: "StateReached",
            operation: &OPERATION,
            min_delay: 1,
            max_delay: 2,
            acceptors,
        };
        let [input, output] = ["in", "out"].map(|state| Counted {
            state,
            count: Cell::new(0),
        });
        let verdict = schema.judge(&input, &ResponseView::Output(&output));
        assert_eq!(verdict, *expected);
        assert_eq!((input.count.get(), output.count.get()), conversions);
    }

    #[test]
    fn structures_are_converted_once_for_all_acceptors() {
        const OUTPUTS: &[Acceptor] = &[
            Acceptor::failure(output_is("a")),
            Acceptor::retry(output_is("b")),
            Acceptor::success(output_is("out")),
        ];
        const BOTH: &[Acceptor] = &[
            Acceptor::failure(output_is("a")),
            Acceptor::failure(Matcher::InputOutput(
                STATE_OF_INPUT,
                Comparison::String("out"),
            )),
            Acceptor::success(Matcher::InputOutput(
                STATE_OF_INPUT,
                Comparison::String("in"),
            )),
        ];
        const NEITHER: &[Acceptor] = &[
            Acceptor::failure(Matcher::Success(false)),
            Acceptor::success(Matcher::Success(true)),
            Acceptor::retry(output_is("out")),
        ];
        check(OUTPUTS, &Verdict::Success, (0, 1));
        check(BOTH, &Verdict::Success, (1, 1));
        check(NEITHER, &Verdict::Success, (0, 0));
    }
}
