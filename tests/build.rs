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

use std::env;
use std::path::{Path, PathBuf};

use drawplate_prerequisites as prerequisites;

/// Where package managers install Chromium.
const CHROMIUM: &str = "/usr/bin/chromium";

fn main() {
    println!("cargo::rerun-if-env-changed=DRAWPLATE_SHARED");
    println!("cargo::rustc-check-cfg=cfg(shared, python, node, chromium, go, api_toolchain)");

    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let root = package.parent().expect("the package is in the workspace");
    let full = env::var_os("CARGO_FEATURE_FULL").is_some();
    watch(&root.join("tests/build.rs"));

    let present = prerequisites::has_shared(root);
    if present {
        println!("cargo::rustc-cfg=shared");
    }
    if present || full {
        watch(&prerequisites::shared(root).join("README.md"));
    }

    if full {
        let are_installed = |packages: prerequisites::Packages| {
            watch(&root.join(packages.list));
            watch(&root.join(packages.stamp));
            packages.are_installed(root)
        };
        if are_installed(prerequisites::PYTHON) {
            println!("cargo::rustc-cfg=python");
            watch(Path::new(prerequisites::GO_SOURCES));
            if prerequisites::has_go() {
                println!("cargo::rustc-cfg=go");
            }
        }
        if are_installed(prerequisites::NODE) {
            println!("cargo::rustc-cfg=node");
            let chromium = prerequisites::chromium();
            if let Some(chromium) = &chromium {
                println!("cargo::rustc-cfg=chromium");
                println!("cargo::rustc-env=DRAWPLATE_CHROMIUM={}", chromium.display());
            }
            watch(&chromium.unwrap_or_else(|| CHROMIUM.into()));
        }
        if prerequisites::has_toolchain(prerequisites::API) {
            println!("cargo::rustc-cfg=api_toolchain");
        }
    }
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}
