//! Outputs: kinds of files that are generated from models.

use std::fmt;

use drawplate_model::diagnostic::Report;
use proc_macro2::TokenStream;

use crate::{CheckedModel, Config};

/// A kind of files that is generated from models. [`Config::outputs`] lists those that are wanted.
pub trait Output: fmt::Debug + Send + Sync {
    /// The files of this output. Findings go to `report`; after an error none of the files are
    /// used.
    fn files<'a>(
        &'a self,
        models: &'a [CheckedModel],
        config: &'a Config,
        report: &mut Report,
    ) -> Vec<SourceFile<'a>>;

    /// Whether the files are the modules of a crate, as [`Config::layout`] says. Other files need
    /// no crate around them.
    fn has_modules(&self) -> bool {
        false
    }
}

/// A file before it is rendered.
#[derive(Debug)]
pub struct SourceFile<'a> {
    /// Its path, relative to the output folder, with `/` between its parts.
    pub path: String,
    /// The models that it is generated from, as its header names them.
    pub origin: String,
    /// Its content.
    pub text: Text<'a>,
}

/// The content of a file.
pub enum Text<'a> {
    /// Rust items, to be formatted below a header.
    Rust(Tokens<'a>),
    /// Sections of Rust below one header. Each is formatted by itself, so that threads share them.
    Sections(Vec<Section<'a>>),
    /// Text as it is. It includes [`files::GENERATED`](crate::files::GENERATED) in a comment among
    /// its first lines.
    Plain(String),
    /// Text as it is, of a file that belongs to the user once it is written: it is never replaced.
    Initial(String),
}

/// A function that creates the tokens of Rust items. It is called once, on some thread.
pub type Tokens<'a> = Box<dyn FnOnce() -> TokenStream + Send + 'a>;

/// A section of a file of Rust.
pub enum Section<'a> {
    /// Items, to be formatted.
    Items(Tokens<'a>),
    /// A line as it is: the start or end of a module around other sections.
    Line(String),
}

impl<'a> SourceFile<'a> {
    /// A file of Rust.
    pub fn rust(
        path: impl Into<String>,
        origin: impl Into<String>,
        tokens: impl FnOnce() -> TokenStream + Send + 'a,
    ) -> Self {
        Self {
            path: path.into(),
            origin: origin.into(),
            text: Text::Rust(Box::new(tokens)),
        }
    }

    /// A file of any other kind.
    pub fn plain(path: impl Into<String>, origin: impl Into<String>, text: String) -> Self {
        Self {
            path: path.into(),
            origin: origin.into(),
            text: Text::Plain(text),
        }
    }
}

impl SourceFile<'_> {
    /// A file that belongs to the user once it is written.
    pub fn initial(path: impl Into<String>, origin: impl Into<String>, text: String) -> Self {
        Self {
            path: path.into(),
            origin: origin.into(),
            text: Text::Initial(text),
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rust(_) => f.write_str("Rust(..)"),
            Self::Sections(sections) => f.debug_tuple("Sections").field(sections).finish(),
            Self::Plain(text) => f.debug_tuple("Plain").field(text).finish(),
            Self::Initial(text) => f.debug_tuple("Initial").field(text).finish(),
        }
    }
}

impl fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Items(_) => f.write_str("Items(..)"),
            Self::Line(line) => f.debug_tuple("Line").field(line).finish(),
        }
    }
}
