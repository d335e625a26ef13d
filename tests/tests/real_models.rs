//! The models of published services and of Smithy's protocol suites resolve.

use drawplate_tests as support;
use std::path::{Path, PathBuf};

use drawplate_model::source::Sources;
use drawplate_model::{Report, load, resolve};

/// The models of a folder, of which there is at least one.
fn models(folder: &Path) -> Vec<PathBuf> {
    let models = support::model_files(folder);
    assert!(!models.is_empty(), "no models in {}", folder.display());
    models
}

#[track_caller]
fn check(path: &Path) {
    let sources = Sources::read(&[path.to_owned()]).expect("the file is there");
    let report = match load(&sources).and_then(resolve) {
        Ok((model, _)) => {
            assert!(!model.operations.is_empty(), "{}", path.display());
            Report::new()
        }
        Err(report) => report,
    };
    assert!(!report.has_errors(), "{}", report.render(&sources, false));
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared/aws-models")]
fn published_models_resolve() {
    for path in models(&support::shared("aws-models")) {
        check(&path);
    }
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared/protocol-tests")]
fn models_of_the_protocol_suites_resolve() {
    for path in models(&support::shared("protocol-tests")) {
        check(&path);
    }
}

#[test]
fn our_own_models_resolve() {
    for path in models(&support::root().join("model/services")) {
        check(&path);
    }
}
