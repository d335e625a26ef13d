//! What the values of a shape must keep to (Smithy 2.0, "Constraint traits").

/// `length`, `range`, `pattern` and `uniqueItems`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// `smithy.api#length`: characters of a string, bytes of a blob, elements of a list, entries of a map.
    pub length: Option<Length>,
    /// `smithy.api#range`.
    pub range: Option<Range>,
    /// `smithy.api#pattern`: an ECMA 262 regular expression that `regex` compiles too; matches anywhere unless anchored.
    pub pattern: Option<Box<str>>,
    /// `smithy.api#uniqueItems`.
    pub unique_items: bool,
}

/// `smithy.api#length`, bounds included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// At least.
    pub min: Option<u64>,
    /// At most.
    pub max: Option<u64>,
}

/// `smithy.api#range`, bounds included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// At least.
    pub min: Option<Number>,
    /// At most.
    pub max: Option<Number>,
}

/// A bound of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Without a fraction and within 64 bits.
    Integer(i64),
    /// Anything else.
    Float(f64),
}
