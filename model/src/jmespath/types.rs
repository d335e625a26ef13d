//! The types of expressions (Smithy 2.0, "Waiters", "JMESPath data model").

use super::ExpressionKind::{
    And, Call, Chain, Compare, Current, Field, Flatten, Index, List, Literal, Not, Object, Or,
    Project, Reference, Slice,
};
use super::function::Parameter;
use super::{Expression, Function, Projection};
use crate::model::{Kind, Model, ShapeId, Simple};
use crate::node::{Node, Value};
use crate::suggest::did_you_mean;

/// How many collections in one another are looked into. A model may have one that contains itself,
/// which is an error of its own.
const MAX_COLLECTIONS: usize = 16;

/// What is known about the values of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Nothing.
    Any,
    /// Null.
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array with elements of a type.
    Array(Box<Type>),
    /// An object with values of a type.
    Map(Box<Type>),
    /// An object with these fields.
    Object(Vec<(Box<str>, Type)>),
    /// A structure or union.
    Shape(ShapeId),
    /// An expression that is an argument.
    Reference,
}

/// A part of an expression that does not fit the values that it is applied to.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether the evaluation always fails. Otherwise the result is always null.
    pub is_error: bool,
    /// What is wrong.
    pub message: String,
    /// The index of the first byte of the part.
    pub at: usize,
}

/// The type of an expression that is applied to values of a type, and the problems in it.
pub fn check(model: &Model, expression: &Expression, current: &Type) -> (Type, Vec<Problem>) {
    let mut checker = Checker {
        model,
        problems: Vec::new(),
    };
    let found = checker.check(expression, current);
    if found == Type::Reference {
        let message = "an expression after `&` must be an argument of a function";
        checker.error(expression, message.to_owned());
    }
    (found, checker.problems)
}

impl Type {
    /// The type of values of a shape.
    pub fn of_shape(model: &Model, id: ShapeId) -> Self {
        Self::within(model, id, 0)
    }

    /// The type of values of a shape in this many collections.
    fn within(model: &Model, id: ShapeId, depth: usize) -> Self {
        if depth > MAX_COLLECTIONS {
            return Self::Any;
        }
        let inner = |id| Box::new(Self::within(model, id, depth + 1));
        match &model.shapes[id].kind {
            Kind::Simple(simple) => match simple {
                Simple::Boolean => Self::Boolean,
                Simple::Blob | Simple::String => Self::String,
                Simple::Document => Self::Any,
                Simple::BigDecimal
                | Simple::BigInteger
                | Simple::Byte
                | Simple::Double
                | Simple::Float
                | Simple::Integer
                | Simple::Long
                | Simple::Short
                | Simple::Timestamp => Self::Number,
            },
            Kind::Enum(_) => Self::String,
            Kind::IntEnum(_) => Self::Number,
            Kind::List(list) => Self::Array(inner(list.member.target)),
            Kind::Map(map) => Self::Map(inner(map.value.target)),
            Kind::Structure(_) | Kind::Union(_) => Self::Shape(id),
        }
    }

    fn of_node(node: &Node<'_>) -> Self {
        match &node.value {
            Value::Null => Self::Null,
            Value::Boolean(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(items) => {
                let elements = items.iter().map(Self::of_node);
                Self::Array(Box::new(common(elements)))
            }
            Value::Object(object) => {
                let fields = object.iter();
                Self::Object(
                    fields
                        .map(|(key, value)| (key.into(), Self::of_node(value)))
                        .collect(),
                )
            }
        }
    }

    /// The type of values of either type.
    fn or(self, other: &Self) -> Self {
        if self == *other { self } else { Self::Any }
    }

    /// The type in words.
    pub fn phrase(&self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array(_) => "an array",
            Self::Map(_) | Self::Object(_) | Self::Shape(_) => "an object",
            Self::Reference => "an expression after `&`",
        }
    }

