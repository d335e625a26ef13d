//! `cargo xtask conformance`: runs Smithy's test cases of protocols and endpoint rules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use drawplate::conformance::{self, HOW, Selection};
use drawplate_prerequisites as prerequisites;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

/// The folders of the reference material with models that have test cases: Smithy's own suites,
/// suites that were converted from the IDL, and models with endpoint rules.
const SUITES: [&str; 5] = [
    "protocol-tests",
    "protocol-suites",
    "smithy/endpoint-rules-tests",
    "aws-models",
    "published",
];
/// The page with the counts of all suites.
const COUNTS: &str = "docs/conformance.md";
/// The cases in which the specification is wrong.
const EXPECTED: &str = "tests/conformance/expected-failures.json";

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let root = crate::root();
    if !prerequisites::has_shared(&root) {
        let shared = prerequisites::shared(&root);
        bail!("{} has no suites in it. {HOW}", shared.display());
    }
    let models = published_suites()?;
    let Selection {
        side,
        filter,
        expected_failures,
    } = arguments.selection;
    let is_whole = side.is_none() && filter.is_none() && expected_failures.is_none();
    let printed = conformance::run(&conformance::Arguments {
        models,
        selection: Selection {
            side,
            filter,
            expected_failures: expected_failures.or_else(|| Some(root.join(EXPECTED))),
        },
        build_dir: root.join("target/conformance"),
        config: None,
        runtime_path: Some(root.join("runtime")),
        conformance_path: Some(root.join("tests/conformance")),
        lock: Some(root.join("Cargo.lock")),
    })?;
    if is_whole {
        compare_counts(&printed)?;
    }
    Ok(())
}

/// Fails unless the page has the lines that the suites have printed, and no other counts.
fn compare_counts(printed: &str) -> anyhow::Result<()> {
    let page = fs::read_to_string(crate::root().join(COUNTS));
    let page = page.with_context(|| format!("cannot read {COUNTS}"))?;
    let is_count = |line: &&str| {
        ["suite ", "endpoint tests "]
            .iter()
            .any(|it| line.starts_with(it))
    };
    let [known, printed] = [&*page, printed].map(|text| text.lines().collect::<Vec<_>>());
    let missing = printed.iter().filter(|line| !known.contains(line));
    let missing = missing.copied().collect::<Vec<_>>();
    if !missing.is_empty() {
        let missing = missing.join("\n");
        bail!("{COUNTS} has other counts; replace those of these suites:\n{missing}");
    }
    let counts = known.into_iter().filter(is_count);
    let absent = counts.filter(|line| !printed.contains(line));
    let absent = absent.collect::<Vec<_>>();
    if !absent.is_empty() {
        let absent = absent.join("\n");
        bail!("{COUNTS} has the counts of suites that did not run:\n{absent}");
    }
    Ok(())
}

/// Smithy's suites and the models with endpoint rules, sorted by path in each folder.
fn published_suites() -> anyhow::Result<Vec<PathBuf>> {
    let shared = prerequisites::shared(&crate::root());
    let mut suites = Vec::new();
    for folder in SUITES {
        suites.extend(suites_in(&shared.join(folder))?);
    }
    Ok(suites)
}

/// The models in a folder, sorted by path.
fn suites_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("cannot read {}", folder.display());
    let mut paths = Vec::new();
    for entry in folder.read_dir().with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let extension = path.extension();
        if extension.is_some_and(|extension| extension == "json" || extension == "smithy") {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        bail!("{} has no models in it", folder.display());
    }
    paths.sort();
    Ok(paths)
}
