//! The protocols of services, and traits that they would have to apply.

use std::collections::BTreeMap;

use super::applied::{AppliedTrait, AppliedTraits};
use super::index::position;
use super::links::Links;
use super::mixins::FlatShape;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::Model;
use crate::node::Value;
use crate::protocol::{self, Protocol};
use crate::traits::TraitId;

/// The protocols of a service that are generated, in the order of preference. A service that has
/// none is reported.
pub(super) fn protocols(
    linked: &Links<'_, '_>,
    flat: &FlatShape<'_>,
    report: &mut Report,
) -> Vec<Protocol> {
    let found = flat.traits.iter().filter_map(|it| Protocol::find(it.id));
    let mut protocols: Vec<Protocol> = found.collect();
    protocols.sort_unstable();
    if protocols.is_empty() {
        report.push(no_protocol(linked, flat).shape(&flat.id));
    }
    protocols
}

fn no_protocol(linked: &Links<'_, '_>, flat: &FlatShape<'_>) -> Diagnostic {
    let known = Protocol::ALL.iter().rev();
    let known: Vec<String> = known.map(|it| format!("`{}`", it.id())).collect();
    let help = format!("the supported protocols are {}", known.join(", "));
    let found: Vec<&AppliedTrait<'_>> = flat
        .traits
        .iter()
        .filter(|applied| is_protocol(linked, applied.id))
        .collect();
    let Some((first, rest)) = found.split_first() else {
        let message = format!("service `{}` has no protocol", flat.id);
        let help = format!("add one to its traits; {help}");
        return Diagnostic::new(Code::NoProtocol, message, flat.path.location())
            .name()
            .help(help);
    };
    let names: Vec<String> = found.iter().map(|it| format!("`{}`", it.id)).collect();
    let message = format!(
        "service `{}` has no supported protocol, only {}",
        flat.id,
        names.join(" and ")
    );
    let mut diagnostic = Diagnostic::new(Code::UnsupportedProtocol, message, first.location())
        .name()
        .label("this protocol is not supported")
        .help(format!("add one that is supported; {help}"));
    for other in rest {
        diagnostic = diagnostic.related_name(other.location(), "nor is this one");
    }
    diagnostic
}

/// Whether a trait is a protocol: a known one, or one whose definition in the model says so.
fn is_protocol(linked: &Links<'_, '_>, id: &str) -> bool {
    let definitions = &linked.index.by_kind.traits;
    let defined = definitions.binary_search_by(|flat| (*flat.id).cmp(id)).ok();
    protocol::is_known_but_not_generated(id)
        || defined.is_some_and(|place| {
            let traits = &definitions[place].traits;
            traits.has(TraitId::ProtocolDefinition)
        })
}

/// Reports, for everything that services reach, traits that their protocols would have to apply.
pub(super) fn report_unsupported(linked: &Links<'_, '_>, model: &Model, report: &mut Report) {
    let mut shapes = vec![Unsupported::new(); linked.shapes().len()];
    let mut operations = vec![Unsupported::new(); linked.operations.len()];
    for service in model.services.values() {
        let unsupported = service
            .protocols
            .iter()
            .flat_map(|it| it.spec().unsupported.iter().map(|id| (*id, *it)));
        let unsupported: Unsupported = unsupported.collect();
        for id in &service.shapes {
            shapes[position(*id)].extend(&unsupported);
        }
        for id in &service.operations {
            operations[position(*id)].extend(&unsupported);
        }
    }
    for (flat, unsupported) in linked.shapes().iter().zip(&shapes) {
        for member in &flat.members {
            report_applied(&member.traits, unsupported, report);
        }
        report_applied(&flat.traits, unsupported, report);
    }
    let flat = &linked.index.by_kind.operations;
    for (flat, unsupported) in flat.iter().zip(&operations) {
        report_applied(&flat.traits, unsupported, report);
    }
}

/// The traits that cannot be applied, each with a protocol that does not support it.
type Unsupported = BTreeMap<TraitId, Protocol>;

fn report_applied(traits: &AppliedTraits<'_>, unsupported: &Unsupported, report: &mut Report) {
    for applied in traits.iter() {
        let known = applied.known.and_then(|id| unsupported.get_key_value(&id));
        let Some((id, protocol)) = known else {
            continue;
        };
        if is_for_responses(applied) {
            continue;
        }
        let effect = id.spec().wire_effect.unwrap_or("changes what is sent");
        let message = format!(
            "`{}` has the trait `{id}`, which is not supported in `{}`",
            applied.owner.id(),
            protocol.id()
        );
        report.push(
            Diagnostic::new(Code::UnsupportedTrait, message, applied.location())
                .name()
                .label(format!("this trait {effect}"))
                .shape(applied.owner.id())
                .help(
                    "generated code would ignore the trait and send something other than what the \
                     model says; remove the trait or the shape",
                ),
        );
    }
}

/// Whether an `httpChecksum` is only about checksums of responses, which clients need not request.
fn is_for_responses(applied: &AppliedTrait<'_>) -> bool {
    let required = applied.value.get("requestChecksumRequired");
    applied.known == Some(TraitId::HttpChecksum)
        && matches!(applied.value.value, Value::Object(_))
        && applied.value.get("requestAlgorithmMember").is_none()
        && required.is_none_or(|required| required.value == Value::Boolean(false))
}
