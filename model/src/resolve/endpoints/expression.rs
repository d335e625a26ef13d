//! Expressions of endpoint rules and their types.

use super::super::part::ValuePart;
use super::Reader;
use crate::model::{RuleAttribute, RuleExpression, RuleFunction, RuleParameterKind};
use crate::node::Value;

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    String,
    Boolean,
    Integer,
    Strings,
    Url,
    Partition,
    Arn,
}

impl Type {
    fn phrase(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Integer => "a whole number",
            Self::Strings => "a list of strings",
            Self::Url => "a URL",
            Self::Partition => "a partition",
            Self::Arn => "an ARN",
        }
    }

    /// The type of an attribute of a value of this type.
    fn attribute(self, attribute: RuleAttribute) -> Option<Self> {
        use RuleAttribute as A;
        match (self, attribute) {
            (Self::Url, A::Scheme | A::Authority | A::Path | A::NormalizedPath)
            | (
                Self::Partition,
                A::Name | A::DnsSuffix | A::DualStackDnsSuffix | A::ImplicitGlobalRegion,
            )
            | (Self::Arn, A::Partition | A::Service | A::Region | A::AccountId) => {
                Some(Self::String)
            }
            (Self::Url, A::IsIp) | (Self::Partition, A::SupportsDualStack | A::SupportsFips) => {
                Some(Self::Boolean)
            }
            (Self::Arn, A::ResourceId) => Some(Self::Strings),
            _ => None,
        }
    }
}

impl From<RuleParameterKind> for Type {
    fn from(kind: RuleParameterKind) -> Self {
        match kind {
            RuleParameterKind::String => Self::String,
            RuleParameterKind::Boolean => Self::Boolean,
            RuleParameterKind::Strings => Self::Strings,
        }
    }
}

/// An expression with its type.
pub(super) struct Typed {
    pub(super) expression: RuleExpression,
    pub(super) ty: Type,
    /// Whether the value may be missing.
    pub(super) optional: bool,
}

impl Typed {
    fn present(expression: RuleExpression, ty: Type) -> Self {
        Self {
            expression,
            ty,
            optional: false,
        }
    }
}

/// What is known where an expression is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The variables, with the types of their values.
    pub(super) variables: Vec<(usize, Type)>,
    /// The parameters that have a value.
    pub(super) present: Vec<usize>,
    /// Whether anything may be missing. A decision diagram has no order in which its conditions
    /// could be followed.
    pub(super) unordered: bool,
}

