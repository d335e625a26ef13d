//! The configuration file, `drawplate.toml`.
//!
//! docs/configuration.md describes its keys, and docs/drawplate.schema.json is their schema for
//! editors.

#[cfg(test)]
mod tests;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::did_you_mean;
use drawplate_model::source::{Location, SourceId, Sources, Span};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{
    Config, Layout, Package, Parts, ReplacedShapes, Replacement, Runtime, ServiceRule, Setting,
    TypeKind, TypeRule,
};
#[cfg(feature = "openapi")]
use crate::OpenApi;
use crate::{OpenApiFormat, OpenApiVersion, Output, Rust};

/// The name of the file.
pub const FILE: &str = "drawplate.toml";

/// The keys of the file.
const KEYS: [&str; 12] = [
    "docs", "layout", "map", "names", "openapi", "outputs", "package", "parts", "replace",
    "runtime", "services", "types",
];
/// The keys of the table `layout`.
const LAYOUT: [&str; 1] = ["file"];
/// The keys of the table `openapi`.
const OPENAPI: [&str; 2] = ["format", "version"];
/// The keys of the table `package`.
const PACKAGE: [&str; 1] = ["name"];
/// The keys of a table in `replace`.
const REPLACE: [&str; 3] = ["shape", "trait", "with"];
/// The keys of the table `runtime`.
const RUNTIME: [&str; 1] = ["path"];
/// The keys of a table in `services`.
const SERVICE: [&str; 1] = ["operations"];
/// The keys of a table in `types`.
const TYPES: [&str; 4] = ["attributes", "derive", "kinds", "match"];

/// The values of `layout` besides a table.
const LAYOUTS: [&str; 2] = ["crate", "module"];
/// The values of `format` in the table `openapi`.
const OPENAPI_FORMATS: [&str; 2] = ["json", "yaml"];
/// The values of `version` in the table `openapi`.
const OPENAPI_VERSIONS: [&str; 2] = ["3.0", "3.1"];
/// The values in `outputs`.
const OUTPUTS: [&str; 2] = ["openapi", "rust"];
/// The values in `parts`.
const PARTS: [&str; 5] = ["client", "mock", "openapi", "server", "types"];

impl Config {
    /// Takes what a configuration file says. `file` is in `sources`
    /// ([`Sources::read_beside`]), so that a report can show places in it.
    ///
    /// Rules of the file are added to those of the configuration; other keys replace what it has.
    pub fn read(&mut self, sources: &Sources, file: SourceId) -> Result<(), Report> {
        let reader = Reader {
            file,
            report: Report::default(),
        };
        reader.read(&sources[file].text, self).barrier().map(|_| ())
    }
}

/// An entry of a table.
type Entry<'e, 't> = (&'e Spanned<DeString<'t>>, &'e Spanned<DeValue<'t>>);

/// A value.
type Value<'t> = Spanned<DeValue<'t>>;

struct Reader {
    file: SourceId,
    report: Report,
}

impl Reader {
    fn read(mut self, text: &str, config: &mut Config) -> Report {
        let (file, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = match error.span() {
                Some(span) => Location::range(self.file, span),
                None => Location::file(self.file),
            };
            let message = format!("the configuration is not TOML: {}", error.message());
            self.report
                .push(Diagnostic::new(Code::InvalidConfig, message, at));
        }
        for entry in file.get_ref() {
            self.key(entry, config);
        }
        self.report
    }

