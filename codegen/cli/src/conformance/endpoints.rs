//! Test cases of endpoint rules: what a suite needs to run them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use drawplate_codegen::CheckedModel;
use drawplate_codegen::config::{ServiceRule, Setting};
use drawplate_model::Sources;
use drawplate_model::ast::{Ast, Definition, ShapeType};
use drawplate_model::model::{Model, Protocol, Service};

/// The protocol of services that have none.
const PROTOCOL: Protocol = Protocol::AwsJson1_0;

/// The sources, with a protocol for each service that has test cases of endpoint rules and no
/// protocol: the endpoint does not depend on it.
pub(super) fn with_protocols(sources: Sources) -> Sources {
    // What cannot be loaded is reported when files are generated.
    let Ok(ast) = drawplate_model::load(&sources) else {
        return sources;
    };
    let lacking = without_protocol(&ast);
    if lacking.is_empty() {
        return sources;
    }
    let mut added = "$version: \"2.0\"\n\nnamespace drawplate\n\n".to_owned();
    for id in lacking {
        writeln!(added, "apply {id} @{}", PROTOCOL.id())
            .expect("writing to a string does not fail");
    }
    let texts = sources.iter();
    let texts = texts.map(|(_, source)| (source.path.clone(), source.text.clone()));
    Sources::from_texts(texts.chain([("protocols.smithy".into(), added)]))
}

/// The ids of the services with cases and without a protocol.
fn without_protocol(ast: &Ast<'_>) -> Vec<String> {
    let services = ast.definitions.iter();
    let services = services.filter(|it| it.kind == ShapeType::Service);
    let lacking = services.filter(|Definition { id, traits, .. }| {
        let applied = ast.applications.iter().filter(|it| it.id.text == id.text);
        let all = applied.flat_map(|it| it.traits.iter()).chain(traits.iter());
        let ids = all.map(|(id, _)| id).collect::<BTreeSet<_>>();
        let has_protocol = ids.iter().any(|id| Protocol::find(id).is_some());
        ids.contains("smithy.rules#endpointTests") && !has_protocol
    });
    lacking.map(|service| service.id.text.to_string()).collect()
}

/// The rules that keep of each service without other cases only the operations that its cases of
/// endpoint rules call; none if there is no such service.
pub(super) fn selection(
    models: &[CheckedModel],
    has_other_cases: impl Fn(&Model, &Service) -> bool,
) -> Vec<ServiceRule> {
    let services = models.iter().flat_map(|CheckedModel { model, .. }| {
        let services = model.services.values();
        services.map(move |service| (model, service))
    });
    let mut is_narrowed = false;
    let rules = services.map(|(model, service)| {
        let keeps_all = service.endpoint_cases.is_empty() || has_other_cases(model, service);
        is_narrowed |= !keeps_all;
        let called = || {
            let called = service.endpoint_cases.iter().flat_map(|it| &it.operations);
            let called = called.collect::<BTreeSet<_>>();
            // A case that calls another operation fails when it is run.
            let own = service
                .operations
                .iter()
                .map(|id| model.operations[*id].name.name());
            let kept = own.filter(|name| called.iter().any(|it| ***it == **name));
            kept.map(Setting::from).collect::<Vec<_>>()
        };
        ServiceRule {
            service: service.name.as_str().into(),
            operations: (!keeps_all).then(called),
        }
    });
    let rules = rules.collect();
    if is_narrowed { rules } else { Vec::new() }
}
