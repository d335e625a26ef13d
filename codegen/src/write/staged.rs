//! Files beside their destinations, which replace them in one step.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// A temporary file. It is removed with the value unless it replaced its destination.
#[derive(Debug)]
pub(super) struct Staged {
    path: PathBuf,
}

impl Staged {
    /// Writes `text` to a new file in the folder of `place`, which is created if it does not exist.
    /// The file has the permissions of any new file. Folders that are created go to `created`, each
    /// after the one that it is in.
    pub(super) fn write(place: &Path, text: &str, created: &mut Vec<PathBuf>) -> io::Result<Self> {
        let folder = place.parent().unwrap_or(Path::new(""));
        let missing = folder.ancestors().take_while(|folder| !folder.exists());
        let missing = missing.map(Path::to_owned).collect::<Vec<_>>();
        created.extend(missing.into_iter().rev());
        fs::create_dir_all(folder)?;
        let (mut file, staged) = loop {
            let path = folder.join(name());
            match File::create_new(&path) {
                Ok(file) => break (file, Self { path }),
                // Another process has the name, or had it and was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        };
        file.write_all(text.as_bytes())?;
        Ok(staged)
    }

    /// Replaces `place`.
    pub(super) fn persist(self, place: &Path) -> io::Result<()> {
        // After this, nothing is left for `drop` to remove.
        fs::rename(&self.path, place)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// A name that this process has not used.
fn name() -> String {
    static USED: AtomicU32 = AtomicU32::new(0);
    let count = USED.fetch_add(1, Ordering::Relaxed);
    format!(".drawplate-{}-{count}", process::id())
}
