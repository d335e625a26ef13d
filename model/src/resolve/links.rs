//! References between shapes, and how operations use the shapes that they lead to.

use std::collections::BTreeSet;

use super::index::{Index, position};
use super::mixins::FlatShape;
use super::resources;
use super::synthetic;
use crate::ast::{Property, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{OperationId, Role, ShapeId, Simple};
use crate::traits::TraitId;

/// Every reference of the model.
pub(super) struct Links<'x, 'a> {
    pub(super) index: &'x Index<'x, 'a>,
    /// The targets of the members of each shape; `None` for a target that was reported.
    pub(super) targets: Vec<Vec<Option<ShapeId>>>,
    /// The references of each operation.
    pub(super) operations: Vec<OperationLinks>,
    /// The references of each service.
    pub(super) services: Vec<ServiceLinks>,
    /// How each shape is used.
    usage: Vec<Usage>,
    /// Whether each shape, or an element of it, is sensitive; structures and unions hide their own.
    sensitive: Vec<bool>,
}

/// The references of an operation.
#[derive(Clone, Debug, Default)]
pub(super) struct OperationLinks {
    pub(super) input: Option<ShapeId>,
    pub(super) output: Option<ShapeId>,
    pub(super) errors: Vec<ShapeId>,
    /// The indexes of the services that have the operation.
    pub(super) services: Vec<usize>,
}

/// The references of a service.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceLinks {
    /// Sorted.
    pub(super) operations: Vec<OperationId>,
    pub(super) errors: Vec<ShapeId>,
    /// The target of the trait `validationError`.
    pub(super) validation_error: Option<ShapeId>,
}

#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact")]
struct Usage {
    input: bool,
    output: bool,
    target: bool,
    /// The payload of a message or event, or an event.
    content: bool,
}

impl<'x, 'a> Links<'x, 'a> {
    pub(super) fn shapes(&self) -> &'x [FlatShape<'a>] {
        &self.index.by_kind.shapes
    }

    /// How operations use a structure.
    pub(super) fn role(&self, id: ShapeId) -> Role {
        let usage = self.usage[position(id)];
        if self.index.flat(id).traits.has(TraitId::Error) {
            Role::Error
        } else if usage.input && !usage.output && !usage.target {
            Role::Input
        } else if usage.output && !usage.input {
            Role::Output
        } else {
            Role::Plain
        }
    }

    /// Whether a structure is the input of an operation.
    pub(super) fn is_input(&self, id: ShapeId) -> bool {
        self.usage[position(id)].input
    }

    /// Whether a structure is the output of an operation or an error.
    pub(super) fn is_response(&self, id: ShapeId) -> bool {
        self.usage[position(id)].output || self.index.flat(id).traits.has(TraitId::Error)
    }

    /// Whether values of a shape are roots of documents.
    pub(super) fn is_root(&self, id: ShapeId) -> bool {
        let Usage {
            input,
            output,
            content,
            ..
        } = self.usage[position(id)];
        let flat = self.index.flat(id);
        let is_aggregate = matches!(flat.kind, ShapeType::Structure | ShapeType::Union);
        is_aggregate && (input || output || content) && !flat.traits.has(TraitId::Error)
    }

    /// Whether values of this shape must not be shown. Structures and unions hide their own
    /// members.
    pub(super) fn is_sensitive(&self, id: ShapeId) -> bool {
        self.sensitive[position(id)]
    }
}

/// Resolves every reference.
pub(super) fn link<'x, 'a>(index: &'x Index<'x, 'a>, report: &mut Report) -> Links<'x, 'a> {
    let by_kind = index.by_kind;
    let targets: Vec<Vec<Option<ShapeId>>> = by_kind
        .shapes
        .iter()
        .map(|shape| targets(index, shape, report))
        .collect();
    let mut operations: Vec<OperationLinks> = by_kind
        .operations
        .iter()
        .map(|operation| operation_links(index, operation, report))
        .collect();
    let services: Vec<ServiceLinks> = by_kind
        .services
        .iter()
        .map(|service| service_links(index, service, report))
        .collect();
    for (place, service) in services.iter().enumerate() {
        for id in &service.operations {
            operations[position(*id)].services.push(place);
        }
    }
    report_dangling(index, &by_kind.services, report);
    report_dangling(index, &by_kind.resources, report);
    resources::report_cycles(index, report);
    let mut usage = vec![Usage::default(); by_kind.shapes.len()];
    for operation in &operations {
        operation
            .input
            .iter()
            .for_each(|id| usage[position(*id)].input = true);
        operation
            .output
            .iter()
            .for_each(|id| usage[position(*id)].output = true);
    }
    for (shape, targets) in by_kind.shapes.iter().zip(&targets) {
        let is_stream = shape.kind == ShapeType::Union && shape.traits.has(TraitId::Streaming);
        for (member, target) in shape.members.iter().zip(targets) {
            let Some(target) = target else { continue };
            let is_payload = [TraitId::HttpPayload, TraitId::EventPayload];
            let is_payload = is_payload.iter().any(|id| member.traits.has(*id));
            let usage = &mut usage[position(*target)];
            usage.target = true;
            usage.content |= is_stream || is_payload;
        }
    }
    let sensitive = sensitive(&by_kind.shapes, &targets);
    Links {
        index,
        targets,
        operations,
        services,
        usage,
        sensitive,
    }
}

