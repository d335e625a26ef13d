//! Traits, enum values, wire names and unions: what a shape says of itself.

use std::collections::BTreeMap;

use super::{at_trait, list_words, member_id, other_trait, with_article};
use crate::model::{EnumValue, Kind, Member, Model, Shape, Simple};
use crate::traits::{ANY_DATA, Applies, On, Traits};
use crate::{At, Code, Diagnostic, Report};

/// Traits are applied to what they say something of.
pub(super) fn misplaced_traits(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let on = on(&shape.kind);
        let subject = Subject {
            on,
            target: None,
            noun: shape.kind.noun(),
            id: shape.name.to_string(),
        };
        misplaced(&shape.traits, &shape.at, &subject, report);
        for member in shape.kind.members() {
            let target = &model.shapes[member.target].kind;
            let subject = Subject {
                on,
                target: Some(self::on(target)),
                noun: target.noun(),
                id: member_id(shape, member),
            };
            misplaced(&member.traits, &member.at, &subject, report);
        }
    }
    for operation in model.operations.values() {
        let id = operation.name.to_string();
        let subject = Subject {
            on: On::Operation,
            target: None,
            noun: "operation",
            id,
        };
        misplaced(&operation.traits, &operation.at, &subject, report);
    }
    for service in model.services.values() {
        let subject = Subject {
            on: On::Service,
            target: None,
            noun: "service",
            id: service.name.to_string(),
        };
        misplaced(&service.traits, &service.at, &subject, report);
    }
}

/// What traits are applied to.
struct Subject {
    /// The shape, or the shape that holds the member.
    on: On,
    /// The target of a member.
    target: Option<On>,
    /// What the shape or the member's target is.
    noun: &'static str,
    id: String,
}

fn misplaced(traits: &Traits, owner: &At, subject: &Subject, report: &mut Report) {
    for (id, applies, at) in traits.iter(owner) {
        let Some(where_to) = complaint(applies, subject, traits) else {
            continue;
        };
        let short = id.trim_start_matches("smithy.api#");
        let what = match subject.target {
            None => with_article(subject.noun),
            Some(_) if subject.on == On::Structure => {
                format!("a member that targets {}", with_article(subject.noun))
            }
            Some(_) => format!(
                "a member of {} that targets {}",
                with_article(noun(subject.on)),
                with_article(subject.noun)
            ),
        };
        let message = format!("`{short}` is applied to {what}");
        report.push(
            Diagnostic::new(Code::MisplacedTrait, message, at)
                .key()
                .shape(&subject.id)
                .help(format!("`{short}` applies to {where_to}")),
        );
    }
}

/// What the trait applies to, if that is not the subject.
fn complaint(applies: Applies, subject: &Subject, traits: &Traits) -> Option<String> {
    let (on, target) = (subject.on, subject.target);
    let on_shape = |kinds: &[On]| target.is_none() && kinds.contains(&on);
    let on_member =
        |kinds: &[On]| on == On::Structure && target.is_some_and(|target| kinds.contains(&target));
    let (fits, words) = match applies {
        Applies::NamedMember => {
            let named = matches!(on, On::Structure | On::Union);
            (
                target.is_some() && named,
                "members of structures and unions".to_owned(),
            )
        }
        Applies::Shape(kinds) => (on_shape(kinds), plurals(kinds)),
        Applies::Beside(kinds, other) => {
            let short = other.trim_start_matches("smithy.api#");
            (
                on_shape(kinds) && traits.has(other),
                format!("{} with the trait `{short}`", plurals(kinds)),
            )
        }
        Applies::Value(kinds) => {
            let fits = kinds.contains(&target.unwrap_or(on));
            (
                fits,
                format!("{}, and to members that target one", plurals(kinds)),
            )
        }
        Applies::StructureMember(ANY_DATA) => {
            (on_member(ANY_DATA), "members of structures".to_owned())
        }
        Applies::StructureMember(kinds) => (
            on_member(kinds),
            format!("members of structures that target {}", plurals(kinds)),
        ),
        Applies::Default(kinds) => {
            let words =
                "simple shapes, lists and maps, and to members of structures that target one";
            (on_shape(kinds) || on_member(kinds), words.to_owned())
        }
    };
    (!fits).then_some(words)
}

