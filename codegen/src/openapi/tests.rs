use serde_json::Value;

mod features;

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

#[test]
fn a_service_has_a_document() {
    let generated = generate(&[SHOP]);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("shop", text(&generated));
    });
}

#[test]
fn every_reference_has_a_component() {
    let generated = generate(&[SHOP]);
    let document = document(text(&generated));
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 5, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("references are local");
        assert!(document.pointer(pointer).is_some(), "{reference}");
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
fn a_service_without_a_protocol_of_openapi_is_an_error() {
    for (protocol, why) in [
        (
            "aws.protocols#awsJson1_1",
            "sends all operations to one path",
        ),
        ("smithy.protocols#rpcv2Cbor", "sends CBOR"),
    ] {
        let text = SHOP.replace("aws.protocols#restJson1", protocol);
        let sources = Sources::from_texts([("shop.json".into(), text)]);
        let config = Config::default().outputs(vec![Box::new(OpenApi)]);
        let report = pipeline::run(&sources, &config).expect_err("there is no document");
        let found = report.diagnostics();
        let [found] = &*found else {
            panic!("{}", report.render(&sources, false));
        };
        assert_eq!(found.code, Code::NoOpenApi);
        assert!(found.message.contains(why), "{}", found.message);
        assert_eq!(found.location.pointer(), Some("/shapes/demo#Shop"));
    }
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
fn the_body_of_a_request_yields_to_a_shape_of_its_name() {
    let renamed = SHOP.replace("demo#Item\"", "demo#GetItemResponseContent\"");
    assert_ne!(renamed, SHOP);
    let generated = generate(&[&renamed]);
    let document = document(text(&generated));
    let pointer = "/paths/~1items~1{id}/get/responses/200/content/application~1json/schema/$ref";
    assert_eq!(
        document.pointer(pointer).and_then(Value::as_str),
        Some("#/components/schemas/GetItemResponseContent_")
    );
    assert!(document["components"]["schemas"]["GetItemResponseContent"].is_object());
}
