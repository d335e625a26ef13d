//! The client in Go that openapi-generator makes of the OpenAPI document.

use std::fs;
use std::path::Path;
use std::process::Command;

use drawplate_codegen::OpenApiVersion;
use drawplate_prerequisites::GO_SOURCES;
use drawplate_tests as support;
use drawplate_tests::python::Python;

use crate::process::{Backend, output};

#[test]
#[cfg_attr(
    not(go),
    ignore = "needs Go, Java and openapi-generator: `.ci/run` installs them"
)]
fn a_client_in_go_calls_the_backend() {
    for version in [OpenApiVersion::V3_0, OpenApiVersion::V3_1] {
        let place = support::root().join(format!("target/go/{version:?}"));
        let sources = place.join("src");
        // What an earlier version of the document has left would be compiled as well.
        let _ = fs::remove_dir_all(&sources);
        let program = sources.join("calls");
        fs::create_dir_all(&program).expect("target can be written");
        let document = place.join("openapi.json");
        let model = support::root().join("model/services/amplifybackend.json");
        let text = support::openapi::document(&model, "AmplifyBackend", version);
        fs::write(&document, text).expect("target can be written");
        generate(&document, &sources.join("amplify"));
        let source = support::root().join("tests/web/calls.go");
        fs::copy(source, program.join("calls.go")).expect("it is there");

        let calls = place.join("calls");
        let backend = Backend::start(&[]);
        output(
            Command::new("go")
                .args(["build", "-o"])
                .arg(&calls)
                .arg("calls")
                // The only package that the client needs is one of Debian's.
                .env("GO111MODULE", "off")
                .env("GOPATH", format!("{}:{GO_SOURCES}", place.display()))
                .env("GOCACHE", support::root().join("target/go/cache")),
        );
        let mode = output(Command::new(&calls).arg(backend.origin()));
        assert_eq!(mode.trim(), "API_KEY", "{version:?}");
    }
}

/// Generates the package `amplify`.
fn generate(document: &Path, package: &Path) {
    output(
        Command::new(Python::installed().program("openapi-generator-cli"))
            .args(["generate", "--generator-name", "go", "--input-spec"])
            .arg(document)
            .arg("--output")
            .arg(package)
            // Without the prefix, equal values of two enums are one constant.
            .arg("--additional-properties=packageName=amplify,enumClassPrefix=true")
            .arg("--global-property=models,apis,supportingFiles")
            .arg("--global-property=modelDocs=false,apiDocs=false,modelTests=false,apiTests=false"),
    );
}
