//! Decodes the members of structures and unions.

use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};

use super::seed::{ValuePosition, ValueResult, ValueSeed, note};
use super::{DecodeContext, Mode, Source};
use crate::codec::MemberNames;
use crate::error::{DecodeError, Problem};
use crate::schema::{self, Kind, Member, Schema};
use crate::shape::{DecodeMembers, Decoder as _};
use crate::value::Document;

/// The schema of an unknown member.
const UNKNOWN: &Member = &Member::new("", &schema::DOCUMENT);

/// The memory of an unknown member, which is an entry of a map or in a box.
const ENTRY: usize = 2 * size_of::<(String, Document)>();

/// Decodes a structure or union, and returns the errors in it.
pub(super) fn fill<'de, A: MapAccess<'de>>(
    context: &DecodeContext,
    structure: &mut dyn DecodeMembers,
    mut map: A,
) -> Result<Option<DecodeError>, A::Error> {
    let mut progress = Progress::new(context, structure);
    while map.next_key_seed(KeySeed(&mut progress))?.is_some() {
        match progress.key {
            Key::Known => map.next_value_seed(MemberSeed(&mut progress))?,
            Key::Unknown => map.next_value_seed(UnknownSeed(&mut progress))?,
            Key::Ignored => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(progress.finish())
}

/// A key of an object.
#[derive(Clone, Copy)]
pub(in crate::codec) enum Key {
    /// The member at [`Progress::index`].
    Known,
    /// The unknown member of a union with the name [`Rare::name`].
    Unknown,
    /// A key that is skipped.
    Ignored,
}

/// The state of a structure or union that is being decoded. The seeds of keys and values refer to
/// it, so that nothing is copied per member.
pub(in crate::codec) struct Progress<'c, 's> {
    context: &'c DecodeContext,
    pub(in crate::codec) structure: &'s mut dyn DecodeMembers,
    schema: &'static Schema,
    pub(in crate::codec) key: Key,
    /// The index of the member that is being decoded. Before its key is read, the index to try
    /// first: documents usually have the order of the model.
    pub(in crate::codec) index: usize,
    /// The number of members of a union that had a value.
    set: usize,
    /// The members that had a value, as a set of indexes below 128; recorded only if needed.
    seen: u128,
    rare: Option<Box<Rare>>,
    errors: Option<DecodeError>,
    /// The key that names the member of the union around the structure.
    #[cfg(feature = "alloy")]
    discriminator: Option<&'static str>,
}

/// The state that few structures need.
#[derive(Default)]
struct Rare {
    /// The unknown members of a structure that keeps them.
    #[cfg(feature = "alloy")]
    unknown: std::collections::BTreeSet<String>,
    /// The name of an unknown member.
    name: String,
    /// The members that had a value, from the index 128.
    seen: Vec<u128>,
}

impl<'c, 's> Progress<'c, 's> {
    pub(in crate::codec) fn new(
        context: &'c DecodeContext,
        structure: &'s mut dyn DecodeMembers,
    ) -> Self {
        Self {
            context,
            schema: structure.schema(),
            structure,
            key: Key::Ignored,
            index: 0,
            set: 0,
            seen: 0,
            rare: None,
            errors: None,
            #[cfg(feature = "alloy")]
            discriminator: context.discriminator.take(),
        }
    }

    /// Whether a key is the name of the expected member.
    #[inline]
    fn expects(&mut self, name: &[u8]) -> bool {
        let names = self.context.names;
        let expected = self.schema.members.get(self.index);
        let expects = expected.is_some_and(|member| is_named(member, names, name));
        if expects {
            self.key = Key::Known;
        }
        expects
    }

    /// Finds the member of a key that is not the expected one; false if there is none.
    #[inline(never)]
    fn finds(&mut self, name: &[u8]) -> bool {
        let names = self.context.names;
        self.find(|progress, index| is_named(&progress.schema.members[index], names, name))
    }

    /// Finds a member, or else handles its key as that of an unknown one.
    #[inline(never)]
    #[cfg(feature = "xml")]
    pub(in crate::codec) fn search(&mut self, name: &str, matches: &dyn Fn(&Self, usize) -> bool) {
        if !self.find(matches) {
            self.no_member(name);
        }
    }

    /// Searches all members. The search starts at the expected member and wraps around.
    #[inline]
    fn find(&mut self, matches: impl Fn(&Self, usize) -> bool) -> bool {
        let count = self.schema.members.len();
        let start = self.index.min(count);
        let matches = |index: &usize| matches(self, *index);
        let found = (start..count)
            .find(matches)
            .or_else(|| (0..start).find(matches));
        if let Some(index) = found {
            self.index = index;
            self.key = Key::Known;
        }
        found.is_some()
    }

    /// Handles the key of an unknown member. Only the name of one that is kept is allocated.
    #[inline(never)]
    fn no_member(&mut self, name: &str) {
        self.key = if self.keeps(name) {
            name.clone_into(&mut self.rare.get_or_insert_default().name);
            Key::Unknown
        } else {
            Key::Ignored
        };
    }

    /// Whether an unknown member is kept.
    fn keeps(&self, name: &str) -> bool {
        let kept = match self.schema.kind {
            // A structure keeps the key that is ignored in a union.
            Kind::Union => self.context.ignored != Some(name),
            _ => self.schema.layout.keeps_unknown,
        };
        #[cfg(feature = "alloy")]
        let kept = kept && self.discriminator != Some(name);
        kept
    }

    /// The position of the member that is being decoded.
    fn value(&mut self) -> ValueSeed<'_, '_> {
        let (index, member) = (self.index, &self.schema.members[self.index]);
        ValueSeed {
            context: self.context,
            position: ValuePosition::Member(self.structure, member, index),
        }
    }

    /// Decodes the value of a format that must be asked for a null before.
    #[inline(never)]
    fn look_ahead<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let result = self.value().look_ahead(deserializer)?;
        self.known(result);
        Ok(())
    }

    /// Records a member that was null, invalid or skipped.
    #[cold]
    fn settle<'de, D: Deserializer<'de>>(
        &mut self,
        source: Source<'_, 'de, D>,
        result: Result<(), DecodeError>,
    ) -> Result<(), D::Error> {
        let result = self.value().settle(source, result)?;
        self.known(result);
        Ok(())
    }

    /// Records a member that had a value.
    #[inline]
    pub(in crate::codec) fn decoded(&mut self) {
        // The members of a union are counted once each.
        if !self.context.requires_members() && self.schema.kind != Kind::Union {
            self.index += 1;
        } else {
            self.known(Ok(true));
        }
    }

    /// Records a member that was decoded, null or invalid.
    pub(in crate::codec) fn known(&mut self, result: ValueResult) {
        let index = self.index;
        self.index += 1;
        match result {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => self.note(error),
        }
        if self.see(index) {
            self.set += 1;
        } else if self.context.mode == Mode::Strict && self.structure.expects(index) {
            self.note(
                DecodeError::new(Problem::Duplicate)
                    .inside(self.context.names.of(&self.schema.members[index])),
            );
        }
    }

    /// Records a list or map whose elements are scattered among the members, and which was seen
    /// before.
    #[cfg(feature = "xml")]
    pub(in crate::codec) fn collected(&mut self, result: ValueResult) {
        self.set += 1;
        if let Err(error) = result {
            self.note(error);
        }
    }

    /// Records that the member at an index had a value; false if it had one before.
    pub(in crate::codec) fn see(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 128, 1 << (index % 128));
        let word = match word.checked_sub(1) {
            None => &mut self.seen,
            Some(word) => {
                let seen = &mut self.rare.get_or_insert_default().seen;
                if seen.len() <= word {
                    seen.resize(word + 1, 0);
                }
                &mut seen[word]
            }
        };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Whether the member at an index had a value.
    pub(in crate::codec) fn was_seen(&self, index: usize) -> bool {
        let word = match (index / 128).checked_sub(1) {
            None => self.seen,
            Some(word) => {
                let rare = self.rare.as_deref();
                rare.map_or(0, |rare| rare.seen.get(word).copied().unwrap_or(0))
            }
        };
        word & (1 << (index % 128)) != 0
    }

    /// Records the value of the unknown member of a union.
    pub(in crate::codec) fn unknown(&mut self, value: Result<Document, DecodeError>) {
        let name = self.rare.get_or_insert_default().name.clone();
        match value {
            Ok(Document::Null) if self.schema.kind == Kind::Union => {}
            Ok(value) => {
                self.structure.decode_unknown(&name, value);
                #[cfg(feature = "alloy")]
                if self.schema.layout.keeps_unknown {
                    self.kept(name);
                    return;
                }
                self.set += 1;
                if self.context.requires_members() {
                    let error = DecodeError::mismatch("a member of the union", "another");
                    self.note(error.inside(&name));
                }
            }
            Err(error) => self.note(error.inside(&name)),
        }
    }

    /// Counts an unknown member once, as a known one.
    #[cfg(feature = "alloy")]
    fn kept(&mut self, name: String) {
        let strict = self.context.mode == Mode::Strict;
        // A client does not look for duplicates in a structure.
        if !strict && self.schema.kind != Kind::Union {
            return;
        }
        let unknown = &mut self.rare.get_or_insert_default().unknown;
        match unknown.replace(name) {
            None => self.set += 1,
            Some(name) if strict => {
                self.note(DecodeError::new(Problem::Duplicate).inside(&name));
            }
            Some(_) => {}
        }
    }

    /// Records an error.
    pub(in crate::codec) fn note(&mut self, error: DecodeError) {
        note(&mut self.errors, error);
    }

    /// The errors in the structure.
    #[inline]
    pub(in crate::codec) fn finish(&mut self) -> Option<DecodeError> {
        if self.context.requires_members() || self.schema.kind == Kind::Union {
            self.check();
        }
        self.errors.take()
    }

    /// Checks the number of a union's members, and the required members of a structure.
    #[inline(never)]
    fn check(&mut self) {
        match self.schema.kind {
            Kind::Union if self.set == 1 => {}
            // The union has no member, and is unknown.
            Kind::Union if self.set == 0 && !self.context.requires_members() => {
                self.structure.decode_unknown("", Document::Null);
            }
            Kind::Union => {
                let found = if self.set == 0 { "none" } else { "several" };
                self.note(DecodeError::mismatch(
                    "a union with exactly one member",
                    found,
                ));
            }
            _ => self.missing(),
        }
    }

    fn missing(&mut self) {
        for (index, member) in self.schema.members.iter().enumerate() {
            let needed = member.required && member.default.is_none();
            if needed && !self.was_seen(index) && self.structure.expects(index) {
                let name = self.context.names.of(member);
                self.note(DecodeError::new(Problem::Missing).inside(name));
            }
        }
    }
}

/// Decodes a key.
struct KeySeed<'p, 'c, 's>(&'p mut Progress<'c, 's>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_, '_> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        let Self(progress) = self;
        if !progress.expects(name.as_bytes()) && !progress.finds(name.as_bytes()) {
            progress.no_member(name);
        }
        Ok(())
    }

    /// The bytes of a key that may not be text.
    #[inline]
    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<(), E> {
        let Self(progress) = self;
        if !progress.expects(name) && !progress.finds(name) {
            progress.no_member(std::str::from_utf8(name).map_err(E::custom)?);
        }
        Ok(())
    }
}

