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

    /// The time in a request.
    #[cfg(feature = "server")]
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let (&[ref date @ .., b'Z'], 16) = (bytes, bytes.len()) else {
            return None;
        };
        let (date, time) = date.split_at(8);
        let &[b'T', ref time @ ..] = time else {
            return None;
        };
        if !is_digits(date) || !is_digits(time) {
            return None;
        }
        let expanded = format!(
            "{}-{}-{}T{}:{}:{}Z",
            &text[..4],
            &text[4..6],
            &text[6..8],
            &text[9..11],
            &text[11..13],
            &text[13..15],
        );
        let timestamp = timestamp::parse(&expanded, TimestampFormat::DateTime)?;
        Some(Self {
            timestamp,
            text: text.to_owned(),
        })
    }

    /// The time of a clock.
    #[cfg(feature = "server")]
    pub(super) fn clock(&self) -> Option<SystemTime> {
        self.timestamp.try_into().ok()
    }

    /// The date alone, such as `20150830`.
    pub(super) fn date(&self) -> &str {
        // Years have four digits.
        &self.text[..8]
    }
}
