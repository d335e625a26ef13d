//! Shapes that carry data.

use std::collections::BTreeMap;

use la_arena::Arena;

use super::enums;
use super::index::{id, position};
use super::members::{member, shape_constraints};
use super::mixins::Flat;
use super::traits::Traits;
use super::usage::Linked;
use crate::ast::ShapeType;
use crate::diagnostic::Report;
use crate::model::{
    Deprecated, Docs, ErrorTrait, Fault, Kind, List, Map, Member, Retryable, Shape, ShapeId,
    ShapeName, Simple, Structure, Union,
};
use crate::pattern::{PatternError, translate};

/// Every shape, in the order of ids.
pub(super) fn all(linked: &Linked<'_, '_>, report: &mut Report) -> Arena<Shape> {
    let mut shapes = Arena::with_capacity(linked.shapes().len());
    for (place, flat) in linked.shapes().iter().enumerate() {
        let shape = shape(linked, id(place), flat, report);
        shapes.alloc(shape);
    }
    shapes
}

fn shape(linked: &Linked<'_, '_>, id: ShapeId, flat: &Flat<'_>, report: &mut Report) -> Shape {
    let at = flat.site.at();
    Shape {
        name: name(flat),
        docs: docs(&flat.traits, report),
        kind: kind(linked, id, flat, report),
        sensitive: flat.traits.annotation("smithy.api#sensitive", report),
        constraints: shape_constraints(flat, report),
        traits: flat.traits.applied(&at),
        at,
    }
}

/// The id of a shape that is loaded.
pub(super) fn name(flat: &Flat<'_>) -> ShapeName {
    ShapeName::parse(&flat.id).expect("`load` keeps only shapes with valid ids")
}

fn kind(linked: &Linked<'_, '_>, id: ShapeId, flat: &Flat<'_>, report: &mut Report) -> Kind {
    let traits = &flat.traits;
    match flat.kind {
        ShapeType::Simple(Simple::String) if traits.has("smithy.api#enum") => {
            Kind::Enum(enums::of_trait(flat, report))
        }
        ShapeType::Simple(simple) => Kind::Simple(simple),
        ShapeType::Enum => Kind::Enum(enums::strings(flat, report)),
        ShapeType::IntEnum => Kind::IntEnum(enums::integers(flat, report)),
        ShapeType::List | ShapeType::Set => {
            let sparse = traits.annotation("smithy.api#sparse", report);
            match part(linked, id, flat, "member", report) {
                Some(member) => Kind::List(List { member, sparse }),
                None => Kind::Simple(Simple::Document),
            }
        }
        ShapeType::Map => {
            let sparse = traits.annotation("smithy.api#sparse", report);
            let key = part(linked, id, flat, "key", report);
            let value = part(linked, id, flat, "value", report);
            match key.zip(value) {
                Some((key, value)) => Kind::Map(Map { key, value, sparse }),
                None => Kind::Simple(Simple::Document),
            }
        }
        ShapeType::Structure => Kind::Structure(structure(linked, id, flat, report)),
        ShapeType::Union => {
            let streaming = traits.annotation("smithy.api#streaming", report);
            Kind::Union(Union {
                members: members(linked, id, flat, report),
                streaming,
            })
        }
        ShapeType::Service | ShapeType::Operation | ShapeType::Resource => {
            unreachable!("parts are told apart by type before ids are allotted")
        }
    }
}

/// `member`, `key` or `value`. One that is missing is reported where the mixins were copied.
fn part(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    name: &str,
    report: &mut Report,
) -> Option<Member> {
    let place = flat.members.iter().position(|member| member.name == name)?;
    Some(member(linked, id, flat, place, report))
}

fn members(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    report: &mut Report,
) -> Vec<Member> {
    (0..flat.members.len())
        .map(|place| member(linked, id, flat, place, report))
        .collect()
}

fn structure(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    report: &mut Report,
) -> Structure {
    let members = members(linked, id, flat, report);
    let error = error(linked, id, flat, report);
    let query_error = flat.traits.fields("aws.protocols#awsQueryError", report);
    let query_code = query_error.and_then(|fields| fields.needed_string("code", report));
    Structure {
        members,
        error,
        query_code: query_code.map(Into::into),
        role: linked.role(id),
        synthetic: flat.synthetic,
    }
}

fn error(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    report: &mut Report,
) -> Option<ErrorTrait> {
    let applied = flat.traits.get("smithy.api#error")?;
    let fault = match applied.text() {
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
        .get("smithy.api#httpError")
        .map_or(default, |applied| {
            let status = super::traits::natural(&applied.value)
                .and_then(|status| u16::try_from(status).ok());
            status.unwrap_or_else(|| {
                applied.malformed(&[], "a status code", report);
                default
            })
        });
    let retryable = flat
        .traits
        .fields("smithy.api#retryable", report)
        .map(|fields| Retryable {
            throttling: fields.boolean("throttling", report).unwrap_or(false),
        });
    let is_plain_string = |place: usize| {
        let target = linked.targets[position(id)][place];
        target.is_some_and(|target| {
            linked.index.flat(target).kind == ShapeType::Simple(Simple::String)
                && !linked.is_sensitive(target)
        }) && !flat.members[place].traits.has("smithy.api#sensitive")
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

/// Every distinct pattern of the shapes and their members, translated once: it takes compiling to know whether it can be.
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

/// What is written about a shape or member.
pub(super) fn docs(traits: &Traits<'_>, report: &mut Report) -> Docs {
    let text = traits
        .string("smithy.api#documentation", report)
        .map(Into::into);
    let deprecated = traits
        .fields("smithy.api#deprecated", report)
        .map(|fields| Deprecated {
            message: fields.string("message", report).map(Into::into),
            since: fields.string("since", report).map(Into::into),
        });
    let mut links = Vec::new();
    if let Some(fields) = traits.fields("smithy.api#externalDocumentation", report) {
        for title in fields.keys() {
            let address = fields.string(title, report);
            links.extend(address.map(|address| (title.into(), address.into())));
        }
    }
    Docs {
        text,
        deprecated,
        since: traits.string("smithy.api#since", report).map(Into::into),
        links,
        unstable: traits.annotation("smithy.api#unstable", report),
        internal: traits.annotation("smithy.api#internal", report),
    }
}
