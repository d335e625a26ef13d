//! Assigns names: every model gets them. Only a choice in the configuration can be an error.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::diagnostic::Report;
use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Model, Service, ShapeId};

use super::chosen::Choices;
use super::ident::Case;
use super::namespace::{Claim, Key, Namespace};
use super::operations::Methods;
use super::{
    ChosenNames, Name, Names, Prelude, ServerNames, ServiceNames, ServiceUnit, ShapeNames,
    TypeModule, modules, required, shapes,
};
use crate::CheckedModel;

/// The role of the name of a service's file in another language.
pub(super) const DOCUMENT: &str = "document";

/// Spells every name of the models and warns of each that had to be chosen. `None` if a name in the
/// configuration cannot be used, which is an error in `report`.
pub fn assign_names(
    models: &[CheckedModel],
    chosen: &ChosenNames,
    report: &mut Report,
) -> Option<Names> {
    let mut choices = Choices::new(chosen);
    let mut units = Vec::new();
    for (index, CheckedModel { model, origin: _ }) in models.iter().enumerate() {
        let services = model.services.iter();
        units.extend(services.map(|(id, service)| (index, Some(id), service)));
        // A service that was dropped keeps its module, so that those of others do not change.
        units.extend(model.dropped.iter().map(|service| (index, None, service)));
    }
    // The order of the models does not matter.
    units.sort_by_key(|(index, _, service)| (service.name.as_str(), *index));
    let claims = units.iter().map(|(.., service)| modules::claim(service));
    let claims = claims.collect::<Vec<_>>();
    let modules = Namespace::default().assign(&claims, &mut choices);
    for (claim, module) in claims.iter().zip(&modules) {
        modules::warn(claim, module, &mut choices);
        choices.accept(claim.key.role(DOCUMENT));
    }
    let services = units.into_iter().zip(modules);
    let services = services.filter_map(|((index, id, service), module)| {
        Some(ServiceUnit {
            model: index,
            service: id?,
            names: service_names(&models[index].model, service, module, &mut choices),
        })
    });
    let mut services = services.collect::<Vec<_>>();
    services.sort_by_key(|unit| unit.names.module.to_string());
    let dropped = models.iter().flat_map(|model| model.model.dropped_ids());
    let findings = choices.finish(&dropped.collect());
    let names = (!findings.has_errors()).then_some(Names { services });
    report.merge(findings);
    names
}

fn service_names(
    model: &Model,
    service: &Service,
    module: Name,
    choices: &mut Choices<'_>,
) -> ServiceNames {
    let server = ServerNames::new(model, service, choices);
    let mut shapes = shapes::without_types(model, service, choices);
    let methods = Methods::new(model, service, choices);
    let [schema, routes] = methods.statics(model, service, choices);

    // Each module has types of its own, and the errors of operations are types as well.
    let mut types = BTreeMap::new();
    let mut errors = Vec::new();
    for module in TypeModule::ALL {
        let (ids, mut claims) = shapes::types(model, service, module);
        if module == TypeModule::Error {
            claims.extend(methods.errors(model, service, &server));
        }
        let mut space = Namespace::default();
        for Claim { key, at, .. } in &claims {
            space.reserve(key.role("required"), Case::Camel, at, choices);
        }
        let mut names = space.assign(&claims, choices).into_iter();
        for (id, ident) in ids.into_iter().zip(names.by_ref()) {
            shapes[id].ident = ident;
        }
        errors.extend(names);
        types.insert(module, space);
    }
    let error = errors.pop().expect("the last enum is that of the service");
    let prelude = Prelude::new(|name| types.values().any(|types| types.has(name)));
    for (module, space) in &mut types {
        required::assign(model, *module, space, &mut shapes, choices);
    }
    ServiceNames {
        module,
        server,
        builder: methods.builder.clone(),
        in_process: methods.in_process.clone(),
        schema,
        routes,
        error,
        unmodeled: unmodeled(model, service, &shapes, choices),
        prelude,
        operations: methods.with_errors(service, errors),
        shapes,
    }
}

/// The variant of errors that are not in the model. The others are named for the types of errors.
fn unmodeled(
    model: &Model,
    service: &Service,
    shapes: &ArenaMap<ShapeId, ShapeNames>,
    choices: &mut Choices<'_>,
) -> Name {
    let operations = service
        .all_operations()
        .iter()
        .map(|id| &model.operations[*id]);
    let errors = operations.flat_map(|operation| operation.errors.iter().copied());
    let mut space = Namespace::default();
    for id in errors.collect::<BTreeSet<_>>() {
        let shape = &model.shapes[id];
        let key = Key::shape(shape.name.as_str());
        space.add(&shapes[id].ident, key, &shape.location);
    }
    let key = Key::shape(service.name.as_str()).role("unmodeled");
    let (what, at) = ("variant", &service.location);
    let spellings = ["Unmodeled", "UnmodeledError"];
    let claim = Claim::invented(key, what, at, Case::Camel, &spellings);
    space.assign_one(claim, choices)
}
