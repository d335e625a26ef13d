//! Links the generator as a build script does.

fn main() {
    println!("cargo::rerun-if-env-changed=GENERATE");
    if let Some(file) = std::env::var_os("GENERATE") {
        tonic_prost_build::compile_protos(file).expect("a valid file");
    }
}
