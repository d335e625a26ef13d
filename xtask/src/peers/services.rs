//! Builds of the clients of `tests/interop/programs`, which have ten operations at most, debug,
//! compared with the crates of the SDK, which have all operations.

use super::{Row, Workspace, clean};
use crate::programs::PROGRAMS;

const OURS: Workspace = Workspace("interop/programs");
const SDK: Workspace = Workspace("peers/services");

/// The folder of the artifacts, below the target folder of a side.
const ARTIFACTS: &str = "clean";

/// Generates the crates of the programs, builds all crates of both sides once, and then each of
/// them again.
pub(super) fn rows() -> anyhow::Result<Vec<Row>> {
    let (root, shared) = (crate::root(), super::shared());
    for program in &PROGRAMS {
        let model = shared.join(program.model);
        if !model.is_file() {
            eprintln!("skipped: services of AWS: {} is missing", model.display());
            return Ok(Vec::new());
        }
    }
    for program in &PROGRAMS {
        clean::drawplate(program.arguments(&root, &shared))?;
    }
    for side in [OURS, SDK] {
        side.cargo(&["fetch", "--locked"])?;
    }
    let names = PROGRAMS.each_ref().map(|program| program.name);
    let ours = OURS.clean_packages(ARTIFACTS, &names)?;
    let sdk = SDK.clean_packages(ARTIFACTS, &["services-sdk"])?;
    let what = "clean build, ten services, CPU";
    let mut rows = vec![Row::new(what, "ten crates aws-sdk-*", ours, sdk, "s", None)];
    for program in &PROGRAMS {
        let ours = OURS.rebuild(ARTIFACTS, program.name)?;
        let library = format!("aws-sdk-{}", program.name);
        let sdk = SDK.rebuild(ARTIFACTS, &library)?;
        let what = "build of the client alone, CPU";
        rows.push(Row::new(what, &library, ours, sdk, "s", None));
    }
    Ok(rows)
}
