//! The traits of shapes, the values of enums, the JSON names of members, and unions.

use std::collections::BTreeMap;

use super::{at_trait, member_id, related_trait};
use crate::model::{EnumValue, Kind, Member, Model, Shape, Simple};
use crate::node::Node;
use crate::syntax::is_media_type;
use crate::traits::{Category, Selector, TraitId, Traits};
use crate::words::{quoted_list, with_article};
use crate::{Code, Diagnostic, Location, Report};

/// Each trait is applied to something that it may be applied to.
pub(super) fn misplaced_traits(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let category = category(&shape.kind);
        let subject = Subject {
            category,
            target: None,
            noun: shape.kind.noun(),
            id: shape.name.to_string(),
        };
        misplaced(&shape.traits, &shape.location, &subject, report);
        for member in shape.kind.members() {
            let target = &model.shapes[member.target].kind;
            let subject = Subject {
                category,
                target: Some(self::category(target)),
                noun: target.noun(),
                id: member_id(shape, member),
            };
            misplaced(&member.traits, &member.location, &subject, report);
        }
    }
    for operation in model.operations.values() {
        let subject = Subject {
            category: Category::Operation,
            target: None,
            noun: Category::Operation.noun(),
            id: operation.name.to_string(),
        };
        misplaced(&operation.traits, &operation.location, &subject, report);
    }
    for service in model.services.values() {
        let subject = Subject {
            category: Category::Service,
            target: None,
            noun: Category::Service.noun(),
            id: service.name.to_string(),
        };
        misplaced(&service.traits, &service.location, &subject, report);
    }
}

/// The subject of applied traits.
struct Subject {
    /// The category of the shape, or of the shape that has the member.
    category: Category,
    /// The category of the target of a member.
    target: Option<Category>,
    /// The kind of the shape or of the member's target.
    noun: &'static str,
    id: String,
}

fn misplaced(traits: &Traits, owner: &Location, subject: &Subject, report: &mut Report) {
    for applied in traits.iter() {
        let Some(id) = applied.known() else { continue };
        let Some(allowed) = mismatch(id.spec().selector, subject, traits) else {
            continue;
        };
        let what = match subject.target {
            None => with_article(subject.noun),
            Some(_) if subject.category == Category::Structure => {
                format!("a member that targets {}", with_article(subject.noun))
            }
            Some(_) => format!(
                "a member of {} that targets {}",
                with_article(subject.category.noun()),
                with_article(subject.noun)
            ),
        };
        let short = id.short();
        let message = format!("the trait `{short}` is applied to {what}");
        report.push(
            Diagnostic::new(Code::MisplacedTrait, message, applied.location(owner))
                .name()
                .shape(&subject.id)
                .help(format!("`{short}` may be applied to {allowed}")),
        );
    }
}

/// The subjects that a trait may be applied to, if this one is not among them.
fn mismatch(selector: Selector, subject: &Subject, traits: &Traits) -> Option<String> {
    let (category, target) = (subject.category, subject.target);
    let is_shape = |allowed: &[Category]| target.is_none() && allowed.contains(&category);
    let is_structure_member = |allowed: &[Category]| {
        category == Category::Structure && target.is_some_and(|target| allowed.contains(&target))
    };
    let (matches, allowed) = match selector {
        Selector::Any => return None,
        Selector::NamedMember => {
            let is_named = matches!(category, Category::Structure | Category::Union);
            let allowed = "members of structures and unions".to_owned();
            (target.is_some() && is_named, allowed)
        }
        Selector::Shape(categories) => (is_shape(categories), plurals(categories)),
        Selector::ShapeWith(required, other) => (
            is_shape(&[required]) && traits.has(other),
            format!(
                "{} with the trait `{}`",
                plurals(&[required]),
                other.short()
            ),
        ),
        Selector::DataOrMember(categories) => (
            categories.contains(&target.unwrap_or(category)),
            format!("{}, and to members that target one", plurals(categories)),
        ),
        Selector::StructureMember(Category::DATA) => (
            is_structure_member(Category::DATA),
            "members of structures".to_owned(),
        ),
        Selector::StructureMember(categories) => (
            is_structure_member(categories),
            format!("members of structures that target {}", plurals(categories)),
        ),
        Selector::ShapeOrStructureMember(categories) => (
            is_shape(categories) || is_structure_member(categories),
            "simple shapes, lists and maps, and to members of structures that target one"
                .to_owned(),
        ),
    };
    (!matches).then_some(allowed)
}

/// `strings, blobs and lists`.
fn plurals(categories: &[Category]) -> String {
    let nouns = categories.iter().map(|it| format!("{}s", it.noun()));
    quoted_list(nouns).replace('`', "")
}

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
