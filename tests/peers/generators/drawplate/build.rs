//! Links the generator as a build script does.

use drawplate_codegen::{Config, pipeline};
use drawplate_model::Sources;

fn main() {
    println!("cargo::rerun-if-env-changed=GENERATE");
    if let Some(model) = std::env::var_os("GENERATE") {
        let sources = Sources::read(&[model.into()]).expect("a model");
        pipeline::run(&sources, &Config::default()).expect("a valid model");
    }
}
