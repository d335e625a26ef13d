//! What is generated for one feature at a time: a test per fixture, a snapshot per file. A fixture
//! with a configuration has it in a file of the same name.
//!
//! One fixture has snapshots of all files. The others have them of the files that their feature
//! shows in, so that a change of an emitter changes few snapshots. To accept changed output, run
//! `INSTA_UPDATE=always cargo test -p drawplate-tests --test golden` and read the difference.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use drawplate_codegen::Config;
use drawplate_model::Sources;
use drawplate_tests as support;
use libtest_mimic::{Arguments, Failed, Trial};

/// The fixtures, each with the modules that have snapshots. Empty means all files.
const FIXTURES: [(&str, &[&str]); 29] = [
    ("alloy-discriminated", &["schema", "types"]),
    ("alloy-formats", &["input", "schema"]),
    ("alloy-nullable", &["input", "lib", "schema", "types"]),
    ("alloy-unknown", &["input", "lib", "schema", "types"]),
    ("alloy-untagged", &["schema", "types"]),
    ("aws-json", &["operation", "route", "schema"]),
    ("bindings", &["input", "output", "route", "schema"]),
    ("checksums", &["operation"]),
    ("collections", &["input", "schema", "types"]),
    ("config-layout", &["api.rs"]),
    ("config-module", &["mod.rs", "mod", "server"]),
    (
        "config-services",
        &[
            "client",
            "error",
            "input",
            "operation",
            "schema",
            "types",
            "Example.openapi.json",
        ],
    ),
    ("config-types", &["input", "output", "types"]),
    ("constraints", &["input", "schema"]),
    ("deprecated", &["input"]),
    ("enums", &["schema", "types"]),
    ("errors", &["error", "schema"]),
    (
        "event-stream",
        &["error", "input", "lib", "schema", "types"],
    ),
    ("minimal", &["client", "operation", "server"]),
    ("mixins", &["input"]),
    ("operation-traits", &[]),
    ("presence", &["input", "types"]),
    ("query", &["client", "lib", "mod", "operation", "schema"]),
    ("recursion", &["schema", "types"]),
    ("required", &["types"]),
    ("resources", &["operation", "route"]),
    ("smithy-1", &["input", "schema", "types"]),
    ("unions", &["schema", "types"]),
    ("waiters", &["client", "mod", "waiter"]),
];

fn main() -> ExitCode {
    let folder = support::root().join("tests/fixtures/golden");
    let trial = |(name, modules)| {
        let path = folder.join(format!("{name}.json"));
        Trial::test(name, move || generates_its_snapshots(name, &path, modules))
    };
    let mut trials = FIXTURES.map(trial).into_iter().collect::<Vec<_>>();
    trials.push(Trial::test(
        "every_fixture_and_snapshot_is_used",
        move || every_fixture_and_snapshot_is_used(&folder),
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn generates_its_snapshots(name: &str, path: &Path, modules: &[&str]) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let mut sources = Sources::from_texts([(format!("{name}.json").into(), text)]);
    let mut config = Config::default();
    let beside = path.with_extension("toml");
    if beside.exists() {
        let read = sources.read_beside(&beside);
        let beside = read.map_err(|_| "the configuration is unreadable")?;
        let read = config.read(&sources, beside);
        read.map_err(|report| report.render(&sources, false))?;
    }
    let files = support::generate(&sources, &config);
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("../fixtures/golden/snapshots");
    settings.bind(|| {
        if modules.is_empty() {
            for (path, text) in files.iter() {
                insta::assert_snapshot!(snapshot(name, path), text);
            }
        }
        for module in modules {
            let path = file(module);
            let text = files.get(&path).ok_or("the file is not generated")?;
            insta::assert_snapshot!(snapshot(name, &path), text);
        }
        Ok(())
    })
}

/// The path of the file of a module.
fn file(module: &str) -> String {
    match module {
        "lib" => "lib.rs".to_owned(),
        path if path.contains('.') => path.to_owned(),
        module => format!("example/{module}.rs"),
    }
}

/// The name of the snapshot of a file.
fn snapshot(fixture: &str, path: &str) -> String {
    format!("{fixture}__{}", path.replace('/', "__"))
}

fn every_fixture_and_snapshot_is_used(folder: &Path) -> Result<(), Failed> {
    let listed = FIXTURES
        .iter()
        .map(|(name, _)| folder.join(format!("{name}.json")));
    let found = support::model_files(folder);
    assert_eq!(
        found,
        listed.collect::<Vec<_>>(),
        "FIXTURES lists each once, sorted"
    );

    let (mut used, mut all) = (BTreeSet::new(), None);
    for (name, modules) in FIXTURES {
        used.extend(modules.iter().map(|module| snapshot(name, &file(module))));
        if modules.is_empty() {
            all = Some(format!("{name}__"));
        }
    }
    let all = all.ok_or("one fixture has snapshots of all files")?;
    for entry in folder.join("snapshots").read_dir()? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        let name = file.strip_suffix(".snap").unwrap_or(&file);
        let known = used.contains(name) || name.starts_with(&all);
        assert!(known, "no test uses snapshots/{file}; delete it");
    }
    Ok(())
}
