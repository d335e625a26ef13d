//! Shapes that no value can have (Smithy 2.0, "Recursive shape definitions").

use std::collections::HashMap;

use super::{at_member, member_id};
use crate::model::{Kind, Member, Model, Shape, ShapeId};
use crate::{Code, Diagnostic, Report};

/// Lists and maps contain themselves only through structures and unions.
pub(super) fn collections(model: &Model, report: &mut Report) {
    // The element or value that is a list or map again; keys are strings.
    let next = |id: ShapeId| {
        let member = match &model.shapes[id].kind {
            Kind::List(list) => &list.member,
            Kind::Map(map) => &map.value,
            _ => return None,
        };
        let target = &model.shapes[member.target].kind;
        matches!(target, Kind::List(_) | Kind::Map(_)).then_some(member)
    };
    for cycle in cycles(model, next) {
        let (shape, _) = cycle[0];
        let message = format!(
            "`{}` contains itself without a structure or union between",
            shape.name.name()
        );
        let help = "put a structure between, of which the member that leads back is not required";
        report.push(diagnostic(Code::EndlessCollection, message, &cycle).help(help));
    }
}

/// Every structure and union has a value that ends: no structure requires itself, and not all members of a union lead back.
pub(super) fn values(model: &Model, report: &mut Report) {
    let finite = finite(model);
    let endless = |member: &&Member| !finite[index(member.target)];
    // Of a shape without a value that ends, a member that is part of the reason.
    let next = |id: ShapeId| match &model.shapes[id].kind {
        _ if finite[index(id)] => None,
        Kind::Structure(structure) => structure
            .members
            .iter()
            .filter(|member| member.required)
            .find(endless),
        Kind::Union(union) => union.members.iter().find(endless),
        _ => None,
    };
    for mut cycle in cycles(model, next) {
        // Where a union takes part it is the union that has no way out.
        let union = cycle
            .iter()
            .position(|(shape, _)| matches!(shape.kind, Kind::Union(_)));
        cycle.rotate_left(union.unwrap_or(0));
        let (shape, member) = cycle[0];
        let name = shape.name.name();
        let (code, message, help) = match &shape.kind {
            Kind::Union(_) => (
                Code::EndlessUnion,
                format!("each member of union `{name}` leads back to it"),
                "add a member that does not, or put a list, a map or a member that is not required between".to_owned(),
            ),
            _ => (
                Code::EndlessStructure,
                format!("`{name}` requires another `{name}`, without end"),
                format!("leave `required` out of `{}`", member_id(shape, member)),
            ),
        };
        report.push(diagnostic(code, message, &cycle).help(help));
    }
}

fn diagnostic(code: Code, message: String, cycle: &[(&Shape, &Member)]) -> Diagnostic {
    let (shape, member) = cycle[0];
    let mut diagnostic = at_member(code, message, shape, member).label("leads back");
    for (shape, member) in &cycle[1..] {
        diagnostic = diagnostic.related_name(
            member.location.clone(),
            format!("by way of `{}`", member_id(shape, member)),
        );
    }
    diagnostic
}

/// Which shapes have a value that ends, by index: the least fixed point, found from the leaves up.
fn finite(model: &Model) -> Vec<bool> {
    let mut finite = vec![false; model.shapes.len()];
    // How many members each shape still waits for, and who waits for a shape.
    let mut waits = vec![0_usize; model.shapes.len()];
    let mut waiting: HashMap<ShapeId, Vec<ShapeId>> = HashMap::new();
    let mut open = Vec::new();
    for (id, shape) in model.shapes.iter() {
        match &shape.kind {
            Kind::Structure(structure) => {
                for member in structure.members.iter().filter(|member| member.required) {
                    waits[index(id)] += 1;
                    waiting.entry(member.target).or_default().push(id);
                }
            }
            Kind::Union(union) if !union.members.is_empty() => {
                waits[index(id)] = 1;
                for member in &union.members {
                    waiting.entry(member.target).or_default().push(id);
                }
            }
            _ => {}
        }
        if waits[index(id)] == 0 {
            open.push(id);
        }
    }
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut finite[index(id)], true) {
            continue;
        }
        for waiter in waiting.remove(&id).unwrap_or_default() {
            let left = &mut waits[index(waiter)];
            *left = left.saturating_sub(1);
            if *left == 0 {
                open.push(waiter);
            }
        }
    }
    finite
}

/// The cycles of a graph in which each shape has at most one member to follow, each from its least shape on.
fn cycles<'a>(
    model: &'a Model,
    next: impl Fn(ShapeId) -> Option<&'a Member>,
) -> Vec<Vec<(&'a Shape, &'a Member)>> {
    let mut seen_from: HashMap<ShapeId, ShapeId> = HashMap::new();
    let mut cycles = Vec::new();
    for (start, _) in model.shapes.iter() {
        let mut at = start;
        while !seen_from.contains_key(&at) {
            seen_from.insert(at, start);
            let Some(member) = next(at) else { break };
            at = member.target;
        }
        if seen_from[&at] != start {
            continue;
        }
        let walk = std::iter::successors(Some(at), |id| next(*id).map(|member| member.target));
        let Some(length) = walk.skip(1).position(|id| id == at) else {
            continue;
        };
        let walk = std::iter::successors(Some(at), |id| next(*id).map(|member| member.target));
        let mut cycle: Vec<ShapeId> = walk.take(length + 1).collect();
        let least = cycle.iter().position_min();
        cycle.rotate_left(least);
        cycles.push(
            cycle
                .into_iter()
                .filter_map(|id| next(id).map(|member| (&model.shapes[id], member)))
                .collect(),
        );
    }
    cycles
}

fn index(id: ShapeId) -> usize {
    id.into_raw().into_u32() as usize
}

trait PositionMin {
    fn position_min(self) -> usize;
}

impl<'a, I: Iterator<Item = &'a ShapeId>> PositionMin for I {
    /// Where the least id stands; 0 of nothing.
    fn position_min(self) -> usize {
        self.enumerate()
            .min_by_key(|(_, id)| **id)
            .map_or(0, |(position, _)| position)
    }
}
