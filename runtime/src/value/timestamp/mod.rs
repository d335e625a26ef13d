//! Points in time and their text forms (Smithy 2.0, "timestampFormat trait").

mod civil;
mod convert;
mod text;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

#[cfg(any(feature = "cbor", feature = "http"))]
pub(crate) use self::text::encodable;
#[cfg(feature = "http")]
pub(crate) use self::text::in_messages;
pub use self::text::{Formatted, TimestampFormat, format, parse};

const NANOS_PER_SEC: u32 = 1_000_000_000;

/// A point in time, to the nanosecond, in the years -9999 to 9999.
///
/// Messages have milliseconds and the years 1 to 9999 (Smithy 2.0, "timestamp"), and seconds in an
/// HTTP date: what is finer is dropped, and a time outside of these years cannot be sent.
///
/// It prints as RFC 3339 has it, in UTC and with no more digits of a fraction than it needs; a
/// precision sets their number, as in `{:.3}`. Years before 0, which RFC 3339 does not have, print
/// with a sign and six digits (ISO 8601).
///
/// Conversions to the types of [`jiff`](https://docs.rs/jiff), [`time`](https://docs.rs/time) and
/// [`chrono`](https://docs.rs/chrono) are behind the features of these names.
///
/// ```
/// # fn main() -> Result<(), drawplate_runtime::timestamp::TimestampError> {
/// use std::time::Duration;
/// use drawplate_runtime::Timestamp;
///
/// let at: Timestamp = "1985-04-12T23:20:50.52Z".parse()?;
/// assert_eq!(at, Timestamp::new(482_196_050, 520_000_000)?);
/// assert_eq!(at.to_string(), "1985-04-12T23:20:50.52Z");
/// assert!(at.checked_add(Duration::from_secs(60)) > Some(at));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Rounded down.
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self {
        seconds: 0,
        nanoseconds: 0,
    };

    /// -009999-01-01T00:00:00Z.
    pub const MIN: Self = Self {
        seconds: civil::FIRST,
        nanoseconds: 0,
    };

    /// 9999-12-31T23:59:59.999999999Z.
    pub const MAX: Self = Self {
        seconds: civil::LAST,
        nanoseconds: NANOS_PER_SEC - 1,
    };

    /// The time at `seconds`, rounded down, and `nanoseconds` since 1970-01-01T00:00:00Z: half a
    /// second before is `new(-1, 500_000_000)`.
    ///
    /// # Errors
    /// If there are more than 999,999,999 nanoseconds, or the time is not in the years -9999 to
    /// 9999.
    pub const fn new(seconds: i64, nanoseconds: u32) -> Result<Self, TimestampError> {
        let in_range = seconds >= civil::FIRST && seconds <= civil::LAST;
        if !in_range || nanoseconds >= NANOS_PER_SEC {
            return Err(TimestampError::OutOfRange);
        }
        Ok(Self {
            seconds,
            nanoseconds,
        })
    }

    /// The time at so many seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// If the time is not in the years -9999 to 9999.
    pub const fn from_secs(seconds: i64) -> Result<Self, TimestampError> {
        Self::new(seconds, 0)
    }

    /// The time at so many milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// If the time is not in the years -9999 to 9999.
    pub fn from_millis(milliseconds: i64) -> Result<Self, TimestampError> {
        Self::from_nanos(i128::from(milliseconds) * 1_000_000)
    }

    /// The time at so many nanoseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// If the time is not in the years -9999 to 9999.
    pub fn from_nanos(nanoseconds: i128) -> Result<Self, TimestampError> {
        let second = i128::from(NANOS_PER_SEC);
        let seconds = i64::try_from(nanoseconds.div_euclid(second));
        let nanoseconds = u32::try_from(nanoseconds.rem_euclid(second));
        match (seconds, nanoseconds) {
            (Ok(seconds), Ok(nanoseconds)) => Self::new(seconds, nanoseconds),
            _ => Err(TimestampError::OutOfRange),
        }
    }

    /// The time that the system's clock shows, or the nearest that a timestamp can have.
    pub fn now() -> Self {
        Self::try_from(SystemTime::now()).unwrap_or(Self::MAX)
    }

    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.seconds
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn as_millis(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanoseconds / 1_000_000)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub fn as_nanos(self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS_PER_SEC) + i128::from(self.nanoseconds)
    }

    /// The nanoseconds since the second that [`Timestamp::as_secs`] returns.
    pub const fn subsec_nanos(self) -> u32 {
        self.nanoseconds
    }

    /// The time that is `duration` later; `None` if it is after [`Timestamp::MAX`].
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let nanoseconds = i128::try_from(duration.as_nanos()).ok()?;
        Self::from_nanos(self.as_nanos() + nanoseconds).ok()
    }

    /// The time that is `duration` earlier; `None` if it is before [`Timestamp::MIN`].
    #[must_use]
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let nanoseconds = i128::try_from(duration.as_nanos()).ok()?;
        Self::from_nanos(self.as_nanos() - nanoseconds).ok()
    }

    /// The time from `earlier` to this one; `None` if `earlier` is later.
    pub fn checked_duration_since(self, earlier: Self) -> Option<Duration> {
        let seconds = u64::try_from(self.seconds - earlier.seconds).ok()?;
        let duration = Duration::new(seconds, self.nanoseconds);
        duration.checked_sub(Duration::new(0, earlier.nanoseconds))
    }
}

