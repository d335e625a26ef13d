//! Waiters (Smithy 2.0, "Waiters").

use super::Docs;
use crate::jmespath::Expression;
use crate::source::Location;

/// A waiter of `smithy.waiters#waitable`: it calls an operation until a resource has a state.
#[derive(Clone, Debug)]
pub struct Waiter {
    /// The name, in camel case with a first letter in upper case.
    pub name: Box<str>,
    /// The documentation, and whether it is deprecated.
    pub docs: Docs,
    /// What decides after each call, in order; one of them leads to success.
    pub acceptors: Vec<Acceptor>,
    /// The least number of seconds between two calls; at least 1.
    pub min_delay: u32,
    /// The greatest number of seconds between two calls.
    pub max_delay: u32,
    /// Where it is written.
    pub location: Location,
}

/// What a waiter does after a call that matches.
#[derive(Clone, Debug)]
pub struct Acceptor {
    /// What it does.
    pub state: AcceptorState,
    /// The calls that match.
    pub matcher: Matcher,
    /// The message in the output of a failure: a string, or an array of strings.
    pub message: Option<Query>,
    /// Where it is written.
    pub location: Location,
}

/// What a waiter does after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptorState {
    /// It stops: the resource has the state that it waits for.
    Success,
    /// It stops: the resource cannot get that state.
    Failure,
    /// It calls the operation again.
    Retry,
}

/// The calls that match.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// Calls that succeed (`true`) or fail (`false`).
    Success(bool),
    /// Calls that fail with an error of this name. It need not be one of the model.
    ErrorType(Box<str>),
    /// Calls whose output matches.
    Output(PathMatcher),
    /// Calls whose input and output match: the members of an object.
    InputOutput(PathMatcher),
}

/// A comparison of the result of an expression.
#[derive(Clone, Debug)]
pub struct PathMatcher {
    /// The expression.
    pub path: Query,
    /// The comparison.
    pub comparator: PathComparator,
    /// The value to compare with.
    pub expected: Box<str>,
    /// Where that is written.
    pub expected_location: Location,
}

/// An expression in a model.
#[derive(Clone, Debug)]
pub struct Query {
    /// The expression.
    pub expression: Expression,
    /// Its text.
    pub text: Box<str>,
    /// Where it is written.
    pub location: Location,
}

/// How the result of an expression is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathComparator {
    /// It is the string.
    StringEquals,
    /// It is the boolean.
    BooleanEquals,
    /// It is an array that is not empty, and all elements are the string.
    AllStringEquals,
    /// It is an array, and one of its elements is the string.
    AnyStringEquals,
}

impl PathComparator {
    /// The name in models.
    pub fn name(self) -> &'static str {
        match self {
            Self::StringEquals => "stringEquals",
            Self::BooleanEquals => "booleanEquals",
            Self::AllStringEquals => "allStringEquals",
            Self::AnyStringEquals => "anyStringEquals",
        }
    }
}
