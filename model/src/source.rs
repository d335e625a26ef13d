//! The texts that a model is read from, and places in them.

use std::ops::Index;
use std::path::{Path, PathBuf};

use la_arena::{Arena, Idx};

use crate::diagnostic::{Code, Diagnostic, Mark, Report};

/// Identifies a [`Source`].
pub type SourceId = Idx<Source>;

/// One file of JSON.
#[derive(Debug)]
pub struct Source {
    /// As the user named it; what diagnostics print.
    pub path: PathBuf,
    /// Its text, without a byte order mark.
    pub text: String,
}

/// The files of one model.
#[derive(Debug, Default)]
pub struct Sources {
    files: Arena<Source>,
}

impl Sources {
    /// Reads files of UTF-8 text. Everything that is wrong with any of them is reported at once; the report renders
    /// without sources (`&Sources::default()`), since nothing in it stands in a text.
    pub fn read(paths: &[PathBuf]) -> Result<Sources, Report> {
        let mut sources = Sources::default();
        let mut report = Report::new();
        if paths.is_empty() {
            let message = "no model was given";
            let help = "name one or more files that hold a Smithy JSON AST";
            report.push(Diagnostic::new(Code::NoFiles, message, At::nowhere()).help(help));
        }
        for path in paths {
            match read(path) {
                Ok(text) => {
                    sources.files.alloc(Source {
                        path: path.clone(),
                        text,
                    });
                }
                Err(wrong) => report.merge(wrong),
            }
        }
        report.barrier().map(|_| sources)
    }

    /// Sources that are not files; a path need not exist.
    pub fn from_texts(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Sources {
        let source = |(path, text): (PathBuf, String)| {
            let text = text
                .strip_prefix('\u{feff}')
                .map(str::to_owned)
                .unwrap_or(text);
            Source { path, text }
        };
        Sources {
            files: texts.into_iter().map(source).collect(),
        }
    }

    /// The files, in the order in which they were named.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.files.iter()
    }
}

impl Index<SourceId> for Sources {
    type Output = Source;

    fn index(&self, id: SourceId) -> &Source {
        &self.files[id]
    }
}

fn read(path: &Path) -> Result<String, Report> {
    let shown = path.display();
    let diagnostic =
        |code, message: String| Diagnostic::new(code, message, At::nowhere()).mark(Mark::File);
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            diagnostic(Code::MissingFile, format!("there is no file `{shown}`"))
        }
        _ => diagnostic(
            Code::UnreadableFile,
            format!("`{shown}` cannot be read: {error}"),
        ),
    })?;
    if metadata.is_dir() {
        let help = format!("name the files in it: `{}`", path.join("*.json").display());
        let message = format!("`{shown}` is a directory");
        return Err(diagnostic(Code::NotAFile, message).help(help).into());
    }
    let bytes = std::fs::read(path).map_err(|error| {
        diagnostic(
            Code::UnreadableFile,
            format!("`{shown}` cannot be read: {error}"),
        )
    })?;
    decode(bytes).map_err(|what| {
        let help = "convert it to UTF-8, the encoding of JSON (RFC 8259, section 8.1)";
        diagnostic(
            Code::WrongEncoding,
            format!("`{shown}` is not UTF-8: {what}"),
        )
        .help(help)
        .into()
    })
}

/// The text of a file without its byte order mark, or which encoding it seems to be in.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] => return Err("it starts like UTF-32, little endian".into()),
        [0, 0, 0xfe, 0xff, ..] => return Err("it starts like UTF-32, big endian".into()),
        [0xff, 0xfe, ..] | [b'{', 0, ..] => {
            return Err("it starts like UTF-16, little endian".into());
        }
        [0xfe, 0xff, ..] | [0, b'{', ..] => return Err("it starts like UTF-16, big endian".into()),
        [0x1f, 0x8b, ..] => return Err("it is compressed with gzip".into()),
        _ => {}
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        let byte = error.as_bytes()[valid.len()];
        format!("byte 0x{byte:02x} on line {line}")
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// A place in a source: a JSON pointer (RFC 6901). Line and column are looked up only when something is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The file; `None` for what no file holds (the prelude).
    pub source: Option<SourceId>,
    /// The pointer, escaped.
    pub pointer: Box<str>,
}

impl At {
    /// The place of what no file holds.
    pub fn nowhere() -> Self {
        Self {
            source: None,
            pointer: "".into(),
        }
    }

    /// The top of a file.
    pub fn root(source: SourceId) -> Self {
        Self {
            source: Some(source),
            pointer: "".into(),
        }
    }

    /// The place of a member or element of the JSON at this place.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let mut pointer = String::with_capacity(self.pointer.len() + 1 + token.len());
        pointer.push_str(&self.pointer);
        push_token(&mut pointer, token);
        Self {
            source: self.source,
            pointer: pointer.into(),
        }
    }

    /// The place of a trait of the shape or member at this place.
    #[must_use]
    pub fn of_trait(&self, id: &str) -> Self {
        self.join("traits").join(id)
    }
}

/// Adds one token to a JSON pointer, escaped.
pub(crate) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(character),
        }
    }
}
