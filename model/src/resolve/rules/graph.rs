//! The shapes of a model and of the trait libraries, as a graph that selectors walk.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

use super::super::ShapesByKind;
use super::super::index::Index;
use super::super::links::Links;
use super::super::mixins::{FlatMember, FlatShape};
use super::super::synthetic;
use super::selector::{Attribute, Comparison, Operator, Selector, Step, TypeTest};
use crate::ast::{Property, ShapeType};
use crate::library;
use crate::model::{ShapeId, Simple};
use crate::node::{Node, Value};
use crate::prelude;

/// The graph.
pub(super) struct Graph<'x, 'a> {
    pub(super) index: &'x Index<'x, 'a>,
    /// The targets of the members of the data shapes, which need not be looked up by name again.
    linked: &'x [Vec<Option<ShapeId>>],
    /// What refers to each id, and by which relationship; needed by few selectors.
    referrers: OnceCell<HashMap<&'x str, Vec<(Vertex<'x, 'a>, &'static str)>>>,
    /// How many more vertices the current question may visit.
    fuel: Cell<u32>,
}

/// A shape or member.
#[derive(Clone, Copy)]
pub(super) struct Vertex<'x, 'a> {
    pub(super) shape: &'x FlatShape<'a>,
    /// The index of the member.
    pub(super) member: Option<usize>,
}

/// The steps that come before or after those of an inner selector.
struct Outer<'s> {
    steps: &'s [Step],
    outer: Option<&'s Outer<'s>>,
}

/// More than any question about a real model visits.
const FUEL: u32 = 200_000;

/// The label of the relationship of a shape to its members.
const MEMBER: &str = "member";

/// Members have no label for what they target.
const TARGET: &str = "";

static LIBRARY: LazyLock<Vec<OnceLock<FlatShape<'static>>>> =
    LazyLock::new(|| (0..library::count()).map(|_| OnceLock::new()).collect());

impl<'x, 'a> Vertex<'x, 'a> {
    pub(super) fn shape(shape: &'x FlatShape<'a>) -> Self {
        Self {
            shape,
            member: None,
        }
    }

    pub(super) fn member(self) -> Option<&'x FlatMember<'a>> {
        self.member.map(|index| &self.shape.members[index])
    }

    fn has_type(self, test: TypeTest) -> bool {
        use ShapeType::{
            Enum, IntEnum, List, Map, Operation, Resource, Service, Set, Simple as S, Structure,
            Union,
        };
        if self.member.is_some() {
            return matches!(test, TypeTest::Any | TypeTest::Member);
        }
        let kind = self.shape.kind;
        match test {
            TypeTest::Any => true,
            TypeTest::Member => false,
            TypeTest::SimpleType => matches!(kind, S(_) | Enum | IntEnum),
            TypeTest::Number => {
                let is_text = |simple| {
                    use Simple::{Blob, Boolean, Document, String, Timestamp};
                    matches!(simple, Blob | Boolean | Document | String | Timestamp)
                };
                kind == IntEnum || matches!(kind, S(simple) if !is_text(simple))
            }
            TypeTest::DataType => !matches!(kind, Operation | Resource | Service),
            TypeTest::AggregateType => matches!(kind, List | Set | Map | Structure | Union),
            TypeTest::ServiceType => matches!(kind, Operation | Resource | Service),
            // Enums are strings, and sets are lists.
            TypeTest::One(S(Simple::String)) => matches!(kind, S(Simple::String) | Enum),
            TypeTest::One(S(Simple::Integer)) => matches!(kind, S(Simple::Integer) | IntEnum),
            TypeTest::One(List) => matches!(kind, List | Set),
            TypeTest::One(one) => kind == one,
        }
    }

