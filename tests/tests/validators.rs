//! Smithy's own fixtures of its validators: models with the events that the reference validator
//! reports for them. Each ERROR is an error here too, and no other model is rejected, except for
//! the differences in `tests/fixtures/validators.toml`, each with its reason.
//!
//! Drawplate checks what a service with a supported protocol reaches. Fixtures have few services,
//! so each model gets one for its operations, and the services of the model get a protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use drawplate_codegen::{CheckedModel, Config, pipeline};
use drawplate_model::diagnostic::Severity;
use drawplate_model::print::{self, Mixins};
use drawplate_model::source::Sources;
use drawplate_model::{Code, Report, build};
use drawplate_tests as support;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The file of differences.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    counts: Counts,
    /// Reasons, by name.
    reasons: BTreeMap<String, String>,
    /// Names of reasons, by model and shape.
    missed: BTreeMap<String, BTreeMap<String, String>>,
    /// Names of reasons, by model and shape.
    refused: BTreeMap<String, BTreeMap<String, String>>,
}

/// How many events of the suite are which.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Counts {
    /// Models in the JSON AST.
    json_models: usize,
    /// Models in the IDL.
    idl_models: usize,
    /// Shapes with an ERROR for which there is an error here.
    caught: usize,
    /// Shapes with an ERROR for which there is none.
    missed: usize,
    /// Shapes with an error here and no ERROR.
    refused: usize,
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared/smithy")]
fn errors_are_those_of_the_reference_validator() {
    let path = support::root().join("tests/fixtures/validators.toml");
    let text = fs::read_to_string(path).expect("the differences are there");
    let expected: Expected = toml::from_str(&text).expect("the differences can be read");
    let folder = support::shared("smithy/validator");
    let mut counts = Counts::default();
    let mut missed = BTreeMap::new();
    let mut refused = BTreeMap::new();
    let mut generated = 0;
    for path in models(&folder) {
        if is_idl(&path) {
            counts.idl_models += 1;
        } else {
            counts.json_models += 1;
        }
        let (their, our) = (their_errors(&path), our_errors(&path));
        if !their.is_empty() {
            generated += usize::from(generates_if_valid(&path));
        }
        let name = path.strip_prefix(&folder).expect("it is in the folder");
        let name = name.with_extension("").display().to_string();
        counts.caught += their.iter().filter(|it| is_among(it, &our)).count();
        let of_model = |from: &BTreeSet<String>, among: &BTreeSet<String>| -> BTreeSet<String> {
            from.iter()
                .filter(|it| !is_among(it, among))
                .cloned()
                .collect()
        };
        missed.insert(name.clone(), of_model(&their, &our));
        refused.insert(name, of_model(&our, &their));
    }
    let sum = |found: &BTreeMap<String, BTreeSet<String>>| found.values().map(BTreeSet::len).sum();
    counts.missed = sum(&missed);
    counts.refused = sum(&refused);
    let differences = |found: BTreeMap<String, BTreeSet<String>>| {
        let pairs = found.into_iter();
        pairs
            .flat_map(|(model, shapes)| shapes.into_iter().map(move |shape| (model.clone(), shape)))
            .collect::<BTreeSet<_>>()
    };
    let listed = |listed: &BTreeMap<String, BTreeMap<String, String>>| {
        let pairs = listed.iter();
        pairs
            .flat_map(|(model, shapes)| shapes.keys().map(|shape| (model.clone(), shape.clone())))
            .collect::<BTreeSet<_>>()
    };
    let mut problems = Vec::new();
    for (kind, found, listed) in [
        ("missed", differences(missed), listed(&expected.missed)),
        ("refused", differences(refused), listed(&expected.refused)),
    ] {
        let unlisted = found.difference(&listed);
        problems.extend(unlisted.map(|it| format!("{kind} and not listed: {it:?}")));
        let gone = listed.difference(&found);
        problems.extend(gone.map(|it| format!("listed and not {kind}: {it:?}")));
    }
    assert!(problems.is_empty(), "{}\n{counts:?}", problems.join("\n"));
    let lists = expected.missed.values().chain(expected.refused.values());
    let used: BTreeSet<&String> = lists.flat_map(BTreeMap::values).collect();
    let reasons: BTreeSet<&String> = expected.reasons.keys().collect();
    assert_eq!(
        used, reasons,
        "each difference has a reason, and each reason is used"
    );
    assert_eq!(counts, expected.counts);
    assert!(generated > 3, "code is generated for {generated} models");
}

