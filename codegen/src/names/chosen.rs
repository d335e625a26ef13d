//! The names that the configuration chooses.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::did_you_mean;
use drawplate_model::source::Location;

use super::Name;
use super::ident::Case;
use super::namespace::{Claim, Key};

/// Names that replace those that the generator would choose: the table `[names]` of the
/// configuration.
///
/// A key is the id of a shape (`namespace#Shape`), of a member (`namespace#Shape$member`), or
/// either with the role of a name that is made up for it (`namespace#Operation/error`). Warnings
/// about names have the keys in them.
#[derive(Clone, Debug, Default)]
pub struct ChosenNames(BTreeMap<String, ChosenName>);

/// An entry of [`ChosenNames`].
#[derive(Clone, Debug)]
struct ChosenName {
    name: String,
    at: Location,
}

impl ChosenNames {
    /// Chooses a name. `at` is the place of the entry in a configuration file.
    pub fn insert(&mut self, key: impl Into<String>, name: impl Into<String>, at: Location) {
        let name = name.into();
        self.0.insert(key.into(), ChosenName { name, at });
    }
}

impl<K: Into<String>, N: Into<String>> FromIterator<(K, N)> for ChosenNames {
    fn from_iter<T: IntoIterator<Item = (K, N)>>(names: T) -> Self {
        let mut chosen = Self::default();
        for (key, name) in names {
            chosen.insert(key, name, Location::none());
        }
        chosen
    }
}

/// Looks up the names that the configuration chooses, and collects what is reported about names.
pub(super) struct Choices<'c> {
    chosen: &'c ChosenNames,
    /// The keys of all names, if any is chosen.
    known: BTreeSet<String>,
    pub(super) report: Report,
}

impl<'c> Choices<'c> {
    pub(super) fn new(chosen: &'c ChosenNames) -> Self {
        Self {
            chosen,
            known: BTreeSet::new(),
            report: Report::default(),
        }
    }

    /// The name that the configuration chooses for a claim.
    pub(super) fn chosen(&mut self, claim: &Claim<'_>) -> Option<Name> {
        let (ChosenName { name: text, at }, key) = self.entry(claim.key)?;
        let problem = match claim.case.exactly(text) {
            Ok(name) => return Some(name),
            Err(problem) => problem,
        };
        let message = format!(
            "`{text}` cannot be the {} of `{key}`: {problem}",
            claim.what
        );
        self.report.push(
            Diagnostic::new(Code::UnusableName, message, at.clone())
                .shape(&key)
                .related_name(claim.at.clone(), "the name is for this"),
        );
        None
    }

    /// The name that the configuration chooses for a file, without its extension.
    #[cfg(feature = "openapi")]
    pub(super) fn file(&mut self, key: Key<'_>) -> Option<&'c str> {
        let (ChosenName { name, at }, key) = self.entry(key)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let is_plain = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if is_plain && name.chars().all(plain) && !super::modules::is_device(name) {
            return Some(name);
        }
        let message = format!("`{name}` cannot be the file of `{key}`");
        self.report.push(
            Diagnostic::new(Code::UnusableName, message, at.clone())
                .shape(&key)
                .help("use letters, digits, `-`, `.` and `_`, and no device of Windows"),
        );
        None
    }

    /// Accepts a key whose name another output assigns.
    pub(super) fn accept(&mut self, key: Key<'_>) {
        self.known.insert(key.to_string());
    }

    /// The name that the configuration chooses for a key, without a report if it cannot be used.
    pub(super) fn peek(&self, key: Key<'_>, case: Case) -> Option<Name> {
        if self.chosen.0.is_empty() {
            return None;
        }
        let ChosenName { name, at: _ } = self.chosen.0.get(&key.to_string())?;
        case.exactly(name).ok()
    }

    /// Whether the configuration chooses the name of a key.
    pub(super) fn is_chosen(&self, key: Key<'_>) -> bool {
        !self.chosen.0.is_empty() && self.chosen.0.contains_key(&key.to_string())
    }

    /// The entry of a key.
    fn entry(&mut self, key: Key<'_>) -> Option<(&'c ChosenName, String)> {
        if self.chosen.0.is_empty() {
            return None;
        }
        let key = key.to_string();
        self.known.insert(key.clone());
        Some((self.chosen.0.get(&key)?, key))
    }

    /// Reports that two entries choose the same name.
    pub(super) fn same_choice(&mut self, claim: &Claim<'_>, name: &Name, other: Key<'_>) {
        let Some((ChosenName { name: _, at }, key)) = self.entry(claim.key) else {
            return;
        };
        let message = format!(
            "`{}` cannot be the {} of `{key}`: it is the name of `{other}`",
            name.text(),
            claim.what
        );
        let other = self.chosen.0.get(&other.to_string());
        let mut diagnostic = Diagnostic::new(Code::UnusableName, message, at.clone())
            .shape(&key)
            .help("choose different names");
        if let Some(other) = other {
            diagnostic = diagnostic.related(other.at.clone(), "this name is the same");
        }
        self.report.push(diagnostic);
    }

    /// The findings, with an error for each entry that chooses a name for nothing.
    /// What a selection dropped has none.
    pub(super) fn finish(self, dropped: &BTreeSet<String>) -> Report {
        let Self {
            chosen,
            mut known,
            mut report,
        } = self;
        known.retain(|key| !dropped.contains(owner(key)));
        for (key, ChosenName { name: _, at }) in &chosen.0 {
            if known.contains(key) {
                continue;
            }
            let message = format!("`{key}` has no name in the generated code");
            let help = if dropped.contains(owner(key)) {
                "the table `services` does not keep it: remove the name, or keep it".to_owned()
            } else {
                did_you_mean(key, known.iter().map(String::as_str)).unwrap_or_else(|| {
                    "a key is the id of a shape, `namespace#Shape`, or of a member, \
                     `namespace#Shape$member`"
                        .to_owned()
                })
            };
            report.push(
                Diagnostic::new(Code::UnusedName, message, at.clone())
                    .name()
                    .help(help),
            );
        }
        report
    }
}

/// The shape that a key is for.
fn owner(key: &str) -> &str {
    key.split(['$', '/']).next().unwrap_or(key)
}
