//! Brings folders in line with generated files: all of it, or nothing.
//!
//! [`Change::compare`] compares first, so that a build script or a check touches nothing that is up
//! to date; [`apply`] writes only what differs.

mod staged;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use self::staged::Staged;
use crate::Files;
use crate::files::{GENERATED, is_generated};

/// How a folder differs from the files that it is to hold. Paths are relative to the folder,
/// sorted.
#[derive(Debug)]
pub struct Change<'f> {
    root: PathBuf,
    files: &'f Files,
    stale: Vec<String>,
    missing: Vec<String>,
    extra: Vec<String>,
}

impl<'f> Change<'f> {
    /// Compares the folder `root` with `files`. A folder that does not exist is empty.
    ///
    /// Below the subfolder `owned` (empty for the whole folder) there are generated files only:
    /// others are extra. An initial file is only missing or up to date, whatever its content.
    pub fn compare(root: &Path, owned: &str, files: &'f Files) -> Result<Self, WriteError> {
        let mut change = Self::of_files(root, files)?;
        let mut found = BTreeSet::new();
        list(&root.join(owned), owned, &mut found)?;
        let extra = found.into_iter().filter(|path| files.get(path).is_none());
        change.extra = extra.collect();
        Ok(change)
    }

    /// Compares the files in the folder `root` with `files`. Other files in it are of no concern.
    pub fn of_files(root: &Path, files: &'f Files) -> Result<Self, WriteError> {
        let below = |error| WriteError::io("write files below", root, error);
        if root.is_file() {
            return Err(below(io::ErrorKind::NotADirectory.into()));
        }
        if let Some(link) = root.ancestors().find(|folder| is_dangling(folder)) {
            return Err(below(dangling(link)));
        }
        let (mut stale, mut missing) = (Vec::new(), Vec::new());
        for (path, text) in files.iter() {
            let place = root.join(path);
            match read(&place) {
                Ok(_) if files.is_initial(path) => {}
                Ok(found) if found == text.as_bytes() => {}
                Ok(_) => stale.push(path.to_owned()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    missing.push(path.to_owned());
                }
                Err(error) => return Err(WriteError::io("use", &place, error)),
            }
        }
        Ok(Self {
            root: root.to_owned(),
            files,
            stale,
            missing,
            extra: Vec::new(),
        })
    }

    /// Adds what is left of earlier runs beside the owned folder: OpenAPI documents that are
    /// generated from one of these files of models and not among the files of this run. `origins`
    /// is [`Generated::origins`](crate::pipeline::Generated::origins). Documents from other models
    /// are of no concern, nor is a file without the mark of generated ones.
    pub fn with_old_documents(mut self, origins: &str) -> Result<Self, WriteError> {
        let read = |error| WriteError::io("read", &self.root, error);
        let entries = match self.root.read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self),
            Err(error) => return Err(read(error)),
        };
        for entry in entries {
            let entry = entry.map_err(read)?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_name_of_document(name)) else {
                continue;
            };
            let is_known = self.files.get(name).is_some();
            if is_known || !entry.file_type().map_err(read)?.is_file() {
                continue;
            }
            let place = entry.path();
            let content =
                fs::read(&place).map_err(|error| WriteError::io("read", &place, error))?;
            if is_generated(&content) && is_generated_from(&content, origins) {
                self.extra.push(name.to_owned());
            }
        }
        self.extra.sort();
        self.extra.dedup();
        Ok(self)
    }

    /// Whether the folder is up to date.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, paths)| paths.is_empty())
    }

    /// The paths of the files that are stale, missing and extra.
    pub fn lists(&self) -> [(&'static str, &[String]); 3] {
        [
            ("stale", &self.stale),
            ("missing", &self.missing),
            ("extra", &self.extra),
        ]
    }

    /// The files that are replaced or removed, with what they hold now.
    fn replaced(&self) -> impl Iterator<Item = Result<(PathBuf, Vec<u8>), WriteError>> {
        let paths = self.stale.iter().chain(&self.extra);
        paths.map(|path| {
            let place = self.root.join(path);
            // Only a file can say that it is generated. To open a pipe would wait for its writer.
            let old = if place.is_file() {
                fs::read(&place).map_err(|error| WriteError::io("read", &place, error))?
            } else {
                Vec::new()
            };
            Ok((place, old))
        })
    }

    /// Writes the files, each into a temporary file beside its place. Folders that are created for
    /// them go to `created`.
    fn stage(&self, created: &mut Vec<PathBuf>) -> Result<Vec<(PathBuf, Staged)>, WriteError> {
        let paths = self.stale.iter().chain(&self.missing);
        let staged = paths.map(|path| {
            let place = self.root.join(path);
            let text = self.files.get(path).unwrap_or_default();
            let file = Staged::write(&place, text, created)
                .map_err(|error| WriteError::io("write", &place, error))?;
            Ok((place, file))
        });
        staged.collect()
    }

    /// Removes folders that the removal of files left empty. One that stays does no harm.
    fn prune(&self) {
        for path in &self.extra {
            let mut folder = Path::new(path).parent();
            while let Some(parent) = folder.filter(|parent| !parent.as_os_str().is_empty()) {
                if fs::remove_dir(self.root.join(parent)).is_err() {
                    break;
                }
                folder = parent.parent();
            }
        }
    }
}

