//! The names of the structures that hold required members.

use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, Member, Model, Presence, ShapeId, Structure};

use super::chosen::Choices;
use super::ident::Case;
use super::namespace::{Claim, Key, Namespace};
use super::{Name, RequiredNames, ShapeNames, TypeModule, ident};

/// What else is in scope where a structure has type parameters.
const RESERVED_BESIDE_PARAMETERS: [&str; 4] = ["Box", "Option", "String", "Vec"];

/// Names the structures of required members in a module, whose other types have names.
pub(super) fn assign<'m>(
    model: &'m Model,
    module: TypeModule,
    types: &mut Namespace<'m>,
    shapes: &mut ArenaMap<ShapeId, ShapeNames>,
    choices: &mut Choices<'_>,
) {
    let (mut held, mut claims) = (Vec::new(), Vec::new());
    for (id, names) in shapes.iter().filter(|(_, names)| names.module == module) {
        let shape = &model.shapes[id];
        if let Kind::Structure(structure) = &shape.kind
            && let Some(fields) = by_name(model, structure, names)
        {
            let stem = names.ident.text().trim_end_matches('_');
            let spellings = [
                &*format!("{stem}Required"),
                &format!("{stem}RequiredMembers"),
            ];
            let key = Key::shape(shape.name.as_str()).role("required");
            let (what, at) = ("type", &shape.location);
            claims.push(Claim::invented(key, what, at, Case::Camel, &spellings));
            held.push((id, fields.into_iter().cloned().collect::<Vec<_>>()));
        }
    }
    let idents = types.assign(&claims, choices);
    for ((id, fields), ident) in held.into_iter().zip(idents) {
        let parameters = parameters(&fields, types);
        shapes[id].required = Some(RequiredNames { ident, parameters });
    }
}

/// The fields of the required members, if they are passed by name: three or more, or two of the
/// same type.
fn by_name<'n>(
    model: &Model,
    structure: &Structure,
    names: &'n ShapeNames,
) -> Option<Vec<&'n Name>> {
    let members = structure.members.iter().zip(&names.members);
    let required = members.filter(|(member, _)| member.presence == Presence::Required);
    let (members, fields): (Vec<_>, Vec<_>) = required.unzip();
    let by_name = match members.as_slice() {
        [] | [_] => false,
        [first, second] => have_one_type(model, first, second),
        _ => true,
    };
    by_name.then_some(fields)
}

/// Whether the values of two members have the same Rust type.
fn have_one_type(model: &Model, one: &Member, other: &Member) -> bool {
    let stream = |member: &Member| (member.streams_bytes(model), member.streams_events(model));
    if stream(one) != stream(other) || one.boxed != other.boxed {
        return false;
    }
    one.streams_bytes(model) || are_one_type(model, one.target, other.target)
}

fn are_one_type(model: &Model, one: ShapeId, other: ShapeId) -> bool {
    if one == other {
        return true;
    }
    match (&model.shapes[one].kind, &model.shapes[other].kind) {
        (Kind::Simple(one), Kind::Simple(other)) => one == other,
        (Kind::List(one), Kind::List(other)) => {
            one.sparse == other.sparse
                && are_one_type(model, one.member.target, other.member.target)
        }
        (Kind::Map(one), Kind::Map(other)) => {
            one.sparse == other.sparse
                && are_one_type(model, one.key.target, other.key.target)
                && are_one_type(model, one.value.target, other.value.target)
        }
        _ => false,
    }
}

/// Fields in camel case; one that is another's already or the name of a type gets an underscore.
fn parameters(fields: &[Name], types: &Namespace<'_>) -> Vec<Name> {
    let mut parameters = Vec::<Name>::new();
    for field in fields {
        let mut parameter = ident::camel(field.text())
            .unwrap_or_else(|| field.clone())
            .escape(&RESERVED_BESIDE_PARAMETERS);
        while parameters.contains(&parameter) || types.has(parameter.text()) {
            parameter = parameter.escaped();
        }
        parameters.push(parameter);
    }
    parameters
}
