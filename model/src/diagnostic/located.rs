//! Diagnostics with files, lines and columns, for programs that print them in a format of their
//! own.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use super::{Diagnostic, Report, Severity};
use crate::source::{Location, Locator, Sources, SpanKind};

/// A diagnostic and its position in a file.
///
/// Its `Display` is one line: `model.json:3:7: error[E0103]: the message`.
#[derive(Clone, Debug)]
pub struct Located<'d> {
    /// The diagnostic.
    pub diagnostic: &'d Diagnostic,
    /// Its position.
    pub place: Place<'d>,
    /// The positions of [`Diagnostic::related`], in the same order.
    pub related: Vec<Place<'d>>,
}

/// A position for people and editors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'d> {
    /// The file; `None` for the prelude, and for findings about files that could not be read.
    pub file: Option<&'d Path>,
    /// The marked part; `None` for a whole file.
    pub range: Option<LineRange>,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRange {
    /// The first character.
    pub start: LinePosition,
    /// The position after the last character.
    pub end: LinePosition,
}

/// A position in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinePosition {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// Locates the diagnostics of a report: errors first, then by position.
pub(super) fn locate<'d>(report: &'d Report, sources: &'d Sources) -> Vec<Located<'d>> {
    let mut locator = Locator::new(sources);
    let diagnostics = sorted(report, &mut locator).into_iter();
    diagnostics
        .map(|diagnostic| Located {
            diagnostic,
            place: place(&diagnostic.location, diagnostic.span, &mut locator),
            related: diagnostic
                .related
                .iter()
                .map(|related| place(&related.location, related.span, &mut locator))
                .collect(),
        })
        .collect()
}

/// The diagnostics of a report: errors first, then by position.
pub(super) fn sorted<'d>(report: &'d Report, locator: &mut Locator<'_>) -> Vec<&'d Diagnostic> {
    let start = |it: &'d Diagnostic| {
        let range = locator.range(&it.location, it.span);
        (range.map(|range| range.start), it)
    };
    let mut located: Vec<_> = report.diagnostics().into_iter().map(start).collect();
    // The sort is stable: at the same place, the order of `diagnostics` remains.
    located.sort_by_key(|(start, it)| {
        (
            it.severity() == Severity::Warning,
            it.location.source,
            *start,
        )
    });
    located.into_iter().map(|(_, it)| it).collect()
}

fn place<'d>(location: &Location, kind: SpanKind, locator: &mut Locator<'d>) -> Place<'d> {
    let range = locator.range(location, kind);
    let file = location.source.map(|id| &*locator.sources()[id].path);
    let range = location.source.zip(range).map(|(source, range)| {
        let Range { start, end } = range;
        let [start, end] = [start, end].map(|byte| {
            let at = locator.position(source, byte);
            LinePosition {
                line: at.line,
                column: at.column,
            }
        });
        LineRange { start, end }
    });
    Place { file, range }
}

impl fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { code, message, .. } = self.diagnostic;
        if let Some(file) = self.place.file {
            write!(f, "{}:", file.display())?;
            if let Some(LineRange { start, .. }) = self.place.range {
                write!(f, "{}:{}:", start.line, start.column)?;
            }
            f.write_str(" ")?;
        }
        // A message can quote a name of the model; this is one line.
        let message = message
            .split(char::is_control)
            .collect::<Vec<_>>()
            .join(" ");
        write!(f, "{}[{code}]: {message}", self.diagnostic.severity())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}
