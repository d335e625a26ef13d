//! The texts that a model is read from, and locations in them.

mod json;
mod location;
mod locator;

use std::ops::Index;
use std::path::{Path, PathBuf};

use la_arena::{Arena, Idx};

use crate::diagnostic::Report;

pub use location::{Location, Position, Span, SpanKind, TextRange};

pub(crate) use locator::{LineColumn, Locator};

/// Identifies a [`Source`].
pub type SourceId = Idx<Source>;

/// One file.
#[derive(Debug)]
pub struct Source {
    /// The path as the user gave it; diagnostics print it.
    pub path: PathBuf,
    /// The text, without a byte order mark.
    pub text: String,
    /// Whether it is a part of the model.
    is_model: bool,
}

/// The files of one model.
#[derive(Debug, Default)]
pub struct Sources {
    files: Arena<Source>,
    folders: Vec<PathBuf>,
    /// What is wrong with the files that say which files to read.
    notices: Report,
}

impl Sources {
    /// Sources that are not files; a path need not exist.
    pub fn from_texts(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Sources {
        let source = |(path, text): (PathBuf, String)| {
            let text = text
                .strip_prefix('\u{feff}')
                .map(str::to_owned)
                .unwrap_or(text);
            let is_model = true;
            Source {
                path,
                text,
                is_model,
            }
        };
        Sources {
            files: texts.into_iter().map(source).collect(),
            folders: Vec::new(),
            notices: Report::new(),
        }
    }

    pub(crate) fn add(&mut self, path: PathBuf, text: String, is_model: bool) -> SourceId {
        self.files.alloc(Source {
            path,
            text,
            is_model,
        })
    }

    pub(crate) fn add_folder(&mut self, folder: PathBuf) {
        self.folders.push(folder);
    }

    pub(crate) fn notices(&self) -> &Report {
        &self.notices
    }

    pub(crate) fn notices_mut(&mut self) -> &mut Report {
        &mut self.notices
    }

    /// The paths of all files that were read, and of the folders that were searched for some.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let files = self.files.iter().map(|(_, source)| &source.path);
        files.chain(&self.folders).map(PathBuf::as_path)
    }

    /// The files of the model, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.files.iter().filter(|(_, source)| source.is_model)
    }

    /// The text of the value at a location; `None` if the location has none.
    pub fn text(&self, location: &Location) -> Option<&str> {
        let text = &*self[location.source?].text;
        match &location.position {
            Position::File => Some(text),
            Position::Pointer(pointer) => json::value(text, pointer),
            Position::Span(span) => text.get(span.value.bytes()),
        }
    }
}

impl Index<SourceId> for Sources {
    type Output = Source;

    fn index(&self, id: SourceId) -> &Source {
        &self.files[id]
    }
}
