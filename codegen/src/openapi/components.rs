//! The schemas that operations share, by name.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::model::{Kind, Model, OperationId, Service, ShapeId};
use serde_json::{Value, json};

use super::content::{self, Side};
use super::{Cx, Object, schema};

/// A schema with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Component {
    /// A structure, union, map or enum.
    Shape(ShapeId),
    /// The members of an input that are in the body.
    Request(OperationId),
    /// The members of an output that are in the body.
    Response(OperationId),
    /// The members of an error that are in the body.
    Error(ShapeId),
    /// A member of a discriminated union, by its index: its structure with the discriminator.
    Case(ShapeId, usize),
}

/// The names of the schemas of a service.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: BTreeMap<Component, String>,
    components: BTreeMap<String, Component>,
}

impl Names {
    /// Names that the generator makes up yield to those of shapes, and enums, of which several may
    /// have one name, to shapes of other types.
    pub(super) fn new(model: &Model, service: &Service) -> Self {
        let mut names = Self::default();
        let mut ids = service.shapes.clone();
        ids.sort_by_key(|id| {
            let kind = &model.shapes[*id].kind;
            (
                kind.is_synthetic(),
                matches!(kind, Kind::Enum(_) | Kind::IntEnum(_)),
            )
        });
        for id in ids {
            let shape = &model.shapes[id];
            if !matches!(shape.kind, Kind::Simple(_) | Kind::List(_)) {
                let name = service.rename(id).unwrap_or(shape.name.name());
                let qualified = format!("{}.{name}", shape.name.namespace());
                names.add(Component::Shape(id), [name.to_owned(), qualified]);
            }
        }
        for id in &service.operations {
            let name = model.operations[*id].name.name();
            let request = format!("{name}RequestContent");
            names.add(Component::Request(*id), [request]);
            names.add(Component::Response(*id), [format!("{name}ResponseContent")]);
        }
        for id in &service.shapes {
            let shape = &model.shapes[*id];
            let name = service.rename(*id).unwrap_or(shape.name.name());
            match &shape.kind {
                Kind::Structure(structure) if structure.error.is_some() => {
                    names.add(Component::Error(*id), [format!("{name}ResponseContent")]);
                }
                Kind::Union(union) => {
                    for (index, member) in union.members.iter().enumerate() {
                        let case = format!("{name}_{}", member.name);
                        names.add(Component::Case(*id, index), [case]);
                    }
                }
                _ => {}
            }
        }
        names
    }

    /// Adds a component with the first of these names that is free.
    fn add(&mut self, component: Component, names: impl IntoIterator<Item = String>) {
        let mut last = String::new();
        for name in names {
            last = name;
            if !self.components.contains_key(&last) {
                break;
            }
        }
        while self.components.contains_key(&last) {
            last.push('_');
        }
        self.components.insert(last.clone(), component);
        self.names.insert(component, last);
    }

    /// A schema that refers to a component.
    pub(super) fn reference(&self, component: Component) -> Object {
        let name = &self.names[&component];
        Object::from_iter([("$ref".to_owned(), json!(format!("{PREFIX}{name}")))])
    }
}

/// The pointer to the schemas of a document.
const PREFIX: &str = "#/components/schemas/";

/// The schemas that `root` refers to, and those that they refer to, by name.
pub(super) fn schemas(cx: Cx<'_>, root: &Value) -> BTreeMap<String, Value> {
    let mut schemas = BTreeMap::new();
    let mut wanted = BTreeSet::new();
    references(root, &mut wanted);
    while let Some(name) = wanted.pop_first() {
        if let Some(component) = cx.names.components.get(&name)
            && !schemas.contains_key(&name)
        {
            let schema = Value::Object(definition(cx, *component));
            references(&schema, &mut wanted);
            schemas.insert(name, schema);
        }
    }
    schemas
}

fn references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str);
            let name = reference.and_then(|reference| reference.strip_prefix(PREFIX));
            names.extend(name.map(str::to_owned));
            for value in object.values() {
                references(value, names);
            }
        }
        Value::Array(values) => {
            for value in values {
                references(value, names);
            }
        }
        _ => {}
    }
}

fn definition(cx: Cx<'_>, component: Component) -> Object {
    match component {
        Component::Shape(id) => schema::definition(cx, id),
        Component::Request(id) => content::body(cx, cx.model.operations[id].input, Side::Request),
        Component::Response(id) => {
            content::body(cx, cx.model.operations[id].output, Side::Response)
        }
        Component::Error(id) => content::error(cx, id),
        Component::Case(id, index) => schema::case(cx, id, index),
    }
}
