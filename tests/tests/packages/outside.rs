//! What README.md says about a model of one's own works outside the checkout, with nothing but the
//! packages.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use drawplate_tests as support;
use tempfile::TempDir;

use crate::{PUBLISHED, cargo, output};

/// A folder that is laid out like the checkout and contains only unpacked packages and the model of
/// README.md.
struct Outside(TempDir);

impl Outside {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let outside = Self(folder);
        let arguments = ["package", "--quiet", "--no-verify", "--allow-dirty"];
        let packages = PUBLISHED.map(|(package, _)| ["--package", package]);
        cargo(&[&arguments, packages.as_flattened()].concat());
        let patches = PUBLISHED.map(|(package, folder)| {
            let folder = outside.path(folder);
            unpack(package, &folder);
            let path = folder.display().to_string();
            format!("{package} = {{ path = {path:?} }}\n")
        });
        let patches = format!("[patch.crates-io]\n{}", patches.concat());
        // As if the packages were on crates.io.
        fs::create_dir(outside.path(".cargo")).expect("a new folder");
        fs::write(outside.path(".cargo/config.toml"), patches).expect("a new file");
        fs::create_dir(outside.path("docs")).expect("a new folder");
        let model = support::root().join("docs/weather.json");
        fs::copy(model, outside.path("docs/weather.json")).expect("a new file");
        outside
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Runs a script of a shell, in which the installed command is found.
    fn shell(&self, script: &str) -> String {
        let installed = self.path("installed");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = [installed.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path));
        let mut command = Command::new("sh");
        command
            .args(["-e", "-c", script])
            .env("PATH", env::join_paths(path).expect("no colons in paths"))
            .env("CARGO_INSTALL_ROOT", installed)
            // What is compiled for one run of the test is there for the next.
            .envs(support::crates::environment())
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        output(&mut command, self.0.path())
    }
}

/// Unpacks what `cargo package` wrote.
fn unpack(package: &str, folder: &Path) {
    fs::create_dir_all(folder).expect("a new folder");
    let file = format!(
        "target/package/{package}-{}.crate",
        env!("CARGO_PKG_VERSION")
    );
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--gzip", "--strip-components=1", "--file"])
        .arg(support::root().join(file));
    output(&mut tar, folder);
}

/// The commands in a section of README.md, which ends at the next heading of any level.
fn commands(section: &str) -> String {
    let readme = fs::read_to_string(support::root().join("README.md")).expect("a text");
    let (_, section) = readme.split_once(section).expect("the section exists");
    let section = section.split("\n#").next().unwrap_or_default();
    let blocks = section.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| Some(block.split_once("```")?.0));
    blocks.collect()
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds the command and crates; run by `cargo xtask test`"
)]
fn readme_works_with_the_packages_alone() {
    let outside = Outside::new();
    outside.shell(&commands("\n## Your own model\n"));

    // Crates that name the runtime, and the generator, by version.
    for options in ["", "--build-script"] {
        outside.shell(&format!("rm -rf shop && drawplate new shop {options}"));
        let printed = outside.shell("cd shop && cargo test --quiet");
        assert!(printed.contains("3 passed"), "{printed}");
        let manifest = fs::read_to_string(outside.path("shop/Cargo.toml")).expect("a manifest");
        assert!(!manifest.contains("path ="), "{manifest}");
    }
}
