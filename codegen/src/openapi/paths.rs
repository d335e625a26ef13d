//! Paths.

use std::collections::BTreeMap;

use drawplate_model::diagnostic::Report;
use drawplate_model::model::{Operation, OperationId, Segment};
use serde_json::{Value, json};

use super::protocol::Routes;
use super::{Cx, Object, losses, operation};

/// The methods of a path item (OpenAPI 3, "Path Item Object").
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The path items of a document.
#[derive(Default)]
pub(super) struct Paths {
    items: BTreeMap<String, Object>,
    /// The first path of each template. Whatever their labels are called, OpenAPI wants one path
    /// item for all of them ("Paths Object").
    templates: BTreeMap<String, Path>,
    /// The operations by path and method.
    operations: BTreeMap<(String, String), String>,
}

/// A path with the names of its labels.
#[derive(Clone, Debug, Default)]
struct Path {
    text: String,
    labels: Vec<String>,
}

impl Paths {
    /// Adds an operation, or warns of what keeps it out of the document.
    pub(super) fn add(&mut self, cx: Cx<'_>, id: OperationId, report: &mut Report) {
        let operation = &cx.model.operations[id];
        let name = operation.name.name();
        let mut left_out = |why: String| {
            let message = format!("`{name}` is not in the OpenAPI document: {why}");
            losses::warn(report, message, &operation.name, &operation.location);
        };
        let Some((method, path)) = route(cx, operation) else {
            return left_out("it has no method and path".into());
        };
        if !METHODS.contains(&&*method) {
            return left_out(format!("OpenAPI does not know the method `{method}`"));
        }
        let template = path.template();
        let known = self
            .templates
            .entry(template)
            .or_insert_with(|| path.clone())
            .clone();
        let key = (known.text.clone(), method.clone());
        if let Some(other) = self.operations.get(&key) {
            return left_out(format!("`{other}` has the same method and path"));
        }
        self.operations.insert(key, name.to_owned());
        losses::operation(cx, operation, report);
        let labels = path
            .labels
            .into_iter()
            .zip(known.labels)
            .collect::<Vec<_>>();
        let operation = operation::operation(cx, id, &labels);
        let item = self.items.entry(known.text).or_default();
        item.insert(method, Value::Object(operation));
    }

    /// The path items, sorted by path, with their operations in the order of OpenAPI.
    pub(super) fn finish(self) -> Value {
        let items = self.items.into_iter().map(|(path, mut operations)| {
            let item = METHODS
                .iter()
                .filter_map(|method| Some((*method).to_owned()).zip(operations.remove(*method)));
            (path, Value::Object(item.collect()))
        });
        json!(items.collect::<Object>())
    }
}

/// The method, in lower case, and the path of an operation.
fn route(cx: Cx<'_>, operation: &Operation) -> Option<(String, Path)> {
    if let Routes::Rpc(..) = cx.protocol.routes {
        let (service, operation) = (cx.service.name.name(), operation.name.name());
        let text = format!("/service/{service}/operation/{operation}");
        let labels = Vec::new();
        return Some(("post".to_owned(), Path { text, labels }));
    }
    let http = operation.http.as_ref()?;
    let mut path = Path::default();
    for segment in &http.uri.segments {
        match segment {
            Segment::Literal(_) => path.text = format!("{}/{segment}", path.text),
            Segment::Label(_, label) | Segment::Greedy(_, label) => {
                path.text = format!("{}/{{{label}}}", path.text);
                path.labels.push(label.to_string());
            }
        }
    }
    if path.text.is_empty() {
        path.text.push('/');
    }
    Some((http.method.to_ascii_lowercase(), path))
}

impl Path {
    /// The path without the names of its labels.
    fn template(&self) -> String {
        let mut template = self.text.clone();
        for label in &self.labels {
            template = template.replacen(&format!("{{{label}}}"), "{}", 1);
        }
        template
    }
}
