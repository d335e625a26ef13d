//! Decodes unions whose form depends on the value (`alloy#discriminated`, `alloy#untagged`).
//!
//! The JSON text of the value is read more than once: to find its discriminator, or as each member
//! of the union until one fits. Both are bounded: values are nested no deeper than elsewhere, and
//! the members of untagged unions in one another share a number of bytes that may be read again.

use std::borrow::Cow;
use std::fmt;

use ::serde::Deserializer as _;
use ::serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::seed::Text;
use super::{DecodeContext, Mode, Source};
use crate::error::{DecodeError, Problem};
use crate::schema::{Kind, Member, Schema, TimestampFormat, UnionForm};
use crate::shape::{DecodeMembers, Decoder};
use crate::value::Document;
use crate::value::document::{self, Stop};

/// The violations in a value, unless the text cannot be read on.
type Outcome = Result<Result<(), DecodeError>, Stop>;

/// Decodes a union from the JSON text of its value.
pub(super) fn decode(
    context: &DecodeContext,
    text: &str,
    union: &mut dyn DecodeMembers,
) -> Outcome {
    document::check_depth(text, context.depth.get())?;
    match union.schema().form {
        UnionForm::Tagged => read(context, text, &mut |source| {
            source.structure(&crate::codec::ROOT, union)
        }),
        UnionForm::Discriminated(key) => discriminated(context, text, key, union),
        UnionForm::Untagged => untagged(context, text, union),
    }
}

/// The value of a union in messages.
pub(super) fn expected(union: &Schema) -> &'static str {
    match union.form {
        UnionForm::Tagged | UnionForm::Discriminated(_) => "an object",
        UnionForm::Untagged => "a value of a member of the union",
    }
}

/// Passes a decoder of the text to `take`.
fn read(
    context: &DecodeContext,
    text: &str,
    take: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
) -> Outcome {
    let mut json = Deserializer::from_str(text);
    let mut source = Source::new(&mut json, context);
    let result = take(&mut source);
    source.finish(result).map_err(|error| stop(text, &error))
}

/// Reads the text as the member of a union at an index.
fn read_member(
    context: &DecodeContext,
    text: &str,
    union: &mut dyn DecodeMembers,
    index: usize,
) -> Outcome {
    let is_secret = union.schema().members[index].is_secret();
    let result = read(context, text, &mut |source| {
        union.decode_member(index, source)
    })?;
    Ok(result.map_err(|error| if is_secret { error.redacted() } else { error }))
}

/// The place of an error of the format.
fn stop(text: &str, error: &serde_json::Error) -> Stop {
    let mut lines = text.split_inclusive('\n');
    let before = lines.by_ref().take(error.line().saturating_sub(1));
    let start = before.map(str::len).sum::<usize>();
    let length = (start + error.column()).min(text.len());
    Stop {
        message: document::syntax(error).message,
        length: (0..=length)
            .rev()
            .find(|length| text.is_char_boundary(*length))
            .unwrap_or_default(),
    }
}

/// The value as a document, for a member that the model does not have.
fn document(context: &DecodeContext, text: &str) -> Result<Document, Stop> {
    let (depth, memory) = (context.depth.get(), &context.memory);
    document::read(text, depth, &mut |bytes| memory.allocate(bytes))
}

/// The type of a value in JSON.
fn found(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => super::token::NULL,
        _ => "a number",
    }
}

/// Decodes the member that the discriminator names.
fn discriminated(
    context: &DecodeContext,
    text: &str,
    key: &'static str,
    union: &mut dyn DecodeMembers,
) -> Outcome {
    if !text.starts_with('{') {
        let expected = expected(union.schema());
        return Ok(Err(DecodeError::mismatch(expected, found(text))));
    }
    let strict = context.requires_members();
    let discriminator = discriminator(text, key).map_err(|error| stop(text, &error))?;
    let name = match discriminator {
        Discriminator::Name(name) => name,
        Discriminator::Missing if !strict => Cow::Borrowed(""),
        discriminator => {
            let error = match discriminator {
                Discriminator::Several => DecodeError::new(Problem::Duplicate),
                Discriminator::Other(found) => DecodeError::mismatch("a string", found),
                _ => DecodeError::new(Problem::Missing),
            };
            return Ok(Err(error.inside(key)));
        }
    };
    let Schema {
        members, layout, ..
    } = union.schema();
    let known = |member: &Member| !member.unknown && context.names.of(member) == name;
    if let Some(index) = members.iter().position(known) {
        context.discriminator.set(Some(key));
        let result = read_member(context, text, union, index);
        context.discriminator.set(None);
        return result;
    }
    if strict && !layout.keeps_unknown {
        let error = DecodeError::mismatch("the name of a member of the union", "another");
        return Ok(Err(error.inside(key)));
    }
    let mut value = document(context, text)?;
    if let Some(members) = value.as_map_mut() {
        members.remove(key);
    }
    union.decode_unknown(&name, value);
    Ok(Ok(()))
}

