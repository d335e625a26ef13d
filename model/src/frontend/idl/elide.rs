//! Members without a target, `$name`: they take the target of the member of a mixin, or of the
//! identifier or property of the resource of the structure (Smithy 2.0, "Target elision").

use std::collections::{HashMap, HashSet};

use crate::ast::{Application, Ast, Definition, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::Text;
use crate::source::{Location, TextRange};
use crate::suggest::{SuggestionLimit, did_you_mean};

/// A definition that has members without a target, or a resource.
pub(super) struct Elided<'a> {
    /// The index of the definition.
    pub(super) definition: usize,
    /// The indexes of the members.
    pub(super) members: Vec<usize>,
    /// The id after `for`.
    pub(super) resource: Option<Text<'a>>,
}

/// The target of a member.
struct Target<'a> {
    id: Text<'a>,
    /// Whether a mixin has the member. It is then not a member of the shape itself, and its traits
    /// are those of an `apply` statement.
    is_of_mixin: bool,
}

/// Sets the targets of the members.
pub(super) fn resolve<'a>(ast: &mut Ast<'a>, elided: &[Elided<'a>], report: &mut Report) {
    if elided.is_empty() {
        return;
    }
    let suggestions = SuggestionLimit::new();
    let index = Index::new(&ast.definitions, elided);
    let mut found = Vec::with_capacity(elided.len());
    for item in elided {
        let definition = &ast.definitions[item.definition];
        if let Some(resource) = &item.resource {
            index.report_resource(definition, resource, &suggestions, report);
        }
        let members = item.members.iter().map(|member| {
            let target = index.target(item.definition, *member, item.resource.as_ref(), report);
            (*member, target)
        });
        found.push((item.definition, members.collect::<Vec<_>>()));
    }
    for (definition, members) in found {
        let definition = &mut ast.definitions[definition];
        // Backwards, so that removing a member leaves the indexes of those before it.
        for (index, target) in members.into_iter().rev() {
            match target {
                Some(Target {
                    id,
                    is_of_mixin: false,
                }) => definition.members[index].target = id,
                Some(Target {
                    is_of_mixin: true, ..
                }) => {
                    let member = definition.members.remove(index);
                    if !member.traits.is_empty() {
                        let id = Text::from(format!("{}${}", definition.id, member.name));
                        ast.applications.push(Application {
                            source: definition.source,
                            id: id.at(range(&member.name)),
                            traits: member.traits,
                        });
                    }
                }
                None => drop(definition.members.remove(index)),
            }
        }
    }
}

fn range(text: &Text<'_>) -> TextRange {
    text.range.expect("texts of this front end have a range")
}

/// The definitions by id.
struct Index<'x, 'a> {
    definitions: &'x [Definition<'a>],
    by_id: HashMap<&'x str, usize>,
    /// The members without a target and the resources, by definition.
    elided: HashMap<usize, &'x Elided<'a>>,
}

