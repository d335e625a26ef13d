//! Strongly connected components: shapes that contain one another.

use la_arena::{Arena, Idx, RawIdx};

use crate::model::{Shape, ShapeId};

/// The number of each shape's component, by Tarjan's algorithm. A component has a higher number
/// than those that it leads to. `target` is the target of an edge of a shape, `None` after the last
/// edge.
///
/// The stack is explicit because a chain of shapes may be as long as the file.
pub(crate) fn components(
    shapes: &Arena<Shape>,
    target: impl Fn(&Shape, usize) -> Option<ShapeId>,
) -> Vec<usize> {
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
            if let Some(target) = target(&shapes[id(place)], edge) {
                let target = position(target);
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

/// The id of the shape or operation at this index.
pub(crate) fn id<T>(index: usize) -> Idx<T> {
    let raw = u32::try_from(index).expect("a file of a few gigabytes has fewer than 2^32 shapes");
    Idx::from_raw(RawIdx::from_u32(raw))
}

/// The index of a shape or operation among those of its kind.
pub(crate) fn position<T>(id: Idx<T>) -> usize {
    id.into_raw().into_u32() as usize
}
