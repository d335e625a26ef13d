//! Formats of texts and numbers (alloy's `uuidFormat`, `dateFormat`, ..).

use crate::schema::{Format, TimestampFormat};
use crate::value::number::JsonNumber;
use crate::value::timestamp;

/// Whether a text has a format. Dates exist in the calendar, and fractions of seconds have at most
/// nine digits.
pub(super) fn text_matches(format: Format, text: &str) -> bool {
    let exists = |text: &str| timestamp::parse(text, TimestampFormat::DateTime).is_some();
    let short = text
        .split_once('.')
        .is_none_or(|(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count() <= 9);
    short
        && match format {
            Format::Uuid => is_uuid(text),
            Format::Date => exists(&format!("{text}T00:00:00Z")),
            Format::LocalTime => exists(&format!("2000-01-01T{text}Z")),
            Format::LocalDateTime => exists(&format!("{text}Z")),
            Format::OffsetTime => exists(&format!("2000-01-01T{text}")),
            Format::ZoneOffset => {
                !text.contains('.') && exists(&format!("2000-01-01T00:00:00{text}"))
            }
            Format::YearMonth => exists(&format!("{text}-01T00:00:00Z")),
            // A leap year has every day.
            Format::MonthDay => exists(&format!("2000-{text}T00:00:00Z")),
            Format::Duration | Format::OffsetDateTime => true,
        }
}

/// Whether the digits of a number have a format.
pub(super) fn number_matches(format: Format, digits: &str) -> bool {
    format != Format::Duration
        || JsonNumber::parse(digits).is_none_or(|number| number.has_decimals(9))
}

/// Groups of hexadecimal digits (RFC 9562 section 4), of any version.
fn is_uuid(text: &str) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let mut groups = text.split('-');
    let is_group = |length: usize| {
        groups.next().is_some_and(|group| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    GROUPS.into_iter().all(is_group) && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: Format, valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(text_matches(format, text), "{format:?} {text}");
        }
        for text in invalid {
            assert!(!text_matches(format, text), "{format:?} {text}");
        }
    }

    #[test]
    fn uuids_are_groups_of_hexadecimal_digits() {
        check(
            Format::Uuid,
            &[
                "51216269-c0c8-454a-871e-329513e54e23",
                "00000000-0000-0000-0000-000000000000",
                "FFFFFFFF-ffff-FFFF-ffff-FFFFffffFFFF",
            ],
            &[
                "",
                "51216269c0c8454a871e329513e54e23",
                "51216269-c0c8-454a-871e-329513e54e2",
                "51216269-c0c8-454a-871e-329513e54e23-",
                "{51216269-c0c8-454a-871e-329513e54e23}",
                "g1216269-c0c8-454a-871e-329513e54e23",
                "５1216269-c0c8-454a-871e-329513e54e23",
            ],
        );
    }

    #[test]
    fn dates_and_times_exist() {
        check(
            Format::Date,
            &["2024-02-29", "0001-01-01", "9999-12-31"],
            &[
                "2023-02-29",
                "2024-2-29",
                "2024-02-29Z",
                "24-02-29",
                "",
                "2024-02-29T00:00:00",
            ],
        );
        check(
            Format::LocalTime,
            &["13:26:51", "00:00:00.123456789"],
            &[
                "24:00:00",
                "13:26",
                "13:26:51Z",
                "13:26:51+02:00",
                "00:00:00.1234567890",
                "00:00:00.",
            ],
        );
        check(
            Format::LocalDateTime,
            &["2025-08-15T13:26:51", "2025-08-15T13:26:51.5"],
            &[
                "2025-08-15T13:26:51Z",
                "2025-08-15",
                "2025-08-15T13:26:51-01:00",
            ],
        );
        check(
            Format::OffsetTime,
            &["13:26:51+02:00", "13:26:51.5-11:30", "13:26:51Z"],
            &["13:26:51", "13:26:51+2", "13:26:51+24:00"],
        );
        check(
            Format::ZoneOffset,
            &["+02:00", "-11:30", "Z"],
            &["", "02:00", "+2", ".5Z"],
        );
        check(
            Format::YearMonth,
            &["2025-08"],
            &["2025-13", "2025-8", "2025-08-01"],
        );
        check(
            Format::MonthDay,
            &["02-29", "12-31"],
            &["02-30", "--02-29", "2-9"],
        );
    }

    #[test]
    fn durations_have_nine_decimals() {
        for (digits, expected) in [
            ("86400.000000001", true),
            ("-1.5", true),
            ("1e3", true),
            ("1.0000000000000", true),
            ("1e-9", true),
            ("1e-10", false),
            ("0.0000000001", false),
            ("86400.00001e99900001", true),
            ("1e5000", true),
            ("1e-5000", false),
            ("0.0e-5000", true),
        ] {
            assert_eq!(
                number_matches(Format::Duration, digits),
                expected,
                "{digits}"
            );
        }
    }
}
