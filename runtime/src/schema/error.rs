//! Errors about the value of a member.

use std::fmt;

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::value::number::InvalidNumber;

impl Member {
    /// The beginning of an invalid value, unless it is sensitive.
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

    /// The error of a text that is not a number of the member's type.
    pub(crate) fn invalid_number(&self, error: InvalidNumber) -> DecodeError {
        let (expected, found) = error.into_parts();
        DecodeError::mismatch(expected, self.shown(found))
    }

    /// The error of a stream outside of a message.
    pub(crate) fn unexpected_stream(&self) -> EncodeError {
        EncodeError::new(format!(
            "`{}` is a stream, which only messages can contain",
            self.name
        ))
    }
}
