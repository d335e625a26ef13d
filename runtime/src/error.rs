//! Errors of encoding and decoding, with the location of each invalid value.

use std::borrow::Cow;
use std::fmt;

/// The maximum number of violations that an error lists. A request can be made to have as many as
/// it has bytes.
const MOST: usize = 100;

/// Implements `Debug` as `Display`: a program that returns an error from `main` prints the former.
macro_rules! debug_as_display {
    ($($type:ty),+ $(,)?) => {
        $(impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        })+
    };
}
pub(crate) use debug_as_display;

debug_as_display!(EncodeError, DecodeError);

/// A value that cannot be encoded.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodeError {
    /// Boxed, so that a result of encoding fits into a register.
    message: Box<Cow<'static, str>>,
}

impl EncodeError {
    /// An error whose message says what cannot be encoded and why.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: Box::new(message.into()),
        }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EncodeError {}

/// A document that cannot be decoded: it is malformed, or its values do not match the schema.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Repr>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Repr {
    Syntax(Syntax),
    Violations {
        list: Vec<Violation>,
        more: usize,
    },
    /// The values need more memory than the limit in bytes.
    TooLarge {
        limit: usize,
    },
}

/// Why a document is malformed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Syntax {
    /// The message of the parser.
    pub message: String,
    /// The value that contains the error, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// The line, from 1; 0 if the format has no lines.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The position in bytes, from 0, if the format has no lines.
    pub offset: Option<usize>,
    /// Whether the nesting of values exceeds the limit.
    pub too_deep: bool,
}

/// A value that does not match its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The location of the value: a JSON pointer (RFC 6901), empty for the whole document.
    pub pointer: String,
    /// The problem with the value.
    pub problem: Problem,
}

/// A problem with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A required value is missing.
    Missing,
    /// A key occurs twice.
    Duplicate,
    /// The value has another type, or is out of the range of its type.
    Mismatch {
        /// The value that the schema describes.
        expected: Cow<'static, str>,
        /// The value in the document. It is quoted only if it is short and not sensitive.
        found: Cow<'static, str>,
    },
    /// The value has the right type but violates a constraint of the model.
    Constraint(Constraint),
}

impl Problem {
    /// Whether the value is in order but for a constraint of the model.
    pub(crate) fn is_constraint(&self) -> bool {
        matches!(self, Self::Missing | Self::Constraint(_))
    }
}

/// A violated constraint (Smithy 2.0, "Constraint traits").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Constraint {
    /// `length`
    Length {
        /// The number of characters, bytes, elements or entries.
        found: u64,
        /// The minimum.
        min: Option<u64>,
        /// The maximum.
        max: Option<u64>,
    },
    /// `range`
    Range {
        /// The minimum.
        min: Option<Number>,
        /// The maximum.
        max: Option<Number>,
    },
    /// `pattern`
    Pattern(&'static str),
    /// `enum`: the public values.
    Values(&'static [&'static str]),
    /// `intEnum`
    Numbers(&'static [i32]),
    /// `uniqueItems`
    Unique,
    /// The format of a text or number (alloy's `uuidFormat`, `dateFormat`, ..).
    Format(Format),
}

/// A format of texts, numbers or timestamps. alloy has a trait for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `alloy#uuidFormat`
    Uuid,
    /// `alloy#dateFormat`
    Date,
    /// `alloy#localTimeFormat`
    LocalTime,
    /// `alloy#localDateTimeFormat`
    LocalDateTime,
    /// `alloy#offsetTimeFormat`
    OffsetTime,
    /// `alloy#zoneOffsetFormat`
    ZoneOffset,
    /// `alloy#yearMonthFormat`
    YearMonth,
    /// `alloy#monthDayFormat`
    MonthDay,
    /// `alloy#durationSecondsFormat`
    Duration,
    /// `alloy#offsetDateTimeFormat`
    OffsetDateTime,
}

/// A bound of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// An integer of 64 bits.
    Integer(i64),
    /// Any other number: its digits in JSON, as in the model.
    Digits(&'static str),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Digits(digits) => f.write_str(digits),
        }
    }
}

impl DecodeError {
    /// One violation, of the value that is being decoded. [`DecodeError::inside`] adds the location
    /// as the error is passed up.
    pub fn new(problem: Problem) -> Self {
        let violation = Violation {
            pointer: String::new(),
            problem,
        };
        Self(Box::new(Repr::Violations {
            list: vec![violation],
            more: 0,
        }))
    }

