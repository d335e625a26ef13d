//! The text forms of values in paths, queries and headers (Smithy 2.0, "HTTP protocol bindings").

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::codec::payload::mismatches;
use crate::codec::{Mode, scalar};
use crate::error::{DecodeError, EncodeError, both};
use crate::schema::{Member, TimestampFormat};
use crate::shape::visitor::ValueRef;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp, float, timestamp};

/// The position of a text in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextPosition {
    /// In the path.
    Label,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// The whole body, or the status.
    Body,
}

impl TextPosition {
    /// The format of a timestamp without a format of its own.
    fn timestamp_format(self, member: &Member) -> TimestampFormat {
        member.timestamp_format.unwrap_or(match self {
            Self::Header => TimestampFormat::HttpDate,
            Self::Label | Self::Query | Self::Body => TimestampFormat::DateTime,
        })
    }

    /// A string with a media type is base64 text in a header (Smithy 2.0, "httpHeader trait").
    fn is_base64(self, member: &Member) -> bool {
        self == Self::Header && member.media_type.is_some()
    }
}

/// The text of a simple value.
pub(crate) fn write<'v>(
    member: &Member,
    value: ValueRef<'v>,
    position: TextPosition,
) -> Result<Cow<'v, str>, EncodeError> {
    Ok(match value {
        ValueRef::Boolean(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        ValueRef::Integer(value) => Cow::Owned(value.to_string()),
        ValueRef::Float(value) => float::text(value.into(), &value),
        ValueRef::Double(value) => float::text(value, &value),
        ValueRef::Number(digits) => Cow::Borrowed(digits),
        ValueRef::String(value) if position.is_base64(member) => Cow::Owned(STANDARD.encode(value)),
        ValueRef::String(value) => Cow::Borrowed(value),
        ValueRef::Blob(value) => Cow::Owned(STANDARD.encode(value)),
        ValueRef::Timestamp(value) => {
            Cow::Owned(timestamp::format(value, position.timestamp_format(member))?.to_string())
        }
        ValueRef::None
        | ValueRef::Document(_)
        | ValueRef::List(_)
        | ValueRef::Map(_)
        | ValueRef::Structure(_)
        | ValueRef::Stream(_) => return Err(no_text(member)),
        #[cfg(feature = "alloy")]
        ValueRef::Null | ValueRef::Union(_) => return Err(no_text(member)),
    })
}

fn no_text(member: &Member) -> EncodeError {
    EncodeError::new(format!("`{}` has no text form", member.name))
}

/// Decodes values from texts: a single text, or one per element of a list.
pub(crate) struct Texts<'t> {
    all: &'t [Cow<'t, str>],
    position: TextPosition,
    /// Whether UTC offsets in timestamps are rejected.
    strict: bool,
}

impl<'t> Texts<'t> {
    /// Decodes `texts`, which is empty only for a list or an empty string.
    pub(crate) fn new(texts: &'t [Cow<'t, str>], position: TextPosition) -> Self {
        Self {
            all: texts,
            position,
            strict: false,
        }
    }

    /// Decodes with the strictness of servers.
    pub(crate) fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    fn first(&self) -> &'t str {
        self.all.first().map_or("", AsRef::as_ref)
    }

    fn is_not(&self, expected: &'static str, member: &Member) -> DecodeError {
        scalar::mismatch(expected, member, self.first())
    }
}

impl Decoder for Texts<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn boolean(&mut self, member: &'static Member) -> Result<bool, DecodeError> {
        scalar::boolean(member, self.first())
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        scalar::integer(member, self.first())
    }

    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let mode = if self.strict {
            Mode::Strict
        } else {
            Mode::Lenient
        };
        scalar::double(member, self.first(), mode)
    }

    fn number(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        Ok(self.first().to_owned())
    }

    fn string(&mut self, member: &'static Member) -> Result<String, DecodeError> {
        let text = self.first();
        if !self.position.is_base64(member) {
            return Ok(text.to_owned());
        }
        let decoded = STANDARD
            .decode(text)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        decoded.ok_or_else(|| self.is_not("base64 text", member))
    }

    fn text(
        &mut self,
        member: &'static Member,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), DecodeError> {
        if self.position.is_base64(member) {
            take(&self.string(member)?);
        } else {
            take(self.first());
        }
        Ok(())
    }

    fn blob(&mut self, member: &'static Member) -> Result<Blob, DecodeError> {
        STANDARD
            .decode(self.first())
            .map(Blob::from)
            .map_err(|_| self.is_not("base64 text", member))
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError> {
        let format = self.position.timestamp_format(member);
        let offset = format == TimestampFormat::DateTime && !self.first().ends_with(['Z', 'z']);
        let value = timestamp::parse(self.first(), format).filter(|_| !(self.strict && offset));
        value.ok_or_else(|| {
            let expected = match format {
                TimestampFormat::DateTime => "an RFC 3339 date and time",
                TimestampFormat::HttpDate => "an HTTP date",
                TimestampFormat::EpochSeconds => "seconds since the epoch",
            };
            self.is_not(expected, member)
        })
    }

    fn document(&mut self, member: &'static Member) -> Result<Document, DecodeError> {
        Err(self.is_not("a document", member))
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        let [element, ..] = member.target.members else {
            return Err(self.is_not("a list", member));
        };
        let mut result = Ok(());
        for (index, text) in self.all.iter().enumerate() {
            let text = std::slice::from_ref(text);
            let mut decoder = Texts::new(text, self.position).strict(self.strict);
            let element = list.decode_element(element, &mut decoder);
            result = both(
                result,
                element.map_err(|error| error.inside(&index.to_string())),
            );
        }
        result
    }

    fn map(&mut self, member: &'static Member, _: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        Err(self.is_not("a map", member))
    }

    fn structure(
        &mut self,
        member: &'static Member,
        _: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        Err(self.is_not("a structure", member))
    }
}

/// Decodes a map from names and their texts: query parameters, or headers with a prefix.
pub(crate) struct Entries<'t> {
    pub(crate) pairs: &'t [(Cow<'t, str>, Vec<Cow<'t, str>>)],
    pub(crate) position: TextPosition,
    pub(crate) strict: bool,
}

impl Decoder for Entries<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        let [_, value, ..] = member.target.members else {
            return Err(DecodeError::mismatch("a value", "named values"));
        };
        let mut result = Ok(());
        for (name, texts) in self.pairs {
            let mut decoder = Texts::new(texts, self.position).strict(self.strict);
            let entry = map.decode_entry(name, value, &mut decoder);
            result = both(result, entry.map_err(|error| error.inside(name)));
        }
        result
    }

    mismatches! {
        "a value", "named values":
        boolean() -> bool;
        integer() -> i64;
        double() -> f64;
        number() -> String;
        string() -> String;
        text(take: &mut dyn FnMut(&str)) -> ();
        blob() -> Blob;
        timestamp() -> Timestamp;
        document() -> Document;
        list(list: &mut dyn DecodeList) -> ();
        structure(structure: &mut dyn DecodeMembers) -> ();
    }
}
