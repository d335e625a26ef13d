//! The evaluation of JMESPath expressions (<https://jmespath.org/specification.html>), which
//! generated code has as static trees.

mod function;
mod view;

use std::borrow::Cow;
use std::cmp::Ordering;

pub use self::function::Function;
pub(crate) use self::view::{Sensitive, document};
use crate::value::{Document, DocumentMap, DocumentNumber};

/// An expression.
#[derive(Debug)]
pub enum Expression {
    /// The current value.
    Current,
    /// A member of an object.
    Field(&'static str),
    /// An element of an array, counted from the end if the index is negative.
    Index(i64),
    /// The elements of an array from `start` to `end`, in steps; as in Python.
    Slice {
        /// The first index.
        start: Option<i64>,
        /// The index after the last one.
        end: Option<i64>,
        /// The distance between two indexes; not zero.
        step: i64,
    },
    /// A literal that is null.
    Null,
    /// A literal that is true or false.
    Boolean(bool),
    /// A literal that is an integer.
    Integer(i64),
    /// A literal that is a string.
    Text(&'static str),
    /// Any other literal: JSON text, which is parsed wherever the expression is evaluated.
    Literal(&'static str),
    /// The second expression, applied to the value of the first one.
    Chain(&'static Self, &'static Self),
    /// The elements of an array, with those of inner arrays in their place.
    Flatten(&'static Self),
    /// The second expression, applied to each element of the array that the first one selects.
    Elements(&'static Self, &'static Self),
    /// The second expression, applied to each value of the object that the first one selects.
    Values(&'static Self, &'static Self),
    /// The third expression, applied to each element of the array that the first one selects for
    /// which the second one is true.
    Filter(&'static Self, &'static Self, &'static Self),
    /// The first value that is false, or the last one.
    And(&'static Self, &'static Self),
    /// The first value that is true, or the last one.
    Or(&'static Self, &'static Self),
    /// Whether the value is false.
    Not(&'static Self),
    /// A comparison.
    Compare(Comparator, &'static Self, &'static Self),
    /// An array of the values.
    List(&'static [Self]),
    /// An object of the values.
    Object(&'static [(&'static str, Self)]),
    /// A call of a function, with as many arguments as it needs.
    Call(Function, &'static [Self]),
    /// An argument that a function applies to each element.
    Reference(&'static Self),
}

/// A comparison. Only numbers have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// An argument of a function has the wrong type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidType;

type Evaluated<'d> = Result<Cow<'d, Document>, InvalidType>;

const NULL: Cow<'static, Document> = Cow::Owned(Document::Null);

impl Expression {
    /// The value of the expression for a current value.
    ///
    /// # Errors
    ///
    /// If an argument of a function has the wrong type.
    pub fn evaluate<'d>(&self, current: &'d Document) -> Evaluated<'d> {
        Ok(match self {
            Self::Current => Cow::Borrowed(current),
            Self::Field(name) => found(current.get(name)),
            Self::Index(index) => {
                let elements = current.as_list().map_or(&[][..], Vec::as_slice);
                let index = position(*index, elements.len());
                found(index.and_then(|index| elements.get(index)))
            }
            Self::Slice { start, end, step } => match current.as_list() {
                None => NULL,
                Some(elements) => {
                    let indexes = slice(elements.len(), *start, *end, *step);
                    let elements = indexes.map(|index| elements[index].clone());
                    Cow::Owned(Document::List(elements.collect()))
                }
            },
            Self::Null => NULL,
            Self::Boolean(value) => boolean(*value),
            Self::Integer(value) => Cow::Owned((*value).into()),
            Self::Text(text) => Cow::Owned((*text).into()),
            Self::Literal(json) => Cow::Owned(json.parse().unwrap_or_default()),
            Self::Chain(left, right) => match left.evaluate(current)? {
                Cow::Borrowed(value) => right.evaluate(value)?,
                Cow::Owned(value) => Cow::Owned(right.evaluate(&value)?.into_owned()),
            },
            Self::Flatten(inner) => match inner.evaluate(current)?.into_owned() {
                Document::List(elements) => Cow::Owned(flattened(elements)),
                _ => NULL,
            },
            Self::Elements(left, right) => match &*left.evaluate(current)? {
                Document::List(elements) => right.project(elements)?,
                _ => NULL,
            },
            Self::Values(left, right) => match &*left.evaluate(current)? {
                Document::Map(map) => right.project(map.values())?,
                _ => NULL,
            },
            Self::Filter(left, condition, right) => match &*left.evaluate(current)? {
                Document::List(elements) => {
                    let mut selected = Vec::new();
                    for element in elements {
                        if is_true(&*condition.evaluate(element)?) {
                            selected.push(element);
                        }
                    }
                    right.project(selected)?
                }
                _ => NULL,
            },
            Self::And(left, right) => match left.evaluate(current)? {
                left if is_true(&left) => right.evaluate(current)?,
                left => left,
            },
            Self::Or(left, right) => match left.evaluate(current)? {
                left if is_true(&left) => left,
                _ => right.evaluate(current)?,
            },
            Self::Not(inner) => boolean(!is_true(&*inner.evaluate(current)?)),
            Self::Compare(comparator, left, right) => {
                comparator.compare(&*left.evaluate(current)?, &*right.evaluate(current)?)
            }
            Self::List(_) | Self::Object(_) if current.is_null() => NULL,
            Self::List(elements) => {
                let elements = elements.iter();
                let elements = elements.map(|it| it.evaluate(current).map(Cow::into_owned));
                Cow::Owned(Document::List(elements.collect::<Result<_, _>>()?))
            }
            Self::Object(entries) => {
                let mut map = DocumentMap::new();
                for (key, value) in *entries {
                    map.insert(*key, value.evaluate(current)?.into_owned());
                }
                Cow::Owned(Document::Map(map))
            }
            Self::Call(function, arguments) => Cow::Owned(function.call(arguments, current)?),
            Self::Reference(_) => return Err(InvalidType),
        })
    }

    /// The values of the expression for each of some values, without nulls.
    fn project<'d>(
        &self,
        values: impl IntoIterator<Item = &'d Document>,
    ) -> Result<Cow<'static, Document>, InvalidType> {
        let mut results = Vec::new();
        for value in values {
            let result = self.evaluate(value)?;
            if !result.is_null() {
                results.push(result.into_owned());
            }
        }
        Ok(Cow::Owned(Document::List(results)))
    }
}

impl Comparator {
    fn compare(self, left: &Document, right: &Document) -> Cow<'static, Document> {
        match self {
            Self::Equal => return boolean(left == right),
            Self::NotEqual => return boolean(left != right),
            _ => {}
        }
        let (Document::Number(left), Document::Number(right)) = (left, right) else {
            return NULL;
        };
        let Some(order) = order(left, right) else {
            return NULL;
        };
        boolean(match self {
            Self::Equal | Self::NotEqual => false,
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        })
    }
}

/// The order of numbers; `None` if one is beyond the greatest double.
fn order(left: &DocumentNumber, right: &DocumentNumber) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn found(value: Option<&Document>) -> Cow<'_, Document> {
    value.map_or(NULL, Cow::Borrowed)
}

fn boolean(value: bool) -> Cow<'static, Document> {
    Cow::Owned(Document::Bool(value))
}

