//! Follows endpoint rules to their result.

use std::borrow::Cow;
use std::fmt;

use super::arn::Arn;
use super::partition::Partition;
use super::url::Url;
use super::value::{Text, Value};
use super::{Condition, Expression, Function, Outcome, ParameterValue, Property, Rules, function};
use crate::value::{Document, DocumentMap};

/// An endpoint that rules lead to.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedEndpoint {
    /// The URL.
    pub url: String,
    /// Headers of requests, with their values.
    pub headers: Vec<(&'static str, Vec<String>)>,
    /// Properties, such as `authSchemes`.
    pub properties: DocumentMap,
}

/// The error of rules that lead to no endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointError {
    /// A parameter has no value.
    Missing {
        /// The name of the parameter.
        parameter: &'static str,
    },
    /// The rules reject the values of the parameters, for this reason.
    Rejected(String),
    /// No rule matches the values of the parameters.
    NoMatch,
    /// The rules use a value that is missing.
    Invalid,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { parameter } => write!(
                f,
                "the endpoint depends on `{parameter}`, which is not set: set it in the builder of \
                 the client or in the input"
            ),
            Self::Rejected(message) => f.write_str(message),
            Self::NoMatch => f.write_str(
                "no endpoint rule of the service matches the settings of the client and the input",
            ),
            Self::Invalid => f.write_str("the endpoint rules of the service use a missing value"),
        }
    }
}

impl std::error::Error for EndpointError {}

impl Rules {
    /// The values of the parameters before any is set: their defaults.
    pub fn defaults(&self) -> Vec<Option<ParameterValue>> {
        let parameters = self.parameters.iter();
        parameters
            .map(|parameter| parameter.default.as_ref().map(ParameterValue::from))
            .collect()
    }

    /// The endpoint for values of the parameters, in the order of the parameters.
    ///
    /// # Errors
    ///
    /// If a required parameter has no value, or the rules reject the values.
    pub fn resolve(
        &'static self,
        values: &[Option<ParameterValue>],
    ) -> Result<ResolvedEndpoint, EndpointError> {
        let mut slots = Vec::with_capacity(self.parameters.len() + self.variables);
        for (index, parameter) in self.parameters.iter().enumerate() {
            let value = values.get(index).and_then(Option::as_ref);
            if value.is_none() && parameter.required {
                return Err(EndpointError::Missing {
                    parameter: parameter.name,
                });
            }
            slots.push(value.map(Value::of));
        }
        slots.resize(self.parameters.len() + self.variables, None);
        let mut evaluation = Evaluation { slots };
        match self.outcome(&mut evaluation) {
            None | Some(Outcome::NoMatch) => Err(EndpointError::NoMatch),
            Some(Outcome::Error(message)) => {
                let message = evaluation.text(message).ok_or(EndpointError::Invalid)?;
                Err(EndpointError::Rejected(message.into_owned()))
            }
            Some(Outcome::Endpoint {
                url,
                headers,
                properties,
            }) => evaluation
                .endpoint(url, headers, properties)
                .ok_or(EndpointError::Invalid),
        }
    }

    /// Follows the graph to its result.
    fn outcome(&'static self, evaluation: &mut Evaluation<'_>) -> Option<&'static Outcome> {
        let mut target = self.root;
        while let Ok(index) = usize::try_from(target) {
            let [condition, matched, otherwise] = *self.nodes.get(index)?;
            let condition = self.conditions.get(usize::try_from(condition).ok()?)?;
            target = if evaluation.matches(condition) {
                matched
            } else {
                otherwise
            };
        }
        self.results.get(usize::try_from(!target).ok()?)
    }
}

/// The values of parameters and variables.
struct Evaluation<'v> {
    slots: Vec<Option<Value<'v>>>,
}

