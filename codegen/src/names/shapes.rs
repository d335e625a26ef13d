//! The names of shapes: types, schemas, fields and variants.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, Model, Operation, Presence, Service, Shape, ShapeId};
use drawplate_model::source::Location;

use super::chosen::Choices;
use super::ident::Case;
use super::namespace::{Claim, Key, Namespace};
use super::{AccessorNames, Name, ShapeNames, TypeModule, ident};

/// The names of the shapes of a service that are not simple. Those of types are yet to be assigned.
pub(super) fn without_types(
    model: &Model,
    service: &Service,
    choices: &mut Choices<'_>,
) -> ArenaMap<ShapeId, ShapeNames> {
    let mut shapes = ArenaMap::default();
    let mut schemas = Vec::new();
    for &id in service.all_shapes() {
        let shape = &model.shapes[id];
        if matches!(shape.kind, Kind::Simple(_)) {
            continue;
        }
        let own = name(service, id, shape);
        let schema = ident::screaming_snake(own).unwrap_or_else(|| Case::Screaming.nameless());
        schemas.push((id, schema.clone()));
        let names = ShapeNames {
            ident: ident::camel(own).unwrap_or_else(|| Case::Camel.nameless()),
            schema,
            module: TypeModule::of(&shape.kind),
            members: Vec::new(),
            setters: Vec::new(),
            accessors: Vec::new(),
            unknown: None,
            required: None,
        };
        let names = match &shape.kind {
            Kind::Structure(_) => fields(shape, names, choices),
            Kind::Union(_) => union(shape, names, choices),
            Kind::Enum(values) => {
                let values = values.iter().map(|value| (&*value.name, &value.location));
                variants(shape, values, "UnknownValue", names, choices)
            }
            Kind::IntEnum(values) => {
                let values = values.iter().map(|value| (&*value.name, &value.location));
                variants(shape, values, "UnknownValue", names, choices)
            }
            Kind::Simple(_) | Kind::List(_) | Kind::Map(_) => names,
        };
        shapes.insert(id, names);
    }
    // Only generated code sees the statics of schemas, so that nothing is reported about them.
    let mut taken = BTreeSet::new();
    for (id, mut schema) in schemas {
        while !taken.insert(schema.clone()) {
            schema = schema.escaped();
        }
        shapes[id].schema = schema;
    }
    shapes
}

/// The name that a service gives to a shape.
fn name<'a>(service: &'a Service, id: ShapeId, shape: &'a Shape) -> &'a str {
    service.rename(id).unwrap_or(shape.name.name())
}

/// The shapes of a service that have types in a module, and the claims of the types.
pub(super) fn types<'m>(
    model: &'m Model,
    service: &'m Service,
    module: TypeModule,
) -> (Vec<ShapeId>, Vec<Claim<'m>>) {
    let shapes = service
        .all_shapes()
        .iter()
        .map(|id| (*id, &model.shapes[*id]));
    let types = shapes.filter(|(_, shape)| match &shape.kind {
        Kind::Simple(_) | Kind::List(_) | Kind::Map(_) => false,
        kind => TypeModule::of(kind) == module && !kind.is_synthetic(),
    });
    let modeled = types.map(|(id, shape)| {
        let (key, at) = (Key::shape(shape.name.as_str()), &shape.location);
        let name = name(service, id, shape);
        (id, Claim::modeled(key, "type", at, Case::Camel, name))
    });
    let operations = service
        .all_operations()
        .iter()
        .map(|id| &model.operations[*id]);
    let synthetic = operations.filter_map(|operation| synthetic(model, operation, module));
    modeled.chain(synthetic).unzip()
}

