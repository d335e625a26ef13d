//! Values of traits against the shapes of the traits (Smithy 2.0, "Trait node values").

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use regex::Regex;

use super::super::applied::{AppliedTrait, AppliedTraits};
use super::super::defaults;
use super::super::mixins::{FlatMember, FlatShape};
use super::graph::{Graph, Vertex};
use super::selector::Selector;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{ShapeName, Simple, TimestampFormat};
use crate::node::{Node, Number, Object, Value};
use crate::pattern;
use crate::suggest::did_you_mean;
use crate::traits::TraitId;

/// Traits whose bounds have rules of their own, with better messages.
const BOUNDS_HAVE_RULES: &[TraitId] = &[
    TraitId::Endpoint,
    TraitId::Enum,
    TraitId::Http,
    TraitId::HttpError,
    TraitId::HttpHeader,
    TraitId::HttpPrefixHeaders,
    TraitId::HttpQuery,
    TraitId::Sigv4,
];

/// Checks values.
pub(super) struct Values<'g, 'x, 'a> {
    graph: &'g Graph<'x, 'a>,
    /// The patterns, compiled; `None` if they are not supported.
    patterns: RefCell<HashMap<String, Option<Regex>>>,
    /// The selectors of references, parsed.
    selectors: RefCell<HashMap<String, Option<Selector>>>,
}

/// The way to a part of a value.
#[derive(Clone, Copy)]
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    token: &'p str,
}

/// A value that is checked: the trait that it belongs to and the way to it.
struct Part<'p, 't> {
    applied: &'t AppliedTrait<'t>,
    path: Option<&'p Path<'p>>,
    /// Whether it is the last key of the way, and not the value of the key.
    is_key: bool,
    /// Whether the value may violate constraints.
    is_lenient: bool,
}

impl<'p> Part<'p, '_> {
    fn tokens(&self) -> Vec<&'p str> {
        let mut tokens: Vec<&str> = std::iter::successors(self.path, |path| path.parent)
            .map(|path| path.token)
            .collect();
        tokens.reverse();
        tokens
    }

    fn malformed(&self, expected: &str, report: &mut Report) {
        if self.is_key {
            self.applied.malformed_key(&self.tokens(), expected, report);
        } else {
            self.applied.malformed(&self.tokens(), expected, report);
        }
    }

    fn push(&self, code: Code, message: String, help: Option<String>, report: &mut Report) {
        let location = self.applied.part(&self.tokens());
        let mut diagnostic = Diagnostic::new(code, message, location);
        if code == Code::UnknownKey {
            diagnostic = diagnostic.name();
        }
        diagnostic.help = help;
        report.push(diagnostic.shape(self.applied.owner.id()));
    }
}

impl<'g, 'x, 'a> Values<'g, 'x, 'a> {
    pub(super) fn new(graph: &'g Graph<'x, 'a>) -> Self {
        Self {
            graph,
            patterns: RefCell::default(),
            selectors: RefCell::default(),
        }
    }

    /// Checks the value of a trait.
    pub(super) fn check(
        &self,
        schema: &FlatShape<'_>,
        applied: &AppliedTrait<'_>,
        report: &mut Report,
    ) {
        let is_annotation = schema.kind == ShapeType::Structure && schema.members.is_empty();
        if is_annotation
            && schema.path.source.is_none()
            && matches!(applied.value.value, Value::Boolean(true))
        {
            return;
        }
        let part = Part {
            applied,
            path: None,
            is_key: false,
            is_lenient: false,
        };
        self.of_shape(schema, None, &applied.value, &part, report);
    }

    /// Checks a part of the value of a trait as a value of another shape, which is lenient if the
    /// value may violate the constraints of the shape.
    pub(super) fn check_part(
        &self,
        schema: &FlatShape<'_>,
        applied: &AppliedTrait<'_>,
        (outer, key): (&str, &str),
        is_lenient: bool,
        report: &mut Report,
    ) {
        let outer = Path {
            parent: None,
            token: outer,
        };
        let inner = Path {
            parent: Some(&outer),
            token: key,
        };
        // A part that is missing is an empty object, and is reported at the whole.
        let node = applied.value.get(outer.token).and_then(|it| it.get(key));
        let part = Part {
            applied,
            path: Some(if node.is_some() { &inner } else { &outer }),
            is_key: false,
            is_lenient,
        };
        self.of_shape(schema, None, node.unwrap_or(&Node::empty()), &part, report);
    }

    /// Checks a value of a member.
    fn of_member(
        &self,
        member: &FlatMember<'_>,
        node: &Node<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        if let Some(target) = self.graph.shape(member.target) {
            self.constraints(&member.traits, target.kind, node, part, report);
            self.of_shape(target, Some(member), node, part, report);
        }
    }