    fn has(self, attribute: &Attribute) -> bool {
        let Attribute { path, comparison } = attribute;
        let path: Vec<&str> = path.iter().map(|part| &**part).collect();
        let compares = |text: &str| {
            let comparison = comparison.as_ref();
            comparison.is_none_or(|comparison| comparison.holds(text))
        };
        match &*path {
            ["trait"] => {
                let traits = self.member().map_or(&self.shape.traits, |it| &it.traits);
                traits.iter().next().is_some()
            }
            ["trait", id, rest @ ..] => {
                let is_same = |applied: &str| {
                    applied == *id || applied.strip_prefix(prelude::NAMESPACE) == Some(id)
                };
                let traits = self.member().map_or(&self.shape.traits, |it| &it.traits);
                let applied = traits.iter().find(|applied| is_same(applied.id));
                applied.is_some_and(|applied| has_value(&applied.value, rest, &compares))
            }
            ["id"] => match self.member() {
                None => compares(&self.shape.id),
                Some(member) => compares(&format!("{}${}", self.shape.id, member.name)),
            },
            ["id", part] => {
                let (namespace, name) = self.shape.id.split_once('#').unwrap_or_default();
                match *part {
                    "namespace" => compares(namespace),
                    "name" => compares(name),
                    "member" => self.member().is_some_and(|member| compares(member.name)),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

/// Whether a part of a value passes a test.
fn has_value(node: &Node<'_>, path: &[&str], passes: &impl Fn(&str) -> bool) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return match &node.value {
            Value::String(text) => passes(text),
            Value::Number(number) => passes(number.as_str()),
            Value::Boolean(value) => passes(if *value { "true" } else { "false" }),
            Value::Null | Value::Array(_) | Value::Object(_) => passes(""),
        };
    };
    match (&node.value, *first) {
        (Value::Array(items), "(values)") => items.iter().any(|it| has_value(it, rest, passes)),
        (Value::Object(object), "(values)") => {
            object.iter().any(|(_, it)| has_value(it, rest, passes))
        }
        (Value::Object(object), "(keys)") => object.iter().any(|(key, _)| passes(key)),
        (Value::Object(object), key) => object
            .get(key)
            .is_some_and(|it| has_value(it, rest, passes)),
        _ => false,
    }
}

impl Comparison {
    fn holds(&self, text: &str) -> bool {
        let fold = |text: &str| {
            if self.ignores_case {
                text.to_lowercase()
            } else {
                text.to_owned()
            }
        };
        let text = fold(text);
        self.values
            .iter()
            .map(|value| fold(value))
            .any(|value| match self.operator {
                Operator::Equal => text == value,
                Operator::NotEqual => text != value,
                Operator::StartsWith => text.starts_with(&value),
                Operator::EndsWith => text.ends_with(&value),
                Operator::Contains => text.contains(&value),
                Operator::Exists => value == "true",
            })
    }
}

impl<'x, 'a> Graph<'x, 'a> {
    pub(super) fn new(linked: &'x Links<'x, 'a>) -> Self {
        Self {
            index: linked.index,
            linked: &linked.targets,
            referrers: OnceCell::new(),
            fuel: Cell::new(0),
        }
    }

    /// The shape with this id, of the model or of a library.
    pub(super) fn shape(&self, id: &str) -> Option<&'x FlatShape<'a>> {
        self.index.any(id).or_else(|| library_shape(id))
    }

    /// The target of a member.
    pub(super) fn target(&self, vertex: Vertex<'x, 'a>) -> Option<&'x FlatShape<'a>> {
        let member = vertex.member()?;
        let linked = self.place(vertex.shape).map(|place| &self.linked[place]);
        match linked.and_then(|targets| *targets.get(vertex.member?)?) {
            Some(target) => Some(self.index.flat(target)),
            None => self.shape(member.target),
        }
    }

    /// The index of a data shape, from its address.
    fn place(&self, shape: &FlatShape<'_>) -> Option<usize> {
        let shapes = &*self.index.by_kind.shapes;
        let start = shapes.as_ptr().addr();
        let offset = std::ptr::from_ref(shape).addr().checked_sub(start)?;
        Some(offset / size_of::<FlatShape<'_>>()).filter(|place| *place < shapes.len())
    }

    /// Whether a selector selects a shape or member. A question that takes too long is answered
    /// with yes.
    pub(super) fn selects(&self, selector: &Selector, vertex: Vertex<'x, 'a>) -> bool {
        self.fuel.set(FUEL);
        self.ends_at(vertex, &selector.steps, None) || self.fuel.get() == 0
    }

    fn is_exhausted(&self) -> bool {
        let fuel = self.fuel.get().saturating_sub(1);
        self.fuel.set(fuel);
        fuel == 0
    }

    /// Whether the steps, from any shape, end at this one.
    fn ends_at(&self, vertex: Vertex<'x, 'a>, steps: &[Step], outer: Option<&Outer<'_>>) -> bool {
        let Some((last, rest)) = steps.split_last() else {
            let Some(Outer { steps, outer }) = outer else {
                return true;
            };
            return self.ends_at(vertex, steps, *outer);
        };
        if self.is_exhausted() {
            return false;
        }
        let goes_on = |vertex| self.ends_at(vertex, rest, outer);
        match last {
            Step::Is(selectors) => {
                let outer = Outer { steps: rest, outer };
                let mut selectors = selectors.iter();
                selectors.any(|it| self.ends_at(vertex, &it.steps, Some(&outer)))
            }
            Step::Forward(labels) => {
                let mut sources = self.sources(vertex, labels).into_iter();
                sources.any(goes_on)
            }
            Step::Reverse(labels) => self.targets(vertex, labels).into_iter().any(goes_on),
            Step::Closure => {
                let sources = |vertex| self.sources(vertex, &[]);
                self.reaches(vertex, sources, goes_on)
            }
            filter => self.passes(vertex, filter) && goes_on(vertex),
        }
    }

    /// What a selector leads to from a shape.
    pub(super) fn results(
        &self,
        selector: &Selector,
        vertex: Vertex<'x, 'a>,
    ) -> Vec<Vertex<'x, 'a>> {
        self.fuel.set(FUEL);
        let results = RefCell::new(Vec::new());
        self.leads(vertex, &selector.steps, None, &|vertex| {
            results.borrow_mut().push(vertex);
            false
        });
        results.into_inner()
    }

    /// Whether the steps lead from a shape to one that ends the search.
    fn leads(
        &self,
        vertex: Vertex<'x, 'a>,
        steps: &[Step],
        outer: Option<&Outer<'_>>,
        ends: &dyn Fn(Vertex<'x, 'a>) -> bool,
    ) -> bool {
        let Some((first, rest)) = steps.split_first() else {
            let Some(Outer { steps, outer }) = outer else {
                return ends(vertex);
            };
            return self.leads(vertex, steps, *outer, ends);
        };
        if self.is_exhausted() {
            return false;
        }
        let goes_on = |vertex| self.leads(vertex, rest, outer, ends);
        match first {
            Step::Is(selectors) => {
                let outer = Outer { steps: rest, outer };
                let mut selectors = selectors.iter();
                selectors.any(|it| self.leads(vertex, &it.steps, Some(&outer), ends))
            }
            Step::Forward(labels) => self.targets(vertex, labels).into_iter().any(goes_on),
            Step::Reverse(labels) => self.sources(vertex, labels).into_iter().any(goes_on),
            Step::Closure => {
                let targets = |vertex| self.targets(vertex, &[]);
                self.reaches(vertex, targets, goes_on)
            }
            filter => self.passes(vertex, filter) && goes_on(vertex),
        }
    }

    fn passes(&self, vertex: Vertex<'x, 'a>, filter: &Step) -> bool {
        match filter {
            Step::Type(test) => vertex.has_type(*test),
            Step::Attribute(attribute) => vertex.has(attribute),
            Step::Test(selectors) => {
                let mut selectors = selectors.iter();
                selectors.any(|it| self.leads(vertex, &it.steps, None, &|_| true))
            }
            Step::Not(selector) => !self.leads(vertex, &selector.steps, None, &|_| true),
            Step::Forward(_) | Step::Reverse(_) | Step::Closure | Step::Is(_) => {
                unreachable!("these steps are not filters")
            }
        }
    }

    /// Whether what is found when everything next to a shape, and next to that, is visited.
    fn reaches(
        &self,
        vertex: Vertex<'x, 'a>,
        next: impl Fn(Vertex<'x, 'a>) -> Vec<Vertex<'x, 'a>>,
        found: impl Fn(Vertex<'x, 'a>) -> bool,
    ) -> bool {
        let mut seen = HashSet::new();
        let mut open = next(vertex);
        while let Some(vertex) = open.pop() {
            let address: *const FlatShape<'_> = vertex.shape;
            if self.is_exhausted() || !seen.insert((address, vertex.member)) {
                continue;
            }
            if found(vertex) {
                return true;
            }
            open.extend(next(vertex));
        }
        false
    }

    /// What a shape or member refers to by these relationships, or by all if there are none.
    fn targets(&self, vertex: Vertex<'x, 'a>, labels: &[String]) -> Vec<Vertex<'x, 'a>> {
        let wanted = |label: &str| labels.is_empty() || labels.iter().any(|it| it == label);
        let shape = vertex.shape;
        if let Some(member) = vertex.member() {
            let target = wanted(TARGET).then(|| self.shape(member.target)).flatten();
            return target.map(Vertex::shape).into_iter().collect();
        }
        let mut targets = Vec::new();
        if wanted(MEMBER) {
            let member = |index| Vertex {
                shape,
                member: Some(index),
            };
            targets.extend((0..shape.members.len()).map(member));
        }
        for link in shape
            .links
            .iter()
            .filter(|link| wanted(label(link.property)))
        {
            targets.extend(self.shape(link.target).map(Vertex::shape));
        }
        if shape.kind == ShapeType::Operation {
            for property in [Property::Input, Property::Output] {
                if wanted(label(property)) && !synthetic::is_given(shape, property) {
                    targets.extend(self.shape(prelude::UNIT).map(Vertex::shape));
                }
            }
        }
        targets
    }

    /// What refers to a shape or member.
    fn sources(&self, vertex: Vertex<'x, 'a>, labels: &[String]) -> Vec<Vertex<'x, 'a>> {
        let wanted = |label: &str| labels.is_empty() || labels.iter().any(|it| it == label);
        if vertex.member.is_some() {
            let container = wanted(MEMBER).then(|| Vertex::shape(vertex.shape));
            return container.into_iter().collect();
        }
        let referrers = self.referrers.get_or_init(|| self.all_referrers());
        let referrers = referrers.get(&*vertex.shape.id).into_iter().flatten();
        let referrers = referrers.filter(|(_, label)| wanted(label));
        referrers.map(|(referrer, _)| *referrer).collect()
    }

    fn all_referrers(&self) -> HashMap<&'x str, Vec<(Vertex<'x, 'a>, &'static str)>> {
        let mut referrers: HashMap<&'x str, Vec<_>> = HashMap::new();
        for shape in all_shapes(self.index.by_kind) {
            for (index, member) in shape.members.iter().enumerate() {
                let vertex = Vertex {
                    shape,
                    member: Some(index),
                };
                referrers
                    .entry(member.target)
                    .or_default()
                    .push((vertex, TARGET));
            }
            for link in &shape.links {
                let found = (Vertex::shape(shape), label(link.property));
                referrers.entry(link.target).or_default().push(found);
            }
        }
        referrers
    }
}

/// Every shape, including those that do not become part of the model.
pub(super) fn all_shapes<'x, 'a>(
    by_kind: &'x ShapesByKind<'a>,
) -> impl Iterator<Item = &'x FlatShape<'a>> {
    let ShapesByKind {
        shapes,
        operations,
        resources,
        services,
        mixins,
        traits,
    } = by_kind;
    let kinds = [shapes, operations, resources, services, mixins, traits];
    kinds.into_iter().flatten()
}

/// The shape of a library with this id.
fn library_shape(id: &str) -> Option<&'static FlatShape<'static>> {
    let number = library::find(id)?.number;
    let definition = library::definition(id)?;
    Some(LIBRARY[number].get_or_init(|| FlatShape::without_mixins(definition)))
}

/// The label of a relationship in selectors.
fn label(property: Property) -> &'static str {
    match property {
        Property::Errors => "error",
        Property::Operations => "operation",
        Property::Resources => "resource",
        Property::CollectionOperations => "collectionOperation",
        other => other.name(),
    }
}
