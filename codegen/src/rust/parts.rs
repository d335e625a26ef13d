//! The parts that the configuration asks for.

use std::collections::BTreeSet;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::Service;

use crate::{CheckedModel, Config};

/// Reports parts of a server that are asked for by name although no service has a protocol with a
/// server. Without such a request, services of that kind have only types and a client.
pub(crate) fn report_missing(models: &[CheckedModel], config: &Config, report: &mut Report) {
    let services = || {
        models
            .iter()
            .flat_map(|model| model.model.services.values())
    };
    if services().any(Service::has_server) {
        return;
    }
    let protocols = services().flat_map(|service| &service.protocols);
    let protocols = protocols.map(|protocol| format!("`{}`", protocol.id()));
    let protocols = protocols.collect::<BTreeSet<_>>();
    let protocols = Vec::from_iter(protocols).join(" and ");
    for part in &config.requested_parts {
        let message = format!(
            "there is no `{}` to generate: no service has a protocol with a server, only {protocols}",
            part.text
        );
        let help = format!(
            "remove `{}` from `parts`, or give the service a protocol that has a server, such as \
             `aws.protocols#restXml`",
            part.text
        );
        let diagnostic = Diagnostic::new(Code::UnusableRule, message, part.at.clone());
        report.push(diagnostic.help(help));
    }
}