    /// Checks a value of a shape, for which a member may have another format.
    fn of_shape(
        &self,
        shape: &FlatShape<'_>,
        member: Option<&FlatMember<'_>>,
        node: &Node<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        let expected = match shape.kind {
            ShapeType::Simple(simple) => {
                let format = member.and_then(|it| format(&it.traits));
                let format = format.or_else(|| format_of(shape));
                wrong_simple(simple, node, format)
            }
            ShapeType::Enum if part.is_lenient => wrong_simple(Simple::String, node, None),
            ShapeType::Enum => wrong_enum(shape, node),
            ShapeType::IntEnum => wrong_int_enum(shape, node),
            ShapeType::List | ShapeType::Set => match &node.value {
                Value::Array(items) => {
                    self.list(shape, items, part, report);
                    None
                }
                _ => Some("an array".into()),
            },
            ShapeType::Map => match &node.value {
                Value::Object(object) => {
                    self.map(shape, object, part, report);
                    None
                }
                _ => Some("an object".into()),
            },
            ShapeType::Structure => match &node.value {
                Value::Object(object) => {
                    self.structure(shape, object, part, report);
                    None
                }
                _ => Some("an object".into()),
            },
            ShapeType::Union => match &node.value {
                Value::Object(object) => {
                    self.union(shape, object, part, report);
                    None
                }
                _ => Some("an object".into()),
            },
            ShapeType::Service | ShapeType::Operation | ShapeType::Resource => None,
        };
        match expected {
            Some(expected) => part.malformed(&expected, report),
            None => self.constraints(&shape.traits, shape.kind, node, part, report),
        }
    }

