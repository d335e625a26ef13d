//! The manifest of a crate with generated code. It is written once and then belongs to the user, so
//! that what it lacks is reported instead of written.

pub(crate) mod features;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::source::{Location, SourceId, Sources, Span};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use self::features::{Feature, RUNTIME, array};
use crate::package::{self, toml_string};
use crate::{CheckedModel, Config, Layout};

/// The name of a manifest.
pub const FILE: &str = "Cargo.toml";

/// The version of Rust that generated code needs.
pub const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// Compares the manifest at `path` with what generated code needs: the runtime and its features,
/// and the features that a generated crate tests. Each warning has the line to add. Another name
/// than that of [`Config::package`] is a warning as well. A manifest that
/// cannot be read, is not TOML or has no package is an error.
pub fn check(
    path: &Path,
    sources: &mut Sources,
    models: &[CheckedModel],
    config: &Config,
) -> Result<Report, Report> {
    let file = sources.read_beside(&shown(path))?;
    let root = workspace(path);
    let root = root
        .map(|root| sources.read_beside(&shown(&root)))
        .transpose()?;
    let manifest = Manifest::parse(sources, file)?;
    let package = manifest.package()?;
    let root = match root {
        None => None,
        // A workspace that does not parse is cargo's to report.
        Some(root) => Manifest::parse(sources, root).ok(),
    };
    let check = Check {
        manifest: &manifest,
        workspace: root.as_ref(),
        package,
        models,
        config,
    };
    let mut report = Report::new();
    let inherited = check.runtime(&mut report);
    if config.layout == Layout::Crate {
        check.name(&mut report);
        check.features(&inherited, &mut report);
    }
    Ok(report)
}

/// The name of the package whose manifest is at `path`. A manifest that cannot be read, is not TOML
/// or has no package with a name is an error.
pub fn package_name(path: &Path, sources: &mut Sources) -> Result<String, Report> {
    let file = sources.read_beside(&shown(path))?;
    let manifest = Manifest::parse(sources, file)?;
    let package = manifest.package()?;
    if let Some((_, name)) = name_of(package) {
        return Ok(name.to_owned());
    }
    let message = "the package has no name";
    let diagnostic = Diagnostic::new(Code::InvalidManifest, message, manifest.location(package));
    Err(diagnostic.name().help("add `name`").into())
}

/// The manifest of the workspace above a package's manifest, if there is one: the first above it
/// that has a workspace, unless the package is itself the root of one.
pub fn workspace(manifest: &Path) -> Option<PathBuf> {
    let has_workspace = |path: &Path| {
        // To open a pipe would wait for its writer.
        let text = path.is_file().then(|| std::fs::read_to_string(path));
        let text = text.and_then(Result::ok).unwrap_or_default();
        let (table, _) = DeTable::parse_recoverable(&text);
        table.get_ref().contains_key("workspace")
    };
    if has_workspace(manifest) {
        return None;
    }
    let folder = std::path::absolute(manifest.parent()?).ok()?;
    let above = folder.ancestors().skip(1).map(|folder| folder.join(FILE));
    let mut above = above.filter(|path| path.is_file());
    above.find(|path| has_workspace(path))
}

/// A path as diagnostics print it: relative to the current folder if it is below that.
pub fn shown(path: &Path) -> PathBuf {
    let current = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let relative = current
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok());
    relative.unwrap_or(path).to_owned()
}

/// A manifest and its text.
struct Manifest<'t> {
    file: SourceId,
    text: &'t str,
    table: DeTable<'t>,
}

/// An entry of a table.
type Entry<'e, 't> = (&'e Spanned<DeString<'t>>, &'e Spanned<DeValue<'t>>);

impl<'t> Manifest<'t> {
    fn parse(sources: &'t Sources, file: SourceId) -> Result<Self, Report> {
        let text = &*sources[file].text;
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let table = table.into_inner();
            return Ok(Self { file, text, table });
        }
        let diagnostics = errors.into_iter().map(|error| {
            let at = match error.span() {
                Some(span) => Location::range(file, span),
                None => Location::file(file),
            };
            let message = format!("the manifest is not TOML: {}", error.message());
            Diagnostic::new(Code::InvalidManifest, message, at)
                .help("the manifest is yours: correct it, and nothing is written until then")
        });
        Err(diagnostics.collect())
    }

    /// The entry `package`.
    fn package(&self) -> Result<Entry<'_, 't>, Report> {
        self.entry("package").ok_or_else(|| {
            let message = "the manifest has no package";
            let help = "choose the folder of a package, or a new one";
            let at = Location::file(self.file);
            let diagnostic = Diagnostic::new(Code::InvalidManifest, message, at);
            diagnostic.help(help).into()
        })
    }

    fn entry(&self, key: &str) -> Option<Entry<'_, 't>> {
        self.table.get_key_value(key)
    }

    /// The entries of a table of the manifest, such as `features`.
    fn table(&self, key: &str) -> Option<&DeTable<'t>> {
        self.entry(key)?.1.get_ref().as_table()
    }

    fn location(&self, (key, value): Entry<'_, '_>) -> Location {
        let span = Span {
            name: key.span().into(),
            value: value.span().into(),
        };
        Location::span(Some(self.file), span)
    }

    fn warning(&self, message: String, at: Entry<'_, '_>, help: String) -> Diagnostic {
        Diagnostic::new(Code::IncompleteManifest, message, self.location(at))
            .name()
            .help(help)
    }
}

