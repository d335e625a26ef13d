//! Applied traits against the definitions of the traits: whether they exist, where they may be
//! applied, what they exclude, and their values.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use super::super::applied::{AppliedTrait, AppliedTraits};
use super::super::mixins::FlatShape;
use super::graph::{Graph, Vertex, all_shapes};
use super::places;
use super::selector::Selector;
use super::values::Values;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::library;
use crate::node::{Node, Value};
use crate::prelude;
use crate::source::Location;
use crate::suggest::did_you_mean;
use crate::traits::{Selector as KnownSelector, TraitId};

/// What the definition of a trait says.
pub(super) struct Definition<'x, 'a> {
    /// `None` if the trait is not defined.
    shape: Option<&'x FlatShape<'a>>,
    /// `None` if the trait may be applied to anything.
    selector: Option<Selector>,
    conflicts: Vec<&'x str>,
    /// Whether only one member of a structure may have it.
    is_exclusive: bool,
}

/// The definitions of the traits that a model applies. Maps are only looked up, never iterated.
struct Definitions<'g, 'x, 'a> {
    graph: &'g Graph<'x, 'a>,
    known: Vec<Option<Definition<'x, 'a>>>,
    others: HashMap<&'x str, Definition<'x, 'a>>,
}

/// Checks every applied trait.
pub(super) fn check(graph: &Graph<'_, '_>, values: &Values<'_, '_, '_>, report: &mut Report) {
    let reported = Reported::new(report);
    let mut found = Report::new();
    let mut definitions = Definitions::new(graph);
    let mut undefined = BTreeMap::new();
    for shape in all_shapes(graph.index.by_kind) {
        if shape.path.source.is_none() || shape.synthetic {
            continue;
        }
        let members = (0..shape.members.len()).map(Some);
        for member in std::iter::once(None).chain(members) {
            let vertex = Vertex { shape, member };
            let traits = vertex.traits();
            let target = OnceCell::new();
            for applied in traits.iter() {
                let definition = definitions.of(applied);
                let Some(schema) = definition.shape else {
                    undefined.entry(applied.id).or_insert(applied);
                    continue;
                };
                values.check(schema, applied, &mut found);
                for other in &definition.conflicts {
                    let other = traits.iter().find(|it| it.id == *other);
                    if let Some(other) = other.filter(|other| !has_own_rule(applied, other)) {
                        found.push(conflict(vertex, applied, other));
                    }
                }
                if schema.traits.has(TraitId::Mixin) {
                    found.push(not_a_trait(vertex, applied));
                }
                if !definition.is_restricted(applied) {
                    continue;
                }
                // A missing target has been reported.
                let target = *target.get_or_init(|| graph.target(vertex).map(|it| it.kind));
                if member.is_some() && target.is_none() {
                    continue;
                }
                if let Some(allowed) = definition.forbids(graph, vertex, target, applied) {
                    found.push(misplaced(vertex, target, applied, &allowed));
                }
            }
        }
        if shape.kind == ShapeType::Structure {
            exclusive(shape, &mut definitions, &mut found);
        }
    }
    for applied in undefined.into_values() {
        found.push(undefined_trait(applied));
    }
    let new = found
        .diagnostics()
        .into_iter()
        .filter(|it| !reported.has(it));
    report.extend(new.cloned());
}

impl<'g, 'x, 'a> Definitions<'g, 'x, 'a> {
    fn new(graph: &'g Graph<'x, 'a>) -> Self {
        Self {
            graph,
            known: TraitId::ALL.iter().map(|_| None).collect(),
            others: HashMap::new(),
        }
    }

    fn of(&mut self, applied: &'x AppliedTrait<'a>) -> &Definition<'x, 'a> {
        let new = || Definition::new(self.graph, applied);
        match applied.known {
            Some(id) => self.known[id as usize].get_or_insert_with(new),
            None => self.others.entry(applied.id).or_insert_with(new),
        }
    }
}

