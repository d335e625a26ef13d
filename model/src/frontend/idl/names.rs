//! Shape ids: which shapes exist, and which one a name in a file refers to (Smithy 2.0, "Relative
//! shape ID resolution").

use std::borrow::Cow;
use std::collections::HashMap;

use crate::ast::{Definition, ShapeType};
use crate::node::Text;
use crate::source::TextRange;
use crate::{library, prelude};

/// The type of a trait, as far as it decides about the value of a trait without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnnotationForm {
    /// A structure or map, or unknown: an empty object.
    Object,
    /// A list: an empty array.
    Array,
    /// Anything else: null, which is not a value of the trait.
    Null,
}

/// Every shape of a model: namespaces, and the names in each.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    defined: HashMap<Cow<'a, str>, HashMap<Cow<'a, str>, ShapeType>>,
}

impl<'a> Names<'a> {
    /// Adds a shape.
    pub(super) fn add(&mut self, namespace: &'a str, name: Cow<'a, str>, kind: ShapeType) {
        let namespace = self.defined.entry(Cow::Borrowed(namespace)).or_default();
        namespace.insert(name, kind);
    }

    /// Adds the shapes of other front ends.
    pub(super) fn add_definitions(&mut self, definitions: &[Definition<'a>]) {
        for definition in definitions {
            if let Some((namespace, name)) = definition.id.split_once('#') {
                let names = self.defined.entry(Cow::Owned(namespace.to_owned()));
                let names = names.or_default();
                names.insert(Cow::Owned(name.to_owned()), definition.kind);
            }
        }
    }

    fn get(&self, namespace: &str, name: &str) -> Option<ShapeType> {
        self.defined.get(namespace)?.get(name).copied()
    }

    /// Whether a shape with this absolute id, possibly with a member, exists.
    pub(super) fn has(&self, id: &str) -> bool {
        let id = id.split_once('$').map_or(id, |(shape, _)| shape);
        let Some((namespace, name)) = id.split_once('#') else {
            return false;
        };
        self.get(namespace, name).is_some() || is_known(id)
    }

    /// The value of a trait that is written without one.
    pub(super) fn annotation(&self, id: &str) -> AnnotationForm {
        let defined = id.split_once('#');
        let defined = defined.and_then(|(namespace, name)| self.get(namespace, name));
        let kind = defined.or_else(|| library::definition(id).map(|shape| shape.kind));
        match kind {
            Some(ShapeType::Structure | ShapeType::Map) | None => AnnotationForm::Object,
            Some(ShapeType::List | ShapeType::Set) => AnnotationForm::Array,
            Some(_) => AnnotationForm::Null,
        }
    }

    /// Every absolute id, for suggestions.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        self.defined.iter().flat_map(|(namespace, names)| {
            names.keys().map(move |name| format!("{namespace}#{name}"))
        })
    }
}

/// Whether the prelude or a trait library has a shape.
fn is_known(id: &str) -> bool {
    library::find(id).is_some() || prelude::definitions().iter().any(|it| *it.id == *id)
}

/// The absolute id of a shape of the prelude, by its name.
fn in_prelude(name: &str) -> Option<Cow<'static, str>> {
    if let Some(id) = prelude::find(name) {
        return Some(id.into());
    }
    let id = format!("{}{name}", prelude::NAMESPACE);
    library::find(&id).is_some().then(|| id.into())
}

/// A `use` statement.
#[derive(Debug)]
pub(super) struct Import<'a> {
    /// The absolute id of the shape.
    pub(super) id: &'a str,
    pub(super) range: TextRange,
}

impl<'a> Import<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.id.split_once('#').map_or(self.id, |(_, name)| name)
    }
}

/// What names in a file refer to.
#[derive(Debug)]
pub(super) struct Scope<'n, 'a> {
    pub(super) names: &'n Names<'a>,
    /// `None` in front of the `namespace` statement.
    pub(super) namespace: Option<&'a str>,
    pub(super) imports: HashMap<&'a str, &'a str>,
}

impl<'a> Scope<'_, 'a> {
    /// The absolute id of a name, whether the shape exists or not. An absolute id is itself.
    pub(super) fn resolve(&self, name: &'a str, range: TextRange) -> Text<'a> {
        self.absolute(Cow::Borrowed(name)).at(range)
    }

    /// The same for a text that may be a part of no file.
    pub(super) fn absolute(&self, name: Cow<'a, str>) -> Text<'a> {
        if name.contains('#') {
            return name.into();
        }
        let (shape, member) = match name.split_once('$') {
            Some((shape, member)) => (shape, Some(member)),
            None => (&*name, None),
        };
        if let Some(id) = self.imports.get(shape) {
            return match member {
                Some(member) => format!("{id}${member}").into(),
                None => (*id).into(),
            };
        }
        match self.namespace {
            Some(namespace) if self.names.get(namespace, shape).is_none() => {
                match (in_prelude(shape), member) {
                    (Some(id), None) => id.into(),
                    (Some(id), Some(member)) => format!("{id}${member}").into(),
                    (None, _) => format!("{namespace}#{name}").into(),
                }
            }
            Some(namespace) => format!("{namespace}#{name}").into(),
            None => format!("{}{name}", prelude::NAMESPACE).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_imports_then_shapes_of_the_file_then_shapes_of_the_prelude() {
        let mut names = Names::default();
        names.add("a", "String".into(), ShapeType::Structure);
        let scope = Scope {
            names: &names,
            namespace: Some("a"),
            imports: HashMap::from([("Imported", "b#Imported")]),
        };
        let resolve = |name| scope.absolute(Cow::Borrowed(name)).text.into_owned();
        assert_eq!(resolve("Imported"), "b#Imported");
        assert_eq!(resolve("Imported$x"), "b#Imported$x");
        assert_eq!(resolve("String"), "a#String");
        assert_eq!(resolve("Integer"), "smithy.api#Integer");
        assert_eq!(resolve("required"), "smithy.api#required");
        assert_eq!(resolve("Unknown"), "a#Unknown");
        assert_eq!(resolve("c#Unknown"), "c#Unknown");
    }
}
