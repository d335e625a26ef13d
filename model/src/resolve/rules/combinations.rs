//! Values of traits whose parts depend on one another or on what the trait is applied to.

use super::super::synthetic;
use super::graph::Graph;
use crate::ast::Property;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Value};
use crate::traits::TraitId;

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
