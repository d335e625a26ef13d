//! JSON with the encoding of the JSON protocols (`restJson1`, `awsJson1_0` and `awsJson1_1`, "Shape
//! serialization").
//!
//! `serde_json` parses the text, with its limit of 128 levels; the schema determines the types of
//! the values.

mod encode;

use serde_json::value::RawValue;

use super::decode::{DecodeContext, DecodeOptions, Form, Memory, Source};
use super::{Codec, MemberNames};
use crate::error::{DecodeError, EncodeError, Syntax};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, HasSchema, private::Sealed};
use crate::value::document;

pub use super::decode::Mode;

/// The key of an entry with the type of an object. Any object may contain it (Smithy's protocol
/// tests, `DeserializeIgnoreType`).
pub(crate) const TYPE: &str = "__type";

/// JSON with the names of members in the model, for the awsJson protocols.
pub(crate) static MODEL_NAMES: JsonCodec = JsonCodec {
    names: MemberNames::Model,
    uniform_scalars: false,
};

/// JSON with the JSON names of members, for restJson1.
pub(crate) static JSON_NAMES: JsonCodec = JsonCodec {
    names: MemberNames::Json,
    uniform_scalars: false,
};

/// JSON with the names of members in the model and uniform scalars, for rpcv2Json.
pub(crate) static RPC_V2: JsonCodec = JsonCodec {
    names: MemberNames::Model,
    uniform_scalars: true,
};

/// The JSON codec.
#[derive(Debug)]
pub(crate) struct JsonCodec {
    names: MemberNames,
    /// Whether big numbers are text and timestamps are seconds, whatever their format (Smithy, "RPC
    /// v2 JSON protocol", "Shape serialization").
    uniform_scalars: bool,
}

impl Sealed for JsonCodec {}

impl Codec for JsonCodec {
    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn reads(&self, media_type: &str) -> bool {
        media_type.contains("json")
    }

    fn encode(&self, member: &'static Member, value: &dyn Encode) -> Result<Vec<u8>, EncodeError> {
        encode::to_bytes(value, member, self)
    }

    fn decode(
        &self,
        document: &[u8],
        options: DecodeOptions,
        decode: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        read(document, options, self, decode)
    }

    fn empty_structure(&self) -> &'static [u8] {
        b"{}"
    }

    fn is_empty_structure(&self, document: &[u8]) -> bool {
        let inner = document.trim_ascii().strip_prefix(b"{");
        let inner = inner.and_then(|inner| inner.strip_suffix(b"}"));
        inner.is_some_and(|inner| inner.trim_ascii().is_empty())
    }

    fn resembles_document(&self, bytes: &[u8]) -> bool {
        matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
    }
}

/// A type that is encoded and decoded as JSON: every type with a schema.
pub trait Json: HasSchema + Encode + Decode {
    /// Encodes the value as JSON text.
    fn to_json(&self) -> Result<String, EncodeError>
    where
        Self: Sized,
    {
        String::from_utf8(self.to_json_bytes()?)
            .map_err(|_| EncodeError::new("the JSON text is not UTF-8"))
    }

    /// Encodes the value as the bytes of JSON text.
    fn to_json_bytes(&self) -> Result<Vec<u8>, EncodeError>
    where
        Self: Sized,
    {
        JSON_NAMES.encode(Self::ROOT, self)
    }

    /// Decodes JSON text with the leniency of clients: anything that is newer than the model is
    /// accepted. See [`Mode::Lenient`].
    ///
    /// The elements of lists and maps, boxed structures and documents may take 12 times as much
    /// memory as the text, and at least 4 MiB: a short text can stand for large values. Text that
    /// is trusted can be deserialized without a limit, with `serde_json`.
    fn from_json(json: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        super::decode_value(&JSON_NAMES, json.as_ref(), Self::ROOT, Mode::Lenient)
    }

    /// Decodes JSON text with the strictness of servers. See [`Mode::Strict`]. The limit is that of
    /// [`Json::from_json`].
    fn from_json_strict(json: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        super::decode_value(&JSON_NAMES, json.as_ref(), Self::ROOT, Mode::Strict)
    }
}

impl<T: HasSchema + Encode + Decode> Json for T {}

/// The source text of a value.
pub(super) fn raw<'de, D: ::serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<&'de str, D::Error> {
    <&RawValue as ::serde::Deserialize>::deserialize(deserializer).map(RawValue::get)
}

/// The source digits of a number, or the name of the type if the value is not a number.
pub(super) fn digits<'de, D: ::serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Result<String, &'static str>, D::Error> {
    let raw = raw(deserializer)?;
    Ok(match raw.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => Ok(raw.to_owned()),
        Some(b'"') => Err("a string"),
        Some(b'[') => Err("a list"),
        Some(b'{') => Err("an object"),
        Some(b'n') => Err("null"),
        _ => Err("a boolean"),
    })
}

/// Passes a decoder of the whole text to `take`.
///
/// The whole text is checked to be UTF-8 at once, which is faster than string by string.
fn read(
    json: &[u8],
    options: DecodeOptions,
    codec: &JsonCodec,
    take: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let memory = Memory::new(options.memory, json.len());
    let mut context = DecodeContext::new(Form::Native, options.mode, memory);
    context.names = codec.names;
    context.uniform_scalars = codec.uniform_scalars;
    context.ignored = Some(TYPE);
    let text = match std::str::from_utf8(json) {
        Ok(text) => text,
        Err(error) => {
            let lines = json[..error.valid_up_to()].split(|byte| *byte == b'\n');
            let (line, column) = lines.fold((0, 0), |(line, _), text| (line + 1, text.len() + 1));
            return Err(context.syntax(Syntax {
                message: "invalid UTF-8".to_owned(),
                pointer: String::new(),
                line,
                column,
                offset: None,
                too_deep: false,
            }));
        }
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let mut source = Source::new(&mut json, &context);
    let result = take(&mut source);
    source
        .finish(result)
        .map_err(|error| syntax(&context, text, &error))
        .and_then(|result| {
            json.end().map_err(|error| syntax(&context, text, &error))?;
            result
        })
}

fn syntax(context: &DecodeContext, text: &str, error: &serde_json::Error) -> DecodeError {
    let syntax = document::syntax(error);
    context.syntax(match context.stopped(text) {
        Some(length) => document::syntax_after(&text[..length], syntax.message),
        None => syntax,
    })
}
