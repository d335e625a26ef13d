//! The members of structures and unions.

use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};

use super::seed::{Outcome, Place, Slot, note};
use super::{Context, MemberNames, Mode, Source};
use crate::error::{DecodeError, Problem};
use crate::schema::{self, Kind, Member, Schema};
use crate::shape::{DecodeMembers, Decoder as _};
use crate::value::Document;

/// The schema of a member that the schema does not know.
const UNKNOWN: &Member = &Member::new("", &schema::DOCUMENT);

/// Fills a structure or union.
pub(super) fn fill<'de, A: MapAccess<'de>>(
    context: &Context,
    structure: &mut dyn DecodeMembers,
    mut map: A,
) -> Result<Result<(), DecodeError>, A::Error> {
    let schema = structure.schema();
    let mut progress = Progress::new(schema, context);
    let mut name = String::new();
    while let Some(key) = map.next_key_seed(KeySeed {
        context,
        schema,
        hint: progress.hint,
        name: &mut name,
    })? {
        match key {
            Key::Known(index) => {
                let slot = Slot::Member(structure, &schema.members[index], index);
                let outcome = map.next_value_seed(Place { context, slot })?;
                progress.known(index, outcome, structure);
            }
            Key::Unknown => match map.next_value_seed(UnknownValue { context })? {
                Ok(Document::Null) => {}
                Ok(value) => {
                    structure.decode_unknown(&name, value);
                    progress.unknown(&name);
                }
                Err(error) => progress.known_error(error.inside(&name)),
            },
            Key::Ignored => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(progress.finish(structure))
}

/// What is known so far of a structure or union that is being decoded.
struct Progress {
    schema: &'static Schema,
    mode: Mode,
    names: MemberNames,
    /// Where the next member is looked for first: writers keep the order of the model.
    hint: usize,
    /// Which members had a value; kept only where somebody asks.
    seen: Seen,
    /// How many members had a value.
    set: usize,
    errors: Option<DecodeError>,
}

impl Progress {
    fn new(schema: &'static Schema, context: &Context) -> Self {
        Self {
            schema,
            mode: context.mode,
            names: context.names,
            hint: 0,
            seen: Seen::default(),
            set: 0,
            errors: None,
        }
    }

    #[inline]
    fn known(&mut self, index: usize, outcome: Outcome, structure: &dyn DecodeMembers) {
        self.hint = index + 1;
        match outcome {
            Ok(true) if self.mode == Mode::Lenient => self.set += 1,
            Ok(false) => {}
            outcome => self.checked(index, outcome, structure),
        }
    }

    fn checked(&mut self, index: usize, outcome: Outcome, structure: &dyn DecodeMembers) {
        if let Err(error) = outcome {
            self.known_error(error);
        }
        if self.seen.insert(index) {
            self.set += 1;
        } else if self.mode == Mode::Strict && structure.expects(index) {
            self.known_error(
                DecodeError::new(Problem::Duplicate)
                    .inside(self.names.of(&self.schema.members[index])),
            );
        }
    }

    fn unknown(&mut self, name: &str) {
        self.set += 1;
        if self.mode == Mode::Strict {
            self.known_error(
                DecodeError::mismatch("a member of the union", "another").inside(name),
            );
        }
    }

    fn known_error(&mut self, error: DecodeError) {
        note(&mut self.errors, error);
    }

    fn finish(mut self, structure: &mut dyn DecodeMembers) -> Result<(), DecodeError> {
        match (self.schema.kind, self.mode) {
            (Kind::Union, _) if self.set == 1 => {}
            (Kind::Union, Mode::Strict) => {
                let found = if self.set == 0 { "none" } else { "several" };
                self.known_error(DecodeError::mismatch(
                    "exactly one member that is set",
                    found,
                ));
            }
            // Neither a name nor a value: the union is unknown.
            (Kind::Union, Mode::Lenient) => structure.decode_unknown("", Document::Null),
            (_, Mode::Strict) => self.missing(structure),
            (_, Mode::Lenient) => {}
        }
        self.errors.map_or(Ok(()), Err)
    }

    fn missing(&mut self, structure: &dyn DecodeMembers) {
        for (index, member) in self.schema.members.iter().enumerate() {
            let needed = member.required && member.default.is_none();
            if needed && !self.seen.contains(index) && structure.expects(index) {
                self.known_error(DecodeError::new(Problem::Missing).inside(self.names.of(member)));
            }
        }
    }
}

/// A set of member indexes that allocates only for very wide structures.
#[derive(Default)]
struct Seen {
    low: u128,
    high: Vec<u128>,
}

impl Seen {
    /// Adds an index; false where it was there.
    fn insert(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 128, 1 << (index % 128));
        let word = match word.checked_sub(1) {
            None => &mut self.low,
            Some(word) => {
                if self.high.len() <= word {
                    self.high.resize(word + 1, 0);
                }
                &mut self.high[word]
            }
        };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    fn contains(&self, index: usize) -> bool {
        let word = match (index / 128).checked_sub(1) {
            None => self.low,
            Some(word) => self.high.get(word).copied().unwrap_or(0),
        };
        word & (1 << (index % 128)) != 0
    }
}

/// A key of an object.
enum Key {
    /// The member at this index.
    Known(usize),
    /// A union's member that the schema does not know: its name is in [`KeySeed::name`].
    Unknown,
    /// What need not be looked at.
    Ignored,
}

/// Finds a key's member. Nothing is allocated for keys that are known or ignored.
struct KeySeed<'n> {
    context: &'n Context,
    schema: &'static Schema,
    hint: usize,
    name: &'n mut String,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        Ok(
            match position(self.context.names, self.schema.members, self.hint, name) {
                Some(index) => Key::Known(index),
                None if self.schema.kind == Kind::Union && self.context.ignored != Some(name) => {
                    name.clone_into(self.name);
                    Key::Unknown
                }
                None => Key::Ignored,
            },
        )
    }
}

/// The index of the member with a wire name: the one at `hint`, the next behind it, or the first before it.
#[inline]
fn position(names: MemberNames, members: &[Member], hint: usize, name: &str) -> Option<usize> {
    match members.get(hint) {
        Some(member) if names.of(member) == name => Some(hint),
        _ => search(names, members, hint, name),
    }
}

#[inline(never)]
fn search(names: MemberNames, members: &[Member], hint: usize, name: &str) -> Option<usize> {
    let (before, after) = members.split_at(hint.min(members.len()));
    let matches = |member: &Member| names.of(member) == name;
    match after.iter().position(matches) {
        Some(index) => Some(index + before.len()),
        None => before.iter().position(matches),
    }
}

/// The value of a member that the schema does not know.
struct UnknownValue<'c> {
    context: &'c Context,
}

impl<'de> DeserializeSeed<'de> for UnknownValue<'_> {
    type Value = Result<Document, DecodeError>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut value = Ok(Document::Null);
        let mut source = Source::new(deserializer, self.context);
        let result = source
            .document(UNKNOWN)
            .map(|document| value = Ok(document));
        if let Err(error) = source.finish(result)? {
            value = Err(error);
        }
        Ok(value)
    }
}
