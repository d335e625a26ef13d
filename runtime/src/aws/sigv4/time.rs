//! The time of a signature.

use std::time::SystemTime;

use crate::error::EncodeError;
use crate::schema::TimestampFormat;
use crate::value::{Timestamp, timestamp};

/// The time of a signature, in seconds.
pub(super) struct SigningTime {
    pub(super) timestamp: Timestamp,
    /// The date and the time of day, such as `20150830T123600Z`.
    pub(super) text: String,
}

impl SigningTime {
    /// The time of a clock without the fraction of its second.
    pub(super) fn new(clock: SystemTime) -> Result<Self, EncodeError> {
        let whole =
            Timestamp::try_from(clock).and_then(|time| Timestamp::from_secs(time.as_secs()));
        let Ok(timestamp) = whole else {
            return Err(EncodeError::new(
                "the clock is outside of the years 0001 to 9999",
            ));
        };
        let mut text = timestamp::format(timestamp, TimestampFormat::DateTime)?.to_string();
        text.retain(|c| c != '-' && c != ':');
        Ok(Self { timestamp, text })
    }

    /// The date alone, such as `20150830`.
    pub(super) fn date(&self) -> &str {
        // Years have four digits.
        &self.text[..8]
    }
}
