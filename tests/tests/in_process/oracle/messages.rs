//! The messages of violations.

use drawplate_model::model::{Constraints, Format, Kind, Member, Number, Simple};

use super::Violation;

pub(crate) fn says_length(constraints: &Constraints) -> String {
    let (min, max) = constraints
        .length
        .map_or((None, None), |length| (length.min, length.max));
    format!("Member must have length {}", between(min, max))
}

pub(crate) fn says_range(constraints: &Constraints) -> String {
    let text = |bound: &Number| match bound.as_i64() {
        Some(bound) => bound.to_string(),
        None => bound.to_string(),
    };
    let (min, max) = constraints.range.as_ref().map_or((None, None), |range| {
        (range.min.as_ref(), range.max.as_ref())
    });
    format!("Member must be {}", between(min.map(text), max.map(text)))
}

pub(crate) fn says_pattern(constraints: &Constraints) -> String {
    let pattern = constraints.pattern.as_deref().unwrap_or_default();
    format!("Member must satisfy regular expression pattern: {pattern}")
}

pub(crate) fn says_values(kind: &Kind) -> String {
    let values = match kind {
        Kind::Enum(values) => {
            let told = values.iter().filter(|value| !value.docs.internal);
            told.map(|value| value.value.to_string())
                .collect::<Vec<_>>()
        }
        Kind::IntEnum(values) => values.iter().map(|value| value.value.to_string()).collect(),
        _ => Vec::new(),
    };
    format!(
        "Member must satisfy enum value set: [{}]",
        values.join(", ")
    )
}

pub(crate) fn says_format(format: Format) -> String {
    let expected = match format {
        Format::Uuid => "be a UUID",
        Format::Date => "be a date such as 2025-08-15",
        Format::LocalTime => "be a time such as 13:26:51.5",
        Format::LocalDateTime => "be a date and time such as 2025-08-15T13:26:51.5",
        Format::OffsetTime => "be a time such as 13:26:51.5+02:00",
        Format::ZoneOffset => "be an offset such as +02:00",
        Format::YearMonth => "be a month such as 2025-08",
        Format::MonthDay => "be a day such as 08-15",
        Format::Duration => "have at most 9 decimals",
        Format::OffsetDateTime => "be a date and time with an offset",
    };
    format!("Member must {expected}")
}

fn between<T: std::fmt::Display>(min: Option<T>, max: Option<T>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("between {min} and {max}, inclusive"),
        (Some(min), None) => format!("greater than or equal to {min}"),
        (None, Some(max)) => format!("less than or equal to {max}"),
        (None, None) => String::new(),
    }
}

/// The bounds of a kind of integer, and the server's name of it.
pub(crate) fn integers(kind: &Kind) -> Option<(i128, i128, &'static str)> {
    Some(match kind {
        Kind::Simple(Simple::Byte) => (-128, 127, "an integer from -128 to 127"),
        Kind::Simple(Simple::Short) => (-32768, 32767, "an integer from -32768 to 32767"),
        Kind::Simple(Simple::Integer) | Kind::IntEnum(_) => (
            -2_147_483_648,
            2_147_483_647,
            "an integer from -2147483648 to 2147483647",
        ),
        Kind::Simple(Simple::Long) => (i64::MIN.into(), i64::MAX.into(), "an integer of 64 bits"),
        _ => return None,
    })
}

/// A pointer to a value inside another (RFC 6901).
pub(crate) fn inside(pointer: &str, segment: &str) -> String {
    format!(
        "{pointer}/{}",
        segment.replace('~', "~0").replace('/', "~1")
    )
}

/// A text as in messages: its beginning, or redacted if it is sensitive.
pub(crate) fn shown(member: &Member, text: &str, otherwise: &str) -> String {
    const MOST: usize = 40;
    if member.sensitive {
        otherwise.to_owned()
    } else if text.chars().count() > MOST {
        format!("`{}..`", text.chars().take(MOST).collect::<String>())
    } else {
        format!("`{text}`")
    }
}

pub(crate) fn mismatch(pointer: &str, expected: &str, found: &str) -> Violation {
    Violation::new(pointer, format!("Member must be {expected}, found {found}"))
}

pub(crate) fn missing(pointer: &str) -> Violation {
    Violation::new(pointer, "Member must not be null")
}
