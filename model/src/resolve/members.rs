//! Members: their effective traits, presence and bindings.

use super::applied::{AppliedTrait, AppliedTraits, Fields};
use super::defaults;
use super::docs::docs;
use super::index::{position, unresolved};
use super::links::Links;
use super::mixins::{FlatMember, FlatShape};
use super::xml;
use crate::ast::{ShapeType, Version};
use crate::diagnostic::Report;
use crate::model::{
    Binding, Constraints, DefaultValue, EventBinding, Format, Length, Member, Number, Presence,
    Range, ShapeId, Simple, TimestampFormat,
};
use crate::node::Value;
use crate::traits::TraitId;

const DOCUMENT: ShapeType = ShapeType::Simple(Simple::Document);

/// The member at an index of a shape.
pub(super) fn member(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    place: usize,
    report: &mut Report,
) -> Member {
    let member = &flat.members[place];
    let traits = &member.traits;
    let target = linked.targets[position(id)][place];
    let target_flat = target.map(|target| linked.index.flat(target));
    let none = AppliedTraits::default();
    let effective = Effective {
        own: traits,
        target: target_flat.map_or(&none, |flat| &flat.traits),
    };
    let required = traits.annotation(TraitId::Required, report);
    let json_name = traits
        .string(TraitId::JsonName, report)
        .unwrap_or(member.name);
    Member {
        name: member.name.into(),
        json_name: json_name.into(),
        target: target.unwrap_or_else(unresolved),
        docs: docs(traits, report),
        required,
        presence: presence(linked, id, flat, member, target_flat, required, report),
        boxed: false,
        sensitive: traits.annotation(TraitId::Sensitive, report)
            || target.is_some_and(|target| linked.is_sensitive(target)),
        constraints: constraints(&effective, target_flat, report),
        timestamp_format: timestamp_format(&effective, report),
        media_type: effective.string(TraitId::MediaType, report).map(Into::into),
        binding: binding(linked, id, flat, traits, report),
        idempotency_token: traits.annotation(TraitId::IdempotencyToken, report),
        host_label: traits.annotation(TraitId::HostLabel, report),
        streaming: effective.target.has(TraitId::Streaming),
        requires_length: effective.target.annotation(TraitId::RequiresLength, report),
        event: event(traits, report),
        nullable: flat.kind == ShapeType::Structure
            && effective.annotation(TraitId::AlloyNullable, report)
            && target_flat.is_none_or(|target| target.kind != DOCUMENT),
        json_unknown: traits.annotation(TraitId::AlloyJsonUnknown, report),
        xml: xml::member(traits, report),
        ec2_query_name: traits.string(TraitId::Ec2QueryName, report).map(Into::into),
        traits: traits.for_model(member.path),
        location: member.path.location(),
    }
}

/// The constraints on a shape itself.
pub(super) fn shape_constraints(flat: &FlatShape<'_>, report: &mut Report) -> Constraints {
    let none = AppliedTraits::default();
    let effective = Effective {
        own: &flat.traits,
        target: &none,
    };
    constraints(&effective, None, report)
}

/// The traits of a member, which override those of its target (Smithy 2.0, "Scope of member
/// traits").
struct Effective<'t, 'a> {
    own: &'t AppliedTraits<'a>,
    target: &'t AppliedTraits<'a>,
}

impl<'t, 'a> Effective<'t, 'a> {
    fn of(&self, id: TraitId) -> &'t AppliedTraits<'a> {
        if self.own.has(id) {
            self.own
        } else {
            self.target
        }
    }

    fn fields(&self, id: TraitId, report: &mut Report) -> Option<Fields<'t, 'a>> {
        self.of(id).fields(id, report)
    }

    fn annotation(&self, id: TraitId, report: &mut Report) -> bool {
        self.of(id).annotation(id, report)
    }

    fn string(&self, id: TraitId, report: &mut Report) -> Option<&'t str> {
        self.of(id).string(id, report)
    }

    fn format(&self) -> Option<Format> {
        let mut traits = self.own.iter().chain(self.target.iter());
        traits.find_map(|applied| format_of(applied.known?))
    }
}

fn constraints(
    effective: &Effective<'_, '_>,
    target: Option<&FlatShape<'_>>,
    report: &mut Report,
) -> Constraints {
    let length = effective
        .fields(TraitId::Length, report)
        .map(|fields| Length {
            min: fields.unsigned("min", report),
            max: fields.unsigned("max", report),
        });
    let range = effective
        .fields(TraitId::Range, report)
        .map(|fields| Range {
            min: number(fields, "min", report),
            max: number(fields, "max", report),
        });
    Constraints {
        length,
        range,
        pattern: effective.string(TraitId::Pattern, report).map(Into::into),
        unique_items: effective.annotation(TraitId::UniqueItems, report)
            || target.is_some_and(|target| target.kind == ShapeType::Set),
        format: effective.format(),
    }
}

/// The format that one of alloy's traits sets.
fn format_of(id: TraitId) -> Option<Format> {
    Some(match id {
        TraitId::AlloyUuidFormat => Format::Uuid,
        TraitId::AlloyDateFormat | TraitId::AlloyCommonDateFormat => Format::Date,
        TraitId::AlloyLocalTimeFormat => Format::LocalTime,
        TraitId::AlloyLocalDateTimeFormat => Format::LocalDateTime,
        TraitId::AlloyOffsetTimeFormat => Format::OffsetTime,
        TraitId::AlloyZoneOffsetFormat => Format::ZoneOffset,
        TraitId::AlloyYearMonthFormat => Format::YearMonth,
        TraitId::AlloyMonthDayFormat => Format::MonthDay,
        TraitId::AlloyDurationSecondsFormat => Format::Duration,
        TraitId::AlloyOffsetDateTimeFormat => Format::OffsetDateTime,
        _ => return None,
    })
}

