//! Dates and times of day in UTC, in the proleptic Gregorian calendar.

const SECONDS_PER_DAY: i64 = 86_400;
const DAYS_PER_ERA: i64 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_EPOCH: i64 = 719_468;

/// A date and a time of day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// From 0 to 9999.
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
    /// From 0 to 23.
    pub hour: i64,
    /// From 0 to 59.
    pub minute: i64,
    /// From 0 to 59.
    pub second: i64,
}

impl Civil {
    /// The date and the time at a number of seconds since 1970-01-01T00:00:00Z.
    ///
    /// The calendar repeats every 400 years, an era. Years begin in March here, so that the leap
    /// day is the last of its year (Howard Hinnant, "chrono-compatible low-level date algorithms").
    pub const fn at(seconds: i64) -> Self {
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
    pub fn seconds(self) -> Option<i64> {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self;
        let exists = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        let time = hour * 3600 + minute * 60 + second;
        exists.then(|| days(year, month, day) * SECONDS_PER_DAY + time)
    }

    /// The day of the week, from 0 for Monday.
    pub fn weekday(self) -> usize {
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
fn days(year: i64, month: i64, day: i64) -> i64 {
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
    use jiff::ToSpan as _;
    use jiff::civil::{Date, date};

    use super::*;

    #[test]
    fn dates_are_those_of_jiff() {
        let last = date(9999, 12, 31);
        let mut day = date(0, 1, 1);
        // Every day of an era, and some days of all years.
        while day < last {
            check(day);
            let step = if day.year() < 401 { 1 } else { 29 };
            day = day.checked_add(step.days()).unwrap_or(last);
        }
        check(last);
    }

    fn check(date: Date) {
        let evening = Civil {
            year: date.year().into(),
            month: date.month().into(),
            day: date.day().into(),
            hour: 23,
            minute: 59,
            second: 58,
        };
        let days = i64::from((date - Date::constant(1970, 1, 1)).get_days());
        let seconds = (days + 1) * SECONDS_PER_DAY - 2;
        assert_eq!(evening.seconds(), Some(seconds), "{date}");
        assert_eq!(Civil::at(seconds), evening);
        let weekday = i64::from(date.weekday().to_monday_zero_offset());
        assert_eq!(i64::try_from(evening.weekday()), Ok(weekday), "{date}");
    }

    #[test]
    fn dates_and_times_that_do_not_exist_have_no_seconds() {
        for [year, month, day, hour, minute, second] in [
            [-1, 12, 31, 0, 0, 0],
            [10_000, 1, 1, 0, 0, 0],
            [2023, 0, 1, 0, 0, 0],
            [2023, 13, 1, 0, 0, 0],
            [2023, 1, 0, 0, 0, 0],
            [2023, 4, 31, 0, 0, 0],
            [2023, 2, 29, 0, 0, 0],
            [1900, 2, 29, 0, 0, 0],
            [2023, 1, 1, 24, 0, 0],
            [2023, 1, 1, 0, 60, 0],
            [2023, 1, 1, 0, 0, 60],
        ] {
            let civil = Civil {
                year,
                month,
                day,
                hour,
                minute,
                second,
            };
            assert_eq!(civil.seconds(), None, "{civil:?}");
        }
    }
}
