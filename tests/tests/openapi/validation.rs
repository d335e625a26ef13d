//! Documents of large models against the schemas of OpenAPI 3.0 and 3.1, by openapi-spec-validator.

use std::path::PathBuf;

use drawplate_codegen::{CheckedModel, Config, OpenApi, OpenApiSettings, OpenApiVersion, pipeline};
use drawplate_model::Sources;
use drawplate_model::diagnostic::Report;
use drawplate_tests as support;
use drawplate_tests::python::Python;
use serde_json::{Value, json};

/// The documents of all services of a model, in both versions.
fn documents(paths: &[PathBuf]) -> Vec<Value> {
    let sources = Sources::read(paths).expect("the model can be read");
    let models = pipeline::models(&sources, &Config::default());
    let (models, _) = models.unwrap_or_else(|report| panic!("{}", report.render(&sources, false)));
    let services = models.iter().flat_map(|checked: &CheckedModel| {
        let services = checked.model.services.iter();
        services.map(move |(id, service)| (checked, id, service.name.as_str()))
    });
    let versions = [OpenApiVersion::V3_0, OpenApiVersion::V3_1];
    let documents = services.flat_map(|(checked, id, name)| {
        versions.map(move |version| {
            let settings = OpenApiSettings {
                version,
                ..OpenApiSettings::default()
            };
            let mut report = Report::default();
            let text = OpenApi::document(checked, id, settings, &mut report)?;
            let document = serde_json::from_str::<Value>(&text).expect("the document is JSON");
            Some(json!({ "name": format!("{name} {version:?}"), "document": document }))
        })
    });
    documents.flatten().collect()
}

fn check(documents: &[Value]) {
    let found = Python::installed().run("openapi.py", &json!(documents));
    assert_eq!(found, json!([]), "each document is valid");
}

#[test]
#[cfg_attr(
    not(python),
    ignore = "needs openapi-spec-validator: `cargo xtask test` installs it"
)]
fn documents_of_this_repository_are_valid() {
    let root = support::root();
    let mut documents = documents(&[root.join("model/services/amplifybackend.json")]);
    documents.extend(self::documents(&[root.join("tests/fixtures/services")]));
    assert!(documents.len() >= 4, "two services have a document");
    check(&documents);
}

#[test]
#[cfg_attr(
    not(all(python, shared)),
    ignore = "needs ../shared and openapi-spec-validator: `cargo xtask test` installs it"
)]
fn documents_of_published_models_are_valid() {
    let published = [
        "aws-models/api-gateway.json",
        "aws-models/bedrock-runtime.json",
        "aws-models/glacier.json",
        "aws-models/iot.json",
        "aws-models/lambda.json",
        "published/deadline.json",
        "published/mediastore-data.json",
        "published/rbin.json",
        "published/workspaces-web.json",
        "protocol-tests/restJson1.json",
    ];
    for path in published {
        let documents = documents(&[support::shared(path)]);
        assert_eq!(documents.len(), 2, "{path}");
        check(&documents);
    }
}
