//! The models of published services and of Smithy's protocol suites resolve.

use drawplate_tests as support;
use std::path::{Path, PathBuf};

use drawplate_model::source::Sources;
use drawplate_model::{Code, Report, load, resolve};

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
#[cfg_attr(not(shared), ignore = "needs ../shared/published")]
fn the_waiters_of_published_models_are_valid() {
    let folders = ["aws-models", "published"].map(support::shared);
    let mut waiters = 0;
    for path in folders.iter().flat_map(|folder| models(folder)) {
        let text = std::fs::read_to_string(&path).expect("the file is there");
        if !text.contains("smithy.waiters#waitable") {
            continue;
        }
        let sources = Sources::from_texts([(path.clone(), text)]);
        let (model, report) = drawplate_model::build(&sources)
            .unwrap_or_else(|report| panic!("{}", report.render(&sources, false)));
        let codes = report.diagnostics().into_iter().map(|it| it.code);
        let codes = codes.filter(|code| *code == Code::MismatchedJmespath);
        assert_eq!(codes.count(), 0, "{}", report.render(&sources, false));
        let operations = model.operations.values();
        waiters += operations.map(|it| it.waiters.len()).sum::<usize>();
    }
    assert_eq!(waiters, 72);
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
