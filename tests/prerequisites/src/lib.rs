//! What the tests need besides cargo, and whether it is there. `cargo xtask test` installs some of
//! it, build scripts decide by it which tests are ignored, and the suite `repository` checks that
//! they decided well.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest compiler that the published crates support: the `rust-version` of the workspace.
pub const OLDEST: &str = "1.88.0";

/// The compiler whose rustdoc lists the public API: the format of others is different.
pub const API: &str = "1.95.0";

/// Whether rustup has a toolchain of this version.
pub fn has_toolchain(version: &str) -> bool {
    succeeds("rustup", &["run", version, "rustc", "--version"])
}

/// What has to be in the reference material, as folders.
pub const SHARED: [&str; 7] = [
    "aws-models",
    "cases",
    "protocol-suites",
    "protocol-tests",
    "published",
    "reference",
    "smithy",
];

/// The folder of the reference material, which may be missing: the value of `DRAWPLATE_SHARED`, or
/// `shared` beside the root of the workspace.
pub fn shared(root: &Path) -> PathBuf {
    env::var_os("DRAWPLATE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from)
}

/// Whether the reference material should be there: a part of it is, or `DRAWPLATE_SHARED` is set.
/// If another part is missing, the tests that need it fail.
pub fn has_shared(root: &Path) -> bool {
    let shared = shared(root);
    env::var_os("DRAWPLATE_SHARED").is_some()
        || SHARED.iter().any(|folder| shared.join(folder).is_dir())
}

/// Packages in a folder below `target`. Paths are relative to the root of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Packages {
    /// The file that lists the packages.
    pub list: &'static str,
    /// Its copy, which is made when all of them are installed.
    pub stamp: &'static str,
}

/// The Python packages of the interop tests.
pub const PYTHON: Packages = Packages {
    list: "tests/interop/requirements.txt",
    stamp: "target/interop/requirements.txt",
};

/// The npm packages of the tests that call a backend from TypeScript and from a browser.
pub const NODE: Packages = Packages {
    list: "tests/web/package-lock.json",
    stamp: "target/web/package-lock.json",
};

impl Packages {
    /// Whether all packages of the list are installed in a workspace.
    pub fn are_installed(&self, root: &Path) -> bool {
        let [listed, installed] = [self.list, self.stamp].map(|file| fs::read(root.join(file)));
        matches!((listed, installed), (Ok(listed), Ok(installed)) if listed == installed)
    }
}

/// Where Debian's packages have the sources of Go.
pub const GO_SOURCES: &str = "/usr/share/gocode";

/// The only package that clients in Go need besides the standard library.
pub const GO_PACKAGE: &str = "gopkg.in/validator.v2";

/// Whether there is what a client in Go is made with: Go, its package, and Java for
/// openapi-generator.
pub fn has_go() -> bool {
    Path::new(GO_SOURCES).join("src").join(GO_PACKAGE).is_dir()
        && succeeds("go", &["version"])
        && succeeds("java", &["-version"])
}

/// The path of Chromium: the first in `PATH` that can be started.
pub fn chromium() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser"];
    let mut programs =
        env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    programs.find(|program| succeeds(program, &["--version"]))
}

/// Whether a program can be run and succeeds. Its output is dropped.
fn succeeds(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
