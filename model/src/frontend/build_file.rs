//! `smithy-build.json`: which files are the model of a Smithy project.
//!
//! Only `sources` and `imports` are read. Trait libraries are built in, so that the dependencies
//! that contain them need not be fetched.

use std::path::Path;

use super::idl;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Value};
use crate::source::{Location, SourceId, TextRange};
use crate::suggest::did_you_mean;

/// The name of the file.
pub(super) const NAME: &str = "smithy-build.json";

/// The folder of a project without the key `sources`, if it exists.
pub(super) const DEFAULT_SOURCE: &str = "model";

/// Libraries that have nothing but traits that are built in, as `group:artifact`.
const KNOWN: &[&str] = &[
    "com.disneystreaming.alloy:alloy-core",
    "software.amazon.smithy:smithy-aws-apigateway-traits",
    "software.amazon.smithy:smithy-aws-cloudformation-traits",
    "software.amazon.smithy:smithy-aws-endpoints",
    "software.amazon.smithy:smithy-aws-iam-traits",
    "software.amazon.smithy:smithy-aws-smoke-test-model",
    "software.amazon.smithy:smithy-aws-traits",
    "software.amazon.smithy:smithy-contract-traits",
    "software.amazon.smithy:smithy-model",
    "software.amazon.smithy:smithy-mqtt-traits",
    "software.amazon.smithy:smithy-openapi-traits",
    "software.amazon.smithy:smithy-protocol-test-traits",
    "software.amazon.smithy:smithy-protocol-traits",
    "software.amazon.smithy:smithy-rules-engine",
    "software.amazon.smithy:smithy-smoke-test-traits",
    "software.amazon.smithy:smithy-validation-model",
    "software.amazon.smithy:smithy-waiters",
];

/// The settings that are read.
#[derive(Debug, Default)]
pub(super) struct BuildFile {
    /// Paths relative to the file, with their places in it. `None` if the file has no `sources`.
    pub(super) sources: Option<Vec<(String, TextRange)>>,
    /// The same of `imports`.
    pub(super) imports: Vec<(String, TextRange)>,
}

impl BuildFile {
    /// Reads the text of a file, and reports what is wrong with it and what is ignored.
    pub(super) fn read(text: &str, source: SourceId, report: &mut Report) -> Self {
        let mut file = Self::default();
        let mut errors = Report::new();
        let root = idl::json_with_comments(text, source, &mut errors);
        report.extend(errors.diagnostics().into_iter().map(|error| Diagnostic {
            code: Code::InvalidBuildFile,
            ..error.clone()
        }));
        let Some(root) = root else {
            return file;
        };
        let mut reader = Reader { source, report };
        let Value::Object(settings) = root.value else {
            reader.wrong_type(&root, "the file", "an object");
            return file;
        };
        for (key, value) in &settings.entries {
            match &*key.text {
                "sources" => file.sources = Some(reader.paths(value, "`sources`")),
                "imports" => file.imports = reader.paths(value, "`imports`"),
                "maven" => reader.dependencies(value),
                "projections" | "plugins" => {
                    let message = format!("`{}` is ignored", key.text);
                    let help = "what is generated is chosen by the arguments of the command and by \
                                `drawplate.toml`";
                    reader.push(Code::IgnoredBuildSetting, message, key.range, help);
                }
                "version" | "outputDirectory" | "ignoreMissingPlugins" => {}
                other => {
                    let message = format!("the setting `{other}` is unknown and ignored");
                    let known = ["version", "sources", "imports", "maven", "plugins"];
                    let known = known.into_iter().chain(["projections", "outputDirectory"]);
                    let help = did_you_mean(other, known);
                    let help = help.unwrap_or_else(|| "`sources` and `imports` are read".into());
                    reader.push(Code::IgnoredBuildSetting, message, key.range, &help);
                }
            }
        }
        file
    }
}

struct Reader<'r> {
    source: SourceId,
    report: &'r mut Report,
}

impl Reader<'_> {
    fn push(&mut self, code: Code, message: String, range: Option<TextRange>, help: &str) {
        let location = match range {
            Some(range) => Location::range(self.source, range.bytes()),
            None => Location::file(self.source),
        };
        let diagnostic = Diagnostic::new(code, message, location);
        self.report.push(diagnostic.help(help));
    }

    fn wrong_type(&mut self, node: &Node<'_>, what: &str, expected: &str) {
        let message = format!("{what} is {}, not {expected}", node.phrase());
        let help = "the settings are described in the documentation of the Smithy CLI";
        self.push(Code::InvalidBuildFile, message, node.range, help);
    }

    fn paths(&mut self, node: &Node<'_>, what: &str) -> Vec<(String, TextRange)> {
        let Value::Array(items) = &node.value else {
            self.wrong_type(node, what, "an array of paths");
            return Vec::new();
        };
        let mut paths = Vec::with_capacity(items.len());
        for item in items {
            match (item.as_str(), item.range) {
                (Some(path), Some(range)) => paths.push((path.to_owned(), range)),
                _ => self.wrong_type(item, "an element", "a path"),
            }
        }
        paths
    }

    /// Reports dependencies that are not built in.
    fn dependencies(&mut self, maven: &Node<'_>) {
        let Some(dependencies) = maven.get("dependencies") else {
            return;
        };
        let Value::Array(items) = &dependencies.value else {
            self.wrong_type(dependencies, "`dependencies`", "an array");
            return;
        };
        for item in items {
            let Some(text) = item.as_str() else {
                self.wrong_type(item, "a dependency", "a string");
                continue;
            };
            // `group:artifact:version`
            let name = text.rsplit_once(':').map_or(text, |(name, _)| name);
            if !KNOWN.contains(&name) {
                let message = format!("the dependency `{text}` is not fetched");
                let help = "if it has shapes or traits that the model uses, add their files, which \
                            are in the folder `META-INF/smithy` of its jar, to `imports`";
                self.push(Code::UnknownDependency, message, item.range, help);
            }
        }
    }
}

/// Whether a path of the file is that of an archive, which is not read.
pub(super) fn is_archive(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|it| it.eq_ignore_ascii_case("jar") || it.eq_ignore_ascii_case("zip"))
}