/// `strings, blobs and lists`.
fn plurals(kinds: &[On]) -> String {
    list_words(kinds.iter().map(|on| format!("{}s", noun(*on)))).replace('`', "")
}

fn on(kind: &Kind) -> On {
    match kind {
        Kind::Simple(Simple::Blob) => On::Blob,
        Kind::Simple(Simple::Boolean) => On::Boolean,
        Kind::Simple(Simple::String) | Kind::Enum(_) => On::String,
        Kind::Simple(Simple::Byte | Simple::Short | Simple::Integer | Simple::Long)
        | Kind::IntEnum(_) => On::WholeNumber,
        Kind::Simple(Simple::Float | Simple::Double | Simple::BigInteger | Simple::BigDecimal) => {
            On::OtherNumber
        }
        Kind::Simple(Simple::Timestamp) => On::Timestamp,
        Kind::Simple(Simple::Document) => On::Document,
        Kind::List(_) => On::List,
        Kind::Map(_) => On::Map,
        Kind::Structure(_) => On::Structure,
        Kind::Union(_) => On::Union,
    }
}

fn noun(on: On) -> &'static str {
    match on {
        On::Blob => "blob",
        On::Boolean => "boolean",
        On::String => "string",
        On::WholeNumber => "integer",
        On::OtherNumber => "decimal number",
        On::Timestamp => "timestamp",
        On::Document => "document",
        On::List => "list",
        On::Map => "map",
        On::Structure => "structure",
        On::Union => "union",
        On::Operation => "operation",
        On::Service => "service",
    }
}

/// The values of an enum are not empty, and each is there once.
pub(super) fn enum_values(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        match &shape.kind {
            Kind::Enum(values) => {
                for value in values.iter().filter(|value| value.value.is_empty()) {
                    let message = format!("the value of `{}` is empty", value.name);
                    let help = "a value that may be absent is a member that is not required";
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
    Diagnostic::new(code, message, value.at.clone())
        .key()
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
                .other_key(first.at.clone(), "it stands here first")
                .help("leave one of them out"),
        );
    }
}

/// The members of a structure or union have different names in JSON.
pub(super) fn json_names(model: &Model, report: &mut Report) {
    const JSON_NAME: &str = "smithy.api#jsonName";
    for shape in model.shapes.values() {
        if !matches!(shape.kind, Kind::Structure(_) | Kind::Union(_)) {
            continue;
        }
        let mut seen: BTreeMap<&str, &Member> = BTreeMap::new();
        for member in shape.kind.members() {
            let Some(first) = seen.insert(&member.json_name, member) else {
                continue;
            };
            // The caret belongs where the name was given, which may be the first of the two.
            let (member, first) = if member.traits.has(JSON_NAME) {
                (member, first)
            } else {
                (first, member)
            };
            let message = format!(
                "`{}` and `{}` are both called `{}` in JSON",
                first.name, member.name, member.json_name
            );
            let diagnostic = at_trait(Code::RepeatedJsonName, message, shape, member, JSON_NAME);
            let diagnostic = diagnostic.help("give one of them another `jsonName`");
            report.push(other_trait(
                diagnostic,
                first,
                JSON_NAME,
                "this is called so too",
            ));
        }
    }
}

/// A union has members.
pub(super) fn empty_unions(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        if matches!(&shape.kind, Kind::Union(union) if union.members.is_empty()) {
            let message = format!("union `{}` has no members", shape.name.name());
            report.push(
                Diagnostic::new(Code::EmptyUnion, message, shape.at.clone())
                    .key()
                    .shape(&shape.name)
                    .help("a union has a value of one of its members: give it one, or make it a structure"),
            );
        }
    }
}
