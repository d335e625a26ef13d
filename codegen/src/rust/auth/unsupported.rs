//! Authentication schemes that clients and servers cannot use.

use std::collections::BTreeSet;

use drawplate_model::Location;
use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{AuthScheme, Model, Operation, Service, ShapeName};
use drawplate_model::traits::{TraitId, Traits};

use crate::{CheckedModel, Config};

/// What generated code can use, for messages.
const SUPPORTED: &str = "the supported schemes are `aws.auth#sigv4`, `httpApiKeyAuth`, \
                         `httpBasicAuth` and `httpBearerAuth`";

/// Reports schemes that generated code does not use: an error if an operation has no other.
pub(crate) fn report(models: &[CheckedModel], config: &Config, report: &mut Report) {
    if config.parts.client || config.parts.has_server() {
        for CheckedModel { model, .. } in models {
            schemes(model, report);
        }
    }
}

fn schemes(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let operations = service.operations.iter().map(|id| &model.operations[*id]);
        let (own, inherited) = operations.partition::<Vec<_>, _>(|it| it.auth.is_some());
        // One error for all operations that have the schemes of the service.
        let needs_service = inherited.iter().any(|it| !it.optional_auth);
        let default_auth = service.default_auth();
        if needs_service && is_unusable(service.auth.as_deref(), &default_auth) {
            let (message, location) = match &service.auth {
                Some(_) => (
                    no_scheme(&service.name, service),
                    auth_location(&service.traits, &service.location),
                ),
                None => (
                    format!(
                        "service `{}` has no supported authentication scheme",
                        service.name
                    ),
                    scheme_location(service, default_auth[0]),
                ),
            };
            report.push(unusable(message, location).shape(&service.name));
        }
        for operation in own {
            let schemes = service.auth_of(operation);
            if !operation.optional_auth && is_unusable(operation.auth.as_deref(), &schemes) {
                let message = no_scheme(&operation.name, service);
                let location = auth_location(&operation.traits, &operation.location);
                report.push(unusable(message, location).shape(&operation.name));
            }
        }
        ignored(model, service, report);
    }
}

/// Whether requests must be authenticated, and no scheme is supported. Schemes that the service
/// lacks are in `listed`, the trait `auth`, and not in `schemes`: only an empty list is public.
fn is_unusable(listed: Option<&[Box<str>]>, schemes: &[&AuthScheme]) -> bool {
    let is_public = listed.map_or(schemes.is_empty(), <[_]>::is_empty);
    !is_public && !schemes.iter().any(|scheme| scheme.is_supported())
}

/// The message about the trait `auth` of an operation or service, `owner`.
fn no_scheme(owner: &ShapeName, service: &Service) -> String {
    format!(
        "the trait `auth` of `{owner}` lists no supported authentication scheme of `{}`",
        service.name
    )
}

fn unusable(message: String, location: Location) -> Diagnostic {
    Diagnostic::new(Code::UnusableAuth, message, location)
        .label("no supported scheme")
        .help(format!(
            "add a scheme that callers may use instead; {SUPPORTED}. If something in front of \
             client and server authenticates requests, list no scheme: `@auth([])`"
        ))
}

/// Reports schemes that are not supported while an operation has others, and ids in the trait
/// `auth` that are not schemes of the service (Smithy 2.0, "auth trait").
fn ignored(model: &Model, service: &Service, report: &mut Report) {
    let operations = || service.operations.iter().map(|id| &model.operations[*id]);
    let in_use = operations()
        .map(|operation| (operation, service.auth_of(operation)))
        .filter(|(operation, schemes)| {
            let listed = operation.auth.as_deref().or(service.auth.as_deref());
            operation.optional_auth || !is_unusable(listed, schemes)
        })
        .flat_map(|(_, schemes)| schemes)
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
                    .help(format!("operations use their other schemes; {SUPPORTED}")),
            );
        }
    }
    let own = operations().filter_map(
        |Operation {
             auth,
             traits,
             location,
             name,
             ..
         }| { Some((auth.as_ref()?, traits, location, name)) },
    );
    let Service {
        auth,
        traits,
        location,
        name,
        ..
    } = service;
    let of_service = auth.as_ref().map(|ids| (ids, traits, location, name));
    for (ids, traits, location, name) in own.chain(of_service) {
        for id in ids {
            let mut schemes = service.auth_schemes.iter();
            if schemes.any(|scheme| scheme.id() == &**id) {
                continue;
            }
            let message = format!(
                "the trait `auth` of `{name}` lists `{id}`, which is not an authentication scheme \
                 of `{}`, and is ignored",
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

/// Where the trait `auth` is written.
fn auth_location(traits: &Traits, owner: &Location) -> Location {
    traits.location(TraitId::Auth, owner)
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
