//! Every rule has a fixture that breaks it, and the printed report is a snapshot. Each fixture is a
//! test of its own.
//!
//! A fixture is named `<code>-<what>`, in `fixtures/bad`. It is one file of a model (`.json`), a
//! folder with all files of one and possibly a configuration (`drawplate.toml`) or a manifest
//! (`Cargo.toml`), or a list of paths to read (`.txt`, one per line, relative to the fixtures)
//! where the files themselves are wrong.
//! `INSTA_UPDATE=always cargo test -p drawplate-tests --test diagnostics` accepts what is printed
//! now; read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use drawplate::workspace;
use drawplate_codegen::{Config, OpenApi, config, manifest, pipeline};
use drawplate_model::diagnostic::Severity;
use drawplate_model::{Code, Report, Sources};
use libtest_mimic::{Arguments, Trial};

/// Tests run in the folder of their crate, so that snapshots have no absolute paths.
const FIXTURES: &str = "fixtures/bad";

fn main() {
    let trial = |fixture: PathBuf| {
        Trial::test(name(&fixture), move || {
            reports_its_code_and_prints_as_before(&fixture);
            Ok(())
        })
    };
    let mut trials: Vec<_> = fixtures().into_iter().map(trial).collect();
    trials.push(Trial::test("every_code_has_a_fixture", || {
        every_code_has_a_fixture();
        Ok(())
    }));
    let order = "the_order_of_files_does_not_change_what_is_reported";
    trials.push(Trial::test(order, || {
        the_order_of_files_does_not_change_what_is_reported();
        Ok(())
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn reports_its_code_and_prints_as_before(fixture: &Path) {
    let name = name(fixture);
    let code = code(&name);
    let (report, sources) = report(&files(fixture), code);
    let printed = report.render(&sources, false);
    // Beside an error there may be warnings.
    let found = report.diagnostics();
    let same = found
        .iter()
        .filter(|found| found.severity() == code.severity());
    let codes: BTreeSet<_> = same.map(|found| found.code).collect();
    assert_eq!(codes, BTreeSet::from([code]), "{name} prints:\n{printed}");
    assert_eq!(report.has_errors(), code.severity() == Severity::Error);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, printed));
}

fn every_code_has_a_fixture() {
    let provoked: BTreeSet<_> = fixtures().iter().map(|path| code(&name(path))).collect();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !provoked.contains(code))
        .collect();
    assert!(
        missing.is_empty(),
        "no fixture in {FIXTURES} breaks {missing:?}"
    );
}

fn the_order_of_files_does_not_change_what_is_reported() {
    let files = files(&Path::new(FIXTURES).join("E0101-conflicting-shapes"));
    let backwards: Vec<_> = files.iter().rev().cloned().collect();
    let codes = |files: &[PathBuf]| {
        let (report, _) = report(files, Code::ConflictingShapes);
        let found = report.diagnostics();
        found.iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&files), codes(&backwards));
}

/// Everything that the stages report about a model; the outputs are those that report `code`.
fn report(files: &[PathBuf], code: Code) -> (Report, Sources) {
    let is_config = |path: &PathBuf| path.ends_with(config::FILE);
    let (configs, models): (Vec<_>, Vec<_>) = files.iter().cloned().partition(is_config);
    let is_manifest = |path: &PathBuf| path.ends_with(manifest::FILE);
    let (manifests, models): (Vec<_>, Vec<_>) = models.into_iter().partition(is_manifest);
    let mut sources = match Sources::read(&models) {
        Ok(sources) => sources,
        Err(report) => return (report, Sources::default()),
    };
    let mut config = Config::default();
    for path in configs {
        let file = sources.read_beside(&path).expect("a fixture can be read");
        if let Err(report) = config.read(&sources, file) {
            return (report, sources);
        }
    }
    if matches!(code, Code::NotInOpenApi | Code::NoOpenApi) {
        config.outputs.push(Box::new(OpenApi));
    }
    let generated = match pipeline::run(&sources, &config) {
        Ok(generated) => generated,
        Err(report) => return (report, sources),
    };
    let mut report = generated.warnings;
    for path in manifests {
        let path = path.canonicalize().expect("a fixture can be read");
        report.merge(if code == Code::NotAMember {
            // The manifest is that of the workspace, and the crate would be generated below it.
            workspace::check_membership(&path.with_file_name("weather"), &mut sources)
        } else {
            let models = &generated.models;
            let (Ok(found) | Err(found)) = manifest::check(&path, &mut sources, models, &config);
            found
        });
    }
    (report, sources)
}

/// All fixtures, sorted by name.
fn fixtures() -> Vec<PathBuf> {
    let mut paths = entries(Path::new(FIXTURES));
    paths.retain(|path| name(path).starts_with(['E', 'W']));
    paths
}

/// The files of a fixture.
fn files(fixture: &Path) -> Vec<PathBuf> {
    if fixture.is_dir() {
        entries(fixture)
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

/// The entries of a folder, sorted by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    paths
}

fn name(fixture: &Path) -> String {
    let stem = fixture.file_stem().expect("a fixture has a name");
    stem.to_string_lossy().into_owned()
}

fn code(name: &str) -> Code {
    let (number, _) = name
        .split_once('-')
        .expect("a fixture is named after its code");
    number
        .parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}
