//! Links the generator as a build script does.

fn main() {
    println!("cargo::rerun-if-env-changed=GENERATE");
    if let Some(model) = std::env::var_os("GENERATE") {
        let built = drawplate_codegen::configure().model(model).build();
        built.expect("the model is valid");
    }
}
