//! The Smithy IDL, against Smithy's own fixtures of its loader: valid files, each with the JSON AST
//! of the same model, and files that are rejected, each with the place of the error.
//!
//! The fixtures are not part of the project. They are in `../shared`, or in the folder that
//! `DRAWPLATE_SHARED` names. Without it, the tests that read them are ignored; with it, none of
//! them may be missing. Each file is a test of its own.

mod format;
mod fuzz;
mod loader;
mod printer;
mod protocols;
mod round_trips;

use std::fs;
use std::path::{Path, PathBuf};

use drawplate_model::print::{Mixins, json_ast};
use drawplate_model::{Report, Sources, load};
use drawplate_prerequisites as prerequisites;
use libtest_mimic::{Arguments, Trial};

/// The result of a test; the error says what is wrong.
type Outcome = Result<(), String>;

/// The folder of the fixtures, unless the machine has none.
fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    prerequisites::has_shared(&root).then(|| prerequisites::shared(&root))
}

fn main() {
    let mut trials = Vec::new();
    let shared = shared();
    trials.extend(fuzz::trials(shared.as_deref()));
    trials.extend(round_trips::trials(shared.as_deref()));
    if let Some(shared) = shared {
        let smithy = shared.join("smithy");
        trials.extend(loader::trials(&smithy));
        trials.extend(format::trials(&smithy));
        trials.extend(protocols::trials(&shared));
    } else {
        let ignored = Trial::test("fixtures", || Ok(()));
        trials.push(ignored.with_kind("needs ../shared").with_ignored_flag(true));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trial(name: String, test: impl FnOnce() -> Outcome + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(Into::into))
}

/// The files with an extension in a folder and the folders in it, sorted by path.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The path in a folder, with `/` between its parts.
fn name(path: &Path, folder: &Path) -> String {
    let parts = path
        .strip_prefix(folder)
        .expect("it is in the folder")
        .iter();
    let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The model of files as a JSON AST, one line per value, with sorted keys.
fn printed(paths: &[PathBuf], mixins: Mixins) -> Result<String, String> {
    let render = |sources: &Sources, report: Report| report.render(sources, false);
    let sources = Sources::read(paths).map_err(|it| render(&Sources::default(), it))?;
    let ast = load(&sources).map_err(|it| render(&sources, it))?;
    let json = json_ast(&ast, mixins).map_err(|it| render(&sources, it))?;
    let mut json: serde_json::Value =
        serde_json::from_str(&json.to_string()).expect("a model prints as JSON");
    json.sort_all_objects();
    Ok(serde_json::to_string_pretty(&json).expect("JSON prints"))
}

/// Compares two texts; the error shows the first lines that differ.
fn same(one: &str, other: &str) -> Outcome {
    if one == other {
        return Ok(());
    }
    let lines = one.lines().zip(other.lines()).enumerate();
    let different = lines.filter(|(_, (one, other))| one != other).take(5);
    let different =
        different.map(|(line, (one, other))| format!("{line}: {one}\n{line}: {other}\n"));
    Err(format!(
        "the texts differ\n{}",
        different.collect::<String>()
    ))
}
