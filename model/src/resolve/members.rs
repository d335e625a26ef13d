//! Members: effective traits, presence and binding.

use super::defaults;
use super::index::{id as shape_id, position};
use super::mixins::{Flat, FlatMember};
use super::shapes::docs;
use super::traits::{Fields, Trait, Traits, integer};
use super::usage::Linked;
use crate::ast::{Json, ShapeType, Version};
use crate::diagnostic::Report;
use crate::model::{
    Binding, Constraints, DefaultValue, EventBinding, Length, Member, Number, Presence, Range,
    Role, ShapeId, Simple, TimestampFormat,
};

/// The member at a place of a shape.
pub(super) fn member(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    place: usize,
    report: &mut Report,
) -> Member {
    let member = &flat.members[place];
    let traits = &member.traits;
    let target = linked.targets[position(id)][place];
    let target_flat = target.map(|target| linked.index.flat(target));
    let at = member.site.at();
    let none = Traits::default();
    let effective = Effective {
        own: traits,
        target: target_flat.map_or(&none, |flat| &flat.traits),
    };
    let required = traits.annotation("smithy.api#required", report);
    let json_name = traits
        .string("smithy.api#jsonName", report)
        .unwrap_or(member.name);
    Member {
        name: member.name.into(),
        json_name: json_name.into(),
        // A member whose target is wrong is reported; the model that it stands in is not handed on.
        target: target.unwrap_or_else(|| shape_id(0)),
        docs: docs(traits, report),
        required,
        presence: presence(linked, id, flat, member, target_flat, required, report),
        boxed: false,
        sensitive: traits.annotation("smithy.api#sensitive", report)
            || target.is_some_and(|target| linked.is_sensitive(target)),
        constraints: constraints(&effective, target_flat, report),
        timestamp_format: timestamp_format(&effective, report),
        media_type: effective
            .string("smithy.api#mediaType", report)
            .map(Into::into),
        binding: binding(linked, id, flat, traits, report),
        idempotency_token: traits.annotation("smithy.api#idempotencyToken", report),
        host_label: traits.annotation("smithy.api#hostLabel", report),
        streaming: effective.target.has("smithy.api#streaming"),
        requires_length: effective
            .target
            .annotation("smithy.api#requiresLength", report),
        event: event(traits, report),
        traits: traits.applied(&at),
        at,
    }
}

/// The constraints that are applied to a shape itself.
pub(super) fn shape_constraints(flat: &Flat<'_>, report: &mut Report) -> Constraints {
    let none = Traits::default();
    let effective = Effective {
        own: &flat.traits,
        target: &none,
    };
    constraints(&effective, None, report)
}

/// A member's traits over its target's (Smithy 2.0, "Scope of member traits").
struct Effective<'t, 'a> {
    own: &'t Traits<'a>,
    target: &'t Traits<'a>,
}

impl<'t, 'a> Effective<'t, 'a> {
    fn of(&self, id: &str) -> &'t Traits<'a> {
        if self.own.has(id) {
            self.own
        } else {
            self.target
        }
    }

    fn fields(&self, id: &str, report: &mut Report) -> Option<Fields<'t, 'a>> {
        self.of(id).fields(id, report)
    }

    fn string(&self, id: &str, report: &mut Report) -> Option<&'t str> {
        self.of(id).string(id, report)
    }
}

fn constraints(
    effective: &Effective<'_, '_>,
    target: Option<&Flat<'_>>,
    report: &mut Report,
) -> Constraints {
    let length = effective
        .fields("smithy.api#length", report)
        .map(|fields| Length {
            min: fields.natural("min", report),
            max: fields.natural("max", report),
        });
    let range = effective
        .fields("smithy.api#range", report)
        .map(|fields| Range {
            min: number(fields, "min", report),
            max: number(fields, "max", report),
        });
    let unique = "smithy.api#uniqueItems";
    Constraints {
        length,
        range,
        pattern: effective
            .string("smithy.api#pattern", report)
            .map(Into::into),
        unique_items: effective.of(unique).annotation(unique, report)
            || target.is_some_and(|target| target.kind == ShapeType::Set),
    }
}

/// A bound of a range; one that needs more than a double may stand in a string.
fn number(fields: Fields<'_, '_>, key: &str, report: &mut Report) -> Option<Number> {
    let json = fields.get(key)?;
    let float = match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.parse().ok().filter(|value: &f64| value.is_finite()),
        _ => None,
    };
    let number = integer(json)
        .map(Number::Integer)
        .or_else(|| float.map(Number::Float));
    if number.is_none() {
        fields.applied.malformed(&[key], "a number", report);
    }
    number
}

fn timestamp_format(effective: &Effective<'_, '_>, report: &mut Report) -> Option<TimestampFormat> {
    const ID: &str = "smithy.api#timestampFormat";
    let applied = effective.of(ID).get(ID)?;
    match applied.text() {
        Some("date-time") => Some(TimestampFormat::DateTime),
        Some("http-date") => Some(TimestampFormat::HttpDate),
        Some("epoch-seconds") => Some(TimestampFormat::EpochSeconds),
        _ => {
            let expected = "\"date-time\", \"http-date\" or \"epoch-seconds\"";
            applied.malformed(&[], expected, report);
            None
        }
    }
}

