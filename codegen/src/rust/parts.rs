//! The parts that the configuration asks for.

use std::collections::BTreeSet;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::Service;

use crate::config::Setting;
use crate::{CheckedModel, Config};

/// Reports parts that are asked for by name although no service has them: those of a server if no
/// service has a protocol with one, and the document if OpenAPI can describe none. Without such a
/// request, each service has what it can have.
pub(crate) fn report_missing(models: &[CheckedModel], config: &Config, report: &mut Report) {
    let services = models
        .iter()
        .flat_map(|model| model.model.services.values());
    let services = services.collect::<Vec<_>>();
    let possible = config.parts.of(services.iter().copied());
    let has_server = services.iter().any(|service| service.has_server());
    for part in &config.requested_parts {
        let is_document = part.text == "openapi";
        let (message, help) = match (is_document, has_server) {
            (false, true) => continue,
            (true, _) if possible.openapi => continue,
            (true, _) if cfg!(not(feature = "openapi")) => (
                "this build of `drawplate-codegen` cannot write OpenAPI documents".to_owned(),
                "enable its feature `openapi`, or remove the part".to_owned(),
            ),
            (true, true) if !possible.has_server() => (
                "the part `openapi` is the document that a server serves, and `parts` has no server"
                    .to_owned(),
                "add `server` to `parts`; the output `openapi` writes documents to files".to_owned(),
            ),
            (_, false) => missing(part, "with a server", "restXml", &services),
            (true, true) => missing(part, "that OpenAPI describes", "restJson1", &services),
        };
        let diagnostic = Diagnostic::new(Code::UnusableRule, message, part.at.clone());
        report.push(diagnostic.help(help));
    }
}

/// The message and help for a part that needs another kind of protocol than the services have.
fn missing(part: &Setting, kind: &str, example: &str, services: &[&Service]) -> (String, String) {
    let part = &part.text;
    let protocols = services.iter().flat_map(|service| &service.protocols);
    let protocols = protocols.map(|protocol| format!("`{}`", protocol.id()));
    let protocols = protocols.collect::<BTreeSet<_>>();
    let protocols = Vec::from_iter(protocols).join(" and ");
    let message = format!(
        "there is no `{part}` to generate: no service has a protocol {kind}, only {protocols}"
    );
    let help = format!(
        "remove `{part}` from `parts`, or give the service a protocol {kind}, such as \
         `aws.protocols#{example}`"
    );
    (message, help)
}
