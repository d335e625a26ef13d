//! The browser of the tests of the console. The build script and a suite of the tests include this
//! file.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The names of its program in distributions.
const NAMES: [&str; 2] = ["chromium", "chromium-browser"];

/// The path of Chromium: the first in `PATH` that can be started.
pub(crate) fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut programs =
        env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    programs.find(|program| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|version| version.status.success())
    })
}
