//! The values of enums, the JSON names of members, and unions.

use std::collections::BTreeMap;

use super::{at_trait, member_id, related_trait};
use crate::model::{EnumValue, Kind, Member, Model, Shape, Simple};
use crate::node::Node;
use crate::syntax::is_media_type;
use crate::traits::{Category, TraitId};
use crate::{Code, Diagnostic, Report};

/// The category of a shape.
pub(super) fn category(kind: &Kind) -> Category {
    match kind {
        Kind::Simple(Simple::Blob) => Category::Blob,
        Kind::Simple(Simple::Boolean) => Category::Boolean,
        Kind::Simple(Simple::String) | Kind::Enum(_) => Category::String,
        Kind::Simple(Simple::Byte | Simple::Short | Simple::Integer | Simple::Long)
        | Kind::IntEnum(_) => Category::Integer,
        Kind::Simple(Simple::Float | Simple::Double | Simple::BigInteger | Simple::BigDecimal) => {
            Category::Decimal
        }
        Kind::Simple(Simple::Timestamp) => Category::Timestamp,
        Kind::Simple(Simple::Document) => Category::Document,
        Kind::List(_) => Category::List,
        Kind::Map(_) => Category::Map,
        Kind::Structure(_) => Category::Structure,
        Kind::Union(_) => Category::Union,
    }
}

/// The values of an enum are different and not empty.
pub(super) fn enum_values(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        match &shape.kind {
            Kind::Enum(values) => {
                for value in values.iter().filter(|value| value.value.is_empty()) {
                    let message = format!("the value of `{}` is empty", value.name);
                    let help = "remove the value; make the members that use the enum optional if they may be absent";
                    report.push(at_value(Code::EmptyEnumValue, message, shape, value).help(help));
                }
                repeated_values(shape, values, report);
            }
            Kind::IntEnum(values) => repeated_values(shape, values, report),
            _ => {}
        }
    }
}

fn at_value<T>(code: Code, message: String, shape: &Shape, value: &EnumValue<T>) -> Diagnostic {
    Diagnostic::new(code, message, value.location.clone())
        .name()
        .shape(format!("{}${}", shape.name, value.name))
}

fn repeated_values<T: Ord + std::fmt::Display>(
    shape: &Shape,
    values: &[EnumValue<T>],
    report: &mut Report,
) {
    let mut seen: BTreeMap<&T, &EnumValue<T>> = BTreeMap::new();
    for value in values {
        let Some(first) = seen.get(&value.value) else {
            seen.insert(&value.value, value);
            continue;
        };
        let message = format!(
            "`{}` and `{}` have the same value, `{}`",
            first.name, value.name, value.value
        );
        report.push(
            at_value(Code::RepeatedEnumValue, message, shape, value)
                .related_name(first.location.clone(), "first used here")
                .help("remove one of the two"),
        );
    }
}

/// The members of a structure or union have different JSON names.
pub(super) fn json_names(model: &Model, report: &mut Report) {
    const JSON_NAME: TraitId = TraitId::JsonName;
    for shape in model.shapes.values() {
        if !matches!(shape.kind, Kind::Structure(_) | Kind::Union(_)) {
            continue;
        }
        let mut seen: BTreeMap<&str, &Member> = BTreeMap::new();
        for member in shape.kind.members() {
            let Some(first) = seen.insert(&member.json_name, member) else {
                continue;
            };
            // Mark the `jsonName`, which the first of the two may have.
            let (member, first) = if member.traits.has(JSON_NAME) {
                (member, first)
            } else {
                (first, member)
            };
            let message = format!(
                "`{}` and `{}` have the same name in JSON, `{}`",
                first.name, member.name, member.json_name
            );
            let diagnostic = at_trait(Code::RepeatedJsonName, message, shape, member, JSON_NAME);
            let diagnostic = diagnostic.help("give one of them another `jsonName`");
            report.push(related_trait(
                diagnostic,
                first,
                JSON_NAME,
                "the member with the same name",
            ));
        }
    }
}

/// Media types have the form of RFC 9110, section 8.3.1: they are sent as `Content-Type`.
pub(super) fn media_types(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let own = (&shape.traits, &shape.location, shape.name.to_string());
        let members = shape.kind.members();
        let members = members.map(|it| (&it.traits, &it.location, member_id(shape, it)));
        for (traits, owner, id) in std::iter::once(own).chain(members) {
            let value = traits.get(TraitId::MediaType.id()).and_then(Node::as_str);
            let Some(value) = value.filter(|value| !is_media_type(value)) else {
                continue;
            };
            let message = format!("{value:?} is not a media type");
            let location = traits.location(TraitId::MediaType, owner);
            report.push(
                Diagnostic::new(Code::InvalidMediaType, message, location)
                    .shape(id)
                    .help("write a type and a subtype, for example `text/plain; charset=utf-8`"),
            );
        }
    }
}

/// A union has at least one member.
pub(super) fn empty_unions(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        if matches!(&shape.kind, Kind::Union(union) if union.members.is_empty()) {
            let message = format!("union `{}` has no members", shape.name.name());
            report.push(
                Diagnostic::new(Code::EmptyUnion, message, shape.location.clone())
                    .name()
                    .shape(&shape.name)
                    .help("add a member, or make it a structure"),
            );
        }
    }
}
