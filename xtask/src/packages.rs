//! The published crates: they build with the oldest compiler that they support, and from their
//! packages.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use drawplate_prerequisites as prerequisites;

use crate::test::Skipped;

/// The published crates that promise the oldest compiler, and the command.
const LIBRARIES: [&str; 4] = [
    "drawplate-model",
    "drawplate-codegen",
    "drawplate-runtime",
    "drawplate-conformance",
];
const COMMAND: &str = "drawplate";
/// A generated crate.
const GENERATED: &str = "amplify-admin";

/// Where the packages are created and built.
const TARGET: &str = "target/packages";

/// The arguments of cargo that create the packages and build each from its own files.
pub(crate) fn package() -> Vec<&'static str> {
    let options = [
        "package",
        "--locked",
        "--allow-dirty",
        "--target-dir",
        TARGET,
    ];
    let packages = LIBRARIES.into_iter().chain([COMMAND]);
    let packages = packages.flat_map(|package| ["--package", package]);
    options.into_iter().chain(packages).collect()
}

/// Removes what earlier packages were built from and into. Cargo builds packages from a registry in
/// the target folder, and takes those of the same version for unchanged.
pub(crate) fn remove_earlier() -> anyhow::Result<()> {
    let built = crate::root().join(TARGET);
    if built.exists() {
        fs::remove_dir_all(&built).with_context(|| format!("cannot remove {}", built.display()))?;
    }
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let Some(Ok(registries)) = home.map(|home| home.join("registry/src").read_dir()) else {
        return Ok(());
    };
    for registry in registries {
        let registry = registry?;
        // The name of a registry begins with its host, which one in a folder does not have.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for package in LIBRARIES.into_iter().chain([COMMAND]) {
            let folder = format!("{package}-{}", env!("CARGO_PKG_VERSION"));
            let folder = registry.path().join(folder);
            if folder.exists() {
                fs::remove_dir_all(&folder)
                    .with_context(|| format!("cannot remove {}", folder.display()))?;
            }
        }
    }
    Ok(())
}

/// Looks for the compilers that checks need besides the default one. Where one is missing, its
/// checks are skipped.
pub(crate) fn prepare(skipped: &Skipped) -> anyhow::Result<()> {
    for version in [prerequisites::OLDEST, prerequisites::API] {
        if !prerequisites::has_toolchain(version) {
            skipped.add(format!(
                "the checks with Rust {version}: `rustup toolchain install {version} --profile minimal`"
            ))?;
        }
    }
    Ok(())
}

/// The check of the libraries and of a generated crate with the oldest compiler, if that is
/// installed.
pub(crate) fn oldest_compiler() -> Option<Command> {
    let version = prerequisites::OLDEST;
    if !prerequisites::has_toolchain(version) {
        return None;
    }
    let mut command = Command::new("rustup");
    command
        .args(["run", version, "cargo", "check", "--locked"])
        .args(["--all-features", "--target-dir", "target/oldest"])
        .current_dir(crate::root());
    for package in LIBRARIES.into_iter().chain([GENERATED]) {
        command.args(["--package", package]);
    }
    Some(command)
}
