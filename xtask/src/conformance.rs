//! `cargo xtask conformance`: runs Smithy's test cases of protocols and endpoint rules.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use drawplate::conformance::{self, HOW, Selection};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

/// The folder of Smithy's own suites, relative to the root of the workspace.
const SUITES: &str = "../shared/protocol-tests";
/// The folder of suites that were converted from the IDL.
const CONVERTED_SUITES: &str = "../shared/protocol-suites";
/// The folders of models with test cases of endpoint rules.
const ENDPOINT_SUITES: [&str; 3] = [
    "../shared/smithy/endpoint-rules-tests",
    "../shared/aws-models",
    "../shared/published",
];
/// The page with the counts of all suites.
const COUNTS: &str = "docs/conformance.md";
/// The cases in which the specification is wrong.
const EXPECTED: &str = "tests/conformance/expected-failures.json";

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let models = published_suites();
    if models.is_empty() {
        bail!("{SUITES} has no suites in it. {HOW}");
    }
    let root = crate::root();
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

/// Fails unless the page has every line that the suites have printed.
fn compare_counts(printed: &str) -> anyhow::Result<()> {
    let page = fs::read_to_string(crate::root().join(COUNTS));
    let page = page.with_context(|| format!("cannot read {COUNTS}"))?;
    let known = page.lines().collect::<Vec<_>>();
    let missing = printed.lines().filter(|line| !known.contains(line));
    let missing = missing.collect::<Vec<_>>();
    if !missing.is_empty() {
        let missing = missing.join("\n");
        bail!("{COUNTS} has other counts; replace those of these suites:\n{missing}");
    }
    Ok(())
}

/// Smithy's suites and the models with endpoint rules, sorted by path in each folder; empty if the
/// folders are missing.
pub(crate) fn published_suites() -> Vec<PathBuf> {
    let mut suites = suites_in(SUITES);
    suites.extend(suites_in(CONVERTED_SUITES));
    suites.extend(ENDPOINT_SUITES.into_iter().flat_map(suites_in));
    suites
}

/// The models in a folder, sorted by path.
fn suites_in(folder: &str) -> Vec<PathBuf> {
    let entries = crate::root().join(folder).read_dir().into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json" || extension == "smithy")
        })
        .collect::<Vec<_>>();
    paths.sort();
    paths
}

/// Reports that the suites are missing.
pub(crate) fn skipped() -> anyhow::Result<()> {
    drawplate::say(format_args!(
        "== conformance: skipped, {SUITES} has no suites in it; `cargo xtask conformance` tells how to get them"
    ))
}
