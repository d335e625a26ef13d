//! How a type and a codec meet.
//!
//! A type hands its values to an [`Encoder`] and takes them from a [`Decoder`], member by member, each time with the member's
//! schema; both are used as trait objects, so that generated code is compiled once and not once per format.
//! [`Encode`] and [`Decode`] are implemented here for what members are made of and by generated code for structures,
//! unions and enums.

pub(crate) mod literal;
mod primitive;
pub(crate) mod visitor;

use std::fmt;

use bytes::Bytes;

use crate::error::{DecodeError, EncodeError};
use crate::schema::{Kind, Member, Schema};
use crate::stream::ByteStream;
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

/// A structure or union.
pub trait Structure {
    /// Its schema.
    fn schema(&self) -> &'static Schema;

    /// A value all of whose members are missing: what decoding starts from. See [`Decode::empty`].
    fn empty() -> Self
    where
        Self: Sized;

    /// Hands each member that has a value to `encoder`; of a union the one that is set.
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError>;

    /// Takes the value of the member at `index` from `decoder`.
    fn decode_member(&mut self, index: usize, decoder: &mut dyn Decoder)
    -> Result<(), DecodeError>;

    /// Whether the member at `index` is looked for in the document that is decoded. All are, unless the structure stands for a part of another.
    fn expects(&self, index: usize) -> bool {
        let _ = index;
        true
    }

    /// Takes a member that the schema does not know. Structures let it go; unions keep it.
    fn decode_unknown(&mut self, name: &str, value: Document) {
        let _ = (name, value);
    }
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
pub trait DecodeList {
    /// Takes the next element from `decoder`.
    fn decode_element(
        &mut self,
        element: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError>;
}

/// A map as codecs see it.
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

/// A stream as codecs see it: one that has a place for streams takes it, others leave it where it is.
pub trait EncodeStream: fmt::Debug {
    /// Takes the bytes that are to be sent, which are gone for whoever comes next unless they are at hand.
    ///
    /// # Errors
    /// When they were taken before.
    fn take(&self) -> Result<ByteStream, EncodeError>;

    /// The bytes, where they are at hand and are all there is: what stands for the stream in a document.
    fn at_hand(&self) -> Option<Bytes> {
        None
    }
}

/// Takes values: one call per value. Inside a structure a value's name is its member's; inside a map [`Encoder::key`] comes first.
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
        value: &dyn Structure,
    ) -> Result<(), EncodeError>;
    /// A stream of bytes or events. Only messages have a place for one; documents and other formats have a blob of bytes that are at hand and
    /// refuse the rest.
    fn stream(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeStream,
    ) -> Result<(), EncodeError> {
        match value.at_hand() {
            Some(bytes) => self.blob(member, &bytes),
            None => Err(member.unexpected_stream()),
        }
    }
    /// The member of a union that the schema does not know.
    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError>;
}

/// Gives the value that it stands at: one call per decoder.
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
        structure: &mut dyn Structure,
    ) -> Result<(), DecodeError>;
    /// The bytes of a stream of bytes or events. Only messages have one; documents and other formats have a blob instead of a stream of bytes, and no
    /// stream of events.
    fn stream(&mut self, member: &'static Member) -> Result<ByteStream, DecodeError> {
        if member.target.kind == Kind::Blob {
            return self.blob(member).map(ByteStream::from);
        }
        Err(DecodeError::mismatch(
            "a stream, which only messages have",
            "a value",
        ))
    }
    /// A stream of events. Only messages have one; documents and other formats refuse it.
    #[cfg(feature = "http")]
    fn events(
        &mut self,
        member: &'static Member,
    ) -> Result<crate::stream::event::Incoming, DecodeError> {
        let _ = member;
        Err(DecodeError::mismatch(
            "a stream, which only messages have",
            "a value",
        ))
    }
}

/// What stands for a required member that is missing; see [`Decode::empty`].
pub fn empty<T: Decode>() -> T {
    T::empty()
}
