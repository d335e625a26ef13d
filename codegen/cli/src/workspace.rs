//! The workspace that a generated crate is in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use drawplate_codegen::manifest;
use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::source::{Location, Sources, Span};
use glob::{MatchOptions, Pattern};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::paths;

/// Warns if cargo would not build the package in `folder`, because a workspace above it neither
/// lists nor excludes it. The folder need not exist, but is normal: without links and `..`.
pub fn check_membership(folder: &Path, sources: &mut Sources) -> Report {
    let Some(root) = manifest::workspace(&folder.join(manifest::FILE)) else {
        return Report::new();
    };
    let Ok(file) = sources.read_beside(&manifest::shown(&root)) else {
        return Report::new();
    };
    // A workspace that does not parse is cargo's to report.
    let (manifest, _) = DeTable::parse_recoverable(&sources[file].text);
    let above = root.parent().unwrap_or(Path::new(""));
    let entry = manifest.get_ref().get_key_value("workspace");
    let (Ok(path), Some(entry)) = (folder.strip_prefix(above), entry) else {
        return Report::new();
    };
    let workspace = entry.1.get_ref().as_table();
    let members = workspace.and_then(|table| table.get_key_value("members"));
    let excluded = texts(workspace.and_then(|table| table.get("exclude")));
    let listed = texts(members.map(|(_, value)| value));
    let is_listed = listed.iter().any(|pattern| matches(pattern, path));
    let is_excluded = excluded.iter().any(|prefix| path.starts_with(prefix));
    if is_listed || is_excluded || is_dependency(above, &listed, &excluded, folder) {
        return Report::new();
    }
    // A manifest has `/` on every system.
    let parts = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    let path = parts.collect::<Vec<_>>().join("/");
    let message = format!("the workspace does not have the member `{path}`");
    let array = |paths: &[&str]| {
        let quoted = paths.iter().map(|path| format!("{path:?}"));
        format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
    };
    let lines = [("members", listed), ("exclude", excluded)].map(|(key, mut paths)| {
        paths.push(&*path);
        format!("{key} = {}", array(&paths))
    });
    let [member, excluded] = lines;
    let help = format!("change it to `{member}`, or to `{excluded}` to keep the crate apart");
    let (key, value) = members.unwrap_or(entry);
    let span = Span {
        name: key.span().into(),
        value: value.span().into(),
    };
    let at = Location::span(Some(file), span);
    let warning = Diagnostic::new(Code::NotAMember, message, at)
        .name()
        .help(help);
    warning.into()
}

/// Whether a pattern of members matches a path.
fn matches(pattern: &str, path: &Path) -> bool {
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let plain = pattern.trim_start_matches("./").trim_end_matches('/');
    Pattern::new(plain).is_ok_and(|pattern| pattern.matches_path_with(path, options))
}

/// Whether a package is a member because a member depends on its path (The Cargo Book, "The members
/// and exclude fields").
fn is_dependency(above: &Path, listed: &[&str], excluded: &[&str], folder: &Path) -> bool {
    let mut queue = vec![above.to_owned()];
    for pattern in listed {
        let pattern = above.join(pattern);
        let found = pattern
            .to_str()
            .and_then(|pattern| glob::glob(pattern).ok());
        let found = found.into_iter().flatten().filter_map(Result::ok);
        queue.extend(found.filter(|member| {
            let mut excluded = excluded.iter();
            !excluded.any(|folder| member.starts_with(above.join(folder)))
        }));
    }
    let mut seen = BTreeSet::new();
    while let Some(member) = queue.pop() {
        if member == folder {
            return true;
        }
        if seen.insert(member.clone()) {
            queue.extend(dependencies(&member));
        }
    }
    false
}

/// The folders of the path dependencies of a package.
fn dependencies(package: &Path) -> Vec<PathBuf> {
    let text = paths::text(&package.join(manifest::FILE));
    let (manifest, _) = DeTable::parse_recoverable(&text);
    let manifest = manifest.get_ref();
    let mut tables = vec![manifest];
    if let Some(targets) = manifest
        .get("target")
        .and_then(|value| value.get_ref().as_table())
    {
        tables.extend(
            targets
                .values()
                .filter_map(|value| value.get_ref().as_table()),
        );
    }
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let lists = tables.into_iter().flat_map(|parent| {
        kinds
            .iter()
            .filter_map(|kind| parent.get(*kind)?.get_ref().as_table())
    });
    let paths = lists
        .flat_map(DeTable::values)
        .filter_map(|value| path(value.get_ref()));
    paths
        .filter_map(|path| paths::normal(&package.join(path)).ok())
        .collect()
}

fn path<'e>(dependency: &'e DeValue<'_>) -> Option<&'e str> {
    dependency.get("path")?.get_ref().as_str()
}

/// The texts of an array; none of anything else.
fn texts<'e>(value: Option<&'e Spanned<DeValue<'_>>>) -> Vec<&'e str> {
    let values = value.and_then(|value| value.get_ref().as_array());
    let values = values.into_iter().flatten();
    values
        .filter_map(|value| value.get_ref().as_str())
        .collect()
}

#[cfg(test)]
mod tests;
