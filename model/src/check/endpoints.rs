//! Rules about endpoint rules.

use crate::model::{Model, RuleBinding, RuleParameterKind, RuleSource, RuleValue};
use crate::{Code, Diagnostic, Report, did_you_mean};

/// What an operation binds is a parameter of its service's rules, of the same type.
pub(super) fn bindings(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let Some(rules) = &service.endpoint_rules else {
            continue;
        };
        for operation in model.operations_of(service) {
            for RuleBinding {
                parameter: name,
                source,
                location,
            } in &operation.rule_bindings
            {
                let mut parameters = rules.parameters.iter();
                let found = parameters.find(|parameter| parameter.name == *name);
                let (message, help, parameter) = match found {
                    None => {
                        let known = rules.parameters.iter().map(|it| &*it.name);
                        let message = format!(
                            "`{}` sets `{name}`, which the endpoint rules of `{}` do not have",
                            operation.name, service.name
                        );
                        (message, did_you_mean(name, known), None)
                    }
                    Some(parameter) if parameter.kind != kind(source) => {
                        let message = format!(
                            "`{}` sets `{name}` to {}, but it is {} in the endpoint rules of `{}`",
                            operation.name,
                            kind(source).phrase(),
                            parameter.kind.phrase(),
                            service.name
                        );
                        (message, None, Some(parameter))
                    }
                    Some(_) => continue,
                };
                let mut diagnostic =
                    Diagnostic::new(Code::EndpointRules, message, location.clone());
                diagnostic.help = help;
                if let Some(parameter) = parameter {
                    let location = parameter.location.clone();
                    diagnostic = diagnostic.related_name(location, "the parameter");
                }
                report.push(diagnostic.shape(operation.name.as_str()));
            }
        }
    }
}

fn kind(source: &RuleSource) -> RuleParameterKind {
    match source {
        RuleSource::Static(RuleValue::String(_)) => RuleParameterKind::String,
        RuleSource::Static(RuleValue::Boolean(_)) => RuleParameterKind::Boolean,
        RuleSource::Static(RuleValue::Strings(_)) => RuleParameterKind::Strings,
        RuleSource::Input { kind, .. } => *kind,
    }
}
