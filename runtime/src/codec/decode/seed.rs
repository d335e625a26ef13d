//! The values of lists and maps, and what the places have in common where a value can stand.

use std::borrow::Cow;
use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::{Context, Form, MemberNames, Mode, Source};
use crate::error::{DecodeError, Problem};
use crate::schema::{Kind, Member};
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp};

/// What became of a value: whether there was one, or what is wrong with it.
pub(super) type Outcome = Result<bool, DecodeError>;

/// A place where a value can stand. Null can stand there too: serde's formats see all such values as optional.
pub(super) struct Place<'c, 'p> {
    pub(super) context: &'c Context,
    pub(super) slot: Slot<'p>,
}

/// Which place, and who takes the value.
pub(super) enum Slot<'p> {
    /// The member at an index.
    Member(&'p mut dyn DecodeMembers, &'static Member, usize),
    /// An element, at an index.
    Element(&'p mut dyn DecodeList, &'static Container, usize),
    /// An entry, under a key.
    Entry(&'p mut dyn DecodeMap, &'static Container, &'p str),
}

/// A list or map: the member that holds it.
type Container = Member;

impl Slot<'_> {
    /// A null can be told from a value after the fact, which saves a look ahead, which only sparse lists and maps and some formats need.
    #[inline]
    fn sees_null(&self, form: Form) -> bool {
        let sparse = match self {
            Self::Member(..) => false,
            Self::Element(_, container, _) | Self::Entry(_, container, _) => {
                matches!(container.target.kind, Kind::SparseList | Kind::SparseMap)
            }
        };
        form == Form::Native && !sparse
    }

    /// Hands the value on.
    #[inline]
    fn fill(&mut self, decoder: &mut dyn Decoder) -> Result<(), DecodeError> {
        match self {
            Self::Member(structure, _, index) => structure.decode_member(*index, decoder),
            Self::Element(list, container, _) => {
                list.decode_element(&container.target.members[0], decoder)
            }
            Self::Entry(map, container, key) => {
                map.decode_entry(key, &container.target.members[1], decoder)
            }
        }
    }

    /// Decides on a null: absent in structures, a value in documents, sparse lists and sparse maps.
    fn fill_null(&mut self, mode: Mode) -> Outcome {
        let (value, sparse) = match self {
            Self::Member(_, member, _) => (*member, false),
            Self::Element(_, container, _) => (
                &container.target.members[0],
                container.target.kind == Kind::SparseList,
            ),
            Self::Entry(_, container, _) => (
                &container.target.members[1],
                container.target.kind == Kind::SparseMap,
            ),
        };
        let document = value.target.kind == Kind::Document;
        if sparse || document {
            return self
                .fill(&mut Null {
                    document: document && !sparse,
                })
                .map(|()| true);
        }
        match self {
            Self::Element(..) | Self::Entry(..) if mode == Mode::Strict => {
                Err(DecodeError::mismatch("a value", "null"))
            }
            _ => Ok(false),
        }
    }

    /// Nothing of the value must be shown, however deep it is.
    fn is_sensitive(&self) -> bool {
        match self {
            Self::Member(_, member, _) => member.is_secret(),
            Self::Element(_, container, _) => container.target.members[0].is_secret(),
            Self::Entry(_, container, _) => container.target.members[1].is_secret(),
        }
    }

    /// The place's name in a JSON pointer.
    fn segment(&self, names: MemberNames) -> String {
        match self {
            Self::Member(_, member, _) => names.of(member).to_owned(),
            Self::Element(_, _, index) => index.to_string(),
            Self::Entry(_, container, key) => segment_of_key(container, key),
        }
    }
}

/// A key in a JSON pointer, unless it must not be shown.
fn segment_of_key(container: &Container, key: &str) -> String {
    if container.target.sensitive || container.target.members[0].sensitive {
        "*".to_owned()
    } else {
        key.to_owned()
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_, '_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Outcome, D::Error> {
        if !self.slot.sees_null(self.context.form) {
            return self.look_ahead(deserializer);
        }
        let mut source = Source::new(deserializer, self.context);
        let result = self.slot.fill(&mut source);
        if result.is_ok() && source.is_done() {
            return Ok(Ok(true));
        }
        self.settle(source, result)
    }
}

