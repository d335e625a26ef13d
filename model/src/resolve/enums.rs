//! The values of enums.

use std::collections::BTreeMap;

use super::applied::AppliedTrait;
use super::docs::docs;
use super::mixins::FlatShape;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Deprecated, Docs, EnumValue};
use crate::node::{Node, Value};
use crate::traits::TraitId;

/// The values of an `enum`: those of `enumValue`, otherwise the names of the members.
pub(super) fn strings(flat: &FlatShape<'_>, report: &mut Report) -> Vec<EnumValue<Box<str>>> {
    report_empty(flat, report);
    let value = |member: &super::mixins::FlatMember<'_>| {
        let value = match member.traits.get(TraitId::EnumValue) {
            None => member.name,
            Some(applied) => match applied.value.as_str() {
                None => {
                    applied.malformed(&[], "a string", report);
                    member.name
                }
                Some(text) => text,
            },
        };
        EnumValue {
            name: member.name.into(),
            value: value.into(),
            docs: docs(&member.traits, report),
            location: member.path.location(),
        }
    };
    flat.members.iter().map(value).collect()
}

/// The values of an `intEnum`.
pub(super) fn integers(flat: &FlatShape<'_>, report: &mut Report) -> Vec<EnumValue<i32>> {
    report_empty(flat, report);
    let value = |member: &super::mixins::FlatMember<'_>| {
        let value = match member.traits.get(TraitId::EnumValue) {
            None => {
                let message = format!("`{}` lacks the trait `enumValue`", member.path.id());
                report.push(
                    Diagnostic::new(Code::MalformedTrait, message, member.path.location())
                        .name()
                        .shape(member.path.id())
                        .help("add the trait `smithy.api#enumValue` with a 32-bit whole number"),
                );
                None
            }
            Some(applied) => {
                let value = applied.value.as_integer();
                let value = value.and_then(|value| i32::try_from(value).ok());
                if value.is_none() {
                    applied.malformed(&[], "a 32-bit whole number", report);
                }
                value
            }
        };
        EnumValue {
            name: member.name.into(),
            value: value.unwrap_or_default(),
            docs: docs(&member.traits, report),
            location: member.path.location(),
        }
    };
    flat.members.iter().map(value).collect()
}

fn report_empty(flat: &FlatShape<'_>, report: &mut Report) {
    if flat.members.is_empty() {
        let message = format!("{} `{}` has no members", flat.kind.name(), flat.id);
        report.push(
            Diagnostic::new(Code::EmptyEnum, message, flat.path.location())
                .name()
                .shape(&flat.id)
                .help("add a member, or make it a string or an integer"),
        );
    }
}

/// The values of a string with the `enum` trait of Smithy 1.0.
pub(super) fn of_trait(flat: &FlatShape<'_>, report: &mut Report) -> Vec<EnumValue<Box<str>>> {
    let Some(applied) = flat.traits.get(TraitId::Enum) else {
        return Vec::new();
    };
    let Value::Array(items) = &applied.value.value else {
        applied.malformed(&[], "an array of objects with a `value`", report);
        return Vec::new();
    };
    if items.is_empty() {
        let message = format!("enum `{}` has no values", flat.id);
        let diagnostic = Diagnostic::new(Code::EmptyEnum, message, applied.location());
        report.push(
            diagnostic
                .shape(&flat.id)
                .help("add a value, or remove the trait"),
        );
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut values = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = index.to_string();
        let Some(value) = item.get("value").and_then(Node::as_str) else {
            let path: &[&str] = match item.get("value") {
                Some(_) => &[&place, "value"],
                None => &[&place],
            };
            applied.malformed(path, "an object with a `value` that is a string", report);
            continue;
        };
        let name = match text(applied, item, &place, "name", report) {
            Some(name) => name.to_owned(),
            None => synthesize(value, &mut names),
        };
        let docs = Docs {
            text: text(applied, item, &place, "documentation", report).map(Into::into),
            deprecated: is_true(item.get("deprecated")).then(Deprecated::default),
            // A tag here is what the trait is elsewhere (Smithy 2.0, "internal trait").
            internal: item.get("tags").is_some_and(is_internal),
            ..Docs::default()
        };
        values.push(EnumValue {
            name: name.into(),
            value: value.into(),
            docs,
            location: applied.part(&[&place]),
        });
    }
    values
}

fn is_internal(tags: &Node<'_>) -> bool {
    match &tags.value {
        Value::Array(tags) => tags.iter().any(|tag| tag.as_str() == Some("internal")),
        _ => false,
    }
}

fn is_true(node: Option<&Node<'_>>) -> bool {
    node.is_some_and(|node| node.value == Value::Boolean(true))
}

fn text<'n>(
    applied: &AppliedTrait<'_>,
    item: &'n Node<'_>,
    index: &str,
    key: &str,
    report: &mut Report,
) -> Option<&'n str> {
    let text = item.get(key)?.as_str();
    if text.is_none() {
        applied.malformed(&[index, key], "a string", report);
    }
    text
}

/// A name for a value without one: its letters and digits, with `_` for other characters, and a
/// number if the name is taken.
fn synthesize(value: &str, names: &mut BTreeMap<String, usize>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut name: String = value.chars().map(plain).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "VALUE_");
    }
    let count = names.entry(name.clone()).or_default();
    *count += 1;
    if *count > 1 {
        name = format!("{name}_{count}");
    }
    name
}
