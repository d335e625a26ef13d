//! The names in the closure of a service, and its error for invalid requests.

use std::collections::BTreeMap;

use super::is_string;
use crate::model::{Binding, Fault, Kind, Model, Presence, Service, Shape};
use crate::traits::TraitId;
use crate::words::with_article;
use crate::{Code, Diagnostic, Location, Report};

/// The names of the shapes of a service differ in more than case and namespace (Smithy 2.0,
/// "service"). Simple shapes and lists of the same kind may share a name: no type is generated for
/// them.
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
        let name = service.rename(*id).unwrap_or(shape.name.name());
        (!shape.kind.is_synthetic()).then(|| Named {
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

fn conflict(service: &Service, first: &Named, second: &Named) -> Diagnostic {
    // A shape of the prelude is in no file and cannot be renamed, so the other one is reported.
    let (first, second) = if second.location.source.is_none() {
        (second, first)
    } else {
        (first, second)
    };
    let message = format!(
        "service `{}` has two shapes with the name `{}`",
        service.name.name(),
        second.name
    );
    let message = if first.name == second.name {
        message
    } else {
        format!(
            "service `{}` has shapes with the names `{}` and `{}`, which differ only in case",
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
            "rename one of them; to rename it for this service only, add `{}` to the `rename` of \
             the service",
            second.id
        ));
    }
    diagnostic
}

/// A service renames shapes to different names (Smithy 2.0, "Service closure").
pub(super) fn renames(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        for (id, name) in &service.renames {
            let shape = &model.shapes[*id];
            if **name != *shape.name.name() {
                continue;
            }
            let rename = service.location.join("rename");
            let location = rename.join(shape.name.as_str());
            let message = format!(
                "`{}` cannot be renamed to `{name}`: it already has this name",
                shape.name
            );
            report.push(
                Diagnostic::new(Code::InvalidRename, message, location)
                    .shape(&service.name)
                    .help("remove or correct this entry"),
            );
        }
    }
}

/// The error for invalid requests is a client error with a message and no other required member.
pub(super) fn validation_error(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let Some(id) = service.validation_error else {
            continue;
        };
        let shape = &model.shapes[id];
        let Some(why) = unusable(model, shape) else {
            continue;
        };
        let location = service
            .traits
            .location(TraitId::ValidationError, &service.location);
        let message = format!(
            "`{}` cannot be the error for invalid requests: {why}",
            shape.name.name()
        );
        let diagnostic = Diagnostic::new(Code::UnusableValidationError, message, location);
        let diagnostic = if service.traits.has(TraitId::ValidationError) {
            diagnostic
        } else {
            diagnostic.name()
        };
        report.push(
            diagnostic
                .shape(&service.name)
                .related_name(shape.location.clone(), "the error")
                .help("use a client error with a string member `message` and no other required member"),
        );
    }
}

/// The names of the rejections that the server makes without an implementation, for requests that
/// HTTP, the protocol or the model do not allow.
const REJECTIONS: &[&str] = &[
    "BadDigest",
    "HeadersTooLargeException",
    "InternalFailure",
    "InvalidDigest",
    "LengthRequiredException",
    "MethodNotAllowedException",
    "NotAcceptableException",
    "RequestTimeoutException",
    "RequestTooLargeException",
    "SerializationException",
    "ServiceUnavailable",
    "UnknownOperationException",
    "UnsupportedMediaTypeException",
    "UriTooLongException",
    "ValidationException",
];

/// An error with the name of a rejection has its form. Clients read rejections by name, so the
/// server gives its own another name otherwise.
pub(super) fn rejections(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        for id in &service.shapes {
            let shape = &model.shapes[*id];
            let name = shape.name.name();
            let is_own = service.validation_error != Some(*id) && REJECTIONS.contains(&name);
            let Some(why) = is_own.then(|| other_form(model, shape)).flatten() else {
                continue;
            };
            let message = format!(
                "the server rejects requests as `Framework{name}`, because `{name}` has another form"
            );
            report.push(
                Diagnostic::new(Code::OwnRejection, message, shape.location.clone())
                    .name()
                    .label(why)
                    .shape(&shape.name)
                    .related_name(service.location.clone(), "the service")
                    .help(
                        "give the error a string member `message` and no other required member, \
                         or another name",
                    ),
            );
        }
    }
}

/// Why an error cannot be created from a message and a list of invalid fields.
fn other_form(model: &Model, shape: &Shape) -> Option<String> {
    let Kind::Structure(structure) = &shape.kind else {
        return None;
    };
    let Some(message) = structure.error?.message else {
        return Some("it has no string member `message`".into());
    };
    if structure.members[message].binding != Binding::Document {
        return Some("its message is bound to a part of the response".into());
    }
    let missing = structure
        .members
        .iter()
        .enumerate()
        .find(|(index, member)| {
            let is_list = matches!(model.shapes[member.target].kind, Kind::List(_));
            member.required && *index != message && !is_list
        });
    missing.map(|(_, member)| format!("it requires `{}`", member.name))
}

fn unusable(model: &Model, shape: &Shape) -> Option<String> {
    let Kind::Structure(structure) = &shape.kind else {
        return Some(format!("it is {}", with_article(shape.kind.noun())));
    };
    let Some(error) = structure.error else {
        return Some("it lacks the trait `error`".into());
    };
    let Some(message) = error.message else {
        return Some("it has no string member `message`".into());
    };
    if error.fault != Fault::Client {
        return Some("it is a server error".into());
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
            "it requires the member `{}`, for which there is no value",
            member.name
        )
    })
}
