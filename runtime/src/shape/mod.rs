//! How a type and a codec meet.
//!
//! A type hands its values to an [`Encoder`] and takes them from a [`Decoder`], member by member, each time with the member's
//! schema; both are used as trait objects, so that generated code is compiled once and not once per format.
//! [`Encode`] and [`Decode`] are implemented here for what members are made of and by generated code for structures,
//! unions and enums.

pub(crate) mod literal;
mod primitive;
pub(crate) mod visitor;

use std::any::Any;
use std::fmt;

use bytes::Bytes;

use crate::error::{DecodeError, EncodeError};
use crate::schema::{Member, Schema};
use crate::value::{Blob, Document, Timestamp};

/// A value that can be encoded.
pub trait Encode {
    /// Hands the value to `encoder` as the value of `member`.
    fn encode(&self, member: &'static Member, encoder: &mut dyn Encoder)
    -> Result<(), EncodeError>;
}

/// A value that can be decoded.
pub trait Decode: Sized {
    /// Takes the value of `member` from `decoder`.
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError>;

    /// What stands for a value that is missing: Smithy's client error correction (Smithy 2.0, "Client error correction").
    fn empty() -> Self;
}

/// A value whose schema is known at run time: a structure or union.
pub trait Shape: private::Sealed {
    /// The schema of the value.
    fn schema(&self) -> &'static Schema;
}

/// A structure or union whose members can be encoded.
pub trait EncodeMembers: Shape {
    /// Passes each member that has a value to `encoder`; of a union, the member that is set.
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError>;
}

/// A structure or union whose members can be decoded.
pub trait DecodeMembers: Shape {
    /// Decodes the value of the member at `index`.
    fn decode_member(&mut self, index: usize, decoder: &mut dyn Decoder)
    -> Result<(), DecodeError>;

    /// Whether the document that is being decoded should contain the member at `index`. All
    /// members are expected, except by a wrapper that decodes only some of them.
    fn expects(&self, index: usize) -> bool {
        let _ = index;
        true
    }

    /// Receives a member that is not in the schema. Structures drop it; unions keep it.
    fn decode_unknown(&mut self, name: &str, value: Document) {
        let _ = (name, value);
    }
}

/// A generated structure or union: it can be encoded, decoded and constructed empty.
pub trait Structure: EncodeMembers + DecodeMembers + Sized {
    /// A value whose members are all missing, which decoding starts from. See [`Decode::empty`].
    fn empty() -> Self;
}

/// Seals traits that only generated code and this crate implement.
#[doc(hidden)]
pub mod private {
    /// The supertrait of sealed traits. Generated code implements it; other code must not, because
    /// the sealed traits change without notice.
    pub trait Sealed {}
}

/// A type that is the key of a map: a string or an enum.
pub trait MapKey: Ord {
    /// The key as text.
    fn as_key(&self) -> &str;
    /// The key of a text.
    fn from_key(text: &str) -> Self;
}

/// A type that has a schema of its own.
pub trait HasSchema {
    /// The schema.
    const SCHEMA: &'static Schema;
    /// What stands for the member where a value stands alone.
    const ROOT: &'static Member = &Member::new("", Self::SCHEMA);
}

/// A list as codecs see it.
#[doc(hidden)]
#[expect(
    clippy::len_without_is_empty,
    reason = "codecs only size what they write"
)]
pub trait EncodeList {
    /// How many elements.
    fn len(&self) -> usize;
    /// Hands each element to `encoder`.
    fn encode_elements(
        &self,
        element: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError>;
}

/// A list that takes elements.
#[doc(hidden)]
pub trait DecodeList {
    /// Takes the next element from `decoder`.
    fn decode_element(
        &mut self,
        element: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError>;
}

/// A map as codecs see it.
#[doc(hidden)]
#[expect(
    clippy::len_without_is_empty,
    reason = "codecs only size what they write"
)]
pub trait EncodeMap {
    /// How many entries.
    fn len(&self) -> usize;
    /// Hands each entry to `encoder`: [`Encoder::key`], then the value.
    fn encode_entries(
        &self,
        key: &'static Member,
        value: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError>;
}

/// A map that takes entries.
#[doc(hidden)]
#[expect(
    clippy::len_without_is_empty,
    reason = "codecs only ask whether an entry was new"
)]
pub trait DecodeMap {
    /// How many entries were taken; an entry whose key was there already replaces the former one.
    fn len(&self) -> usize;
    /// Takes the value of `key` from `decoder`.
    fn decode_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError>;
}

