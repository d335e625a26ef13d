//! The decoder of all serde formats, including the codecs of protocols.
//!
//! A [`Source`] is a [`Decoder`] over a serde deserializer of a value. Invalid values are skipped
//! and recorded, so that one pass finds all of them; an error of the format itself ends the pass.

mod context;
mod memory;
pub(in crate::codec) mod seed;
pub(in crate::codec) mod structure;
mod token;
#[cfg(feature = "alloy")]
mod union;

use std::marker::PhantomData;

use ::serde::de::Error as _;
use ::serde::{Deserialize, Deserializer};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

pub use self::context::Mode;
pub(crate) use self::context::{DecodeContext, DecodeOptions, Form, tagged};
pub(crate) use self::memory::Memory;
#[cfg(feature = "http")]
pub(crate) use self::memory::MemoryLimit;
use self::token::{EXACT, Expected, Slot, Token, TokenVisitor};
use crate::error::DecodeError;
use crate::schema::{Format, Kind, Member, TimestampFormat};
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::document::Stop;
use crate::value::{self, Blob, Document, Timestamp, float, timestamp};

/// A deserializer of one value.
pub(crate) struct Source<'c, 'de, D: Deserializer<'de>> {
    context: &'c DecodeContext,
    /// `None` once the value has been decoded.
    deserializer: Option<D>,
    /// The error of the format, which is passed on unchanged.
    format_error: Option<D::Error>,
    /// Whether the value was an unexpected null.
    null: bool,
    lifetime: PhantomData<&'de ()>,
}

/// The type to request from a format that does not describe its values.
#[derive(Clone, Copy)]
enum TypeHint {
    Boolean,
    Integer,
    Single,
    Double,
    Text,
    Bytes,
    List,
    Map,
    /// A value that a format with tags reads under this name.
    Tagged(&'static str),
}

impl<'c, 'de, D: Deserializer<'de>> Source<'c, 'de, D> {
    pub(crate) fn new(deserializer: D, context: &'c DecodeContext) -> Self {
        Self {
            context,
            deserializer: Some(deserializer),
            format_error: None,
            null: false,
            lifetime: PhantomData,
        }
    }

    /// Ends the use of the source if the value was decoded and valid.
    #[inline]
    fn decoded(
        self,
        result: Result<(), DecodeError>,
    ) -> Result<(), (Self, Result<(), DecodeError>)> {
        let Self {
            context,
            deserializer,
            format_error,
            null,
            lifetime,
        } = self;
        match (result, deserializer, format_error) {
            (Ok(()), None, None) => Ok(()),
            (result, deserializer, format_error) => {
                let source = Self {
                    context,
                    deserializer,
                    format_error,
                    null,
                    lifetime,
                };
                Err((source, result))
            }
        }
    }

    /// Ends the use of the source. A value that was not decoded is skipped.
    pub(crate) fn finish(
        self,
        result: Result<(), DecodeError>,
    ) -> Result<Result<(), DecodeError>, D::Error> {
        if let Some(error) = self.format_error {
            return Err(error);
        }
        if let Some(deserializer) = self.deserializer {
            ::serde::de::IgnoredAny::deserialize(deserializer)?;
        }
        Ok(result)
    }

    fn take<T>(&mut self, read: impl FnOnce(D) -> Result<T, D::Error>) -> Result<T, DecodeError> {
        let Some(deserializer) = self.deserializer.take() else {
            return Err(second_look());
        };
        read(deserializer).map_err(|error| self.fail(error))
    }

    #[cold]
    fn fail(&mut self, error: D::Error) -> DecodeError {
        self.format_error = Some(error);
        DecodeError::mismatch("a value", "the end of the document")
    }

    /// Ends decoding inside a document.
    #[cold]
    fn stop(&mut self, raw: &str, stop: &Stop) -> DecodeError {
        let end = raw[stop.length..].as_ptr().addr();
        self.context.stopped.set(Some(end));
        self.fail(D::Error::custom(&stop.message))
    }

    /// Decodes a value that is small or passed to its receiver.
    #[inline]
    fn token(&mut self, hint: TypeHint, expected: Expected<'_>) -> Result<Token, DecodeError> {
        let mut slot = Slot::new(self.context, expected);
        self.visit(hint, &mut slot)?;
        Ok(slot.found)
    }

    /// Decodes a list, map or structure.
    #[inline]
    fn nested(
        &mut self,
        hint: TypeHint,
        expected: Expected<'_>,
        name: &'static str,
    ) -> Result<(), DecodeError> {
        let mut slot = Slot::new(self.context, expected);
        self.visit(hint, &mut slot)?;
        match slot {
            Slot {
                errors: Some(errors),
                ..
            } => Err(errors),
            Slot {
                found: Token::Done, ..
            } => Ok(()),
            Slot { found, .. } => Err(self.mismatch(name, found.name())),
        }
    }

