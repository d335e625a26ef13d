//! The text forms of a timestamp (Smithy 2.0, "timestampFormat trait").
//!
//! All three keep nanoseconds; a form never prints more digits of a fraction than the value has, and none where it has none.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::error::EncodeError;
use crate::schema::TimestampFormat;
use crate::value::Timestamp;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A timestamp that prints in one of the forms.
#[derive(Clone, Copy, Debug)]
pub struct Formatted {
    value: Timestamp,
    format: TimestampFormat,
}

/// Makes `value` printable. RFC 3339 and IMF-fixdate have no years before 0.
pub fn format(value: Timestamp, format: TimestampFormat) -> Result<Formatted, EncodeError> {
    const YEAR_0: i64 = -62_167_219_200;
    match format {
        TimestampFormat::DateTime | TimestampFormat::HttpDate if value.as_second() < YEAR_0 => {
            Err(EncodeError::new(format!(
                "the timestamp {value} is before the year 0 and has no text form"
            )))
        }
        _ => Ok(Formatted { value, format }),
    }
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, format } = *self;
        match format {
            TimestampFormat::DateTime => write!(f, "{value}"),
            TimestampFormat::HttpDate => {
                let at = Offset::UTC.to_datetime(value);
                let weekday =
                    WEEKDAYS[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
                let month = MONTHS[usize::from(at.month().unsigned_abs()) - 1];
                let (day, year, hour, minute, second) =
                    (at.day(), at.year(), at.hour(), at.minute(), at.second());
                write!(
                    f,
                    "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02}"
                )?;
                fraction(f, at.subsec_nanosecond())?;
                f.write_str(" GMT")
            }
            TimestampFormat::EpochSeconds => {
                // Both parts have the sign of the whole.
                let sign = if value < Timestamp::UNIX_EPOCH {
                    "-"
                } else {
                    ""
                };
                write!(f, "{sign}{}", value.as_second().unsigned_abs())?;
                fraction(f, value.subsec_nanosecond())
            }
        }
    }
}

/// The digits of a fraction without the zeros at its end; nothing where there are no others.
fn fraction(f: &mut fmt::Formatter<'_>, nanoseconds: i32) -> fmt::Result {
    let (mut digits, mut width) = (nanoseconds.unsigned_abs(), 9);
    if digits == 0 {
        return Ok(());
    }
    while digits.is_multiple_of(10) {
        digits /= 10;
        width -= 1;
    }
    write!(f, ".{digits:0width$}")
}

/// Reads a timestamp; `None` where the text is not of the form or outside of the years -9999 to 9999.
///
/// An offset from UTC is accepted and normalised. Digits of a fraction beyond nanoseconds are dropped.
pub fn parse(text: &str, format: TimestampFormat) -> Option<Timestamp> {
    match format {
        TimestampFormat::DateTime => date_time(text),
        TimestampFormat::HttpDate => http_date(text),
        TimestampFormat::EpochSeconds => epoch_seconds(text),
    }
}

/// `1985-04-12T23:20:50.52Z`, `1985-04-12T23:20:50+01:00` (RFC 3339 section 5.6, `date-time`).
fn date_time(text: &str) -> Option<Timestamp> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let rest = rest.strip_prefix(['T', 't'])?;
    let (time, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-'])?);
    let [year, month, day] = fields(date, '-', [4, 2, 2])?;
    let at = civil(year, month, day, time)?;
    let offset = match offset {
        "Z" | "z" => Offset::UTC,
        _ => {
            let (sign, offset) = offset.split_at(1);
            let [hours, minutes] = fields(offset, ':', [2, 2])?;
            let seconds = i32::from((hours < 24 && minutes < 60).then_some(hours)?) * 3600
                + i32::from(minutes) * 60;
            Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()?
        }
    };
    offset.to_timestamp(at).ok()
}

/// `Tue, 29 Apr 2014 18:30:38 GMT`, with an optional fraction (RFC 9110 section 5.6.7, `IMF-fixdate`).
fn http_date(text: &str) -> Option<Timestamp> {
    let (weekday, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let [day, month, year, time, zone] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    if !WEEKDAYS.contains(&weekday) || zone != "GMT" || parts.next().is_some() {
        return None;
    }
    let month = i16::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let ([day], [year]) = (fields(day, ' ', [2])?, fields(year, ' ', [4])?);
    Offset::UTC
        .to_timestamp(civil(year, month, day, time)?)
        .ok()
}

/// `1515531081.1234`: a JSON number.
fn epoch_seconds(text: &str) -> Option<Timestamp> {
    let (negative, magnitude) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    if magnitude.contains(['e', 'E']) {
        // Writers turn to an exponent for what is very large or very small: as plain digits it is read as any other.
        let number: f64 = text.parse().ok()?;
        return (number.abs() < 1e12).then(|| epoch_seconds(&number.to_string()))?;
    }
    let (seconds, fraction) = match magnitude.split_once('.') {
        Some((seconds, fraction)) => (seconds, nanoseconds(fraction)?),
        None => (magnitude, 0),
    };
    let digits = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = digits.then(|| seconds.parse().ok())??;
    let sign = if negative { -1 } else { 1 };
    Timestamp::new(i64::from(sign) * seconds, sign * fraction).ok()
}

/// A date and a time with an optional fraction. A leap second is the second before it, as in POSIX.
fn civil(year: i16, month: i16, day: i16, time: &str) -> Option<DateTime> {
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, nanoseconds(fraction)?),
        None => (time, 0),
    };
    let small = |number: i16| i8::try_from(number).ok();
    let [hour, minute, second] = fields(time, ':', [2, 2, 2])?;
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, fraction).ok()?;
    Some(DateTime::from_parts(
        Date::new(year, small(month)?, small(day)?).ok()?,
        time,
    ))
}

