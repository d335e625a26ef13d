//! The npm packages of the tests that call a backend from a browser and from TypeScript, which
//! `tests/web/package.json` lists: in target/web.

use std::fs;
use std::process::Command;

use anyhow::bail;

use drawplate::say;
use drawplate_prerequisites as prerequisites;

use crate::interop::{ci, output};
use crate::test::Skipped;

/// The files that say which packages there are. The second is the stamp of an installation.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs the packages, unless they are up to date, and looks for Chromium.
///
/// Where the packages cannot be installed or Chromium is missing, the tests are skipped, which is
/// printed with the reason; under CI that is an error.
pub(crate) fn prepare(skipped: &Skipped) -> anyhow::Result<()> {
    if prerequisites::chromium().is_none() {
        if ci() {
            bail!("Chromium is not installed: the console cannot be tested in a browser");
        }
        skipped.add("the tests of the console in a browser: Chromium is not installed")?;
    }
    if prerequisites::NODE.are_installed(&crate::root()) {
        return Ok(());
    }
    let sources = crate::root().join("tests/web");
    let folder = crate::root().join("target/web");
    say("== web: installing tests/web/package.json into target/web")?;
    let install = || {
        let staged = folder.join("staged");
        fs::create_dir_all(&staged)?;
        for file in FILES {
            fs::copy(sources.join(file), staged.join(file))?;
        }
        output(
            Command::new("npm")
                .args([
                    "ci",
                    "--silent",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                ])
                .current_dir(&staged),
        )?;
        // The stamp comes last.
        for part in ["node_modules", FILES[0], FILES[1]] {
            let place = folder.join(part);
            if place.is_dir() {
                fs::remove_dir_all(&place)?;
            }
            fs::rename(staged.join(part), place)?;
        }
        anyhow::Ok(())
    };
    match install() {
        Ok(()) => Ok(()),
        Err(error) if ci() => Err(error.context("the tests of the console cannot run")),
        Err(error) => skipped.add(format!(
            "the tests of the console, and of calls from TypeScript: {error:#}"
        )),
    }
}
