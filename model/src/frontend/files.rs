//! Reads the files of a model.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{Location, SourceId, Sources};

impl Sources {
    /// Reads files of UTF-8 text. The problems of all files are reported together. The report has
    /// no locations in texts, so it renders with `&Sources::default()`.
    pub fn read(paths: &[PathBuf]) -> Result<Sources, Report> {
        let mut sources = Sources::default();
        let mut report = Report::new();
        if paths.is_empty() {
            let message = "no model was given";
            let help = "pass one or more files of a Smithy model";
            report.push(Diagnostic::new(Code::NoFiles, message, Location::none()).help(help));
        }
        for path in paths {
            match read(path) {
                Ok(text) => {
                    sources.add(path.clone(), text, true);
                }
                Err(wrong) => report.merge(wrong),
            }
        }
        report.barrier().map(|_| sources)
    }

    /// Reads a file that is not a part of the model, such as a configuration. Diagnostics can have
    /// locations in it.
    pub fn read_beside(&mut self, path: &Path) -> Result<SourceId, Report> {
        let text = read(path)?;
        Ok(self.add(path.to_owned(), text, false))
    }
}

fn read(path: &Path) -> Result<String, Report> {
    let shown = path.display();
    let diagnostic = |code, message: String| Diagnostic::new(code, message, Location::none());
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => diagnostic(
            Code::MissingFile,
            format!("the file `{shown}` does not exist"),
        ),
        _ => diagnostic(
            Code::UnreadableFile,
            format!("`{shown}` cannot be read: {error}"),
        ),
    })?;
    if metadata.is_dir() {
        let help = format!("pass the files in it: `{}`", path.join("*.json").display());
        let message = format!("`{shown}` is a folder");
        return Err(diagnostic(Code::NotAFile, message).help(help).into());
    }
    let bytes = std::fs::read(path).map_err(|error| {
        diagnostic(
            Code::UnreadableFile,
            format!("`{shown}` cannot be read: {error}"),
        )
    })?;
    decode(bytes).map_err(|what| {
        let help = "convert it to UTF-8";
        diagnostic(
            Code::WrongEncoding,
            format!("`{shown}` is not UTF-8: {what}"),
        )
        .help(help)
        .into()
    })
}

/// The text of a file without its byte order mark. The error says which encoding it seems to have.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] => return Err("it looks like UTF-32, little endian".into()),
        [0, 0, 0xfe, 0xff, ..] => return Err("it looks like UTF-32, big endian".into()),
        [0xff, 0xfe, ..] | [b'{', 0, ..] => {
            return Err("it looks like UTF-16, little endian".into());
        }
        [0xfe, 0xff, ..] | [0, b'{', ..] => return Err("it looks like UTF-16, big endian".into()),
        [0x1f, 0x8b, ..] => return Err("it is compressed with gzip".into()),
        _ => {}
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        let byte = error.as_bytes()[valid.len()];
        format!("line {line} has the byte 0x{byte:02x}")
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}
