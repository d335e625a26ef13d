//! The names of the server's rejections are in the model, which warns of errors with these names,
//! and in the runtime, which sends them.

use std::collections::BTreeSet;
use std::fs;

/// The string literals in a source file that are names: `BadDigest`.
fn names(text: &str) -> BTreeSet<&str> {
    let literals = text.split('"').skip(1).step_by(2);
    literals
        .filter(|literal| {
            literal.starts_with(char::is_uppercase)
                && literal.chars().all(|c| c.is_ascii_alphanumeric())
                && literal.chars().filter(char::is_ascii_uppercase).count() > 1
        })
        .collect()
}

fn read(path: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_model_knows_the_rejections_of_the_server() {
    let model = read("model/src/check/services.rs");
    let list = model.split("const REJECTIONS: &[&str] = &[").nth(1);
    let list = list.and_then(|rest| rest.split_once("];"));
    let (list, _) = list.expect("services.rs has the list REJECTIONS");
    let runtime = read("runtime/src/server/rejection.rs");
    assert_eq!(names(list), names(&runtime));
}