    fn list(
        &self,
        shape: &FlatShape<'_>,
        items: &[Node<'_>],
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        let Some(member) = shape.members.iter().find(|it| it.name == "member") else {
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let index = index.to_string();
            let path = Path {
                parent: part.path,
                token: &index,
            };
            self.element(shape, member, item, &part.at(&path), report);
        }
    }

    fn map(
        &self,
        shape: &FlatShape<'_>,
        object: &Object<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        let find = |name| shape.members.iter().find(|it| it.name == name);
        let (Some(key), Some(value)) = (find("key"), find("value")) else {
            return;
        };
        for (name, item) in object.iter() {
            let path = Path {
                parent: part.path,
                token: name,
            };
            self.of_member(key, &Node::from(name), &part.key(&path), report);
            self.element(shape, value, item, &part.at(&path), report);
        }
    }

    /// Checks an element of a list or a value of a map, which may be null if they are sparse.
    fn element(
        &self,
        shape: &FlatShape<'_>,
        member: &FlatMember<'_>,
        item: &Node<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        if item.value != Value::Null || !shape.traits.has(TraitId::Sparse) {
            self.of_member(member, item, part, report);
        }
    }

    fn structure(
        &self,
        shape: &FlatShape<'_>,
        object: &Object<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        let id = part.applied.id;
        for (name, value) in object.iter() {
            let path = Path {
                parent: part.path,
                token: name,
            };
            let part = part.at(&path);
            let Some(member) = shape.members.iter().find(|it| it.name == name) else {
                let names = shape.members.iter().map(|it| it.name);
                let message = match part.path.and_then(|path| path.parent) {
                    None => format!("the trait `{id}` has no `{name}`, which is ignored"),
                    Some(_) => format!("`{}` has no `{name}`, which is ignored", shape.id),
                };
                let help = did_you_mean(name, names).or_else(|| Some("remove it".to_owned()));
                part.push(Code::UnknownKey, message, help, report);
                continue;
            };
            // An optional member that is null is absent.
            if value.value != Value::Null || member.traits.has(TraitId::Required) {
                self.of_member(member, value, &part, report);
            }
        }
        let required = shape.members.iter();
        let is_required = |it: &&FlatMember<'_>| it.traits.has(TraitId::Required);
        for member in required.filter(|it| !part.is_lenient && is_required(it)) {
            if object.get(member.name).is_none() {
                let message = match part.path {
                    None => format!("the trait `{id}` lacks `{}`", member.name),
                    Some(_) => format!("a value in the trait `{id}` lacks `{}`", member.name),
                };
                let help = format!("add `{}`", member.name);
                part.push(Code::MalformedTrait, message, Some(help), report);
            }
        }
    }

    fn union(
        &self,
        shape: &FlatShape<'_>,
        object: &Object<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        let names: Vec<&str> = shape.members.iter().map(|it| it.name).collect();
        match &*object.entries {
            [] => {}
            [(name, value)] => {
                let path = Path {
                    parent: part.path,
                    token: name,
                };
                match shape.members.iter().find(|it| it.name == &**name) {
                    Some(member) => self.of_member(member, value, &part.at(&path), report),
                    None => {
                        let part = part.key(&path);
                        part.malformed(&format!("the member {}", listed(names)), report);
                    }
                }
            }
            _ => part.malformed("an object with a single key", report),
        }
    }

    /// Checks the constraints of a shape or member. What has another type has been reported.
    fn constraints(
        &self,
        traits: &AppliedTraits<'_>,
        kind: ShapeType,
        node: &Node<'_>,
        part: &Part<'_, '_>,
        report: &mut Report,
    ) {
        let known = part.applied.known;
        if part.is_lenient || known.is_some_and(|id| BOUNDS_HAVE_RULES.contains(&id)) {
            return;
        }
        for applied in traits.iter() {
            let value = &*applied.value;
            let expected = match applied.known {
                Some(TraitId::Length) if !is_blob(kind) => wrong_length(value, node),
                Some(TraitId::Range) => wrong_range(value, node),
                Some(TraitId::Pattern) => self.wrong_pattern(value, node),
                Some(TraitId::UniqueItems) => wrong_items(node),
                None if applied.id == "smithy.api#idRef" => self.wrong_reference(value, node),
                _ => None,
            };
            if let Some(expected) = expected {
                part.malformed(&expected, report);
            }
        }
    }

    fn wrong_pattern(&self, pattern: &Node<'_>, node: &Node<'_>) -> Option<String> {
        let (pattern, text) = (pattern.as_str()?, node.as_str()?);
        let mut patterns = self.patterns.borrow_mut();
        if !patterns.contains_key(pattern) {
            let translated = pattern::translate(pattern).ok();
            let regex = translated.and_then(|it| Regex::new(&it).ok());
            patterns.insert(pattern.to_owned(), regex);
        }
        let regex = patterns.get(pattern)?.as_ref()?;
        (!regex.is_match(text)).then(|| format!("a string that matches `{pattern}`"))
    }

    /// Checks the id of a shape.
    fn wrong_reference(&self, value: &Node<'_>, node: &Node<'_>) -> Option<String> {
        let text = node.as_str()?;
        if !is_absolute_id(text) {
            return Some("an absolute shape id".into());
        }
        let (id, member) = match text.split_once('$') {
            Some((id, member)) => (id, Some(member)),
            None => (text, None),
        };
        let shape = self.graph.shape(id);
        let vertex = shape.and_then(|shape| {
            let member = match member {
                None => None,
                Some(name) => Some(shape.members.iter().position(|it| it.name == name)?),
            };
            Some(Vertex { shape, member })
        });
        let Some(vertex) = vertex else {
            let fails = value.get("failWhenMissing").map(|it| &it.value);
            let fails = fails == Some(&Value::Boolean(true));
            return fails.then(|| "the id of a shape of the model".into());
        };
        let selector = value.get("selector").and_then(Node::as_str)?;
        let mut selectors = self.selectors.borrow_mut();
        if !selectors.contains_key(selector) {
            selectors.insert(selector.to_owned(), Selector::parse(selector));
        }
        let parsed = selectors.get(selector)?.as_ref()?;
        let selected = self.graph.selects(parsed, vertex);
        (!selected).then(|| format!("the id of a shape that the selector `{selector}` selects"))
    }
}

impl<'t> Part<'_, 't> {
    /// The part of the same trait at a path.
    fn at<'p>(&self, path: &'p Path<'p>) -> Part<'p, 't> {
        Part {
            applied: self.applied,
            path: Some(path),
            is_key: false,
            is_lenient: self.is_lenient,
        }
    }

    /// The key at a path.
    fn key<'p>(&self, path: &'p Path<'p>) -> Part<'p, 't> {
        Part {
            is_key: true,
            ..self.at(path)
        }
    }
}

/// `"a", "b" or "c"`.
fn listed(texts: Vec<&str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|it| format!("{it:?}")).collect();
    match texts.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        texts => texts.concat(),
    }
}

fn is_blob(kind: ShapeType) -> bool {
    kind == ShapeType::Simple(Simple::Blob)
}

fn format(traits: &AppliedTraits<'_>) -> Option<TimestampFormat> {
    match traits.get(TraitId::TimestampFormat)?.value.as_str()? {
        "date-time" => Some(TimestampFormat::DateTime),
        "http-date" => Some(TimestampFormat::HttpDate),
        "epoch-seconds" => Some(TimestampFormat::EpochSeconds),
        _ => None,
    }
}

fn format_of(shape: &FlatShape<'_>) -> Option<TimestampFormat> {
    format(&shape.traits)
}

