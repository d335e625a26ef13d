//! From Smithy 1.0 to 2.0: the defaults that 1.0 implies are written.
//!
//! In Smithy 1.0, numbers and booleans have the default zero or false, unless the shape or the
//! member has the trait `box`. Smithy 2.0 has no such trait (Smithy 2.0, "Migrating from 1.0").

use std::collections::BTreeMap;

use crate::ast::{ShapeType, Version};
use crate::model::Simple;
use crate::node::{Node, Object, Text, Value};
use crate::resolve::{AppliedTraits, Merged};
use crate::traits::TraitId;

const BOX: &str = "smithy.api#box";

/// What a member of Smithy 1.0 has to know of its target.
struct Target {
    kind: ShapeType,
    /// Whether it has no default.
    is_boxed: bool,
    is_stream: bool,
}

/// The shapes that members target.
pub(super) struct Upgrade<'a> {
    targets: BTreeMap<&'a str, Target>,
}

impl<'a> Upgrade<'a> {
    pub(super) fn new(merged: &BTreeMap<&'a str, Merged<'a>>) -> Self {
        let mut targets = BTreeMap::new();
        if merged
            .values()
            .any(|shape| shape.definition.version == Version::V1)
        {
            let target = |(id, shape): (&&'a str, &Merged<'a>)| {
                let Merged {
                    definition, traits, ..
                } = shape;
                let zero = zero(definition.kind);
                let is_boxed = match definition.version {
                    Version::V1 => has_box(traits),
                    Version::V2 => {
                        let default = traits.get(TraitId::Default).map(|it| (*it.value).clone());
                        default.is_none() || default != zero
                    }
                };
                let target = Target {
                    kind: definition.kind,
                    is_boxed,
                    is_stream: traits.has(TraitId::Streaming),
                };
                (*id, target)
            };
            targets.extend(merged.iter().map(target));
        }
        Self { targets }
    }

    /// The traits of a shape, sorted by id.
    pub(super) fn shape(
        version: Version,
        kind: ShapeType,
        applied: &AppliedTraits<'a>,
    ) -> Object<'a> {
        let mut traits = sorted(applied, version);
        if kind == ShapeType::Set {
            add(&mut traits, "smithy.api#uniqueItems", Node::empty());
        }
        if version == Version::V1
            && !has_box(applied)
            && let Some(zero) = zero(kind)
        {
            add(&mut traits, TraitId::Default.id(), zero);
        }
        traits
    }

    /// The traits of a member of a shape.
    pub(super) fn member(
        &self,
        version: Version,
        kind: ShapeType,
        target: &str,
        applied: &AppliedTraits<'a>,
    ) -> Object<'a> {
        let mut traits = sorted(applied, version);
        if version == Version::V2 || kind != ShapeType::Structure {
            return traits;
        }
        if has_box(applied) {
            add(&mut traits, TraitId::Default.id(), Node::new(Value::Null));
        } else if let Some(target) = self.targets.get(target) {
            let is_stream = target.is_stream
                && target.kind == ShapeType::Simple(Simple::Blob)
                && !applied.has(TraitId::Required);
            let default = if is_stream {
                Some(Node::from(""))
            } else {
                zero(target.kind).filter(|_| !target.is_boxed)
            };
            if let Some(default) = default {
                add(&mut traits, TraitId::Default.id(), default);
            }
        }
        traits
    }
}

/// The default of a type in Smithy 1.0, if it has one.
fn zero(kind: ShapeType) -> Option<Node<'static>> {
    match kind {
        ShapeType::Simple(Simple::Boolean) => Some(Node::from(false)),
        ShapeType::Simple(
            Simple::Byte
            | Simple::Short
            | Simple::Integer
            | Simple::Long
            | Simple::Float
            | Simple::Double,
        )
        | ShapeType::IntEnum => Some(Node::from(0)),
        _ => None,
    }
}

fn has_box(applied: &AppliedTraits<'_>) -> bool {
    applied.iter().any(|applied| applied.id == BOX)
}

/// The traits by id, without those that Smithy 2.0 does not have.
fn sorted<'a>(applied: &AppliedTraits<'a>, version: Version) -> Object<'a> {
    let is_kept = |id: &str| version == Version::V2 || id != BOX;
    let pairs = applied.iter().filter(|applied| is_kept(applied.id));
    let mut entries: Vec<(Text<'a>, Node<'a>)> = pairs
        .map(|applied| (applied.id.into(), (*applied.value).clone()))
        .collect();
    entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
    Object { entries }
}

/// Adds a trait that is not there yet.
pub(super) fn add<'a>(traits: &mut Object<'a>, id: &'a str, value: Node<'a>) {
    let at = traits
        .entries
        .partition_point(|(before, _)| *before.text < *id);
    if traits
        .entries
        .get(at)
        .is_none_or(|(next, _)| *next.text != *id)
    {
        traits.entries.insert(at, (id.into(), value));
    }
}
