//! Finds the reference documents and corrects their lines as ERRATA.md says.

use std::path::{Path, PathBuf};

use drawplate_prerequisites as prerequisites;

use crate::errata::{Correction, Kind, collapse};

/// A line of a document after correction.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Where it stands, for messages.
    pub(crate) place: Place,
    /// The text with white space collapsed and corrections applied.
    pub(crate) raw: String,
    /// The same without heading marks, emphasis and escapes: text recognition used them at random.
    pub(crate) text: String,
}

/// Document and line of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// File stem.
    pub(crate) document: String,
    /// 1-based.
    pub(crate) line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.txt:{}", self.document, self.line)
    }
}

/// The folder with the documents, unless the machine has none.
pub(crate) fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    prerequisites::has_shared(&root).then(|| prerequisites::shared(&root).join("reference"))
}

/// The corrected lines of one document, and what went wrong with its corrections.
pub(crate) fn lines(
    document: &str,
    text: &str,
    corrections: &[Correction],
) -> (Vec<Line>, Vec<String>) {
    let mut raw: Vec<String> = text.lines().map(collapse).collect();
    let mut problems = Vec::new();
    // Decisions are about what is printed, so they are held against the lines before those change.
    let (decisions, readings): (Vec<&Correction>, Vec<&Correction>) = corrections
        .iter()
        .filter(|correction| correction.document == document)
        .partition(|correction| correction.kind == Kind::Decision);
    for correction in decisions.into_iter().chain(readings) {
        let line = correction
            .line
            .checked_sub(1)
            .and_then(|index| raw.get_mut(index));
        match line {
            Some(line) if line.contains(&correction.printed) => {
                if correction.kind == Kind::Reading {
                    *line = collapse(&line.replace(&correction.printed, &correction.chosen));
                }
            }
            Some(line) => problems.push(format!(
                "{correction} does not apply: the line reads `{line}`"
            )),
            None => problems.push(format!(
                "{correction} does not apply: there is no such line"
            )),
        }
    }
    let lines = raw
        .into_iter()
        .enumerate()
        .map(|(index, raw)| Line {
            place: Place {
                document: document.to_owned(),
                line: index + 1,
            },
            text: plain(&raw),
            raw,
        })
        .collect();
    (lines, problems)
}

fn plain(raw: &str) -> String {
    let unmarked = raw
        .trim_start_matches('#')
        .replace("**", "")
        .replace("\\_", "_");
    let unmarked = unmarked.trim();
    if unmarked.starts_with("```") {
        unmarked.to_owned()
    } else {
        unmarked.replace('`', "")
    }
}