    /// A key of the file.
    fn key(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        match &**entry.0.get_ref() {
            "docs" => {
                if let Some(docs) = self.boolean(entry) {
                    config.docs = docs;
                }
            }
            "layout" => {
                if let Some(layout) = self.layout(entry) {
                    config.layout = layout;
                }
            }
            "map" => {
                if let Some(path) = self.setting(entry, "the path of a type, as a string") {
                    config.map_type = Some(path);
                }
            }
            "names" => self.names(entry, config),
            "openapi" => self.openapi(entry, config),
            "outputs" => {
                if let Some(outputs) = self.outputs(entry) {
                    config.outputs = outputs;
                }
            }
            "package" => self.package(entry, config),
            "parts" => {
                if let Some(parts) = self.parts(entry) {
                    config.parts = parts;
                    config.requested_parts = self.requested(entry);
                }
            }
            "replace" => {
                for table in self.tables(entry, "[[replace]]") {
                    config.replacements.extend(self.replacement(table));
                }
            }
            "runtime" => self.runtime(entry, config),
            "services" => self.services(entry, config),
            "types" => {
                for table in self.tables(entry, "[[types]]") {
                    config.types.extend(self.type_rule(table));
                }
            }
            unknown => self.unknown(entry, "the configuration", unknown, &KEYS),
        }
    }

    fn layout(&mut self, entry: Entry<'_, '_>) -> Option<Layout> {
        const EXPECTED: &str = "`\"crate\"`, `\"module\"` or `{ file = \"NAME.rs\" }`";
        match entry.1.get_ref() {
            DeValue::String(name) => match &**name {
                "crate" => Some(Layout::Crate),
                "module" => Some(Layout::Module),
                _ => {
                    self.unknown_value(entry.1, name, "a layout", &LAYOUTS);
                    None
                }
            },
            DeValue::Table(table) => {
                let mut layout = None;
                for entry in table {
                    match &**entry.0.get_ref() {
                        "file" => {
                            let name = self.setting(entry, "the name of a file, as a string")?;
                            layout = self.file_name(name).map(Layout::file);
                        }
                        unknown => self.unknown(entry, "the layout", unknown, &LAYOUT),
                    }
                }
                if table.is_empty() {
                    self.wrong(entry, EXPECTED);
                }
                layout
            }
            _ => {
                self.wrong(entry, EXPECTED);
                None
            }
        }
    }

    /// The name of a file of Rust in the output folder.
    fn file_name(&mut self, name: Setting) -> Option<String> {
        let Some(error) = Layout::wrong_file_name(&name.text, name.at) else {
            return Some(name.text);
        };
        self.report.push(error);
        None
    }

    fn names(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        let DeValue::Table(names) = entry.1.get_ref() else {
            self.wrong(entry, "a table of names, `[names]`");
            return;
        };
        for entry @ (key, _) in names {
            if let Some(name) = self.setting(entry, "a name, as a string") {
                let at = self.location(entry);
                config.names.insert(&**key.get_ref(), name.text, at);
            }
        }
    }

    fn openapi(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        for entry in self.table(entry, "[openapi]") {
            match &**entry.0.get_ref() {
                "format" => match self.known_one(entry, "a format", &OPENAPI_FORMATS) {
                    Some("json") => config.openapi.format = OpenApiFormat::Json,
                    Some(_) => config.openapi.format = OpenApiFormat::Yaml,
                    None => {}
                },
                "version" => match self.known_one(entry, "a version", &OPENAPI_VERSIONS) {
                    Some("3.0") => config.openapi.version = OpenApiVersion::V3_0,
                    Some(_) => config.openapi.version = OpenApiVersion::V3_1,
                    None => {}
                },
                unknown => self.unknown(entry, "`openapi`", unknown, &OPENAPI),
            }
        }
    }

    fn outputs(&mut self, entry: Entry<'_, '_>) -> Option<Vec<Box<dyn Output>>> {
        let listed = self.known(entry, "an output", &OUTPUTS)?;
        if entry
            .1
            .get_ref()
            .as_array()
            .is_some_and(|listed| listed.is_empty())
        {
            self.wrong(entry, "a list of at least one output");
        }
        let mut outputs = Vec::<Box<dyn Output>>::with_capacity(listed.len());
        for name in listed {
            match name {
                #[cfg(feature = "openapi")]
                "openapi" => outputs.push(Box::new(OpenApi)),
                #[cfg(not(feature = "openapi"))]
                "openapi" => self.without_openapi(entry),
                _ => outputs.push(Box::new(Rust)),
            }
        }
        Some(outputs)
    }

