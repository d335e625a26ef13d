//! JMESPath, the query language of waiters (<https://jmespath.org/specification.html>).
//!
//! An [`Expression`] is parsed from text. A program that evaluates it needs no parser: the
//! generator writes the tree as a static value. [`check`] compares an expression with the shapes
//! that it is applied to.

mod function;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod types;

use std::fmt;

use crate::node::Node;
pub use function::Function;
pub use types::{Problem, Type, check};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// The index of its first byte in the text; that of the operator, if it has operands on both
    /// sides.
    pub start: usize,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// `@`: the current value.
    Current,
    /// `name`: a member of the current object.
    Field(Box<str>),
    /// `[1]`: an element of the current array, counted from the end if the index is negative.
    Index(i64),
    /// `[1:2:3]`: some elements of the current array.
    Slice(Slice),
    /// `` `json` `` or `'text'`.
    Literal(Node<'static>),
    /// `a.b` or `a | b`: the second expression, applied to the value of the first one.
    Chain(Box<Expression>, Box<Expression>),
    /// `a[]`: the elements of an array, with those of inner arrays in their place.
    Flatten(Box<Expression>),
    /// `a[*].b`, `a.*.b` or `a[?c].b`: the last expression, applied to each selected value of the
    /// first one. Nulls are left out.
    Project(Projection, Box<Expression>, Box<Expression>),
    /// `a && b`.
    And(Box<Expression>, Box<Expression>),
    /// `a || b`.
    Or(Box<Expression>, Box<Expression>),
    /// `!a`.
    Not(Box<Expression>),
    /// `a < b` and its siblings.
    Compare(Comparator, Box<Expression>, Box<Expression>),
    /// `[a, b]`: an array of the values.
    List(Vec<Expression>),
    /// `{x: a, y: b}`: an object of the values.
    Object(Vec<(Box<str>, Expression)>),
    /// `length(a)` and its siblings. The number of arguments is one that the function accepts.
    Call(Function, Vec<Expression>),
    /// `&a`: an argument that the function applies to each element.
    Reference(Box<Expression>),
}

/// The bounds of a slice, as in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The first index.
    pub start: Option<i64>,
    /// The index after the last one.
    pub end: Option<i64>,
    /// The distance between two indexes; never zero.
    pub step: i64,
}

/// The values that a projection selects.
#[derive(Clone, Debug, PartialEq)]
pub enum Projection {
    /// The elements of an array.
    Elements,
    /// The values of an object.
    Values,
    /// The elements of an array for which the condition is true.
    Filter(Box<Expression>),
}

/// A comparison. Only numbers have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// The text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// The index of the byte where it is wrong.
    pub at: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

impl Expression {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// If the text is not an expression, names an unknown function, or passes a function the wrong
    /// number of arguments.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        parser::parse(text)
    }

    fn new(kind: ExpressionKind, start: usize) -> Self {
        Self { kind, start }
    }
}

impl Comparator {
    /// Whether it compares by order.
    pub fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// The text of the operator.
    pub fn text(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}