    /// Decodes every value except documents and numbers of any size. **This is the only place where
    /// a value meets its member.**
    #[inline(never)]
    fn visit(&mut self, hint: TypeHint, slot: &mut Slot<'_, '_>) -> Result<(), DecodeError> {
        let Some(deserializer) = self.deserializer.take() else {
            return Err(second_look());
        };
        let visitor = TokenVisitor(slot);
        let result = match (self.context.form, hint) {
            // A codec knows the types of its values. Human-readable formats do, too; a double may
            // be text there.
            (_, TypeHint::Tagged(name)) => deserializer.deserialize_tuple_struct(name, 1, visitor),
            _ if self.context.is_typed() => deserializer.deserialize_any(visitor),
            (Form::Text, TypeHint::Single | TypeHint::Double) => {
                deserializer.deserialize_any(visitor)
            }
            (_, TypeHint::Boolean) => deserializer.deserialize_bool(visitor),
            (_, TypeHint::Integer) => deserializer.deserialize_i64(visitor),
            (_, TypeHint::Single) => deserializer.deserialize_f32(visitor),
            (_, TypeHint::Double) => deserializer.deserialize_f64(visitor),
            (_, TypeHint::Text) => deserializer.deserialize_str(visitor),
            (_, TypeHint::Bytes) => deserializer.deserialize_byte_buf(visitor),
            (_, TypeHint::List) => deserializer.deserialize_seq(visitor),
            (_, TypeHint::Map) => deserializer.deserialize_map(visitor),
        };
        result.map_err(|error| self.fail(error))
    }

    /// The error of a value of another type.
    #[cold]
    fn mismatch(&mut self, expected: &'static str, found: &'static str) -> DecodeError {
        self.null = found == token::NULL;
        DecodeError::mismatch(expected, found)
    }

    /// Decodes a text.
    fn expect(
        &mut self,
        expected: &'static str,
        take: &mut dyn FnMut(&str) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut result = Ok(());
        match self.token(
            TypeHint::Text,
            Expected::Text(&mut |text| result = take(text)),
        )? {
            Token::Text => result,
            token => Err(self.mismatch(expected, token.name())),
        }
    }

    /// The source digits of a number, or the name of the type if the value is not a number.
    fn digits(&mut self) -> Result<Result<String, &'static str>, DecodeError> {
        if self.context.is_tagged() {
            let mut digits = String::new();
            return Ok(
                match self.token(TypeHint::Double, Expected::String(&mut digits))? {
                    Token::Digits => Ok(digits),
                    token => token.digits().ok_or(token.name()),
                },
            );
        }
        if self.context.form != Form::Native {
            let hint = if self.context.form == Form::Text {
                TypeHint::Double
            } else {
                TypeHint::Text
            };
            let mut digits = String::new();
            return Ok(
                match self.token(
                    hint,
                    Expected::Text(&mut |text| text.clone_into(&mut digits)),
                )? {
                    Token::Text => Ok(digits),
                    token => token.digits().ok_or(token.name()),
                },
            );
        }
        self.take(super::json::digits)
    }
}

impl<'de, D: Deserializer<'de>> Decoder for Source<'_, 'de, D> {
    fn is_null(&self) -> bool {
        false
    }

