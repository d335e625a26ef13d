//! `drawplate openapi`.

use super::{Folder, file};

const TWO: &str = r#"$version: "2.0"

namespace demo

use aws.protocols#awsJson1_1
use aws.protocols#restJson1

@restJson1
service One { version: "1", operations: [Get] }

@restJson1
service Two { version: "1", operations: [Get] }

@awsJson1_1
service Three { version: "1" }

@http(method: "GET", uri: "/files/{path+}")
@readonly
operation Get {
    input := {
        @required
        @httpLabel
        path: String
    }
}
"#;

#[test]
fn the_document_is_printed_or_written() {
    let folder = Folder::new();
    let model = file("model/services/amplifybackend.json");
    let [printed, _] = folder.streams(&["openapi", &model], 0);
    assert!(
        printed.starts_with("{\n  \"openapi\": \"3.1.0\",\n"),
        "{printed}"
    );
    let arguments = ["openapi", &model, "--out", "docs/api.json"];
    let [stdout, _] = folder.streams(&arguments, 0);
    assert!(stdout.contains("1 added"), "{stdout}");
    assert_eq!(folder.read("docs/api.json"), printed);
    let [stdout, _] = folder.streams(&arguments, 0);
    assert!(stdout.contains("1 unchanged"), "{stdout}");
    let yaml = [
        "--openapi",
        "3.0",
        "--format",
        "yaml",
        "--out",
        "docs/api.json",
    ];
    folder.streams(&[&["openapi", &model][..], &yaml].concat(), 0);
    assert!(
        folder
            .read("docs/api.json")
            .starts_with("openapi: \"3.0.3\"\n")
    );
}

#[test]
fn a_file_that_is_not_generated_is_not_replaced() {
    let model = file("model/services/amplifybackend.json");
    for own in ["{\"mine\": true}", ""] {
        let folder = Folder::new();
        folder.write("api.json", own);
        let [_, stderr] = folder.streams(&["openapi", &model, "--out", "api.json"], 1);
        assert!(stderr.contains("api.json"), "{stderr}");
        assert_eq!(folder.read("api.json"), own);
    }
}

#[test]
fn a_model_with_several_services_needs_the_name_of_one() {
    let folder = Folder::new();
    folder.write("model.smithy", TWO);
    let [stdout, stderr] = folder.streams(&["openapi", "model.smithy"], 1);
    assert_eq!(stdout, "");
    assert!(
        stderr.contains("choose one with `--service`: demo#One, demo#Three, demo#Two"),
        "{stderr}"
    );
    for name in ["two", "demo#Two"] {
        let arguments = ["openapi", "model.smithy", "--service", name];
        let [stdout, stderr] = folder.streams(&arguments, 0);
        assert!(stdout.contains("\"title\": \"Two\""), "{stdout}");
        assert_eq!(stderr.matches("warning[W0601]").count(), 1, "{stderr}");
    }
    let [_, stderr] = folder.streams(&["openapi", "model.smithy", "--service", "Four"], 1);
    assert!(
        stderr.contains("unknown service `Four`; the services are demo#One"),
        "{stderr}"
    );
}

#[test]
fn another_protocol_is_an_error_at_the_service_and_nothing_is_written() {
    let folder = Folder::new();
    folder.write("model.smithy", TWO);
    let arguments = [
        "openapi",
        "model.smithy",
        "--service",
        "Three",
        "--out",
        "api.json",
    ];
    let [stdout, stderr] = folder.streams(&arguments, 1);
    assert_eq!(stdout, "");
    assert!(stderr.contains("error[E0602]"), "{stderr}");
    assert!(stderr.contains("model.smithy:15:9"), "{stderr}");
    assert!(!folder.path("api.json").exists());
}

#[test]
fn the_configuration_has_the_defaults() {
    let folder = Folder::new();
    folder.write("model.smithy", TWO);
    folder.write(
        "drawplate.toml",
        "[openapi]\nversion = \"3.0\"\nformat = \"yaml\"\n[services.\"demo#One\"]\n",
    );
    let [stdout, _] = folder.streams(&["openapi", "model.smithy"], 0);
    assert!(stdout.starts_with("openapi: \"3.0.3\"\n"), "{stdout}");
    assert!(stdout.contains("title: One"), "{stdout}");
    let arguments = [
        "openapi",
        "model.smithy",
        "--openapi",
        "3.1",
        "--format",
        "json",
    ];
    let [stdout, _] = folder.streams(&arguments, 0);
    assert!(stdout.contains("\"openapi\": \"3.1.0\""), "{stdout}");
}
