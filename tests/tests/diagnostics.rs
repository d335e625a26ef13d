//! Every rule has a fixture that provokes it, and what is printed then is a snapshot.
//!
//! A fixture is named `<code>-<what>`, in `fixtures/bad`. It is one file of a model (`.json`), a folder with all files of one, or
//! a list of paths to read (`.txt`, one per line, relative to the fixtures) where the files themselves are what is wrong.
//! `INSTA_UPDATE=always cargo test -p drawplate-tests --test diagnostics` accepts what is printed now; read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use drawplate_codegen::{Config, OpenApi, pipeline};
use drawplate_model::diagnostic::Severity;
use drawplate_model::{Code, Report, Sources};

/// Tests run in the folder of their crate, so that snapshots hold no path of a machine.
const FIXTURES: &str = "fixtures/bad";

#[test]
fn each_fixture_provokes_its_code_and_prints_as_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for fixture in fixtures() {
            let name = fixture
                .file_stem()
                .expect("a fixture has a name")
                .to_string_lossy()
                .into_owned();
            let code = code(&name);
            let (report, sources) = report(&files(&fixture), code);
            let printed = report.render(&sources, false);
            // Beside an error there may be warnings.
            let found = report.diagnostics();
            let same = found
                .iter()
                .filter(|found| found.severity() == code.severity());
            let codes: BTreeSet<_> = same.map(|found| found.code).collect();
            // An operation whose name collides brings types whose names collide too.
            let names = code.number().starts_with("E04");
            let right = if names {
                codes.contains(&code)
            } else {
                codes == BTreeSet::from([code])
            };
            assert!(right, "{name} prints:\n{printed}");
            assert_eq!(
                report.has_errors(),
                code.severity() == Severity::Error,
                "{name}"
            );
            insta::assert_snapshot!(name, printed);
        }
    });
}

#[test]
fn every_code_has_a_fixture() {
    let provoked: BTreeSet<_> = fixtures()
        .iter()
        .map(|path| code(&path.file_stem().unwrap().to_string_lossy()))
        .collect();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !provoked.contains(code))
        .collect();
    assert!(
        missing.is_empty(),
        "no fixture in {FIXTURES} provokes {missing:?}"
    );
}

#[test]
fn every_code_is_explained_with_a_bad_and_a_good_example() {
    use Code::{EmptyFile, MissingFile, NoFiles, NotAFile, UnreadableFile, WrongEncoding};
    for code in Code::ALL {
        let explanation = code.explanation();
        assert!(
            explanation.len() > 80 && explanation.ends_with('\n'),
            "{code}: {explanation}"
        );
        // What is wrong with a whole file is no text to show.
        if matches!(
            code,
            MissingFile | NotAFile | UnreadableFile | WrongEncoding | EmptyFile | NoFiles
        ) {
            continue;
        }
        let (bad, good) = explanation
            .split_once("\nGood:\n")
            .unwrap_or_else(|| panic!("{code} has no good example"));
        assert!(
            bad.contains("\nBad:\n\n```json\n"),
            "{code} has no bad example"
        );
        for (half, name) in [(bad, "bad"), (good, "good")] {
            let example = half
                .split("```json\n")
                .nth(1)
                .and_then(|rest| rest.split("```").next());
            let example =
                example.unwrap_or_else(|| panic!("the {name} example of {code} is not JSON"));
            // Two files in one example are no JSON together.
            if example.contains("// ") {
                continue;
            }
            let whole = example.trim_start().starts_with(['{', '[']);
            let json = if whole {
                example.to_owned()
            } else {
                format!("{{{example}}}")
            };
            if let Err(error) = serde_json::from_str::<serde_json::Value>(&json) {
                assert!(
                    matches!(
                        code,
                        Code::BrokenJson | Code::TooDeep | Code::NumberTooLarge
                    ) && name == "bad",
                    "the {name} example of {code}: {error}\n{example}"
                );
            }
        }
    }
}

#[test]
fn numbers_are_unique_and_read_back() {
    let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
    assert_eq!(numbers.len(), Code::ALL.len());
    for code in Code::ALL {
        assert_eq!(code.number().to_lowercase().parse(), Ok(*code));
    }
}

#[test]
fn the_order_of_files_does_not_change_what_is_found() {
    let files = files(&Path::new(FIXTURES).join("E0101-conflicting-shapes"));
    let backwards: Vec<_> = files.iter().rev().cloned().collect();
    let codes = |files: &[PathBuf]| {
        report(files, Code::ConflictingShapes)
            .0
            .diagnostics()
            .iter()
            .map(|found| found.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&files), codes(&backwards));
}

/// Everything that the stages find in a model; the outputs are those that report `code`.
fn report(files: &[PathBuf], code: Code) -> (Report, Sources) {
    let sources = match Sources::read(files) {
        Ok(sources) => sources,
        Err(report) => return (report, Sources::default()),
    };
    let mut config = Config::default();
    if code == Code::NotInOpenApi {
        config.outputs.push(Box::new(OpenApi));
    }
    let report = match pipeline::run(&sources, &config) {
        Ok(generated) => generated.warnings,
        Err(report) => report,
    };
    (report, sources)
}

/// All fixtures, sorted by name.
fn fixtures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(FIXTURES).expect("the fixtures are there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a folder can be read").path())
        .collect();
    paths.retain(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(['E', 'W']))
    });
    paths.sort();
    paths
}

/// The files of a fixture.
fn files(fixture: &Path) -> Vec<PathBuf> {
    if fixture.is_dir() {
        let entries = std::fs::read_dir(fixture).expect("a fixture can be read");
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("a folder can be read").path())
            .collect();
        files.sort();
        files
    } else if fixture
        .extension()
        .is_some_and(|extension| extension == "txt")
    {
        let list = std::fs::read_to_string(fixture).expect("a fixture can be read");
        list.lines()
            .map(|line| Path::new(FIXTURES).join(line))
            .collect()
    } else {
        vec![fixture.to_owned()]
    }
}

fn code(name: &str) -> Code {
    let (number, _) = name
        .split_once('-')
        .expect("a fixture is named after its code");
    number
        .parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}
