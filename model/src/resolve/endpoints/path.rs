//! Paths of `smithy.rules#operationContextParams`: the part of `JMESPath` that they may use.

use super::super::index::position;
use super::super::links::Links;
use super::kind;
use crate::ast::ShapeType;
use crate::jmespath::{Expression, ExpressionKind, Function, Projection, SyntaxError};
use crate::model::{InputStep, RuleParameterKind, ShapeId};
use crate::words::with_article;

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
) -> Result<(Vec<InputStep>, RuleParameterKind), PathError> {
    let expression = Expression::parse(text).map_err(|SyntaxError { message, at }| {
        PathError::invalid(format!("{message} at byte {at}"))
    })?;
    let way = Walker { linked, text }.follow(Way::from(input), &expression)?;
    let found = match way.end {
        End::Keys => Some(RuleParameterKind::String),
        End::Value(target) => kind(linked, target),
    };
    let kind = match (found, way.depth) {
        (Some(RuleParameterKind::String), 1) => RuleParameterKind::Strings,
        (Some(kind), 0) => kind,
        _ => {
            let what = match (way.depth, way.end) {
                (0, End::Value(target)) => describe(linked, target),
                _ => "a list of values that are not strings".to_owned(),
            };
            return Err(PathError::invalid(format!(
                "it leads to {what}, and not to a string, a boolean or a list of strings"
            )));
        }
    };
    let mut steps = way.steps;
    if kind == RuleParameterKind::Strings && way.depth == 0 {
        push(&mut steps, InputStep::Elements);
    }
    Ok((steps, kind))
}

/// A path does not work.
pub(super) enum PathError {
    /// For this reason.
    Invalid(String),
    /// A member on it has an invalid target, which is reported there.
    Unlinked,
}

impl PathError {
    fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }
}

/// A shape with its type, for messages.
fn describe(linked: &Links<'_, '_>, target: ShapeId) -> String {
    let flat = linked.index.flat(target);
    format!("`{}`, which is {}", flat.id, with_article(flat.kind.name()))
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

/// The error for a part of JMESPath that paths cannot have.
fn excluded(what: &str) -> Result<Way, PathError> {
    Err(PathError::invalid(format!(
        "{what} is not allowed in it; it may have names, `*`, `[*]`, `[]`, lists `[a, b]` and the \
         function `keys`"
    )))
}

struct Walker<'p, 'x, 'a> {
    linked: &'p Links<'x, 'a>,
    /// The whole path.
    text: &'p str,
}

