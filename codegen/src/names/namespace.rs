//! Names that must differ from one another.

use std::collections::BTreeMap;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::source::Location;

use super::{Name, ident};

/// Names that must differ from one another, each with its owner.
pub(super) struct Namespace {
    code: Code,
    what: &'static str,
    owners: BTreeMap<Name, (String, Location)>,
}

impl Namespace {
    pub(super) fn new(code: Code, what: &'static str) -> Self {
        Self {
            code,
            what,
            owners: BTreeMap::new(),
        }
    }

    /// Whether `name` has an owner.
    pub(super) fn has(&self, name: &Name) -> bool {
        self.owners.contains_key(name)
    }

    /// Whether a name with this spelling has an owner.
    pub(super) fn has_text(&self, text: &str) -> bool {
        self.owners.keys().any(|name| name.text() == text)
    }

    /// A name that the generator invents, which yields to those of the model: the first spelling
    /// without an owner, or the last one with underscores after it.
    pub(super) fn invent(&self, spellings: &[String]) -> Name {
        let mut names = spellings.iter().filter_map(|text| ident::camel(text));
        let mut name = names.next().expect("there is a spelling");
        while self.has(&name) {
            name = names.next().unwrap_or_else(|| name.escaped());
        }
        name
    }

    /// Gives `name` to `owner`, or reports that it has another owner or that it cannot be spelled.
    pub(super) fn insert(
        &mut self,
        report: &mut Report,
        name: Option<Name>,
        owner: &str,
        at: &Location,
    ) -> Option<Name> {
        let Some(name) = name else {
            let message = format!(
                "`{owner}` has no letter or digit to make a Rust {} of",
                self.what
            );
            report.push(
                Diagnostic::new(Code::Unspellable, message, at.clone())
                    .name()
                    .shape(owner)
                    .help("rename it"),
            );
            return None;
        };
        if let Some((first, place)) = self.owners.get(&name) {
            let message = format!(
                "`{first}` and `{owner}` both become the Rust {} `{name}`",
                self.what
            );
            report.push(
                Diagnostic::new(self.code, message, at.clone())
                    .name()
                    .label(format!("becomes `{name}`"))
                    .shape(owner)
                    .related_name(place.clone(), format!("becomes `{name}` too"))
                    .help(self.help()),
            );
            return None;
        }
        self.owners
            .insert(name.clone(), (owner.to_owned(), at.clone()));
        Some(name)
    }

    /// How to resolve a collision. A service can rename shapes only (Smithy 2.0, "Service rename
    /// property").
    fn help(&self) -> &'static str {
        match self.code {
            Code::TypeCollision => {
                "rename one of them; `rename` on the service changes the name of a shape for the service alone"
            }
            Code::MemberCollision => {
                "rename one of them; `jsonName` keeps the name of a structure's or union's member in JSON"
            }
            Code::ModuleCollision => {
                "rename one of them (a service with an `sdkId` is named for that), or generate two crates"
            }
            _ => "rename one of them",
        }
    }
}