impl<'x, 'a> Definition<'x, 'a> {
    fn new(graph: &Graph<'x, 'a>, applied: &'x AppliedTrait<'a>) -> Self {
        let shape = graph.shape(applied.id);
        let shape = shape.filter(|shape| shape.traits.has(TraitId::Trait));
        let value = shape.and_then(|shape| shape.traits.get(TraitId::Trait));
        let value = value.map(|applied| &*applied.value);
        let text = |key| value.and_then(|it: &Node<'_>| it.get(key)?.as_str());
        let selector = text("selector")
            .and_then(Selector::parse)
            .filter(|it| !it.is_any());
        let conflicts = match value.and_then(|it| it.get("conflicts")).map(|it| &it.value) {
            Some(Value::Array(ids)) => ids.iter().filter_map(Node::as_str).collect(),
            _ => Vec::new(),
        };
        Self {
            shape,
            selector,
            conflicts,
            is_exclusive: text("structurallyExclusive") == Some("member"),
        }
    }
}

impl<'x, 'a> Definition<'x, 'a> {
    /// Whether there are places where the trait may not be applied.
    fn is_restricted(&self, applied: &AppliedTrait<'_>) -> bool {
        let by_table = |id: TraitId| !matches!(id.spec().selector, KnownSelector::Any);
        self.selector.is_some() || applied.known.is_some_and(by_table)
    }

    /// Where the trait may be applied, in words, if this is another place.
    fn forbids(
        &self,
        graph: &Graph<'x, 'a>,
        vertex: Vertex<'x, 'a>,
        target: Option<ShapeType>,
        applied: &AppliedTrait<'_>,
    ) -> Option<String> {
        if let Some(id) = applied.known
            && !matches!(id.spec().selector, KnownSelector::Any)
        {
            return places::misplaced(id, vertex, target);
        }
        let selector = self.selector.as_ref()?;
        let is_selected = graph.selects(selector, vertex);
        let text = self.shape?.traits.get(TraitId::Trait)?;
        let text = text.value.get("selector")?.as_str()?;
        (!is_selected).then(|| format!("what the selector `{text}` selects"))
    }
}

impl<'x, 'a> Vertex<'x, 'a> {
    fn traits(self) -> &'x AppliedTraits<'a> {
        self.member().map_or(&self.shape.traits, |it| &it.traits)
    }

    fn id(self) -> String {
        match self.member() {
            None => self.shape.id.to_string(),
            Some(member) => format!("{}${}", self.shape.id, member.name),
        }
    }
}

/// What has been reported: locations by shape. The map is only looked up, never iterated.
struct Reported(HashMap<String, Vec<(Code, Location)>>);

impl Reported {
    fn new(report: &Report) -> Self {
        let mut reported: HashMap<String, Vec<(Code, Location)>> = HashMap::new();
        for diagnostic in report.diagnostics() {
            let shape = diagnostic.shape.clone().unwrap_or_default();
            let found = (diagnostic.code, diagnostic.location.clone());
            reported.entry(shape).or_default().push(found);
        }
        Self(reported)
    }

