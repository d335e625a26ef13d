//! Decodes the values of lists and maps, and handles null in all positions.

use std::borrow::Cow;
use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::{DecodeContext, Mode, Source};
use crate::codec::MemberNames;
use crate::error::{DecodeError, Problem};
use crate::schema::{Kind, Member};
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp};

/// Whether there was a value, or why it is invalid.
pub(in crate::codec) type ValueResult = Result<bool, DecodeError>;

/// Decodes the value at a position, or null: serde's formats see all such values as optional.
pub(super) struct ValueSeed<'c, 'p> {
    pub(super) context: &'c DecodeContext,
    pub(super) position: ValuePosition<'p>,
}

/// The position of a value, and the receiver of the value.
pub(in crate::codec) enum ValuePosition<'p> {
    /// The member at an index.
    Member(&'p mut dyn DecodeMembers, &'static Member, usize),
    /// The element at an index.
    Element(&'p mut dyn DecodeList, &'static Container, usize),
    /// The entry with a key.
    Entry(&'p mut dyn DecodeMap, &'static Container, &'p str),
}

/// The member whose value is the list or map.
type Container = Member;

impl ValuePosition<'_> {
    /// Usually a null is recognized after decoding has failed. Only sparse lists and maps and some
    /// formats need to look ahead.
    #[inline]
    fn can_defer_null(&self, context: &DecodeContext) -> bool {
        let sparse = match self {
            Self::Member(..) => false,
            Self::Element(_, container, _) | Self::Entry(_, container, _) => {
                matches!(container.target.kind, Kind::SparseList | Kind::SparseMap)
            }
        };
        context.is_typed() && !sparse
    }

    /// Passes the value on.
    #[inline]
    pub(in crate::codec) fn fill(&mut self, decoder: &mut dyn Decoder) -> Result<(), DecodeError> {
        match self {
            Self::Member(structure, _, index) => structure.decode_member(*index, decoder),
            Self::Element(list, container, _) => {
                list.decode_element(container.target.element(), decoder)
            }
            Self::Entry(map, container, key) => {
                map.decode_entry(key, container.target.entry().1, decoder)
            }
        }
    }

    /// Handles a null: it is missing in a structure unless the member is nullable, and a value in
    /// documents, sparse lists and sparse maps.
    pub(in crate::codec) fn fill_null(&mut self, context: &DecodeContext) -> ValueResult {
        let (value, sparse) = match self {
            Self::Member(_, member, _) => (*member, member.nullable),
            Self::Element(_, container, _) => (
                container.target.element(),
                container.target.kind == Kind::SparseList,
            ),
            Self::Entry(_, container, _) => (
                container.target.entry().1,
                container.target.kind == Kind::SparseMap,
            ),
        };
        let document = value.target.kind == Kind::Document;
        if sparse || document {
            return self
                .fill(&mut Null {
                    document: document && !sparse,
                    context,
                })
                .map(|()| true);
        }
        match self {
            Self::Element(..) | Self::Entry(..) if context.requires_members() => {
                Err(DecodeError::mismatch("a value", "null"))
            }
            _ => Ok(false),
        }
    }

    /// Handles a null that was recognized before its receiver has seen it. A list or map counts the
    /// nulls that it rejects.
    #[cfg(feature = "xml")]
    pub(in crate::codec) fn receive_null(&mut self, context: &DecodeContext) -> ValueResult {
        match (self.fill_null(context), &self) {
            (Err(_), Self::Element(..) | Self::Entry(..)) => {
                let mut null = Null {
                    context,
                    document: false,
                };
                self.fill(&mut null).map(|()| true)
            }
            (result, _) => result,
        }
    }

    /// Whether the value and everything inside it must not be shown.
    fn is_sensitive(&self) -> bool {
        match self {
            Self::Member(_, member, _) => member.is_secret(),
            Self::Element(_, container, _) => container.target.element().is_secret(),
            Self::Entry(_, container, _) => container.target.entry().1.is_secret(),
        }
    }

    /// Adds the location to the error of a value.
    pub(in crate::codec) fn locate(&self, names: MemberNames, error: DecodeError) -> DecodeError {
        let error = if self.is_sensitive() {
            error.redacted()
        } else {
            error
        };
        error.inside(&self.segment(names))
    }

    /// The segment of the position in a JSON pointer.
    fn segment(&self, names: MemberNames) -> String {
        match self {
            Self::Member(_, member, _) => names.of(member).to_owned(),
            Self::Element(_, _, index) => index.to_string(),
            Self::Entry(_, container, key) => segment_of_key(container, key),
        }
    }
}

