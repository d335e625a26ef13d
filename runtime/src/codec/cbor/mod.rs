//! CBOR (RFC 8949) with the encoding of rpcv2Cbor (Smithy, "RPC v2 CBOR protocol", "Shape
//! serialization").
//!
//! The schema determines the types of the values. Documents have definite lengths and the shortest
//! heads. Decoders also accept indefinite lengths, half precision, and unknown tags, which they
//! ignore; values may be nested up to 127 levels.

mod bignum;
mod decode;
mod encode;

use self::decode::{Error, Malformed, Reader};
use super::decode::{DecodeContext, DecodeOptions, Form, Memory, Mode, Source};
use super::{Codec, MemberNames, json};
use crate::error::{DecodeError, EncodeError, Syntax};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, HasSchema, private::Sealed};

/// The codec of rpcv2Cbor.
pub(crate) static CBOR: CborCodec = CborCodec(());

/// The CBOR codec. Members have their names in the model.
#[derive(Debug)]
pub(crate) struct CborCodec(());

impl Sealed for CborCodec {}

impl Codec for CborCodec {
    fn media_type(&self) -> &'static str {
        "application/cbor"
    }

    fn reads(&self, media_type: &str) -> bool {
        media_type.contains("cbor")
    }

    fn encode(&self, member: &'static Member, value: &dyn Encode) -> Result<Vec<u8>, EncodeError> {
        encode::to_bytes(value, member)
    }

    fn decode(
        &self,
        document: &[u8],
        options: DecodeOptions,
        decode: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let memory = Memory::new(options.memory, document.len());
        let mut context = DecodeContext::new(Form::Tagged, options.mode, memory);
        context.names = MemberNames::Model;
        context.ignored = Some(json::TYPE);
        let mut reader = Reader::new(document, &context);
        let mut source = Source::new(&mut reader, &context);
        let result = decode(&mut source);
        source
            .finish(result)
            .and_then(|result| reader.end().map(|()| result))
            .unwrap_or_else(|error| Err(syntax(&context, &reader, error)))
    }

    /// A map without entries.
    fn empty_structure(&self) -> &'static [u8] {
        &[0xa0]
    }

    fn is_empty_structure(&self, document: &[u8]) -> bool {
        matches!(document, [0xa0] | [0xbf, 0xff])
    }

    /// The body starts with a map. The text of an error page starts with other bytes.
    fn resembles_document(&self, bytes: &[u8]) -> bool {
        matches!(bytes.first(), Some(0xa0..=0xbf))
    }
}

fn syntax(context: &DecodeContext, reader: &Reader<'_>, error: Error) -> DecodeError {
    let Malformed {
        message,
        offset,
        too_deep,
    } = *error.0;
    context.syntax(Syntax {
        message: message.into_owned(),
        pointer: String::new(),
        line: 0,
        column: 0,
        offset: Some(offset.unwrap_or(reader.offset())),
        too_deep,
    })
}

/// A type that is encoded and decoded as CBOR: every type with a schema.
pub trait Cbor: HasSchema + Encode + Decode {
    /// Encodes the value as CBOR.
    fn to_cbor(&self) -> Result<Vec<u8>, EncodeError>
    where
        Self: Sized,
    {
        CBOR.encode(Self::ROOT, self)
    }

    /// Decodes CBOR with the leniency of clients. See [`Mode::Lenient`]. The limit of the memory
    /// is that of [`Json::from_json`](crate::Json::from_json).
    fn from_cbor(cbor: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        super::decode_value(&CBOR, cbor.as_ref(), Self::ROOT, Mode::Lenient)
    }

    /// Decodes CBOR with the strictness of servers. See [`Mode::Strict`].
    fn from_cbor_strict(cbor: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        super::decode_value(&CBOR, cbor.as_ref(), Self::ROOT, Mode::Strict)
    }
}

impl<T: HasSchema + Encode + Decode> Cbor for T {}
