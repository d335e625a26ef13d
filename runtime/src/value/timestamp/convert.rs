//! Conversions from and to other types of points in time.

use std::time::{Duration, SystemTime};

use super::{Timestamp, TimestampError};

/// Fails outside of the years -9999 to 9999.
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        let at = match since {
            Ok(after) => Self::UNIX_EPOCH.checked_add(after),
            Err(before) => Self::UNIX_EPOCH.checked_sub(before.duration()),
        };
        at.ok_or(TimestampError::OutOfRange)
    }
}

/// Fails where the system's clock does not reach as far: on Windows, before 1601.
impl TryFrom<Timestamp> for SystemTime {
    type Error = TimestampError;

    fn try_from(at: Timestamp) -> Result<Self, TimestampError> {
        let after = Duration::new(0, at.subsec_nanos());
        let seconds = Duration::from_secs(at.as_secs().unsigned_abs());
        let second = if at.as_secs() < 0 {
            Self::UNIX_EPOCH.checked_sub(seconds)
        } else {
            Self::UNIX_EPOCH.checked_add(seconds)
        };
        let time = second.and_then(|second| second.checked_add(after));
        time.ok_or(TimestampError::OutOfRange)
    }
}

#[cfg(feature = "jiff")]
mod jiff {
    use jiff::Timestamp as Jiff;

    use super::{Timestamp, TimestampError};

    impl From<Jiff> for Timestamp {
        fn from(time: Jiff) -> Self {
            Self::from_nanos(time.as_nanosecond())
                .expect("the timestamps of jiff are in the years -9999 to 9999")
        }
    }

    /// Fails in the first and the last days of the years -9999 to 9999, which jiff keeps for
    /// offsets.
    impl TryFrom<Timestamp> for Jiff {
        type Error = TimestampError;

        fn try_from(at: Timestamp) -> Result<Self, TimestampError> {
            Self::from_nanosecond(at.as_nanos()).map_err(|_| TimestampError::OutOfRange)
        }
    }
}

#[cfg(feature = "time")]
mod time {
    use time::OffsetDateTime;

    use super::{Timestamp, TimestampError};

    /// Fails outside of the years -9999 to 9999 of UTC.
    impl TryFrom<OffsetDateTime> for Timestamp {
        type Error = TimestampError;

        fn try_from(time: OffsetDateTime) -> Result<Self, TimestampError> {
            Self::from_nanos(time.unix_timestamp_nanos())
        }
    }

    /// In UTC.
    impl From<Timestamp> for OffsetDateTime {
        fn from(at: Timestamp) -> Self {
            Self::from_unix_timestamp_nanos(at.as_nanos())
                .expect("`time` has the years -9999 to 9999")
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use chrono::{DateTime, TimeZone, Utc};

    use super::super::NANOS_PER_SEC;
    use super::{Timestamp, TimestampError};

    /// Fails outside of the years -9999 to 9999 of UTC. A leap second is the second before it, as
    /// in POSIX.
    impl<Z: TimeZone> TryFrom<DateTime<Z>> for Timestamp {
        type Error = TimestampError;

        fn try_from(time: DateTime<Z>) -> Result<Self, TimestampError> {
            Self::new(
                time.timestamp(),
                time.timestamp_subsec_nanos() % NANOS_PER_SEC,
            )
        }
    }

    impl From<Timestamp> for DateTime<Utc> {
        fn from(at: Timestamp) -> Self {
            Self::from_timestamp(at.as_secs(), at.subsec_nanos())
                .expect("chrono has the years -9999 to 9999")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of the range, and times around the epoch.
    fn samples() -> Vec<Timestamp> {
        let around = [-1_500_000_000, -1, 0, 1, 1_700_000_000_123_456_789];
        let around = around.map(|nanoseconds| Timestamp::from_nanos(nanoseconds).expect("a time"));
        [&[Timestamp::MIN, Timestamp::MAX][..], &around].concat()
    }

    #[test]
    #[cfg(unix)]
    fn system_times_are_converted_both_ways() {
        for at in samples() {
            let time = SystemTime::try_from(at).expect("the clock reaches as far");
            assert_eq!(Timestamp::try_from(time), Ok(at));
        }
        let late = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
        assert_eq!(Timestamp::try_from(late), Err(TimestampError::OutOfRange));
        let early = SystemTime::UNIX_EPOCH - Duration::from_secs(1 << 40);
        assert_eq!(Timestamp::try_from(early), Err(TimestampError::OutOfRange));
    }

    #[test]
    fn now_is_the_time_of_the_clock() {
        let before = SystemTime::now();
        let now = SystemTime::try_from(Timestamp::now()).expect("a time of the clock");
        assert!(before <= now && now <= SystemTime::now());
    }

    #[test]
    #[cfg(feature = "jiff")]
    fn timestamps_of_jiff_are_converted_both_ways() {
        for at in samples() {
            match ::jiff::Timestamp::try_from(at) {
                Ok(time) => {
                    assert_eq!(time.to_string(), at.to_string());
                    assert_eq!(Timestamp::from(time), at);
                }
                Err(_) => assert!([Timestamp::MIN, Timestamp::MAX].contains(&at), "{at}"),
            }
        }
        for time in [::jiff::Timestamp::MIN, ::jiff::Timestamp::MAX] {
            assert_eq!(Timestamp::from(time).to_string(), time.to_string());
        }
    }

    #[test]
    #[cfg(feature = "time")]
    fn dates_of_time_are_converted_both_ways() {
        use ::time::{OffsetDateTime, UtcOffset};

        for at in samples() {
            let date = OffsetDateTime::from(at);
            assert_eq!(date.unix_timestamp_nanos(), at.as_nanos());
            assert_eq!(Timestamp::try_from(date), Ok(at));
        }
        let east = UtcOffset::from_hms(-2, 0, 0).expect("an offset");
        let local = OffsetDateTime::from(Timestamp::MAX).replace_offset(east);
        assert_eq!(Timestamp::try_from(local), Err(TimestampError::OutOfRange));
    }

    #[test]
    #[cfg(feature = "chrono")]
    fn dates_of_chrono_are_converted_both_ways() {
        use ::chrono::{DateTime, FixedOffset, Utc};

        for at in samples() {
            let date = DateTime::<Utc>::from(at);
            assert_eq!(date.timestamp(), at.as_secs());
            assert_eq!(Timestamp::try_from(date), Ok(at));
            let east = FixedOffset::east_opt(3600).expect("an offset");
            assert_eq!(Timestamp::try_from(date.with_timezone(&east)), Ok(at));
        }
        assert_eq!(
            Timestamp::try_from(DateTime::<Utc>::MAX_UTC),
            Err(TimestampError::OutOfRange)
        );
        let leap = DateTime::<Utc>::from_timestamp(59, 1_500_000_000).expect("a leap second");
        assert_eq!(Timestamp::try_from(leap), Timestamp::new(59, 500_000_000));
    }
}