impl<'v> Evaluation<'v> {
    fn matches(&mut self, condition: &'static Condition) -> bool {
        let Some(slot) = condition.assign else {
            let value = self.value(&condition.value);
            return value.is_some_and(|value| *value != Value::Boolean(false));
        };
        let value = self.value(&condition.value).map(Cow::into_owned);
        let matches = value
            .as_ref()
            .is_some_and(|value| *value != Value::Boolean(false));
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = value;
        }
        matches
    }

    fn value(&self, expression: &'static Expression) -> Option<Cow<'_, Value<'v>>> {
        Some(Cow::Owned(match expression {
            Expression::Text(text) => Value::String(Cow::Borrowed(text)),
            Expression::Template(parts) => Value::String(self.template(parts)?.into()),
            Expression::Boolean(value) => Value::Boolean(*value),
            Expression::Integer(value) => Value::Integer(*value),
            Expression::Slot(index) => {
                return self.slots.get(*index)?.as_ref().map(Cow::Borrowed);
            }
            Expression::Attribute(value, attribute) => self.value(value)?.attribute(*attribute)?,
            Expression::Element(list, index) => Value::String(self.element(list, *index)?),
            Expression::Call(function, arguments) => return self.call(*function, arguments),
        }))
    }

    fn template(&self, parts: &'static [Expression]) -> Option<String> {
        let mut text = String::with_capacity(64);
        for part in parts {
            text.push_str(&self.text(part)?);
        }
        Some(text)
    }

    fn element(&self, list: &'static Expression, index: i32) -> Option<Text<'v>> {
        let list = self.value(list)?;
        let Value::Strings(texts) = &*list else {
            return None;
        };
        let distance = usize::try_from(index.unsigned_abs()).ok()?;
        let index = if index < 0 {
            texts.len().checked_sub(distance)?
        } else {
            distance
        };
        texts.get(index).cloned()
    }

    fn text(&self, expression: &'static Expression) -> Option<Text<'v>> {
        if let Expression::Text(text) = expression {
            return Some(Cow::Borrowed(text));
        }
        match self.value(expression)? {
            Cow::Borrowed(Value::String(text)) => Some(text.clone()),
            Cow::Owned(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    fn boolean(&self, expression: &'static Expression) -> Option<bool> {
        match *self.value(expression)? {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }

    fn integer(&self, expression: &'static Expression) -> Option<i32> {
        match *self.value(expression)? {
            Value::Integer(value) => Some(value),
            _ => None,
        }
    }

    fn call(
        &self,
        function: Function,
        arguments: &'static [Expression],
    ) -> Option<Cow<'_, Value<'v>>> {
        use Function as F;
        let boolean = |value| Some(Cow::Owned(Value::Boolean(value)));
        let string = |value| Some(Cow::Owned(Value::String(value)));
        match (function, arguments) {
            (F::IsSet, [value]) => boolean(self.value(value).is_some()),
            (F::Not, [value]) => boolean(!self.boolean(value)?),
            (F::BooleanEquals, [one, other]) => boolean(self.boolean(one)? == self.boolean(other)?),
            (F::StringEquals, [one, other]) => boolean(self.text(one)? == self.text(other)?),
            (F::IsValidHostLabel, [text, several]) => boolean(function::is_valid_host_label(
                &self.text(text)?,
                self.boolean(several)?,
            )),
            (F::IsVirtualHostableS3Bucket, [text, several]) => boolean(
                function::is_virtual_hostable_s3_bucket(&self.text(text)?, self.boolean(several)?),
            ),
            (F::Coalesce, values) => values.iter().find_map(|value| self.value(value)),
            (F::Ite, [condition, then, otherwise]) => self.value(if self.boolean(condition)? {
                then
            } else {
                otherwise
            }),
            (F::ParseUrl, [text]) => Some(Cow::Owned(Value::Url(Url::parse(&self.text(text)?)?))),
            (F::ParseArn, [text]) => Some(Cow::Owned(Value::Arn(Arn::parse(&self.text(text)?)?))),
            (F::Partition, [region]) => {
                let partition = Partition::of(&self.text(region)?);
                Some(Cow::Owned(Value::Partition(partition)))
            }
            (F::Split, [text, delimiter, limit]) => {
                let parts = function::split(
                    &self.text(text)?,
                    &self.text(delimiter)?,
                    self.integer(limit)?,
                );
                Some(Cow::Owned(Value::Strings(parts)))
            }
            (F::Substring, [text, start, end, reversed]) => string(function::substring(
                &self.text(text)?,
                self.integer(start)?,
                self.integer(end)?,
                self.boolean(reversed)?,
            )?),
            (F::UriEncode, [text]) => string(function::uri_encode(&self.text(text)?)),
            _ => None,
        }
    }

    fn endpoint(
        &self,
        url: &'static Expression,
        headers: &[(&'static str, &'static [Expression])],
        properties: &'static [(&'static str, Property)],
    ) -> Option<ResolvedEndpoint> {
        let values = |values: &'static [Expression]| {
            let texts = values
                .iter()
                .map(|value| Some(self.text(value)?.into_owned()));
            texts.collect::<Option<Vec<_>>>()
        };
        let headers = headers
            .iter()
            .map(|(name, list)| Some((*name, values(list)?)));
        Some(ResolvedEndpoint {
            url: self.text(url)?.into_owned(),
            headers: headers.collect::<Option<_>>()?,
            properties: self.properties(properties)?,
        })
    }

    fn properties(&self, entries: &'static [(&'static str, Property)]) -> Option<DocumentMap> {
        let entries = entries.iter();
        let entries =
            entries.map(|(name, value)| Some(((*name).to_owned(), self.property(value)?)));
        entries.collect()
    }

    fn property(&self, property: &'static Property) -> Option<Document> {
        Some(match property {
            Property::Value(expression) => match self.value(expression)?.into_owned() {
                Value::String(text) => Document::String(text.into_owned()),
                Value::Boolean(value) => Document::from(value),
                Value::Integer(value) => Document::from(value),
                _ => return None,
            },
            Property::List(items) => {
                let items = items.iter().map(|item| self.property(item));
                Document::List(items.collect::<Option<_>>()?)
            }
            Property::Map(entries) => self.properties(entries)?.into(),
        })
    }
}
