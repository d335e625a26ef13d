//! Decodes the default values of a model.

use crate::error::DecodeError;
use crate::schema::{Literal, Member};
use crate::shape::{Decode, DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp};

/// The value of a missing member: its default, or [`Decode::empty`].
pub fn default<T: Decode>(member: &'static Member) -> T {
    let value = member
        .default
        .map(|literal| T::decode(member, &mut LiteralDecoder(literal)));
    match value {
        Some(Ok(value)) => value,
        Some(Err(_)) | None => T::empty(),
    }
}

/// Passes a decoder of a literal to `take`.
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) fn with(
    literal: Literal,
    take: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    take(&mut LiteralDecoder(literal))
}

/// Decodes a literal. The generator has checked that it is valid for its member.
struct LiteralDecoder(Literal);

impl LiteralDecoder {
    fn mismatch<T>(&self, expected: &'static str) -> Result<T, DecodeError> {
        Err(DecodeError::mismatch(expected, format!("{:?}", self.0)))
    }
}

impl Decoder for LiteralDecoder {
    fn is_null(&self) -> bool {
        false
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        match self.0 {
            Literal::Boolean(value) => Ok(value),
            _ => self.mismatch("a boolean"),
        }
    }

    fn integer(&mut self, _: &'static Member) -> Result<i64, DecodeError> {
        match self.0 {
            Literal::Integer(value) => Ok(value),
            _ => self.mismatch("an integer"),
        }
    }

    fn double(&mut self, _: &'static Member) -> Result<f64, DecodeError> {
        match self.0 {
            Literal::Float(value) => Ok(value),
            _ => self.mismatch("a number"),
        }
    }

    fn number(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        match self.0 {
            Literal::Number(digits) => Ok(digits.to_owned()),
            _ => self.mismatch("digits"),
        }
    }

    fn text(&mut self, _: &'static Member, take: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        match self.0 {
            Literal::String(value) => {
                take(value);
                Ok(())
            }
            _ => self.mismatch("a string"),
        }
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        match self.0 {
            Literal::Blob(bytes) => Ok(Blob::new(bytes)),
            _ => self.mismatch("a blob"),
        }
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Timestamp, DecodeError> {
        let value = match self.0 {
            Literal::Timestamp(seconds, nanoseconds) => Timestamp::new(seconds, nanoseconds).ok(),
            _ => None,
        };
        value.map_or_else(|| self.mismatch("a timestamp"), Ok)
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        let value = match self.0 {
            Literal::Document(json) => json.parse().ok(),
            _ => None,
        };
        value.map_or_else(|| self.mismatch("a document"), Ok)
    }

    fn list(&mut self, _: &'static Member, _: &mut dyn DecodeList) -> Result<(), DecodeError> {
        match self.0 {
            Literal::Empty => Ok(()),
            _ => self.mismatch("an empty list"),
        }
    }

    fn map(&mut self, _: &'static Member, _: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        match self.0 {
            Literal::Empty => Ok(()),
            _ => self.mismatch("an empty map"),
        }
    }

    fn structure(
        &mut self,
        _: &'static Member,
        _: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        self.mismatch("a value that is a literal in a model")
    }
}
