//! The OpenAPI output: an OpenAPI 3.0 document for each service.
//!
//! A document describes what travels in messages. What OpenAPI has no notion of at all (signatures,
//! pagination, idempotency tokens, checksums, compression, lengths of blobs) is left out.
//! Everything else that a document lacks although the model has it is a warning at the shape that
//! it belongs to.

mod operation;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{Http, Model, Operation, Segment, Service, ShapeId};
use drawplate_model::protocol::Bindings;
use drawplate_model::source::Location;
use serde_json::{Map, Value, json};

use crate::files::GENERATED;
use crate::names::documents;
use crate::{CheckedModel, Config, Output, SourceFile};

/// The OpenAPI output: a file `<service>.openapi.json` for each service.
#[derive(Clone, Copy, Debug)]
pub struct OpenApi;

impl Output for OpenApi {
    fn files<'a>(
        &'a self,
        models: &'a [CheckedModel],
        config: &'a Config,
        report: &mut Report,
    ) -> Vec<SourceFile<'a>> {
        let services = models.iter().flat_map(|checked| {
            let services = checked.model.services.values();
            services.map(move |service| (checked, service))
        });
        let services = services.collect::<Vec<_>>();
        let names = services.iter().map(|(_, service)| *service);
        let names = documents::assign(&names.collect::<Vec<_>>(), &config.names, report);
        let files = services.into_iter().zip(names);
        let files = files.map(|((CheckedModel { model, origin }, service), name)| {
            let document = document(model, service, origin, report);
            let text = format!("{document:#}\n");
            SourceFile::plain(format!("{name}.openapi.json"), origin, text)
        });
        files.collect()
    }
}

/// The context of every function here.
#[derive(Clone, Copy)]
struct Cx<'a> {
    model: &'a Model,
    service: &'a Service,
    names: &'a SchemaNames,
}

impl<'a> Cx<'a> {
    /// The name of a shape's schema: that of the shape, unless the service renames it.
    fn name(self, id: ShapeId) -> &'a str {
        &self.names.shapes[&id]
    }
}

/// The names of the schemas of a document.
struct SchemaNames {
    shapes: BTreeMap<ShapeId, String>,
    /// The schema of all errors.
    error: String,
}

impl SchemaNames {
    /// Names that the generator makes up yield to those of shapes.
    fn new(model: &Model, service: &Service) -> Self {
        let (mut shapes, mut taken) = (BTreeMap::new(), BTreeSet::new());
        let mut ids = service.shapes.clone();
        ids.sort_by_key(|id| model.shapes[*id].kind.is_synthetic());
        for id in ids {
            let shape = &model.shapes[id];
            let mut name = service.rename(id).unwrap_or(shape.name.name()).to_owned();
            // Only simple shapes and lists have the name of another shape, and they have no schema.
            while !taken.insert(name.clone()) && shape.kind.is_synthetic() {
                name.push('_');
            }
            shapes.insert(id, name);
        }
        let mut error = "AnyServiceError".to_owned();
        while taken.contains(&error) {
            error.push('_');
        }
        Self { shapes, error }
    }
}

fn document(model: &Model, service: &Service, origin: &str, report: &mut Report) -> Value {
    let names = &SchemaNames::new(model, service);
    let error = &names.error;
    let cx = Cx {
        model,
        service,
        names,
    };
    let title = service.title.as_deref().unwrap_or(service.name.name());
    let mut info = json!({ "title": title, "version": &*service.version });
    if let Some(text) = &service.docs.text {
        info["description"] = json!(text);
    }
    let mut paths = Paths::default();
    for id in &service.operations {
        paths.add(cx, &model.operations[*id], report);
    }
    if service
        .operations
        .iter()
        .any(|id| !model.operations[*id].errors.is_empty())
    {
        let message = format!("the OpenAPI document describes all errors by one schema, `{error}`");
        warn(report, message, &service.name, &service.location);
    }
    json!({
        "openapi": "3.0.3",
        "x-generated": format!("{GENERATED} from {origin}. Do not edit: edit the model and generate again."),
        "info": info,
        "paths": paths.items,
        "components": { "schemas": schema::components(cx) },
    })
}

/// The path items of a document.
#[derive(Default)]
struct Paths<'a> {
    items: Map<String, Value>,
    /// The path of each template, whatever its parameters are called: OpenAPI wants one path item
    /// for all of them.
    templates: BTreeMap<String, String>,
    /// The operations by path and method.
    operations: BTreeMap<(String, &'a str), &'a str>,
}

impl<'a> Paths<'a> {
    /// Adds an operation, or warns of what keeps it out of the document.
    fn add(&mut self, cx: Cx<'a>, operation: &'a Operation, report: &mut Report) {
        let name = operation.name.name();
        let mut left_out = |why: String| {
            let message = format!("`{name}` is not in the OpenAPI document: {why}");
            warn(report, message, &operation.name, &operation.location);
        };
        let mut protocols = cx.service.protocols.iter();
        let bound = protocols.any(|protocol| protocol.spec().bindings == Bindings::Http);
        let Some(http) = operation.http.as_ref().filter(|_| bound) else {
            return left_out("its protocol does not bind operations to methods and paths".into());
        };
        let (path, template) = self::path(cx.service, http);
        let known = self
            .templates
            .entry(template)
            .or_insert_with(|| path.clone());
        if *known != path {
            return left_out(format!("`{known}` is the same path with other label names"));
        }
        let key = (path.clone(), &*http.method);
        if let Some(other) = self.operations.get(&key) {
            return left_out(format!("`{other}` has the same method and path"));
        }
        let method = http.method.to_ascii_lowercase();
        if !METHODS.contains(&&*method) {
            return left_out(format!("OpenAPI does not know the method `{method}`"));
        }
        self.operations.insert(key, name);
        let item = self.items.entry(path).or_insert_with(|| json!({}));
        item[method] = operation::operation(cx, operation, http, report);
    }
}

/// The methods of a path item (OpenAPI 3.0.3, "Path Item Object").
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The path of an operation, and the same without the names of its labels.
fn path(service: &Service, http: &Http) -> (String, String) {
    let base = service.base_path.as_deref().unwrap_or_default();
    let (mut path, mut template) = (base.to_owned(), base.to_owned());
    for segment in &http.uri.segments {
        match segment {
            Segment::Literal(_) => {
                path = format!("{path}/{segment}");
                template = format!("{template}/{segment}");
            }
            Segment::Label(_, label) | Segment::Greedy(_, label) => {
                path = format!("{path}/{{{label}}}");
                template.push_str("/{}");
            }
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    (path, template)
}

/// Reports something of the model that the document lacks.
fn warn(report: &mut Report, message: String, shape: impl std::fmt::Display, location: &Location) {
    let diagnostic = Diagnostic::new(Code::NotInOpenApi, message, location.clone());
    report.push(diagnostic.name().shape(shape));
}