/// The changes that applying it makes.
impl fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [changed, added, removed] = self.lists().map(|(_, paths)| paths.len());
        let unchanged = self.files.len() - changed - added;
        write!(
            f,
            "{added} added, {changed} changed, {removed} removed, {unchanged} unchanged"
        )
    }
}

/// Writes what differs and removes what is extra. After an error all folders are as they were.
///
/// A file that would be replaced or removed but does not say that it is generated is hand-written
/// work: an error.
pub fn apply(changes: &[Change<'_>]) -> Result<(), WriteError> {
    let old = changes.iter().flat_map(Change::replaced);
    let old = old.collect::<Result<Vec<_>, _>>()?;
    let foreign = old.iter().filter(|(_, content)| !is_generated(content));
    let foreign = foreign.map(|(place, _)| place.clone()).collect::<Vec<_>>();
    if !foreign.is_empty() {
        return Err(WriteError::NotGenerated(foreign));
    }
    let (mut written, mut created) = (Vec::new(), Vec::new());
    // A lack of space or permission fails here, before anything is replaced.
    let staged = changes.iter().map(|change| change.stage(&mut created));
    let staged = staged.collect::<Result<Vec<_>, _>>();
    let done = staged.and_then(|staged| {
        let staged = staged.into_iter().flatten().collect();
        commit(staged, changes, &mut written)
    });
    if let Err(error) = done {
        undo(&written, &old, &created);
        return Err(error);
    }
    changes.iter().for_each(Change::prune);
    Ok(())
}

/// Puts the staged files in their places, which go to `written`, and removes what is extra.
fn commit(
    staged: Vec<(PathBuf, Staged)>,
    changes: &[Change<'_>],
    written: &mut Vec<PathBuf>,
) -> Result<(), WriteError> {
    for (place, file) in staged {
        file.persist(&place)
            .map_err(|error| WriteError::io("write", &place, error))?;
        written.push(place);
    }
    for change in changes {
        for path in &change.extra {
            let place = change.root.join(path);
            fs::remove_file(&place).map_err(|error| WriteError::io("remove", &place, error))?;
        }
    }
    Ok(())
}

/// Removes what was written and restores what was there. The error that led here is reported, not
/// those of this attempt.
fn undo(written: &[PathBuf], old: &[(PathBuf, Vec<u8>)], created: &[PathBuf]) {
    for place in written {
        let _ = fs::remove_file(place);
    }
    for (place, content) in old {
        let _ = fs::write(place, content);
    }
    for folder in created.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// Reads what is at a place that a file is generated for. Only a regular file is read: to open a
/// pipe would wait for its writer.
fn read(place: &Path) -> io::Result<Vec<u8>> {
    match fs::metadata(place) {
        Ok(metadata) if metadata.is_file() => fs::read(place),
        Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Err(io::Error::other("it is not a regular file")),
        // The link is the user's, and a file that is written would replace it.
        Err(_) if is_dangling(place) => Err(dangling(place)),
        Err(error) => Err(error),
    }
}

/// Whether a file may be an OpenAPI document that was generated, by its name.
fn is_name_of_document(name: &str) -> bool {
    let name = Path::new(name);
    let format = name.extension();
    let is_format = ["json", "yaml"]
        .iter()
        .any(|known| format == Some(OsStr::new(known)));
    let kind = name.file_stem().map(Path::new).and_then(Path::extension);
    is_format && kind == Some(OsStr::new("openapi"))
}

/// Whether the mark of a generated file names one of these files of a model.
fn is_generated_from(content: &[u8], origins: &str) -> bool {
    let text = String::from_utf8_lossy(content);
    let start = format!("{GENERATED} from ");
    let named = text.split_once(&start);
    let named = named.and_then(|(_, rest)| rest.split_once(". Do not edit"));
    let named = named.map_or("", |(named, _)| named);
    let mut named = named.split(", ");
    named.any(|named| origins.split(", ").any(|origin| origin == named))
}

/// Whether a path is a link to something that does not exist.
fn is_dangling(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

fn dangling(link: &Path) -> io::Error {
    let link = link.display();
    io::Error::other(format!(
        "{link} is a link to a path that does not exist; create that, or remove the link"
    ))
}

fn list(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> Result<(), WriteError> {
    let read = |error| WriteError::io("read", folder, error);
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(read(error)),
    };
    for entry in entries {
        let entry = entry.map_err(read)?;
        let slash = if prefix.is_empty() { "" } else { "/" };
        let path = format!("{prefix}{slash}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(read)?.is_dir() {
            list(&entry.path(), &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

/// Why files could not be compared or written.
#[derive(Debug)]
pub enum WriteError {
    /// Files without the header of generated files are where generated files belong.
    NotGenerated(Vec<PathBuf>),
    /// The operating system reported an error.
    Io {
        /// What was tried: read, use, write or remove.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error.
        source: io::Error,
    },
}

impl WriteError {
    fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotGenerated(paths) => {
                let paths = paths.iter().map(|path| path.display().to_string());
                let paths = paths.collect::<Vec<_>>().join(", ");
                write!(
                    f,
                    "refusing to replace or remove files that were not generated by drawplate: {paths}; move or delete them"
                )
            }
            Self::Io { action, path, .. } => write!(f, "cannot {action} {}", path.display()),
        }
    }
}

impl error::Error for WriteError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NotGenerated(_) => None,
            Self::Io { source, .. } => Some(source),
        }
    }
}

#[cfg(test)]
mod tests;