fn targets(
    index: &Index<'_, '_>,
    shape: &FlatShape<'_>,
    report: &mut Report,
) -> Vec<Option<ShapeId>> {
    if matches!(shape.kind, ShapeType::Enum | ShapeType::IntEnum) {
        return Vec::new();
    }
    let mut targets = Vec::with_capacity(shape.members.len());
    for member in &shape.members {
        let target = index.shape(member.into(), report);
        if let Some(target) = target
            && shape.kind == ShapeType::Map
            && member.name == "key"
        {
            let kind = index.flat(target).kind;
            if !matches!(kind, ShapeType::Simple(Simple::String) | ShapeType::Enum) {
                let message = format!(
                    "the keys of map `{}` are {}s, not strings",
                    shape.id,
                    kind.name()
                );
                report.push(
                    Diagnostic::new(Code::WrongTarget, message, member.path.target())
                        .label("expected a string or enum")
                        .shape(member.path.id())
                        .help("use strings as keys, or a list of structures instead of the map"),
                );
            }
        }
        targets.push(target);
    }
    targets
}

fn operation_links(
    index: &Index<'_, '_>,
    operation: &FlatShape<'_>,
    report: &mut Report,
) -> OperationLinks {
    let mut structure = |property| {
        let link = operation.links(property).next();
        if synthetic::is_given(operation, property) {
            link.and_then(|link| index.structure(link.into(), report))
        } else {
            index.synthetic(synthetic::ids(operation, property))
        }
    };
    let input = structure(Property::Input);
    let output = structure(Property::Output);
    let errors = operation
        .links(Property::Errors)
        .filter_map(|link| index.error(link.into(), report));
    OperationLinks {
        input,
        output,
        errors: errors.collect(),
        services: Vec::new(),
    }
}

fn service_links(
    index: &Index<'_, '_>,
    service: &FlatShape<'_>,
    report: &mut Report,
) -> ServiceLinks {
    let mut operations = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&FlatShape<'_>> = vec![service];
    while let Some(holder) = open.pop() {
        for link in &holder.links {
            match link.property {
                Property::Errors => {}
                Property::Resources => {
                    let resource = index.known_resource(link.target);
                    open.extend(resource.filter(|it| seen.insert(&*it.id)));
                }
                _ => operations.extend(index.known_operation(link.target)),
            }
        }
    }
    operations.sort_unstable();
    operations.dedup();
    let errors = service
        .links(Property::Errors)
        .filter_map(|link| index.error(link.into(), report));
    let errors = errors.collect();
    ServiceLinks {
        operations,
        errors,
        validation_error: validation_error(index, service, report),
    }
}

/// Reports references of services and resources that do not lead to an operation or resource.
fn report_dangling(index: &Index<'_, '_>, holders: &[FlatShape<'_>], report: &mut Report) {
    for link in holders.iter().flat_map(|holder| &holder.links) {
        match link.property {
            Property::Errors => {}
            Property::Resources => {
                index.resource((*link).into(), report);
            }
            _ => {
                index.operation((*link).into(), report);
            }
        }
    }
}

fn validation_error(
    index: &Index<'_, '_>,
    service: &FlatShape<'_>,
    report: &mut Report,
) -> Option<ShapeId> {
    let name = service.traits.string(TraitId::ValidationError, report)?;
    let applied = service.traits.get(TraitId::ValidationError)?;
    let id = index.known(name);
    let is_error = |id: &ShapeId| index.flat(*id).traits.has(TraitId::Error);
    if let Some(id) = id.filter(is_error) {
        return Some(id);
    }
    let (code, why) = if id.is_none() {
        (Code::DanglingTarget, "is not in the model")
    } else {
        (Code::WrongTarget, "lacks the trait `error`")
    };
    let message = format!("`{name}` cannot be the error for invalid requests: it {why}");
    let mut diagnostic = Diagnostic::new(code, message, applied.location())
        .label("expected the id of an error")
        .shape(&service.id);
    diagnostic.help = index.suggestion(name);
    report.push(diagnostic);
    None
}

/// Whether each shape has the trait `sensitive`, or is a list or map of shapes that have it.
fn sensitive(shapes: &[FlatShape<'_>], targets: &[Vec<Option<ShapeId>>]) -> Vec<bool> {
    let mut sensitive: Vec<bool> = shapes
        .iter()
        .map(|shape| shape.traits.has(TraitId::Sensitive))
        .collect();
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); shapes.len()];
    let mut open: Vec<usize> = Vec::new();
    for (place, shape) in shapes.iter().enumerate() {
        if matches!(
            shape.kind,
            ShapeType::List | ShapeType::Set | ShapeType::Map
        ) {
            targets[place]
                .iter()
                .flatten()
                .for_each(|target| holders[position(*target)].push(place));
            sensitive[place] |= shape
                .members
                .iter()
                .any(|member| member.traits.has(TraitId::Sensitive));
        }
        if sensitive[place] {
            open.push(place);
        }
    }
    while let Some(place) = open.pop() {
        for holder in &holders[place] {
            if !std::mem::replace(&mut sensitive[*holder], true) {
                open.push(*holder);
            }
        }
    }
    sensitive
}