/// The structure that was added for the missing input or output of an operation, if it is in the
/// module.
fn synthetic<'m>(
    model: &Model,
    operation: &'m Operation,
    module: TypeModule,
) -> Option<(ShapeId, Claim<'m>)> {
    let Operation {
        name,
        input,
        output,
        location,
        ..
    } = operation;
    let (id, role, suffix) = match module {
        TypeModule::Input => (*input, "input", "Input"),
        TypeModule::Output => (*output, "output", "Output"),
        TypeModule::Error | TypeModule::Types => return None,
    };
    if !model.shapes[id].kind.is_synthetic() {
        return None;
    }
    let stem = Case::Camel
        .spell(name.name())
        .unwrap_or_else(|| Case::Camel.nameless());
    let stem = stem.text();
    let spellings = [
        &*format!("{stem}{suffix}"),
        &format!("{stem}Operation{suffix}"),
    ];
    let key = Key::shape(name.as_str()).role(role);
    Some((
        id,
        Claim::invented(key, role, location, Case::Camel, &spellings),
    ))
}

/// The fields of a structure, and the functions that set them.
fn fields(shape: &Shape, names: ShapeNames, choices: &mut Choices<'_>) -> ShapeNames {
    let key = Key::shape(shape.name.as_str());
    let members = shape.kind.members();
    let claims = members.clone().map(|member| {
        let (key, at) = (key.member(&member.name), &member.location);
        Claim::modeled(key, "field", at, Case::Snake, &member.name)
    });
    let fields = Namespace::default().assign(&claims.collect::<Vec<_>>(), choices);
    // The constructor is called `new` in every type.
    let mut setters = fields.clone();
    let constructor = |field: &Name| field.text() == "new";
    if let Some(index) = fields.iter().position(constructor) {
        let mut member = members.clone().skip(index);
        // The constructor itself sets a required member.
        let member = member
            .next()
            .filter(|member| member.presence != Presence::Required);
        if let Some(member) = member {
            let mut space = Namespace::default();
            space.add(&fields[index], key.role("constructor"), &shape.location);
            let key = key.member(&member.name).role("setter");
            let (what, at) = ("setter", &member.location);
            let claim = Claim::invented(key, what, at, Case::Snake, &["new"]);
            setters[index] = space.assign_one(claim, choices);
        }
    }
    ShapeNames {
        members: fields,
        setters,
        ..names
    }
}

/// The variants of a union, and their functions.
fn union(shape: &Shape, names: ShapeNames, choices: &mut Choices<'_>) -> ShapeNames {
    let members = shape.kind.members();
    let members = members.map(|member| (&*member.name, &member.location));
    let names = variants(shape, members.clone(), "UnknownMember", names, choices);
    let key = Key::shape(shape.name.as_str());
    let claims = members.zip(&names.members).map(|((member, at), variant)| {
        let (key, text) = (key.member(member).role("accessor"), variant.text());
        Claim::modeled(key, "accessor", at, Case::Snake, text)
    });
    let mut claims = claims.enumerate().collect::<Vec<_>>();
    // A variant that got another name has accessors that got one as well.
    claims.sort_by_key(|(index, _)| names.members[*index].text().ends_with('_'));
    let (order, claims): (Vec<_>, Vec<_>) = claims.into_iter().unzip();
    let words = Namespace::default().assign(&claims, choices);
    let accessors = order.into_iter().zip(words).map(|(index, word)| {
        let (is, r#as) = (word.prefixed("is"), word.prefixed("as"));
        (index, AccessorNames { is, r#as })
    });
    ShapeNames {
        accessors: accessors
            .collect::<BTreeMap<_, _>>()
            .into_values()
            .collect(),
        ..names
    }
}

/// The variants of a union or enum: `members` and the one for what the model does not know.
fn variants<'m>(
    shape: &'m Shape,
    members: impl Iterator<Item = (&'m str, &'m Location)>,
    other: &str,
    names: ShapeNames,
    choices: &mut Choices<'_>,
) -> ShapeNames {
    let key = Key::shape(shape.name.as_str());
    let (what, case) = ("variant", Case::Camel);
    let claims = members.map(|(name, at)| Claim::modeled(key.member(name), what, at, case, name));
    let spellings = ["Unknown", other];
    let unknown = Claim::invented(key.role("unknown"), what, &shape.location, case, &spellings);
    let claims = claims.chain([unknown]).collect::<Vec<_>>();
    let mut members = Namespace::default().assign(&claims, choices);
    ShapeNames {
        unknown: members.pop(),
        members,
        ..names
    }
}