    #[cfg(not(feature = "openapi"))]
    fn without_openapi(&mut self, entry: Entry<'_, '_>) {
        let message = "this build of `drawplate-codegen` cannot write OpenAPI documents";
        let at = self.location(entry);
        self.report.push(
            Diagnostic::new(Code::InvalidConfig, message, at)
                .help("enable its feature `openapi`, or remove the output"),
        );
    }

    fn package(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        for entry in self.table(entry, "[package]") {
            match &**entry.0.get_ref() {
                "name" => {
                    let name = self.setting(entry, "the name of a package, as a string");
                    let name = name.and_then(|name| self.package_name(name));
                    if let Some(name) = name {
                        config.package = Some(Package { name });
                    }
                }
                unknown => self.unknown(entry, "`package`", unknown, &PACKAGE),
            }
        }
    }

    /// A name that a package can have.
    fn package_name(&mut self, name: Setting) -> Option<String> {
        let Err(rule) = Package::check_name(&name.text) else {
            return Some(name.text);
        };
        let message = format!("`{}` is not the name of a package", name.text);
        let diagnostic = Diagnostic::new(Code::InvalidConfig, message, name.at);
        self.report.push(diagnostic.help(rule));
        None
    }

    fn parts(&mut self, entry: Entry<'_, '_>) -> Option<Parts> {
        let listed = self.known(entry, "a part", &PARTS)?;
        let has = |part| listed.contains(&part);
        Some(Parts {
            client: has("client"),
            server: has("server"),
            mock: has("mock"),
            openapi: has("openapi"),
        })
    }

    /// The parts in a list that not every service has.
    fn requested(&self, (_, parts): Entry<'_, '_>) -> Vec<Setting> {
        let values = parts.get_ref().as_array().into_iter().flatten();
        let parts = values.filter_map(|value| self.text(value));
        let of_server = |part: &Setting| matches!(&*part.text, "server" | "mock" | "openapi");
        parts.filter(of_server).collect()
    }

    fn replacement(&mut self, table: &Value<'_>) -> Option<Replacement> {
        let (mut of, mut with) = (None, None);
        for entry in self.entries(table, "[[replace]]")? {
            let key = &**entry.0.get_ref();
            match key {
                "shape" | "trait" => {
                    let id = self.setting(entry, "the id of a shape, as a string")?;
                    if of.is_some() {
                        let message = "a replacement has both `shape` and `trait`";
                        let at = self.location(entry);
                        let diagnostic = Diagnostic::new(Code::InvalidConfig, message, at);
                        let help = "write one table `[[replace]]` for each";
                        self.report.push(diagnostic.name().help(help));
                        return None;
                    }
                    of = Some(if key == "shape" {
                        ReplacedShapes::Matching(id)
                    } else {
                        ReplacedShapes::WithTrait(id)
                    });
                }
                "with" => with = Some(self.setting(entry, "the path of a type, as a string")?),
                unknown => self.unknown(entry, "a replacement", unknown, &REPLACE),
            }
        }
        let missing = match (of, with) {
            (Some(of), Some(with)) => return Some(Replacement { of, with }),
            (None, _) => "`shape` or `trait`",
            (Some(_), None) => "`with`, the path of a type",
        };
        self.missing(table, "the replacement", missing);
        None
    }

    fn runtime(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        for entry in self.table(entry, "[runtime]") {
            match &**entry.0.get_ref() {
                "path" => {
                    if let Some(path) = self.setting(entry, "a path, as a string") {
                        config.runtime = Runtime::Path(path.text);
                    }
                }
                unknown => self.unknown(entry, "`runtime`", unknown, &RUNTIME),
            }
        }
    }

