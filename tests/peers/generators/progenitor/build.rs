//! Links the generator as a build script does: the program that progenitor's documentation shows.

fn main() {
    println!("cargo::rerun-if-env-changed=GENERATE");
    if let Some(file) = std::env::var_os("GENERATE") {
        let file = std::fs::File::open(file).expect("a document");
        let document = serde_json::from_reader(file).expect("OpenAPI");
        let tokens = progenitor::Generator::default().generate_tokens(&document);
        let file = syn::parse2(tokens.expect("code")).expect("Rust");
        println!("{}", prettyplease::unparse(&file));
    }
}