/// Null, false and what is empty are false.
fn is_true(value: &Document) -> bool {
    match value {
        Document::Null => false,
        Document::Bool(value) => *value,
        Document::String(text) => !text.is_empty(),
        Document::List(elements) => !elements.is_empty(),
        Document::Map(map) => !map.is_empty(),
        Document::Number(_) => true,
    }
}

fn flattened(elements: Vec<Document>) -> Document {
    let mut all = Vec::with_capacity(elements.len());
    for element in elements {
        match element {
            Document::List(inner) => all.extend(inner),
            other => all.push(other),
        }
    }
    Document::List(all)
}

/// The position of an index in an array of this length; `None` if it is before the first element.
fn position(index: i64, length: usize) -> Option<usize> {
    if index < 0 {
        length.checked_sub(index.unsigned_abs().try_into().ok()?)
    } else {
        index.try_into().ok()
    }
}

/// The indexes of a slice of an array of this length.
fn slice(
    length: usize,
    start: Option<i64>,
    end: Option<i64>,
    step: i64,
) -> impl Iterator<Item = usize> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let is_backward = step < 0;
    // The bounds that a slice can have, and those that it has if it states none.
    let range = if is_backward {
        -1..=length - 1
    } else {
        0..=length
    };
    let (low, high) = (*range.start(), *range.end());
    let defaults = if is_backward {
        (high, low)
    } else {
        (low, high)
    };
    let bound = |bound: Option<i64>, default: i64| match bound {
        None => default,
        Some(bound) if bound < 0 => bound.saturating_add(length).clamp(low, high),
        Some(bound) => bound.clamp(low, high),
    };
    let (start, end) = (bound(start, defaults.0), bound(end, defaults.1));
    let next = move |index: &i64| index.checked_add(step);
    std::iter::successors(Some(start), next)
        .take_while(move |index| {
            if is_backward {
                *index > end
            } else {
                *index < end
            }
        })
        .filter_map(|index| usize::try_from(index).ok())
}
