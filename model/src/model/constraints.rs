//! Constraints on the values of shapes (Smithy 2.0, "Constraint traits").

use crate::number::Number;

/// The traits `length`, `range`, `pattern` and `uniqueItems` of a shape or member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// `smithy.api#length`: characters of a string, bytes of a blob, elements of a list, entries of
    /// a map.
    pub length: Option<Length>,
    /// `smithy.api#range`.
    pub range: Option<Range>,
    /// `smithy.api#pattern`: an ECMA 262 regular expression; it matches anywhere unless anchored.
    pub pattern: Option<Box<str>>,
    /// `smithy.api#uniqueItems`.
    pub unique_items: bool,
}

/// The bounds of `smithy.api#length`, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// The minimum.
    pub min: Option<u64>,
    /// The maximum.
    pub max: Option<u64>,
}

/// The bounds of `smithy.api#range`, inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The minimum.
    pub min: Option<Number>,
    /// The maximum.
    pub max: Option<Number>,
}