/// Prints the time as [`Display`](fmt::Display) does.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads RFC 3339, and what [`Display`](fmt::Display) prints for the years before 0.
impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        text::expanded_date_time(text).ok_or(TimestampError::Syntax)
    }
}

/// Why there is no such timestamp.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// It is not in the years -9999 to 9999, or would have more nanoseconds than a second has.
    OutOfRange,
    /// The text is not a date and time of RFC 3339, or not in the years -9999 to 9999.
    Syntax,
}

crate::error::debug_as_display!(TimestampError);

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "the time is not in the years -9999 to 9999",
            Self::Syntax => "expected a timestamp such as 1985-04-12T23:20:50.52Z",
        })
    }
}

impl std::error::Error for TimestampError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn timestamp() -> impl Strategy<Value = Timestamp> {
        (civil::FIRST..=civil::LAST, 0..NANOS_PER_SEC).prop_map(|(seconds, nanoseconds)| {
            Timestamp::new(seconds, nanoseconds).expect("both are in their ranges")
        })
    }

    proptest! {
        #[test]
        fn text_is_that_of_jiff(at in timestamp()) {
            let Ok(oracle) = jiff::Timestamp::from_nanosecond(at.as_nanos()) else {
                // jiff leaves room for offsets at both ends.
                return Ok(());
            };
            prop_assert_eq!(at.to_string(), oracle.to_string());
            prop_assert_eq!(format!("{at:.3}"), format!("{oracle:.3}"));
            prop_assert_eq!(format!("{at:.0}"), format!("{oracle:.0}"));
        }

        #[test]
        fn text_is_read_back(at in timestamp()) {
            prop_assert_eq!(at.to_string().parse(), Ok(at));
        }

        #[test]
        fn messages_are_read_back_to_their_resolution(at in timestamp()) {
            for (form, resolution) in [
                (TimestampFormat::DateTime, 1_000_000),
                (TimestampFormat::HttpDate, 1_000_000_000),
                (TimestampFormat::EpochSeconds, 1_000_000),
            ] {
                let Ok(printed) = format(at, form) else {
                    prop_assert!(at < "0001-01-01T00:00:00Z".parse().expect("a time"));
                    continue;
                };
                let read = parse(&printed.to_string(), form).expect("it was printed");
                let lost = at.as_nanos() - read.as_nanos();
                prop_assert!((0..resolution).contains(&lost), "{printed}");
                prop_assert_eq!(read.as_nanos() % resolution, 0);
            }
        }

        #[test]
        fn durations_are_added_and_subtracted(one in timestamp(), other in timestamp()) {
            let (earlier, later) = (one.min(other), one.max(other));
            let duration = later.checked_duration_since(earlier).expect("it is not earlier");
            prop_assert_eq!(earlier.checked_add(duration), Some(later));
            prop_assert_eq!(later.checked_sub(duration), Some(earlier));
            if earlier != later {
                prop_assert_eq!(earlier.checked_duration_since(later), None);
            }
            let whole = i128::try_from(duration.as_nanos());
            prop_assert_eq!(Ok(later.as_nanos() - earlier.as_nanos()), whole);
        }

        #[test]
        fn units_are_rounded_down(at in timestamp()) {
            prop_assert_eq!(Timestamp::from_nanos(at.as_nanos()), Ok(at));
            let milliseconds = Timestamp::from_millis(at.as_millis()).expect("it was rounded down");
            let lost = at.checked_duration_since(milliseconds);
            prop_assert!(lost.is_some_and(|lost| lost < Duration::from_millis(1)), "{lost:?}");
        }
    }

    #[test]
    fn the_range_is_that_of_the_years() {
        for (end, beyond, text) in [
            (Timestamp::MIN, -1, "-009999-01-01T00:00:00Z"),
            (Timestamp::MAX, 1, "9999-12-31T23:59:59.999999999Z"),
        ] {
            assert_eq!(end.to_string(), text);
            assert_eq!(text.parse(), Ok(end));
            assert_eq!(
                Timestamp::from_nanos(end.as_nanos() + beyond),
                Err(TimestampError::OutOfRange)
            );
        }
        assert_eq!(
            Timestamp::new(0, NANOS_PER_SEC),
            Err(TimestampError::OutOfRange)
        );
        assert_eq!(
            Timestamp::from_millis(i64::MAX),
            Err(TimestampError::OutOfRange)
        );
        assert_eq!(Timestamp::MAX.checked_add(Duration::from_nanos(1)), None);
        assert_eq!(Timestamp::MIN.checked_sub(Duration::MAX), None);
    }

    #[test]
    fn what_is_not_rfc_3339_is_rejected() {
        for text in [
            "",
            "-",
            "-000000-01-01T00:00:00Z",
            "-09999-01-01T00:00:00Z",
            "-010000-01-01T00:00:00Z",
            "-9999-01-01T00:00:00Z",
            "+002000-01-01T00:00:00Z",
            "2000-01-01",
            "0",
        ] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(TimestampError::Syntax),
                "{text}"
            );
        }
    }
}