/// The name in the entry `package` of a manifest, and its own entry.
fn name_of<'e, 't>((_, package): Entry<'e, 't>) -> Option<(Entry<'e, 't>, &'e str)> {
    let entry = package.get_ref().as_table()?.get_key_value("name")?;
    Some((entry, entry.1.get_ref().as_str()?))
}

/// The texts of an array; none of anything else.
fn texts<'e>(value: Option<&'e Spanned<DeValue<'_>>>) -> Vec<&'e str> {
    let values = value.and_then(|value| value.get_ref().as_array());
    let values = values.into_iter().flatten();
    values
        .filter_map(|value| value.get_ref().as_str())
        .collect()
}

struct Check<'c> {
    manifest: &'c Manifest<'c>,
    /// The root of the workspace, if it is another manifest.
    workspace: Option<&'c Manifest<'c>>,
    package: Entry<'c, 'c>,
    models: &'c [CheckedModel],
    config: &'c Config,
}

impl<'c> Check<'c> {
    /// Compares the name of the package with the one that the configuration has for a new one.
    fn name(&self, report: &mut Report) {
        let (Some(wanted), Some((entry, name))) = (&self.config.package, name_of(self.package))
        else {
            return;
        };
        if wanted.name != name {
            let message = format!("the crate is called `{name}`, not `{}`", wanted.name);
            let at = self.manifest.location(entry);
            let help = "the manifest is yours and keeps its name: change it there, or in `--name` or \
                        the configuration";
            report.push(Diagnostic::new(Code::OtherName, message, at).help(help));
        }
    }

