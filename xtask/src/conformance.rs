//! `cargo xtask conformance`: runs Smithy's protocol test cases.

use std::path::PathBuf;

use anyhow::bail;
use drawplate::conformance::{self, HOW, Selection};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

/// The folder of Smithy's own suites, relative to the root of the workspace.
const SUITES: &str = "../shared/protocol-tests";
/// The folder of suites that were converted from the IDL, of which those of some protocols are run.
const CONVERTED_SUITES: &str = "../shared/protocol-suites";
const CONVERTED_PROTOCOLS: [&str; 5] =
    ["awsQuery", "ec2Query", "restXml", "rpcv2", "simpleRestJson"];
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
    conformance::run(&conformance::Arguments {
        models,
        selection: Selection {
            side,
            filter,
            expected_failures: expected_failures.or_else(|| Some(root.join(EXPECTED))),
        },
        build_dir: root.join("target/conformance"),
        runtime_path: Some(root.join("runtime")),
        conformance_path: Some(root.join("tests/conformance")),
        lock: Some(root.join("Cargo.lock")),
    })
}

/// Smithy's suites, sorted by path in each folder; empty if the folders are missing.
pub(crate) fn published_suites() -> Vec<PathBuf> {
    let mut suites = suites_in(SUITES);
    suites.extend(suites_in(CONVERTED_SUITES).into_iter().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        CONVERTED_PROTOCOLS
            .iter()
            .any(|protocol| name.starts_with(protocol))
    }));
    suites
}

/// The models in a folder, sorted by path.
fn suites_in(folder: &str) -> Vec<PathBuf> {
    let entries = crate::root().join(folder).read_dir().into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
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
