//! JSON as the protocols write it (`restJson1`, `awsJson1_0` and `awsJson1_1`, "Shape serialization").
//!
//! Reading is `serde_json`'s, so that its syntax and its limit of 128 levels hold; what a value must be is the schema's.

mod encode;

use crate::codec::decode::{Context, Form, Source};
use crate::error::{DecodeError, EncodeError, Syntax};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, HasSchema};

#[cfg(feature = "http")]
pub(crate) use self::encode::to_bytes;
pub use crate::codec::decode::Mode;

/// A type that is read and written as JSON in wire form: every type with a schema.
pub trait Json: HasSchema + Encode + Decode {
    /// The JSON text.
    fn to_json(&self) -> Result<String, EncodeError>
    where
        Self: Sized,
    {
        encode::to_text(self, Self::ROOT)
    }

    /// The JSON text as bytes, ready to send.
    fn to_json_bytes(&self) -> Result<Vec<u8>, EncodeError>
    where
        Self: Sized,
    {
        encode::to_bytes(self, Self::ROOT)
    }

    /// Reads JSON text as a client does: what is newer than the model is no error. See [`Mode::Lenient`].
    fn from_json(json: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        decode(json.as_ref(), Self::ROOT, Mode::Lenient)
    }

    /// Reads JSON text as a server does. See [`Mode::Strict`].
    fn from_json_strict(json: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        decode(json.as_ref(), Self::ROOT, Mode::Strict)
    }
}

impl<T: HasSchema + Encode + Decode> Json for T {}

fn decode<T: Decode>(json: &[u8], member: &'static Member, mode: Mode) -> Result<T, DecodeError> {
    let mut value = None;
    read(json, mode, &mut |decoder| {
        value = Some(T::decode(member, decoder)?);
        Ok(())
    })?;
    value.map_or_else(|| Err(DecodeError::mismatch("a value", "none")), Ok)
}

/// Hands a decoder of the whole text to `take`.
///
/// The text is checked to be UTF-8 once and not string by string.
pub(crate) fn read(
    json: &[u8],
    mode: Mode,
    take: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let context = Context::new(Form::Json, mode);
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

fn syntax(context: &Context, text: &str, error: &serde_json::Error) -> DecodeError {
    let syntax = Syntax::from_json(error);
    context.syntax(match context.stopped(text) {
        Some(length) => Syntax::after(&text[..length], syntax.message),
        None => syntax,
    })
}