impl Reader<'_> {
    /// An expression; `None` if it was reported.
    pub(super) fn expression(&mut self, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<Typed> {
        match &part.value().value {
            Value::String(text) => self.template(text, part, scope),
            Value::Boolean(value) => {
                let expression = RuleExpression::Boolean(*value);
                Some(Typed::present(expression, Type::Boolean))
            }
            Value::Number(number) => {
                let value = number.as_i64().and_then(|value| i32::try_from(value).ok());
                if value.is_none() {
                    part.malformed("a 32-bit whole number", self.report);
                }
                Some(Typed::present(
                    RuleExpression::Integer(value?),
                    Type::Integer,
                ))
            }
            Value::Object(object) if object.get("ref").is_some() => {
                let name = part.required_string("ref", self.report)?;
                self.reference(&name, part, scope)
            }
            Value::Object(object) if object.get("fn").is_some() => self.call(part, scope),
            _ => {
                let expected = "a string, a boolean, a number, or an object with `ref` or `fn`";
                part.malformed(expected, self.report);
                None
            }
        }
    }

    /// An expression whose value is present and has a type.
    pub(super) fn expect(
        &mut self,
        part: &ValuePart<'_, '_>,
        scope: &Scope,
        ty: Type,
    ) -> Option<RuleExpression> {
        let typed = self.expression(part, scope)?;
        self.check(typed, part, scope, ty)
    }

    fn check(
        &mut self,
        typed: Typed,
        part: &ValuePart<'_, '_>,
        scope: &Scope,
        ty: Type,
    ) -> Option<RuleExpression> {
        if typed.ty != ty {
            let message = format!(
                "a rule needs {} here, but the value is {}",
                ty.phrase(),
                typed.ty.phrase()
            );
            self.invalid(message, part, None);
            return None;
        }
        self.check_present(&typed, part, scope)?;
        Some(typed.expression)
    }

    fn check_present(
        &mut self,
        typed: &Typed,
        part: &ValuePart<'_, '_>,
        scope: &Scope,
    ) -> Option<()> {
        if typed.optional && !scope.unordered {
            let message = "a rule uses a value that may be missing";
            let help = "check it with `isSet` first, or assign it in a condition of its own";
            self.invalid(message, part, Some(help.to_owned()));
            return None;
        }
        Some(())
    }

    /// A parameter or variable.
    fn reference(&mut self, name: &str, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<Typed> {
        if let Some(index) = self.parameter(name) {
            let parameter = &mut self.rules.parameters[index];
            parameter.used = true;
            return Some(Typed {
                expression: RuleExpression::Parameter(index),
                ty: parameter.kind.into(),
                optional: !parameter.required && !scope.present.contains(&index),
            });
        }
        let mut variables = scope.variables.iter();
        let found = variables.find(|(index, _)| *self.rules.variables[*index] == *name);
        if let Some((index, ty)) = found {
            return Some(Typed::present(RuleExpression::Variable(*index), *ty));
        }
        let parameters = self.rules.parameters.iter().map(|it| &*it.name);
        let variables = scope.variables.iter();
        let variables = variables.map(|(index, _)| &*self.rules.variables[*index]);
        let help = crate::did_you_mean(name, parameters.chain(variables));
        let message = format!("`{name}` is neither a parameter nor a variable of the rule");
        self.invalid(message, part, help);
        None
    }

    /// A string with `{parameter}` or `{variable#attribute}` in it; double braces are braces.
    fn template(&mut self, text: &str, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<Typed> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(index) = rest.find(['{', '}']) {
            literal.push_str(&rest[..index]);
            let after = &rest[index + 1..];
            let brace = &rest[index..=index];
            if let Some(after) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let Some((inner, after)) = after.split_once('}').filter(|_| brace == "{") else {
                let message = format!("a template has a `{brace}` without its counterpart");
                let help = format!("double it to keep it: `{brace}{brace}`");
                self.invalid(message, part, Some(help));
                return None;
            };
            if !literal.is_empty() {
                parts.push(RuleExpression::String(std::mem::take(&mut literal).into()));
            }
            let value = match inner.split_once('#') {
                None => self.reference(inner, part, scope)?,
                Some((name, path)) => {
                    let value = self.reference(name, part, scope)?;
                    self.attribute(value, path, part, scope)?
                }
            };
            parts.push(self.check(value, part, scope, Type::String)?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(RuleExpression::String(literal.into()));
        }
        let expression = match parts.len() {
            0 => RuleExpression::String("".into()),
            1 => parts.remove(0),
            _ => RuleExpression::Template(parts),
        };
        Some(Typed::present(expression, Type::String))
    }

    /// The value at a path of `getAttr`, such as `resourceId[0]`.
    fn attribute(
        &mut self,
        value: Typed,
        path: &str,
        part: &ValuePart<'_, '_>,
        scope: &Scope,
    ) -> Option<Typed> {
        self.check_present(&value, part, scope)?;
        let mut value = value;
        for step in path.split('.') {
            let (key, index) = match step.split_once('[') {
                Some((key, index)) => (key, Some(index)),
                None => (step, None),
            };
            if !key.is_empty() || index.is_none() {
                let attribute = RuleAttribute::find(key);
                let found = attribute.and_then(|it| Some((it, value.ty.attribute(it)?)));
                let Some((attribute, ty)) = found.filter(|_| !value.optional) else {
                    let message = format!("{} has no attribute `{key}`", value.ty.phrase());
                    let known = RuleAttribute::ALL.iter();
                    let known = known.filter(|it| value.ty.attribute(**it).is_some());
                    let help = crate::did_you_mean(key, known.map(|it| it.name()));
                    self.invalid(message, part, help);
                    return None;
                };
                let of = Box::new(value.expression);
                value = Typed::present(RuleExpression::Attribute(of, attribute), ty);
            }
            if let Some(index) = index {
                let index = index.strip_suffix(']');
                let index = index.and_then(|index| index.parse::<i32>().ok());
                let Some(index) = index.filter(|_| value.ty == Type::Strings) else {
                    let message = if value.ty == Type::Strings {
                        format!("the index in `{path}` is not a number in brackets")
                    } else {
                        format!(
                            "the index in `{path}` needs a list, but follows {}",
                            value.ty.phrase()
                        )
                    };
                    let help = "write an index after a list, as in `resourceId[0]`";
                    self.invalid(message, part, Some(help.to_owned()));
                    return None;
                };
                value = Typed {
                    expression: RuleExpression::Element(Box::new(value.expression), index),
                    ty: Type::String,
                    optional: true,
                };
            }
        }
        Some(value)
    }

    /// The call of a function.
    pub(super) fn call(&mut self, part: &ValuePart<'_, '_>, scope: &Scope) -> Option<Typed> {
        let name = part.required_string("fn", self.report)?;
        let Some(arguments) = part.get("argv") else {
            part.missing("argv", "the arguments of the function", self.report);
            return None;
        };
        let arguments = arguments.items(self.report)?;
        if &*name == "getAttr" {
            let [value, path] = &arguments[..] else {
                self.wrong_count("getAttr", "2 arguments", part);
                return None;
            };
            let value = self.expression(value, scope)?;
            let Some(text) = path.text() else {
                path.malformed("a string", self.report);
                return None;
            };
            return self.attribute(value, text, path, scope);
        }
        let Some(function) = RuleFunction::find(&name) else {
            let known = RuleFunction::ALL.iter().map(|function| function.name());
            let help = crate::did_you_mean(&name, known.chain(["getAttr"]));
            let help = help.unwrap_or_else(|| {
                "the functions are those of Smithy's standard library and of AWS".to_owned()
            });
            let message = format!("there is no function `{name}`");
            self.invalid(message, part, Some(help));
            return None;
        };
        self.function(function, part, &arguments, scope)
    }

    fn function(
        &mut self,
        function: RuleFunction,
        part: &ValuePart<'_, '_>,
        arguments: &[ValuePart<'_, '_>],
        scope: &Scope,
    ) -> Option<Typed> {
        use RuleFunction as F;
        use Type::{Boolean, Integer, String};
        let (parameters, ty, optional): (&[Type], Type, bool) = match function {
            F::Coalesce | F::Ite => return self.choice(function, part, arguments, scope),
            F::IsSet => {
                let [argument] = arguments else {
                    self.wrong_count(function.name(), "1 argument", part);
                    return None;
                };
                let value = self.expression(argument, scope)?;
                let expression = RuleExpression::Call(function, vec![value.expression]);
                return Some(Typed::present(expression, Boolean));
            }
            F::IsVirtualHostableS3Bucket | F::IsValidHostLabel => {
                (&[String, Boolean], Boolean, false)
            }
            F::ParseArn => (&[String], Type::Arn, true),
            F::Partition => (&[String], Type::Partition, true),
            F::BooleanEquals => (&[Boolean, Boolean], Boolean, false),
            F::Not => (&[Boolean], Boolean, false),
            F::ParseUrl => (&[String], Type::Url, true),
            F::Split => (&[String, String, Integer], Type::Strings, false),
            F::StringEquals => (&[String, String], Boolean, false),
            F::Substring => (&[String, Integer, Integer, Boolean], String, true),
            F::UriEncode => (&[String], String, false),
        };
        if arguments.len() != parameters.len() {
            let plural = if parameters.len() == 1 { "" } else { "s" };
            let count = format!("{} argument{plural}", parameters.len());
            self.wrong_count(function.name(), &count, part);
            return None;
        }
        let mut values = Vec::with_capacity(arguments.len());
        for (argument, ty) in arguments.iter().zip(parameters) {
            values.push(self.expect(argument, scope, *ty)?);
        }
        Some(Typed {
            expression: RuleExpression::Call(function, values),
            ty,
            optional,
        })
    }

    /// `coalesce(..)` or `ite(condition, then, else)`, whose values have one type.
    fn choice(
        &mut self,
        function: RuleFunction,
        part: &ValuePart<'_, '_>,
        arguments: &[ValuePart<'_, '_>],
        scope: &Scope,
    ) -> Option<Typed> {
        let is_coalesce = function == RuleFunction::Coalesce;
        let mut values = Vec::with_capacity(arguments.len());
        let choices = match arguments {
            [condition, choices @ ..] if !is_coalesce && choices.len() == 2 => {
                values.push(self.expect(condition, scope, Type::Boolean)?);
                choices
            }
            choices if is_coalesce && choices.len() >= 2 => choices,
            _ => {
                let count = if is_coalesce { "2 or more" } else { "3" };
                self.wrong_count(function.name(), &format!("{count} arguments"), part);
                return None;
            }
        };
        let mut optional = Vec::with_capacity(choices.len());
        let mut ty = None;
        for choice in choices {
            let mut value = self.expression(choice, scope)?;
            let ty = *ty.get_or_insert(value.ty);
            optional.push(std::mem::take(&mut value.optional));
            values.push(self.check(value, choice, scope, ty)?);
        }
        Some(Typed {
            expression: RuleExpression::Call(function, values),
            ty: ty?,
            optional: if is_coalesce {
                optional.iter().all(|optional| *optional)
            } else {
                optional.iter().any(|optional| *optional)
            },
        })
    }

    fn wrong_count(&mut self, function: &str, count: &str, part: &ValuePart<'_, '_>) {
        self.invalid(format!("`{function}` takes {count}"), part, None);
    }
}