    /// Whether values of the type may be an argument.
    fn fits(&self, parameter: Parameter) -> bool {
        let is_object = || matches!(self, Self::Map(_) | Self::Object(_) | Self::Shape(_));
        let is_array_of = |wanted: &Self| match self {
            Self::Array(element) => **element == Self::Any || **element == *wanted,
            _ => false,
        };
        let is_array = || matches!(self, Self::Array(_));
        match parameter {
            Parameter::Reference => *self == Self::Reference,
            _ if *self == Self::Reference => false,
            _ if *self == Self::Any => true,
            Parameter::Any => true,
            Parameter::Number => *self == Self::Number,
            Parameter::String => *self == Self::String,
            Parameter::Array => is_array(),
            Parameter::Object => is_object(),
            Parameter::ArrayOrString => is_array() || *self == Self::String,
            Parameter::ArrayOrStringOrObject => is_array() || is_object() || *self == Self::String,
            Parameter::Numbers => is_array_of(&Self::Number),
            Parameter::Strings => is_array_of(&Self::String),
        }
    }
}

/// The type of values of any of these types.
fn common(types: impl Iterator<Item = Type>) -> Type {
    let common = types.reduce(|one, other| one.or(&other));
    common.unwrap_or(Type::Any)
}

struct Checker<'m> {
    model: &'m Model,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn problem(&mut self, expression: &Expression, is_error: bool, message: String) {
        let problem = Problem {
            is_error,
            message,
            at: expression.start,
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn error(&mut self, expression: &Expression, message: String) {
        self.problem(expression, true, message);
    }

    /// Reports that an operation is applied to a value of another type, so that it has no result.
    fn mismatch(&mut self, expression: &Expression, what: &str, found: &Type) {
        if !matches!(found, Type::Any | Type::Null) {
            let message = format!("{what} is applied to {}", found.phrase());
            self.problem(expression, false, message);
        }
    }

    fn check(&mut self, expression: &Expression, current: &Type) -> Type {
        match &expression.kind {
            Current => current.clone(),
            Field(name) => self.field(expression, name, current),
            Index(index) => match current {
                Type::Array(element) => Type::clone(element),
                other => {
                    self.mismatch(expression, &format!("`[{index}]`"), other);
                    Type::Any
                }
            },
            Slice(_) => match current {
                Type::Array(_) => current.clone(),
                other => {
                    self.mismatch(expression, "a slice", other);
                    Type::Array(Type::Any.into())
                }
            },
            Literal(node) => Type::of_node(node),
            Chain(left, right) => {
                let left = self.check(left, current);
                self.check(right, &left)
            }
            Flatten(inner) => match self.check(inner, current) {
                Type::Array(element) => match *element {
                    Type::Array(inner) => Type::Array(inner),
                    element => Type::Array(element.into()),
                },
                other => {
                    self.mismatch(expression, "`[]`", &other);
                    Type::Array(Type::Any.into())
                }
            },
            Project(projection, left, right) => {
                let left = self.check(left, current);
                let element = self.projected(expression, projection, left);
                if let Projection::Filter(condition) = projection {
                    self.check(condition, &element);
                }
                Type::Array(self.check(right, &element).into())
            }
            And(left, right) | Or(left, right) => {
                let left = self.check(left, current);
                left.or(&self.check(right, current))
            }
            Not(inner) => {
                self.check(inner, current);
                Type::Boolean
            }
            Compare(comparator, left, right) => {
                let sides = [self.check(left, current), self.check(right, current)];
                if !comparator.is_order() {
                    return Type::Boolean;
                }
                let text = format!("`{}`", comparator.text());
                let mut found = Type::Boolean;
                for side in &sides {
                    match side {
                        Type::Number => {}
                        Type::Any => found = Type::Any,
                        other => {
                            self.mismatch(expression, &text, other);
                            return Type::Any;
                        }
                    }
                }
                found
            }
            List(elements) => {
                let elements = elements.iter().map(|it| self.check(it, current));
                let elements = elements.collect::<Vec<_>>().into_iter();
                Type::Array(common(elements).into())
            }
            Object(entries) => {
                let entries = entries.iter();
                let entries = entries.map(|(key, value)| (key.clone(), self.check(value, current)));
                Type::Object(entries.collect())
            }
            Call(function, arguments) => self.call(*function, arguments, current),
            Reference(inner) => {
                // The elements that it is applied to are unknown here.
                self.check(inner, &Type::Any);
                Type::Reference
            }
        }
    }

    fn field(&mut self, expression: &Expression, name: &str, current: &Type) -> Type {
        let model = self.model;
        let (what, names): (_, Vec<&str>) = match current {
            Type::Map(value) => return Type::clone(value),
            Type::Object(fields) => {
                if let Some((_, found)) = fields.iter().find(|(key, _)| **key == *name) {
                    return found.clone();
                }
                let names = fields.iter().map(|(key, _)| &**key);
                ("the object".to_owned(), names.collect())
            }
            Type::Shape(id) => {
                let shape = &model.shapes[*id];
                let mut members = shape.kind.members();
                if let Some(member) = members.clone().find(|member| *member.name == *name) {
                    return Type::of_shape(model, member.target);
                }
                let names = members.by_ref().map(|member| &*member.name);
                (format!("`{}`", shape.name), names.collect())
            }
            other => {
                self.mismatch(expression, &format!("`{name}`"), other);
                return Type::Any;
            }
        };
        let suggestion = did_you_mean(name, names);
        let suggestion = suggestion.map_or_else(String::new, |text| format!(": {text}"));
        let message = format!("{what} has no `{name}`{suggestion}");
        self.problem(expression, false, message);
        Type::Any
    }

    /// The type of the values that a projection selects.
    fn projected(&mut self, expression: &Expression, projection: &Projection, left: Type) -> Type {
        let model = self.model;
        match (projection, left) {
            (Projection::Elements | Projection::Filter(_), Type::Array(element)) => *element,
            (Projection::Values, Type::Map(value)) => *value,
            (Projection::Values, Type::Object(fields)) => {
                let types = fields.into_iter().map(|(_, value)| value);
                common(types)
            }
            (Projection::Values, Type::Shape(id)) => {
                let members = model.shapes[id].kind.members();
                let types = members.map(|member| Type::of_shape(model, member.target));
                common(types)
            }
            (projection, other) => {
                let text = match projection {
                    Projection::Elements => "`[*]`",
                    Projection::Values => "`*`",
                    Projection::Filter(_) => "`[?]`",
                };
                self.mismatch(expression, text, &other);
                Type::Any
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expression], current: &Type) -> Type {
        let mut types = Vec::with_capacity(arguments.len());
        let parameters = function.parameters();
        let last = parameters.last().copied();
        for (index, argument) in arguments.iter().enumerate() {
            let found = self.check(argument, current);
            let parameter = parameters.get(index).copied().or(last);
            let parameter = parameter.unwrap_or(Parameter::Any);
            if !found.fits(parameter) {
                let message = format!(
                    "an argument of `{}` must be {}, but is {}",
                    function.name(),
                    parameter.phrase(),
                    found.phrase()
                );
                self.error(argument, message);
            }
            types.push(found);
        }
        let first = types.into_iter().next().unwrap_or(Type::Any);
        result(function, first)
    }
}

/// The type of the result of a function, by the type of its first argument.
fn result(function: Function, first: Type) -> Type {
    let any = || Box::new(Type::Any);
    match function {
        Function::Abs
        | Function::Avg
        | Function::Ceil
        | Function::Floor
        | Function::Length
        | Function::Sum
        | Function::ToNumber => Type::Number,
        Function::Contains | Function::EndsWith | Function::StartsWith => Type::Boolean,
        Function::Join | Function::ToString | Function::Type => Type::String,
        Function::Keys => Type::Array(Type::String.into()),
        Function::Map => Type::Array(any()),
        Function::Max | Function::MaxBy | Function::Min | Function::MinBy => match first {
            Type::Array(element) => *element,
            _ => Type::Any,
        },
        Function::Merge => Type::Map(any()),
        Function::NotNull => Type::Any,
        Function::Reverse | Function::Sort | Function::SortBy => first,
        Function::ToArray => match first {
            Type::Array(_) => first,
            Type::Any => Type::Array(any()),
            other => Type::Array(other.into()),
        },
        Function::Values => match first {
            Type::Map(value) => Type::Array(value),
            _ => Type::Array(any()),
        },
    }
}