impl Walker<'_, '_, '_> {
    /// The way from each value at the end of `way` to the values of an expression.
    fn follow(&self, way: Way, expression: &Expression) -> Result<Way, PathError> {
        let depth = way.depth;
        match &expression.kind {
            ExpressionKind::Current => Ok(way),
            ExpressionKind::Field(name) => self.member(way, name),
            ExpressionKind::Chain(first, then) => {
                let way = self.follow(way, first)?;
                if way.depth > depth {
                    let rest = self.text.get(expression.start..).unwrap_or_default();
                    let operator = if rest.starts_with('|') { "|" } else { "." };
                    return Err(PathError::invalid(format!(
                        "`{operator}` follows a list of values; write `[*]` in between to select from its \
                         elements"
                    )));
                }
                self.follow(way, then)
            }
            ExpressionKind::Project(Projection::Elements, list, then) => {
                let way = self.follow(way, list)?;
                let way = if way.depth == depth {
                    self.elements(way, "[*]")?
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
                // `Expression::parse` has counted the arguments.
                let way = self.follow(way, &arguments[0])?;
                self.map(&way, depth, "keys")?;
                Ok(way.many(InputStep::Keys, End::Keys))
            }
            ExpressionKind::Index(_) => excluded("an index"),
            ExpressionKind::Slice(_) => excluded("a slice"),
            ExpressionKind::Literal(_) => excluded("a literal"),
            ExpressionKind::Project(Projection::Filter(_), ..) => excluded("a filter"),
            ExpressionKind::And(..) => excluded("`&&`"),
            ExpressionKind::Or(..) => excluded("`||`"),
            ExpressionKind::Not(_) => excluded("`!`"),
            ExpressionKind::Compare(comparator, ..) => {
                excluded(&format!("`{}`", comparator.text()))
            }
            ExpressionKind::Object(_) => excluded("an object"),
            ExpressionKind::Call(function, _) => {
                excluded(&format!("the function `{}`", function.name()))
            }
            ExpressionKind::Reference(_) => excluded("`&`"),
        }
    }

    fn member(&self, mut way: Way, name: &str) -> Result<Way, PathError> {
        let End::Value(holder) = way.end else {
            return Err(PathError::invalid(format!(
                "`{name}` is selected from the keys of a map, which are strings"
            )));
        };
        let flat = self.linked.index.flat(holder);
        if !matches!(flat.kind, ShapeType::Structure | ShapeType::Union) {
            let holder = describe(self.linked, holder);
            return Err(PathError::invalid(format!(
                "`{name}` is selected from {holder}"
            )));
        }
        let index = flat.members.iter().position(|member| *member.name == *name);
        let Some(index) = index else {
            let message = format!("`{}` has no member `{name}`", flat.id);
            return Err(PathError::invalid(message));
        };
        way.end = End::Value(self.target(holder, index)?);
        push(&mut way.steps, InputStep::Member(index));
        Ok(way)
    }

    /// The elements of a list, by an operator.
    fn elements(&self, way: Way, operator: &str) -> Result<Way, PathError> {
        let Some(list) = self.list(&way) else {
            let found = self.describe(way.end);
            return Err(PathError::invalid(format!(
                "`{operator}` needs a list, but follows {found}"
            )));
        };
        let end = End::Value(self.target(list, 0)?);
        Ok(way.many(InputStep::Elements, end))
    }

    /// `[]`: the elements of a list, with those of lists in it in their place. `depth` is that of
    /// the value that the list belongs to.
    fn flatten(&self, way: Way, depth: usize) -> Result<Way, PathError> {
        let mut way = if way.depth == depth {
            self.elements(way, "[]")?
        } else {
            way
        };
        if way.depth == depth + 1 && self.list(&way).is_some() {
            way = self.elements(way, "[]")?;
        }
        way.depth = (depth + 1).max(way.depth - 1);
        Ok(way)
    }

    /// `[a, b.c]`.
    fn select(&self, mut way: Way, elements: &[Expression]) -> Result<Way, PathError> {
        let End::Value(start) = way.end else {
            return Err(PathError::invalid(
                "a list `[..]` is selected from the keys of a map, which are strings",
            ));
        };
        let mut ways = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let one = self.follow(Way::from(start), element)?;
            let is_text = match one.end {
                End::Keys => true,
                End::Value(target) => kind(self.linked, target) == Some(RuleParameterKind::String),
            };
            if !is_text || one.depth > 0 {
                return Err(PathError::invalid(format!(
                    "value {} of a list `[..]` is not a string",
                    index + 1
                )));
            }
            way.end = one.end;
            ways.push(one.steps);
        }
        let end = way.end;
        Ok(way.many(InputStep::Select(ways), end))
    }

    fn describe(&self, end: End) -> String {
        match end {
            End::Value(target) => describe(self.linked, target),
            End::Keys => "the keys of a map, which are strings".to_owned(),
        }
    }

    fn list(&self, way: &Way) -> Option<ShapeId> {
        let End::Value(target) = way.end else {
            return None;
        };
        let kind = self.linked.index.flat(target).kind;
        matches!(kind, ShapeType::List | ShapeType::Set).then_some(target)
    }

    /// The map at the end of a way, which is not a list of maps.
    fn map(&self, way: &Way, depth: usize, what: &str) -> Result<ShapeId, PathError> {
        match way.end {
            End::Value(target)
                if way.depth == depth && self.linked.index.flat(target).kind == ShapeType::Map =>
            {
                Ok(target)
            }
            end if way.depth == depth => Err(PathError::invalid(format!(
                "`{what}` needs a map, but is applied to {}",
                self.describe(end)
            ))),
            _ => Err(PathError::invalid(format!(
                "`{what}` needs a map, but is applied to a list of values"
            ))),
        }
    }

    /// The target of a member.
    fn target(&self, holder: ShapeId, index: usize) -> Result<ShapeId, PathError> {
        let target = self.linked.targets[position(holder)].get(index);
        let target = target.copied().flatten();
        target.ok_or(PathError::Unlinked)
    }
}
