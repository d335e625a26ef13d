//! Data shapes.

use std::collections::BTreeMap;

use la_arena::Arena;

use super::applied::Fields;
use super::docs::docs;
use super::enums;
use super::index::{id, position};
use super::links::Links;
use super::members::{member, shape_constraints};
use super::mixins::FlatShape;
use super::xml;
use crate::ast::ShapeType;
use crate::diagnostic::Report;
use crate::model::{
    ErrorTrait, Fault, Kind, List, Map, Member, Retryable, Shape, ShapeId, ShapeName, Simple,
    Structure, TraitDefinition, Union, UnionForm,
};
use crate::pattern::{PatternError, translate};
use crate::traits::TraitId;

/// Every shape, in the order of ids.
pub(super) fn all(linked: &Links<'_, '_>, report: &mut Report) -> Arena<Shape> {
    let mut shapes = Arena::with_capacity(linked.shapes().len());
    for (place, flat) in linked.shapes().iter().enumerate() {
        let shape = shape(linked, id(place), flat, report);
        shapes.alloc(shape);
    }
    shapes
}

/// The definitions of traits, in the order of ids.
pub(super) fn trait_definitions(traits: &[FlatShape<'_>]) -> Vec<TraitDefinition> {
    let definitions = traits.iter().map(|flat| TraitDefinition {
        name: name(flat),
        traits: flat.traits.for_model(flat.path),
    });
    definitions.collect()
}

fn shape(linked: &Links<'_, '_>, id: ShapeId, flat: &FlatShape<'_>, report: &mut Report) -> Shape {
    Shape {
        name: name(flat),
        docs: docs(&flat.traits, report),
        kind: kind(linked, id, flat, report),
        sensitive: flat.traits.annotation(TraitId::Sensitive, report),
        constraints: shape_constraints(flat, report),
        xml: xml::shape(&flat.traits, linked.is_root(id), report),
        traits: flat.traits.for_model(flat.path),
        location: flat.path.location(),
    }
}

/// The id of a shape.
pub(super) fn name(flat: &FlatShape<'_>) -> ShapeName {
    ShapeName::parse(&flat.id).expect("front ends report invalid shape ids")
}

fn kind(linked: &Links<'_, '_>, id: ShapeId, flat: &FlatShape<'_>, report: &mut Report) -> Kind {
    let traits = &flat.traits;
    match flat.kind {
        ShapeType::Simple(Simple::String) if traits.has(TraitId::Enum) => {
            Kind::Enum(enums::of_trait(flat, report))
        }
        ShapeType::Simple(simple) => Kind::Simple(simple),
        ShapeType::Enum => Kind::Enum(enums::strings(flat, report)),
        ShapeType::IntEnum => Kind::IntEnum(enums::integers(flat, report)),
        ShapeType::List | ShapeType::Set => {
            let sparse = traits.annotation(TraitId::Sparse, report);
            match part(linked, id, flat, "member", report) {
                Some(member) => Kind::List(List { member, sparse }),
                None => Kind::Simple(Simple::Document),
            }
        }
        ShapeType::Map => {
            let sparse = traits.annotation(TraitId::Sparse, report);
            let key = part(linked, id, flat, "key", report);
            let value = part(linked, id, flat, "value", report);
            match key.zip(value) {
                Some((key, value)) => Kind::Map(Map { key, value, sparse }),
                None => Kind::Simple(Simple::Document),
            }
        }
        ShapeType::Structure => Kind::Structure(structure(linked, id, flat, report)),
        ShapeType::Union => {
            let streaming = traits.annotation(TraitId::Streaming, report);
            Kind::Union(Union {
                members: members(linked, id, flat, report),
                streaming,
                form: union_form(flat, report),
            })
        }
        ShapeType::Service | ShapeType::Operation | ShapeType::Resource => {
            unreachable!("shapes are separated by kind before ids are assigned")
        }
    }
}

/// The form of a union in JSON. smithy4s had the traits before alloy.
fn union_form(flat: &FlatShape<'_>, report: &mut Report) -> UnionForm {
    let traits = &flat.traits;
    let discriminator = traits
        .string(TraitId::AlloyDiscriminated, report)
        .or_else(|| traits.string(TraitId::Smithy4sDiscriminated, report));
    match discriminator {
        Some(name) => UnionForm::Discriminated(name.into()),
        None if traits.annotation(TraitId::AlloyUntagged, report)
            || traits.annotation(TraitId::Smithy4sUntagged, report) =>
        {
            UnionForm::Untagged
        }
        None => UnionForm::Tagged,
    }
}

/// The member of a list, or the key or value of a map. A missing one has been reported.
fn part(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    name: &str,
    report: &mut Report,
) -> Option<Member> {
    let place = flat.members.iter().position(|member| member.name == name)?;
    Some(member(linked, id, flat, place, report))
}

fn members(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    report: &mut Report,
) -> Vec<Member> {
    (0..flat.members.len())
        .map(|place| member(linked, id, flat, place, report))
        .collect()
}

fn structure(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    report: &mut Report,
) -> Structure {
    let members = members(linked, id, flat, report);
    let error = error(linked, id, flat, report);
    let query_error = flat.traits.fields(TraitId::AwsQueryError, report);
    let query_code = query_error.and_then(|fields| fields.required_string("code", report));
    let query_status = query_error.and_then(|fields| query_status(fields, report));
    Structure {
        members,
        error,
        query_code: query_code.map(Into::into),
        query_status,
        role: linked.role(id),
        synthetic: flat.synthetic,
    }
}

/// The status of an error in awsQuery.
fn query_status(fields: Fields<'_, '_>, report: &mut Report) -> Option<u16> {
    let key = "httpResponseCode";
    let status = u16::try_from(fields.unsigned(key, report)?).ok();
    if status.is_none() {
        fields.applied.malformed(&[key], "a status code", report);
    }
    status
}

fn error(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    report: &mut Report,
) -> Option<ErrorTrait> {
    let applied = flat.traits.get(TraitId::Error)?;
    let fault = match applied.value.as_str() {
        Some("server") => Fault::Server,
        Some("client") => Fault::Client,
        _ => {
            applied.malformed(&[], "\"client\" or \"server\"", report);
            Fault::Client
        }
    };
    let default = match fault {
        Fault::Client => 400,
        Fault::Server => 500,
    };
    let status = flat
        .traits
        .get(TraitId::HttpError)
        .map_or(default, |applied| {
            let status = applied.value.as_unsigned();
            let status = status.and_then(|status| u16::try_from(status).ok());
            status.unwrap_or_else(|| {
                applied.malformed(&[], "a status code", report);
                default
            })
        });
    let retryable = flat
        .traits
        .fields(TraitId::Retryable, report)
        .map(|fields| Retryable {
            throttling: fields.boolean("throttling", report).unwrap_or(false),
        });
    let is_plain_string = |place: usize| {
        let target = linked.targets[position(id)][place];
        target.is_some_and(|target| {
            linked.index.flat(target).kind == ShapeType::Simple(Simple::String)
                && !linked.is_sensitive(target)
        }) && !flat.members[place].traits.has(TraitId::Sensitive)
    };
    let is_message = |place: &usize| {
        flat.members[*place].name.eq_ignore_ascii_case("message") && is_plain_string(*place)
    };
    let message = (0..flat.members.len()).find(is_message);
    Some(ErrorTrait {
        fault,
        status,
        retryable,
        message,
    })
}

/// Every distinct pattern of the shapes and members. Each is translated once, because only
/// compiling it shows whether it is supported.
pub(super) fn patterns(
    shapes: &Arena<Shape>,
) -> BTreeMap<Box<str>, Result<Box<str>, PatternError>> {
    let mut patterns = BTreeMap::new();
    for (_, shape) in shapes.iter() {
        let members = shape.kind.members().map(|member| &member.constraints);
        for constraints in members.chain([&shape.constraints]) {
            if let Some(pattern) = &constraints.pattern
                && !patterns.contains_key(pattern)
            {
                patterns.insert(pattern.clone(), translate(pattern).map(Into::into));
            }
        }
    }
    patterns
}
