//! Streams of bytes and of events (Smithy 2.0, "Streaming").

use std::collections::BTreeSet;

use super::messages::{Direction, members, messages};
use super::{at_member, at_trait, member_id, related_trait, target_location, target_phrase};
use crate::model::{Binding, EventBinding, Kind, Member, Model, Presence, ShapeId, Simple};
use crate::traits::TraitId;
use crate::{Code, Diagnostic, Report};

/// The structures that event streams have as events.
fn event_structures(model: &Model) -> BTreeSet<ShapeId> {
    let unions = model.shapes.values().filter_map(|shape| match &shape.kind {
        Kind::Union(union) if union.streaming => Some(&union.members),
        _ => None,
    });
    unions.flatten().map(|member| member.target).collect()
}

/// The members of an event stream are structures.
pub(super) fn events(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let Kind::Union(union) = &shape.kind else {
            continue;
        };
        for member in union.members.iter().filter(|_| union.streaming) {
            if !matches!(model.shapes[member.target].kind, Kind::Structure(_)) {
                let message = format!(
                    "the event `{}` targets {}",
                    member.name,
                    target_phrase(model, member)
                );
                report.push(
                    Diagnostic::new(Code::EventTarget, message, target_location(member))
                        .shape(member_id(shape, member))
                        .help("an event must target a structure"),
                );
            }
        }
    }
}

/// Members with an event binding have the right types, and beside a payload there are only headers.
/// Outside of events, such a binding has no effect.
pub(super) fn event_bindings(model: &Model, report: &mut Report) {
    let events = event_structures(model);
    for (id, shape) in model.shapes.iter() {
        let bound = members(shape)
            .iter()
            .filter(|member| member.event.is_some());
        if !events.contains(&id) {
            for member in bound.clone() {
                let message = format!(
                    "`{}` is bound to a part of an event, but `{}` is not an event",
                    member.name,
                    shape.name.name()
                );
                report.push(
                    at_trait(
                        Code::UnusedEventBinding,
                        message,
                        shape,
                        member,
                        event_trait(member),
                    )
                    .help("remove the trait"),
                );
            }
        }
        for member in bound {
            let kind = &model.shapes[member.target].kind;
            let (right, what, kinds) = match member.event {
                Some(EventBinding::Payload) => (
                    is_event_payload(kind),
                    "payload",
                    "a blob, string, structure or union",
                ),
                _ => (
                    is_event_header(kind),
                    "header",
                    "a boolean, integer, blob, string or timestamp",
                ),
            };
            if !right {
                let message = format!(
                    "the event {what} `{}` targets {}",
                    member.name,
                    target_phrase(model, member)
                );
                report.push(
                    Diagnostic::new(Code::EventBinding, message, target_location(member))
                        .shape(member_id(shape, member))
                        .help(format!("an event {what} may target {kinds}")),
                );
            }
        }
        let Some(payload) = members(shape)
            .iter()
            .find(|member| member.event == Some(EventBinding::Payload))
        else {
            continue;
        };
        for member in members(shape)
            .iter()
            .filter(|member| !std::ptr::eq(*member, payload))
        {
            if member.event != Some(EventBinding::Header) {
                let message = format!(
                    "`{}` is not bound to a header, but `{}` is the whole payload of the event",
                    member.name, payload.name
                );
                let diagnostic = at_member(Code::EventBinding, message, shape, member)
                    .help("add the trait `smithy.api#eventHeader` to the member");
                let id = TraitId::EventPayload;
                report.push(related_trait(diagnostic, payload, id, "the payload"));
            }
        }
    }
}

fn event_trait(member: &Member) -> TraitId {
    match member.event {
        Some(EventBinding::Payload) => TraitId::EventPayload,
        _ => TraitId::EventHeader,
    }
}

