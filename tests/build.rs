//! Finds out what the suites can use on this machine. A test that needs more is compiled as
//! ignored, with the reason.
//!
//! - `cfg(shared)`: the reference material, in `../shared` or in the folder that `DRAWPLATE_SHARED`
//!   names.
//! - `cfg(python)`: the packages of `tests/interop/requirements.txt`, installed by
//!   `cargo xtask test`.
//! - `cfg(node)`: the packages of `tests/web/package.json`, installed by `cargo xtask test`.
//! - `cfg(chromium)`: the same, and the browser. `DRAWPLATE_CHROMIUM` is its path.
//! - `cfg(go)`: `cfg(python)`, with Java for openapi-generator, and Go with the package that its
//!   clients need.
//! - `cfg(api_toolchain)`: the compiler that lists public APIs, installed with rustup.
//!
//! The feature `full` enables the tests that are slow or need other programs. Cargo reruns a build
//! script as long as a file that it depends on is missing, and then rebuilds every suite; therefore
//! missing material is watched for only with `full`.

#[path = "../xtask/src/chromium.rs"]
mod chromium;
#[path = "../xtask/src/go.rs"]
mod go;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What has to be in the reference material, as folders.
const FOLDERS: [&str; 5] = [
    "aws-models",
    "protocol-tests",
    "published",
    "reference",
    "smithy",
];

/// Where package managers install Chromium.
const CHROMIUM: &str = "/usr/bin/chromium";

fn main() {
    println!("cargo::rerun-if-env-changed=DRAWPLATE_SHARED");
    println!("cargo::rustc-check-cfg=cfg(shared, python, node, chromium, go, api_toolchain)");

    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let root = package.parent().expect("the package is in the workspace");
    let full = env::var_os("CARGO_FEATURE_FULL").is_some();
    watch(&root.join("tests/build.rs"));

    let shared =
        env::var_os("DRAWPLATE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let present = FOLDERS.iter().all(|folder| shared.join(folder).is_dir());
    if present {
        println!("cargo::rustc-cfg=shared");
    }
    if present || full {
        watch(&shared.join("README.md"));
    }

    if full {
        let is_installed = |list: &str, stamp: &str| {
            let (listed, installed) = (root.join(list), root.join(stamp));
            watch(&listed);
            watch(&installed);
            let listed = fs::read(listed).expect("the list of packages is in the workspace");
            fs::read(installed).is_ok_and(|installed| installed == listed)
        };
        if is_installed(
            "tests/interop/requirements.txt",
            "target/interop/requirements.txt",
        ) {
            println!("cargo::rustc-cfg=python");
            watch(Path::new(go::PACKAGED));
            if go::is_installed() {
                println!("cargo::rustc-cfg=go");
            }
        }
        if is_installed(
            "tests/web/package-lock.json",
            "target/web/package-lock.json",
        ) {
            println!("cargo::rustc-cfg=node");
            let chromium = chromium::find();
            if let Some(chromium) = &chromium {
                println!("cargo::rustc-cfg=chromium");
                println!("cargo::rustc-env=DRAWPLATE_CHROMIUM={}", chromium.display());
            }
            watch(&chromium.unwrap_or_else(|| CHROMIUM.into()));
        }
        if runs("rustup", &["run", "1.95.0", "rustc", "--version"]) {
            println!("cargo::rustc-cfg=api_toolchain");
        }
    }
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}