impl Place<'_, '_> {
    /// Asks the format for a null before the value is taken.
    #[inline(never)]
    fn look_ahead<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        let outcome = deserializer.deserialize_option(Optional(self));
        self.located(outcome)
    }

    /// What became of a value that is null, wrong or was left.
    #[cold]
    fn settle<'de, D: Deserializer<'de>>(
        &mut self,
        source: Source<'_, 'de, D>,
        result: Result<(), DecodeError>,
    ) -> Result<Outcome, D::Error> {
        let outcome = if source.null {
            Ok(self.slot.fill_null(self.context.mode))
        } else {
            source.finish(result).map(|result| result.map(|()| true))
        };
        self.located(outcome)
    }

    /// Says where it is that something is wrong.
    fn located<E>(&self, outcome: Result<Outcome, E>) -> Result<Outcome, E> {
        match outcome {
            Ok(Ok(_)) => outcome,
            Ok(Err(error)) => {
                let error = if self.slot.is_sensitive() {
                    error.redacted()
                } else {
                    error
                };
                Ok(Err(error.inside(&self.slot.segment(self.context.names))))
            }
            Err(refusal) => {
                self.context
                    .path
                    .borrow_mut()
                    .push(self.slot.segment(self.context.names));
                Err(refusal)
            }
        }
    }
}

struct Optional<'o, 'c, 'p>(&'o mut Place<'c, 'p>);

impl<'de> Visitor<'de> for Optional<'_, '_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Outcome, E> {
        Ok(self.0.slot.fill_null(self.0.context.mode))
    }

    fn visit_unit<E: Error>(self) -> Result<Outcome, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let mut source = Source::new(deserializer, self.0.context);
        let result = self.0.slot.fill(&mut source);
        Ok(source.finish(result)?.map(|()| true))
    }
}

/// Stands at a null.
struct Null {
    /// It is the value of a document.
    document: bool,
}

impl Decoder for Null {
    fn is_null(&self) -> bool {
        !self.document
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

/// Adds a violation to those that were found before.
pub(super) fn note(errors: &mut Option<DecodeError>, error: DecodeError) {
    *errors = Some(match errors.take() {
        Some(errors) => errors.and(error),
        None => error,
    });
}

/// Fills a list.
pub(super) fn list<'de, A: SeqAccess<'de>>(
    context: &Context,
    member: &'static Member,
    list: &mut dyn DecodeList,
    mut sequence: A,
) -> Result<Result<(), DecodeError>, A::Error> {
    let mut errors = None;
    let mut index = 0;
    while let Some(outcome) = sequence.next_element_seed(Place {
        context,
        slot: Slot::Element(list, member, index),
    })? {
        if let Err(error) = outcome {
            note(&mut errors, error);
        }
        index += 1;
    }
    Ok(errors.map_or(Ok(()), Err))
}

/// Fills a map.
pub(super) fn map<'de, A: MapAccess<'de>>(
    context: &Context,
    member: &'static Member,
    map: &mut dyn DecodeMap,
    mut entries: A,
) -> Result<Result<(), DecodeError>, A::Error> {
    let mut errors = None;
    while let Some(key) = entries.next_key_seed(Text)? {
        let before = map.len();
        let outcome = entries.next_value_seed(Place {
            context,
            slot: Slot::Entry(map, member, &key),
        })?;
        match outcome {
            Err(error) => note(&mut errors, error),
            Ok(true) if map.len() == before && context.mode == Mode::Strict => {
                let duplicate = DecodeError::new(Problem::Duplicate);
                note(&mut errors, duplicate.inside(&segment_of_key(member, &key)));
            }
            Ok(_) => {}
        }
    }
    Ok(errors.map_or(Ok(()), Err))
}

/// A text, without copying it where the format can lend it.
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

    fn visit_str<E: Error>(self, value: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(value))
    }
}