/// The segment of a key in a JSON pointer, or `*` if it is sensitive.
pub(in crate::codec) fn segment_of_key(container: &Container, key: &str) -> String {
    if container.target.sensitive || container.target.entry().0.sensitive {
        "*".to_owned()
    } else {
        key.to_owned()
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = ValueResult;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(
        mut self,
        deserializer: D,
    ) -> Result<ValueResult, D::Error> {
        if !self.position.can_defer_null(self.context) {
            return self.look_ahead(deserializer);
        }
        let mut source = Source::new(deserializer, self.context);
        let result = self.position.fill(&mut source);
        match source.decoded(result) {
            Ok(()) => Ok(Ok(true)),
            Err((source, result)) => self.settle(source, result),
        }
    }
}

impl ValueSeed<'_, '_> {
    /// Asks the format for a null before the value is decoded.
    #[inline(never)]
    pub(super) fn look_ahead<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<ValueResult, D::Error> {
        let result = deserializer.deserialize_option(Optional(self));
        self.located(result)
    }

    /// The result for a value that is null, invalid or skipped.
    #[cold]
    pub(super) fn settle<'de, D: Deserializer<'de>>(
        &mut self,
        source: Source<'_, 'de, D>,
        result: Result<(), DecodeError>,
    ) -> Result<ValueResult, D::Error> {
        let result = if source.null {
            self.fill_null()
        } else {
            source.finish(result).map(|result| result.map(|()| true))
        };
        self.located(result)
    }

    fn fill_null<E: Error>(&mut self) -> Result<ValueResult, E> {
        let result = self.position.fill_null(self.context);
        match self.context.memory.exceeded() {
            None => Ok(result),
            Some(_) => Err(E::custom("too much memory")),
        }
    }

    /// Adds the location to an error.
    fn located<E>(&self, result: Result<ValueResult, E>) -> Result<ValueResult, E> {
        match result {
            Ok(Ok(_)) => result,
            Ok(Err(error)) => Ok(Err(self.position.locate(self.context.names, error))),
            Err(format_error) => {
                self.context
                    .path
                    .borrow_mut()
                    .push(self.position.segment(self.context.names));
                Err(format_error)
            }
        }
    }
}

struct Optional<'o, 'c, 'p>(&'o mut ValueSeed<'c, 'p>);

impl<'de> Visitor<'de> for Optional<'_, '_, '_> {
    type Value = ValueResult;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<ValueResult, E> {
        self.0.fill_null()
    }

    fn visit_unit<E: Error>(self) -> Result<ValueResult, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<ValueResult, D::Error> {
        let mut source = Source::new(deserializer, self.0.context);
        let result = self.0.position.fill(&mut source);
        Ok(source.finish(result)?.map(|()| true))
    }
}

/// Decodes a null.
struct Null<'c> {
    context: &'c DecodeContext,
    /// Whether it is the value of a document.
    document: bool,
}

impl Decoder for Null<'_> {
    fn is_null(&self) -> bool {
        !self.document
    }

    fn allocate(&mut self, bytes: usize) -> Result<(), DecodeError> {
        if self.context.memory.allocate(bytes) {
            Ok(())
        } else {
            unexpected_null()
        }
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        unexpected_null()
    }

    fn integer(&mut self, _: &'static Member) -> Result<i64, DecodeError> {
        unexpected_null()
    }

    fn double(&mut self, _: &'static Member) -> Result<f64, DecodeError> {
        unexpected_null()
    }

    fn number(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        unexpected_null()
    }

    fn text(&mut self, _: &'static Member, _: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        unexpected_null()
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        unexpected_null()
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Timestamp, DecodeError> {
        unexpected_null()
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        Ok(Document::Null)
    }

    fn list(&mut self, _: &'static Member, _: &mut dyn DecodeList) -> Result<(), DecodeError> {
        unexpected_null()
    }

    fn map(&mut self, _: &'static Member, _: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        unexpected_null()
    }

    fn structure(
        &mut self,
        _: &'static Member,
        _: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        unexpected_null()
    }
}

fn unexpected_null<T>() -> Result<T, DecodeError> {
    Err(DecodeError::mismatch("a value", "null"))
}

/// Adds a violation to the previous ones.
pub(in crate::codec) fn note(errors: &mut Option<DecodeError>, error: DecodeError) {
    *errors = Some(match errors.take() {
        Some(errors) => errors.and(error),
        None => error,
    });
}

/// Decodes a list, and returns the errors in it.
pub(super) fn list<'de, A: SeqAccess<'de>>(
    context: &DecodeContext,
    member: &'static Member,
    list: &mut dyn DecodeList,
    mut sequence: A,
) -> Result<Option<DecodeError>, A::Error> {
    let mut errors = None;
    let mut index = 0;
    while let Some(result) = sequence.next_element_seed(ValueSeed {
        context,
        position: ValuePosition::Element(list, member, index),
    })? {
        if let Err(error) = result {
            note(&mut errors, error);
        }
        index += 1;
    }
    Ok(errors)
}

/// Decodes a map, and returns the errors in it.
pub(super) fn map<'de, A: MapAccess<'de>>(
    context: &DecodeContext,
    member: &'static Member,
    map: &mut dyn DecodeMap,
    mut entries: A,
) -> Result<Option<DecodeError>, A::Error> {
    let mut errors = None;
    while let Some(key) = entries.next_key_seed(Text)? {
        let before = map.len();
        let result = entries.next_value_seed(ValueSeed {
            context,
            position: ValuePosition::Entry(map, member, &key),
        })?;
        match result {
            Err(error) => note(&mut errors, error),
            Ok(true) if map.len() == before && context.mode == Mode::Strict => {
                let duplicate = DecodeError::new(Problem::Duplicate);
                note(&mut errors, duplicate.inside(&segment_of_key(member, &key)));
            }
            Ok(_) => {}
        }
    }
    Ok(errors)
}

/// A text that is borrowed from the input if the format allows it.
pub(super) struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(value))
    }

    /// The bytes of a key that may not be text.
    fn visit_borrowed_bytes<E: Error>(self, value: &'de [u8]) -> Result<Cow<'de, str>, E> {
        let text = std::str::from_utf8(value).map_err(E::custom)?;
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(value))
    }
}
