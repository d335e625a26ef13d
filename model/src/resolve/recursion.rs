//! Members that need a box because they lead back to the shape that has them.

use la_arena::Arena;

use crate::components::{components, id, position};
use crate::model::{Kind, Member, Shape, ShapeId};

/// Sets [`Member::boxed`] on every member of a structure or union whose target is in the same
/// strongly connected component.
pub(super) fn box_members(shapes: &mut Arena<Shape>) {
    let component = components(shapes, |shape, edge| {
        direct(shape).get(edge).map(|member| member.target)
    });
    for place in 0..component.len() {
        let holder = component[place];
        let shape = &mut shapes[id(place)];
        let is_closed = |target: ShapeId| component[position(target)] == holder;
        match &mut shape.kind {
            Kind::Structure(structure) => {
                structure
                    .members
                    .iter_mut()
                    .for_each(|it| it.boxed = is_closed(it.target));
            }
            Kind::Union(union) => {
                union
                    .members
                    .iter_mut()
                    .for_each(|it| it.boxed = is_closed(it.target));
            }
            _ => {}
        }
    }
}

/// The members that a value of the shape holds without a pointer. Lists and maps are pointers.
fn direct(shape: &Shape) -> &[Member] {
    match &shape.kind {
        Kind::Structure(structure) => &structure.members,
        Kind::Union(union) => &union.members,
        _ => &[],
    }
}
