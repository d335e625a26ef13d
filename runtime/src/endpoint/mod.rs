//! Endpoint rules: how the URL of a request follows from the settings of the client and the input
//! (Smithy 2.0, "Rules engine specification").
//!
//! A generated crate has the rules of its service as one static table, a decision graph.
//! [`Rules::resolve`] follows it.

mod arn;
mod evaluate;
mod function;
mod input;
mod partition;
mod url;
mod value;

#[cfg(test)]
mod tests;

pub use self::evaluate::{EndpointError, ResolvedEndpoint};

/// The endpoint rules of a service: a graph of conditions that leads to results.
#[derive(Debug)]
pub struct Rules {
    /// The parameters. Those with the same index in a list of values belong together.
    pub parameters: &'static [Parameter],
    /// The number of variables that conditions assign.
    pub variables: usize,
    /// The conditions.
    pub conditions: &'static [Condition],
    /// The results.
    pub results: &'static [Outcome],
    /// The nodes: the index of a condition, the target if it matches, and the target otherwise. A
    /// target is the index of a node, which comes before this one, or the complement (`!index`) of
    /// that of a result.
    pub nodes: &'static [[i32; 3]],
    /// The target that evaluation starts from.
    pub root: i32,
    /// The operations that give values to parameters, sorted by name.
    pub operations: &'static [OperationParameters],
    /// Whether the endpoint contains the label that a path starts with, so that the path of the
    /// request does not.
    pub first_label: bool,
}

/// A parameter of endpoint rules.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// The name of the setting of clients that it is, such as `AWS::Region`.
    pub built_in: Option<&'static str>,
    /// Whether it must have a value.
    pub required: bool,
    /// The value if no other is given.
    pub default: Option<Literal>,
}

impl Parameter {
    /// A parameter that need not have a value.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            built_in: None,
            required: false,
            default: None,
        }
    }

    /// Sets the setting of clients that it is.
    #[must_use]
    pub const fn built_in(self, name: &'static str) -> Self {
        Self {
            built_in: Some(name),
            ..self
        }
    }

    /// Requires a value.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// Sets the value if no other is given.
    #[must_use]
    pub const fn default(self, default: Literal) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }
}

/// A value of a parameter in a static table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    String(&'static str),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    Strings(&'static [&'static str]),
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ParameterValue {
    /// A text.
    String(String),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    Strings(Vec<String>),
}

impl From<&Literal> for ParameterValue {
    fn from(literal: &Literal) -> Self {
        match *literal {
            Literal::String(text) => Self::String(text.to_owned()),
            Literal::Boolean(value) => Self::Boolean(value),
            Literal::Strings(texts) => {
                Self::Strings(texts.iter().map(|text| (*text).to_owned()).collect())
            }
        }
    }
}

impl From<&str> for ParameterValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for ParameterValue {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for ParameterValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Vec<String>> for ParameterValue {
    fn from(texts: Vec<String>) -> Self {
        Self::Strings(texts)
    }
}

/// A condition. It matches if its value is neither missing nor false.
#[derive(Debug)]
pub struct Condition {
    /// The value.
    pub value: Expression,
    /// The index of the slot that receives the value.
    pub assign: Option<usize>,
}

impl Condition {
    /// A condition.
    pub const fn new(value: Expression) -> Self {
        Self {
            value,
            assign: None,
        }
    }