    /// A mismatch of the value that is being decoded.
    pub fn mismatch(
        expected: impl Into<Cow<'static, str>>,
        found: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Problem::Mismatch {
            expected: expected.into(),
            found: found.into(),
        })
    }

    /// A malformed document.
    pub(crate) fn syntax(syntax: Syntax) -> Self {
        Self(Box::new(Repr::Syntax(syntax)))
    }

    /// A document whose values need more memory than the limit.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self(Box::new(Repr::TooLarge { limit }))
    }

    /// Puts `segment` in front of the pointers: the error is in the value with that name.
    #[must_use]
    pub fn inside(mut self, segment: &str) -> Self {
        let mut segment = Cow::Borrowed(segment);
        if segment.contains(['~', '/']) {
            segment = Cow::Owned(segment.replace('~', "~0").replace('/', "~1"));
        }
        let prefix = |pointer: &mut String| {
            pointer.reserve(segment.len() + 1);
            pointer.insert_str(0, &segment);
            pointer.insert(0, '/');
        };
        match &mut *self.0 {
            Repr::Syntax(syntax) => prefix(&mut syntax.pointer),
            Repr::Violations { list, .. } => list
                .iter_mut()
                .for_each(|violation| prefix(&mut violation.pointer)),
            Repr::TooLarge { .. } => {}
        }
        self
    }

    /// Removes the found values from the error, which is in a sensitive value.
    #[must_use]
    pub(crate) fn redacted(mut self) -> Self {
        if let Repr::Violations { list, .. } = &mut *self.0 {
            for violation in list {
                if let Problem::Mismatch { found, .. } = &mut violation.problem
                    && found.starts_with('`')
                {
                    *found = Cow::Borrowed("another value");
                }
            }
        }
        self
    }

    /// Adds the violations of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        match (&mut *self.0, *other.0) {
            (
                Repr::Violations { list, more },
                Repr::Violations {
                    list: others,
                    more: others_more,
                },
            ) => {
                let room = MOST.saturating_sub(list.len());
                *more += others_more + others.len().saturating_sub(room);
                let mut others = others.into_iter();
                list.extend(others.by_ref().take(room));
                // One that is no constraint is always listed: it decides which error this is.
                let is_wrong = |violation: &Violation| !violation.problem.is_constraint();
                if let Some(wrong) = others.find(is_wrong)
                    && !list.iter().rev().any(is_wrong)
                    && let Some(last) = list.last_mut()
                {
                    *last = wrong;
                }
                self
            }
            (Repr::Syntax(_) | Repr::TooLarge { .. }, _) => self,
            (_, other) => Self(Box::new(other)),
        }
    }

    /// The violations, in document order; empty if the document is malformed or too large.
    pub fn violations(&self) -> &[Violation] {
        match &*self.0 {
            Repr::Syntax(_) | Repr::TooLarge { .. } => &[],
            Repr::Violations { list, .. } => list,
        }
    }

    /// The number of violations that [`DecodeError::violations`] does not list.
    pub fn unlisted(&self) -> usize {
        match &*self.0 {
            Repr::Syntax(_) | Repr::TooLarge { .. } => 0,
            Repr::Violations { more, .. } => *more,
        }
    }

    /// Why the document is malformed; `None` if it is well-formed.
    pub fn as_syntax(&self) -> Option<&Syntax> {
        match &*self.0 {
            Repr::Syntax(syntax) => Some(syntax),
            Repr::Violations { .. } | Repr::TooLarge { .. } => None,
        }
    }

    /// The limit in bytes, if the values of the document need more memory than that.
    pub fn exceeded_memory_limit(&self) -> Option<usize> {
        match &*self.0 {
            Repr::TooLarge { limit } => Some(*limit),
            Repr::Syntax(_) | Repr::Violations { .. } => None,
        }
    }
}

/// The last boundary between characters that is not after `limit`. `str::floor_char_boundary` needs
/// Rust 1.91.
pub(crate) fn char_boundary(text: &str, limit: usize) -> usize {
    let mut boundary = limit.min(text.len());
    while !text.is_char_boundary(boundary) {
        boundary -= 1;
    }
    boundary
}

/// Text from outside in a message: on one line, and limited. Line breaks and control characters
/// become a single space.
pub(crate) struct SingleLine<'t> {
    text: &'t str,
    /// The number of bytes that are shown.
    limit: usize,
}