    fn services(&mut self, entry: Entry<'_, '_>, config: &mut Config) {
        const EXPECTED: &str = "[services.\"namespace#Service\"]";
        for (id, table) in self.table(entry, EXPECTED) {
            let service = Setting {
                text: id.get_ref().to_string(),
                at: Location::range(self.file, id.span()),
            };
            let Some(keys) = self.entries(table, EXPECTED) else {
                continue;
            };
            let mut operations = None;
            for entry in keys {
                match &**entry.0.get_ref() {
                    "operations" => {
                        operations = self.settings(entry, "a list of operations, as strings");
                    }
                    unknown => self.unknown(entry, "a service", unknown, &SERVICE),
                }
            }
            config.services.push(ServiceRule {
                service,
                operations,
            });
        }
    }

    fn type_rule(&mut self, table: &Value<'_>) -> Option<TypeRule> {
        let mut rule = TypeRule::default();
        for entry in self.entries(table, "[[types]]")? {
            match &**entry.0.get_ref() {
                "attributes" => {
                    rule.attributes = self.settings(entry, "a list of attributes, as strings")?;
                }
                "derive" => {
                    rule.derives = self.settings(entry, "a list of paths, as strings")?;
                }
                "kinds" => {
                    let names = TypeKind::ALL.map(TypeKind::name);
                    let listed = self.known(entry, "a kind of types", &names)?;
                    let kinds = TypeKind::ALL.into_iter();
                    rule.kinds = kinds.filter(|kind| listed.contains(&kind.name())).collect();
                }
                "match" => {
                    let expected = "a pattern or a list of patterns, as strings";
                    rule.patterns = match entry.1.get_ref() {
                        DeValue::String(_) => vec![self.setting(entry, expected)?],
                        _ => self.settings(entry, expected)?,
                    };
                }
                unknown => self.unknown(entry, "a rule for types", unknown, &TYPES),
            }
        }
        if rule.patterns.is_empty() {
            self.missing(
                table,
                "the rule",
                "`match`, a pattern for the ids of shapes",
            );
            return None;
        }
        if rule.derives.is_empty() && rule.attributes.is_empty() {
            self.missing(table, "the rule", "`derive` or `attributes`");
            return None;
        }
        Some(rule)
    }

