//! `cargo xtask conformance`: runs the test cases that models carry for their protocols against the client and server that are generated from them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use drawplate_codegen::{Files, Suite, Unit};
use drawplate_model::model::{CaseAnswer, CaseHead, Cases, Model, OperationId};

use crate::draw::{self, Stages};
use crate::say;
use crate::write::Tree;

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Smithy JSON AST files, each a suite of its own [default: ../shared/protocol-tests/*.json]
    #[arg(value_name = "MODEL.json")]
    models: Vec<PathBuf>,
    /// Run the cases of one side only; those of the other are counted as 0/0
    #[arg(long, value_name = "SIDE", value_parser = ["client", "server"])]
    side: Option<String>,
    /// Run the cases whose id or operation contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// The cases that are expected to fail [default: tests/conformance/expected-failures.json]
    #[arg(long, value_name = "FILE")]
    expected_failures: Option<PathBuf>,
}

/// Where Smithy's own suites are looked for, below the root of the workspace.
const SUITES: &str = "../shared/protocol-tests";
/// Where suites are built, below the root of the workspace.
const BUILT: &str = "target/conformance";
const EXPECTED: &str = "tests/conformance/expected-failures.json";

/// What is written where there are no suites.
const HOW: &str = "Smithy's own suites are the models of smithy-aws-protocol-tests in the repository smithy-lang/smithy: make JSON of them, one file per \
    service, with `smithy ast` of the Smithy CLI, and put them there or name them. Any model with the traits smithy.test#httpRequestTests, \
    httpResponseTests, httpMalformedRequestTests or eventStreamTests will do";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let models = if arguments.models.is_empty() {
        suites()
    } else {
        arguments.models.clone()
    };
    if models.is_empty() {
        bail!("there is no suite in {SUITES}. {HOW}");
    }
    let built = crate::root().join(BUILT);
    fs::create_dir_all(&built).with_context(|| format!("cannot make {}", built.display()))?;
    // Two runs at a time would build each other's suites.
    let lock = built.join(".lock");
    let lock = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    lock.lock().context("cannot wait for another run")?;
    let drawn = models
        .iter()
        .map(|path| draw(path))
        .collect::<anyhow::Result<Vec<_>>>()?;
    check_names(&drawn)?;
    if let Some(text) = &arguments.filter
        && !drawn.iter().any(|drawn| drawn.has(text))
    {
        bail!("no case and no operation with cases has `{text}` in its name");
    }
    build(&built, &drawn)?;
    let mut failed = 0;
    for drawn in &drawn {
        failed += usize::from(!test(&built, drawn, arguments)?);
    }
    if failed > 0 {
        bail!("conformance: {failed} of {} suites failed", drawn.len());
    }
    Ok(())
}

/// Smithy's suites, if they stand beside the project; sorted by path.
pub(crate) fn suites() -> Vec<PathBuf> {
    let entries = crate::root().join(SUITES).read_dir().into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect::<Vec<_>>();
    paths.sort();
    paths
}

/// A suite that is drawn.
struct Drawn {
    suite: Suite,
    files: Files,
    /// Ids of cases, and names of their operations.
    names: Vec<String>,
}

impl Drawn {
    fn has(&self, text: &str) -> bool {
        self.names.iter().any(|name| name.contains(text))
    }
}

fn draw(path: &Path) -> anyhow::Result<Drawn> {
    let mut stages = Stages::default();
    let read = draw::sources(&[path.to_owned()], &mut stages)?;
    // What a suite is warned of is what it tests.
    let (model, _) = draw::checked(&read, &mut stages)?;
    let names = case_names(&model);
    if names.is_empty() {
        bail!(
            "{} carries no test cases for the protocol of its service. {HOW}",
            path.display()
        );
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.with_context(|| format!("{}: the name is not UTF-8", path.display()))?;
    let origin = draw::origin(path);
    let units = [Unit {
        model: &model,
        origin: &origin,
    }];
    let spelt = draw::names(&units, &read, &mut stages)?;
    let path = |folder: &str| {
        let path = crate::root().join(folder);
        let path = path.to_str().map(str::to_owned);
        path.context("the path of the workspace is not UTF-8")
    };
    let suite = Suite {
        name: stem.to_owned(),
        package: package(stem),
        runtime: path("runtime")?,
        conformance: path("tests/conformance")?,
    };
    let files = drawplate_codegen::conformance(&suite, &units, &spelt);
    Ok(Drawn {
        suite,
        files,
        names,
    })
}

/// A name that Cargo and the language take.
fn package(stem: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    format!("suite-{}", stem.chars().map(plain).collect::<String>())
}

/// The ids of the cases that are run, those of the services' own protocols, and the names of their operations.
fn case_names(model: &Model) -> Vec<String> {
    let Cases {
        requests,
        responses,
        malformed,
        event_streams,
    } = &model.cases;
    let mut names = Vec::new();
    let mut add = |head: &CaseHead, operation: OperationId| {
        if is_run(model, head, |id| id == operation) {
            names.push(head.id.to_string());
            names.push(model.operations[operation].name.name().to_owned());
        }
    };
    for case in requests {
        add(&case.head, case.operation);
    }
    for case in malformed {
        add(&case.head, case.operation);
    }
    for case in event_streams {
        add(&case.head, case.operation);
    }
    let mut errors = Vec::new();
    for case in responses {
        match case.answer {
            CaseAnswer::Output(operation) => add(&case.head, operation),
            CaseAnswer::Error(error) => errors.push((&case.head, error)),
        }
    }
    for (head, error) in errors {
        if is_run(model, head, |id| {
            model.operations[id].errors.contains(&error)
        }) {
            names.push(head.id.to_string());
        }
    }
    names
}

/// Whether a service speaks the protocol of a case and has an operation that it is for.
fn is_run(model: &Model, head: &CaseHead, is_for: impl Fn(OperationId) -> bool) -> bool {
    let mut services = model.services.values();
    services.any(|service| {
        service.protocol.id() == &*head.protocol && service.operations.iter().any(|id| is_for(*id))
    })
}

/// Two suites cannot be told apart that are called the same.
fn check_names(drawn: &[Drawn]) -> anyhow::Result<()> {
    for (index, one) in drawn.iter().enumerate() {
        let same = |other: &&Drawn| other.suite.package == one.suite.package;
        if let Some(other) = drawn[..index].iter().find(same) {
            bail!(
                "the suites `{}` and `{}` are called too much alike; rename a file",
                other.suite.name,
                one.suite.name
            );
        }
    }
    Ok(())
}

/// Writes the suites and builds them together.
fn build(built: &Path, drawn: &[Drawn]) -> anyhow::Result<()> {
    let mut members = Vec::with_capacity(drawn.len());
    for Drawn { suite, files, .. } in drawn {
        let tree = Tree::new(built.join(&suite.package), "src");
        let difference = tree.compare(files)?;
        tree.apply(files, &difference)?;
        members.push(format!("{:?}", suite.package));
    }
    let manifest = format!(
        "# @generated by drawplate for the suites of one run.\n\
         [workspace]\n\
         resolver = \"3\"\n\
         members = [{}]\n\
         \n\
         [profile.dev]\n\
         debug = false\n\
         incremental = false\n",
        members.join(", ")
    );
    replace(&built.join("Cargo.toml"), &manifest)?;
    // The versions are those of this workspace.
    let lock =
        fs::read_to_string(crate::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    replace(&built.join("Cargo.lock"), &lock)?;
    let mut command = Command::new("cargo");
    command
        .args(["build", "--quiet", "--workspace", "--target-dir", "target"])
        .current_dir(built);
    let status = command.status().context("cannot run cargo")?;
    if !status.success() {
        bail!("the suites in {} do not build", built.display());
    }
    Ok(())
}

fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Runs a suite; whether all is as it is expected.
fn test(built: &Path, drawn: &Drawn, arguments: &Arguments) -> anyhow::Result<bool> {
    let program = built.join("target/debug").join(&drawn.suite.package);
    let mut command = Command::new(&program);
    if let Some(side) = &arguments.side {
        command.args(["--side", side]);
    }
    if let Some(text) = &arguments.filter {
        command.args(["--filter", text]);
    }
    let list = arguments.expected_failures.clone();
    let list = list.unwrap_or_else(|| crate::root().join(EXPECTED));
    command.arg("--expected-failures").arg(list);
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    Ok(status.success())
}

/// Says that there is nothing to run.
pub(crate) fn skipped() -> anyhow::Result<()> {
    say(format_args!(
        "== conformance: skipped, there is no suite in {SUITES}; `cargo xtask conformance` says how to get them"
    ))
}
