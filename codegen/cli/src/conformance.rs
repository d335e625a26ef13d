//! `drawplate conformance`: runs the test cases of models, those of protocols and of endpoint
//! rules, against the client and server generated from them.

mod endpoints;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use drawplate_codegen::pipeline::Generated;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{CheckedModel, Config, Conformance, Files, Package, Runtime};
use drawplate_model::Sources;
use drawplate_model::model::{CaseHead, CaseSubject, Cases, Model, OperationId, Service};

use crate::paths::RUNTIME;
use crate::{console, models, paths, say};

/// The arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files of Smithy models, or folders of them; each is a suite of its own
    #[arg(required = true, value_name = "MODEL")]
    pub models: Vec<PathBuf>,
    /// Which cases are run, and which of them may fail.
    #[command(flatten)]
    pub selection: Selection,
    /// The folder that suites are built in
    #[arg(long, value_name = "DIR", default_value = "target/conformance")]
    pub build_dir: PathBuf,
    /// The configuration, of which `runtime` applies [default: drawplate.toml in the current
    /// folder, if it exists]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of drawplate-runtime [default: that of the configuration, otherwise its version
    /// in the registry]
    #[arg(long, value_name = "DIR")]
    pub runtime_path: Option<PathBuf>,
    /// The folder of drawplate-conformance, needed if drawplate-runtime is a folder [default: its
    /// version in the registry]
    #[arg(long, value_name = "DIR")]
    pub conformance_path: Option<PathBuf>,
    /// A Cargo.lock with the versions of dependencies [default: the newest]
    #[arg(long, value_name = "FILE")]
    pub lock: Option<PathBuf>,
}

/// Which cases are run, and which of them may fail.
#[derive(Debug, Default, clap::Args)]
pub struct Selection {
    /// Run the cases of one side only; those of the other are counted as 0/0
    #[arg(long, value_name = "SIDE", value_parser = ["client", "server"])]
    pub side: Option<String>,
    /// Run the cases whose id or operation contains this; of endpoint rules, those with it in them
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// A JSON file with the cases that are expected to fail
    #[arg(long, value_name = "FILE")]
    pub expected_failures: Option<PathBuf>,
}

/// What a suite is and how to get one.
pub const HOW: &str = "Any model with the traits smithy.test#httpRequestTests, httpResponseTests, \
    httpMalformedRequestTests or eventStreamTests, or smithy.rules#endpointTests, is a suite. Smithy's own suites are the models of \
    smithy-aws-protocol-tests in the repository smithy-lang/smithy";

/// Generates, builds and runs suites. Returns what they have printed.
pub fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let Arguments {
        models,
        selection,
        build_dir,
        config,
        runtime_path,
        conformance_path,
        lock,
    } = arguments;
    let libraries = libraries(
        config.as_deref(),
        runtime_path.as_deref(),
        conformance_path.as_deref(),
    )?;
    let built = paths::normal(build_dir)?;
    fs::create_dir_all(&built).with_context(|| format!("cannot create {}", built.display()))?;
    // One run at a time: runs share the folder.
    let guard = built.join(".lock");
    let guard =
        File::create(&guard).with_context(|| format!("cannot write {}", guard.display()))?;
    guard
        .lock()
        .context("cannot lock the folder of the suites")?;
    let suites = models
        .iter()
        .map(|path| generate(path, &libraries))
        .collect::<anyhow::Result<Vec<_>>>()?;
    check_names(&suites)?;
    if let Some(text) = &selection.filter
        && !suites.iter().any(|suite| suite.has(text))
    {
        bail!("no case and no operation with cases has `{text}` in its name");
    }
    build(&built, &suites, lock.as_deref())?;
    let (mut failed, mut printed) = (0, String::new());
    for suite in &suites {
        failed += usize::from(!test(&built, suite, selection, &mut printed)?);
    }
    if failed > 0 {
        bail!("conformance: {failed} of {} suites failed", suites.len());
    }
    Ok(printed)
}

/// What generated suites depend on.
struct Libraries {
    runtime: Runtime,
    /// The path of `drawplate-conformance`; `None` for its version in the registry.
    conformance: Option<String>,
}

