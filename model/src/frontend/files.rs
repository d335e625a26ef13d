//! Reads the files of a model.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::build_file::{self, BuildFile};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{Location, SourceId, Sources};

/// The extensions of the files that are read from a folder.
const EXTENSIONS: [&str; 2] = ["json", "smithy"];

impl Sources {
    /// Reads files of UTF-8 text. Of a folder all models are read: the `.smithy` files in it and in
    /// its subfolders, and the `.json` files that are a Smithy model, sorted by path; hidden files
    /// and folders are skipped, and one that is no regular file, such as a pipe, is an error. Of a
    /// folder with `smithy-build.json`, and of that file, the sources
    /// and imports that it names are read. A file is read once. The problems of all files are
    /// reported together. The report has no locations in texts, so it renders with
    /// `&Sources::default()`.
    pub fn read(paths: &[PathBuf]) -> Result<Sources, Report> {
        let mut sources = Sources::default();
        let mut report = Report::new();
        if paths.is_empty() {
            let message = "no model was given";
            let help = "pass one or more files or folders of a Smithy model";
            report.push(Diagnostic::new(Code::NoFiles, message, Location::none()).help(help));
        }
        for path in paths {
            if let Err(wrong) = sources.read_path(path) {
                report.merge(wrong);
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

    fn read_path(&mut self, path: &Path) -> Result<(), Report> {
        if path.is_dir() {
            let build_file = path.join(build_file::NAME);
            if build_file.is_file() {
                return self.read_build_file(&build_file);
            }
            return self.read_folder(path);
        }
        if path
            .file_name()
            .is_some_and(|name| name == build_file::NAME)
        {
            return self.read_build_file(path);
        }
        self.read_file(path)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), Report> {
        if self.has(path) {
            return Ok(());
        }
        let text = read(path)?;
        self.add(path.to_owned(), text, true);
        Ok(())
    }

    /// Whether a file is one of the sources already, under any path.
    fn has(&self, path: &Path) -> bool {
        let Ok(target) = path.canonicalize() else {
            return false;
        };
        let name = path.file_name();
        let mut named = self
            .iter()
            .filter(|(_, source)| source.path.file_name() == name);
        named.any(|(_, source)| source.path.canonicalize().is_ok_and(|it| it == target))
    }

    /// Reads the sources and imports that a `smithy-build.json` names.
    fn read_build_file(&mut self, path: &Path) -> Result<(), Report> {
        let text = read(path)?;
        let id = self.add(path.to_owned(), text, false);
        let mut notices = Report::new();
        let settings = BuildFile::read(&self[id].text, id, &mut notices);
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut report = Report::new();
        let BuildFile { sources, imports } = settings;
        if sources.is_none() && folder.join(build_file::DEFAULT_SOURCE).is_dir() {
            let read = self.read_folder(&folder.join(build_file::DEFAULT_SOURCE));
            report.merge(read.err().unwrap_or_default());
        }
        for (written, range) in sources.unwrap_or_default().into_iter().chain(imports) {
            let path = folder.join(&written);
            let location = Location::range(id, range.bytes());
            if build_file::is_archive(&path) {
                let message = format!("`{written}` is an archive, which is not read");
                let diagnostic = Diagnostic::new(Code::IgnoredBuildSetting, message, location);
                let help = "add the files in its folder `META-INF/smithy` instead";
                notices.push(diagnostic.help(help));
            } else if path.is_dir() {
                let read = self.read_folder(&path);
                report.merge(read.err().unwrap_or_default());
            } else if path.exists() {
                let read = self.read_file(&path);
                report.merge(read.err().unwrap_or_default());
            } else {
                let message = format!("`{}` does not exist", path.display());
                let diagnostic = Diagnostic::new(Code::MissingFile, message, location);
                let help = "paths are relative to the folder of this file";
                notices.push(diagnostic.help(help));
            }
        }
        self.notices_mut().merge(notices);
        report.barrier().map(|_| ())
    }

    fn read_folder(&mut self, folder: &Path) -> Result<(), Report> {
        let mut files = Vec::new();
        self.list(folder, &mut Vec::new(), &mut files)?;
        files.sort();
        let mut report = Report::new();
        let mut found = false;
        for path in files {
            if self.has(&path) {
                found = true;
                continue;
            }
            match read(&path) {
                Ok(text) if is_json(&path) && !is_model(&text) => {}
                Ok(text) => {
                    self.add(path, text, true);
                    found = true;
                }
                Err(wrong) => report.merge(wrong),
            }
        }
        if !found && report.is_empty() {
            let message = format!("`{}` has no model in it", folder.display());
            let help = "a model is a `.smithy` file, or a `.json` file with the key `smithy`";
            report.push(Diagnostic::new(Code::NoFiles, message, Location::none()).help(help));
        }
        report.barrier().map(|_| ())
    }

    /// Lists the files below a folder that may be models. `parents` are the folders above it: a
    /// link to one of them is not followed.
    fn list(
        &mut self,
        folder: &Path,
        parents: &mut Vec<PathBuf>,
        files: &mut Vec<PathBuf>,
    ) -> Result<(), Report> {
        let target = folder
            .canonicalize()
            .map_err(|error| unreadable(folder, error))?;
        if parents.contains(&target) {
            return Ok(());
        }
        parents.push(target);
        self.add_folder(folder.to_owned());
        for entry in folder
            .read_dir()
            .map_err(|error| unreadable(folder, error))?
        {
            let entry = entry.map_err(|error| unreadable(folder, error))?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if path.is_dir() {
                self.list(&path, parents, files)?;
            } else if extension(&path).is_some_and(|found| EXTENSIONS.contains(&found)) {
                files.push(path);
            }
        }
        parents.pop();
        Ok(())
    }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

fn is_json(path: &Path) -> bool {
    extension(path) == Some("json")
}

/// Whether a JSON text is to be read as a model: it has the version of Smithy among its keys, or
/// cannot be parsed, which is reported later. Other JSON in a folder is not meant.
fn is_model(text: &str) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // The error of a text in which the key was found is that not all of it was read.
    let mut found = Keys(false);
    let complete = deserializer.deserialize_any(&mut found).is_ok();
    found.0 || !complete
}

/// Looks for the key `smithy` in an object.
struct Keys(bool);

impl<'de> Visitor<'de> for &mut Keys {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a model")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == "smithy" {
                self.0 = true;
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: impl Display) -> Diagnostic {
    let message = format!("`{}` cannot be read: {error}", path.display());
    Diagnostic::new(Code::UnreadableFile, message, Location::none())
}

/// Whether a path names what the shell passed to this process: its input, or the pipe of `<(..)`.
/// Nothing else but regular files is read, since to read another pipe or a device may never end.
fn is_passed(path: &Path) -> bool {
    let folders = ["/dev/fd", "/proc/self/fd"];
    let paths = ["/dev/null", "/dev/stdin"];
    let folder = path.parent().unwrap_or(path);
    paths.iter().any(|passed| path == Path::new(passed))
        || folders.iter().any(|passed| folder == Path::new(passed))
}

fn read(path: &Path) -> Result<String, Report> {
    let shown = path.display();
    let is_special = path
        .metadata()
        .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    if is_special && !is_passed(path) {
        let help = "use a file; only `/dev/stdin` and `<(..)` of a shell may be a pipe";
        return Err(unreadable(path, "it is not a regular file")
            .help(help)
            .into());
    }
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => {
            let message = format!("`{shown}` is a link to a path that does not exist");
            Diagnostic::new(Code::MissingFile, message, Location::none())
                .help("create what it leads to, or remove the link")
        }
        io::ErrorKind::NotFound => {
            let message = format!("`{shown}` does not exist");
            Diagnostic::new(Code::MissingFile, message, Location::none())
        }
        io::ErrorKind::IsADirectory => unreadable(path, "it is a folder"),
        _ => unreadable(path, error),
    })?;
    decode(bytes).map_err(|what| {
        let message = format!("`{shown}` is not UTF-8: {what}");
        Diagnostic::new(Code::WrongEncoding, message, Location::none())
            .help("convert it to UTF-8")
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
