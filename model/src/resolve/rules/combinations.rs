//! Values of traits whose parts depend on one another or on what the trait is applied to.

use std::collections::BTreeSet;

use super::super::mixins::FlatShape;
use super::super::synthetic;
use super::graph::{Graph, Vertex, all_shapes};
use super::selector::Selector;
use super::values::Values;
use crate::ast::Property;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Object, Value};
use crate::prelude;
use crate::traits::TraitId;

/// Examples of an operation are values of its input, output and errors (Smithy 2.0, "examples
/// trait").
pub(super) fn examples(graph: &Graph<'_, '_>, values: &Values<'_, '_, '_>, report: &mut Report) {
    for operation in &graph.index.by_kind.operations {
        let applied = operation
            .traits
            .iter()
            .find(|it| it.id == "smithy.api#examples");
        let examples = applied.map(|applied| (applied, &applied.value.value));
        let Some((applied, Value::Array(examples))) = examples else {
            continue;
        };
        let shape = |property| {
            let link = operation.links(property).next();
            graph.shape(link.map_or(prelude::UNIT, |link| link.target))
        };
        for (index, example) in examples.iter().enumerate() {
            let index = &*index.to_string();
            let allows = example.get("allowConstraintErrors").map(|it| &it.value);
            let is_lenient = allows == Some(&Value::Boolean(true));
            let has = |key| example.get(key).is_some();
            let mut malformed = |message: String, path: &[&str], help: &str| {
                report.push(
                    Diagnostic::new(Code::MalformedTrait, message, applied.part(path))
                        .shape(&operation.id)
                        .help(help),
                );
            };
            if is_lenient && !has("error") {
                let message = "an example that violates constraints has no error".to_owned();
                malformed(
                    message,
                    &[index],
                    "add `error`, or remove `allowConstraintErrors`",
                );
            }
            if has("output") && has("error") {
                let message = "an example has an output and an error".to_owned();
                malformed(message, &[index, "error"], "remove one of them");
            }
            let error = example
                .get("error")
                .and_then(|it| it.get("shapeId")?.as_str());
            let is_of = |holder: &FlatShape<'_>, id: &str| {
                let mut errors = holder.links(Property::Errors);
                errors.any(|link| link.target == id)
            };
            let services = &graph.index.by_kind.services;
            let is_known = |id: &&str| {
                let mut services = services.iter().filter(|service| is_of(service, id));
                is_of(operation, id) || services.any(|it| has_operation(graph, it, &operation.id))
            };
            if let Some(error) = error.filter(|id| !is_known(id)) {
                let message = format!("`{error}` is not an error of `{}`", operation.id);
                let help = "use one of the errors of the operation";
                malformed(message, &[index, "error", "shapeId"], help);
            }
            if let Some(input) = shape(Property::Input) {
                values.check_part(input, applied, (index, "input"), is_lenient, report);
            }
            if let Some(output) = shape(Property::Output).filter(|_| has("output")) {
                values.check_part(output, applied, (index, "output"), is_lenient, report);
            }
        }
    }
}

/// Whether a service or one of its resources binds an operation.
fn has_operation(graph: &Graph<'_, '_>, service: &FlatShape<'_>, operation: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![service];
    while let Some(holder) = open.pop() {
        for link in &holder.links {
            if link.target == operation {
                return true;
            }
            let resource = graph.index.known_resource(link.target);
            open.extend(resource.filter(|it| seen.insert(&*it.id)));
        }
    }
    false
}

