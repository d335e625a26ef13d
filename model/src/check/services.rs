//! Names in a service's closure, and the error that answers invalid requests.

use std::collections::BTreeMap;

use super::is_string;
use crate::model::{Fault, Kind, Model, Presence, Service, Shape, ShapeId};
use crate::traits::TraitId;
use crate::{Code, Diagnostic, Location, Report};

/// Shapes of a service have names that differ in more than their case and namespace (Smithy 2.0, "service"). Simple shapes
/// and lists of the same kind may share one: no type is generated for them.
pub(super) fn names(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let mut names: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        for named in named(model, service) {
            let same = names.entry(named.name.to_ascii_lowercase()).or_default();
            if let Some(first) = same.iter().find(|first| first.conflicts(&named)) {
                report.push(conflict(service, first, &named));
            }
            same.push(named);
        }
    }
}

/// A shape or operation under the name that a service gives it.
struct Named<'a> {
    name: &'a str,
    id: &'a str,
    location: &'a Location,
    /// `None` of operations.
    shape: Option<&'a Shape>,
}

impl Named<'_> {
    fn conflicts(&self, other: &Self) -> bool {
        let unnamed = |named: &Self| match named.shape.map(|shape| &shape.kind) {
            Some(Kind::Simple(simple)) => Some(simple.noun()),
            Some(Kind::List(_)) => Some("list"),
            _ => None,
        };
        unnamed(self).is_none() || unnamed(self) != unnamed(other)
    }
}

fn named<'a>(model: &'a Model, service: &'a Service) -> impl Iterator<Item = Named<'a>> {
    let shapes = service.shapes.iter().filter_map(|id| {
        let shape = &model.shapes[*id];
        let synthetic = matches!(&shape.kind, Kind::Structure(structure) if structure.synthetic);
        let name = renamed(service, *id).unwrap_or_else(|| shape.name.name());
        (!synthetic).then(|| Named {
            name,
            id: shape.name.as_str(),
            location: &shape.location,
            shape: Some(shape),
        })
    });
    let operations = service.operations.iter().map(|id| {
        let operation = &model.operations[*id];
        Named {
            name: operation.name.name(),
            id: operation.name.as_str(),
            location: &operation.location,
            shape: None,
        }
    });
    operations.chain(shapes)
}

fn renamed(service: &Service, id: ShapeId) -> Option<&str> {
    service
        .renames
        .iter()
        .find(|(shape, _)| *shape == id)
        .map(|(_, name)| &**name)
}

fn conflict(service: &Service, first: &Named, second: &Named) -> Diagnostic {
    // A shape of the prelude stands in no file and has its name for good: the other one is to go.
    let (first, second) = if second.location.source.is_none() {
        (second, first)
    } else {
        (first, second)
    };
    let message = format!(
        "service `{}` has two shapes called `{}`",
        service.name.name(),
        second.name
    );
    let message = if first.name == second.name {
        message
    } else {
        format!(
            "service `{}` has shapes called `{}` and `{}`, which differ only in case",
            service.name.name(),
            first.name,
            second.name
        )
    };
    let mut diagnostic = Diagnostic::new(Code::ConflictingNames, message, second.location.clone())
        .name()
        .shape(second.id)
        .related_name(first.location.clone(), format!("`{}`", first.id));
    if second.shape.is_some() {
        diagnostic = diagnostic.help(format!(
            r#"add `"{}": "AnotherName"` to the service's `rename`"#,
            second.id
        ));
    }
    diagnostic
}

/// A service renames shapes of its own to other names, errors excepted (Smithy 2.0, "Service closure").
pub(super) fn renames(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        for (id, name) in &service.renames {
            let shape = &model.shapes[*id];
            let error =
                matches!(&shape.kind, Kind::Structure(structure) if structure.error.is_some());
            let why = if **name == *shape.name.name() {
                "has this name already"
            } else if error {
                "is an error, and its name is what is sent"
            } else {
                continue;
            };
            let at = service.location.join("rename").join(shape.name.as_str());
            let message = format!("`{}` cannot be renamed to `{name}`: it {why}", shape.name);
            report.push(
                Diagnostic::new(Code::InvalidRename, message, at)
                    .shape(&service.name)
                    .help("leave this entry out, or correct it"),
            );
        }
    }
}

/// The error that answers invalid requests is a client's, says what happened, and needs nothing else.
pub(super) fn validation_error(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let Some(id) = service.validation_error else {
            continue;
        };
        let shape = &model.shapes[id];
        let Some(why) = unusable(model, shape) else {
            continue;
        };
        let at = service
            .traits
            .location(TraitId::ValidationError, &service.location);
        let message = format!(
            "`{}` cannot answer invalid requests: {why}",
            shape.name.name()
        );
        let diagnostic = Diagnostic::new(Code::UnusableValidationError, message, at);
        let diagnostic = if service.traits.has(TraitId::ValidationError) {
            diagnostic
        } else {
            diagnostic.name()
        };
        report.push(
            diagnostic
                .shape(&service.name)
                .related_name(shape.location.clone(), "the error")
                .help("name an error of the client that has a string member `message` and requires no other"),
        );
    }
}

fn unusable(model: &Model, shape: &Shape) -> Option<String> {
    let Kind::Structure(structure) = &shape.kind else {
        return Some(format!("it is {}", super::with_article(shape.kind.noun())));
    };
    let Some(error) = structure.error else {
        return Some("it is not an error".into());
    };
    let Some(message) = error.message else {
        return Some("it has no string member `message`".into());
    };
    if error.fault != Fault::Client {
        return Some("it is an error of the server".into());
    }
    let filled = |index: usize| {
        index == message && is_string(&model.shapes[structure.members[index].target].kind)
    };
    let missing = structure
        .members
        .iter()
        .enumerate()
        .find(|(index, member)| member.presence == Presence::Required && !filled(*index));
    missing.map(|(_, member)| {
        format!(
            "it requires `{}`, and nothing is known to fill it with",
            member.name
        )
    })
}
