//! The schemas that operations share, by name.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::model::{Kind, Model, OperationId, Service, ShapeId, Union};
use serde_json::{Value, json};

use super::sides::{Side, Sides};
use super::{Cx, Object, content, schema};

/// A schema with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Component {
    /// A structure, union, map or enum, on a side.
    Shape(ShapeId, Side),
    /// The members of an input that are in the body.
    Request(OperationId),
    /// The members of an output that are in the body.
    Response(OperationId),
    /// The members of an error that are in the body.
    Error(ShapeId),
    /// A member of a discriminated union, by its index, on a side: its structure with the
    /// discriminator.
    Case(ShapeId, usize, Side),
}

/// The names of the schemas of a service.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: BTreeMap<Component, String>,
    components: BTreeMap<String, Component>,
}

impl Names {
    /// Names that the generator makes up yield to those of shapes, and enums, of which several may
    /// have one name, to shapes of other types. Of a shape with two schemas, that of responses has
    /// the name of the shape.
    pub(super) fn new(model: &Model, service: &Service, sides: &Sides) -> Self {
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
                let side = sides.of(id, Side::Response);
                names.add(Component::Shape(id, side), [name.to_owned(), qualified]);
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
                    let side = sides.of(*id, Side::Response);
                    names.add_cases(*id, union, name, side);
                }
                _ => {}
            }
        }
        for id in service.shapes.iter().filter(|id| sides.is_divided(**id)) {
            let shape = &model.shapes[*id];
            let name = service.rename(*id).unwrap_or(shape.name.name());
            let name = format!("{name}Request");
            if !matches!(shape.kind, Kind::Simple(_) | Kind::List(_)) {
                let qualified = format!("{}.{name}", shape.name.namespace());
                names.add(
                    Component::Shape(*id, Side::Request),
                    [name.clone(), qualified],
                );
            }
            if let Kind::Union(union) = &shape.kind {
                names.add_cases(*id, union, &name, Side::Request);
            }
        }
        names
    }

    /// Adds the members of a union with this name.
    fn add_cases(&mut self, id: ShapeId, union: &Union, name: &str, side: Side) {
        for (index, member) in union.members.iter().enumerate() {
            let case = format!("{name}_{}", member.name);
            self.add(Component::Case(id, index, side), [case]);
        }
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
        Component::Shape(id, side) => schema::definition(cx.on(side), id),
        Component::Request(id) => {
            content::body(cx.on(Side::Request), cx.model.operations[id].input)
        }
        Component::Response(id) => {
            content::body(cx.on(Side::Response), cx.model.operations[id].output)
        }
        Component::Error(id) => content::error(cx.on(Side::Response), id),
        Component::Case(id, index, side) => schema::case(cx.on(side), id, index),
    }
}
