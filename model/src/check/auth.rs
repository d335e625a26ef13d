//! The lists of authentication schemes (Smithy 2.0, "auth trait").

use crate::model::{Model, Operation, Service, ShapeName};
use crate::traits::{TraitId, Traits};
use crate::{Code, Diagnostic, Location, Report};

/// An operation that requires authentication has a scheme. A list of schemes that the service lacks
/// is not that of a public operation: nothing would authenticate its callers.
pub(super) fn schemes(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let has_none = |operation: &&Operation| {
            service.requires_auth(operation) && service.auth_of(operation).is_empty()
        };
        let operations = model.operations_of(service).filter(has_none);
        let (own, inherited) = operations.partition::<Vec<_>, _>(|it| it.auth.is_some());
        // One error for all operations that have the list of the service.
        if !inherited.is_empty() {
            let location = auth_location(&service.traits, &service.location);
            report.push(no_scheme("service", &service.name, service, location));
        }
        for operation in own {
            let location = auth_location(&operation.traits, &operation.location);
            report.push(no_scheme("operation", &operation.name, service, location));
        }
    }
}

/// Every entry of a list is a scheme of the service.
pub(super) fn unknown_schemes(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let operations = model.operations_of(service).map(|operation| {
            let Operation {
                auth,
                traits,
                location,
                name,
                ..
            } = operation;
            (auth, traits, location, name)
        });
        let Service {
            auth,
            traits,
            location,
            name,
            ..
        } = service;
        for (list, traits, location, name) in operations.chain([(auth, traits, location, name)]) {
            for id in list.iter().flatten() {
                if service.auth_schemes.iter().any(|it| it.id() == &**id) {
                    continue;
                }
                let message = format!(
                    "the trait `auth` of `{name}` lists `{id}`, which is not an authentication \
                     scheme of `{}`, and is ignored",
                    service.name
                );
                report.push(
                    Diagnostic::new(Code::IgnoredAuth, message, auth_location(traits, location))
                        .shape(name)
                        .help(format!(
                            "apply `{id}` to the service, or remove it from the list"
                        )),
                );
            }
        }
    }
}

fn no_scheme(noun: &str, owner: &ShapeName, service: &Service, location: Location) -> Diagnostic {
    let message = format!(
        "{noun} `{owner}` requires authentication, but `{}` has none of the schemes that its trait `auth` \
         lists",
        service.name
    );
    Diagnostic::new(Code::UnusableAuth, message, location)
        .label(format!("no scheme of `{}`", service.name))
        .shape(owner)
        .help(
            "apply one of the schemes to the service, or list one that it has; if callers need no \
             authentication, list none: `@auth([])`",
        )
}

/// Where the trait `auth` is written.
fn auth_location(traits: &Traits, owner: &Location) -> Location {
    traits.location(TraitId::Auth, owner)
}