/// What a union has as its discriminator.
enum Discriminator<'t> {
    Name(Cow<'t, str>),
    /// A value of another type.
    Other(&'static str),
    Missing,
    Several,
}

/// Finds the discriminator in the text of an object.
fn discriminator<'t>(text: &'t str, key: &str) -> serde_json::Result<Discriminator<'t>> {
    Deserializer::from_str(text).deserialize_map(DiscriminatorVisitor { key })
}

struct DiscriminatorVisitor<'k> {
    key: &'k str,
}

impl<'de> Visitor<'de> for DiscriminatorVisitor<'_> {
    type Value = Discriminator<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Discriminator<'de>, A::Error> {
        let mut found = Discriminator::Missing;
        while let Some(key) = map.next_key_seed(Text)? {
            if key != self.key {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&RawValue>()?.get();
            found = match found {
                Discriminator::Missing if value.starts_with('"') => {
                    let mut value = Deserializer::from_str(value);
                    Discriminator::Name(
                        value
                            .deserialize_str(Text)
                            .map_err(::serde::de::Error::custom)?,
                    )
                }
                Discriminator::Missing => Discriminator::Other(self::found(value)),
                _ => Discriminator::Several,
            };
        }
        Ok(found)
    }
}

/// Decodes the first member that the value fits. In any mode, it must have the required members,
/// values of enums and members of unions that the model has, and no nulls in dense lists and maps:
/// otherwise an object would fit every structure.
fn untagged(context: &DecodeContext, text: &str, union: &mut dyn DecodeMembers) -> Outcome {
    let outermost = context.work.get().is_none();
    if outermost {
        /// How often the bytes of a value may be read again.
        const FACTOR: usize = 64;
        let factor = FACTOR.max(union.schema().members.len());
        context.work.set(Some(factor.saturating_mul(text.len())));
    }
    let compares = context.compares.replace(true);
    let result = compare(context, text, union);
    context.compares.set(compares);
    if outermost {
        context.work.set(None);
    }
    match result? {
        Ok(()) => Ok(Ok(())),
        Err(_) if context.mode == Mode::Lenient && !compares => {
            let value = document(context, text)?;
            union.decode_unknown("", value);
            Ok(Ok(()))
        }
        Err(error) => Ok(Err(error)),
    }
}

/// Reads the text as one member after another. If none fits, the errors are those of the only
/// member whose values have the type of this one, if there is one.
fn compare(context: &DecodeContext, text: &str, union: &mut dyn DecodeMembers) -> Outcome {
    let members = union.schema().members.iter().enumerate();
    let mut candidates = 0;
    let mut errors = None;
    for (index, _) in members.filter(|(_, member)| can_be(context, member, text)) {
        let work = context.work.get().unwrap_or_default();
        let Some(rest) = work.checked_sub(text.len()) else {
            return Err(Stop {
                message: "the members of untagged unions were compared too often".to_owned(),
                length: 0,
            });
        };
        context.work.set(Some(rest));
        let memory = context.memory.left();
        match read_member(context, text, union, index)? {
            Ok(()) => return Ok(Ok(())),
            Err(error) => errors = Some(error),
        }
        context.memory.restore(memory);
        candidates += 1;
    }
    Ok(Err(errors.filter(|_| candidates == 1).unwrap_or_else(
        || DecodeError::mismatch(expected(union.schema()), found(text)),
    )))
}

/// Whether the values of a member can have the type that a text has.
fn can_be(context: &DecodeContext, member: &Member, text: &str) -> bool {
    let kind = member.target.kind;
    let is_number = matches!(
        kind,
        Kind::Byte
            | Kind::Short
            | Kind::Integer
            | Kind::IntEnum
            | Kind::Long
            | Kind::Float
            | Kind::Double
            | Kind::BigInteger
            | Kind::BigDecimal
    );
    let epoch = context.uniform_scalars
        || matches!(
            member.timestamp_format,
            None | Some(TimestampFormat::EpochSeconds)
        );
    let untagged = kind == Kind::Union && member.target.form == UnionForm::Untagged;
    match found(text) {
        _ if kind == Kind::Document || untagged => true,
        "a string" => match kind {
            Kind::Blob | Kind::String | Kind::Enum | Kind::Float | Kind::Double => true,
            Kind::BigInteger | Kind::BigDecimal => context.uniform_scalars,
            Kind::Timestamp => !epoch,
            _ => false,
        },
        "an object" => {
            matches!(
                kind,
                Kind::Map | Kind::SparseMap | Kind::Structure | Kind::Union
            )
        }
        "a list" => matches!(kind, Kind::List | Kind::SparseList),
        "a boolean" => kind == Kind::Boolean,
        "a number" => is_number || kind == Kind::Timestamp && epoch,
        _ => false,
    }
}
