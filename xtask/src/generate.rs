//! `cargo xtask generate`: a crate from models of your own.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use drawplate_codegen::pipeline::Generated;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{Config, Models, Package, Runtime};

use crate::{models, say};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Smithy JSON AST files; several are merged into one model
    #[arg(required = true, value_name = "MODEL.json")]
    models: Vec<PathBuf>,
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
        out,
        name,
        runtime,
    } = arguments;
    let sources = models::read(models)?;
    let runtime = match runtime {
        Some(runtime) => runtime.clone(),
        None => own_runtime(out)?,
    };
    let config = Config {
        package: Some(Package { name: name.clone() }),
        runtime: Runtime::Path(runtime),
        ..crate::codegen::config(Models::Merged)
    };
    let mut generated = models::generate(&sources, &config)?;
    models::print(&generated.warnings, &sources);
    let Generated { files, times, .. } = &mut generated;
    let change = [times.stage("compare", || Change::compare(out, "src", files))?];
    times.stage("write", || write::apply(&change))?;
    let [change] = change;
    let (out, change) = (out.display(), change.to_string());
    say(format_args!("{out} from {}: {change}", generated.origins()))?;
    say(format_args!("  {}", generated.times))
}

/// The path from `out` to the runtime of this workspace.
fn own_runtime(out: &Path) -> anyhow::Result<String> {
    let runtime = crate::root().join("runtime");
    let out = std::path::absolute(out)
        .with_context(|| format!("cannot make {} an absolute path", out.display()))?;
    let path = pathdiff::diff_paths(&runtime, &out).unwrap_or(runtime);
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
