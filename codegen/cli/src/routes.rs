//! `drawplate routes`: lists the operations of services by route, for each protocol.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use drawplate_codegen::{CheckedModel, Config};
use drawplate_model::model::{Model, Operation, Protocol, Service};

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
        .flat_map(|(model, service)| tables(model, service))
        .collect::<Vec<_>>();
    say(tables.join("\n").trim_end())
}

/// A table for each protocol that the server of a service serves; for the client's protocols if
/// none has a server. Protocols with the same routes share a table. They are named unless there is
/// only one.
fn tables(model: &Model, service: &Service) -> Vec<String> {
    let all = service.protocols.iter().copied();
    let mut protocols = all.collect::<Vec<_>>();
    if service.has_server() {
        protocols.retain(|protocol| protocol.spec().has_server);
    }
    let is_named = protocols.len() > 1;
    let mut tables = Vec::<(Vec<&str>, Vec<Row>)>::new();
    for protocol in protocols {
        let rows = rows(model, service, protocol);
        match tables.iter_mut().find(|(_, known)| *known == rows) {
            Some((ids, _)) => ids.push(protocol.id()),
            None => tables.push((vec![protocol.id()], rows)),
        }
    }
    let print = |(ids, rows): (Vec<&str>, Vec<Row>)| {
        let title = if is_named {
            format!("{} ({})", service.name, ids.join(", "))
        } else {
            service.name.to_string()
        };
        table(&title, rows)
    };
    tables.into_iter().map(print).collect()
}

/// Method, URI, operation and statuses: of a success, then of the errors.
type Row = [String; 4];

fn table(title: &str, mut rows: Vec<Row>) -> String {
    let titles = ["METHOD", "URI", "OPERATION", "STATUSES"];
    rows.insert(0, titles.map(str::to_owned));
    let widths = [0, 1, 2].map(|column| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    let mut text = format!("{title}\n");
    for [method, uri, operation, statuses] in &rows {
        let [a, b, c] = widths;
        writeln!(text, "{method:a$}  {uri:b$}  {operation:c$}  {statuses}")
            .expect("writing to a string does not fail");
    }
    text
}

/// The rows of the operations, sorted by route.
fn rows(model: &Model, service: &Service, protocol: Protocol) -> Vec<Row> {
    let operations = service.operations.iter().map(|id| &model.operations[*id]);
    let mut rows = operations
        .map(|operation| row(model, service, protocol, operation))
        .collect::<Vec<_>>();
    rows.sort_by(|a, b| (&a[1], &a[0], &a[2]).cmp(&(&b[1], &b[0], &b[2])));
    rows
}

fn row(model: &Model, service: &Service, protocol: Protocol, operation: &Operation) -> Row {
    let errors = operation.errors.iter();
    let errors = errors.filter_map(|id| Some(service.error(&model.shapes[*id])?.status));
    let mut errors = errors.collect::<Vec<_>>();
    errors.sort_unstable();
    errors.dedup();
    let base_path = service.base_path.as_deref().unwrap_or_default();
    let (method, path, success) = route(service, protocol, operation);
    let statuses = std::iter::once(success)
        .chain(errors)
        .map(|status| status.to_string())
        .collect::<Vec<_>>();
    [
        method,
        format!("{base_path}{path}"),
        operation.name.name().to_owned(),
        statuses.join(" "),
    ]
}

/// The method, the path below that of the service, and the status of a success.
fn route(service: &Service, protocol: Protocol, operation: &Operation) -> (String, String, u16) {
    let (service, name) = (service.name.name(), operation.name.name());
    let path = match (protocol, &operation.http) {
        // Smithy, "RPC v2 CBOR protocol" and "RPC v2 JSON protocol".
        (Protocol::RpcV2Cbor | Protocol::RpcV2Json, _) => {
            format!("/service/{service}/operation/{name}")
        }
        // In the query protocols, the operation is a parameter of the body.
        (Protocol::AwsQuery | Protocol::Ec2Query, _) => format!("/ (Action={name})"),
        (Protocol::RestJson1 | Protocol::RestXml | Protocol::SimpleRestJson, Some(http)) => {
            return (http.method.to_string(), http.uri.to_string(), http.code);
        }
        // The awsJson protocols have one route (Smithy, "AWS JSON protocols"); the operation is in
        // X-Amz-Target. An operation of the others has the trait `http`.
        _ => format!("/ ({service}.{name})"),
    };
    ("POST".to_owned(), path, 200)
}
