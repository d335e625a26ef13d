//! The same model gives the same bytes, whatever the order of its shapes and whichever process
//! generates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::value::RawValue;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The models of a folder.
fn models(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let models = paths.filter(|path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.contains("\"smithy\"")
    });
    models.collect()
}

/// The same model with its shapes in another order.
fn reordered(text: &str) -> String {
    // Values keep their text: a number can be too large for a double.
    type Object<'a> = BTreeMap<&'a str, &'a RawValue>;
    let mut model = serde_json::from_str::<Object>(text).expect("a model is JSON");
    let shapes = model.remove("shapes").expect("a model has shapes");
    let shapes = serde_json::from_str::<Object>(shapes.get()).expect("shapes are an object");
    // Neither as written nor sorted: every other one, then the rest, from the end.
    let (last, first): (Vec<_>, Vec<_>) = shapes
        .into_iter()
        .enumerate()
        .partition(|(index, _)| index % 2 == 0);
    let shapes = first.into_iter().chain(last).rev();
    let shapes = object(shapes.map(|(_, (id, shape))| (id, shape.get())));
    let others = model.into_iter().map(|(key, value)| (key, value.get()));
    object(others.chain([("shapes", &*shapes)]))
}

/// The text of an object with these entries.
fn object<'a, T: AsRef<str>>(entries: impl Iterator<Item = (&'a str, T)>) -> String {
    let entries = entries.map(|(key, value)| format!("{key:?}:{}", value.as_ref()));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

/// Generates a crate in a process of its own: texts by path.
fn generate(folder: &Path, name: &str, text: &str) -> BTreeMap<PathBuf, String> {
    let model = folder.join(name);
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(&model, text).expect("the model can be written");
    let out = folder.join("crate");
    let output = Command::new(env!("CARGO_BIN_EXE_drawplate-for-tests"))
        .args(["generate", "--name", "twice", "--out"])
        .args([&out, &model])
        .output()
        .expect("drawplate runs");
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut files = BTreeMap::new();
    read(&out, &out, &mut files);
    files
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in folder.read_dir().expect("the folder is there") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let text = fs::read_to_string(&path).expect("generated files are text");
            let path = path.strip_prefix(root).expect("it is below");
            files.insert(path.to_owned(), text);
        }
    }
}

fn check(models: &[PathBuf]) {
    assert!(!models.is_empty(), "there are models");
    let folder = tempfile::tempdir().expect("a folder can be made");
    for path in models {
        let name = path.file_name().expect("it has one").to_string_lossy();
        let text = fs::read_to_string(path).expect("a model can be read");
        let other = reordered(&text);
        let first = generate(&folder.path().join("first").join(&*name), &name, &text);
        let second = generate(&folder.path().join("second").join(&*name), &name, &other);
        assert!(first.len() > 10, "{name} has a crate");
        for (path, text) in &first {
            assert!(
                second.get(path) == Some(text),
                "{name}: {} depends on the order or the process",
                path.display()
            );
        }
        assert_eq!(first.len(), second.len(), "{name}");
    }
}

#[test]
fn a_model_in_another_order_and_process_gives_the_same_bytes() {
    let folders = [
        "model/services",
        "tests/fixtures/services",
        "tests/fixtures/conformance",
    ];
    let models = folders
        .iter()
        .flat_map(|folder| models(&root().join(folder)));
    check(&models.collect::<Vec<_>>());
}

#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared/protocol-tests")]
fn a_protocol_suite_in_another_order_and_process_gives_the_same_bytes() {
    check(&models(&drawplate_tests::shared("protocol-tests")));
}
