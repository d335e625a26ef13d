//! Paths and names that users pass.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};
use drawplate_codegen::{Config, Package, Runtime};

/// The absolute path of a folder, without links and `..` in it. Parts that do not exist yet cannot
/// be links, so that `..` after one of them leads back.
pub(crate) fn normal(folder: &Path) -> anyhow::Result<PathBuf> {
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

/// The package that generated code calls.
pub(crate) const RUNTIME: &str = "drawplate-runtime";

/// The folder of the runtime: that of the option, or that of the configuration, which is relative
/// to the file. `None` for the version in the registry.
pub(crate) fn runtime(
    option: Option<&Path>,
    config: &Config,
    file: Option<&Path>,
) -> Option<PathBuf> {
    if let Some(folder) = option {
        return Some(folder.to_owned());
    }
    let Runtime::Path(path) = &config.runtime else {
        return None;
    };
    let beside = file.and_then(Path::parent).unwrap_or(Path::new(""));
    Some(beside.join(path))
}

/// The path of the folder of a package, as a manifest in `from` (a normal path) names it: relative
/// to `from`, unless it was passed as an absolute path.
pub(crate) fn dependency(folder: &Path, from: &Path, package: &str) -> anyhow::Result<String> {
    let manifest = folder.join("Cargo.toml");
    if !text(&manifest).contains(&format!("name = \"{package}\"")) {
        bail!(
            "{} is not the manifest of {package}; pass the folder of that package",
            manifest.display()
        );
    }
    let path = if folder.is_absolute() {
        folder.to_owned()
    } else {
        let folder = normal(folder)?;
        pathdiff::diff_paths(&folder, from).unwrap_or(folder)
    };
    match path.to_str() {
        // Cargo reads `/` on every system.
        Some(path) => Ok(path.replace(std::path::MAIN_SEPARATOR, "/")),
        None => bail!(
            "the path {} is not UTF-8, and a manifest is",
            path.display()
        ),
    }
}

/// The text of a file; empty if it cannot be read. To open a pipe would wait for its writer.
pub(crate) fn text(file: &Path) -> String {
    let text = file.is_file().then(|| std::fs::read_to_string(file));
    text.and_then(Result::ok).unwrap_or_default()
}

/// A name that a package can have.
pub(crate) fn package_name(name: &str) -> Result<String, String> {
    Package::check_name(name)?;
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
    fn a_relative_folder_is_named_from_the_manifest_and_an_absolute_one_as_passed()
    -> anyhow::Result<()> {
        // Tests run in the folder of their package.
        let runtime = Path::new("../../runtime");
        let out = normal(Path::new("../../target/absent/../own"))?;
        let path = dependency(runtime, &out, "drawplate-runtime")?;
        assert_eq!(path, "../../runtime");
        let absolute = normal(runtime)?;
        let path = dependency(&absolute, &out, "drawplate-runtime")?;
        assert_eq!(Path::new(&path), absolute);
        let error = dependency(Path::new("../../model"), &out, "drawplate-runtime");
        let error = error.expect_err("another package");
        assert!(error.to_string().contains("drawplate-runtime"), "{error}");
        Ok(())
    }
}
