//! The difference between the time of a client and that of its service.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How far the time of the service is ahead of that of the clock of a client. The clones of the
/// client share it.
pub(crate) struct ClockSkew {
    /// The clock of the client, which is not corrected.
    clock: Clock,
    milliseconds: AtomicI64,
}

impl ClockSkew {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            milliseconds: AtomicI64::new(0),
        }
    }

    /// A clock with the time of the service.
    pub(super) fn corrected(self: &Arc<Self>) -> Clock {
        let skew = Arc::clone(self);
        Arc::new(move || later((skew.clock)(), skew.get()))
    }

    /// The skew in milliseconds.
    pub(super) fn get(&self) -> i64 {
        self.milliseconds.load(Ordering::Relaxed)
    }

    /// Sets the skew after a service has rejected a request that was signed with the skew `used`.
    /// The response, which was received just now, was sent at `date`. Returns whether the skew was
    /// wrong by this tolerance or more.
    pub(super) fn correct(&self, used: i64, date: SystemTime, tolerance: Duration) -> bool {
        // The skew does not depend on the current one: another call may correct that meanwhile.
        let skew = difference(date, (self.clock)());
        let is_wrong = u128::from(skew.abs_diff(used)) >= tolerance.as_millis();
        if is_wrong {
            self.milliseconds.store(skew, Ordering::Relaxed);
        }
        is_wrong
    }
}

impl fmt::Debug for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClockSkew").field(&self.get()).finish()
    }
}

/// The time this many milliseconds after another one.
fn later(time: SystemTime, milliseconds: i64) -> SystemTime {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    let sum = if milliseconds < 0 {
        time.checked_sub(distance)
    } else {
        time.checked_add(distance)
    };
    sum.unwrap_or(time)
}

/// How many milliseconds `date` is after `now`.
fn difference(date: SystemTime, now: SystemTime) -> i64 {
    let milliseconds = |distance: Duration| i64::try_from(distance.as_millis());
    match date.duration_since(now) {
        Ok(after) => milliseconds(after).unwrap_or(i64::MAX),
        Err(before) => milliseconds(before.duration()).map_or(i64::MIN, |it| -it),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// A skew, and the clock that it corrects.
    fn skew_of(clock: fn() -> SystemTime) -> (Arc<ClockSkew>, Clock) {
        let skew = Arc::new(ClockSkew::new(Arc::new(clock)));
        let corrected = skew.corrected();
        (skew, corrected)
    }

    const TOLERANCE: Duration = Duration::from_secs(240);

    #[test]
    fn a_clock_is_corrected_in_both_directions() {
        for (date, is_wrong) in [
            (1000, true),
            (740, true),
            (739, false),
            (261, false),
            (260, true),
        ] {
            let (skew, clock) = skew_of(|| at(500));
            let corrected = skew.correct(0, at(date), TOLERANCE);
            assert_eq!(corrected, is_wrong, "{date}");
            assert_eq!(clock(), at(if is_wrong { date } else { 500 }), "{date}");
        }
    }

    #[test]
    fn a_correction_serves_all_calls_that_were_rejected_before_it() {
        let (skew, clock) = skew_of(|| at(500));
        assert!(skew.correct(0, at(1000), TOLERANCE));
        let used = skew.get();
        // Signed before the correction, and after it.
        assert!(skew.correct(0, at(1001), TOLERANCE));
        assert!(!skew.correct(used, at(1001), TOLERANCE));
        assert!(skew.correct(used, at(500), TOLERANCE));
        assert_eq!(clock(), at(500));
    }

    #[test]
    fn no_date_is_out_of_range() {
        // The end of the year 9999.
        let far = at(253_402_300_799);
        let (skew, clock) = skew_of(|| at(0));
        assert!(skew.correct(0, far, TOLERANCE));
        assert_eq!(clock(), far);
        // The skew of the other direction.
        assert!(skew.correct(skew.get(), at(0), TOLERANCE));
        assert_eq!(clock(), at(0));
    }
}