/// Generates code for a model, if it has no error here: what Smithy rejects makes nothing panic.
fn generates_if_valid(path: &Path) -> bool {
    let Ok((model, _)) = build(&sources(path)) else {
        return false;
    };
    let origin = path.display().to_string();
    let files = pipeline::files(&[CheckedModel { model, origin }], &Config::default());
    let (files, _) = files.unwrap_or_else(|_| panic!("{} generates", path.display()));
    assert!(files.len() > 1, "a crate has more than one file");
    true
}

/// Whether there is an error at this shape, at a member of it, or at the shape of this member.
fn is_among(shape: &str, shapes: &BTreeSet<String>) -> bool {
    let is_part = |part: &str, whole: &str| {
        let rest = part.strip_prefix(whole);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('$'))
    };
    shapes
        .iter()
        .any(|other| is_part(shape, other) || is_part(other, shape))
}

/// The models of a folder and of the folders in it, sorted by path.
fn models(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(models(&path));
        } else if path
            .extension()
            .is_some_and(|it| it == "json" || it == "smithy")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The shapes of the ERROR events in the file beside a model; `-` is the model itself.
fn their_errors(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path.with_extension("errors")).expect("each model has events");
    let events = text
        .lines()
        .filter_map(|line| line.strip_prefix("[ERROR] "));
    let shapes = events.filter_map(|event| event.split_once(": "));
    shapes.map(|(shape, _)| shape.to_owned()).collect()
}

/// The shapes of the errors that are reported for a model.
fn our_errors(path: &Path) -> BTreeSet<String> {
    let report = match build(&sources(path)) {
        Ok((_, warnings)) => warnings,
        Err(report) => report,
    };
    errors(&report)
}

/// A model with its services.
fn sources(path: &Path) -> Sources {
    let text = fs::read_to_string(path).expect("a model can be read");
    let services = if is_idl(path) {
        services(&json_ast(path, &text))
    } else {
        services(&text)
    };
    let texts = [
        (path.to_owned(), text),
        (PathBuf::from("service.json"), services),
    ];
    Sources::from_texts(texts)
}

fn is_idl(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "smithy")
}

/// The JSON AST of a model in the IDL; empty if the model has no valid form.
fn json_ast(path: &Path, text: &str) -> String {
    let sources = Sources::from_texts([(path.to_owned(), text.to_owned())]);
    let ast = drawplate_model::load(&sources);
    let json = ast.and_then(|ast| print::json_ast(&ast, Mixins::Keep));
    json.map_or_else(|_| String::new(), |json| json.to_string())
}

fn errors(report: &Report) -> BTreeSet<String> {
    let found = report.diagnostics();
    let errors = found
        .iter()
        .filter(|it| it.severity() == Severity::Error && it.code != Code::NoService);
    errors
        .map(|it| it.shape.clone().unwrap_or_else(|| "-".to_owned()))
        .collect()
}

/// Services for the operations of a model: one for those with HTTP bindings, one for the others.
/// The services of the model get a protocol, unless they have one that is supported.
fn services(text: &str) -> String {
    let model: Value = serde_json::from_str(text).unwrap_or_default();
    let empty = Map::new();
    let shapes = model["shapes"].as_object().unwrap_or(&empty);
    let of_type = |kind: &'static str| {
        let typed = shapes
            .iter()
            .filter(move |(_, shape)| shape["type"] == kind);
        typed.filter(|(_, shape)| shape["traits"]["smithy.api#mixin"].is_null())
    };
    let has_http = |id: &str| !shapes[id]["traits"]["smithy.api#http"].is_null();
    let mut added = Map::new();
    for (name, protocol, is_http) in [
        ("Rest", "aws.protocols#restJson1", true),
        ("Rpc", "aws.protocols#awsJson1_1", false),
    ] {
        let operations = of_type("operation").filter(|(id, _)| has_http(id) == is_http);
        let operations: Vec<Value> = operations.map(|(id, _)| json!({"target": id})).collect();
        let service = json!({
            "type": "service",
            "operations": operations,
            "traits": {protocol: {}},
        });
        added.insert(format!("drawplate.fixture#{name}"), service);
    }
    let all_http = of_type("operation").all(|(id, _)| has_http(id));
    let protocol = if all_http {
        "aws.protocols#restJson1"
    } else {
        "aws.protocols#awsJson1_1"
    };
    for (id, service) in of_type("service") {
        if service["traits"]["aws.protocols#restJson1"].is_null() {
            added.insert(
                id.clone(),
                json!({"type": "apply", "traits": {protocol: {}}}),
            );
        }
    }
    json!({"smithy": "2.0", "shapes": added}).to_string()
}