    fn boolean(&mut self, entry: Entry<'_, '_>) -> Option<bool> {
        match entry.1.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.wrong(entry, "`true` or `false`");
                None
            }
        }
    }

    /// A string.
    fn setting(&mut self, entry: Entry<'_, '_>, expected: &str) -> Option<Setting> {
        let setting = self.text(entry.1);
        if setting.is_none() {
            self.wrong(entry, expected);
        }
        setting
    }

    /// A list of strings.
    fn settings(&mut self, entry: Entry<'_, '_>, expected: &str) -> Option<Vec<Setting>> {
        let DeValue::Array(values) = entry.1.get_ref() else {
            self.wrong(entry, expected);
            return None;
        };
        let settings = values.iter().map(|value| self.text(value));
        let settings = settings.collect::<Option<Vec<_>>>();
        if settings.is_none() {
            self.wrong(entry, expected);
        }
        settings
    }

    fn text(&self, value: &Value<'_>) -> Option<Setting> {
        let DeValue::String(text) = value.get_ref() else {
            return None;
        };
        Some(Setting {
            text: text.to_string(),
            at: self.value_location(value),
        })
    }

    /// A list of known words.
    fn known<'k>(
        &mut self,
        entry: Entry<'_, '_>,
        what: &str,
        known: &[&'k str],
    ) -> Option<Vec<&'k str>> {
        let expected = format!("a list of these: `{}`", known.join("`, `"));
        let DeValue::Array(values) = entry.1.get_ref() else {
            self.wrong(entry, &expected);
            return None;
        };
        let mut found = Vec::new();
        for value in values {
            let DeValue::String(text) = value.get_ref() else {
                self.wrong(entry, &expected);
                return None;
            };
            match known.iter().find(|known| **known == &**text) {
                Some(known) if found.contains(known) => {
                    let message = format!("`{known}` is listed twice");
                    let at = self.value_location(value);
                    let diagnostic = Diagnostic::new(Code::InvalidConfig, message, at);
                    self.report.push(diagnostic.help("remove one of them"));
                }
                Some(known) => found.push(*known),
                None => self.unknown_value(value, text, what, known),
            }
        }
        Some(found)
    }

    /// A known word.
    fn known_one<'k>(
        &mut self,
        entry: Entry<'_, '_>,
        what: &str,
        known: &[&'k str],
    ) -> Option<&'k str> {
        let word = self.setting(entry, &format!("{what}, as a string"))?;
        let found = known.iter().find(|known| **known == word.text);
        if found.is_none() {
            self.unknown_value(entry.1, &word.text, what, known);
        }
        found.copied()
    }

    /// The entries of a table.
    fn table<'e, 't>(&mut self, entry: Entry<'e, 't>, expected: &str) -> Vec<Entry<'e, 't>> {
        if let DeValue::Table(table) = entry.1.get_ref() {
            table.iter().collect()
        } else {
            self.wrong(entry, &format!("a table, `{expected}`"));
            Vec::new()
        }
    }

    /// The tables of an array.
    fn tables<'e, 't>(&mut self, entry: Entry<'e, 't>, expected: &str) -> Vec<&'e Value<'t>> {
        if let DeValue::Array(tables) = entry.1.get_ref() {
            tables.iter().collect()
        } else {
            self.wrong(entry, &format!("a list of tables, `{expected}`"));
            Vec::new()
        }
    }

    /// The entries of a table that is a value.
    fn entries<'e, 't>(
        &mut self,
        value: &'e Value<'t>,
        expected: &str,
    ) -> Option<Vec<Entry<'e, 't>>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table.iter().collect());
        }
        let message = format!("this is not a table, `{expected}`");
        let at = self.value_location(value);
        let diagnostic = Diagnostic::new(Code::InvalidConfig, message, at);
        self.report.push(diagnostic.label("expected a table"));
        None
    }

    fn location(&self, (key, value): Entry<'_, '_>) -> Location {
        let span = Span {
            name: key.span().into(),
            value: value.span().into(),
        };
        Location::span(Some(self.file), span)
    }

    fn value_location(&self, value: &Value<'_>) -> Location {
        Location::range(self.file, value.span())
    }

    fn wrong(&mut self, entry: Entry<'_, '_>, expected: &str) {
        let message = format!("`{}` is not {expected}", entry.0.get_ref());
        let diagnostic = Diagnostic::new(Code::InvalidConfig, message, self.location(entry));
        self.report
            .push(diagnostic.label(format!("expected {expected}")));
    }

    fn missing(&mut self, table: &Value<'_>, what: &str, missing: &str) {
        let message = format!("{what} lacks {missing}");
        let at = self.value_location(table);
        self.report
            .push(Diagnostic::new(Code::InvalidConfig, message, at));
    }

    fn unknown(&mut self, entry: Entry<'_, '_>, table: &str, key: &str, known: &[&str]) {
        let message = format!("{table} has no key `{key}`");
        let help = did_you_mean(key, known.iter().copied())
            .unwrap_or_else(|| format!("it has these: `{}`", known.join("`, `")));
        self.report.push(
            Diagnostic::new(Code::InvalidConfig, message, self.location(entry))
                .name()
                .help(help),
        );
    }

    fn unknown_value(&mut self, value: &Value<'_>, text: &str, what: &str, known: &[&str]) {
        let message = format!("`{text}` is not {what}");
        let at = self.value_location(value);
        let diagnostic = Diagnostic::new(Code::InvalidConfig, message, at);
        let help = did_you_mean(text, known.iter().copied())
            .unwrap_or_else(|| format!("use one of these: `{}`", known.join("`, `")));
        self.report.push(diagnostic.help(help));
    }
}
