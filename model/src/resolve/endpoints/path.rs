//! Paths of `smithy.rules#operationContextParams`: the part of `JMESPath` that they may use.

use super::super::index::position;
use super::super::links::Links;
use super::kind;
use crate::ast::ShapeType;
use crate::jmespath::{Expression, ExpressionKind, Function, Projection};
use crate::model::{InputStep, RuleParameterKind, ShapeId};

/// The way from the input to the values of a path, and the type of the parameter that receives
/// them.
///
/// # Errors
///
/// If the text is not a path, or does not lead to a string, a boolean or a list of strings.
pub(super) fn read(
    linked: &Links<'_, '_>,
    input: ShapeId,
    text: &str,
) -> Result<(Vec<InputStep>, RuleParameterKind), String> {
    let expression = Expression::parse(text).map_err(|error| error.to_string())?;
    let way = Walker { linked }.follow(Way::from(input), &expression)?;
    let found = match way.end {
        End::Keys => Some(RuleParameterKind::String),
        End::Value(target) => kind(linked, target),
    };
    let kind = match (found, way.depth) {
        (Some(RuleParameterKind::String), 1) => RuleParameterKind::Strings,
        (Some(kind), 0) => kind,
        _ => {
            let leads = "it leads neither to a string, nor to a boolean, nor to a list of strings";
            return Err(leads.to_owned());
        }
    };
    let mut steps = way.steps;
    if kind == RuleParameterKind::Strings && way.depth == 0 {
        push(&mut steps, InputStep::Elements);
    }
    Ok((steps, kind))
}

/// A part of a path.
#[derive(Clone)]
struct Way {
    steps: Vec<InputStep>,
    end: End,
    /// How many arrays are around the values that it leads to.
    depth: usize,
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Value(ShapeId),
    /// The keys of a map.
    Keys,
}

impl Way {
    fn from(start: ShapeId) -> Self {
        Self {
            steps: Vec::new(),
            end: End::Value(start),
            depth: 0,
        }
    }

    /// Continues with all values that a step leads to.
    fn many(mut self, step: InputStep, end: End) -> Self {
        push(&mut self.steps, step);
        self.end = end;
        self.depth += 1;
        self
    }
}

/// Adds a step. After a selection, it continues each of the ways.
fn push(steps: &mut Vec<InputStep>, step: InputStep) {
    match steps.last_mut() {
        Some(InputStep::Select(ways)) => {
            for way in ways {
                push(way, step.clone());
            }
        }
        _ => steps.push(step),
    }
}

struct Walker<'p, 'x, 'a> {
    linked: &'p Links<'x, 'a>,
}

impl Walker<'_, '_, '_> {
    /// The way from each value at the end of `way` to the values of an expression.
    fn follow(&self, way: Way, expression: &Expression) -> Result<Way, String> {
        let depth = way.depth;
        match &expression.kind {
            ExpressionKind::Current => Ok(way),
            ExpressionKind::Field(name) => self.member(way, name),
            ExpressionKind::Chain(first, then) => {
                let way = self.follow(way, first)?;
                if way.depth > depth {
                    return Err("`|` follows a list".to_owned());
                }
                self.follow(way, then)
            }
            ExpressionKind::Project(Projection::Elements, list, then) => {
                let way = self.follow(way, list)?;
                let way = if way.depth == depth {
                    self.elements(way)?
                } else {
                    way
                };
                self.follow(way, then)
            }
            ExpressionKind::Project(Projection::Values, map, then) => {
                let way = self.follow(way, map)?;
                let target = self.map(&way, depth, "*")?;
                let end = End::Value(self.target(target, 1)?);
                self.follow(way.many(InputStep::Values, end), then)
            }
            ExpressionKind::Flatten(list) => {
                let way = self.follow(way, list)?;
                self.flatten(way, depth)
            }
            ExpressionKind::List(elements) => self.select(way, elements),
            ExpressionKind::Call(Function::Keys, arguments) => {
                let [map] = arguments.as_slice() else {
                    return Err("`keys` has one argument".to_owned());
                };
                let way = self.follow(way, map)?;
                self.map(&way, depth, "keys")?;
                Ok(way.many(InputStep::Keys, End::Keys))
            }
            _ => Err(
                "a path has names, `*`, `[*]`, `[]`, lists `[a, b]` and `keys` alone".to_owned(),
            ),
        }
    }

    fn member(&self, mut way: Way, name: &str) -> Result<Way, String> {
        let End::Value(holder) = way.end else {
            return Err(format!("`{name}` follows the keys of a map"));
        };
        let flat = self.linked.index.flat(holder);
        let is_structure = matches!(flat.kind, ShapeType::Structure | ShapeType::Union);
        let index = flat.members.iter().position(|member| *member.name == *name);
        let Some(index) = index.filter(|_| is_structure) else {
            return Err(format!("`{}` has no member `{name}`", flat.id));
        };
        way.end = End::Value(self.target(holder, index)?);
        push(&mut way.steps, InputStep::Member(index));
        Ok(way)
    }

    /// `[*]`.
    fn elements(&self, way: Way) -> Result<Way, String> {
        let list = self.list(&way).ok_or("`[*]` follows what is not a list")?;
        let end = End::Value(self.target(list, 0)?);
        Ok(way.many(InputStep::Elements, end))
    }

    /// `[]`: the elements of a list, with those of lists in it in their place. `depth` is that of
    /// the value that the list belongs to.
    fn flatten(&self, way: Way, depth: usize) -> Result<Way, String> {
        let mut way = if way.depth == depth {
            self.elements(way)?
        } else {
            way
        };
        if way.depth == depth + 1 && self.list(&way).is_some() {
            way = self.elements(way)?;
        }
        way.depth = (depth + 1).max(way.depth - 1);
        Ok(way)
    }

    /// `[a, b.c]`.
    fn select(&self, mut way: Way, elements: &[Expression]) -> Result<Way, String> {
        let End::Value(start) = way.end else {
            return Err("a list follows the keys of a map".to_owned());
        };
        let mut ways = Vec::new();
        for element in elements {
            let one = self.follow(Way::from(start), element)?;
            let is_text = match one.end {
                End::Keys => true,
                End::Value(target) => kind(self.linked, target) == Some(RuleParameterKind::String),
            };
            if !is_text || one.depth > 0 {
                return Err("an element of a list is not a string".to_owned());
            }
            way.end = one.end;
            ways.push(one.steps);
        }
        let end = way.end;
        Ok(way.many(InputStep::Select(ways), end))
    }

    fn list(&self, way: &Way) -> Option<ShapeId> {
        let End::Value(target) = way.end else {
            return None;
        };
        let kind = self.linked.index.flat(target).kind;
        matches!(kind, ShapeType::List | ShapeType::Set).then_some(target)
    }

    /// The map at the end of a way, which is not a list of maps.
    fn map(&self, way: &Way, depth: usize, what: &str) -> Result<ShapeId, String> {
        match way.end {
            End::Value(target)
                if way.depth == depth && self.linked.index.flat(target).kind == ShapeType::Map =>
            {
                Ok(target)
            }
            _ => Err(format!("`{what}` needs a map")),
        }
    }

    /// The target of a member.
    fn target(&self, holder: ShapeId, index: usize) -> Result<ShapeId, String> {
        let target = self.linked.targets[position(holder)].get(index);
        let target = target.copied().flatten();
        target.ok_or_else(|| "a member on it has no target".to_owned())
    }
}