fn is_event_header(kind: &Kind) -> bool {
    use Simple::{Blob, Boolean, Byte, Integer, Long, Short, String, Timestamp};
    let simple = matches!(
        kind,
        Kind::Simple(Blob | Boolean | Byte | Integer | Long | Short | String | Timestamp)
    );
    simple || matches!(kind, Kind::Enum(_) | Kind::IntEnum(_))
}

fn is_event_payload(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Simple(Simple::Blob | Simple::String)
            | Kind::Enum(_)
            | Kind::Structure(_)
            | Kind::Union(_)
    )
}

/// Streams are members of inputs and outputs, at most one in each. Those of known length are only
/// in inputs.
pub(super) fn places(model: &Model, report: &mut Report) {
    let inputs: BTreeSet<ShapeId> = model
        .operations
        .values()
        .map(|operation| operation.input)
        .collect();
    let outputs: BTreeSet<ShapeId> = model
        .operations
        .values()
        .map(|operation| operation.output)
        .collect();
    let streaming: BTreeSet<ShapeId> = model
        .shapes
        .iter()
        .filter(|(_, shape)| members(shape).iter().any(|member| member.streaming))
        .map(|(id, _)| id)
        .collect();
    for (id, shape) in model.shapes.iter() {
        let is_structure = matches!(shape.kind, Kind::Structure(_));
        // A structure that no operation uses may be a mixin or be used later.
        let structure_of_error = shape.kind.error().is_some();
        for member in shape.kind.members() {
            let misplaced = member.streaming && (!is_structure || structure_of_error);
            if misplaced || streaming.contains(&member.target) {
                let stream = if misplaced {
                    "the stream"
                } else {
                    "the stream in"
                };
                let message = format!(
                    "{stream} `{}` is not a member of an operation's input or output",
                    member.name
                );
                report.push(
                    Diagnostic::new(Code::MisplacedStream, message, target_location(member))
                        .shape(member_id(shape, member))
                        .help("move the stream to the input or output of an operation"),
                );
            } else if member.streaming
                && member.requires_length
                && outputs.contains(&id)
                && !inputs.contains(&id)
            {
                let message = format!(
                    "`{}` is a stream of known length, but is sent to the client",
                    member.name
                );
                report.push(
                    Diagnostic::new(Code::MisplacedStream, message, target_location(member))
                        .shape(member_id(shape, member))
                        .help("remove the trait `requiresLength`, or move the stream to an input"),
                );
            }
        }
        let mut streams = members(shape).iter().filter(|member| member.streaming);
        if let Some(first) = streams.next() {
            for member in streams {
                let message = format!("`{}` and `{}` are both streams", first.name, member.name);
                report.push(
                    at_member(Code::RepeatedStream, message, shape, member)
                        .related_name(first.location.clone(), "the first stream")
                        .help("remove one of them: a message has at most one stream"),
                );
            }
        }
    }
}

/// A stream of bytes is required or has a default.
pub(super) fn required(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        for member in members(shape).iter().filter(|member| member.streaming) {
            let bytes = matches!(model.shapes[member.target].kind, Kind::Simple(_));
            let is_absent = member.presence == Presence::Optional(None);
            if bytes && is_absent && !member.traits.has(TraitId::Default) {
                let message = format!("`{}` is a stream of bytes, but is optional", member.name);
                report.push(
                    at_member(Code::OptionalStream, message, shape, member).help(
                        "add the trait `smithy.api#required`, or `smithy.api#default` with an \
                             empty string",
                    ),
                );
            }
        }
    }
}

/// With HTTP bindings, a stream is the payload of its message.
pub(super) fn payloads(model: &Model, report: &mut Report) {
    for message in messages(model) {
        if message.direction == Direction::Error {
            continue;
        }
        for member in message
            .members
            .iter()
            .filter(|member| member.streaming && member.binding != Binding::Payload)
        {
            let text = format!("`{}` is a stream, but is not the payload", member.name);
            report.push(
                at_member(Code::UnboundStream, text, message.shape, member)
                    .help("add the trait `smithy.api#httpPayload` to the member"),
            );
        }
    }
}