/// What a value of a simple shape must be, if it is something else.
fn wrong_simple(
    simple: Simple,
    node: &Node<'_>,
    format: Option<TimestampFormat>,
) -> Option<String> {
    let whole = |bits: u32| {
        let limit = 1_i64 << (bits - 1);
        let value = node.as_integer();
        let is_valid = value.is_some_and(|value| (-limit..limit).contains(&value));
        (!is_valid).then(|| format!("a {bits}-bit whole number"))
    };
    let is_number = node.as_number().is_some();
    let text = |is_valid: bool, expected: &str| (!is_valid).then(|| expected.to_owned());
    match simple {
        Simple::Blob | Simple::String => text(node.as_str().is_some(), "a string"),
        Simple::Boolean => text(matches!(node.value, Value::Boolean(_)), "a boolean"),
        Simple::Byte => whole(8).map(|it| it.replace("a 8", "an 8")),
        Simple::Short => whole(16),
        Simple::Integer => whole(32),
        Simple::Long => text(node.as_integer().is_some(), "a 64-bit whole number"),
        Simple::BigInteger => {
            let is_whole = node.as_number().is_some_and(Number::is_whole);
            text(is_whole, "a whole number")
        }
        Simple::BigDecimal => text(is_number, "a number"),
        Simple::Float | Simple::Double => {
            let named = ["NaN", "Infinity", "-Infinity"];
            let is_named = node.as_str().is_some_and(|it| named.contains(&it));
            let expected = "a number, \"NaN\", \"Infinity\" or \"-Infinity\"";
            text(is_number || is_named, expected)
        }
        Simple::Timestamp => {
            let is_valid = defaults::is_timestamp(node, format);
            text(is_valid, defaults::expected_timestamp(format))
        }
        Simple::Document => None,
    }
}

fn wrong_enum(shape: &FlatShape<'_>, node: &Node<'_>) -> Option<String> {
    let Some(text) = node.as_str() else {
        return Some("a string".into());
    };
    let values = shape.members.iter().map(|member| {
        let value = member.traits.get(TraitId::EnumValue);
        let value = value.and_then(|it| it.value.as_str());
        value.unwrap_or(member.name)
    });
    let values: Vec<&str> = values.collect();
    (!values.contains(&text)).then(|| listed(values))
}

fn wrong_int_enum(shape: &FlatShape<'_>, node: &Node<'_>) -> Option<String> {
    if let Some(expected) = wrong_simple(Simple::Integer, node, None) {
        return Some(expected);
    }
    let value = node.as_integer();
    let values = shape.members.iter().map(|member| {
        let value = member.traits.get(TraitId::EnumValue);
        value.and_then(|it| it.value.as_integer())
    });
    let is_known = values.into_iter().any(|known| known == value);
    (!is_known).then(|| format!("a value of `{}`", shape.id))
}

/// The bounds of a length that a value violates.
fn wrong_length(length: &Node<'_>, node: &Node<'_>) -> Option<String> {
    let (count, [one, many]) = match &node.value {
        Value::String(text) => (text.chars().count(), ["character", "characters"]),
        Value::Array(items) => (items.len(), ["element", "elements"]),
        Value::Object(object) => (object.entries.len(), ["entry", "entries"]),
        _ => return None,
    };
    let unit = |bound| if bound == 1 { one } else { many };
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let bound = |key| length.get(key).and_then(Node::as_unsigned);
    let below = bound("min").filter(|min| count < *min);
    let above = bound("max").filter(|max| count > *max);
    match (below, above) {
        (Some(min), _) => Some(format!("{} of at least {min} {}", node.phrase(), unit(min))),
        (None, Some(max)) => Some(format!("{} of at most {max} {}", node.phrase(), unit(max))),
        (None, None) => None,
    }
}

fn wrong_range(range: &Node<'_>, node: &Node<'_>) -> Option<String> {
    let number = node.as_number()?;
    let bound = |key| range.get(key).and_then(Node::as_number);
    let below = bound("min").filter(|min| number < *min);
    let above = bound("max").filter(|max| number > *max);
    match (below, above) {
        (Some(min), _) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    }
}

fn wrong_items(node: &Node<'_>) -> Option<String> {
    let Value::Array(items) = &node.value else {
        return None;
    };
    let mut seen = BTreeSet::new();
    let is_unique = items.iter().all(|item| seen.insert(item.to_string()));
    (!is_unique).then(|| "a list without repetitions".into())
}

/// Whether a text is `namespace#Name` or `namespace#Name$member`.
fn is_absolute_id(text: &str) -> bool {
    let (id, member) = match text.split_once('$') {
        Some((id, member)) => (id, Some(member)),
        None => (text, None),
    };
    let is_name = |name: &str| ShapeName::parse(&format!("member#{name}")).is_some();
    ShapeName::parse(id).is_some() && member.is_none_or(is_name)
}