    /// Checks the dependency on the runtime. Returns the features that it enables.
    fn runtime(&self, report: &mut Report) -> BTreeSet<&'c str> {
        let required = features::required(self.models, self.config);
        let dependencies = self.manifest.table("dependencies");
        let names = [RUNTIME.to_owned(), RUNTIME.replace('-', "_")];
        let found = dependencies.and_then(|table| {
            let mut names = names.iter();
            names.find_map(|name| table.get_key_value(name.as_str()))
        });
        let Some(entry @ (_, value)) = found else {
            let at = self.manifest.entry("dependencies");
            let line = package::runtime(self.config, self.models);
            report.push(self.manifest.warning(
                format!("generated code needs the package `{RUNTIME}`"),
                at.unwrap_or(self.package),
                format!("add to `[dependencies]`: `{RUNTIME} = {line}`"),
            ));
            return required.into_iter().collect();
        };
        let own = value.get_ref().as_table();
        let inherited = own
            .filter(|own| own.contains_key("workspace"))
            .and_then(|_| {
                let table = self.workspace?.table("workspace")?;
                let table = table.get("dependencies")?.get_ref().as_table()?;
                Some(table.get(RUNTIME)?.get_ref())
            });
        let listed = |table: &'c DeTable<'c>| texts(table.get("features"));
        let all = [own, inherited.and_then(DeValue::as_table)]
            .into_iter()
            .flatten();
        let enabled = features::with_included(all.flat_map(listed));
        let mut available = enabled.clone();
        if self.config.layout != Layout::Crate {
            // A feature of the user's may select the module.
            available.extend(self.enabled_by_any_feature());
        }
        let missing = required.iter().filter(|name| !available.contains(*name));
        let missing = missing.copied().collect::<Vec<_>>();
        let version = own.map_or(value.get_ref().as_str(), |own| {
            own.get("version")?.get_ref().as_str()
        });
        let outdated = version.filter(|version| !accepts(version, env!("CARGO_PKG_VERSION")));
        if let Some(version) = outdated {
            let message = format!(
                "`{RUNTIME}` {version} is required, but the code is generated for {}",
                env!("CARGO_PKG_VERSION")
            );
            let help = format!("change it to `{}`", self.changed(entry, &missing));
            report.push(self.manifest.warning(message, entry, help));
        } else if !missing.is_empty() {
            let s = if missing.len() == 1 { "" } else { "s" };
            let message = format!(
                "generated code needs the feature{s} `{}` of `{RUNTIME}`",
                missing.join("`, `")
            );
            let help = format!("change it to `{}`", self.changed(entry, &missing));
            report.push(self.manifest.warning(message, entry, help));
        }
        enabled
    }

    /// The line of the dependency with the version that the code needs and with these features.
    fn changed(&self, (key, value): Entry<'c, 'c>, missing: &[&str]) -> String {
        let version = toml_string(env!("CARGO_PKG_VERSION"));
        let source = |value: &Spanned<DeValue<'_>>| &self.manifest.text[value.span()];
        let mut entries = Vec::new();
        let mut listed = Vec::new();
        match value.get_ref().as_table() {
            None => entries.push(format!("version = {version}")),
            Some(own) => {
                // As written, not by name.
                let mut own = own.iter().collect::<Vec<_>>();
                own.sort_by_key(|(key, _)| key.span().start);
                for (key, value) in own {
                    match &**key.get_ref() {
                        "features" => listed = texts(Some(value)),
                        "version" => entries.push(format!("version = {version}")),
                        key => entries.push(format!("{key} = {}", source(value))),
                    }
                }
            }
        }
        listed.extend(missing);
        if !listed.is_empty() {
            entries.push(format!("features = {}", array(listed)));
        }
        format!("{} = {{ {} }}", key.get_ref(), entries.join(", "))
    }

    /// The features of the runtime that features of the crate enable.
    fn enabled_by_any_feature(&self) -> BTreeSet<&'c str> {
        let own = self.manifest.table("features").into_iter().flatten();
        let all = own.flat_map(|(_, value)| texts(Some(value)));
        features::with_included(all.filter_map(of_runtime))
    }

    /// Checks the features that a generated crate tests. `always` are those that the dependency on
    /// the runtime enables.
    fn features(&self, always: &BTreeSet<&str>, report: &mut Report) {
        let own = self.manifest.table("features");
        let at = self.manifest.entry("features").unwrap_or(self.package);
        for feature in
            features::existing(features::parts(self.models, self.config)).filter(|it| it.is_tested)
        {
            let Feature { name, .. } = *feature;
            let Some(entry) = own.and_then(|own| own.get_key_value(name)) else {
                report.push(self.manifest.warning(
                    format!("generated code tests the feature `{name}`, which the crate lacks"),
                    at,
                    format!("add to `[features]`: `{}`", feature.line()),
                ));
                continue;
            };
            if !always.contains(name) && !self.reach(name).1.contains(name) {
                let listed = texts(Some(entry.1)).into_iter().map(str::to_owned);
                let added = listed.chain([format!("{RUNTIME}/{name}")]);
                report.push(self.manifest.warning(
                    format!("the feature `{name}` does not enable that of `{RUNTIME}`"),
                    entry,
                    format!("change it to `{name} = {}`", array(added)),
                ));
            }
        }
        let signs = features::is_signed(self.models) && self.config.parts.client;
        let default = own.and_then(|own| own.get_key_value("default"));
        if let (true, Some(entry)) = (signs, default) {
            let (reached, _) = self.reach("default");
            if reached.contains("client") && !reached.contains("sigv4") {
                let added = texts(Some(entry.1)).into_iter().chain(["sigv4"]);
                report.push(
                    self.manifest.warning(
                        "the client is a default feature, but not the signatures that it needs"
                            .to_owned(),
                        entry,
                        format!("change it to `default = {}`", array(added)),
                    ),
                );
            }
        }
    }

    /// The features of the crate that one of them includes, itself among them, and the features of
    /// the runtime that these enable.
    fn reach(&self, name: &'c str) -> (BTreeSet<&'c str>, BTreeSet<&'c str>) {
        let own = self.manifest.table("features");
        let (mut reached, mut runtime) = (BTreeSet::new(), Vec::new());
        let mut queue = vec![name];
        while let Some(name) = queue.pop() {
            if let Some(feature) = of_runtime(name) {
                runtime.push(feature);
            } else if reached.insert(name) {
                queue.extend(texts(own.and_then(|own| own.get(name))));
            }
        }
        (reached, features::with_included(runtime))
    }
}

/// The feature of the runtime that an entry of a feature enables.
fn of_runtime(entry: &str) -> Option<&str> {
    let (package, feature) = entry.split_once('/')?;
    let package = package.trim_end_matches('?').replace('_', "-");
    (package == RUNTIME).then_some(feature)
}

/// Whether a requirement accepts a version that is compatible with `version`. Requirements that are
/// more than a version are left to cargo.
fn accepts(requirement: &str, version: &str) -> bool {
    let plain = requirement
        .trim()
        .trim_start_matches(['^', '~', '='])
        .trim();
    let numbers = |text: &str| {
        let parts = text.split(['.', '-', '+']).take(2);
        parts.map(str::parse::<u64>).collect::<Result<Vec<_>, _>>()
    };
    let (Ok(required), Ok(version)) = (numbers(plain), numbers(version)) else {
        return true;
    };
    // Below 1.0, the second number is the one that changes with the API.
    let significant = if version.first() == Some(&0) { 2 } else { 1 };
    required
        .iter()
        .zip(&version)
        .take(significant)
        .all(|(required, version)| required == version)
}

#[cfg(test)]
mod tests;
