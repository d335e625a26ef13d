//! Protocols, and traits that change what is sent beyond what the model can say.

use super::index::position;
use super::mixins::Flat;
use super::traits::{Trait, Traits};
use super::usage::Linked;
use crate::ast::Json;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Model, Protocol};

/// The protocols that are generated, in the order in which one is chosen.
const SUPPORTED: &[(&str, Protocol)] = &[
    ("aws.protocols#restJson1", Protocol::RestJson1),
    ("aws.protocols#awsJson1_1", Protocol::AwsJson1_1),
    ("aws.protocols#awsJson1_0", Protocol::AwsJson1_0),
];

/// Protocols that are not, and whose definition a model need not carry.
const UNSUPPORTED: &[&str] = &[
    "alloy#simpleRestJson",
    "alloy.proto#grpc",
    "aws.protocols#awsQuery",
    "aws.protocols#ec2Query",
    "aws.protocols#restXml",
    "smithy.mqtt#mqttJson",
    "smithy.protocols#rpcv2Cbor",
    "smithy.protocols#rpcv2Json",
];

/// Traits that change the wire of the supported protocols and that the model has no word for: what each does.
const CHANGES_THE_WIRE: &[(&str, &str)] = &[
    (
        "alloy#discriminated",
        "the union's members travel with a discriminator",
    ),
    (
        "alloy#jsonUnknown",
        "unknown members travel with the known ones",
    ),
    ("alloy#nullable", "the member tells null from nothing"),
    (
        "alloy#untagged",
        "the union's members travel without their name",
    ),
    (
        "alloy.common#dateFormat",
        "the value has a format of its own",
    ),
    (
        "aws.protocols#httpChecksum",
        "requests carry a checksum of their body",
    ),
    (
        "smithy4s.api#discriminated",
        "the union's members travel with a discriminator",
    ),
    (
        "smithy4s.api#untagged",
        "the union's members travel without their name",
    ),
];

/// The protocol of a service that is generated, if it has one.
fn supported(flat: &Flat<'_>) -> Option<Protocol> {
    SUPPORTED
        .iter()
        .find(|(id, _)| flat.traits.has(id))
        .map(|(_, protocol)| *protocol)
}

/// The protocol that is generated for a service; reports a service that has none.
pub(super) fn protocol(
    linked: &Linked<'_, '_>,
    flat: &Flat<'_>,
    report: &mut Report,
) -> Option<Protocol> {
    if let Some(protocol) = supported(flat) {
        return Some(protocol);
    }
    let known: Vec<String> = SUPPORTED.iter().map(|(id, _)| format!("`{id}`")).collect();
    let help = format!("the protocols that are generated are {}", known.join(", "));
    let found: Vec<&Trait<'_>> = flat
        .traits
        .iter()
        .filter(|applied| is_protocol(linked, applied.id))
        .collect();
    let diagnostic = match found.split_first() {
        None => {
            let message = format!("the service `{}` has no protocol", flat.id);
            let help = format!("add one to its traits; {help}");
            Diagnostic::new(Code::NoProtocol, message, flat.site.at())
                .key()
                .help(help)
        }
        Some((first, rest)) => {
            let names: Vec<String> = found.iter().map(|it| format!("`{}`", it.id)).collect();
            let message = format!(
                "`{}` speaks {}, which is not generated",
                flat.id,
                names.join(" and ")
            );
            let mut diagnostic =
                Diagnostic::new(Code::UnsupportedProtocol, message, first.at()).key();
            for other in rest {
                diagnostic = diagnostic.other_key(other.at(), "nor is this one");
            }
            diagnostic
                .label("this protocol is not supported")
                .help(help)
        }
    };
    report.push(diagnostic.shape(&flat.id));
    None
}

/// Whether a trait is a protocol: one of those known, or one whose definition in the model says so.
fn is_protocol(linked: &Linked<'_, '_>, id: &str) -> bool {
    let definitions = &linked.index.parts.traits;
    let defined = definitions.binary_search_by(|flat| (*flat.id).cmp(id)).ok();
    UNSUPPORTED.contains(&id)
        || defined.is_some_and(|place| {
            definitions[place]
                .traits
                .has("smithy.api#protocolDefinition")
        })
}

/// Reports, for what services reach, traits that would have to change what is sent.
pub(super) fn report_unsupported(linked: &Linked<'_, '_>, model: &Model, report: &mut Report) {
    let mut shapes = vec![false; linked.shapes().len()];
    let mut operations = vec![false; linked.operations.len()];
    let services = model.services.values().zip(&linked.index.parts.services);
    for (service, _) in services.filter(|(_, flat)| supported(flat).is_some()) {
        service
            .shapes
            .iter()
            .for_each(|id| shapes[position(*id)] = true);
        service
            .operations
            .iter()
            .for_each(|id| operations[position(*id)] = true);
    }
    for (flat, _) in linked
        .shapes()
        .iter()
        .zip(&shapes)
        .filter(|(_, used)| **used)
    {
        unsupported(&flat.traits, report);
        flat.members
            .iter()
            .for_each(|member| unsupported(&member.traits, report));
    }
    for (flat, _) in linked
        .index
        .parts
        .operations
        .iter()
        .zip(&operations)
        .filter(|(_, used)| **used)
    {
        unsupported(&flat.traits, report);
    }
}

fn unsupported(traits: &Traits<'_>, report: &mut Report) {
    for applied in traits
        .iter()
        .filter(|applied| !applied.id.starts_with("smithy.api#"))
    {
        let found = CHANGES_THE_WIRE.iter().find(|(id, _)| *id == applied.id);
        let Some((id, why)) = found.filter(|_| !is_only_for_answers(applied)) else {
            continue;
        };
        let message = format!(
            "`{}` has the trait `{id}`, which is not generated",
            applied.site.id()
        );
        report.push(
            Diagnostic::new(Code::UnsupportedTrait, message, applied.at())
                .key()
                .label(format!("by this trait {why}"))
                .shape(applied.site.id())
                .help("without it, what is sent would not be what the model says; remove the trait or the shape"),
        );
    }
}

/// Whether an `httpChecksum` concerns only checksums of answers, which callers need not ask for.
fn is_only_for_answers(applied: &Trait<'_>) -> bool {
    let Json::Object(fields) = &*applied.value else {
        return false;
    };
    let required = fields.get("requestChecksumRequired");
    applied.id == "aws.protocols#httpChecksum"
        && fields.get("requestAlgorithmMember").is_none()
        && required.is_none_or(|required| matches!(required, Json::Bool(false)))
}
