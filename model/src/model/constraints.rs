//! Constraints on the values of shapes (Smithy 2.0, "Constraint traits").

use crate::number::Number;

/// The traits `length`, `range`, `pattern` and `uniqueItems` of a shape or member, and alloy's
/// formats of text.
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
    /// The format of a text or number.
    pub format: Option<Format>,
}

/// The format of a text, a number or a timestamp, which alloy has traits for. Dates and times are
/// those of RFC 3339 and ISO 8601; fractions of seconds have up to nine digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `alloy#uuidFormat`: `51216269-c0c8-454a-871e-329513e54e23`.
    Uuid,
    /// `alloy#dateFormat`: `2025-08-15`.
    Date,
    /// `alloy#localTimeFormat`: `13:26:51.5`.
    LocalTime,
    /// `alloy#localDateTimeFormat`: `2025-08-15T13:26:51.5`.
    LocalDateTime,
    /// `alloy#offsetTimeFormat`: `13:26:51.5+02:00`.
    OffsetTime,
    /// `alloy#zoneOffsetFormat`: `+02:00`.
    ZoneOffset,
    /// `alloy#yearMonthFormat`: `2025-08`.
    YearMonth,
    /// `alloy#monthDayFormat`: `08-15`.
    MonthDay,
    /// `alloy#durationSecondsFormat`: seconds with up to nine decimals.
    Duration,
    /// `alloy#offsetDateTimeFormat`: a timestamp whose text may have an offset from UTC.
    OffsetDateTime,
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