fn event(traits: &Traits<'_>, report: &mut Report) -> Option<EventBinding> {
    if traits.annotation("smithy.api#eventHeader", report) {
        Some(EventBinding::Header)
    } else {
        traits
            .annotation("smithy.api#eventPayload", report)
            .then_some(EventBinding::Payload)
    }
}

/// Where the member travels. Labels and queries mean something in an input only, a status code in an answer only.
fn binding(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    traits: &Traits<'_>,
    report: &mut Report,
) -> Binding {
    if flat.kind != ShapeType::Structure {
        return Binding::Document;
    }
    let (input, answer) = (linked.is_input(id), linked.is_answer(id));
    let mut text = |id: &str| traits.string(id, report).map(Box::from);
    let header = text("smithy.api#httpHeader").map(Binding::Header);
    let prefix = text("smithy.api#httpPrefixHeaders").map(Binding::PrefixHeaders);
    let query = text("smithy.api#httpQuery")
        .map(Binding::Query)
        .filter(|_| input);
    let mut mark = |id: &str, binding: Binding, meant: bool| {
        (traits.annotation(id, report) && meant).then_some(binding)
    };
    let label = mark("smithy.api#httpLabel", Binding::Label, input);
    let params = mark("smithy.api#httpQueryParams", Binding::QueryParams, input);
    let payload = mark("smithy.api#httpPayload", Binding::Payload, true);
    let status = mark("smithy.api#httpResponseCode", Binding::StatusCode, answer);
    let binding = label
        .or(query)
        .or(params)
        .or(header)
        .or(prefix)
        .or(payload)
        .or(status);
    binding
        .filter(|_| input || answer)
        .unwrap_or(Binding::Document)
}

/// Whether a value is always there, and which one if none is given.
fn presence(
    linked: &Linked<'_, '_>,
    id: ShapeId,
    flat: &Flat<'_>,
    member: &FlatMember<'_>,
    target: Option<&Flat<'_>>,
    required: bool,
    report: &mut Report,
) -> Presence {
    if flat.kind != ShapeType::Structure {
        // Only members of structures have a presence of their own: a union has one member, a list its elements.
        return if required {
            Presence::Required
        } else {
            Presence::Optional(None)
        };
    }
    let Some(target) = target else {
        return Presence::Optional(None);
    };
    if matches!(target.kind, ShapeType::Union) && target.traits.has("smithy.api#streaming") {
        return Presence::Required;
    }
    let client_optional = member
        .traits
        .annotation("smithy.api#clientOptional", report);
    let (value, said) = match member.traits.get("smithy.api#default") {
        Some(applied) => (explicit(linked, applied, target, report), true),
        None => (implied(linked, flat, member, target, report), false),
    };
    match value {
        // A required member is always sent, its default included (Smithy 2.0, "Default value serialization").
        Some(value) if required && said => Presence::Default(value),
        _ if required => Presence::Required,
        None => Presence::Optional(None),
        Some(value) if client_optional || linked.role(id) == Role::Input => {
            Presence::Optional(Some(value))
        }
        Some(value) => Presence::Default(value),
    }
}

/// The value of a `default`. Null says that there is none.
fn explicit(
    linked: &Linked<'_, '_>,
    applied: &Trait<'_>,
    target: &Flat<'_>,
    report: &mut Report,
) -> Option<DefaultValue> {
    if matches!(&*applied.value, Json::Null) {
        return None;
    }
    defaults::parse(linked.index.sources, applied, target, report)
}

/// The default of a member that does not give one: its target's, or in Smithy 1.0 the zero of a number or boolean that is not
/// boxed, and no bytes for a stream.
fn implied(
    linked: &Linked<'_, '_>,
    flat: &Flat<'_>,
    member: &FlatMember<'_>,
    target: &Flat<'_>,
    report: &mut Report,
) -> Option<DefaultValue> {
    const BOX: &str = "smithy.api#box";
    if member.traits.has(BOX) || target.traits.has(BOX) {
        return None;
    }
    if let Some(applied) = target.traits.get("smithy.api#default") {
        return explicit(linked, applied, target, report);
    }
    let ShapeType::Simple(simple) = target.kind else {
        return None;
    };
    if flat.version == Version::V1
        && simple == Simple::Blob
        && target.traits.has("smithy.api#streaming")
    {
        return Some(DefaultValue::Blob([].into()));
    }
    if target.version != Version::V1 {
        return None;
    }
    match simple {
        Simple::Boolean => Some(DefaultValue::Boolean(false)),
        Simple::Byte | Simple::Short | Simple::Integer | Simple::Long => {
            Some(DefaultValue::Integer(0))
        }
        Simple::Float | Simple::Double => Some(DefaultValue::Float(0.0)),
        _ => None,
    }
}