impl<'t> SingleLine<'t> {
    /// A name or an ID.
    pub(crate) const fn name(text: &'t str) -> Self {
        Self { text, limit: 128 }
    }

    /// A message for humans.
    pub(crate) const fn message(text: &'t str) -> Self {
        Self { text, limit: 1024 }
    }
}

impl fmt::Display for SingleLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, limit } = *self;
        let shown = &text[..char_boundary(text, limit)];
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        if shown.contains(breaks) {
            let parts = shown.split(breaks).map(str::trim);
            for (index, part) in parts.filter(|part| !part.is_empty()).enumerate() {
                f.write_str(if index > 0 { " " } else { "" })?;
                f.write_str(part)?;
            }
        } else {
            f.write_str(shown)?;
        }
        f.write_str(if shown.len() < text.len() { ".." } else { "" })
    }
}

/// Shows the text in quotes.
impl fmt::Debug for SingleLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

/// Combines the results of two values: all errors are reported.
#[cfg(feature = "http")]
pub(crate) fn both(
    first: Result<(), DecodeError>,
    second: Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    match (first, second) {
        (Err(first), Err(second)) => Err(first.and(second)),
        (first, second) => first.and(second),
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Repr::Syntax(syntax) => syntax.fmt(f),
            Repr::TooLarge { limit } => write!(
                f,
                "the decoded values need more memory than the limit of {limit} bytes"
            ),
            Repr::Violations { list, more } => {
                for (index, violation) in list.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{violation}")?;
                }
                if *more > 0 {
                    write!(f, "; and {more} more")
                } else {
                    Ok(())
                }
            }
        }
    }
}

impl std::error::Error for DecodeError {}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            message,
            pointer,
            line,
            column,
            offset,
            too_deep: _,
        } = self;
        f.write_str(message)?;
        if *line > 0 {
            write!(f, " at line {line} column {column}")?;
        }
        if let Some(offset) = offset {
            write!(f, " at byte {offset}")?;
        }
        if pointer.is_empty() {
            Ok(())
        } else {
            write!(f, ", in `{pointer}`")
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, problem } = self;
        if !pointer.is_empty() {
            write!(f, "{pointer}: ")?;
        }
        problem.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("a required value is missing"),
            Self::Duplicate => f.write_str("the key occurs twice"),
            Self::Mismatch { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Constraint(constraint) => constraint.fmt(f),
        }
    }
}

/// The rule that the constraint sets, in the words of Smithy's servers.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found: _, min, max } => {
                f.write_str("Member must have length ")?;
                between(f, min.as_ref(), max.as_ref())
            }
            Self::Range { min, max } => {
                f.write_str("Member must be ")?;
                between(f, min.as_ref(), max.as_ref())
            }
            Self::Pattern(pattern) => {
                write!(
                    f,
                    "Member must satisfy regular expression pattern: {pattern}"
                )
            }
            Self::Values(values) => listed(f, values),
            Self::Numbers(values) => listed(f, values),
            Self::Unique => f.write_str("Member must have unique values"),
            Self::Format(format) => f.write_str(match format {
                Format::Uuid => "Member must be a UUID",
                Format::Date => "Member must be a date such as 2025-08-15",
                Format::LocalTime => "Member must be a time such as 13:26:51.5",
                Format::LocalDateTime => {
                    "Member must be a date and time such as 2025-08-15T13:26:51.5"
                }
                Format::OffsetTime => "Member must be a time such as 13:26:51.5+02:00",
                Format::ZoneOffset => "Member must be an offset such as +02:00",
                Format::YearMonth => "Member must be a month such as 2025-08",
                Format::MonthDay => "Member must be a day such as 08-15",
                Format::Duration => "Member must have at most 9 decimals",
                Format::OffsetDateTime => "Member must be a date and time with an offset",
            }),
        }
    }
}

fn between<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    min: Option<&T>,
    max: Option<&T>,
) -> fmt::Result {
    match (min, max) {
        (Some(min), Some(max)) => write!(f, "between {min} and {max}, inclusive"),
        (Some(min), None) => write!(f, "greater than or equal to {min}"),
        (None, Some(max)) => write!(f, "less than or equal to {max}"),
        (None, None) => f.write_str("valid"),
    }
}

fn listed<T: fmt::Display>(f: &mut fmt::Formatter<'_>, values: &[T]) -> fmt::Result {
    f.write_str("Member must satisfy enum value set: [")?;
    for (index, value) in values.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{value}")?;
    }
    f.write_str("]")
}