    /// Whether the same was reported about the same trait or a part of it. A default that is not a
    /// value of its shape is also misplaced if the shape cannot have a default.
    fn has(&self, diagnostic: &Diagnostic) -> bool {
        let Diagnostic { code, location, .. } = diagnostic;
        let is_same = |(other, place): &(Code, Location)| {
            let is_default = *code == Code::MisplacedTrait && *other == Code::WrongDefault;
            (other == code || is_default) && (place.contains(location) || location.contains(place))
        };
        let shape = diagnostic.shape.as_deref().unwrap_or_default();
        let of_shape = self.0.get(shape).into_iter().flatten();
        of_shape.into_iter().any(is_same)
    }
}

fn short(id: &str) -> &str {
    id.strip_prefix(prelude::NAMESPACE).unwrap_or(id)
}

fn misplaced(
    vertex: Vertex<'_, '_>,
    target: Option<ShapeType>,
    applied: &AppliedTrait<'_>,
    allowed: &str,
) -> Diagnostic {
    let place = places::place(vertex, target);
    let short = short(applied.id);
    let message = format!("the trait `{short}` is applied to {place}");
    Diagnostic::new(Code::MisplacedTrait, message, applied.location())
        .name()
        .shape(vertex.id())
        .help(format!("`{short}` may be applied to {allowed}"))
}

/// A definition of a trait that only other definitions may use.
fn not_a_trait(vertex: Vertex<'_, '_>, applied: &AppliedTrait<'_>) -> Diagnostic {
    let message = format!("`{}` is a mixin and cannot be applied", applied.id);
    Diagnostic::new(Code::MisplacedTrait, message, applied.location())
        .name()
        .shape(vertex.id())
        .help("apply a trait that uses the mixin")
}

/// Whether a rule of its own is about these two traits.
fn has_own_rule(applied: &AppliedTrait<'_>, other: &AppliedTrait<'_>) -> bool {
    let pair = [applied.known, other.known];
    [TraitId::Sparse, TraitId::UniqueItems]
        .iter()
        .all(|id| pair.contains(&Some(*id)))
}

fn conflict(
    vertex: Vertex<'_, '_>,
    applied: &AppliedTrait<'_>,
    other: &AppliedTrait<'_>,
) -> Diagnostic {
    let (first, second) = if applied.id < other.id {
        (applied, other)
    } else {
        (other, applied)
    };
    let message = format!(
        "`{}` has the traits `{}` and `{}`, which exclude each other",
        vertex.id(),
        short(first.id),
        short(second.id)
    );
    Diagnostic::new(Code::SeveralBindings, message, second.location())
        .name()
        .shape(vertex.id())
        .related_name(first.location(), "the other trait")
        .help("keep one of these traits")
}

/// Reports traits that only one member of a structure may have and that several have.
fn exclusive<'x, 'a>(
    shape: &'x FlatShape<'a>,
    definitions: &mut Definitions<'_, 'x, 'a>,
    report: &mut Report,
) {
    let mut first: BTreeMap<&str, (&str, &AppliedTrait<'_>)> = BTreeMap::new();
    for member in &shape.members {
        for applied in member.traits.iter() {
            if !definitions.of(applied).is_exclusive {
                continue;
            }
            let Some((name, other)) = first.get(applied.id) else {
                first.insert(applied.id, (member.name, applied));
                continue;
            };
            let short = short(applied.id);
            let message = format!(
                "`{name}` and `{}` both have the trait `{short}`",
                member.name
            );
            report.push(
                Diagnostic::new(Code::RepeatedBinding, message, applied.location())
                    .name()
                    .shape(format!("{}${}", shape.id, member.name))
                    .related_name(other.location(), "first applied here")
                    .help("only one member of a structure may have this trait"),
            );
        }
    }
}

/// A trait without a definition: an error in the namespace of the prelude, whose traits are known.
fn undefined_trait(applied: &AppliedTrait<'_>) -> Diagnostic {
    let id = applied.id;
    let traits: Vec<String> = library::traits().collect();
    let near = did_you_mean(id, traits.iter().map(|it| &**it));
    if id.starts_with(prelude::NAMESPACE) {
        let message = format!("`{id}` is not a trait of Smithy");
        return Diagnostic::new(Code::UnknownTrait, message, applied.location())
            .name()
            .shape(applied.owner.id())
            .help(near.unwrap_or_else(|| "remove the trait, or correct its name".to_owned()));
    }
    let message = format!("the trait `{id}` is not defined, so its value is not checked");
    Diagnostic::new(Code::UndefinedTrait, message, applied.location())
        .name()
        .shape(applied.owner.id())
        .help(near.unwrap_or_else(|| "pass the file that defines the trait as well".to_owned()))
}
