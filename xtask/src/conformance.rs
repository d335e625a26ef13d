//! `cargo xtask conformance`: runs the protocol test cases of models against the client and server
//! generated from them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use drawplate_codegen::pipeline::Generated;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{Config, Conformance, Files, Models, Package, Runtime};
use drawplate_model::model::{CaseHead, CaseSubject, Cases, Model, OperationId};

use crate::{models, say};

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

/// The folder of Smithy's own suites, relative to the root of the workspace.
const SUITES: &str = "../shared/protocol-tests";
/// The folder that suites are built in, relative to the root of the workspace.
const BUILT: &str = "target/conformance";
const EXPECTED: &str = "tests/conformance/expected-failures.json";

/// How to get suites.
const HOW: &str = "Smithy's own suites are the models of smithy-aws-protocol-tests in the repository \
    smithy-lang/smithy: convert them with `smithy ast` of the Smithy CLI, one JSON file per service. \
    Any model with the traits smithy.test#httpRequestTests, httpResponseTests, \
    httpMalformedRequestTests or eventStreamTests is a suite";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let models = if arguments.models.is_empty() {
        published_suites()
    } else {
        arguments.models.clone()
    };
    if models.is_empty() {
        bail!("{SUITES} has no suites in it. {HOW}");
    }
    let built = crate::root().join(BUILT);
    fs::create_dir_all(&built).with_context(|| format!("cannot create {}", built.display()))?;
    // One run at a time: runs share the folder.
    let lock = built.join(".lock");
    let lock = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    lock.lock()
        .context("cannot lock the folder of the suites")?;
    let suites = models
        .iter()
        .map(|path| generate(path))
        .collect::<anyhow::Result<Vec<_>>>()?;
    check_names(&suites)?;
    if let Some(text) = &arguments.filter
        && !suites.iter().any(|suite| suite.has(text))
    {
        bail!("no case and no operation with cases has `{text}` in its name");
    }
    build(&built, &suites)?;
    let mut failed = 0;
    for suite in &suites {
        failed += usize::from(!test(&built, suite, arguments)?);
    }
    if failed > 0 {
        bail!("conformance: {failed} of {} suites failed", suites.len());
    }
    Ok(())
}

/// Smithy's suites, sorted by path; empty if the folder is missing.
pub(crate) fn published_suites() -> Vec<PathBuf> {
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

/// A generated suite.
struct Suite {
    /// Its name, as it is printed.
    name: String,
    /// The name of its package.
    package: String,
    files: Files,
    /// Ids of cases, and names of their operations.
    cases: Vec<String>,
}

impl Suite {
    fn has(&self, text: &str) -> bool {
        self.cases.iter().any(|name| name.contains(text))
    }
}

fn generate(path: &Path) -> anyhow::Result<Suite> {
    let sources = models::read(&[path.to_owned()])?;
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let name = stem.with_context(|| format!("{}: the name is not UTF-8", path.display()))?;
    let package = package(name);
    let folder = |folder: &str| {
        let path = crate::root().join(folder);
        let path = path.to_str().map(str::to_owned);
        path.context("the path of the workspace is not UTF-8")
    };
    let config = Config {
        package: Some(Package {
            name: package.clone(),
        }),
        runtime: Runtime::Path(folder("runtime")?),
        outputs: vec![Box::new(Conformance {
            suite: name.to_owned(),
            library: folder("tests/conformance")?,
        })],
        ..crate::codegen::config(Models::Merged)
    };
    // Warnings are not printed: suites contain what causes them on purpose.
    let Generated { models, files, .. } = models::generate(&sources, &config)?;
    let cases = models.iter().flat_map(|model| case_names(&model.model));
    let cases = cases.collect::<Vec<_>>();
    if cases.is_empty() {
        bail!(
            "{} has no test cases for the protocol of its service. {HOW}",
            path.display()
        );
    }
    Ok(Suite {
        name: name.to_owned(),
        package,
        files,
        cases,
    })
}

/// A name that Cargo and Rust accept.
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

/// The ids of the cases of the services' own protocols, and the names of their operations.
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
        match case.subject {
            CaseSubject::Output(operation) => add(&case.head, operation),
            CaseSubject::Error(error) => errors.push((&case.head, error)),
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

/// Whether a service has the protocol of a case and an operation that the case is for.
fn is_run(model: &Model, head: &CaseHead, is_for: impl Fn(OperationId) -> bool) -> bool {
    let mut services = model.services.values();
    services.any(|service| {
        service.protocol().id() == &*head.protocol
            && service.operations.iter().any(|id| is_for(*id))
    })
}

/// Suites need packages with different names.
fn check_names(suites: &[Suite]) -> anyhow::Result<()> {
    for (index, one) in suites.iter().enumerate() {
        let same = |other: &&Suite| other.package == one.package;
        if let Some(other) = suites[..index].iter().find(same) {
            bail!(
                "the suites `{}` and `{}` have names too similar for two packages; rename a file",
                other.name,
                one.name
            );
        }
    }
    Ok(())
}

/// Writes the suites and builds them together.
fn build(built: &Path, suites: &[Suite]) -> anyhow::Result<()> {
    let mut members = Vec::with_capacity(suites.len());
    for Suite { package, files, .. } in suites {
        let change = Change::compare(&built.join(package), "src", files)?;
        write::apply(&[change])?;
        members.push(format!("{package:?}"));
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
    // The same versions as in this workspace.
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

/// Runs a suite and returns whether every result is as expected.
fn test(built: &Path, suite: &Suite, arguments: &Arguments) -> anyhow::Result<bool> {
    let program = built.join("target/debug").join(&suite.package);
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

/// Reports that the suites are missing.
pub(crate) fn skipped() -> anyhow::Result<()> {
    say(format_args!(
        "== conformance: skipped, {SUITES} has no suites in it; `cargo xtask conformance` tells how to get them"
    ))
}
