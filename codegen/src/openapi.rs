//! The OpenAPI output: a document for each service.
//!
//! A document describes what travels in messages. It is built from the operations
//! ([`paths`](mod@paths)); the schemas that they refer to follow by name
//! ([`components`](mod@components)). [`losses`](mod@losses) warns of what OpenAPI cannot express.

mod components;
mod constraints;
mod content;
mod docs;
mod enums;
mod examples;
mod extensions;
mod losses;
mod node;
mod operation;
mod parameters;
mod paths;
mod pattern;
mod protocol;
mod responses;
mod schema;
mod security;
mod sides;
#[cfg(test)]
mod tests;
mod xml;
mod yaml;

use std::collections::BTreeSet;

use drawplate_model::diagnostic::Report;
use drawplate_model::model::{Member, Model, Service, ServiceId, ShapeId, TimestampFormat};
use drawplate_model::node::{Node, Value as NodeValue};
use drawplate_model::traits::Traits;
use serde_json::{Map, Value, json};

use self::components::{Component, Names};
use self::extensions::Extensions;
use self::paths::Paths;
use self::protocol::{Protocol, Values};
use self::sides::{Side, Sides};
use crate::files::GENERATED;
use crate::names::documents;
use crate::{
    CheckedModel, Config, OpenApiFormat, OpenApiSettings, OpenApiVersion, Output, SourceFile,
};

/// The OpenAPI output: a file `<service>.openapi.json` or `.yaml` for each service. The version and
/// the format are [`Config::openapi`].
#[derive(Clone, Copy, Debug)]
pub struct OpenApi;

impl OpenApi {
    /// The document of a service, which needs a protocol that OpenAPI can describe: restJson1,
    /// simpleRestJson, restXml or rpcv2Json. Any other is an error in the report. What OpenAPI
    /// cannot express is a warning.
    pub fn document(
        checked: &CheckedModel,
        service: ServiceId,
        settings: OpenApiSettings,
        report: &mut Report,
    ) -> Option<String> {
        let document = Self::value(checked, service, settings.version, report)?;
        Some(match settings.format {
            OpenApiFormat::Json => format!("{document:#}\n"),
            OpenApiFormat::Yaml => yaml::text(&document),
        })
    }

    /// The document as servers send it: JSON without spaces, with a line for each operation and
    /// component, so that a change of the model changes few lines.
    pub(crate) fn served(
        checked: &CheckedModel,
        service: ServiceId,
        config: &Config,
        report: &mut Report,
    ) -> Option<String> {
        let document = Self::value(checked, service, config.openapi.version, report)?;
        let mut text = String::new();
        lines(&document, 3, &mut text);
        text.push('\n');
        Some(text)
    }

    fn value(
        checked: &CheckedModel,
        service: ServiceId,
        version: OpenApiVersion,
        report: &mut Report,
    ) -> Option<Value> {
        let CheckedModel { model, origin } = checked;
        let service = &model.services[service];
        let protocol = protocol::choose(service, report)?;
        let sides = Sides::new(model, service);
        let cx = Cx {
            model,
            service,
            protocol,
            version,
            names: &Names::new(model, service, &sides),
            extensions: &Extensions::new(model),
            sides: &sides,
            side: Side::Response,
        };
        Some(document(cx, origin, report))
    }
}

/// Whether a service has a protocol that a document can describe.
pub(crate) fn is_described(service: &Service) -> bool {
    protocol::find(service).is_some()
}

/// Prints a value with a line for each member of the upper `levels` of objects.
fn lines(value: &Value, levels: usize, text: &mut String) {
    match value {
        Value::Object(members) if levels > 0 && !members.is_empty() => {
            for (index, (name, value)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "{\n" } else { ",\n" });
                text.push_str(&json!(name).to_string());
                text.push(':');
                lines(value, levels - 1, text);
            }
            text.push_str("\n}");
        }
        _ => text.push_str(&value.to_string()),
    }
}

impl Output for OpenApi {
    fn files<'a>(
        &'a self,
        models: &'a [CheckedModel],
        config: &'a Config,
        report: &mut Report,
    ) -> Vec<SourceFile<'a>> {
        let services = models.iter().flat_map(|checked| {
            let services = checked.model.services.iter();
            services.map(move |(id, service)| (checked, id, service))
        });
        let services = services.collect::<Vec<_>>();
        let names = services.iter().map(|(.., service)| *service);
        let names = documents::assign(&names.collect::<Vec<_>>(), &config.names, report);
        let extension = config.openapi.format.extension();
        let files = services.into_iter().zip(names);
        let files = files.filter_map(|((checked, id, _), name)| {
            let text = Self::document(checked, id, config.openapi, report)?;
            let path = format!("{name}.openapi.{extension}");
            Some(SourceFile::plain(path, &checked.origin, text))
        });
        files.collect()
    }
}

/// An object of a document.
type Object = Map<String, Value>;