/// A bound of a range, which may be in a string.
fn number(fields: Fields<'_, '_>, key: &str, report: &mut Report) -> Option<Number> {
    let number = match &fields.get(key)?.value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::parse(text),
        _ => None,
    };
    if number.is_none() {
        fields.applied.malformed(&[key], "a number", report);
    }
    number
}

fn timestamp_format(effective: &Effective<'_, '_>, report: &mut Report) -> Option<TimestampFormat> {
    const ID: TraitId = TraitId::TimestampFormat;
    let applied = effective.of(ID).get(ID)?;
    let format = format(applied);
    if format.is_none() {
        let expected = "\"date-time\", \"http-date\" or \"epoch-seconds\"";
        applied.malformed(&[], expected, report);
    }
    format
}

/// The value of a `timestampFormat` trait, if it is valid.
fn format(applied: &AppliedTrait<'_>) -> Option<TimestampFormat> {
    match applied.value.as_str()? {
        "date-time" => Some(TimestampFormat::DateTime),
        "http-date" => Some(TimestampFormat::HttpDate),
        "epoch-seconds" => Some(TimestampFormat::EpochSeconds),
        _ => None,
    }
}

fn event(traits: &AppliedTraits<'_>, report: &mut Report) -> Option<EventBinding> {
    if traits.annotation(TraitId::EventHeader, report) {
        Some(EventBinding::Header)
    } else {
        traits
            .annotation(TraitId::EventPayload, report)
            .then_some(EventBinding::Payload)
    }
}

/// The part of an HTTP message that carries the member. Labels and queries apply only to inputs,
/// status codes only to responses.
fn binding(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    traits: &AppliedTraits<'_>,
    report: &mut Report,
) -> Binding {
    if flat.kind != ShapeType::Structure {
        return Binding::Document;
    }
    let (input, response) = (linked.is_input(id), linked.is_response(id));
    let mut text = |id| traits.string(id, report).map(Box::from);
    let header = text(TraitId::HttpHeader).map(Binding::Header);
    let prefix = text(TraitId::HttpPrefixHeaders).map(Binding::PrefixHeaders);
    let query = text(TraitId::HttpQuery)
        .map(Binding::Query)
        .filter(|_| input);
    let mut annotation = |id, binding: Binding, applies: bool| {
        (traits.annotation(id, report) && applies).then_some(binding)
    };
    let label = annotation(TraitId::HttpLabel, Binding::Label, input);
    let params = annotation(TraitId::HttpQueryParams, Binding::QueryParams, input);
    let payload = annotation(TraitId::HttpPayload, Binding::Payload, true);
    let status = annotation(TraitId::HttpResponseCode, Binding::StatusCode, response);
    let binding = label
        .or(query)
        .or(params)
        .or(header)
        .or(prefix)
        .or(payload)
        .or(status);
    binding
        .filter(|_| input || response)
        .unwrap_or(Binding::Document)
}

/// Whether a value is always present, and its default.
fn presence(
    linked: &Links<'_, '_>,
    id: ShapeId,
    flat: &FlatShape<'_>,
    member: &FlatMember<'_>,
    target: Option<&FlatShape<'_>>,
    required: bool,
    report: &mut Report,
) -> Presence {
    if flat.kind != ShapeType::Structure {
        // Only members of structures can be absent.
        return if required {
            Presence::Required
        } else {
            Presence::Optional(None)
        };
    }
    let Some(target) = target else {
        return Presence::Optional(None);
    };
    if matches!(target.kind, ShapeType::Union) && target.traits.has(TraitId::Streaming) {
        return Presence::Required;
    }
    let client_optional = member.traits.annotation(TraitId::ClientOptional, report);
    let (value, is_explicit) = match member.traits.get(TraitId::Default) {
        Some(applied) => (explicit(applied, member, target, report), true),
        None => (implied(flat, member, target, report), false),
    };
    match value {
        // A required member is always sent, its default included (Smithy 2.0, "Default value
        // serialization").
        Some(value) if required && is_explicit => Presence::Default(value),
        _ if required => Presence::Required,
        None => Presence::Optional(None),
        Some(value) if client_optional || linked.is_input(id) => Presence::Optional(Some(value)),
        Some(value) => Presence::Default(value),
    }
}

/// The value of a `default` trait. Null removes a default.
fn explicit(
    applied: &AppliedTrait<'_>,
    member: &FlatMember<'_>,
    target: &FlatShape<'_>,
    report: &mut Report,
) -> Option<DefaultValue> {
    if matches!(&applied.value.value, Value::Null) {
        return None;
    }
    let own = member.traits.get(TraitId::TimestampFormat);
    let applied_format = own.or_else(|| target.traits.get(TraitId::TimestampFormat));
    let format = applied_format.and_then(format);
    defaults::parse(applied, target, format, report)
}

/// The default of a member without the trait: that of its target, or in Smithy 1.0 zero for a
/// number, false for a boolean and no bytes for a stream, unless it is boxed.
fn implied(
    flat: &FlatShape<'_>,
    member: &FlatMember<'_>,
    target: &FlatShape<'_>,
    report: &mut Report,
) -> Option<DefaultValue> {
    const BOX: TraitId = TraitId::Box;
    if member.traits.has(BOX) || target.traits.has(BOX) {
        return None;
    }
    if let Some(applied) = target.traits.get(TraitId::Default) {
        return explicit(applied, member, target, report);
    }
    let ShapeType::Simple(simple) = target.kind else {
        return None;
    };
    if flat.version == Version::V1
        && simple == Simple::Blob
        && target.traits.has(TraitId::Streaming)
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
