//! Codecs: they convert values to documents, and back.
//!
//! A [`Codec`] is a document format. Protocols own one and use it as a trait object, so that
//! generated code is compiled once and not once per format.

#[cfg(feature = "cbor")]
pub(crate) mod cbor;
pub mod debug;
pub(crate) mod decode;
pub mod json;
#[cfg(feature = "http")]
pub(crate) mod members;
#[cfg(feature = "http")]
pub(crate) mod payload;
#[cfg(any(feature = "http", feature = "query"))]
pub(crate) mod percent;
#[cfg(feature = "query")]
pub(crate) mod query;
#[cfg(any(feature = "http", feature = "xml"))]
pub(crate) mod scalar;
pub mod serde;
mod text;
#[cfg(feature = "alloy")]
pub(crate) mod union;
#[cfg(feature = "xml")]
pub(crate) mod xml;

use std::fmt;

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, private};

pub(crate) use self::decode::DecodeOptions;
#[cfg(feature = "http")]
pub(crate) use self::decode::{MemoryLimit, Mode};

/// The member for a value at the root of a document.
#[cfg(any(feature = "alloy", feature = "http"))]
pub(crate) static ROOT: Member = Member::new("", &crate::schema::DOCUMENT);

/// A document format. Sealed, since methods may be added.
pub trait Codec: fmt::Debug + Send + Sync + private::Sealed {
    /// The media type of documents in this format, unless the protocol has its own.
    fn media_type(&self) -> &'static str;

    /// Whether documents of a media type are in this format.
    fn reads(&self, media_type: &str) -> bool;

    /// Encodes a value of `member` as a document.
    ///
    /// # Errors
    ///
    /// If the format cannot represent the value.
    fn encode(&self, member: &'static Member, value: &dyn Encode) -> Result<Vec<u8>, EncodeError>;

    /// Passes a decoder of the document to `decode`, which decodes one value.
    ///
    /// # Errors
    ///
    /// If the bytes are not a document in this format, or if `decode` fails.
    fn decode(
        &self,
        document: &[u8],
        options: DecodeOptions,
        decode: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError>;

    /// A document that is decoded as a structure whose members are all missing.
    fn empty_structure(&self) -> &'static [u8];

    /// The document for a missing structure; `None` if such a message has no content.
    fn absent_structure(&self) -> Option<&'static [u8]> {
        Some(self.empty_structure())
    }

    /// Whether a document may stand for a missing structure: all members are missing.
    fn is_empty_structure(&self, document: &[u8]) -> bool;

    /// Whether bytes that are not a document start like one: they are a damaged document rather
    /// than something else, such as the error page of a proxy.
    fn resembles_document(&self, bytes: &[u8]) -> bool;
}

/// The names of members in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberNames {
    /// The name in the model.
    Model,
    /// The JSON name (`jsonName`).
    Json,
    /// The name in XML (`xmlName`).
    #[cfg(feature = "xml")]
    Xml,
}

impl MemberNames {
    /// The name of a member in documents.
    #[inline]
    pub(crate) const fn of(self, member: &Member) -> &'static str {
        match self {
            Self::Model => member.name,
            Self::Json => member.json_name,
            #[cfg(feature = "xml")]
            Self::Xml => member.name_in_xml(),
        }
    }
}

/// Decodes a document with one value of `member`.
fn decode_value<T: Decode>(
    codec: &dyn Codec,
    document: &[u8],
    member: &'static Member,
    mode: decode::Mode,
) -> Result<T, DecodeError> {
    let mut value = None;
    codec.decode(document, mode.into(), &mut |decoder| {
        value = Some(T::decode(member, decoder)?);
        Ok(())
    })?;
    value.map_or_else(|| Err(DecodeError::mismatch("a value", "none")), Ok)
}
