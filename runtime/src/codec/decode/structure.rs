//! Decodes the members of structures and unions.

use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};

use super::seed::{ValuePosition, ValueResult, ValueSeed, note};
use super::{DecodeContext, MemberNames, Mode, Source};
use crate::error::{DecodeError, Problem};
use crate::schema::{self, Kind, Member, Schema};
use crate::shape::{DecodeMembers, Decoder as _};
use crate::value::Document;

/// The schema of an unknown member.
const UNKNOWN: &Member = &Member::new("", &schema::DOCUMENT);

/// Decodes a structure or union.
pub(super) fn fill<'de, A: MapAccess<'de>>(
    context: &DecodeContext,
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
                let position = ValuePosition::Member(structure, &schema.members[index], index);
                let result = map.next_value_seed(ValueSeed { context, position })?;
                progress.known(index, result, structure);
            }
            Key::Unknown => match map.next_value_seed(UnknownValue { context })? {
                Ok(Document::Null) => {}
                Ok(value) => {
                    structure.decode_unknown(&name, value);
                    progress.unknown(&name);
                }
                Err(error) => progress.note(error.inside(&name)),
            },
            Key::Ignored => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(progress.finish(structure))
}

/// The state of a structure or union that is being decoded.
struct Progress {
    schema: &'static Schema,
    mode: Mode,
    names: MemberNames,
    /// The index to try first for the next member: documents usually have the order of the model.
    hint: usize,
    /// The members that had a value; recorded only if needed.
    seen: Seen,
    /// The number of members that had a value.
    set: usize,
    errors: Option<DecodeError>,
}

impl Progress {
    fn new(schema: &'static Schema, context: &DecodeContext) -> Self {
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
    fn known(&mut self, index: usize, result: ValueResult, structure: &dyn DecodeMembers) {
        self.hint = index + 1;
        match result {
            Ok(true) if self.mode == Mode::Lenient => self.set += 1,
            Ok(false) => {}
            result => self.checked(index, result, structure),
        }
    }

    fn checked(&mut self, index: usize, result: ValueResult, structure: &dyn DecodeMembers) {
        if let Err(error) = result {
            self.note(error);
        }
        if self.seen.insert(index) {
            self.set += 1;
        } else if self.mode == Mode::Strict && structure.expects(index) {
            self.note(
                DecodeError::new(Problem::Duplicate)
                    .inside(self.names.of(&self.schema.members[index])),
            );
        }
    }

    fn unknown(&mut self, name: &str) {
        self.set += 1;
        if self.mode == Mode::Strict {
            self.note(DecodeError::mismatch("a member of the union", "another").inside(name));
        }
    }

    fn note(&mut self, error: DecodeError) {
        note(&mut self.errors, error);
    }

    fn finish(mut self, structure: &mut dyn DecodeMembers) -> Result<(), DecodeError> {
        match (self.schema.kind, self.mode) {
            (Kind::Union, _) if self.set == 1 => {}
            (Kind::Union, Mode::Strict) => {
                let found = if self.set == 0 { "none" } else { "several" };
                self.note(DecodeError::mismatch(
                    "a union with exactly one member",
                    found,
                ));
            }
            // The union has no member, and is unknown.
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
                self.note(DecodeError::new(Problem::Missing).inside(self.names.of(member)));
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
    /// Adds an index; false if it was there already.
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
    /// An unknown member of a union. Its name is in [`KeySeed::name`].
    Unknown,
    /// A key that is skipped.
    Ignored,
}

/// Finds the member of a key. Known and ignored keys are not allocated.
struct KeySeed<'n> {
    context: &'n DecodeContext,
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

/// The index of the member with a wire name. The search starts at `hint` and wraps around.
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

/// Decodes the value of an unknown member.
struct UnknownValue<'c> {
    context: &'c DecodeContext,
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
