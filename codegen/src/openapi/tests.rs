use serde_json::Value;

use super::OpenApi;
use crate::pipeline::{self, Generated};
use crate::{Config, Models};
use drawplate_model::Sources;
use drawplate_model::diagnostic::Code;

/// A service with a value of every kind at every place of a message.
const SHOP: &str = include_str!("tests/shop.json");

fn generate(texts: &[&str]) -> Generated {
    let texts = texts
        .iter()
        .map(|text| ("shop.json".into(), (*text).to_owned()));
    let sources = Sources::from_texts(texts);
    let config = Config {
        models: Models::Separate,
        outputs: vec![Box::new(OpenApi)],
        ..Config::default()
    };
    match pipeline::run(&sources, &config) {
        Ok(generated) => generated,
        Err(report) => panic!("{}", report.render(&sources, false)),
    }
}

fn text(generated: &Generated) -> &str {
    let text = generated.files.get("Shop.openapi.json");
    text.expect("there is a document of the service")
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).expect("the document is JSON")
}

/// The messages of all warnings.
fn warnings(generated: &Generated) -> Vec<String> {
    let found = generated.warnings.diagnostics();
    let found = found
        .iter()
        .inspect(|found| assert_eq!(found.code, Code::NotInOpenApi));
    found.map(|found| found.message.clone()).collect()
}

#[test]
fn a_service_is_described_as_before() {
    let generated = generate(&[SHOP]);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("shop", text(&generated));
    });
}

#[test]
fn every_reference_has_a_schema() {
    let generated = generate(&[SHOP]);
    let document = document(text(&generated));
    let schemas = &document["components"]["schemas"];
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 5, "{references:?}");
    for reference in references {
        let name = reference.strip_prefix("#/components/schemas/");
        let name = name.expect("references point at schemas");
        assert!(schemas.get(name).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                if let ("$ref", Value::String(reference)) = (&**key, value) {
                    references.push(reference.clone());
                }
                collect(value, references);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[test]
fn the_order_of_shapes_does_not_matter() {
    let first = generate(&[SHOP]);
    let mut model = document(SHOP);
    let shapes = model["shapes"].as_object_mut().expect("shapes");
    *shapes = std::mem::take(shapes).into_iter().rev().collect();
    let second = generate(&[&model.to_string()]);
    assert_eq!(text(&first), text(&second));
}

#[test]
fn what_the_document_lacks_is_a_warning() {
    let generated = generate(&[SHOP]);
    assert_eq!(
        warnings(&generated),
        [
            "the OpenAPI document lacks the query parameters of `demo#GetItemInput$filters`"
                .to_owned(),
            "the OpenAPI document describes all errors by one schema, `AnyServiceError`".to_owned(),
        ]
    );
}

#[test]
fn the_schema_of_all_errors_yields_to_a_shape_of_that_name() {
    let generated = generate(&[&SHOP.replace("GetItemInput", "AnyServiceError")]);
    let document = document(text(&generated));
    let schemas = &document["components"]["schemas"];
    let names = schemas.as_object().expect("schemas").keys();
    let names = names.filter(|name| name.starts_with("AnyServiceError"));
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["AnyServiceError", "AnyServiceError_"]
    );
    assert!(schemas["AnyServiceError_"]["properties"]["message"].is_object());
    assert!(text(&generated).contains("\"#/components/schemas/AnyServiceError_\""));
}

#[test]
fn operations_without_a_place_are_left_out_with_a_warning() {
    let rpc = SHOP.replace("aws.protocols#restJson1", "aws.protocols#awsJson1_1");
    let generated = generate(&[&rpc]);
    let warnings = warnings(&generated);
    let why = "its protocol does not bind operations to methods and paths";
    let left_out = warnings.iter().filter(|warning| warning.ends_with(why));
    assert_eq!(left_out.count(), 2, "{warnings:?}");
    assert_eq!(document(text(&generated))["paths"], serde_json::json!({}));
}

#[test]
fn services_of_one_name_have_documents_of_their_own() {
    let other = SHOP.replace("demo#", "other#").replace("#Shop", "#SHOP");
    for order in [[SHOP, &other], [&other, SHOP]] {
        let generated = generate(&order);
        let files = generated.files.iter().map(|(path, _)| path);
        let expected = ["Shop.openapi.json", "other.SHOP.openapi.json"];
        assert_eq!(files.collect::<Vec<_>>(), expected);
        let found = generated.warnings.diagnostics();
        let found = found.iter().find(|found| found.code == Code::NameCollision);
        let help = found.and_then(|found| found.help.as_deref());
        let line = "`\"other#SHOP/document\" = \"other.SHOP\"`";
        assert!(help.is_some_and(|help| help.contains(line)), "{help:?}");
    }
}

#[test]
fn a_document_has_the_name_that_is_chosen() {
    let sources = Sources::from_texts([("shop.json".into(), SHOP.replace("#Shop", "#Con"))]);
    let generate = |name: &str| {
        let config = Config {
            names: [("demo#Con/document", name)].into_iter().collect(),
            outputs: vec![Box::new(OpenApi)],
            ..Config::default()
        };
        pipeline::run(&sources, &config)
    };
    let generated = generate("shop").expect("a file can have the name");
    assert!(generated.files.get("shop.openapi.json").is_some());
    for name in ["con", "../shop", "a/b", ".shop", ""] {
        let report = generate(name).expect_err("no file can have the name");
        let codes = report.diagnostics().into_iter().map(|found| found.code);
        assert!(
            codes.into_iter().any(|code| code == Code::UnusableName),
            "{name}"
        );
    }
}

#[test]
fn the_input_that_an_operation_lacks_yields_to_a_shape_of_its_name() {
    let mut model = document(SHOP);
    let shapes = model["shapes"].as_object_mut().expect("shapes");
    let operation = &mut shapes["demo#GetItem"];
    let output = operation["output"]["target"]
        .as_str()
        .expect("an output")
        .to_owned();
    operation
        .as_object_mut()
        .expect("an operation")
        .remove("input");
    operation["traits"]["smithy.api#http"]["uri"] = "/items".into();
    shapes["demo#Shop"]["operations"] = serde_json::json!([{ "target": "demo#GetItem" }]);
    let text = model.to_string().replace(&output, "other#GetItemInput");
    let generated = generate(&[&text]);
    let document = document(self::text(&generated));
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    let members = |name: &str| {
        let properties = schemas[name]["properties"].as_object();
        properties.map_or(0, serde_json::Map::len)
    };
    assert_eq!(members("GetItemInput_"), 0);
    assert!(members("GetItemInput") > 0);
}
