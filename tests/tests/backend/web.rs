//! The OpenAPI document and the console in programs of others.

use std::fs;
use std::path::Path;
use std::process::Command;

use drawplate_tests as support;
use drawplate_tests::python::Python;
use serde_json::{Value, json};

use crate::process::{Backend, output};

/// Runs a program with these arguments in target, and returns its output.
fn run(program: impl AsRef<Path>, arguments: &[&str]) -> String {
    output(Command::new(program.as_ref()).args(arguments))
}

/// Runs a program of a package in target/web.
fn node(script: &Path, arguments: &[&str]) -> String {
    let script = script.to_str().expect("the path is text");
    run("node", &[&[script], arguments].concat())
}

#[test]
#[cfg_attr(
    not(node),
    ignore = "needs npm packages: `cargo xtask test` installs them"
)]
fn a_typed_client_calls_every_operation() {
    let packages = support::root().join("target/web");
    let modules = packages.join("node_modules");
    // Below the folder of the packages, where imports find them.
    let program = packages.join("calls");
    fs::create_dir_all(&program).expect("target can be written");
    let source = program.join("calls.ts");
    fs::copy(support::root().join("tests/web/calls.ts"), &source).expect("it is there");
    fs::write(program.join("package.json"), r#"{ "type": "module" }"#).expect("it can be written");
    let document = support::root().join("generated/src/amplifybackend/openapi.json");
    let types = program.join("api.d.ts");
    let text = |path: &Path| path.to_str().expect("the path is text").to_owned();
    node(
        &modules.join("openapi-typescript/bin/cli.js"),
        &[&text(&document), "--output", &text(&types)],
    );
    let options = ["--strict", "--target", "es2022", "--module", "nodenext"];
    let source = text(&source);
    let files = ["--lib", "es2022,dom", &source];
    node(
        &modules.join("typescript/bin/tsc"),
        &[&options[..], &files].concat(),
    );

    let backend = Backend::start(&[]);
    let called = node(&program.join("calls.js"), &[backend.origin()]);
    assert_eq!(called.trim(), "31");
}

/// The path of Chromium, if the build script has found it.
const CHROMIUM: Option<&str> = option_env!("DRAWPLATE_CHROMIUM");

/// The screenshots are in target/web/screenshots.
#[test]
#[cfg_attr(
    not(chromium),
    ignore = "needs Chromium and npm packages: `.ci/run` installs them"
)]
fn the_console_works_in_a_browser() {
    let packages = support::root().join("target/web");
    let screenshots = packages.join("screenshots");
    fs::create_dir_all(&screenshots).expect("target can be written");
    let chromium = CHROMIUM.expect("the build script has found it");
    let backend = Backend::start(&[]);
    let problems = node(
        &support::root().join("tests/web/console.mjs"),
        &[
            backend.origin(),
            chromium,
            packages.to_str().expect("the path is text"),
            screenshots.to_str().expect("the path is text"),
        ],
    );
    let problems = serde_json::from_str::<Value>(&problems).expect("it prints JSON");
    assert_eq!(problems, json!([]));
}

/// Checks of what the document promises about responses, and about requests: `checks.py` has the
/// last two, and says where the document and the example differ.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,\
                      valid_requests_are_accepted,invalid_requests_are_rejected";

#[test]
#[cfg_attr(
    not(python),
    ignore = "needs schemathesis: `cargo xtask test` installs it"
)]
fn requests_and_responses_are_what_the_document_promises() {
    let folder = support::root().join("tests/interop");
    let [config, state] = ["schemathesis.toml", "state.json"].map(|name| folder.join(name));
    let backend = Backend::start(&["--seed".as_ref(), state.as_os_str()]);
    let document = format!("{}/openapi.json", backend.origin());
    let config = config.to_str().expect("the path is text");
    let options = ["--phases", "coverage,fuzzing", "--checks", CHECKS];
    let bounds = ["--max-examples", "40", "--seed", "1", "--no-color"];
    let found = run(
        Python::installed().program("st"),
        &[
            &[
                "--config-file",
                config,
                "run",
                &document,
                "--warnings",
                "off",
            ],
            &options[..],
            &bounds,
        ]
        .concat(),
    );
    assert!(found.contains("Tested: 31"), "{found}");
    let generated = found
        .lines()
        .find_map(|line| line.trim().split_once(" generated, "));
    let (generated, _) = generated.unwrap_or_else(|| panic!("the cases are counted: {found}"));
    let generated = generated.parse::<u32>().expect("a number");
    assert!(generated > 2000, "there are many cases: {generated}");
}