    fn allocate(&mut self, bytes: usize) -> Result<(), DecodeError> {
        if self.context.memory.allocate(bytes) {
            Ok(())
        } else {
            Err(self.fail(D::Error::custom("too much memory")))
        }
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        match self.token(TypeHint::Boolean, Expected::Scalar)? {
            Token::Boolean(value) => Ok(value),
            token => Err(self.mismatch("a boolean", token.name())),
        }
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        let token = self.token(TypeHint::Integer, Expected::Scalar)?;
        // Formats with tags have integers, which JSON does not distinguish from doubles.
        if self.context.is_tagged() && matches!(token, Token::Double(_)) {
            let (.., expected) = member.target.kind.bounds();
            return Err(self.mismatch(expected, "a floating-point number"));
        }
        let value = integer(member, &token)
            .unwrap_or_else(|expected| Err(self.mismatch(expected, token.name())))?;
        if self.context.compares() {
            let other = |number: &i32| i64::from(*number) != value;
            let target = member.target;
            if target.kind == Kind::IntEnum && !target.open && target.numbers.iter().all(other) {
                return Err(DecodeError::mismatch("a value of the enum", "another"));
            }
        }
        Ok(value)
    }

    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let hint = if member.target.kind == Kind::Float {
            TypeHint::Single
        } else {
            TypeHint::Double
        };
        // Formats with tags have no names of numbers, but may have digits of any number.
        let tagged = self.context.is_tagged();
        let mut named = None;
        let token = self.token(
            hint,
            Expected::Text(&mut |text| {
                named = if tagged {
                    text.parse().ok()
                } else {
                    float::from_name(text)
                }
            }),
        )?;
        let value = match token {
            Token::Text if tagged => None,
            token => double(&token).or(named),
        };
        let value = value.ok_or_else(|| self.mismatch("a number", token.name()))?;
        let digits = matches!(token, Token::Digits);
        if digits && value.is_infinite() {
            return Err(DecodeError::mismatch(precision(member), "a larger number"));
        }
        if self.context.mode == Mode::Strict {
            let token = if digits { Token::Double(value) } else { token };
            fits(member, value, || token.shown())?;
        }
        Ok(value)
    }

    fn number(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let expected = if member.target.kind == Kind::BigInteger {
            "an integer"
        } else {
            "a number"
        };
        if self.context.uniform_scalars {
            let mut digits = String::new();
            let kind = member.target.kind;
            return match self.token(TypeHint::Text, Expected::String(&mut digits))? {
                // The type checks the rest (Smithy, "RPC v2 JSON protocol", "Numeric type
                // serialization").
                Token::Text if kind == Kind::BigInteger && digits.contains(['.', 'e', 'E']) => {
                    Err(DecodeError::mismatch(expected, member.shown(digits)))
                }
                Token::Text => Ok(digits),
                token => Err(self.mismatch("the text of a number", token.name())),
            };
        }
        self.digits()?
            .map_err(|found| self.mismatch(expected, found))
    }

    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError> {
        let target = member.target;
        if self.context.compares() && target.kind == Kind::Enum && !target.open {
            return self.expect("a string", &mut |text| {
                if !target.values.contains(&text) {
                    return Err(DecodeError::mismatch("a value of the enum", "another"));
                }
                take(text);
                Ok(())
            });
        }
        match self.token(TypeHint::Text, Expected::Text(take))? {
            Token::Text => Ok(()),
            token => Err(self.mismatch("a string", token.name())),
        }
    }

    fn string(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        let mut string = String::new();
        match self.token(TypeHint::Text, Expected::String(&mut string))? {
            Token::Text => Ok(string),
            token => Err(self.mismatch("a string", token.name())),
        }
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        let mut blob = Blob::default();
        if self.context.form == Form::Binary || self.context.is_tagged() {
            return match self.token(
                TypeHint::Bytes,
                Expected::Bytes(&mut |bytes| blob = Blob::from(bytes)),
            )? {
                Token::Bytes => Ok(blob),
                token => Err(self.mismatch("bytes", token.name())),
            };
        }
        let mode = self.context.mode;
        self.expect("base64 text", &mut |text| {
            base64(text, mode).map(|bytes| blob = bytes)
        })?;
        Ok(blob)
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError> {
        if self.context.form == Form::Binary {
            let (seconds, nanoseconds) = self.take(<(i64, u32)>::deserialize)?;
            return Timestamp::new(seconds, nanoseconds)
                .map_err(|_| DecodeError::mismatch("a timestamp", "seconds beyond the year 9999"));
        }
        if self.context.is_tagged() {
            let mut digits = String::new();
            let hint = TypeHint::Tagged(tagged::TIMESTAMP);
            let token = self.token(hint, Expected::String(&mut digits))?;
            return match token {
                Token::Digits => instant(
                    member,
                    &digits,
                    TimestampFormat::EpochSeconds,
                    self.context.mode,
                ),
                token => Err(self.mismatch("a timestamp with tag 1", token.name())),
            };
        }
        let format = match member.timestamp_format {
            Some(format) if !self.context.uniform_scalars => format,
            _ => TimestampFormat::EpochSeconds,
        };
        if format == TimestampFormat::EpochSeconds {
            let found = match self.digits()? {
                Ok(text) => return instant(member, &text, format, self.context.mode),
                Err(found) => found,
            };
            return Err(self.mismatch(expected_timestamp(format), found));
        }
        let (mode, mut value) = (self.context.mode, Timestamp::UNIX_EPOCH);
        self.expect(expected_timestamp(format), &mut |text| {
            instant(member, text, format, mode).map(|instant| value = instant)
        })?;
        Ok(value)
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        match self.context.form {
            Form::Native => {
                let raw = self.take(super::json::raw)?;
                let (depth, memory) = (self.context.depth.get(), &self.context.memory);
                value::document::read(raw, depth, &mut |bytes| memory.allocate(bytes))
                    .map_err(|stop| self.stop(raw, &stop))
            }
            #[cfg(feature = "cbor")]
            Form::Tagged => {
                self.token(TypeHint::Tagged(tagged::DOCUMENT), Expected::Scalar)?;
                Ok(self.context.document.take())
            }
            Form::Text => self.take(Document::deserialize),
            Form::Binary => {
                let mut value = Document::Null;
                self.expect("JSON text", &mut |text| {
                    value = text
                        .parse()
                        .map_err(|_| DecodeError::mismatch("JSON text", "other text"))?;
                    Ok(())
                })?;
                Ok(value)
            }
        }
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        self.nested(TypeHint::List, Expected::List(member, list), "a list")
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        self.nested(TypeHint::Map, Expected::Map(member, map), "an object")
    }

    fn structure(
        &mut self,
        _: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        self.nested(TypeHint::Map, Expected::Structure(structure), "an object")
    }

    #[cfg(feature = "alloy")]
    fn union(
        &mut self,
        member: &'static Member,
        union: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        if self.context.form == Form::Native {
            let raw = self.take(super::json::raw)?;
            if raw == token::NULL {
                let expected = union::expected(union.schema());
                return Err(self.mismatch(expected, token::NULL));
            }
            let result = union::decode(self.context, raw, union);
            return result.unwrap_or_else(|stop| match self.context.stopped.get() {
                None => Err(self.stop(raw, &stop)),
                Some(_) => Err(self.fail(D::Error::custom(&stop.message))),
            });
        }
        let text = self.document(member)?.to_string();
        let mut context = DecodeContext::new(Form::Native, self.context.mode, Memory::unlimited());
        context.ignored = self.context.ignored;
        union::decode(&context, &text, union)
            .unwrap_or_else(|stop| Err(self.fail(D::Error::custom(&stop.message))))
    }
}

