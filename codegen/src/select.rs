//! The services and operations that the configuration keeps.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{Model, OperationId, ServiceId};
use drawplate_model::{Selection, did_you_mean};

use crate::config::{ServiceRule, Setting};

/// Applies the rules about services to the models. Each rule and each operation in it must be in
/// one of them.
pub(crate) fn select(models: &mut [Model], rules: &[ServiceRule], report: &mut Report) {
    if rules.is_empty() {
        return;
    }
    let mut selections = vec![Selection::new(); models.len()];
    for ServiceRule {
        service,
        operations,
    } in rules
    {
        let mut found = false;
        for (model, selection) in models.iter().zip(&mut selections) {
            for id in find(model, &service.text) {
                found = true;
                let operations = operations.as_ref();
                let operations =
                    operations.map(|operations| self::operations(model, id, operations, report));
                selection.insert(id, operations);
            }
        }
        if !found {
            let services = models.iter().flat_map(|model| model.services.values());
            let services = services.map(|service| service.name.as_str());
            let message = format!("there is no service `{}`", service.text);
            report.push(unused(
                service,
                message,
                services,
                "a service is listed by its name or id",
            ));
        }
    }
    if report.has_errors() {
        return;
    }
    for (model, selection) in models.iter_mut().zip(&selections) {
        model.select(selection);
    }
}

/// The services with an id or name.
fn find(model: &Model, text: &str) -> Vec<ServiceId> {
    let services = model.services.iter();
    let found = services
        .filter(|(_, service)| service.name.as_str() == text || service.name.name() == text);
    found.map(|(id, _)| id).collect()
}

/// The operations of a service that are listed by id or name.
fn operations(
    model: &Model,
    service: ServiceId,
    listed: &[Setting],
    report: &mut Report,
) -> BTreeSet<OperationId> {
    let service = &model.services[service];
    let own = service.operations.iter().map(|id| {
        let name = &model.operations[*id].name;
        (name, *id)
    });
    let mut names = BTreeMap::new();
    for (name, id) in own {
        names.insert(name.as_str(), id);
        names.insert(name.name(), id);
    }
    let mut kept = BTreeSet::new();
    for setting in listed {
        if let Some(id) = names.get(&*setting.text) {
            kept.insert(*id);
            continue;
        }
        let message = format!(
            "the service `{}` has no operation `{}`",
            service.name, setting.text
        );
        let help = "an operation is listed by its name or id";
        report.push(unused(setting, message, names.keys().copied(), help));
    }
    kept
}

fn unused<'c>(
    setting: &Setting,
    message: String,
    known: impl Iterator<Item = &'c str>,
    help: &str,
) -> Diagnostic {
    let help = did_you_mean(&setting.text, known).unwrap_or_else(|| help.to_owned());
    Diagnostic::new(Code::UnusedRule, message, setting.at.clone()).help(help)
}
