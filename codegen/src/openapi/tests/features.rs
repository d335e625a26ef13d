//! Documents of small models, each with one feature. A snapshot has the warnings, and the document
//! in OpenAPI 3.1 or, for some models, 3.0.

use std::fmt::Write as _;

use drawplate_model::Sources;

use crate::{Config, OpenApi, OpenApiFormat, OpenApiSettings, OpenApiVersion, pipeline};

/// The warnings, then the document.
fn document(text: &str, version: OpenApiVersion) -> String {
    let sources = Sources::from_texts([("demo.smithy".into(), text.to_owned())]);
    let settings = OpenApiSettings {
        version,
        format: OpenApiFormat::Yaml,
    };
    let config = Config::default()
        .openapi(settings)
        .outputs(vec![Box::new(OpenApi)]);
    let generated = match pipeline::run(&sources, &config) {
        Ok(generated) => generated,
        Err(report) => panic!("{}", report.render(&sources, false)),
    };
    let mut text = String::new();
    for located in generated.warnings.locate(&sources) {
        writeln!(text, "# {located}").expect("writing to a string does not fail");
    }
    text.push_str(
        generated
            .files
            .get("Demo.openapi.yaml")
            .expect("the service has a document"),
    );
    text
}

macro_rules! features {
    ($($test:ident $file:literal;)*) => {$(
        #[test]
        fn $test() {
            let text = include_str!(concat!("features/", $file, ".smithy"));
            check($file, &document(text, OpenApiVersion::V3_1));
        }
    )*};
}

features! {
    alloys_traits "alloy";
    an_api_key_with_a_scheme "api-key-scheme";
    an_api_key_with_a_scheme_in_another_header "api-key-scheme-of-another-header";
    authentication "authentication";
    constraints "constraints";
    defaults "defaults";
    documentation "documentation";
    enums "enums";
    errors "errors";
    examples "examples";
    extensions "extensions";
    no_error_wrapping "no-error-wrapping";
    nullability "nullability";
    parameters "parameters";
    paths "paths";
    payloads "payloads";
    recursion "recursion";
    rest_xml "rest-xml";
    rpc_v2_json "rpc-v2-json";
    shared_structures "shared-structure";
    sides "sides";
    streams "streams";
    unions "unions";
}

macro_rules! versions {
    ($($test:ident $file:literal;)*) => {$(
        #[test]
        fn $test() {
            let text = include_str!(concat!("features/", $file, ".smithy"));
            check(concat!($file, "-3.0"), &document(text, OpenApiVersion::V3_0));
        }
    )*};
}

versions! {
    constraints_in_3_0 "constraints";
    nullability_in_3_0 "nullability";
    payloads_in_3_0 "payloads";
    sides_in_3_0 "sides";
    unions_in_3_0 "unions";
}

fn check(name: &str, document: &str) {
    let settings = || {
        let mut settings = insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_snapshot_path("features/snapshots");
        settings
    };
    settings().bind(|| insta::assert_snapshot!(name, document));
}
