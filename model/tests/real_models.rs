//! The models of real services and of Smithy's protocol suites, where they are at hand beside the repository.

use std::path::{Path, PathBuf};

use drawplate_model::source::Sources;
use drawplate_model::{Code, Report, load, resolve};

fn models(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared")
        .join(folder);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[track_caller]
fn check(path: &Path, expected: &[Code]) {
    let sources = Sources::read(&[path.to_owned()]).expect("the file is there");
    let report = match load(&sources).and_then(resolve) {
        Ok((model, _)) => {
            assert!(!model.operations.is_empty(), "{}", path.display());
            Report::new()
        }
        Err(report) => report,
    };
    let found: Vec<Code> = report
        .diagnostics()
        .iter()
        .map(|it| it.code)
        .filter(|code| code.number().starts_with('E'))
        .collect();
    assert_eq!(found, expected, "{}", report.render(&sources, false));
}

#[test]
fn models_of_supported_protocols_resolve_and_the_others_are_refused() {
    for path in models("aws-models") {
        let name = path.file_stem().and_then(|name| name.to_str());
        let refused = matches!(name, Some("s3" | "sts"));
        check(
            &path,
            if refused {
                &[Code::UnsupportedProtocol]
            } else {
                &[]
            },
        );
    }
}

#[test]
fn models_of_the_protocol_suites_resolve() {
    for path in models("protocol-tests") {
        check(&path, &[]);
    }
}

#[test]
fn our_own_models_resolve() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    let entries = std::fs::read_dir(folder).expect("the models ship with the crate");
    for entry in entries {
        check(&entry.expect("the folder can be read").path(), &[]);
    }
}