    /// A condition whose value a slot receives.
    pub const fn assign(slot: usize, value: Expression) -> Self {
        Self {
            value,
            assign: Some(slot),
        }
    }
}

/// An expression.
#[derive(Debug)]
pub enum Expression {
    /// A text.
    Text(&'static str),
    /// Texts in sequence.
    Template(&'static [Expression]),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i32),
    /// The value of a parameter, or of a variable, which follow the parameters.
    Slot(usize),
    /// An attribute of a value.
    Attribute(&'static Expression, Attribute),
    /// An element of a list. A negative index counts from the end.
    Element(&'static Expression, i32),
    /// The result of a function.
    Call(Function, &'static [Expression]),
}

/// A function (Smithy 2.0, "Rules engine standard library", "AWS rules engine library functions").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `aws.isVirtualHostableS3Bucket`.
    IsVirtualHostableS3Bucket,
    /// `aws.parseArn`.
    ParseArn,
    /// `aws.partition`.
    Partition,
    /// `booleanEquals`.
    BooleanEquals,
    /// `coalesce`.
    Coalesce,
    /// `isSet`.
    IsSet,
    /// `isValidHostLabel`.
    IsValidHostLabel,
    /// `ite`.
    Ite,
    /// `not`.
    Not,
    /// `parseURL`.
    ParseUrl,
    /// `split`.
    Split,
    /// `stringEquals`.
    StringEquals,
    /// `substring`.
    Substring,
    /// `uriEncode`.
    UriEncode,
}

/// An attribute of the result of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// `accountId` of an ARN.
    AccountId,
    /// `authority` of a URL.
    Authority,
    /// `dnsSuffix` of a partition.
    DnsSuffix,
    /// `dualStackDnsSuffix` of a partition.
    DualStackDnsSuffix,
    /// `implicitGlobalRegion` of a partition.
    ImplicitGlobalRegion,
    /// `isIp` of a URL.
    IsIp,
    /// `name` of a partition.
    Name,
    /// `normalizedPath` of a URL.
    NormalizedPath,
    /// `partition` of an ARN.
    Partition,
    /// `path` of a URL.
    Path,
    /// `region` of an ARN.
    Region,
    /// `resourceId` of an ARN.
    ResourceId,
    /// `scheme` of a URL.
    Scheme,
    /// `service` of an ARN.
    Service,
    /// `supportsDualStack` of a partition.
    SupportsDualStack,
    /// `supportsFIPS` of a partition.
    SupportsFips,
}

/// A result.
#[derive(Debug)]
pub enum Outcome {
    /// An endpoint.
    Endpoint {
        /// The URL.
        url: Expression,
        /// Headers of requests.
        headers: &'static [(&'static str, &'static [Expression])],
        /// Properties, such as `authSchemes`.
        properties: &'static [(&'static str, Property)],
    },
    /// An error with a message.
    Error(Expression),
    /// No rule matches.
    NoMatch,
}

/// A value of a property of an endpoint.
#[derive(Debug)]
pub enum Property {
    /// A text or another simple value.
    Value(Expression),
    /// A list.
    List(&'static [Property]),
    /// A map.
    Map(&'static [(&'static str, Property)]),
}

/// The values that an operation gives to parameters.
#[derive(Debug)]
pub struct OperationParameters {
    /// The name of the operation.
    pub operation: &'static str,
    /// The indexes of parameters and their values, the least specific first.
    pub values: &'static [(usize, Source)],
}

impl OperationParameters {
    /// The values that an operation gives to parameters.
    pub const fn new(operation: &'static str, values: &'static [(usize, Source)]) -> Self {
        Self { operation, values }
    }
}

/// The source of a value that an operation gives to a parameter.
#[derive(Debug)]
pub enum Source {
    /// A fixed value.
    Static(Literal),
    /// A value of the input.
    Input(&'static [Step]),
    /// A text of the input with more than spaces.
    Required(&'static [Step]),
    /// A list of values of the input.
    Inputs(&'static [Step]),
}

/// A step from a value to values in it.
#[derive(Debug)]
pub enum Step {
    /// The member of a structure or union with this index.
    Member(usize),
    /// The elements of a list.
    Elements,
    /// The values of a map.
    Values,
    /// The keys of a map.
    Keys,
    /// The values at the end of several ways. It is the last step.
    Select(&'static [&'static [Step]]),
}

impl Rules {
    /// The index of the parameter with a name.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        let mut parameters = self.parameters.iter();
        parameters.position(|parameter| parameter.name == name)
    }

    /// The index of the parameter that is a setting of clients.
    pub fn built_in(&self, name: &str) -> Option<usize> {
        let mut parameters = self.parameters.iter();
        parameters.position(|parameter| parameter.built_in == Some(name))
    }

    /// The values that an operation gives to parameters.
    pub fn operation(&self, name: &str) -> &'static [(usize, Source)] {
        let found = self
            .operations
            .binary_search_by(|parameters| parameters.operation.cmp(name));
        found.map_or(&[], |index| self.operations[index].values)
    }
}
