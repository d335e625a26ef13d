//! One decoder over everything that serde reads: the JSON of the protocols and any other format.
//!
//! A [`Source`] is a [`Decoder`] over a serde deserializer that stands at a value. Values that are wrong are read past and noted, so that one
//! run finds all of them; what the format itself refuses ends the run.

mod seed;
mod structure;
mod token;

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

use ::serde::de::Error as _;
use ::serde::{Deserialize, Deserializer};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use self::token::{EXACT, Goal, Token, TokenVisitor};
use super::MemberNames;
use crate::error::{DecodeError, Syntax};
use crate::schema::{Kind, Member, TimestampFormat};
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::document::{self, Stop};
use crate::value::timestamp;
use crate::value::{Blob, Document, Timestamp};

/// How much a decoder lets pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// For clients, who must understand services that are newer than their model: nulls in dense lists and maps are skipped,
    /// required members that are missing are empty, unions of no or several members are unknown, the last of equal keys stands.
    #[default]
    Lenient,
    /// For servers: all of these are violations, as are UTC offsets in timestamps and base64 that is not canonical.
    Strict,
}

/// How values look that formats write in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A codec's own deserializer, which finds out by itself what a value is and gives the digits of
    /// numbers as they are written.
    Native,
    /// Any human-readable format.
    Text,
    /// Bytes are bytes, numbers are numbers, documents are JSON text.
    Binary,
}

/// What holds for a whole document.
pub(crate) struct Context {
    form: Form,
    mode: Mode,
    /// Which of its names a member has in the document.
    pub(crate) names: MemberNames,
    /// A key that may appear in any object and is never a member of a union.
    pub(crate) ignored: Option<&'static str>,
    /// Where the format refused to go on, innermost first.
    path: RefCell<Vec<String>>,
    /// How many lists and maps the value is nested in.
    depth: Cell<usize>,
    /// Where a document of JSON ends early: the address of the rest of the text.
    stopped: Cell<Option<usize>>,
}

impl Context {
    pub(crate) fn new(form: Form, mode: Mode) -> Self {
        Self {
            form,
            mode,
            names: MemberNames::Json,
            ignored: None,
            path: RefCell::default(),
            depth: Cell::default(),
            stopped: Cell::default(),
        }
    }

    /// Reads a list or map.
    #[inline]
    fn nested<T, E>(&self, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.depth.set(self.depth.get() + 1);
        let result = read();
        self.depth.set(self.depth.get() - 1);
        result
    }

    /// The error of a document that ends before its schema does.
    pub(crate) fn syntax(&self, syntax: Syntax) -> DecodeError {
        let error = DecodeError::syntax(syntax);
        self.path
            .borrow()
            .iter()
            .fold(error, |error, segment| error.inside(segment))
    }

    /// How much of `text` was read, if it ended in the middle of a document.
    pub(crate) fn stopped(&self, text: &str) -> Option<usize> {
        self.stopped.get()?.checked_sub(text.as_ptr().addr())
    }
}

/// A deserializer that stands at a value.
pub(crate) struct Source<'c, 'de, D: Deserializer<'de>> {
    context: &'c Context,
    /// Gone once the value is taken.
    deserializer: Option<D>,
    /// Why the format refused to go on: the one error that is passed on as it is.
    refusal: Option<D::Error>,
    /// The value was null where none is expected.
    null: bool,
    lifetime: PhantomData<&'de ()>,
}

/// What a deserializer is asked for where the format does not say what its values are.
#[derive(Clone, Copy)]
enum Ask {
    Boolean,
    Integer,
    Single,
    Double,
    Text,
    Bytes,
    List,
    Map,
}

