//! The configuration file, `drawplate.toml`.

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::did_you_mean;
use drawplate_model::source::{Location, SourceId, Sources, Span};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Config;

/// The name of the file.
pub const FILE: &str = "drawplate.toml";

/// The tables that the file may have.
const TABLES: [&str; 1] = ["names"];

impl Config {
    /// Takes what a configuration file says. `file` is in `sources`
    /// ([`Sources::read_beside`]), so that a report can show places in it.
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
        for entry @ (key, value) in file.get_ref() {
            match (&**key.get_ref(), value.get_ref()) {
                ("names", DeValue::Table(names)) => self.names(names, config),
                ("names", _) => self.wrong(entry, "a table of names, `[names]`"),
                (unknown, _) => self.unknown(entry, unknown, &TABLES),
            }
        }
        self.report
    }

    /// The table of names.
    fn names(&mut self, names: &DeTable<'_>, config: &mut Config) {
        for entry @ (key, value) in names {
            match value.get_ref() {
                DeValue::String(name) => {
                    let at = self.location(entry);
                    config.names.insert(&**key.get_ref(), &**name, at);
                }
                _ => self.wrong(entry, "a name, as a string"),
            }
        }
    }

    fn location(&self, (key, value): Entry<'_, '_>) -> Location {
        let span = Span {
            name: key.span().into(),
            value: value.span().into(),
        };
        Location::span(Some(self.file), span)
    }

    fn wrong(&mut self, entry: Entry<'_, '_>, expected: &str) {
        let message = format!("`{}` is not {expected}", entry.0.get_ref());
        let diagnostic = Diagnostic::new(Code::InvalidConfig, message, self.location(entry));
        self.report
            .push(diagnostic.label(format!("expected {expected}")));
    }

    fn unknown(&mut self, entry: Entry<'_, '_>, key: &str, known: &[&str]) {
        let message = format!("the configuration has no key `{key}`");
        let help = did_you_mean(key, known.iter().copied())
            .unwrap_or_else(|| format!("it has these: `{}`", known.join("`, `")));
        self.report.push(
            Diagnostic::new(Code::InvalidConfig, message, self.location(entry))
                .name()
                .help(help),
        );
    }
}
