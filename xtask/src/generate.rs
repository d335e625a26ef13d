//! `cargo xtask generate`: a crate of its own from anybody's models.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use drawplate_codegen::{Files, Manifest, Unit};

use crate::draw::{self, Stages};
use crate::say;
use crate::write::Tree;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Smithy JSON AST files; several are merged into one model
    #[arg(required = true, value_name = "MODEL.json")]
    models: Vec<PathBuf>,
    /// The folder of the crate; made if it is not there, brought up to date if it was generated before
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The name of the crate
    #[arg(long, value_name = "NAME", value_parser = package_name)]
    name: String,
    /// The folder of drawplate-runtime, as the crate's Cargo.toml is to name it [default: the one of this workspace]
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
    let mut stages = Stages::default();
    let read = draw::sources(models, &mut stages)?;
    let model = draw::merged(&read, &mut stages)?;
    let origin = models
        .iter()
        .map(|path| draw::origin(path))
        .collect::<Vec<_>>()
        .join(", ");
    let units = [Unit {
        model: &model,
        origin: &origin,
    }];
    let names = draw::names(&units, &read, &mut stages)?;
    let sources = draw::files(&units, &names, &mut stages);
    let runtime = match runtime {
        Some(runtime) => runtime.clone(),
        None => own_runtime(out)?,
    };
    let manifest = Manifest {
        name: name.clone(),
        runtime: Some(runtime),
    };
    let mut files = Files::default();
    files.extend(
        sources
            .iter()
            .map(|(path, text)| (format!("src/{path}"), text.to_owned())),
    );
    let package = drawplate_codegen::package(&manifest, &units, &names);
    files.extend(
        package
            .iter()
            .map(|(path, text)| (path.to_owned(), text.to_owned())),
    );
    let tree = Tree::new(out.clone(), "src");
    let difference = stages.time("compare", || tree.compare(&files))?;
    stages.time("write", || tree.apply(&files, &difference))?;
    say(format_args!(
        "{} from {origin}: {}",
        out.display(),
        difference.summary(files.len())
    ))?;
    say(format_args!("  {stages}"))
}

/// The path from `out` to the runtime of this workspace.
fn own_runtime(out: &Path) -> anyhow::Result<String> {
    let runtime = crate::root().join("runtime");
    let out = std::path::absolute(out)
        .with_context(|| format!("cannot tell where {} is", out.display()))?;
    let path = pathdiff::diff_paths(&runtime, &out).unwrap_or(runtime);
    match path.to_str() {
        Some(path) => Ok(path.to_owned()),
        None => bail!("the path of the runtime is not UTF-8; name it with --runtime"),
    }
}

/// A package name that Cargo and the language take (The Cargo Book, "The name field").
fn package_name(name: &str) -> Result<String, String> {
    let valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if !valid {
        let rule = "a package name starts with a small letter and goes on with small letters, digits, `-` and `_`";
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
        return Err(format!("`{name}` is taken; choose another name"));
    }
    Ok(name.to_owned())
}