/// A stream that a message carries. It is opaque to types and codecs: the protocol that puts it into
/// a message and takes it out again knows what it is.
pub struct StreamHandle(Box<dyn Any + Send>);

impl StreamHandle {
    /// Wraps a stream.
    pub(crate) fn new<T: Send + 'static>(stream: T) -> Self {
        Self(Box::new(stream))
    }

    /// The stream, if it is a `T`.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn downcast<T: 'static>(self) -> Result<T, Self> {
        match self.0.downcast() {
            Ok(stream) => Ok(*stream),
            Err(other) => Err(Self(other)),
        }
    }
}

impl fmt::Debug for StreamHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamHandle")
    }
}

/// The value of a member that is a stream.
#[doc(hidden)]
pub trait EncodeStream: fmt::Debug {
    /// Takes the stream out of the value, to be sent. A stream that is not in memory can be taken
    /// once.
    ///
    /// # Errors
    /// The stream was taken before.
    fn take(&self) -> Result<StreamHandle, EncodeError>;

    /// The bytes, if all of them are in memory. Documents contain them as a blob.
    fn buffered(&self) -> Option<Bytes> {
        None
    }
}

/// Takes values: one call per value. Inside a structure a value's name is its member's; inside a map [`Encoder::key`] comes first.
#[doc(hidden)]
pub trait Encoder {
    /// No value: nothing inside a structure, null inside a sparse list or map.
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError>;
    /// A boolean.
    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError>;
    /// A byte, short, integer, long or intEnum.
    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError>;
    /// A float.
    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError>;
    /// A double.
    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError>;
    /// A bigInteger or bigDecimal: JSON digits.
    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError>;
    /// A string or enum.
    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError>;
    /// A blob.
    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError>;
    /// A timestamp.
    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError>;
    /// A document.
    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError>;
    /// A list.
    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError>;
    /// A map.
    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError>;
    /// The key of the map's next entry.
    fn key(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError>;
    /// A structure or union.
    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError>;
    /// A stream of bytes or events. Only messages carry streams: documents contain bytes that are in
    /// memory as a blob and reject other streams.
    fn stream(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeStream,
    ) -> Result<(), EncodeError> {
        match value.buffered() {
            Some(bytes) => self.blob(member, &bytes),
            None => Err(member.unexpected_stream()),
        }
    }
    /// The member of a union that the schema does not know.
    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError>;
}

/// Gives the value that it stands at: one call per decoder.
#[doc(hidden)]
pub trait Decoder {
    /// The value is null. Nothing else can be taken from such a decoder than a document.
    fn is_null(&self) -> bool;
    /// A boolean.
    fn boolean(&mut self, member: &'static Member) -> Result<bool, DecodeError>;
    /// A byte, short, integer, long or intEnum, within the bounds of the target's kind.
    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError>;
    /// A float or double.
    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError>;
    /// A bigInteger or bigDecimal: JSON digits.
    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError>;
    /// A string or enum, which need not be kept: calls `take` with it.
    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError>;
    /// A string or enum.
    fn string(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let mut string = String::new();
        self.text(member, &mut |text| string = String::from(text))?;
        Ok(string)
    }
    /// A blob.
    fn blob(&mut self, member: &'static Member) -> Result<Blob, DecodeError>;
    /// A timestamp.
    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError>;
    /// A document.
    fn document(&mut self, member: &'static Member) -> Result<Document, DecodeError>;
    /// A list.
    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError>;
    /// A map.
    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError>;
    /// A structure or union.
    fn structure(
        &mut self,
        member: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError>;
    /// A stream of bytes or events; `None` where the format has no streams, as only messages do.
    fn stream(&mut self, member: &'static Member) -> Result<Option<StreamHandle>, DecodeError> {
        let _ = member;
        Ok(None)
    }
}

/// What stands for a required member that is missing; see [`Decode::empty`].
pub fn empty<T: Decode>() -> T {
    T::empty()
}