/// Decodes the value of a known member.
struct MemberSeed<'p, 'c, 's>(&'p mut Progress<'c, 's>);

impl<'de> DeserializeSeed<'de> for MemberSeed<'_, '_, '_> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(progress) = self;
        if !progress.context.is_typed() {
            return progress.look_ahead(deserializer);
        }
        let mut source = Source::new(deserializer, progress.context);
        let result = progress
            .structure
            .decode_member(progress.index, &mut source);
        match source.decoded(result) {
            Ok(()) => {
                progress.decoded();
                Ok(())
            }
            Err((source, result)) => progress.settle(source, result),
        }
    }
}

/// Whether a key is the name of a member. The member that contains unknown ones has no name in
/// documents.
#[inline]
fn is_named(member: &Member, names: MemberNames, key: &[u8]) -> bool {
    equals(names.of(member).as_bytes(), key) && !member.unknown
}

/// Whether two names are equal. Names are short: comparing words in place is faster than a call of
/// the function for byte strings of any length.
#[inline]
fn equals(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match (left.last_chunk::<8>(), right.last_chunk::<8>()) {
        // The last word overlaps the previous one.
        (Some(left_end), Some(right_end)) => {
            let (left, right) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
            left_end == right_end && left.iter().zip(right).all(|(left, right)| left == right)
        }
        _ => left.iter().zip(right).all(|(left, right)| left == right),
    }
}

/// Decodes the value of an unknown member.
struct UnknownSeed<'p, 'c, 's>(&'p mut Progress<'c, 's>);

impl<'de> DeserializeSeed<'de> for UnknownSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(progress) = self;
        let mut value = Ok(Document::Null);
        let mut source = Source::new(deserializer, progress.context);
        let result = source
            .allocate(ENTRY)
            .and_then(|()| source.document(UNKNOWN))
            .map(|document| value = Ok(document));
        if let Err(error) = source.finish(result)? {
            value = Err(error);
        }
        progress.unknown(value);
        Ok(())
    }
}
