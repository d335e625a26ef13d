//! `drawplate fmt`: the usual format of files in the Smithy IDL.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use drawplate_model::diagnostic::Report;
use drawplate_model::print;

use crate::{console, models};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files in the Smithy IDL, or folders of them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing, and fail if a file is not formatted
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { files, check } = arguments;
    let other = files.iter().find(|file| file.is_file() && !is_idl(file));
    if let Some(other) = other {
        bail!(
            "{} is not in the Smithy IDL; pass files with the extension `.smithy`",
            other.display()
        );
    }
    let sources = models::read(files)?;
    let mut report = Report::new();
    let mut changed = Vec::new();
    for (id, source) in sources.iter().filter(|(_, source)| is_idl(&source.path)) {
        match print::format(&sources, id) {
            Ok(text) if text == source.text => {}
            Ok(text) => changed.push((&source.path, text)),
            Err(errors) => report.merge(errors),
        }
    }
    if report.has_errors() {
        return models::reject(&report, &sources);
    }
    for (path, text) in &changed {
        if *check {
            console::say(path.display())?;
        } else {
            replace(path, text)?;
            console::summary(path.display())?;
        }
    }
    match changed.len() {
        1 if *check => bail!("1 file is not formatted; `drawplate fmt` formats it"),
        count if *check && count > 1 => {
            bail!("{count} files are not formatted; `drawplate fmt` formats them")
        }
        _ => Ok(()),
    }
}

fn is_idl(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("smithy"))
}

/// Replaces a file at once, so that no reader sees a part of it.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    let target = path.canonicalize().with_context(context)?;
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".drawplate-fmt");
    let beside = target.with_file_name(name);
    let permissions = fs::metadata(&target).with_context(context)?.permissions();
    let written = fs::write(&beside, text)
        .and_then(|()| fs::set_permissions(&beside, permissions))
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // Without the file there is nothing to remove.
        let _ = fs::remove_file(&beside);
    }
    written.with_context(context)
}
