//! The functions of JMESPath ("Built-in Functions").

use std::cmp::Ordering;

use super::{Expression, InvalidType, order};
use crate::value::{Document, DocumentMap, DocumentNumber};

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `abs`.
    Abs,
    /// `avg`.
    Avg,
    /// `ceil`.
    Ceil,
    /// `contains`.
    Contains,
    /// `ends_with`.
    EndsWith,
    /// `floor`.
    Floor,
    /// `join`.
    Join,
    /// `keys`.
    Keys,
    /// `length`.
    Length,
    /// `map`.
    Map,
    /// `max`.
    Max,
    /// `max_by`.
    MaxBy,
    /// `merge`.
    Merge,
    /// `min`.
    Min,
    /// `min_by`.
    MinBy,
    /// `not_null`.
    NotNull,
    /// `reverse`.
    Reverse,
    /// `sort`.
    Sort,
    /// `sort_by`.
    SortBy,
    /// `starts_with`.
    StartsWith,
    /// `sum`.
    Sum,
    /// `to_array`.
    ToArray,
    /// `to_number`.
    ToNumber,
    /// `to_string`.
    ToString,
    /// `type`.
    Type,
    /// `values`.
    Values,
}

type Computed = Result<Document, InvalidType>;

impl Function {
    /// Calls the function with the values of arguments.
    pub(super) fn call(self, arguments: &[Expression], current: &Document) -> Computed {
        match (self, arguments) {
            (Self::Map, [Expression::Reference(apply), elements]) => {
                let elements = list(elements.evaluate(current)?.into_owned())?;
                let results = keys(apply, &elements)?;
                return Ok(Document::List(results));
            }
            (
                Self::MaxBy | Self::MinBy | Self::SortBy,
                [elements, Expression::Reference(apply)],
            ) => {
                let elements = list(elements.evaluate(current)?.into_owned())?;
                let keys = keys(apply, &elements)?;
                return self.ordered(elements, &keys);
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(argument.evaluate(current)?.into_owned());
        }
        if self == Self::NotNull {
            let first = values.into_iter().find(|value| !value.is_null());
            return Ok(first.unwrap_or_default());
        }
        if self == Self::Merge {
            return merge(values);
        }
        let mut values = values.into_iter();
        let mut next = || values.next().ok_or(InvalidType);
        let first = next()?;
        match self {
            Self::Contains | Self::EndsWith | Self::Join | Self::StartsWith => {
                self.call_with_two(&first, &next()?)
            }
            _ => self.call_with_one(first),
        }
    }

    fn call_with_two(self, first: &Document, second: &Document) -> Computed {
        let is_found = match (self, first, second) {
            (Self::Contains, Document::List(elements), wanted) => elements.contains(wanted),
            (Self::Contains, Document::String(text), Document::String(wanted)) => {
                text.contains(wanted.as_str())
            }
            (Self::Contains, Document::String(_), _) => false,
            (Self::EndsWith, Document::String(text), Document::String(end)) => {
                text.ends_with(end.as_str())
            }
            (Self::StartsWith, Document::String(text), Document::String(start)) => {
                text.starts_with(start.as_str())
            }
            (Self::Join, Document::String(glue), Document::List(elements)) => {
                let texts = elements.iter().map(Document::as_str);
                let texts = texts.collect::<Option<Vec<_>>>().ok_or(InvalidType)?;
                return Ok(Document::String(texts.join(glue)));
            }
            _ => return Err(InvalidType),
        };
        Ok(Document::Bool(is_found))
    }

    fn call_with_one(self, value: Document) -> Computed {
        Ok(match (self, value) {
            (Self::Abs, Document::Number(number)) => match number.as_i64() {
                Some(integer) => integer.unsigned_abs().into(),
                None => float(double(&number)?.abs()),
            },
            (Self::Ceil | Self::Floor, Document::Number(number)) => {
                if number.as_i64().is_some() {
                    return Ok(Document::Number(number));
                }
                let number = double(&number)?;
                float(if self == Self::Ceil {
                    number.ceil()
                } else {
                    number.floor()
                })
            }
            (Self::Sum, Document::List(elements)) => float(sum(&elements)?),
            (Self::Avg, Document::List(elements)) if elements.is_empty() => Document::Null,
            (Self::Avg, Document::List(elements)) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "numbers of JMESPath are doubles"
                )]
                let length = elements.len() as f64;
                float(sum(&elements)? / length)
            }
            (Self::Keys, Document::Map(map)) => map.keys().map(Document::from).collect(),
            (Self::Values, Document::Map(map)) => map.values().cloned().collect(),
            (Self::Length, Document::String(text)) => text.chars().count().into(),
            (Self::Length, Document::List(elements)) => elements.len().into(),
            (Self::Length, Document::Map(map)) => map.len().into(),
            (Self::Max | Self::Min | Self::Sort, Document::List(elements)) => {
                let keys = elements.clone();
                return self.ordered(elements, &keys);
            }
            (Self::Reverse, Document::String(text)) => {
                text.chars().rev().collect::<String>().into()
            }
            (Self::Reverse, Document::List(mut elements)) => {
                elements.reverse();
                Document::List(elements)
            }
            (Self::ToArray, Document::List(elements)) => Document::List(elements),
            (Self::ToArray, value) => Document::List(vec![value]),
            (Self::ToString, Document::String(text)) => Document::String(text),
            (Self::ToString, value) => value.to_string().into(),
            (Self::ToNumber, Document::Number(number)) => Document::Number(number),
            (Self::ToNumber, Document::String(text)) => {
                text.parse().map_or(Document::Null, Document::Number)
            }
            (Self::ToNumber, _) => Document::Null,
            (Self::Type, value) => type_name(&value).into(),
            _ => return Err(InvalidType),
        })
    }

    /// The least or the greatest element, or all in their order. The order is that of the keys of
    /// the elements, which are all numbers or all strings.
    fn ordered(self, elements: Vec<Document>, keys: &[Document]) -> Computed {
        let is_number = |key: &Document| key.as_number().is_some();
        let is_string = |key: &Document| key.as_str().is_some();
        if !keys.iter().all(is_number) && !keys.iter().all(is_string) {
            return Err(InvalidType);
        }
        let mut pairs = keys.iter().zip(elements).collect::<Vec<_>>();
        // The sort is stable: of equal elements, the first one is the least and the greatest.
        pairs.sort_by(|(one, _), (other, _)| {
            let order = compare(one, other);
            if self == Self::Max || self == Self::MaxBy {
                order.reverse()
            } else {
                order
            }
        });
        let mut elements = pairs.into_iter().map(|(_, element)| element);
        Ok(match self {
            Self::Sort | Self::SortBy => elements.collect(),
            _ => elements.next().unwrap_or_default(),
        })
    }
}

