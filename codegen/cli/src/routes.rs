//! `drawplate routes`: lists the operations of services by route.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use drawplate_codegen::{CheckedModel, Config};
use drawplate_model::model::{Model, Operation, Service};

use crate::{models, say};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of Smithy models, or folders of them; all together are one model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// Only this service: its shape id, or the name of its shape in upper or lower case
    #[arg(long, value_name = "S")]
    service: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let sources = models::read(&arguments.models)?;
    let models = models::check(&sources, &Config::default())?;
    let services = models.iter().flat_map(|CheckedModel { model, .. }| {
        let services = model.services.values();
        services.map(move |service| (model, service))
    });
    let services = services.collect::<Vec<_>>();
    let wanted = |service: &Service| {
        let name = arguments.service.as_deref();
        name.is_none_or(|name| models::is_called(service, name))
    };
    let chosen = services
        .iter()
        .filter(|(_, service)| wanted(service))
        .collect::<Vec<_>>();
    if let (Some(name), true) = (&arguments.service, chosen.is_empty()) {
        let names = services
            .iter()
            .map(|(_, service)| service.name.as_str())
            .collect::<Vec<_>>();
        bail!(
            "unknown service `{name}`; the services are {}",
            names.join(", ")
        );
    }
    let tables = chosen
        .into_iter()
        .map(|(model, service)| table(model, service))
        .collect::<Vec<_>>();
    say(tables.join("\n").trim_end())
}

fn table(model: &Model, service: &Service) -> String {
    let base_path = service.base_path.as_deref().unwrap_or_default();
    let operations = service.operations.iter().map(|id| &model.operations[*id]);
    let mut rows = operations
        .map(|operation| row(model, service, base_path, operation))
        .collect::<Vec<_>>();
    rows.sort_by(|a, b| (&a[1], &a[0], &a[2]).cmp(&(&b[1], &b[0], &b[2])));
    rows.insert(
        0,
        ["METHOD", "URI", "OPERATION", "STATUSES"].map(str::to_owned),
    );
    let widths = [0, 1, 2].map(|column| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    let mut text = format!("{}\n", service.name);
    for [method, uri, operation, statuses] in &rows {
        let [a, b, c] = widths;
        writeln!(text, "{method:a$}  {uri:b$}  {operation:c$}  {statuses}")
            .expect("writing to a string does not fail");
    }
    text
}

/// Method, URI, operation and statuses: of a success, then of the errors.
fn row(model: &Model, service: &Service, base_path: &str, operation: &Operation) -> [String; 4] {
    let errors = operation.errors.iter();
    let errors = errors.filter_map(|id| Some(service.error(&model.shapes[*id])?.status));
    let mut errors = errors.collect::<Vec<_>>();
    errors.sort_unstable();
    errors.dedup();
    // The awsJson protocols have one route (Smithy, "AWS JSON protocols"); the operation is in
    // X-Amz-Target. In the query protocols it is a parameter of the body.
    let (method, uri, success) = match &operation.http {
        _ if !service.has_server() => (
            "POST".to_owned(),
            format!("{base_path}/ (Action={})", operation.name.name()),
            200,
        ),
        Some(http) => (
            http.method.to_string(),
            format!("{base_path}{}", http.uri),
            http.code,
        ),
        None => (
            "POST".to_owned(),
            format!(
                "{base_path}/ ({}.{})",
                service.name.name(),
                operation.name.name()
            ),
            200,
        ),
    };
    let statuses = std::iter::once(success)
        .chain(errors)
        .map(|status| status.to_string())
        .collect::<Vec<_>>();
    [
        method,
        uri,
        operation.name.name().to_owned(),
        statuses.join(" "),
    ]
}
