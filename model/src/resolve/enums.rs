//! The values of enums.

use std::collections::BTreeMap;

use super::mixins::Flat;
use super::shapes::docs;
use super::traits::{Trait, integer};
use crate::ast::Json;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Deprecated, Docs, EnumValue};

/// The values of an `enum`: what `enumValue` says, else the member's name.
pub(super) fn strings(flat: &Flat<'_>, report: &mut Report) -> Vec<EnumValue<Box<str>>> {
    report_empty(flat, report);
    let value = |member: &super::mixins::FlatMember<'_>| {
        let value = match member.traits.get("smithy.api#enumValue") {
            None => member.name,
            Some(applied) => match applied.text() {
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
            at: member.site.at(),
        }
    };
    flat.members.iter().map(value).collect()
}

/// The values of an `intEnum`.
pub(super) fn integers(flat: &Flat<'_>, report: &mut Report) -> Vec<EnumValue<i32>> {
    report_empty(flat, report);
    let value = |member: &super::mixins::FlatMember<'_>| {
        let value = match member.traits.get("smithy.api#enumValue") {
            None => {
                let message = format!("`{}` has no value", member.site.id());
                report.push(
                    Diagnostic::new(Code::MalformedTrait, message, member.site.at())
                        .key()
                        .shape(member.site.id())
                        .help("the members of an intEnum need the trait `smithy.api#enumValue`"),
                );
                None
            }
            Some(applied) => {
                let value = integer(&applied.value).and_then(|value| i32::try_from(value).ok());
                if value.is_none() {
                    applied.malformed(&[], "a whole number of 32 bits", report);
                }
                value
            }
        };
        EnumValue {
            name: member.name.into(),
            value: value.unwrap_or_default(),
            docs: docs(&member.traits, report),
            at: member.site.at(),
        }
    };
    flat.members.iter().map(value).collect()
}

fn report_empty(flat: &Flat<'_>, report: &mut Report) {
    if flat.members.is_empty() {
        let message = format!("the {} `{}` has no members", flat.kind.name(), flat.id);
        report.push(
            Diagnostic::new(Code::EmptyEnum, message, flat.site.at())
                .key()
                .shape(&flat.id)
                .help("add a member, or make it a string or integer"),
        );
    }
}

/// The values of a string with the `enum` trait of Smithy 1.0.
pub(super) fn of_trait(flat: &Flat<'_>, report: &mut Report) -> Vec<EnumValue<Box<str>>> {
    let Some(applied) = flat.traits.get("smithy.api#enum") else {
        return Vec::new();
    };
    let Json::Array(items) = &*applied.value else {
        applied.malformed(&[], "an array of objects with a `value`", report);
        return Vec::new();
    };
    if items.is_empty() {
        let message = format!("the enum `{}` has no values", flat.id);
        let diagnostic = Diagnostic::new(Code::EmptyEnum, message, applied.at());
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
        let Some(Json::String(value)) = field(item, "value") else {
            let path: &[&str] = match item {
                Json::Object(object) if object.get("value").is_some() => &[&place, "value"],
                _ => &[&place],
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
            deprecated: matches!(field(item, "deprecated"), Some(Json::Bool(true)))
                .then(Deprecated::default),
            // What the shape has a trait for, the trait of 1.0 has a tag for (Smithy 2.0, "internal trait").
            internal: matches!(field(item, "tags"), Some(Json::Array(tags)) if tags.iter().any(is_internal)),
            ..Docs::default()
        };
        values.push(EnumValue {
            name: name.into(),
            value: value.as_ref().into(),
            docs,
            at: applied.at().join(&place),
        });
    }
    values
}

fn is_internal(tag: &Json<'_>) -> bool {
    matches!(tag, Json::String(tag) if tag.as_ref() == "internal")
}

fn field<'j, 'a>(item: &'j Json<'a>, key: &str) -> Option<&'j Json<'a>> {
    match item {
        Json::Object(object) => object.get(key),
        _ => None,
    }
}

fn text<'j>(
    applied: &Trait<'_>,
    item: &'j Json<'_>,
    place: &str,
    key: &str,
    report: &mut Report,
) -> Option<&'j str> {
    let Json::String(text) = field(item, key)? else {
        applied.malformed(&[place, key], "a string", report);
        return None;
    };
    Some(text)
}

/// A name for a value that has none: its letters and digits, the rest as `_`, and a number if another value got that already.
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
