//! Models that are printed as the IDL and read again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use drawplate_model::ast::{Ast, Metadata};
use drawplate_model::node::{Node, Number, Object, Value};
use drawplate_model::print::{Mixins, json_ast};
use drawplate_model::{Sources, load};
use libtest_mimic::Trial;

use crate::fuzz::Random;
use crate::{Outcome, files, name, printer, same, trial};

/// Files that cannot be printed because they have no model, each with the reason.
const REJECTED: &[(&str, &str)] = &[
    (
        "cases/apply-to-prelude.json",
        "it changes a shape of the prelude",
    ),
    (
        "smithy/validator/loader/default-trait-in-implicit-1.0.smithy",
        "a trait of version 2.0 in a file of version 1.0",
    ),
    (
        "smithy/validator/loader/detects-duplicates-with-members.smithy",
        "two shapes have one id",
    ),
    (
        "smithy/validator/loader/dupe-list-member-names.smithy",
        "a list has a member twice",
    ),
    (
        "smithy/validator/loader/dupe-service-binding.smithy",
        "a service has a property twice",
    ),
    (
        "smithy/validator/loader/idl-invalid-list-and-map-members.smithy",
        "lists and maps lack members",
    ),
    (
        "smithy/validator/loader/invalid-list-and-map-elision.smithy",
        "lists and maps lack members",
    ),
    (
        "smithy/validator/loader/json-invalid-set-members.json",
        "sets lack members",
    ),
    (
        "smithy/validator/loader/metadata-must-be-object.json",
        "the metadata is a string",
    ),
    (
        "smithy/validator/loader/shapes-must-be-object.json",
        "the shapes are a string",
    ),
    (
        "smithy/validator/loader/unsupported-json-version.json",
        "the version of Smithy is unknown",
    ),
];

pub(crate) fn trials(shared: Option<&Path>) -> Vec<Trial> {
    let mut trials = vec![
        trial("round_trips::sample".into(), the_sample_survives),
        trial("round_trips::values".into(), random_values_survive),
    ];
    let Some(shared) = shared else {
        return trials;
    };
    let folders = [
        "aws-models",
        "cases",
        "protocol-suites",
        "protocol-tests",
        "published",
        "smithy/endpoint-rules-tests",
        "smithy/idl-valid",
        "smithy/openapi",
        "smithy/validator",
    ];
    for folder in folders {
        for path in models(&shared.join(folder)) {
            let name = name(&path, shared);
            let is_rejected = REJECTED.iter().any(|(rejected, _)| *rejected == name);
            trials.push(trial(format!("round_trips::{name}"), move || {
                if is_rejected {
                    rejects(&path)
                } else {
                    survives(&[path])
                }
            }));
        }
    }
    trials
}

/// The models in a folder, in both formats. Documents of OpenAPI are not models.
fn models(folder: &Path) -> Vec<PathBuf> {
    let mut paths = files(folder, "json");
    paths.retain(|path| !path.to_string_lossy().ends_with(".openapi.json"));
    paths.extend(files(folder, "smithy"));
    paths
}

/// A model is the same after it is printed and read again.
fn survives(paths: &[PathBuf]) -> Outcome {
    let sources = Sources::read(paths).map_err(|it| it.render(&Sources::default(), false))?;
    let start = Instant::now();
    let ast = load(&sources).map_err(|it| it.render(&sources, false))?;
    let json = start.elapsed();
    let before = json_ast(&ast, Mixins::Keep).map_err(|it| it.render(&sources, false))?;
    let texts = printer::print(&ast);
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let texts = texts.into_iter().map(|(name, text)| (name.into(), text));
    let printed = Sources::from_texts(texts);
    let start = Instant::now();
    let again = load(&printed).map_err(|it| it.render(&printed, false))?;
    let idl = start.elapsed();
    let after = json_ast(&again, Mixins::Keep).map_err(|it| it.render(&printed, false))?;
    if std::env::var_os("DRAWPLATE_TIMES").is_some() {
        eprintln!(
            "{:?} JSON {json:?} IDL {idl:?} {bytes}",
            paths[0].file_name()
        );
    }
    same(&before.pretty(), &after.pretty())
}

/// A file has no model, as `REJECTED` says.
fn rejects(path: &Path) -> Outcome {
    let sources =
        Sources::read(&[path.to_owned()]).map_err(|it| it.render(&Sources::default(), false))?;
    let json = load(&sources).and_then(|ast| json_ast(&ast, Mixins::Keep));
    json.map_or(Ok(()), |_| {
        Err("it has a model now: remove it from the list".to_owned())
    })
}

fn the_sample_survives() -> Outcome {
    survives(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/idl/sample.smithy")])
}

/// Values of every kind, with texts that need escapes, are the same after they are printed.
fn random_values_survive() -> Outcome {
    let sources = Sources::default();
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let mut ast = Ast::new(&sources);
        ast.metadata.push(Metadata {
            source: None,
            key: text(&mut random).into(),
            value: value(&mut random, 5),
        });
        let before = json_ast(&ast, Mixins::Keep).expect("one value has no conflict");
        let texts = printer::print(&ast).into_iter();
        let printed = Sources::from_texts(texts.map(|(name, text)| (name.into(), text)));
        let again = load(&printed).map_err(|it| it.render(&printed, false))?;
        let after = json_ast(&again, Mixins::Keep).expect("one value has no conflict");
        same(&before.pretty(), &after.pretty()).map_err(|it| format!("seed {seed}: {it}"))?;
    }
    Ok(())
}

fn text(random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "a",
        "B",
        "_",
        "7",
        " ",
        "\"",
        "\\",
        "/",
        "\n",
        "\r",
        "\t",
        "\u{1}",
        "\u{e9}",
        "\u{1f600}",
        "true",
        "//",
        "\"\"\"",
        "$",
        "#",
        "{",
        "]",
    ];
    (0..random.below(8)).map(|_| random.pick(PIECES)).collect()
}

fn value(random: &mut Random, depth: usize) -> Node<'static> {
    let kinds = if depth == 0 { 5 } else { 7 };
    match random.below(kinds) {
        0 => Node::new(Value::Null),
        1 => Node::from(random.below(2) == 0),
        2 => {
            let digits = random.pick(&[
                "0",
                "-1",
                "2.50",
                "1e400",
                "-9.9E-9",
                "18446744073709551616",
            ]);
            Node::new(Value::Number(
                Number::parse(digits).expect("it is a number"),
            ))
        }
        3 | 4 => Node::new(Value::String(text(random).into())),
        5 => {
            let items = (0..random.below(4)).map(|_| value(random, depth - 1));
            Node::new(Value::Array(items.collect()))
        }
        _ => {
            let mut object = Object::default();
            for _ in 0..random.below(4) {
                let key = text(random);
                if object.get(&key).is_none() {
                    object.entries.push((key.into(), value(random, depth - 1)));
                }
            }
            Node::from(object)
        }
    }
}
