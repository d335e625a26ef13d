//! The formats of diagnostics.

use std::fmt::Write as _;

use drawplate_model::diagnostic::{LinePosition, LineRange, Located, Place, Report};
use drawplate_model::source::Sources;
use serde_json::{Value, json};

use crate::{console, models};

/// A format of diagnostics.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    /// With the lines of the model, as rustc prints them
    Human,
    /// One line each: `FILE:LINE:COLUMN: error[CODE]: MESSAGE`
    Short,
    /// One JSON object per line
    Json,
    /// Annotations of GitHub workflows
    Github,
}

impl Format {
    /// Prints a report.
    pub(crate) fn print(self, report: &Report, sources: &Sources) -> anyhow::Result<()> {
        let line: fn(&Located<'_>) -> String = match self {
            Self::Human => {
                models::print(report, sources);
                return Ok(());
            }
            Self::Short => |located| located.to_string(),
            Self::Json => |located| json(located).to_string(),
            Self::Github => github,
        };
        for located in report.locate(sources) {
            console::say(line(&located))?;
        }
        Ok(())
    }
}

fn json(located: &Located<'_>) -> Value {
    let Located {
        diagnostic,
        place,
        related,
    } = located;
    let related = diagnostic.related.iter().zip(related);
    let related = related.map(|(related, place)| {
        json!({ "message": related.label, "file": file(place), "range": range(place) })
    });
    json!({
        "code": diagnostic.code.number(),
        "severity": diagnostic.severity().to_string(),
        "message": diagnostic.message,
        "file": file(place),
        "range": range(place),
        "shape": diagnostic.shape,
        "help": diagnostic.help,
        "related": related.collect::<Vec<_>>(),
    })
}

fn file(place: &Place<'_>) -> Option<String> {
    place.file.map(|file| file.display().to_string())
}

fn range(place: &Place<'_>) -> Option<Value> {
    let position = |LinePosition { line, column }| json!({ "line": line, "column": column });
    place
        .range
        .map(|LineRange { start, end }| json!({ "start": position(start), "end": position(end) }))
}

/// A workflow command (GitHub Docs, "Workflow commands for GitHub Actions").
fn github(located: &Located<'_>) -> String {
    let Located {
        diagnostic, place, ..
    } = located;
    let mut properties = Vec::new();
    if let Some(file) = file(place) {
        properties.push(("file", file));
    }
    if let Some(LineRange { start, end }) = place.range {
        properties.push(("line", start.line.to_string()));
        properties.push(("endLine", end.line.to_string()));
        // Columns are shown only where both are in the same line.
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
    }
    properties.push(("title", diagnostic.code.number().to_owned()));
    let properties = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)));
    let properties = properties.collect::<Vec<_>>().join(",");
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        write!(message, "\nhelp: {help}").expect("writing to a string does not fail");
    }
    let severity = diagnostic.severity();
    format!("::{severity} {properties}::{}", data(&message))
}

/// Escapes the text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
