//! Payloads that are not documents: the bytes of a blob or the text of a string.

use bytes::Bytes;

use crate::error::DecodeError;
use crate::schema::Member;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp};

/// Defines decoder methods that fail, since the value is `$found`.
macro_rules! mismatches {
    ($expected:literal, $found:literal: $($name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(
            &mut self,
            _: &'static Member
            $(, $arg: $type)*
        ) -> Result<$result, DecodeError> {
            $(let _ = $arg;)*
            Err(DecodeError::mismatch($expected, $found))
        })*
    };
}
pub(crate) use mismatches;

/// Decodes a payload as a blob or string.
pub(crate) struct RawPayload<'b>(pub(crate) &'b Bytes);

impl RawPayload<'_> {
    fn utf8(&self) -> Result<&str, DecodeError> {
        std::str::from_utf8(self.0).map_err(|_| DecodeError::mismatch("UTF-8 text", "other bytes"))
    }
}

impl Decoder for RawPayload<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn string(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        self.utf8().map(str::to_owned)
    }

    fn text(&mut self, _: &'static Member, take: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        self.utf8().map(take)
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        Ok(Blob::new(self.0.clone()))
    }

    mismatches! {
        "a document", "bytes":
        boolean() -> bool;
        integer() -> i64;
        double() -> f64;
        number() -> String;
        timestamp() -> Timestamp;
        document() -> Document;
        list(list: &mut dyn DecodeList) -> ();
        map(map: &mut dyn DecodeMap) -> ();
        structure(structure: &mut dyn DecodeMembers) -> ();
    }
}
