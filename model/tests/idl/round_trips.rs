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

pub(crate) fn trials(shared: &Path) -> Vec<Trial> {
    let mut trials = vec![
        trial("round_trips::sample".into(), the_sample_survives),
        trial("round_trips::values".into(), random_values_survive),
    ];
    let folders = [
        "aws-models",
        "protocol-suites",
        "protocol-tests",
        "published",
        "smithy/idl-valid",
    ];
    for folder in folders {
        let folder = shared.join(folder);
        let paths = if folder.is_dir() {
            files(&folder, "json")
        } else {
            Vec::new()
        };
        for path in paths {
            let name = format!("round_trips::{}", name(&path, shared));
            trials.push(trial(name, move || survives(&[path])));
        }
    }
    trials
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
