//! `cargo xtask generate`: a crate from models of your own.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};
use drawplate_codegen::pipeline::Generated;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{Config, Models, Package, Runtime, config};

use crate::{models, say};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Smithy JSON AST files; several are merged into one model
    #[arg(required = true, value_name = "MODEL.json")]
    models: Vec<PathBuf>,
    /// The configuration [default: drawplate.toml in the current folder, if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the crate; created if it does not exist, updated if it was generated before
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The name of the crate
    #[arg(long, value_name = "NAME", value_parser = package_name)]
    name: String,
    /// The path of drawplate-runtime in the crate's Cargo.toml [default: the one in this workspace]
    #[arg(long, value_name = "DIR")]
    runtime: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments {
        models,
        config,
        out,
        name,
        runtime,
    } = arguments;
    let out = &normal(out)?;
    let mut sources = models::read(models)?;
    let runtime = match runtime {
        Some(runtime) => runtime.clone(),
        None => own_runtime(out)?,
    };
    let file = config.clone().or_else(|| {
        let file = PathBuf::from(config::FILE);
        file.exists().then_some(file)
    });
    let mut config = Config {
        package: Some(Package { name: name.clone() }),
        runtime: Runtime::Path(runtime),
        ..crate::codegen::config(Models::Merged)
    };
    if let Some(file) = file {
        models::configure(&mut config, &mut sources, &file)?;
    }
    let mut generated = models::generate(&sources, &config)?;
    models::print(&generated.warnings, &sources);
    let Generated { files, times, .. } = &mut generated;
    let change = [times.stage("compare", || Change::compare(out, "src", files))?];
    times.stage("write", || write::apply(&change))?;
    let [change] = change;
    let (out, change) = (arguments.out.display(), change.to_string());
    say(format_args!("{out} from {}: {change}", generated.origins()))?;
    say(format_args!("  {}", generated.times))
}

/// The absolute path of a folder, without links and `..` in it. Parts that do not exist yet cannot
/// be links, so that `..` after one of them leads back.
fn normal(folder: &Path) -> anyhow::Result<PathBuf> {
    let context = || format!("cannot make {} an absolute path", folder.display());
    let folder = std::path::absolute(folder).with_context(context)?;
    let mut normal = PathBuf::new();
    for part in folder.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
        if let Ok(existing) = normal.canonicalize() {
            normal = existing;
        }
    }
    Ok(normal)
}

/// The path from `out`, a normal path, to the runtime of this workspace.
fn own_runtime(out: &Path) -> anyhow::Result<String> {
    let runtime = normal(&crate::root().join("runtime"))?;
    let path = pathdiff::diff_paths(&runtime, out).unwrap_or(runtime);
    match path.to_str() {
        Some(path) => Ok(path.to_owned()),
        None => bail!("the path of the runtime is not UTF-8; pass it with --runtime"),
    }
}

/// A package name that Cargo and Rust accept (The Cargo Book, "The name field").
fn package_name(name: &str) -> Result<String, String> {
    let valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if !valid {
        let rule = "a package name is made of lowercase letters, digits, `-` and `_`, and starts with a letter";
        return Err(rule.to_owned());
    }
    if [
        "test",
        "core",
        "std",
        "alloc",
        "proc_macro",
        "proc-macro",
        "drawplate-runtime",
    ]
    .contains(&name)
        || drawplate_codegen::names::is_keyword(&name.replace('-', "_"))
    {
        return Err(format!("`{name}` is a reserved name; choose another"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_normal_whether_or_not_its_parts_exist() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().canonicalize()?;
        std::fs::create_dir_all(root.join("real/deep"))?;
        for (path, expected) in [
            ("a/../b", "b"),
            ("a/b/../../c/./d", "c/d"),
            ("real/../b", "b"),
            ("real/deep/new/../../b", "real/b"),
        ] {
            assert_eq!(normal(&root.join(path))?, root.join(expected), "{path}");
        }
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn the_parent_of_a_link_is_that_of_its_target() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().canonicalize()?;
        std::fs::create_dir_all(root.join("real/deep"))?;
        std::os::unix::fs::symlink(root.join("real/deep"), root.join("link"))?;
        assert_eq!(normal(&root.join("link/../b"))?, root.join("real/b"));
        Ok(())
    }

    #[test]
    fn the_runtime_is_found_from_any_spelling_of_a_folder() -> anyhow::Result<()> {
        let root = crate::root();
        let plain = own_runtime(&normal(&root.join("target/own"))?)?;
        assert_eq!(plain, "../../runtime");
        let winding = normal(&root.join("target/absent/../own"))?;
        assert_eq!(own_runtime(&winding)?, plain);
        Ok(())
    }
}
