//! The fixtures of Smithy's OpenAPI converter: our document of each model is the expected one,
//! except for differences of two kinds. What differs everywhere is removed from both documents by
//! the functions of [`OURS`] and [`THEIRS`], each of which changes at least one document. What
//! differs in one place is listed in `tests/fixtures/openapi.toml` with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use drawplate_codegen::{Config, OpenApi, OpenApiSettings, OpenApiVersion, pipeline};
use drawplate_model::Sources;
use drawplate_model::diagnostic::Report;
use drawplate_tests as support;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The file of differences.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The models of documents that do not have the name of their model.
    models: BTreeMap<String, Vec<PathBuf>>,
    /// Reasons, by name.
    reasons: BTreeMap<String, String>,
    /// Names of reasons, by document and pointer. A pointer covers what is below it.
    differences: BTreeMap<String, BTreeMap<String, String>>,
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared/smithy")]
fn documents_are_those_of_the_reference_converter() {
    let text = fs::read_to_string(support::root().join("tests/fixtures/openapi.toml"));
    let text = text.expect("the differences are there");
    let expected: Expected = toml::from_str(&text).expect("the differences can be read");
    let folder = support::shared("smithy/openapi");
    let (mut used, mut effective) = (BTreeSet::new(), BTreeSet::new());
    let mut problems = Vec::new();
    let documents = documents(&folder);
    for name in &documents {
        let path = folder.join(format!("{name}.openapi.json"));
        let mut their = read(&path);
        let models = expected.models.get(name).cloned();
        let models = models.unwrap_or_else(|| vec![model(&folder, name)]);
        let models = models
            .iter()
            .map(|path| folder.join(path))
            .collect::<Vec<_>>();
        let version = match their["openapi"].as_str() {
            Some(version) if version.starts_with("3.1") => OpenApiVersion::V3_1,
            _ => OpenApiVersion::V3_0,
        };
        let mut our = our_document(&models, version);
        normalize("ours", OURS, &mut our, &mut effective);
        normalize("theirs", THEIRS, &mut their, &mut effective);
        let mut found = Vec::new();
        differences(&our, &their, String::new(), &mut found);
        let listed = expected.differences.get(name);
        for (pointer, what) in found {
            let covering = listed.into_iter().flatten().find(|(listed, _)| {
                let rest = pointer.strip_prefix(&***listed);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            match covering {
                Some((listed, reason)) => {
                    used.insert((name.clone(), listed.clone()));
                    if !expected.reasons.contains_key(reason) {
                        problems.push(format!("there is no reason `{reason}`"));
                    }
                }
                None => problems.push(format!("{name} {pointer}: {what}")),
            }
        }
    }
    for (name, pointers) in &expected.differences {
        for pointer in pointers.keys() {
            if !used.contains(&(name.clone(), pointer.clone())) {
                problems.push(format!("listed and not found: {name} {pointer}"));
            }
        }
    }
    let reasons = expected.differences.values().flat_map(BTreeMap::values);
    let reasons = reasons.collect::<BTreeSet<_>>();
    let unused = expected
        .reasons
        .keys()
        .filter(|reason| !reasons.contains(reason));
    problems.extend(unused.map(|reason| format!("the reason `{reason}` is not used")));
    let rules = [("ours", OURS), ("theirs", THEIRS)].into_iter();
    for (side, name) in rules.flat_map(|(side, rules)| rules.iter().map(move |it| (side, it.0))) {
        if !effective.contains(&(side, name)) {
            problems.push(format!("the rule `{name}` changes none of {side}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(documents.len() > 40, "{} documents", documents.len());
}

/// The names of the expected documents, sorted.
fn documents(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path
                .strip_prefix(folder)
                .ok()
                .and_then(Path::to_str)
                .and_then(|name| name.strip_suffix(".openapi.json"))
            {
                found.push(name.to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The model with the name of a document.
fn model(folder: &Path, name: &str) -> PathBuf {
    let idl = PathBuf::from(format!("{name}.smithy"));
    if folder.join(&idl).exists() {
        idl
    } else {
        PathBuf::from(format!("{name}.json"))
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("the document can be read");
    serde_json::from_str(&text).expect("the document is JSON")
}

fn our_document(models: &[PathBuf], version: OpenApiVersion) -> Value {
    let sources = Sources::read(models).expect("the model can be read");
    let checked = pipeline::models(&sources, &Config::default());
    let (checked, _) = checked.unwrap_or_else(|report| {
        panic!("{models:?}: {}", report.render(&sources, false));
    });
    let (service, _) = checked[0]
        .model
        .services
        .iter()
        .next()
        .expect("it has a service");
    let settings = OpenApiSettings {
        version,
        ..OpenApiSettings::default()
    };
    let mut report = Report::default();
    let text = OpenApi::document(&checked[0], service, settings, &mut report);
    let text = text.unwrap_or_else(|| panic!("{}", report.render(&sources, false)));
    serde_json::from_str(&text).expect("the document is JSON")
}

/// The places where two documents differ, as pointers. The order of keys does not matter, nor that
/// of parameters and alternatives.
fn differences(our: &Value, their: &Value, at: String, found: &mut Vec<(String, String)>) {
    match (our, their) {
        (Value::Object(our), Value::Object(their)) => {
            let keys = our.keys().chain(their.keys()).collect::<BTreeSet<_>>();
            for key in keys {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match (our.get(key), their.get(key)) {
                    (Some(our), Some(their)) => differences(our, their, at, found),
                    (Some(our), None) => found.push((at, format!("only ours: {our}"))),
                    (None, Some(their)) => found.push((at, format!("only theirs: {their}"))),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(our), Value::Array(their)) if our.len() == their.len() => {
            for (index, (our, their)) in our.iter().zip(their).enumerate() {
                differences(our, their, format!("{at}/{index}"), found);
            }
        }
        _ if our == their => {}
        _ => found.push((at, format!("ours: {our}, theirs: {their}"))),
    }
}

/// A difference that is removed from documents, and the function that does it to each object.
type Rule = (&'static str, fn(&mut Map<String, Value>));

fn normalize(
    side: &'static str,
    rules: &'static [Rule],
    document: &mut Value,
    effective: &mut BTreeSet<(&'static str, &'static str)>,
) {
    for (name, rule) in rules {
        let before = document.clone();
        each(document, *rule);
        if *document != before {
            effective.insert((side, name));
        }
    }
}

fn each(value: &mut Value, rule: fn(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            rule(object);
            for value in object.values_mut() {
                each(value, rule);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, rule)),
        _ => {}
    }
}

/// What is removed from our documents.
const OURS: &[Rule] = &[
    ("the mark of generated files", |object| {
        object.remove("x-generated");
    }),
    ("the patch version of OpenAPI", patch_version),
    // Every server of the protocol sends them.
    ("errors of the protocol", |object| {
        if let Some(Value::Object(responses)) = object.get_mut("responses") {
            for name in ["4XX", "5XX", "ClientError", "ServerError"] {
                responses.remove(name);
            }
            if responses.is_empty() {
                object.remove("responses");
            }
        }
    }),
    ("the name of an error in a header", |object| {
        if let Some(Value::Object(headers)) = object.get_mut("headers") {
            headers.remove("X-Amzn-Errortype");
            if headers.is_empty() {
                object.remove("headers");
            }
        }
    }),
    // Smithy's converter has numbers for all, unless it is configured otherwise.
    ("types of integers", integers_as_numbers),
    // Responses may have values that are newer than the model.
    ("open enums", |object| {
        let alternatives = object.get("anyOf").and_then(Value::as_array);
        let closed = alternatives.and_then(|either| match &**either {
            [closed @ Value::Object(known), Value::Object(open)]
                if known.contains_key("enum") && open.contains_key("not") =>
            {
                closed.as_object().cloned()
            }
            _ => None,
        });
        if let Some(closed) = closed {
            object.remove("anyOf");
            object.extend(closed);
        }
    }),
    // The bytes of a payload are not sent as base64.
    ("the format of payloads", |object| {
        if object.get("format") == Some(&json!("binary")) {
            object.insert("format".into(), json!("byte"));
        }
    }),
    // The format is in the registry of OpenAPI.
    ("the format of dates in headers", |object| {
        if object.get("format") == Some(&json!("http-date")) {
            object.remove("format");
        }
    }),
    ("styles that are defaults", default_styles),
    ("the order of parameters", sort_parameters),
    ("components without content", without_components),
];

/// What is removed from their documents.
const THEIRS: &[Rule] = &[
    ("the patch version of OpenAPI", patch_version),
    ("types of integers", integers_as_numbers),
    // An example without documentation has an empty description.
    ("empty descriptions", |object| {
        if object.get("description") == Some(&json!("")) {
            object.remove("description");
        }
    }),
    // Each payload has a schema of its own, with a name.
    ("names of payloads", |object| {
        let Some(components) = object.get_mut("components") else {
            return;
        };
        let Some(Value::Object(schemas)) = components.get_mut("schemas") else {
            return;
        };
        let ends = ["InputPayload", "OutputPayload", "ErrorPayload"];
        let is_payload = |name: &str| ends.iter().any(|end| name.ends_with(end));
        let (payloads, others) = std::mem::take(schemas)
            .into_iter()
            .partition(|(name, _)| is_payload(name));
        *schemas = others;
        let payloads: Map<String, Value> = payloads;
        for value in object.values_mut() {
            resolve(value, &payloads);
        }
    }),
    ("styles that are defaults", default_styles),
    ("the order of parameters", sort_parameters),
    ("components without content", without_components),
];

/// Replaces references to schemas by these schemas.
fn resolve(value: &mut Value, schemas: &Map<String, Value>) {
    let name = value.get("$ref").and_then(Value::as_str);
    let name = name.and_then(|name| name.strip_prefix("#/components/schemas/"));
    if let Some(schema) = name.and_then(|name| schemas.get(name)) {
        *value = schema.clone();
    }
    match value {
        Value::Object(object) => object.values_mut().for_each(|it| resolve(it, schemas)),
        Value::Array(items) => items.iter_mut().for_each(|it| resolve(it, schemas)),
        _ => {}
    }
}

fn integers_as_numbers(object: &mut Map<String, Value>) {
    if object.get("type") == Some(&json!("integer")) {
        object.insert("type".into(), json!("number"));
        object.remove("format");
    }
}

fn patch_version(object: &mut Map<String, Value>) {
    if let Some(Value::String(version)) = object.get_mut("openapi") {
        version.truncate(3);
    }
}

/// `explode` is true for the style `form`, and the style of headers is `simple` (OpenAPI 3,
/// "Parameter Object").
fn default_styles(object: &mut Map<String, Value>) {
    if object.get("style") == Some(&json!("form")) && object.get("explode") == Some(&json!(true)) {
        object.remove("explode");
    }
    if object.get("style") == Some(&json!("simple")) {
        object.remove("style");
    }
}

fn sort_parameters(object: &mut Map<String, Value>) {
    if let Some(Value::Array(parameters)) = object.get_mut("parameters") {
        parameters.sort_by_key(|parameter| {
            let text = |key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
            (text("in"), text("name"))
        });
    }
}

fn without_components(object: &mut Map<String, Value>) {
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    if let Some(Value::Object(components)) = object.get_mut("components") {
        components.retain(|_, value| !is_empty(value));
        if components.is_empty() {
            object.remove("components");
        }
    }
}
