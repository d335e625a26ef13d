//! `smithy.api#paginated` (Smithy 2.0, "Behavior traits").

use super::applied::AppliedTrait;
use super::index::position;
use super::links::{Links, OperationLinks};
use super::mixins::FlatShape;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{Paginated, ShapeId};
use crate::suggest::did_you_mean;
use crate::traits::TraitId;

const PAGINATED: TraitId = TraitId::Paginated;

/// The trait of an operation, completed from that of its service.
pub(super) fn paginated(
    linked: &Links<'_, '_>,
    flat: &FlatShape<'_>,
    links: &OperationLinks,
    report: &mut Report,
) -> Option<Paginated> {
    flat.traits.fields(PAGINATED, report)?;
    let (input, output) = (links.input?, links.output?);
    let services = &linked.index.by_kind.services;
    let services = links.services.iter().map(|place| &services[*place]);
    let holders: Vec<&FlatShape<'_>> = [flat].into_iter().chain(services).collect();
    // A property, with the trait that has it for diagnostics.
    let mut property = |key: &'static str| {
        for holder in &holders {
            let Some(fields) = holder.traits.fields(PAGINATED, report) else {
                continue;
            };
            if let Some(text) = fields.string(key, report) {
                return Some(Property {
                    applied: fields.applied,
                    key,
                    text,
                });
            }
        }
        None
    };
    let (input_token, output_token) = (property("inputToken"), property("outputToken"));
    let (items, page_size) = (property("items"), property("pageSize"));
    let mut missing = |key: &str| {
        let message = format!("`{}` has the trait `paginated` without `{key}`", flat.id);
        let applied = flat.traits.get(PAGINATED)?;
        let help = format!("add `{key}` here or to the trait `paginated` of the service");
        let diagnostic = Diagnostic::new(Code::MalformedTrait, message, applied.location());
        report.push(diagnostic.shape(&flat.id).help(help));
        None
    };
    let input_token = input_token.or_else(|| missing("inputToken"));
    let output_token = output_token.or_else(|| missing("outputToken"));
    let mut path =
        |start: ShapeId, property: Property<'_, '_>| property.path(linked, flat, start, report);
    let items = items.map(|it| path(output, it));
    let page_size = page_size.map(|it| path(input, it));
    let input_token = input_token.and_then(|it| path(input, it));
    let output_token = output_token.and_then(|it| path(output, it));
    Some(Paginated {
        input_token: *input_token?.first()?,
        output_token: output_token?,
        items: match items {
            None => None,
            Some(items) => Some(items?),
        },
        page_size: match page_size {
            None => None,
            Some(path) => Some(*path?.first()?),
        },
    })
}

#[derive(Clone, Copy)]
struct Property<'t, 'a> {
    applied: &'t AppliedTrait<'a>,
    key: &'static str,
    text: &'t str,
}

impl Property<'_, '_> {
    /// The members on the path. A member that does not exist is reported.
    fn path(
        &self,
        linked: &Links<'_, '_>,
        operation: &FlatShape<'_>,
        start: ShapeId,
        report: &mut Report,
    ) -> Option<Vec<usize>> {
        let names: Vec<&str> = match self.key {
            "inputToken" | "pageSize" => vec![self.text],
            _ => self.text.split('.').collect(),
        };
        let mut path = Vec::with_capacity(names.len());
        let mut current = Some(start);
        for name in names {
            let id = current?;
            let holder = linked.index.flat(id);
            let is_structure = holder.kind == ShapeType::Structure;
            let place = holder
                .members
                .iter()
                .position(|it| is_structure && it.name == name);
            let Some(place) = place else {
                report.push(self.unknown(operation, holder, name));
                return None;
            };
            path.push(place);
            current = linked.targets[position(id)][place];
        }
        Some(path)
    }

    fn unknown(&self, operation: &FlatShape<'_>, holder: &FlatShape<'_>, name: &str) -> Diagnostic {
        let message = match holder.kind {
            ShapeType::Structure => format!(
                "`{}` of the pagination of `{}` names `{name}`, but `{}` has no such member",
                self.key, operation.id, holder.id
            ),
            kind => format!(
                "`{}` of the pagination of `{}` leads through `{}`, which is {}, not a structure",
                self.key,
                operation.id,
                holder.id,
                kind.phrase()
            ),
        };
        let mut diagnostic =
            Diagnostic::new(Code::UnknownPath, message, self.applied.part(&[self.key]))
                .shape(&operation.id);
        if holder.path.source.is_some() && !holder.synthetic {
            diagnostic = diagnostic.related_name(holder.path.location(), "defined here");
        }
        diagnostic.help = did_you_mean(name, holder.members.iter().map(|member| member.name));
        diagnostic
    }
}
