//! The fixtures `idl-format`: files, and how Smithy's formatter prints them.

use std::fs;
use std::path::Path;

use drawplate_model::print::{Mixins, format, json_ast};
use drawplate_model::{Sources, load};
use libtest_mimic::Trial;

use crate::{Outcome, files, name, same, trial};

pub(crate) fn trials(smithy: &Path) -> Vec<Trial> {
    let folder = smithy.join("idl-format");
    let mut trials = Vec::new();
    for path in files(&folder, "smithy") {
        let name = name(&path, &folder);
        if !name.ends_with(".formatted.smithy") {
            trials.push(trial(format!("format::{name}"), move || {
                is_formatted(&path)
            }));
        }
    }
    for folder in ["idl-valid", "protocol-tests-idl", "traits", "validator"] {
        let folder = smithy.join(folder);
        for path in files(&folder, "smithy") {
            let name = name(&path, smithy);
            trials.push(trial(format!("format::{name}"), move || {
                keeps_the_model(&path)
            }));
        }
    }
    trials
}

/// A formatted file has the same shapes and comments, and stays as it is.
fn keeps_the_model(path: &Path) -> Outcome {
    let text = fs::read_to_string(path).expect("a fixture can be read");
    let once = formatted(&text)?;
    same(&formatted(&once)?, &once)?;
    let model = |text: &str| {
        let sources = Sources::from_texts([("m.smithy".into(), text.to_owned())]);
        let ast = load(&sources).map_err(|report| report.diagnostics().len())?;
        let model = json_ast(&ast, Mixins::Keep).map_err(|report| report.diagnostics().len())?;
        Ok::<_, usize>(model.pretty())
    };
    match (model(&text), model(&once)) {
        (Ok(before), Ok(after)) => same(&before, &after)?,
        (Err(_), Err(_)) => {}
        _ => return Err("only one of the two is accepted".into()),
    }
    // Imports that are not used are removed with their comments.
    let is_comment = |line: &&str| line.trim_start().starts_with("//");
    let words = |text: &str| {
        let lines = text.lines().filter(is_comment);
        let words = lines.map(|line| {
            line.trim_start_matches([' ', '\t', '/'])
                .trim_end()
                .to_owned()
        });
        words.filter(|words| !words.is_empty()).collect::<Vec<_>>()
    };
    let (before, after) = (words(&text), words(&once));
    match before.iter().find(|comment| !after.contains(comment)) {
        Some(comment) if !text.contains("\nuse ") => Err(format!("a comment is lost: {comment}")),
        _ => Ok(()),
    }
}

/// A file is formatted as the file beside it; without one, it is formatted already. A formatted
/// file stays as it is.
fn is_formatted(path: &Path) -> Outcome {
    let beside = path.with_extension("formatted.smithy");
    let expected = if beside.is_file() { &beside } else { path };
    let expected = fs::read_to_string(expected).expect("a fixture can be read");
    let text = fs::read_to_string(path).expect("a fixture can be read");
    same(&formatted(&text)?, &expected)?;
    same(&formatted(&expected)?, &expected)
}

/// The formatted text of a file.
pub(crate) fn formatted(text: &str) -> Result<String, String> {
    let sources = Sources::from_texts([("m.smithy".into(), text.to_owned())]);
    let (source, _) = sources.iter().next().expect("there is one source");
    format(&sources, source).map_err(|report| report.render(&sources, false))
}
