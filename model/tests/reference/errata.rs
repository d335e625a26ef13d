//! Reads `model/ERRATA.md`: the rows that say where a document misprints a fact and what was made
//! of it.
//!
//! Two kinds of table are read. Below the head `document | line | printed | read as | why` the
//! printed text is replaced before the line is read. Below `document | line | printed | chosen |
//! why` stands a decision that needs no change of the text, and its chosen text names a part of the
//! model. Other tables are for people.

use std::fmt;

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The printed text is read as the other.
    Reading,
    /// The printed text stays, and the other names a part of the model.
    Decision,
}

/// A row for one line of one document.
#[derive(Clone, Debug)]
pub(crate) struct Correction {
    /// What the row does.
    pub(crate) kind: Kind,
    /// File stem of the document.
    pub(crate) document: String,
    /// 1-based line.
    pub(crate) line: usize,
    /// What stands on the line, white space collapsed.
    pub(crate) printed: String,
    /// The other text; empty where the printed one is noise.
    pub(crate) chosen: String,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ERRATA.md row `{}` line {}: `{}` -> `{}`",
            self.document, self.line, self.printed, self.chosen
        )
    }
}

/// All corrections of ERRATA.md, one per line number.
///
/// A row that cannot be read is an error, so that no correction is lost by a slip of the pen.
pub(crate) fn corrections(text: &str) -> Result<Vec<Correction>, Vec<String>> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut table = None;
    for (index, line) in text.lines().enumerate() {
        let Some(cells) = cells(line) else {
            table = None;
            continue;
        };
        let plain: Vec<&str> = cells.iter().map(String::as_str).collect();
        if plain.starts_with(&["document", "line"]) {
            table = match plain.as_slice() {
                [_, _, "printed", "read as", "why"] => Some(Kind::Reading),
                [_, _, "printed", "chosen", "why"] => Some(Kind::Decision),
                _ => None,
            };
            if table.is_none() {
                problems.push(format!(
                    "ERRATA.md:{}: `{line}` is not the head of a table known here",
                    index + 1
                ));
            }
        } else if let Some(kind) = table.filter(|_| {
            !plain
                .iter()
                .all(|cell| cell.trim_matches(['-', ':']).is_empty())
        }) {
            match row(kind, &plain) {
                Ok(rows) => found.extend(rows),
                Err(why) => problems.push(format!("ERRATA.md:{}: {why}", index + 1)),
            }
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

fn row(kind: Kind, cells: &[&str]) -> Result<Vec<Correction>, String> {
    let [document, lines, printed, chosen, why] = cells else {
        return Err(format!(
            "{} cells where five are expected; write `\\|` for a bar",
            cells.len()
        ));
    };
    let printed = collapse(code(printed).ok_or("the printed text is not in backticks")?);
    let chosen = match code(chosen) {
        Some(text) => collapse(text),
        None if *chosen == "(none)" => String::new(),
        None => {
            return Err(
                "the text in the fourth cell is neither in backticks nor `(none)`".to_owned(),
            );
        }
    };
    if printed.is_empty() || why.is_empty() {
        return Err("a row needs a printed text and a reason".to_owned());
    }
    let document = code(document).unwrap_or(document).to_owned();
    lines
        .split(',')
        .map(|number| {
            let line = number
                .trim()
                .parse()
                .map_err(|_| format!("`{number}` is not a line number"))?;
            Ok(Correction {
                kind,
                document: document.clone(),
                line,
                printed: printed.clone(),
                chosen: chosen.clone(),
            })
        })
        .collect()
}

/// The cells of a table line; `\|` stands for a bar inside a cell.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = vec![String::new()];
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&'|') => {
                letters.next();
                cells.last_mut()?.push('|');
            }
            '|' => cells.push(String::new()),
            _ => cells.last_mut()?.push(letter),
        }
    }
    Some(
        cells
            .into_iter()
            .map(|cell| cell.trim().to_owned())
            .collect(),
    )
}

/// The text of a code span, whose fence is as many backticks as it takes.
fn code(cell: &str) -> Option<&str> {
    let fence = cell.len() - cell.trim_start_matches('`').len();
    if fence == 0 || cell.len() < 2 * fence {
        return None;
    }
    let inner = cell[fence..].strip_suffix(&cell[..fence])?;
    let padded = inner
        .strip_prefix(' ')
        .and_then(|inner| inner.strip_suffix(' '));
    Some(
        padded
            .filter(|text| !text.trim().is_empty())
            .unwrap_or(inner),
    )
}

/// Runs of white space as one space, none at the ends: what a table cell can say of a line.
pub(crate) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
