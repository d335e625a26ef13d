//! OpenAPI documents.

use std::path::Path;

use drawplate_codegen::{Config, OpenApi, OpenApiSettings, OpenApiVersion, pipeline};
use drawplate_model::Sources;

/// The document of a service in a model.
pub fn document(model: &Path, service: &str, version: OpenApiVersion) -> String {
    let sources = Sources::read(&[model.to_owned()]).expect("the model can be read");
    let settings = OpenApiSettings {
        version,
        ..OpenApiSettings::default()
    };
    let config = Config::default()
        .openapi(settings)
        .outputs(vec![Box::new(OpenApi)]);
    let generated = pipeline::run(&sources, &config)
        .unwrap_or_else(|report| panic!("{}", report.render(&sources, false)));
    let document = generated.files.get(&format!("{service}.openapi.json"));
    document.expect("the service has a document").to_owned()
}