/// The context of every function here.
#[derive(Clone, Copy)]
struct Cx<'a> {
    model: &'a Model,
    service: &'a Service,
    protocol: &'static Protocol,
    version: OpenApiVersion,
    names: &'a Names,
    extensions: &'a Extensions,
    sides: &'a Sides,
    /// The side of the message that is described.
    side: Side,
}

/// The part of a message that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The body.
    Document,
    /// The path or query.
    Uri,
    /// A header.
    Header,
}

impl Cx<'_> {
    /// The same, for messages of a side.
    fn on(self, side: Side) -> Self {
        Self { side, ..self }
    }

    /// A reference to the schema that a shape has on this side.
    fn shape(self, id: ShapeId) -> Object {
        let side = self.sides.of(id, self.side);
        self.names.reference(Component::Shape(id, side))
    }

    /// The format of a timestamp. Without a trait, it depends on the place (Smithy 2.0, "HTTP
    /// bindings").
    fn timestamp_format(self, member: &Member, place: Place) -> TimestampFormat {
        let default = match place {
            Place::Document => self.protocol.values.timestamp(),
            Place::Uri => TimestampFormat::DateTime,
            Place::Header => TimestampFormat::HttpDate,
        };
        match self.protocol.values {
            Values::PlainJson => default,
            Values::Json | Values::Xml => member.timestamp_format.unwrap_or(default),
        }
    }

    /// The name of a member in documents.
    fn member_name(self, member: &Member) -> &str {
        match self.protocol.values {
            Values::Json => &member.json_name,
            Values::PlainJson | Values::Xml => &member.name,
        }
    }
}

/// The tags of a service or operation.
fn tags_of(traits: &Traits) -> Vec<&str> {
    match traits.get("smithy.api#tags").map(|node| &node.value) {
        Some(NodeValue::Array(tags)) => tags.iter().filter_map(Node::as_str).collect(),
        _ => Vec::new(),
    }
}

fn document(cx: Cx<'_>, origin: &str, report: &mut Report) -> Value {
    let service = cx.service;
    let mut paths = Paths::default();
    for id in &service.operations {
        paths.add(cx, *id, report);
    }
    losses::service(cx, report);
    let mut document = Object::from_iter([
        ("openapi".to_owned(), json!(version(cx.version))),
        ("x-generated".to_owned(), json!(generated(origin))),
        ("info".to_owned(), Value::Object(info(cx))),
    ]);
    self::docs::link(&mut document, &service.docs);
    if let Some(base) = service.base_path.as_deref().filter(|base| !base.is_empty()) {
        document.insert("servers".into(), json!([{ "url": base }]));
    }
    let tags = tags(cx);
    if !tags.is_empty() {
        document.insert("tags".into(), Value::Array(tags));
    }
    document.insert("paths".into(), paths.finish());
    if let Some(security) = security::of_service(cx) {
        document.insert("security".into(), security);
    }
    cx.extensions.add(&mut document, &service.traits);
    let components = components(cx, &Value::Object(document.clone()));
    if !components.is_empty() {
        document.insert("components".into(), Value::Object(components));
    }
    Value::Object(document)
}

/// The version as a document states it.
fn version(version: OpenApiVersion) -> &'static str {
    match version {
        OpenApiVersion::V3_0 => "3.0.3",
        OpenApiVersion::V3_1 => "3.1.0",
    }
}

/// The mark of generated files.
fn generated(origin: &str) -> String {
    format!("{GENERATED} from {origin}. Do not edit: edit the model and generate again.")
}

fn info(cx: Cx<'_>) -> Object {
    let Service {
        title,
        name,
        version,
        docs,
        ..
    } = cx.service;
    let title = title.as_deref().unwrap_or(name.name());
    let mut info = Object::from_iter([
        ("title".to_owned(), json!(title)),
        ("version".to_owned(), json!(version)),
    ]);
    if let Some(text) = self::docs::description(docs) {
        info.insert("description".into(), json!(text));
    }
    info
}

/// The tags of the service, then those of its operations.
fn tags(cx: Cx<'_>) -> Vec<Value> {
    let mut tags = tags_of(&cx.service.traits);
    let operations = cx.model.operations_of(cx.service);
    let operations = operations.flat_map(|operation| tags_of(&operation.traits));
    let operations = operations.collect::<BTreeSet<_>>();
    for tag in operations {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.into_iter().map(|tag| json!({ "name": tag })).collect()
}

fn components(cx: Cx<'_>, document: &Value) -> Object {
    let mut components = Object::new();
    let responses = responses::shared(cx);
    let schemas = components::schemas(cx, &json!([document, responses]));
    if !schemas.is_empty() {
        components.insert("schemas".into(), json!(schemas));
    }
    if !cx.service.operations.is_empty() {
        components.insert("responses".into(), Value::Object(responses));
    }
    let security = security::components(cx);
    if !security.is_empty() {
        components.insert("securitySchemes".into(), Value::Object(security));
    }
    components
}
