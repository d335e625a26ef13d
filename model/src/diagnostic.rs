//! What is wrong with a model, where, and what to do.
//!
//! A [`Diagnostic`] says where by a JSON pointer ([`At`]): line and column are looked up in the text when a [`Report`] is
//! rendered, so that a model without findings never pays for positions.

mod codes;
mod locate;
mod render;

pub use codes::Code;
pub(crate) use locate::{of_number, raw};

use crate::source::{At, Sources};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub at: At,
    /// What part of the JSON at `at` the caret marks.
    pub mark: Mark,
    /// What the caret says; may be empty.
    pub label: String,
    /// The shape id (with `$member` where one is concerned), if there is one.
    pub shape: Option<String>,
    /// Other places that take part.
    pub others: Vec<Place>,
    /// What to do.
    pub help: Option<String>,
}

/// Another place that takes part in a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub at: At,
    /// What part of the JSON at `at` is marked.
    pub mark: Mark,
    /// What it has to do with it.
    pub label: String,
}

/// What part of the JSON at a pointer is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Mark {
    /// The value.
    #[default]
    Value,
    /// The key. An element of an array has none: the element itself.
    Key,
    /// The key where it stands for the last time; the object has it more than once.
    RepeatedKey,
    /// The place of this byte in the text; for what is not JSON. The pointer is empty.
    Byte(usize),
    /// The number that starts at this byte; for one that cannot be read. The pointer is empty.
    Number(usize),
    /// The file as a whole; for what has no text. The pointer is empty.
    File,
}

/// Whether anything is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Generation goes on.
    Warning,
}

impl Diagnostic {
    /// A finding whose caret marks the value at `at`.
    pub fn new(code: Code, message: impl Into<String>, at: At) -> Self {
        Self {
            code,
            message: message.into(),
            at,
            mark: Mark::Value,
            label: String::new(),
            shape: None,
            others: Vec::new(),
            help: None,
        }
    }

    /// Marks another part of the JSON than the value.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }

    /// Marks the key instead of the value.
    #[must_use]
    pub fn key(self) -> Self {
        self.mark(Mark::Key)
    }

    /// Says something at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Names the shape, `namespace#Name` or `namespace#Name$member`.
    #[must_use]
    pub fn shape(mut self, shape: impl std::fmt::Display) -> Self {
        self.shape = Some(format!("{shape}"));
        self
    }

    /// Adds another place, of which the value is marked.
    #[must_use]
    pub fn other(self, at: At, label: impl Into<String>) -> Self {
        self.other_marked(at, Mark::Value, label)
    }

    /// Adds another place, of which the key is marked.
    #[must_use]
    pub fn other_key(self, at: At, label: impl Into<String>) -> Self {
        self.other_marked(at, Mark::Key, label)
    }

    /// Adds another place.
    #[must_use]
    pub fn other_marked(mut self, at: At, mark: Mark, label: impl Into<String>) -> Self {
        self.others.push(Place {
            at,
            mark,
            label: label.into(),
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The severity of its code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The findings of one or more stages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Without findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether anything was found that forbids generation.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Takes the findings of `other`.
    pub fn merge(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// The barrier at the end of a stage: itself as the error when it has errors, else as the stage's warnings.
    pub fn barrier(self) -> Result<Report, Report> {
        if self.has_errors() {
            Err(self)
        } else {
            Ok(self)
        }
    }

    /// The findings, errors before warnings, then by file, pointer and code; each once.
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.diagnostics.iter().collect();
        sorted.sort_by(|a, b| {
            let key = |d: &Diagnostic| {
                let source = d.at.source.map(|id| id.into_raw().into_u32());
                (d.severity() == Severity::Warning, source)
            };
            let rest = |d: &Diagnostic| (d.mark, d.code);
            key(a)
                .cmp(&key(b))
                .then_with(|| a.at.pointer.cmp(&b.at.pointer))
                .then_with(|| rest(a).cmp(&rest(b)))
                .then_with(|| a.message.cmp(&b.message))
        });
        sorted.dedup();
        sorted
    }

    /// Prints the findings as rustc prints its own: in the order in which they stand in the files, errors first.
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