/// The libraries, from the options or the configuration.
fn libraries(
    config: Option<&Path>,
    runtime: Option<&Path>,
    conformance: Option<&Path>,
) -> anyhow::Result<Libraries> {
    let mut configured = Config::default();
    let file = models::config_file(config);
    if let Some(file) = &file {
        models::configure(&mut configured, &mut Sources::default(), file)?;
    }
    // An absolute path suits the packages of all suites.
    let absolute = |folder: &Path, package: &str| {
        let folder = paths::normal(folder)?;
        paths::dependency(&folder, &folder, package)
    };
    let runtime = paths::runtime(runtime, &configured, file.as_deref());
    let runtime = runtime
        .map(|folder| absolute(&folder, RUNTIME))
        .transpose()?;
    let conformance = conformance
        .map(|folder| absolute(folder, "drawplate-conformance"))
        .transpose()?;
    match (&runtime, &conformance) {
        (Some(_), None) => bail!(
            "drawplate-runtime is a folder, and drawplate-conformance has to use the same: pass \
             the folder of the latter with `--conformance-path DIR`"
        ),
        (None, Some(_)) => bail!(
            "drawplate-conformance is a folder, and uses a drawplate-runtime in a folder: pass \
             that folder with `--runtime-path DIR`, or set `runtime.path` in the configuration"
        ),
        _ => Ok(Libraries {
            runtime: runtime.map_or(Runtime::Registry, Runtime::Path),
            conformance,
        }),
    }
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

fn generate(path: &Path, libraries: &Libraries) -> anyhow::Result<Suite> {
    let sources = endpoints::with_protocols(models::read(&[path.to_owned()])?);
    // A folder can be passed as `.`.
    let full = paths::normal(path)?;
    let stem = full.file_stem().and_then(|stem| stem.to_str());
    let name = stem.with_context(|| format!("{}: the name is not UTF-8", path.display()))?;
    let package = package(name);
    let (checked, _) = models::try_models(&sources)?;
    let config = Config {
        services: endpoints::selection(&checked, |model, service| {
            !case_names(model, service).is_empty()
        }),
        package: Some(Package {
            name: package.clone(),
        }),
        runtime: libraries.runtime.clone(),
        outputs: vec![Box::new(Conformance {
            suite: name.to_owned(),
            library: libraries.conformance.clone(),
        })],
        ..Config::default()
    };
    // Warnings are not printed: suites contain what causes them on purpose.
    let Generated { models, files, .. } = models::generate(&sources, &config)?;
    let services = models.iter().flat_map(|CheckedModel { model, .. }| {
        let services = model.services.values();
        services.map(move |service| (model, service))
    });
    let cases = services.flat_map(|(model, service)| {
        let endpoints = service.endpoint_cases.iter();
        let endpoints = endpoints.map(|case| case.value.to_string());
        case_names(model, service).into_iter().chain(endpoints)
    });
    let cases = cases.collect::<Vec<_>>();
    if cases.is_empty() {
        bail!(
            "{} has no test cases of endpoint rules or for the protocol of its service. {HOW}",
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

/// The ids of the cases of a service's own protocol, and the names of their operations.
fn case_names(model: &Model, service: &Service) -> Vec<String> {
    let Cases {
        requests,
        responses,
        malformed,
        event_streams,
    } = &model.cases;
    let mut names = Vec::new();
    let mut add = |head: &CaseHead, operation: OperationId| {
        if is_run(service, head, |id| id == operation) {
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
        if is_run(service, head, |id| {
            model.operations[id].errors.contains(&error)
        }) {
            names.push(head.id.to_string());
        }
    }
    names
}

/// Whether a service has the protocol of a case and an operation that the case is for.
fn is_run(service: &Service, head: &CaseHead, is_for: impl Fn(OperationId) -> bool) -> bool {
    service.protocol().id() == &*head.protocol && service.operations.iter().any(|id| is_for(*id))
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
fn build(built: &Path, suites: &[Suite], lock: Option<&Path>) -> anyhow::Result<()> {
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
    if let Some(lock) = lock {
        let text = fs::read_to_string(lock);
        let text = text.with_context(|| format!("cannot read {}", lock.display()))?;
        replace(&built.join("Cargo.lock"), &text)?;
    }
    let mut command = Command::new("cargo");
    command
        .args(["build", "--workspace", "--target-dir", "target"])
        .current_dir(built);
    if !console::shows_progress() {
        command.arg("--quiet");
    }
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

/// Runs a suite and returns whether every result is as expected. What it prints is added to
/// `printed`.
fn test(
    built: &Path,
    suite: &Suite,
    selection: &Selection,
    printed: &mut String,
) -> anyhow::Result<bool> {
    let Selection {
        side,
        filter,
        expected_failures,
    } = selection;
    let program = built.join("target/debug").join(&suite.package);
    let mut command = Command::new(&program);
    if let Some(side) = side {
        command.args(["--side", side]);
    }
    if let Some(text) = filter {
        command.args(["--filter", text]);
    }
    if let Some(list) = expected_failures {
        command.arg("--expected-failures").arg(list);
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !text.is_empty() {
        say(text.trim_end())?;
    }
    printed.push_str(&text);
    Ok(output.status.success())
}
