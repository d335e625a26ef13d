//! Members that need a box because they lead back to the shape that has them.

use la_arena::Arena;

use super::index::{id, position};
use crate::model::{Kind, Member, Shape, ShapeId};

/// Sets [`Member::boxed`] on every member of a structure or union whose target is in the same
/// strongly connected component.
pub(super) fn box_members(shapes: &mut Arena<Shape>) {
    let component = components(shapes);
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

/// The number of each shape's component, by Tarjan's algorithm. The stack is explicit because a
/// chain of structures may be as long as the file.
fn components(shapes: &Arena<Shape>) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = shapes.len();
    let mut component = vec![UNSEEN; count];
    let mut order = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut open: Vec<usize> = Vec::new();
    let mut calls: Vec<(usize, usize)> = Vec::new();
    let (mut next, mut found) = (0, 0);
    for root in 0..count {
        if order[root] != UNSEEN {
            continue;
        }
        calls.push((root, 0));
        while let Some((place, edge)) = calls.pop() {
            if edge == 0 {
                order[place] = next;
                low[place] = next;
                next += 1;
                open.push(place);
            }
            let members = direct(&shapes[id(place)]);
            if let Some(member) = members.get(edge) {
                let target = position(member.target);
                calls.push((place, edge + 1));
                if order[target] == UNSEEN {
                    calls.push((target, 0));
                } else if component[target] == UNSEEN {
                    low[place] = low[place].min(order[target]);
                }
                continue;
            }
            if low[place] == order[place] {
                while let Some(member) = open.pop() {
                    component[member] = found;
                    if member == place {
                        break;
                    }
                }
                found += 1;
            }
            if let Some((caller, _)) = calls.last() {
                low[*caller] = low[*caller].min(low[place]);
            }
        }
    }
    component
}
