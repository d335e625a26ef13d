//! Authentication in each output.

use super::generate;
use crate::{Config, OpenApi, Output, Rust};

/// The outputs of Rust and of documents, each alone.
fn outputs() -> [(&'static str, Box<dyn Output>); 2] {
    [("Rust", Box::new(Rust)), ("OpenAPI", Box::new(OpenApi))]
}

/// The codes that an output reports for a service with these traits, with an operation with those.
fn codes(output: Box<dyn Output>, service: &str, operation: &str) -> Vec<&'static str> {
    let model = format!(
        r#"
        $version: "2"
        namespace demo
        {service}
        @aws.protocols#restJson1
        service Shop {{ operations: [Buy] }}
        {operation}
        @http(method: "POST", uri: "/buy")
        operation Buy {{}}
        "#
    );
    let config = Config::default().outputs(vec![output]);
    let report = match generate(&[("shop.smithy", &model)], &config) {
        Ok(generated) => generated.warnings,
        Err(report) => report,
    };
    let found = report.diagnostics().into_iter();
    found.map(|found| found.code.number()).collect()
}

#[test]
fn a_list_without_a_scheme_of_the_service_is_an_error_in_each_output() {
    for (service, operation, expected) in [
        (
            "@httpBearerAuth",
            "@auth([httpBasicAuth])",
            &["E0340", "W0524"][..],
        ),
        (
            "@httpBearerAuth @auth([httpBasicAuth])",
            "",
            &["E0340", "W0524"],
        ),
        ("", "@auth([httpBasicAuth])", &["E0340", "W0524"]),
        (
            "@httpBearerAuth",
            "@auth([httpBasicAuth]) @optionalAuth",
            &["W0524"],
        ),
        (
            "@httpBearerAuth",
            "@auth([httpBasicAuth, httpBearerAuth])",
            &["W0524"],
        ),
        (
            "@httpBearerAuth @auth([httpBasicAuth])",
            "@auth([])",
            &["W0524"],
        ),
        ("@httpBearerAuth", "@auth([])", &[]),
        ("@httpBearerAuth @auth([])", "", &[]),
        ("", "", &[]),
    ] {
        for (name, output) in outputs() {
            let found = codes(output, service, operation);
            assert_eq!(found, expected, "{name}: {service} {operation}");
        }
    }
}

#[test]
fn a_scheme_that_generated_code_cannot_use_is_an_error_of_rust_alone() {
    let [rust, document] = outputs().map(|(_, output)| codes(output, "@httpDigestAuth", ""));
    assert_eq!(rust, ["E0340"]);
    assert_eq!(document, [""; 0]);
}
