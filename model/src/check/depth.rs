//! How deeply values are nested.
//!
//! The Rust compiler proves that a type can be sent between threads by looking at the types inside
//! of it, down to a limit of 128 types. The limit applies to each crate that uses a type, so
//! generated code cannot raise it for its users.

use std::collections::HashSet;

use crate::components::{components, id, position};
use crate::model::{Kind, Member, Model, Presence, Shape};
use crate::{Code, Diagnostic, Report};

/// The number of types that may be inside of one another. The others of the compiler's 128 are
/// for what holds the value: results, futures and types of the caller.
const LIMIT: usize = 100;

/// The most shapes that lead to one another from each of which the depth is computed. From the
/// others it is hardly greater.
const MOST_STARTS: usize = 200;

/// No value is nested more deeply than the compiler looks. Of shapes that lead to one another, one
/// is reported, and nothing is reported of what contains them.
pub(super) fn nesting(model: &Model, report: &mut Report) {
    let target = |shape: &Shape, edge: usize| shape.kind.members().nth(edge).map(|it| it.target);
    let component = components(&model.shapes, target);
    let depths = depths(model, &component);
    let mut reported = HashSet::new();
    for (id, shape) in model.shapes.iter() {
        let own = component[position(id)];
        let contains_reported = shape.kind.members().any(|member| {
            let target = position(member.target);
            component[target] != own && depths[target] > LIMIT
        });
        let depth = depths[position(id)];
        if depth <= LIMIT || contains_reported || !reported.insert(own) {
            continue;
        }
        let message = format!(
            "values of `{}` are nested {depth} Rust types deep, but at most {LIMIT} are compiled",
            shape.name
        );
        report.push(
            Diagnostic::new(Code::TooDeepValues, message, shape.location.clone())
                .name()
                .shape(&shape.name)
                .help(
                    "a structure counts as 1, an optional member as 1, a box as 2, a list as 3 and \
                     a map as 4; put a part of the value into a document, or flatten it",
                ),
        );
    }
}

/// The number of Rust types from a value of each shape to the innermost value in it.
fn depths(model: &Model, component: &[usize]) -> Vec<usize> {
    let mut by_component: Vec<(usize, usize)> = component.iter().copied().zip(0..).collect();
    by_component.sort_unstable();
    let mut depths = vec![0; component.len()];
    for group in by_component.chunk_by(|a, b| a.0 == b.0) {
        let places: Vec<usize> = group.iter().map(|(_, place)| *place).collect();
        let found: Vec<usize> = places
            .iter()
            .take(MOST_STARTS)
            .map(|place| depth(model, *place, component, &depths))
            .collect();
        let most = found.iter().copied().max().unwrap_or(0);
        for (index, place) in places.into_iter().enumerate() {
            depths[place] = found.get(index).copied().unwrap_or(most);
        }
    }
    depths
}

/// The depth of a shape, of which the components below are done. A shape that leads back is looked
/// at once, as the compiler does.
fn depth(model: &Model, start: usize, component: &[usize], depths: &[usize]) -> usize {
    let mut seen = HashSet::from([start]);
    let mut deepest = 0;
    let mut open = vec![(start, 0)];
    while let Some((place, above)) = open.pop() {
        let shape = &model.shapes[id(place)];
        let here = above + own_types(&shape.kind);
        deepest = deepest.max(here);
        // In the order of the members: the stack returns the last one first.
        let members: Vec<&Member> = shape.kind.members().collect();
        for member in members.into_iter().rev() {
            let target = position(member.target);
            let inside = here + types_around(&shape.kind, member);
            if component[target] != component[place] {
                deepest = deepest.max(inside + depths[target]);
            } else if seen.insert(target) {
                open.push((target, inside));
            }
        }
    }
    deepest
}

/// The Rust types that a shape adds to what it contains. `Vec` and `HashMap` contain others.
fn own_types(kind: &Kind) -> usize {
    match kind {
        Kind::List(_) => 3,
        Kind::Map(_) => 4,
        _ => 1,
    }
}

/// The types between a shape and the value of a member: `Option`, and `Box` with the pointer in it.
fn types_around(kind: &Kind, member: &Member) -> usize {
    let is_optional = match kind {
        Kind::Structure(_) => matches!(member.presence, Presence::Optional(_)),
        Kind::List(list) => list.sparse,
        Kind::Map(map) => map.sparse,
        _ => false,
    };
    usize::from(is_optional) + if member.boxed { 2 } else { 0 }
}
