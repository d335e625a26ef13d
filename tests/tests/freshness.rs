//! Committed generated code matches its models, whatever the order of their shapes.

use drawplate_tests as support;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use drawplate_codegen::{Files, config};
use drawplate_model::Sources;

/// Models and the sources that are generated from them, below the root.
const TARGETS: [(&str, &str); 3] = [
    ("model/services", "generated/src"),
    ("tests/fixtures/services", "tests/generated/src"),
    ("tests/fixtures/names", "tests/names/src"),
];

#[test]
fn what_is_on_disk_is_what_the_models_say() {
    for (models, sources) in TARGETS {
        let files = generate(models, unchanged);
        let wanted = files
            .iter()
            .map(|(path, _)| path.to_owned())
            .collect::<BTreeSet<_>>();
        assert_eq!(
            list(&support::root().join(sources), ""),
            wanted,
            "{sources}: run `cargo xtask codegen`"
        );
        for (path, text) in files.iter() {
            let found = fs::read_to_string(support::root().join(sources).join(path))
                .expect("the file was listed");
            assert!(
                found == text,
                "{sources}/{path} is stale: run `cargo xtask codegen`"
            );
        }
    }
}

#[test]
fn the_order_of_shapes_in_a_file_does_not_matter() {
    for (models, sources) in TARGETS {
        let files = generate(models, unchanged);
        for seed in 0..8 {
            let shuffled = generate(models, |path, text| {
                let length = path.as_os_str().len();
                shuffle(text, seed ^ u64::try_from(length).unwrap_or(0))
            });
            for (path, text) in files.iter() {
                assert!(
                    shuffled.get(path) == Some(text),
                    "{sources}/{path} depends on the order of shapes (seed {seed})"
                );
            }
        }
    }
}

#[test]
fn two_runs_in_two_threads_agree() {
    let other = std::thread::spawn(|| generate("model/services", unchanged));
    assert!(
        generate("model/services", unchanged) == other.join().expect("generation does not panic")
    );
}

/// The files that are generated from the models in a folder, each changed before.
fn generate(models: &str, change: impl Fn(&Path, &str) -> String) -> Files {
    let folder = support::root().join(models);
    let paths = support::model_files(&folder);
    let mut sources = Sources::from_texts(paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("a model can be read");
        let text = change(&path, &text);
        (path, text)
    }));
    let mut config = support::separate_models();
    let file = folder.join(config::FILE);
    if file.exists() {
        let file = sources.read_beside(&file).expect("it can be read");
        let read = config.read(&sources, file);
        read.expect("the configuration is valid");
    }
    support::generate(&sources, &config)
}

fn unchanged(_: &Path, text: &str) -> String {
    text.to_owned()
}

/// The same model with its shapes in another order.
fn shuffle(text: &str, seed: u64) -> String {
    if text.starts_with('$') {
        return shuffle_idl(text, seed);
    }
    let mut model = serde_json::from_str::<serde_json::Value>(text).expect("a model is JSON");
    let shapes = model["shapes"].as_object_mut().expect("a model has shapes");
    let mut entries = std::mem::take(shapes).into_iter().collect::<Vec<_>>();
    support::random::Random::new(seed).shuffle(&mut entries);
    shapes.extend(entries);
    model.to_string()
}

/// The same for a formatted file in the IDL: a statement ends at a blank line below a line that is
/// not indented.
fn shuffle_idl(text: &str, seed: u64) -> String {
    let mut statements = vec![String::new()];
    let mut is_end = false;
    for line in text.lines() {
        if line.is_empty() && is_end {
            statements.push(String::new());
        } else if let Some(statement) = statements.last_mut() {
            statement.push_str(line);
            statement.push('\n');
        }
        is_end = !line.starts_with(' ');
    }
    let is_head = |it: &String| {
        ["$", "namespace ", "use "]
            .iter()
            .any(|start| it.starts_with(start))
    };
    let heads = statements.iter().take_while(|it| is_head(it)).count();
    let mut shapes = statements.split_off(heads);
    support::random::Random::new(seed).shuffle(&mut shapes);
    statements.extend(shapes);
    statements.join("\n")
}

fn list(folder: &Path, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in folder.read_dir().expect("the folder is there") {
        let entry = entry.expect("a folder can be listed");
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(list(&entry.path(), &format!("{path}/")));
        } else {
            found.insert(path);
        }
    }
    found
}
