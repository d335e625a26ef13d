//! Models that are printed as the IDL and read again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use drawplate_model::print::{Mixins, json_ast};
use drawplate_model::{Sources, load};
use libtest_mimic::Trial;

use crate::{Outcome, files, name, printer, same, trial};

pub(crate) fn trials(shared: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    let folders = [
        "aws-models",
        "protocol-suites",
        "protocol-tests",
        "published",
        "smithy/idl-valid",
    ];
    for folder in folders {
        for path in files(&shared.join(folder), "json") {
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