/// The error of a decoder that is used twice.
#[cold]
fn second_look() -> DecodeError {
    DecodeError::mismatch("one value", "a second look at it")
}

/// An integer within the bounds of the member's kind, or the expected type if the token is not a
/// number.
///
/// JSON does not distinguish `1.0` and `1e2` from `1` and `100`: a number without a fraction is an
/// integer, however it is written, within the range in which a double is exact.
fn integer(member: &Member, token: &Token) -> Result<Result<i64, DecodeError>, &'static str> {
    let (least, most, expected) = member.target.kind.bounds();
    let value = match *token {
        Token::Integer(value) => Some(value),
        Token::Unsigned(value) => i64::try_from(value).ok(),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "has no fraction and is within the exact integers"
        )]
        Token::Double(value) => {
            (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
        }
        _ => return Err(expected),
    };
    Ok(match value {
        Some(value) if (least..=most).contains(&value) => Ok(value),
        _ => Err(DecodeError::mismatch(expected, member.shown(token.shown()))),
    })
}

fn double(token: &Token) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is wanted"
    )]
    match *token {
        Token::Double(value) => Some(value),
        Token::Integer(value) => Some(value as f64),
        Token::Unsigned(value) => Some(value as f64),
        _ => None,
    }
}

/// Rejects a number that is infinite in single precision.
pub(crate) fn fits(
    member: &Member,
    value: f64,
    digits: impl FnOnce() -> String,
) -> Result<(), DecodeError> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is asked how it is held"
    )]
    let held = member.target.kind != Kind::Float || (value as f32).is_finite();
    if held || !value.is_finite() {
        Ok(())
    } else {
        Err(DecodeError::mismatch(
            precision(member),
            member.shown(digits()),
        ))
    }
}

/// The numbers of a member in messages.
pub(crate) fn precision(member: &Member) -> &'static str {
    if member.target.kind == Kind::Float {
        "a number of single precision"
    } else {
        "a number of double precision"
    }
}

/// The bytes of base64 text.
pub(crate) fn base64(text: &str, mode: Mode) -> Result<Blob, DecodeError> {
    /// Services send base64 with and without padding.
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let engine = if mode == Mode::Strict {
        &STANDARD
    } else {
        &LENIENT
    };
    match engine.decode(text) {
        Ok(bytes) => Ok(Blob::new(bytes)),
        Err(_) => Err(DecodeError::mismatch("base64 text", "other text")),
    }
}

fn expected_timestamp(format: TimestampFormat) -> &'static str {
    match format {
        TimestampFormat::DateTime => "a timestamp such as 1985-04-12T23:20:50.52Z",
        TimestampFormat::HttpDate => "a timestamp such as Tue, 29 Apr 2014 18:30:38 GMT",
        TimestampFormat::EpochSeconds => "a timestamp in seconds since 1970",
    }
}

/// The timestamp of a text.
pub(crate) fn instant(
    member: &Member,
    text: &str,
    format: TimestampFormat,
    mode: Mode,
) -> Result<Timestamp, DecodeError> {
    let offset = format == TimestampFormat::DateTime
        && !text.ends_with(['Z', 'z'])
        && member.format != Some(Format::OffsetDateTime);
    match timestamp::parse(text, format) {
        Some(value) if mode == Mode::Lenient || !offset => Ok(value),
        _ => Err(DecodeError::mismatch(
            expected_timestamp(format),
            member.shown(text),
        )),
    }
}