/// The shapes that the definition of a trait forbids where the trait is applied (Smithy 2.0,
/// "traitValidators trait").
pub(super) fn trait_validators(graph: &Graph<'_, '_>, report: &mut Report) {
    let is_wanted = |shape: &&FlatShape<'_>| {
        shape
            .traits
            .iter()
            .any(|it| it.id == "smithy.api#traitValidators")
    };
    let definitions: Vec<_> = graph
        .index
        .by_kind
        .traits
        .iter()
        .filter(is_wanted)
        .collect();
    if definitions.is_empty() {
        return;
    }
    for shape in all_shapes(graph.index.by_kind) {
        for definition in &definitions {
            let applied = shape.traits.iter().find(|it| it.id == definition.id);
            let Some(applied) = applied else { continue };
            let validators = definition.traits.iter();
            let validators = validators.filter(|it| it.id == "smithy.api#traitValidators");
            let validators = validators.filter_map(|it| it.value.as_object());
            for (name, validator) in validators.flat_map(Object::iter) {
                let text = |key| validator.get(key).and_then(Node::as_str);
                let is_error = text("severity").is_none_or(|severity| severity == "ERROR");
                let selector = text("selector").and_then(Selector::parse);
                let Some(selector) = selector.filter(|_| is_error) else {
                    continue;
                };
                for found in graph.results(&selector, Vertex::shape(shape)) {
                    let path = found.member().map_or(found.shape.path, |it| it.path);
                    let message = format!(
                        "`{}` is not allowed by the trait `{}` of `{}`: {}",
                        path.id(),
                        definition.id,
                        shape.id,
                        text("message").unwrap_or(name)
                    );
                    // A shape of the prelude or of a trait library is in no file.
                    let diagnostic = if path.source.is_some() {
                        Diagnostic::new(Code::IncompatibleShape, message, path.location())
                            .related_name(applied.location(), "the trait")
                    } else {
                        Diagnostic::new(Code::IncompatibleShape, message, applied.location())
                    };
                    report.push(diagnostic.name().shape(path.id()));
                }
            }
        }
    }
}

/// No request has a status code (Smithy 2.0, "httpResponseCode trait").
pub(super) fn status_codes(graph: &Graph<'_, '_>, report: &mut Report) {
    let inputs = graph.index.by_kind.shapes.iter();
    let inputs = inputs.filter(|shape| shape.traits.has(TraitId::Input));
    let members = inputs.flat_map(|input| &input.members);
    for applied in members.filter_map(|it| it.traits.get(TraitId::HttpResponseCode)) {
        let message = "the trait `httpResponseCode` is applied to a member of an input";
        report.push(
            Diagnostic::new(Code::MisplacedTrait, message, applied.location())
                .name()
                .shape(applied.owner.id())
                .help("`httpResponseCode` may be applied to members of outputs and errors"),
        );
    }
}

/// A scheme of an API key is written in front of it in a header (Smithy 2.0, "httpApiKeyAuth
/// trait").
pub(super) fn api_keys(graph: &Graph<'_, '_>, report: &mut Report) {
    let services = graph.index.by_kind.services.iter();
    let applied = services.flat_map(|service| service.traits.iter());
    for applied in applied.filter(|it| it.id == "smithy.api#httpApiKeyAuth") {
        let place = applied.value.get("in").and_then(Node::as_str);
        if applied.value.get("scheme").is_some() && place == Some("query") {
            let message = "an API key in the query has no `scheme`";
            report.push(
                Diagnostic::new(Code::MalformedTrait, message, applied.part(&["scheme"]))
                    .shape(applied.owner.id())
                    .help("remove `scheme`, or set `in` to `header`"),
            );
        }
    }
}

/// Requests are compressed by some algorithm, and only if they have a body whose length need not be
/// known (Smithy 2.0, "requestCompression trait").
pub(super) fn compression(graph: &Graph<'_, '_>, report: &mut Report) {
    for operation in &graph.index.by_kind.operations {
        let Some(applied) = operation.traits.get(TraitId::RequestCompression) else {
            continue;
        };
        let mut malformed = |message: &str, path: &[&str], help: &str| {
            report.push(
                Diagnostic::new(Code::MalformedTrait, message, applied.part(path))
                    .shape(&operation.id)
                    .help(help),
            );
        };
        if !synthetic::is_given(operation, Property::Input) {
            let message = format!("`{}` has no input that could be compressed", operation.id);
            malformed(&message, &[], "remove the trait");
        }
        for link in operation.links(Property::Input) {
            let members = graph.shape(link.target).map(|input| &input.members);
            for member in members.into_iter().flatten() {
                let target = graph.shape(member.target);
                if target.is_some_and(|it| it.traits.has(TraitId::RequiresLength)) {
                    let message = format!(
                        "`{}` cannot be compressed: the length of `{}` must be known",
                        operation.id, member.name
                    );
                    malformed(&message, &[], "remove the trait, or `requiresLength`");
                }
            }
        }
        let encodings = applied.value.get("encodings").map(|it| &it.value);
        if matches!(encodings, Some(Value::Array(items)) if items.is_empty()) {
            let message = "the trait `requestCompression` names no algorithm";
            malformed(message, &["encodings"], "use `gzip`");
        }
    }
}
