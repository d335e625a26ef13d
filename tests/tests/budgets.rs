//! What generated code costs those who build it, by what can be counted: no clock. The bounds, and
//! the reason for each, are in `budgets.toml`.

use drawplate_tests as support;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;

use amplify_admin::amplifybackend::client::Call;
use amplify_admin::amplifybackend::{Client, operation};
use drawplate_model::load;
use drawplate_model::print::{Mixins, json_ast};
use drawplate_model::source::{Source, Sources};
use object::{Object as _, ObjectSymbol as _, SymbolKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budgets {
    generated: Vec<Generated>,
    endpoints: Vec<Endpoints>,
    packages: Vec<Packages>,
    functions: Functions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generated {
    models: String,
    bytes_per_model_byte: f64,
    lines: u32,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Endpoints {
    model: PathBuf,
    lines: u32,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Packages {
    #[serde(default = "generated_package")]
    package: String,
    features: Vec<String>,
    most: u32,
    why: String,
}

/// The generated crate whose packages are counted.
fn generated_package() -> String {
    "amplify-admin".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Functions {
    per_operation: f64,
    runtime: u32,
    why: String,
}

fn budgets() -> Budgets {
    let text = fs::read_to_string(support::root().join("tests/budgets.toml"));
    toml::from_str(&text.expect("the bounds can be read")).expect("they are bounds")
}

/// Fails where `counted` is past its bound, and says what to do.
fn check(what: impl fmt::Display, counted: impl Into<f64>, most: impl Into<f64>, why: &str) {
    let (counted, most) = (counted.into(), most.into());
    println!("{what}: {counted:.2} of {most:.2}");
    assert!(
        counted <= most,
        "{what}: {counted:.2}, and the bound is {most:.2}: {:.2} too many. The bound stands because: {why}\n\
         Make it smaller again; where the growth is worth it, raise the bound in tests/budgets.toml and say there what it buys.",
        counted - most
    );
}

#[test]
fn generated_source_is_no_longer_than_it_may_be() {
    for Generated {
        models,
        bytes_per_model_byte,
        lines,
        why,
    } in budgets().generated
    {
        let paths = support::model_files(&support::root().join(&models));
        let sources = Sources::read(&paths).expect("the models can be read");
        let files = support::generate(&sources, &support::separate_models());
        let bytes = sources
            .iter()
            .map(|(_, source)| number(length(source)))
            .sum::<f64>();
        let made = files
            .iter()
            .map(|(_, text)| number(text.len()))
            .sum::<f64>();
        let counted = files
            .iter()
            .map(|(_, text)| number(text.lines().count()))
            .sum::<f64>();
        check(
            format!("{models}: bytes per byte of the models"),
            made / bytes,
            bytes_per_model_byte,
            &why,
        );
        check(format!("{models}: lines"), counted, lines, &why);
    }
}

#[test]
fn tables_of_endpoint_rules_are_no_longer_than_they_may_be() {
    for Endpoints { model, lines, why } in budgets().endpoints {
        let sources = Sources::read(&[support::root().join(&model)]);
        let sources = sources.expect("the model can be read");
        let files = support::generate(&sources, &support::separate_models());
        let tables = files
            .iter()
            .filter(|(path, _)| path.ends_with("endpoint.rs"));
        let counted = tables.map(|(_, text)| number(text.lines().count()));
        let counted = counted.sum::<f64>();
        let model = model.display();
        assert!(counted > 0.0, "{model} has no endpoint rules");
        check(
            format!("{model}: lines of endpoint rules"),
            counted,
            lines,
            &why,
        );
    }
}

/// The length of a model as a JSON AST, which is longer than the same model in the IDL.
fn length(source: &Source) -> usize {
    if source.path.extension().is_some_and(|it| it == "json") {
        return source.text.len();
    }
    let sources = Sources::from_texts([(source.path.clone(), source.text.clone())]);
    let json = load(&sources).and_then(|ast| json_ast(&ast, Mixins::Keep));
    json.expect("the model is valid").pretty().len()
}

#[test]
fn a_feature_brings_no_more_packages_than_it_may() {
    for Packages {
        package,
        features,
        most,
        why,
    } in budgets().packages
    {
        let features = features.join(",");
        let counted = packages(&package, &features);
        check(
            format!("packages of {package} with the features [{features}]"),
            counted,
            most,
            &why,
        );
    }
}

/// How many packages a crate is built from, itself among them.
fn packages(package: &str, features: &str) -> u32 {
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "tree",
            "--package",
            package,
            "--no-default-features",
            "--features",
            features,
        ])
        .args(["--edges", "normal", "--target", "x86_64-unknown-linux-gnu"])
        .args([
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--no-dedupe",
            "--locked",
            "--offline",
        ])
        .current_dir(support::root());
    let output = command.output().expect("cargo runs");
    let (listed, error) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{command:?}: {error}");
    let packages = listed.lines().collect::<BTreeSet<_>>();
    u32::try_from(packages.len()).expect("a tree has fewer packages")
}

/// Mentions what awaiting a call of an operation runs, so that it is compiled and linked.
macro_rules! awaited {
    ({ $($operation:ident $method:ident $setter:ident [$input:ident];)* }) => {
        [$(awaited(Client::$method)),*]
    };
}

type Polled<O, E> = fn(
    std::pin::Pin<&mut Call<O, E>>,
    &mut std::task::Context<'_>,
) -> std::task::Poll<<Call<O, E> as Future>::Output>;

fn awaited<I, O, E>(method: fn(&Client, I) -> Call<O, E>) -> usize
where
    O: drawplate_runtime::Structure,
    E: drawplate_runtime::OperationError,
{
    let poll: Polled<O, E> = <Call<O, E> as Future>::poll;
    black_box(method);
    black_box(poll) as usize
}

#[test]
#[cfg_attr(
    not(all(debug_assertions, unix)),
    ignore = "counts the symbols of an unoptimized program of Unix"
)]
fn an_operation_adds_no_more_functions_than_it_may() {
    let operations = drawplate_tests::amplifybackend_operations!(awaited!);
    assert_eq!(
        operations.len(),
        operation::SERVICE.operations.len(),
        "each operation is mentioned"
    );
    let program = fs::read(std::env::current_exe().expect("a program has a path"));
    let Counted { repeated, runtime } = functions(&program.expect("a program can be read"));
    let bounds = budgets().functions;
    check(
        "functions per operation",
        number(repeated) / number(operations.len()),
        bounds.per_operation,
        &bounds.why,
    );
    check(
        "functions of the runtime",
        number(runtime),
        bounds.runtime,
        &bounds.why,
    );
}

/// The functions of ours in a program.
struct Counted {
    /// Generated functions, and all instances but one of each function of the runtime: what grows
    /// with the number of operations.
    repeated: usize,
    /// Functions of the runtime, whatever their number of instances.
    runtime: usize,
}

fn functions(program: &[u8]) -> Counted {
    let file = object::File::parse(program).expect("the format of the program is known");
    let symbols = file
        .symbols()
        .filter(|symbol| symbol.is_definition() && symbol.kind() == SymbolKind::Text);
    let names = symbols.filter_map(|symbol| symbol.name().ok());
    let ours =
        names.filter(|name| name.contains("amplify_admin") || name.contains("drawplate_runtime"));
    let ours = ours.collect::<BTreeSet<_>>();
    assert!(!ours.is_empty(), "the program has a table of symbols");
    let of_the_runtime = ours.iter().filter(|name| !name.contains("amplify_admin"));
    let runtime = of_the_runtime
        .map(|name| path(name))
        .collect::<BTreeSet<_>>()
        .len();
    Counted {
        repeated: ours.len() - runtime,
        runtime,
    }
}

/// A symbol without the hash that tells apart the instances of a generic function.
fn path(symbol: &str) -> &str {
    symbol.rsplit_once("17h").map_or(symbol, |(path, _)| path)
}

fn number(count: usize) -> f64 {
    u32::try_from(count)
        .expect("source and programs are small")
        .into()
}