impl<'c, 'de, D: Deserializer<'de>> Source<'c, 'de, D> {
    pub(crate) fn new(deserializer: D, context: &'c Context) -> Self {
        Self {
            context,
            deserializer: Some(deserializer),
            refusal: None,
            null: false,
            lifetime: PhantomData,
        }
    }

    /// The value was taken and nothing is wrong with it.
    #[inline]
    fn is_done(&self) -> bool {
        self.deserializer.is_none() && self.refusal.is_none()
    }

    /// Ends the use of the source: a value that nobody took is read past.
    pub(crate) fn finish(
        self,
        result: Result<(), DecodeError>,
    ) -> Result<Result<(), DecodeError>, D::Error> {
        if let Some(error) = self.refusal {
            return Err(error);
        }
        if let Some(deserializer) = self.deserializer {
            ::serde::de::IgnoredAny::deserialize(deserializer)?;
        }
        Ok(result)
    }

    #[inline]
    fn take<T>(&mut self, read: impl FnOnce(D) -> Result<T, D::Error>) -> Result<T, DecodeError> {
        let Some(deserializer) = self.deserializer.take() else {
            return Err(DecodeError::mismatch("one value", "a second look at it"));
        };
        read(deserializer).map_err(|error| self.refuse(error))
    }

    #[cold]
    fn refuse(&mut self, error: D::Error) -> DecodeError {
        self.refusal = Some(error);
        DecodeError::mismatch("a value", "the end of the document")
    }

    /// Ends the run in the middle of a document.
    #[cold]
    fn stop(&mut self, raw: &str, stop: &Stop) -> DecodeError {
        let end = raw[stop.length..].as_ptr().addr();
        self.context.stopped.set(Some(end));
        self.refuse(D::Error::custom(&stop.message))
    }

    /// **The one place where a value and its member meet**: all values but documents and numbers of any size come through here.
    fn token(&mut self, ask: Ask, mut goal: Goal<'_>) -> Result<Token, DecodeError> {
        let context = self.context;
        self.take(|deserializer| {
            let visitor = TokenVisitor {
                context,
                goal: &mut goal,
            };
            match (context.form, ask) {
                // A codec knows what its values are. Human-readable formats do too, where a double may be text.
                (Form::Native, _) | (Form::Text, Ask::Single | Ask::Double) => {
                    deserializer.deserialize_any(visitor)
                }
                (_, Ask::Boolean) => deserializer.deserialize_bool(visitor),
                (_, Ask::Integer) => deserializer.deserialize_i64(visitor),
                (_, Ask::Single) => deserializer.deserialize_f32(visitor),
                (_, Ask::Double) => deserializer.deserialize_f64(visitor),
                (_, Ask::Text) => deserializer.deserialize_str(visitor),
                (_, Ask::Bytes) => deserializer.deserialize_byte_buf(visitor),
                (_, Ask::List) => deserializer.deserialize_seq(visitor),
                (_, Ask::Map) => deserializer.deserialize_map(visitor),
            }
        })
    }

    /// The value is not what was expected.
    #[cold]
    fn mismatch(&mut self, expected: &'static str, found: &'static str) -> DecodeError {
        self.null = found == token::NULL;
        DecodeError::mismatch(expected, found)
    }

    /// The text that is expected.
    fn expect(
        &mut self,
        expected: &'static str,
        take: &mut dyn FnMut(&str) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut result = Ok(());
        match self.token(Ask::Text, Goal::Text(&mut |text| result = take(text)))? {
            Token::Text => result,
            token => Err(self.mismatch(expected, token.name())),
        }
    }

    /// The digits of a number as they are written; what the value is, if it is not a number.
    fn digits(&mut self) -> Result<Result<String, &'static str>, DecodeError> {
        if self.context.form != Form::Native {
            let ask = if self.context.form == Form::Text {
                Ask::Double
            } else {
                Ask::Text
            };
            let mut digits = String::new();
            return Ok(
                match self.token(ask, Goal::Text(&mut |text| text.clone_into(&mut digits)))? {
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

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        match self.token(Ask::Boolean, Goal::Scalar)? {
            Token::Boolean(value) => Ok(value),
            token => Err(self.mismatch("a boolean", token.name())),
        }
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        let token = self.token(Ask::Integer, Goal::Scalar)?;
        integer(member, &token)
            .unwrap_or_else(|expected| Err(self.mismatch(expected, token.name())))
    }

    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let ask = if member.target.kind == Kind::Float {
            Ask::Single
        } else {
            Ask::Double
        };
        let mut named = None;
        let token = self.token(ask, Goal::Text(&mut |text| named = not_a_number(text)))?;
        let value = double(&token).or(named);
        let value = value.ok_or_else(|| self.mismatch("a number", token.name()))?;
        if self.context.mode == Mode::Strict {
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
        self.digits()?
            .map_err(|found| self.mismatch(expected, found))
    }

    fn text(&mut self, _: &'static Member, take: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        match self.token(Ask::Text, Goal::Text(take))? {
            Token::Text => Ok(()),
            token => Err(self.mismatch("a string", token.name())),
        }
    }

    fn string(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        let mut string = String::new();
        match self.token(Ask::Text, Goal::String(&mut string))? {
            Token::Text => Ok(string),
            token => Err(self.mismatch("a string", token.name())),
        }
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        let mut blob = Blob::default();
        if self.context.form == Form::Binary {
            return match self.token(
                Ask::Bytes,
                Goal::Bytes(&mut |bytes| blob = Blob::from(bytes)),
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
        let format = member
            .timestamp_format
            .unwrap_or(TimestampFormat::EpochSeconds);
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
                document::read(raw, self.context.depth.get()).map_err(|stop| self.stop(raw, &stop))
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
        match self.token(Ask::List, Goal::List(member, list))? {
            Token::Done(result) => result,
            token => Err(self.mismatch("a list", token.name())),
        }
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        match self.token(Ask::Map, Goal::Map(member, map))? {
            Token::Done(result) => result,
            token => Err(self.mismatch("an object", token.name())),
        }
    }

    fn structure(
        &mut self,
        _: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        match self.token(Ask::Map, Goal::Structure(structure))? {
            Token::Done(result) => result,
            token => Err(self.mismatch("an object", token.name())),
        }
    }
}

/// An integer within the bounds of the member's kind; what is expected where the token is no number.
///
/// JSON does not tell `1.0` and `1e2` from `1` and `100`: a number without a fraction is an integer, however it is written, as far as a double holds it
/// exactly.
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

/// A single holds no number that it would make infinite.
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
            "a number of single precision",
            member.shown(digits()),
        ))
    }
}

/// What JSON has no number for (restJson1 and awsJson1, "Non-numeric float and double serialization").
fn not_a_number(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn base64(text: &str, mode: Mode) -> Result<Blob, DecodeError> {
    /// Services write base64 with and without padding.
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

fn instant(
    member: &Member,
    text: &str,
    format: TimestampFormat,
    mode: Mode,
) -> Result<Timestamp, DecodeError> {
    let offset = format == TimestampFormat::DateTime && !text.ends_with(['Z', 'z']);
    match timestamp::parse(text, format) {
        Some(value) if mode == Mode::Lenient || !offset => Ok(value),
        _ => Err(DecodeError::mismatch(
            expected_timestamp(format),
            member.shown(text),
        )),
    }
}
