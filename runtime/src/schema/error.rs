//! Errors about the value of a member.

use std::fmt;

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::value::number::InvalidNumber;

impl Member {
    /// The beginning of a value that was found for the member, unless it must not be shown.
    pub(crate) fn shown(&self, found: impl fmt::Display) -> String {
        const MOST: usize = 40;
        if self.sensitive {
            return "another value".to_owned();
        }
        let text = found.to_string();
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("`{}..`", &text[..end]),
            None => format!("`{text}`"),
        }
    }

    /// The error of a text that is not the number that the member has.
    pub(crate) fn invalid_number(&self, error: InvalidNumber) -> DecodeError {
        let (expected, found) = error.into_parts();
        DecodeError::mismatch(expected, self.shown(found))
    }

    /// The error of a stream that is encoded by something other than a message.
    pub(crate) fn unexpected_stream(&self) -> EncodeError {
        EncodeError::new(format!(
            "`{}` is a stream, and only messages have a place for one",
            self.name
        ))
    }
}
