//! The interface of types and codecs.
//!
//! A type passes its values to an [`Encoder`] and takes them from a [`Decoder`], member by member,
//! each with the schema of the member. Both are used as trait objects, so that generated code is
//! compiled once and not once per format. [`Encode`] and [`Decode`] are implemented here for the
//! types of members, and by generated code for structures, unions and enums.

pub(crate) mod literal;
#[cfg(feature = "alloy")]
mod nullable;
#[cfg(feature = "client")]
pub(crate) mod path;
pub(crate) mod primitive;
#[cfg(feature = "alloy")]
pub mod unknown;
pub(crate) mod visitor;

use std::any::Any;
use std::fmt;

use bytes::Bytes;

use crate::error::{DecodeError, EncodeError};
use crate::schema::{Member, Schema};
use crate::value::{Blob, Document, Timestamp};

/// A value that can be encoded.
pub trait Encode {
    /// Passes the value to `encoder` as the value of `member`.
    fn encode(&self, member: &'static Member, encoder: &mut dyn Encoder)
    -> Result<(), EncodeError>;
}

/// A value that can be decoded.
pub trait Decode: Sized {
    /// The value for a null, if that is not a missing one.
    const NULL: Option<Self> = None;

    /// Takes the value of `member` from `decoder`.
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError>;

    /// The value for a missing one (Smithy 2.0, "Client error correction").
    fn empty() -> Self;
}

/// A value whose schema is known at run time: a structure or union.
pub trait Shape: private::Sealed {
    /// The schema of the value.
    fn schema(&self) -> &'static Schema;
}

/// A structure or union whose members can be encoded.
pub trait EncodeMembers: Shape {
    /// Passes each member with a value to `encoder`: for a union, the member that is set.
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

    /// Receives a member that is not in the schema. Structures drop it, unless they have a member
    /// for such members; unions keep it.
    fn decode_unknown(&mut self, name: &str, value: Document) {
        let _ = (name, value);
    }
}

/// A generated structure or union: it can be encoded, decoded and constructed empty.
pub trait Structure: EncodeMembers + DecodeMembers + Sized {
    /// A value without members, which decoding starts from. See [`Decode::empty`].
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

/// A type with a schema.
pub trait HasSchema {
    /// The schema.
    const SCHEMA: &'static Schema;
    /// The member for a value at the root of a document.
    const ROOT: &'static Member = &Member::new("", Self::SCHEMA);
}

/// A list, for encoders.
#[doc(hidden)]
#[expect(
    clippy::len_without_is_empty,
    reason = "codecs only size what they write"
)]
pub trait EncodeList {
    /// The number of elements.
    fn len(&self) -> usize;
    /// Passes each element to `encoder`.
    fn encode_elements(
        &self,
        element: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError>;
}

/// A list, for decoders.
#[doc(hidden)]
pub trait DecodeList {
    /// Decodes the next element from `decoder`.
    fn decode_element(
        &mut self,
        element: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError>;
}

/// A map, for encoders.
#[doc(hidden)]
#[expect(
    clippy::len_without_is_empty,
    reason = "codecs only size what they write"
)]
pub trait EncodeMap {
    /// The number of entries.
    fn len(&self) -> usize;
    /// Passes each entry to `encoder`: [`Encoder::key`], then the value.
    fn encode_entries(
        &self,
        key: &'static Member,
        value: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError>;
}

/// A map, for decoders.
#[doc(hidden)]
#[expect(
    clippy::len_without_is_empty,
    reason = "codecs only ask whether an entry was new"
)]
pub trait DecodeMap {
    /// The number of decoded entries. An entry with a duplicate key replaces the previous one.
    fn len(&self) -> usize;
    /// Decodes the value of `key` from `decoder`.
    fn decode_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError>;
}

/// A stream in a message. It is opaque to types and codecs: only the protocol that encodes or
/// decodes the message knows its type.
pub struct StreamHandle(Box<dyn Any + Send>);

impl StreamHandle {
    /// Wraps a stream.
    pub(crate) fn new<T: Send + 'static>(stream: T) -> Self {
        Self(Box::new(stream))
    }

    /// The stream, if it is a `T`.
    ///
    /// # Errors
    ///
    /// If the stream has another type.
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
    /// Takes the stream out of the value to send it. Buffered bytes can be taken more than once,
    /// other streams only once.
    ///
    /// # Errors
    ///
    /// If the stream was already taken.
    fn take(&self) -> Result<StreamHandle, EncodeError>;

    /// The bytes, if they are buffered. Documents contain them as a blob.
    fn buffered(&self) -> Option<Bytes> {
        None
    }
}

/// Encodes values, one per call. In a structure, a value has the name of its member; in a map,
/// [`Encoder::key`] precedes it.
#[doc(hidden)]
pub trait Encoder {
    /// A missing value: nothing in a structure, null in a sparse list or map.
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError>;
    /// A null that differs from a missing value. Formats without it have a missing value.
    fn null(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        self.none(member)
    }
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
    /// The key of the next entry of a map.
    fn key(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError>;
    /// A structure or union.
    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError>;
    /// A union that has a form of its own in JSON. Other formats contain its member under its name.
    fn union(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.structure(member, value)
    }
    /// A stream of bytes or events. Only messages contain streams: documents contain buffered bytes
    /// as a blob and reject other streams.
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
    /// A member that is not in the model.
    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError>;
}

/// Decodes one value. Only one method may be called.
#[doc(hidden)]
pub trait Decoder {
    /// Whether the value is null. Such a decoder only decodes documents.
    fn is_null(&self) -> bool;
    /// Counts memory for the value, once it has been decoded and before it is kept. Texts and blobs
    /// do not count.
    ///
    /// # Errors
    ///
    /// If the document needs too much memory. Decoding ends.
    fn allocate(&mut self, bytes: usize) -> Result<(), DecodeError> {
        let _ = bytes;
        Ok(())
    }
    /// A boolean.
    fn boolean(&mut self, member: &'static Member) -> Result<bool, DecodeError>;
    /// A byte, short, integer, long or intEnum, within the bounds of the target's kind.
    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError>;
    /// A float or double.
    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError>;
    /// A bigInteger or bigDecimal: JSON digits.
    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError>;
    /// A string or enum, which is passed to `take`.
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
    /// A union that has a form of its own in JSON.
    fn union(
        &mut self,
        member: &'static Member,
        union: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        self.structure(member, union)
    }
    /// A stream of bytes or events; `None` if the format has no streams. Only messages have them.
    fn stream(&mut self, member: &'static Member) -> Result<Option<StreamHandle>, DecodeError> {
        let _ = member;
        Ok(None)
    }
}