impl<'x, 'a> Index<'x, 'a> {
    fn new(definitions: &'x [Definition<'a>], elided: &'x [Elided<'a>]) -> Self {
        let ids = definitions.iter().enumerate();
        Self {
            definitions,
            by_id: ids
                .map(|(index, definition)| (&*definition.id.text, index))
                .collect(),
            elided: elided.iter().map(|item| (item.definition, item)).collect(),
        }
    }

    fn get(&self, id: &str) -> Option<&'x Definition<'a>> {
        Some(&self.definitions[*self.by_id.get(id)?])
    }

    /// The definition with this index, its mixins, their mixins and so on, each once.
    fn with_mixins(&self, definition: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([definition]);
        let mut waiting = vec![definition];
        while let Some(next) = waiting.pop() {
            found.push(next);
            for mixin in self.definitions[next].mixins.iter().rev() {
                if let Some(mixin) = self.by_id.get(&*mixin.text)
                    && seen.insert(*mixin)
                {
                    waiting.push(*mixin);
                }
            }
        }
        found
    }

    /// The target of an identifier or property of a resource.
    fn of_resource(&self, resource: &str, name: &str) -> Option<&'x Text<'a>> {
        let resource = *self.by_id.get(resource)?;
        let resources = self.with_mixins(resource);
        let targets = resources.into_iter().flat_map(|index| {
            let Definition {
                identifiers,
                properties,
                ..
            } = &self.definitions[index];
            properties.iter().chain(identifiers)
        });
        let mut targets = targets.filter(|(key, _)| **key == *name);
        targets.next().map(|(_, target)| target)
    }

    /// The target of a member of a mixin.
    fn of_mixins(&self, definition: usize, name: &str) -> Option<&'x Text<'a>> {
        self.with_mixins(definition)[1..].iter().find_map(|mixin| {
            let members = &self.definitions[*mixin].members;
            let member = members.iter().find(|member| *member.name == *name)?;
            if !member.target.text.is_empty() {
                return Some(&member.target);
            }
            // It has no target itself: that of a resource, or of a mixin which follows.
            let resource = self.elided.get(mixin)?.resource.as_ref()?;
            self.of_resource(resource, name)
        })
    }

    fn target(
        &self,
        definition: usize,
        member: usize,
        resource: Option<&Text<'a>>,
        report: &mut Report,
    ) -> Option<Target<'a>> {
        let shape = &self.definitions[definition];
        let member = &shape.members[member];
        let name = &*member.name.text;
        let of_resource = resource.and_then(|resource| self.of_resource(resource, name));
        let of_mixins = self.of_mixins(definition, name);
        let location = || {
            let source = shape.source.expect("it is of a file");
            Location::range(source, range(&member.name))
        };
        match (of_resource, of_mixins) {
            (Some(one), Some(other)) if one.text != other.text => {
                let message = format!(
                    "`{}${name}` is `{one}` in the resource and `{other}` in a mixin",
                    shape.id
                );
                report.push(
                    Diagnostic::new(Code::MixinConflict, message, location())
                        .shape(format!("{}${name}", shape.id))
                        .help("give one of the two another name, or make their targets the same"),
                );
                None
            }
            (_, Some(target)) => Some(Target {
                id: target.clone(),
                is_of_mixin: true,
            }),
            (Some(target), None) => Some(Target {
                // The place is that of the member.
                id: Text::from(target.text.clone()).at(range(&member.name)),
                is_of_mixin: false,
            }),
            (None, None) => {
                // A resource that cannot be used is reported once for the shape.
                let is_usable = |id: &Text<'_>| {
                    self.get(id)
                        .is_some_and(|it| it.kind == ShapeType::Resource)
                };
                let is_missing_mixin = |id: &&Text<'_>| !self.by_id.contains_key(&*id.text);
                if resource.is_some_and(|id| !is_usable(id))
                    || shape.mixins.iter().any(|mixin| is_missing_mixin(&mixin))
                {
                    return None;
                }
                let message = format!(
                    "`${name}` has no target: no mixin{} of `{}` has a member with this name",
                    if resource.is_some() {
                        " or resource"
                    } else {
                        ""
                    },
                    shape.id
                );
                let names = self.names(definition, resource);
                let help = did_you_mean(name, names.iter().copied());
                let help = help.unwrap_or_else(|| format!("write the target: `{name}: Type`"));
                report.push(
                    Diagnostic::new(Code::ElidedTarget, message, location())
                        .shape(format!("{}${name}", shape.id))
                        .help(help),
                );
                None
            }
        }
    }

    /// The names that members of a definition may elide.
    fn names(&self, definition: usize, resource: Option<&Text<'a>>) -> Vec<&'x str> {
        let mixins = &self.with_mixins(definition)[1..];
        let members = mixins
            .iter()
            .flat_map(|mixin| &self.definitions[*mixin].members);
        let mut names: Vec<&str> = members.map(|member| &*member.name.text).collect();
        if let Some(resource) = resource.and_then(|resource| self.by_id.get(&*resource.text)) {
            for index in self.with_mixins(*resource) {
                let Definition {
                    identifiers,
                    properties,
                    ..
                } = &self.definitions[index];
                names.extend(
                    identifiers
                        .iter()
                        .chain(properties)
                        .map(|(name, _)| &*name.text),
                );
            }
        }
        names
    }

    /// Reports what follows `for` and is not a resource.
    fn report_resource(
        &self,
        shape: &Definition<'a>,
        resource: &Text<'a>,
        suggestions: &SuggestionLimit,
        report: &mut Report,
    ) {
        let source = shape.source.expect("it is of a file");
        let location = Location::range(source, range(resource));
        match self.get(resource) {
            None => {
                let message = format!(
                    "`{}` is for `{resource}`, which is not in the model",
                    shape.id
                );
                let mut diagnostic = Diagnostic::new(Code::DanglingTarget, message, location)
                    .label("no shape has this id")
                    .shape(&shape.id);
                diagnostic.help =
                    suggestions.did_you_mean_or_import(resource, self.by_id.keys().copied());
                report.push(diagnostic);
            }
            Some(found) if found.kind != ShapeType::Resource => {
                let message = format!(
                    "`{}` is for `{resource}`, which is {}, not a resource",
                    shape.id,
                    found.kind.phrase()
                );
                report.push(
                    Diagnostic::new(Code::WrongTarget, message, location)
                        .label("expected a resource")
                        .shape(&shape.id),
                );
            }
            Some(_) => {}
        }
    }
}
