//! The text forms.
//!
//! Messages have a resolution of one millisecond, or of one second in an HTTP date, and the years 1
//! to 9999 (Smithy 2.0, "timestamp" and "timestampFormat trait"). [`format()`] and [`parse`]
//! truncate what is finer and reject what is outside. A form never prints more digits of a fraction
//! than the value has.

use std::fmt;

use super::civil::{self, Civil};
use super::{NANOS_PER_SEC, Timestamp};
use crate::error::EncodeError;
use crate::value::number::JsonNumber;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The text forms of a timestamp (Smithy 2.0, `timestampFormat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// RFC 3339 in UTC.
    DateTime,
    /// RFC 9110 IMF-fixdate.
    HttpDate,
    /// Seconds since the epoch, with an optional fraction.
    EpochSeconds,
}

/// A timestamp that prints in one of the forms.
#[derive(Clone, Copy, Debug)]
pub struct Formatted {
    value: Timestamp,
    format: TimestampFormat,
}

/// Makes `value` printable.
pub fn format(value: Timestamp, format: TimestampFormat) -> Result<Formatted, EncodeError> {
    let value = encodable(value)?;
    Ok(Formatted { value, format })
}

/// The timestamp with the resolution of messages.
pub(crate) fn encodable(value: Timestamp) -> Result<Timestamp, EncodeError> {
    in_messages(value).ok_or_else(|| {
        EncodeError::new(format!(
            "the timestamp {value} cannot be sent: timestamps have the years 0001 to 9999"
        ))
    })
}

/// The timestamp with the resolution of messages; `None` if it is outside of their range.
pub(crate) fn in_messages(value: Timestamp) -> Option<Timestamp> {
    const RESOLUTION: u32 = 1_000_000;
    let nanoseconds = value.subsec_nanos();
    (value.as_secs() >= civil::YEAR_1)
        .then(|| Timestamp::new(value.as_secs(), nanoseconds - nanoseconds % RESOLUTION).ok())?
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, format } = *self;
        let mut text = Text::default();
        match format {
            TimestampFormat::DateTime => text.date_time(value, None),
            TimestampFormat::HttpDate => text.http_date(value),
            TimestampFormat::EpochSeconds => text.epoch_seconds(value),
        }
        f.write_str(text.as_str())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text::default();
        text.date_time(*self, f.precision());
        f.write_str(text.as_str())
    }
}

/// A text that is being written: the longest is `-009999-01-01T00:00:00.123456789Z`.
#[derive(Default)]
struct Text {
    bytes: [[u8; 10]; 4],
    length: usize,
}

impl Text {
    fn date_time(&mut self, at: Timestamp, precision: Option<usize>) {
        let civil = Civil::at(at.as_secs());
        if civil.year < 0 {
            self.push(b"-");
        }
        let width = if civil.year < 0 { 6 } else { 4 };
        self.number(civil.year.unsigned_abs(), width);
        for number in [civil.month, civil.day] {
            self.push(b"-");
            self.number(number.unsigned_abs(), 2);
        }
        self.push(b"T");
        self.time(civil);
        self.fraction(at.subsec_nanos(), precision);
        self.push(b"Z");
    }

    fn http_date(&mut self, at: Timestamp) {
        let civil = Civil::at(at.as_secs());
        let month = usize::try_from(civil.month - 1).unwrap_or_default();
        self.push(WEEKDAYS[civil.weekday()].as_bytes());
        self.push(b", ");
        self.number(civil.day.unsigned_abs(), 2);
        self.push(b" ");
        self.push(MONTHS[month].as_bytes());
        self.push(b" ");
        self.number(civil.year.unsigned_abs(), 4);
        self.push(b" ");
        self.time(civil);
        self.push(b" GMT");
    }

    /// Sign and magnitude, where the seconds of the value are rounded down.
    fn epoch_seconds(&mut self, at: Timestamp) {
        let (mut seconds, mut nanoseconds) = (at.as_secs(), at.subsec_nanos());
        if seconds < 0 {
            self.push(b"-");
            if nanoseconds > 0 {
                (seconds, nanoseconds) = (seconds + 1, NANOS_PER_SEC - nanoseconds);
            }
        }
        self.number(seconds.unsigned_abs(), 1);
        self.fraction(nanoseconds, None);
    }

    fn time(&mut self, civil: Civil) {
        self.number(civil.hour.unsigned_abs(), 2);
        self.push(b":");
        self.number(civil.minute.unsigned_abs(), 2);
        self.push(b":");
        self.number(civil.second.unsigned_abs(), 2);
    }

    /// So many digits of a fraction; without a precision, all but the zeros at its end.
    fn fraction(&mut self, nanoseconds: u32, precision: Option<usize>) {
        let (mut digits, mut width) = (u64::from(nanoseconds), 9);
        let fits = |digits: u64, width: usize| match precision {
            Some(precision) => width <= precision,
            None => !digits.is_multiple_of(10),
        };
        while width > 0 && !fits(digits, width) {
            digits /= 10;
            width -= 1;
        }
        if width > 0 {
            self.push(b".");
            self.number(digits, width);
        }
    }

    /// A number of at least `width` digits.
    fn number(&mut self, number: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let (mut rest, mut start) = (number, digits.len());
        while rest > 0 || start + width > digits.len() {
            start -= 1;
            digits[start] = b"0123456789"[(rest % 10) as usize];
            rest /= 10;
        }
        self.push(&digits[start..]);
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.bytes.as_flattened_mut()[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes.as_flattened()[..self.length])
            .expect("only ASCII is pushed")
    }
}

/// Reads a timestamp; `None` if the text is not of the form or not in the years 1 to 9999.
///
/// An offset from UTC is accepted and normalised. Digits beyond milliseconds are dropped.
pub fn parse(text: &str, format: TimestampFormat) -> Option<Timestamp> {
    in_messages(match format {
        TimestampFormat::DateTime => date_time(text)?,
        TimestampFormat::HttpDate => http_date(text)?,
        TimestampFormat::EpochSeconds => epoch_seconds(text)?,
    })
}

/// `1985-04-12T23:20:50.52Z`, `1985-04-12T23:20:50+01:00` (RFC 3339 section 5.6, `date-time`).
fn date_time(text: &str) -> Option<Timestamp> {
    let [year, month, day] = fields(text.get(..10)?, '-', [4, 2, 2])?;
    time_of_day(year, month, day, text.get(10..)?)
}

/// The same, and `-009999-01-01T00:00:00Z` (ISO 8601, with two more digits for years before 0).
pub(super) fn expanded_date_time(text: &str) -> Option<Timestamp> {
    let Some(text) = text.strip_prefix('-') else {
        return date_time(text);
    };
    let [year, month, day] = fields(text.get(..12)?, '-', [6, 2, 2])?;
    time_of_day((year > 0).then_some(-year)?, month, day, text.get(12..)?)
}

/// The part of a date and time from the `T`.
fn time_of_day(year: i64, month: i64, day: i64, text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix(['T', 't'])?;
    let (time, offset) = text.split_at(text.find(['Z', 'z', '+', '-'])?);
    let (time, nanoseconds) = match time.split_once('.') {
        Some((time, fraction)) => (time, nanoseconds(fraction)?),
        None => (time, 0),
    };
    let seconds = civil(year, month, day, time)?;
    let offset = match offset {
        "Z" | "z" => 0,
        _ => {
            let (sign, offset) = offset.split_at(1);
            let [hours, minutes] = fields(offset, ':', [2, 2])?;
            let seconds = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
            if sign == "-" { -seconds } else { seconds }
        }
    };
    Timestamp::new(seconds - offset, nanoseconds).ok()
}

/// `Tue, 29 Apr 2014 18:30:38 GMT` (RFC 9110 section 5.6.7, `IMF-fixdate`), without a fraction.
fn http_date(text: &str) -> Option<Timestamp> {
    let (weekday, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let [day, month, year, time, zone] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    if !WEEKDAYS.contains(&weekday) || zone != "GMT" || parts.next().is_some() {
        return None;
    }
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let ([day], [year]) = (fields(day, ' ', [2])?, fields(year, ' ', [4])?);
    let seconds = civil(year, month, day, time)?;
    Timestamp::from_secs(seconds).ok()
}

/// `1515531081.1234`: a JSON number, possibly with an exponent.
fn epoch_seconds(text: &str) -> Option<Timestamp> {
    let nanoseconds = JsonNumber::parse(text)?.rounded_down(NANOS_PER_SEC.ilog10())?;
    Timestamp::from_nanos(nanoseconds).ok()
}

/// The seconds of a date and a time. A leap second is the second before it, as in POSIX.
fn civil(year: i64, month: i64, day: i64, time: &str) -> Option<i64> {
    let [hour, minute, second] = fields(time, ':', [2, 2, 2])?;
    let civil = Civil {
        year,
        month,
        day,
        hour,
        minute,
        second: if second == 60 { 59 } else { second },
    };
    civil.seconds()
}

/// Numbers of exactly so many digits each, with `separator` between them.
fn fields<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
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
fn nanoseconds(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(nanoseconds.fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
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
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            check(text, DateTime, Some(text));
        }
        for (text, expected) in [
            ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"),
            ("1996-12-19t16:39:57.1000z", "1996-12-19T16:39:57.1Z"),
            ("1990-12-31T23:59:60Z", "1990-12-31T23:59:59Z"),
            (
                "2000-01-01T00:00:00.1239999999Z",
                "2000-01-01T00:00:00.123Z",
            ),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00.000000001Z", "0001-01-01T00:00:00Z"),
            ("0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00Z"),
        ] {
            check(text, DateTime, Some(expected));
        }
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
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
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
            "Mon, 01 Jan 0001 00:00:00 GMT",
        ] {
            check(text, HttpDate, Some(text));
        }
        for text in [
            "",
            "29 Apr 2014 18:30:38 GMT",
            "Tue, 29 Apr 2014 18:30:38 UTC",
            "Tue, 29 Apr 2014 18:30:38 GMT ",
            "Tue, 29-Apr-14 18:30:38 GMT",
            "Xyz, 29 Apr 2014 18:30:38 GMT",
            "Tue, 31 Apr 2014 18:30:38 GMT",
            "Sun, 02 Jan 2000 20:34:56.456 GMT",
            "Sun, 02 Jan 2000 20:34:56.000 GMT",
            "Sat, 01 Jan 0000 00:00:00 GMT",
        ] {
            check(text, HttpDate, None);
        }
    }

    #[test]
    fn epoch_seconds_are_read_and_printed() {
        for text in [
            "0",
            "1515531081",
            "1515531081.123",
            "-1.5",
            "-0.001",
            "-62135596800",
            "253402300799.999",
        ] {
            check(text, EpochSeconds, Some(text));
        }
        for (text, expected) in [
            ("1515531081.1239999", "1515531081.123"),
            ("1.5155310811239E9", "1515531081.123"),
            ("253402300799.9999999", "253402300799.999"),
            ("-1.0001", "-1.001"),
            ("1.50", "1.5"),
            ("-0", "0"),
            ("1e-9", "0"),
        ] {
            check(text, EpochSeconds, Some(expected));
        }
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
            "-62135596801",
            "253402300800",
            "1e99999999999999999999",
            "+1",
        ] {
            check(text, EpochSeconds, None);
        }
    }

    #[test]
    fn what_messages_do_not_have_is_not_sent() {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        for form in [DateTime, HttpDate, EpochSeconds] {
            for early in [Timestamp::MIN, time("0000-12-31T23:59:59.999Z")] {
                let error = format(early, form).expect_err("its year cannot be sent");
                let expected = format!(
                    "the timestamp {early} cannot be sent: timestamps have the years 0001 to 9999"
                );
                assert_eq!(error.to_string(), expected);
            }
            assert!(format(time("0001-01-01T00:00:00Z"), form).is_ok());
        }
        let print = |text: &str, form| format(time(text), form).expect("a year").to_string();
        let fine = "2000-01-02T20:34:56.123999999Z";
        assert_eq!(print(fine, DateTime), "2000-01-02T20:34:56.123Z");
        assert_eq!(print(fine, HttpDate), "Sun, 02 Jan 2000 20:34:56 GMT");
        assert_eq!(print(fine, EpochSeconds), "946845296.123");
        assert_eq!(print("1969-12-31T23:59:59.9999Z", EpochSeconds), "-0.001");
    }
}
