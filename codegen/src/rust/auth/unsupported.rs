//! Authentication schemes that clients and servers cannot use.

use std::collections::BTreeSet;

use drawplate_model::Location;
use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{AuthScheme, Model, Operation, Service};
use drawplate_model::traits::TraitId;

use crate::{CheckedModel, Config};

/// What generated code can use, for messages.
const SUPPORTED: &str = "`aws.auth#sigv4`, `httpApiKeyAuth`, `httpBasicAuth` or `httpBearerAuth`";

/// Reports schemes that generated code does not use: an error if an operation has no other.
pub(crate) fn report(models: &[CheckedModel], config: &Config, report: &mut Report) {
    if config.parts.client || config.parts.has_server() {
        for CheckedModel { model, .. } in models {
            for service in model.services.values() {
                unusable(model, service, report);
                ignored(model, service, report);
            }
        }
    }
}

/// Whether callers must be authenticated, by schemes that are not supported.
fn is_unusable(service: &Service, operation: &Operation) -> bool {
    let mut schemes = service.auth_of(operation).into_iter();
    service.requires_auth(operation) && !schemes.any(AuthScheme::is_supported)
}

fn unusable(model: &Model, service: &Service, report: &mut Report) {
    let operations = model.operations_of(service);
    let unusable = operations.filter(|operation| is_unusable(service, operation));
    let (own, inherited) = unusable.partition::<Vec<_>, _>(|operation| operation.auth.is_some());
    // One error for all operations that have the schemes of the service.
    if !inherited.is_empty() {
        let schemes = service.default_auth();
        let location = match (&service.auth, schemes.first()) {
            (None, Some(scheme)) => scheme_location(service, scheme),
            _ => service.traits.location(TraitId::Auth, &service.location),
        };
        let owner = format!("service `{}`", service.name);
        report.push(no_scheme(&owner, &schemes, location).shape(&service.name));
    }
    for operation in own {
        let location = operation
            .traits
            .location(TraitId::Auth, &operation.location);
        let owner = format!("operation `{}`", operation.name);
        let schemes = service.auth_of(operation);
        report.push(no_scheme(&owner, &schemes, location).shape(&operation.name));
    }
}

fn no_scheme(owner: &str, schemes: &[&AuthScheme], location: Location) -> Diagnostic {
    let (message, label) = match schemes {
        [scheme] => (
            format!(
                "{owner} requires authentication by `{}`, which is not supported",
                scheme.id()
            ),
            "not supported",
        ),
        _ => {
            let ids = schemes.iter().map(|scheme| format!("`{}`", scheme.id()));
            let ids = ids.collect::<Vec<_>>().join(" or ");
            (
                format!("{owner} requires authentication by {ids}, which are not supported"),
                "no supported scheme",
            )
        }
    };
    Diagnostic::new(Code::UnusableAuth, message, location)
        .label(label)
        .help(format!(
            "add a supported scheme, which clients and servers use instead: {SUPPORTED}. If \
             something in front of client and server authenticates requests, list no scheme: \
             `@auth([])`"
        ))
}

/// Reports schemes that are not supported while an operation has others.
fn ignored(model: &Model, service: &Service, report: &mut Report) {
    let in_use = model
        .operations_of(service)
        .filter(|operation| !is_unusable(service, operation))
        .flat_map(|operation| service.auth_of(operation))
        .map(AuthScheme::id)
        .collect::<BTreeSet<_>>();
    for scheme in &service.auth_schemes {
        if !scheme.is_supported() && in_use.contains(scheme.id()) {
            let message = format!(
                "the authentication scheme `{}` is not supported, and is ignored",
                scheme.id()
            );
            report.push(
                Diagnostic::new(Code::IgnoredAuth, message, scheme_location(service, scheme))
                    .name()
                    .shape(&service.name)
                    .help(format!(
                        "operations use their other schemes; a supported scheme is {SUPPORTED}"
                    )),
            );
        }
    }
}

/// Where the trait of a scheme is written.
fn scheme_location(service: &Service, scheme: &AuthScheme) -> Location {
    let mut applied = service.traits.iter();
    let applied = applied.find(|applied| applied.id() == scheme.id());
    applied.map_or_else(
        || service.location.clone(),
        |applied| applied.location(&service.location),
    )
}
