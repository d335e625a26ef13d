//! Paths of `smithy.rules#operationContextParams`: the part of `JMESPath` that they may use.

use super::super::index::position;
use super::super::links::Links;
use super::kind;
use crate::ast::ShapeType;
use crate::model::{InputStep, RuleParameterKind, ShapeId};

/// The way from the input to the values of a path, and the type of the parameter that receives
/// them.
///
/// # Errors
///
/// If the text is not a path, or does not lead to strings or a boolean.
pub(super) fn read(
    linked: &Links<'_, '_>,
    input: ShapeId,
    text: &str,
) -> Result<(Vec<InputStep>, RuleParameterKind), String> {
    let mut parser = Parser {
        linked,
        text,
        rest: text,
    };
    let way = parser.path(Way::from(input))?;
    if !parser.rest.is_empty() {
        return Err(format!("`{}` is unexpected", parser.rest));
    }
    let found = match way.end {
        End::Keys => Some(RuleParameterKind::String),
        End::Value(target) => kind(linked, target),
    };
    let kind = match (found, way.many) {
        (Some(RuleParameterKind::String), true) => RuleParameterKind::Strings,
        (Some(kind), false) => kind,
        _ => return Err("it leads neither to strings nor to a boolean".to_owned()),
    };
    let mut steps = way.steps;
    if kind == RuleParameterKind::Strings && !way.many {
        push(&mut steps, InputStep::Elements);
    }
    Ok((steps, kind))
}

/// A part of a path.
#[derive(Clone)]
struct Way {
    steps: Vec<InputStep>,
    end: End,
    /// Whether it leads to a list of values.
    many: bool,
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
            many: false,
        }
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

struct Parser<'p, 'x, 'a> {
    linked: &'p Links<'x, 'a>,
    text: &'p str,
    rest: &'p str,
}

impl Parser<'_, '_, '_> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    /// A path, which continues `way`.
    fn path(&mut self, way: Way) -> Result<Way, String> {
        self.rest = self.rest.trim_start();
        let mut way = if self.rest.starts_with('[') {
            way
        } else {
            self.member(way)?
        };
        loop {
            way = if self.take("[*]") {
                self.elements(way)?
            } else if self.take("[]") {
                self.flatten(way)?
            } else if self.take("[") {
                self.select(way)?
            } else if self.take(".") {
                if self.take("[") {
                    self.select(way)?
                } else {
                    self.member(way)?
                }
            } else {
                return Ok(way);
            };
        }
    }

    /// The name of a member, `*`, or `keys(..)`.
    fn member(&mut self, mut way: Way) -> Result<Way, String> {
        if self.take("*") {
            let target = self.map(&way, "*")?;
            way.end = End::Value(self.target(target, 1)?);
            push(&mut way.steps, InputStep::Values);
            way.many = true;
            return Ok(way);
        }
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(match rest.chars().next() {
                Some(c) => format!("a name is missing before `{c}`"),
                None => "a name is missing at its end".to_owned(),
            });
        }
        self.rest = rest.trim_start();
        if name == "keys" && self.take("(") {
            let mut way = if self.take("@") { way } else { self.path(way)? };
            if !self.take(")") {
                return Err("`keys(` has no `)`".to_owned());
            }
            self.map(&way, "keys")?;
            way.end = End::Keys;
            push(&mut way.steps, InputStep::Keys);
            way.many = true;
            return Ok(way);
        }
        let holder = match way.end {
            End::Value(holder) => holder,
            End::Keys => return Err(format!("`{name}` follows the keys of a map")),
        };
        let flat = self.linked.index.flat(holder);
        let is_structure = matches!(flat.kind, ShapeType::Structure | ShapeType::Union);
        let index = flat.members.iter().position(|member| member.name == name);
        let Some(index) = index.filter(|_| is_structure) else {
            return Err(format!("`{}` has no member `{name}`", flat.id));
        };
        way.end = End::Value(self.target(holder, index)?);
        push(&mut way.steps, InputStep::Member(index));
        Ok(way)
    }

    /// `[*]`.
    fn elements(&mut self, mut way: Way) -> Result<Way, String> {
        let list = self.list(&way);
        let list = list.ok_or("`[*]` follows what is not a list")?;
        way.end = End::Value(self.target(list, 0)?);
        push(&mut way.steps, InputStep::Elements);
        way.many = true;
        Ok(way)
    }

    /// `[]`: lists of lists become one list.
    fn flatten(&mut self, way: Way) -> Result<Way, String> {
        let many = way.many;
        match self.list(&way) {
            Some(_) if many => self.elements(way),
            Some(_) => {
                let way = self.elements(way)?;
                match self.list(&way) {
                    Some(_) => self.elements(way),
                    None => Ok(way),
                }
            }
            None if many => Ok(way),
            None => Err("`[]` follows what is not a list".to_owned()),
        }
    }

    /// `[a, b.c]`, after its first bracket.
    fn select(&mut self, mut way: Way) -> Result<Way, String> {
        let start = match way.end {
            End::Value(start) => start,
            End::Keys => return Err("`[` follows the keys of a map".to_owned()),
        };
        let mut ways = Vec::new();
        way.end = loop {
            let one = self.path(Way::from(start))?;
            let is_text = match one.end {
                End::Keys => true,
                End::Value(target) => kind(self.linked, target) == Some(RuleParameterKind::String),
            };
            if !is_text {
                return Err(format!(
                    "an element of a list in `{}` is not a string",
                    self.text
                ));
            }
            ways.push(one.steps);
            if self.take("]") {
                break one.end;
            }
            if !self.take(",") {
                return Err("a list has no `]`".to_owned());
            }
        };
        push(&mut way.steps, InputStep::Select(ways));
        way.many = true;
        Ok(way)
    }

    fn list(&self, way: &Way) -> Option<ShapeId> {
        let End::Value(target) = way.end else {
            return None;
        };
        let kind = self.linked.index.flat(target).kind;
        matches!(kind, ShapeType::List | ShapeType::Set).then_some(target)
    }

    fn map(&self, way: &Way, what: &str) -> Result<ShapeId, String> {
        match way.end {
            End::Value(target) if self.linked.index.flat(target).kind == ShapeType::Map => {
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
