//! What is wrong with a model, where, and what to do about it.
//!
//! Line and column are looked up in the text when a [`Report`] is rendered, so that a model without
//! diagnostics pays nothing for positions.

mod codes;
mod located;
mod render;

pub use codes::{Code, UnknownCode};
pub use located::{LinePosition, LineRange, Located, Place};

use crate::source::{Location, Sources, SpanKind};

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Where it is wrong.
    pub location: Location,
    /// The part of the item at `location` that is marked.
    pub span: SpanKind,
    /// The text beside the mark; may be empty.
    pub label: String,
    /// The id of the shape, with `$member` if it is about a member.
    pub shape: Option<String>,
    /// Other places that are involved.
    pub related: Vec<Related>,
    /// How to fix it.
    pub help: Option<String>,
}

/// Another place that is involved in a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub location: Location,
    /// The part of the item at `location` that is marked.
    pub span: SpanKind,
    /// How it is involved.
    pub label: String,
}

/// Whether a diagnostic prevents generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Generation continues.
    Warning,
}

impl Diagnostic {
    /// A diagnostic that marks the value at `location`.
    pub fn new(code: Code, message: impl Into<String>, location: Location) -> Self {
        Self {
            code,
            message: message.into(),
            location,
            span: SpanKind::Value,
            label: String::new(),
            shape: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// Marks this part of the item.
    #[must_use]
    pub fn span(mut self, span: SpanKind) -> Self {
        self.span = span;
        self
    }

    /// Marks the name of the item instead of its value.
    #[must_use]
    pub fn name(self) -> Self {
        self.span(SpanKind::Name)
    }

    /// Sets the text beside the mark.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Names the shape: `namespace#Name` or `namespace#Name$member`.
    #[must_use]
    pub fn shape(mut self, shape: impl std::fmt::Display) -> Self {
        self.shape = Some(format!("{shape}"));
        self
    }

    /// Adds a related place whose value is marked.
    #[must_use]
    pub fn related(self, location: Location, label: impl Into<String>) -> Self {
        self.related_span(location, SpanKind::Value, label)
    }

    /// Adds a related place whose name is marked.
    #[must_use]
    pub fn related_name(self, location: Location, label: impl Into<String>) -> Self {
        self.related_span(location, SpanKind::Name, label)
    }

    /// Adds a related place.
    #[must_use]
    pub fn related_span(
        mut self,
        location: Location,
        span: SpanKind,
        label: impl Into<String>,
    ) -> Self {
        self.related.push(Related {
            location,
            span,
            label: label.into(),
        });
        self
    }

    /// Says how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The severity of the code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The diagnostics of one or more stages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// An empty report.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether the report has no diagnostics.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether the report has an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether a rule is broken.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code == code)
    }

    /// Adds the diagnostics of `other`.
    pub fn merge(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Keeps the first of diagnostics that are equal.
    pub fn remove_duplicates(&mut self) {
        let mut kept = Vec::with_capacity(self.diagnostics.len());
        for diagnostic in std::mem::take(&mut self.diagnostics) {
            if !kept.contains(&diagnostic) {
                kept.push(diagnostic);
            }
        }
        self.diagnostics = kept;
    }

    /// Removes the warnings about shapes for which `keep` returns false. It is called with the id
    /// of a shape, without the name of a member.
    pub fn retain_warnings(&mut self, keep: impl Fn(&str) -> bool) {
        self.diagnostics.retain(|diagnostic| {
            let shape = diagnostic.shape.as_deref().unwrap_or_default();
            let owner = shape.split(['$', '/']).next().unwrap_or_default();
            diagnostic.severity() == Severity::Error || keep(owner)
        });
    }

    /// The barrier at the end of a stage: `Err` if the report has an error, otherwise `Ok` with the
    /// warnings.
    pub fn barrier(self) -> Result<Report, Report> {
        if self.has_errors() {
            Err(self)
        } else {
            Ok(self)
        }
    }

    /// The diagnostics: errors before warnings, then by file, position and code; each once.
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| {
            (
                diagnostic.severity() == Severity::Warning,
                diagnostic.location.source,
                &diagnostic.location.position,
                diagnostic.span,
                diagnostic.code,
                &diagnostic.message,
            )
        });
        sorted.dedup();
        sorted
    }

    /// The number of errors.
    pub fn errors(&self) -> usize {
        let found = self.diagnostics().into_iter();
        found
            .filter(|diagnostic| diagnostic.severity() == Severity::Error)
            .count()
    }

    /// The diagnostics with their files, lines and columns, in the order in which they are printed.
    pub fn locate<'d>(&'d self, sources: &'d Sources) -> Vec<Located<'d>> {
        located::locate(self, sources)
    }

    /// Prints the diagnostics in the style of rustc: errors first, in the order of the files.
    pub fn render(&self, sources: &Sources, color: bool) -> String {
        render::report(self, sources, color)
    }
}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
        }
    }
}

impl FromIterator<Diagnostic> for Report {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self {
            diagnostics: diagnostics.into_iter().collect(),
        }
    }
}

impl Extend<Diagnostic> for Report {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.diagnostics.extend(diagnostics);
    }
}
