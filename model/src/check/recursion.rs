//! Shapes without a finite value (Smithy 2.0, "Recursive shape definitions").

use std::collections::HashMap;

use super::{at_member, member_id};
use crate::model::{Kind, Member, Model, Shape, ShapeId};
use crate::{Code, Diagnostic, Report};

/// A list or map contains itself only through a structure or union.
pub(super) fn collections(model: &Model, report: &mut Report) {
    // The element or value that is a list or map; keys are strings.
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
            "`{}` contains itself without a structure or union in between",
            shape.name.name()
        );
        let help = "put a structure in between; its member that leads back must not be required";
        report.push(diagnostic(Code::EndlessCollection, message, &cycle).help(help));
    }
}

/// Every structure and union has a finite value: no structure requires itself, and at least one
/// member of a union does not lead back to it.
pub(super) fn values(model: &Model, report: &mut Report) {
    let finite = finite(model);
    let endless = |member: &&Member| !finite[index(member.target)];
    // A member that is part of the reason why a shape has no finite value.
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
        // If a union is part of the cycle, the fix is in the union.
        let union = cycle
            .iter()
            .position(|(shape, _)| matches!(shape.kind, Kind::Union(_)));
        cycle.rotate_left(union.unwrap_or(0));
        let (shape, member) = cycle[0];
        let name = shape.name.name();
        let (code, message, help) = match &shape.kind {
            Kind::Union(_) => (
                Code::EndlessUnion,
                format!("every member of union `{name}` leads back to it"),
                "add a member that does not lead back, or put a list, a map or an optional member in \
                 between"
                    .to_owned(),
            ),
            _ => (
                Code::EndlessStructure,
                format!("`{name}` requires itself, so it has no finite value"),
                format!("remove the trait `required` from `{}`", member_id(shape, member)),
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
            format!("through `{}`", member_id(shape, member)),
        );
    }
    diagnostic
}

/// Whether each shape has a finite value, by index: the least fixed point, found from the leaves
/// up.
fn finite(model: &Model) -> Vec<bool> {
    let mut finite = vec![false; model.shapes.len()];
    // The number of members that each shape still waits for, and the shapes that wait for a shape.
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

/// The cycles of a graph in which each shape has at most one member to follow. Each cycle starts
/// with its least shape.
fn cycles<'a>(
    model: &'a Model,
    next: impl Fn(ShapeId) -> Option<&'a Member>,
) -> Vec<Vec<(&'a Shape, &'a Member)>> {
    let mut seen_from: HashMap<ShapeId, ShapeId> = HashMap::new();
    let mut cycles = Vec::new();
    for (start, _) in model.shapes.iter() {
        let mut current = start;
        while !seen_from.contains_key(&current) {
            seen_from.insert(current, start);
            let Some(member) = next(current) else { break };
            current = member.target;
        }
        if seen_from[&current] != start {
            continue;
        }
        let walk = std::iter::successors(Some(current), |id| next(*id).map(|member| member.target));
        let Some(length) = walk.skip(1).position(|id| id == current) else {
            continue;
        };
        let walk = std::iter::successors(Some(current), |id| next(*id).map(|member| member.target));
        let mut cycle: Vec<ShapeId> = walk.take(length + 1).collect();
        let least = (0..length).min_by_key(|place| cycle[*place]);
        cycle.rotate_left(least.unwrap_or(0));
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
