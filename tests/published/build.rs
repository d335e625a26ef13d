//! Generates the clients from the models in `../shared`, or in the folder that `DRAWPLATE_SHARED`
//! names. Where they are missing, the crate is empty and its tests are ignored.
//!
//! `cfg(shared)` is set if the models are there, `cfg(python)` if the packages of
//! `tests/interop/requirements.txt` are installed.

#[path = "../../xtask/src/lists.rs"]
mod lists;

use std::path::{Path, PathBuf};
use std::{env, error, fs};

use drawplate_codegen::pipeline::{self, Generated};
use drawplate_codegen::{Config, Layout, Rust};
use drawplate_model::source::Sources;

/// The models, each with the file of its client.
const MODELS: [(&str, &str); 2] = [
    ("aws-models/sts.json", "sts.rs"),
    ("published/sns.json", "sns.rs"),
];

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-env-changed=DRAWPLATE_SHARED");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(shared, python)");
    let variable = |name| env::var_os(name).map(PathBuf::from);
    let package = variable("CARGO_MANIFEST_DIR").ok_or("this is a build script")?;
    let root = package.join("../..");
    let out = variable("OUT_DIR").ok_or("this is a build script")?;

    let shared = variable("DRAWPLATE_SHARED").unwrap_or_else(|| root.join("../shared"));
    let models = MODELS.map(|(model, file)| (shared.join(model), file));
    if models.iter().all(|(model, _)| model.exists()) {
        println!("cargo::rustc-cfg=shared");
        for (model, file) in &models {
            println!("cargo::rerun-if-changed={}", model.display());
            generate(model, file, &out)?;
        }
    }
    let listed = root.join("tests/interop/requirements.txt");
    let installed = root.join("target/interop/requirements.txt");
    if env::var_os("CARGO_FEATURE_FULL").is_some() {
        println!("cargo::rerun-if-changed={}", installed.display());
        println!("cargo::rerun-if-changed={}", listed.display());
        if fs::read(installed).is_ok_and(|installed| Some(installed) == fs::read(listed).ok()) {
            println!("cargo::rustc-cfg=python");
        }
    }
    Ok(())
}

/// Writes a client, and the list of its operations.
fn generate(model: &Path, file: &str, out: &Path) -> Result<(), Box<dyn error::Error>> {
    let unreadable = |_| format!("cannot read {}", model.display());
    let sources = Sources::read(&[model.to_owned()]).map_err(unreadable)?;
    let config = Config {
        layout: Layout::file(file),
        outputs: vec![Box::new(Rust), Box::new(lists::Lists)],
        docs: false,
        ..Config::default()
    };
    let generated = pipeline::run(&sources, &config);
    let Generated { files, .. } = generated.map_err(|report| report.render(&sources, false))?;
    for (path, text) in files.iter() {
        // `include!` accepts no documentation of the file itself.
        let lines = text.lines().filter(|line| !line.starts_with("//!"));
        let lines = lines.collect::<Vec<_>>().join("\n");
        let path = if path == file {
            out.join(file)
        } else {
            out.join(format!("lists-{file}"))
        };
        fs::write(path, lines)?;
    }
    Ok(())
}