/// The values of an expression for each element.
fn keys(apply: &Expression, elements: &[Document]) -> Result<Vec<Document>, InvalidType> {
    let mut keys = Vec::with_capacity(elements.len());
    for element in elements {
        keys.push(apply.evaluate(element)?.into_owned());
    }
    Ok(keys)
}

/// The order of two numbers or two strings.
fn compare(one: &Document, other: &Document) -> Ordering {
    match (one, other) {
        (Document::Number(one), Document::Number(other)) => {
            order(one, other).unwrap_or(Ordering::Equal)
        }
        (one, other) => one.as_str().cmp(&other.as_str()),
    }
}

fn merge(objects: Vec<Document>) -> Computed {
    let mut all = DocumentMap::new();
    for object in objects {
        let Document::Map(map) = object else {
            return Err(InvalidType);
        };
        all.extend(map);
    }
    Ok(Document::Map(all))
}

fn list(value: Document) -> Result<Vec<Document>, InvalidType> {
    match value {
        Document::List(elements) => Ok(elements),
        _ => Err(InvalidType),
    }
}

fn sum(elements: &[Document]) -> Result<f64, InvalidType> {
    let mut sum = 0.0;
    for element in elements {
        sum += double(element.as_number().ok_or(InvalidType)?)?;
    }
    Ok(sum)
}

fn double(number: &DocumentNumber) -> Result<f64, InvalidType> {
    number.as_f64().ok_or(InvalidType)
}

/// A number; null if it is not finite.
fn float(value: f64) -> Document {
    DocumentNumber::from_f64(value).map_or(Document::Null, Document::Number)
}

fn type_name(value: &Document) -> &'static str {
    match value {
        Document::Null => "null",
        Document::Bool(_) => "boolean",
        Document::Number(_) => "number",
        Document::String(_) => "string",
        Document::List(_) => "array",
        Document::Map(_) => "object",
    }
}
