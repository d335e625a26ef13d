//! Dates and times of day in UTC, in the proleptic Gregorian calendar.

/// The first and the last second of the years that have a date here.
pub(super) const FIRST: i64 = days(-9999, 1, 1) * SECONDS_PER_DAY;
pub(super) const LAST: i64 = days(10_000, 1, 1) * SECONDS_PER_DAY - 1;
/// The first second of the year 1.
pub(super) const YEAR_1: i64 = days(1, 1, 1) * SECONDS_PER_DAY;

const SECONDS_PER_DAY: i64 = 86_400;
const DAYS_PER_ERA: i64 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_EPOCH: i64 = 719_468;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    /// From 1.
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

impl Civil {
    /// The date and the time at a number of seconds since 1970-01-01T00:00:00Z.
    ///
    /// The calendar repeats every 400 years, an era. Years begin in March here, so that the leap
    /// day is the last of its year (Howard Hinnant, "chrono-compatible low-level date algorithms").
    pub(super) const fn at(seconds: i64) -> Self {
        let days = seconds.div_euclid(SECONDS_PER_DAY) + DAYS_BEFORE_EPOCH;
        let time = seconds.rem_euclid(SECONDS_PER_DAY);
        let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - days_of_years(year_of_era);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let (month, later) = if month_from_march < 10 {
            (month_from_march + 3, 0)
        } else {
            (month_from_march - 9, 1)
        };
        Self {
            year: era * 400 + year_of_era + later,
            month,
            day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
            hour: time / 3600,
            minute: time / 60 % 60,
            second: time % 60,
        }
    }

    /// The seconds since 1970-01-01T00:00:00Z; `None` if there is no such date or time.
    pub(super) fn seconds(self) -> Option<i64> {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self;
        let exists = (-9999..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        let time = hour * 3600 + minute * 60 + second;
        exists.then(|| days(year, month, day) * SECONDS_PER_DAY + time)
    }

    /// The day of the week, from 0 for Monday.
    pub(super) fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        let weekday = (days(self.year, self.month, self.day) + 3).rem_euclid(7);
        usize::try_from(weekday).unwrap_or_default()
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a date.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * DAYS_PER_ERA + days_of_years(year_of_era) + day_of_year - DAYS_BEFORE_EPOCH
}

/// The days in the first so many years of an era.
const fn days_of_years(years: i64) -> i64 {
    years * 365 + years / 4 - years / 100
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    #[test]
    fn dates_are_those_of_jiff() {
        let days = |from: Date, to: Date, step: i64| {
            let step = jiff::Span::new().days(step);
            std::iter::successors(Some(from), move |date| date.checked_add(step).ok())
                .take_while(move |date| *date <= to)
        };
        // Every day of an era and of the years around now, and some days of all years.
        days(date(-2, 1, 1), date(401, 12, 31), 1)
            .chain(days(date(1890, 1, 1), date(2110, 1, 1), 1))
            .chain(days(Date::MIN, Date::MAX, 29))
            .chain([Date::MAX])
            .for_each(check);
        assert_eq!(Civil::at(FIRST).seconds(), Some(FIRST));
        assert_eq!(Civil::at(FIRST - 1).seconds(), None);
        assert_eq!(Civil::at(LAST).seconds(), Some(LAST));
        assert_eq!(Civil::at(LAST + 1).seconds(), None);
    }

    fn check(date: Date) {
        let midnight = Civil {
            year: date.year().into(),
            month: date.month().into(),
            day: date.day().into(),
            hour: 0,
            minute: 0,
            second: 0,
        };
        let seconds = midnight.seconds().expect("a date of jiff");
        let days = i64::from((date - Date::constant(1970, 1, 1)).get_days());
        assert_eq!(seconds, days * SECONDS_PER_DAY, "{date}");
        assert_eq!(Civil::at(seconds), midnight);
        let weekday = i64::from(date.weekday().to_monday_zero_offset());
        assert_eq!(i64::try_from(midnight.weekday()), Ok(weekday), "{date}");
        let (hour, minute, second) = (23, 59, 59);
        let last = Civil {
            hour,
            minute,
            second,
            ..midnight
        };
        assert_eq!(Civil::at(seconds + SECONDS_PER_DAY - 1), last);
        assert_eq!(last.seconds(), Some(seconds + SECONDS_PER_DAY - 1));
    }

    #[test]
    fn dates_and_times_that_do_not_exist_are_rejected() {
        let seconds = |date: [i64; 3], time: [i64; 3]| {
            let ([year, month, day], [hour, minute, second]) = (date, time);
            let civil = Civil {
                year,
                month,
                day,
                hour,
                minute,
                second,
            };
            civil.seconds()
        };
        assert_eq!(seconds([1970, 1, 1], [0, 0, 0]), Some(0));
        for date in [
            [2023, 2, 29],
            [1900, 2, 29],
            [2023, 4, 31],
            [2023, 13, 1],
            [2023, 0, 1],
            [2023, 1, 0],
            [10_000, 1, 1],
            [-10_000, 1, 1],
        ] {
            assert_eq!(seconds(date, [0, 0, 0]), None, "{date:?}");
        }
        for time in [[24, 0, 0], [0, 60, 0], [0, 0, 60], [-1, 0, 0]] {
            assert_eq!(seconds([2023, 1, 1], time), None, "{time:?}");
        }
    }
}