/// Numbers of exactly so many digits each, with `separator` between them.
fn fields<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i16; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        let digits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = digits.then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

/// The nanoseconds of a fraction's digits.
fn nanoseconds(digits: &str) -> Option<i32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<9.9}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimestampFormat::{DateTime, EpochSeconds, HttpDate};

    fn check(text: &str, form: TimestampFormat, expected: Option<&str>) {
        let printed = parse(text, form)
            .map(|value| format(value, form).expect("a printable year").to_string());
        assert_eq!(printed.as_deref(), expected, "{text}");
    }

    #[test]
    fn date_times_are_read_and_printed() {
        for text in [
            "1985-04-12T23:20:50.52Z",
            "2000-02-29T00:00:00Z",
            "0001-01-01T00:00:00.000000001Z",
            "9999-12-30T00:00:00Z",
        ] {
            check(text, DateTime, Some(text));
        }
        check(
            "1996-12-19T16:39:57-08:00",
            DateTime,
            Some("1996-12-20T00:39:57Z"),
        );
        check(
            "1996-12-19t16:39:57.1000z",
            DateTime,
            Some("1996-12-19T16:39:57.1Z"),
        );
        check(
            "1990-12-31T23:59:60Z",
            DateTime,
            Some("1990-12-31T23:59:59Z"),
        );
        check(
            "2000-01-01T00:00:00.1234567899Z",
            DateTime,
            Some("2000-01-01T00:00:00.123456789Z"),
        );
    }

    #[test]
    fn what_is_not_a_date_time_is_refused() {
        for text in [
            "",
            "1996-12-19T16:39:57+00",
            "1996-12-19T16:39:57+00Z",
            "1996-12-19T16:39:57",
            "1996-12-19T163957",
            "19961219T163957Z",
            "19961219T16:39:57Z",
            "1996-12-19T16:39Z",
            "1996-12-19T16Z",
            "1996-12-19 16:39:57Z",
            "2011-12-03T10:15:30+01:00[Europe/Paris]",
            "2011-02-29T10:15:30Z",
            "2011-12-03T24:00:00Z",
            "2011-12-03T10:15:30.Z",
            "2011-12-03T10:15:30+24:00",
            "+011-12-03T10:15:30Z",
            "2011-12-03T10:15:30é",
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "1515531081",
        ] {
            check(text, DateTime, None);
        }
    }

    #[test]
    fn http_dates_are_read_and_printed() {
        for text in [
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "Sun, 02 Jan 2000 20:34:56.456 GMT",
        ] {
            check(text, HttpDate, Some(text));
        }
        check(
            "Sun, 02 Jan 2000 20:34:56.000 GMT",
            HttpDate,
            Some("Sun, 02 Jan 2000 20:34:56 GMT"),
        );
        for text in [
            "",
            "29 Apr 2014 18:30:38 GMT",
            "Tue, 29 Apr 2014 18:30:38 UTC",
            "Tue, 29 Apr 2014 18:30:38 GMT ",
            "Tue, 29-Apr-14 18:30:38 GMT",
            "Xyz, 29 Apr 2014 18:30:38 GMT",
            "Tue, 31 Apr 2014 18:30:38 GMT",
        ] {
            check(text, HttpDate, None);
        }
    }

    #[test]
    fn epoch_seconds_are_read_and_printed() {
        for text in [
            "0",
            "1515531081",
            "1515531081.1234",
            "-1.5",
            "-0.000000001",
            "253402207200",
        ] {
            check(text, EpochSeconds, Some(text));
        }
        check("1.5155310811234E9", EpochSeconds, Some("1515531081.1234"));
        check("1.50", EpochSeconds, Some("1.5"));
        check("-0", EpochSeconds, Some("0"));
        check("1e-9", EpochSeconds, Some("0.000000001"));
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "1e400",
            "NaN",
            "Infinity",
            "0x42",
            "1.2.3",
            "99999999999999",
            "+1",
        ] {
            check(text, EpochSeconds, None);
        }
    }

    #[test]
    fn years_before_zero_have_no_text_form() {
        let value = Timestamp::MIN;
        assert!(format(value, DateTime).is_err());
        assert!(format(value, HttpDate).is_err());
        let printed = format(value, EpochSeconds)
            .expect("any timestamp has seconds")
            .to_string();
        assert_eq!(parse(&printed, EpochSeconds), Some(value));
    }
}
