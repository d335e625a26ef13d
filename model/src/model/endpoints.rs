//! The endpoint rules of a service (Smithy 2.0, "Rules engine specification").

use crate::node::Node;
use crate::source::Location;

/// How the endpoint of a request is found: `smithy.rules#endpointRuleSet` or `endpointBdd`.
///
/// Both are decision graphs. A node has a condition and leads to one of two other nodes or results.
/// Equal conditions, results and nodes are the same.
#[derive(Clone, Debug, Default)]
pub struct EndpointRules {
    /// The parameters, as written.
    pub parameters: Vec<RuleParameter>,
    /// The names of the variables that conditions assign.
    pub variables: Vec<Box<str>>,
    /// The distinct conditions.
    pub conditions: Vec<RuleCondition>,
    /// The distinct results.
    pub results: Vec<RuleResult>,
    /// The nodes, each after those that it leads to.
    pub nodes: Vec<RuleNode>,
    /// Where evaluation starts.
    pub root: RuleTarget,
}

/// A parameter of endpoint rules.
#[derive(Clone, Debug)]
pub struct RuleParameter {
    /// The name.
    pub name: Box<str>,
    /// The type.
    pub kind: RuleParameterKind,
    /// Whether evaluation needs a value.
    pub required: bool,
    /// The value if no other is given.
    pub default: Option<RuleValue>,
    /// The setting of the client that is the value.
    pub built_in: Option<BuiltIn>,
    /// The documentation.
    pub docs: Option<Box<str>>,
    /// Whether a setting of the client is named for it (`smithy.rules#clientContextParams`), with
    /// the documentation of the setting.
    pub client: Option<Option<Box<str>>>,
    /// Whether a condition or result depends on it.
    pub used: bool,
    /// Where it is written.
    pub location: Location,
}

/// The type of a parameter of endpoint rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleParameterKind {
    /// `string`.
    String,
    /// `boolean`.
    Boolean,
    /// `stringArray`.
    Strings,
}

impl RuleParameterKind {
    /// Such a value, in words.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Strings => "a list of strings",
        }
    }
}

/// A value of a parameter of endpoint rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleValue {
    /// A string.
    String(Box<str>),
    /// A boolean.
    Boolean(bool),
    /// A list of strings.
    Strings(Vec<Box<str>>),
}

macro_rules! built_ins {
    ($($variant:ident $name:literal $kind:ident;)*) => {
        /// A setting of every client that is the value of a parameter (Smithy 2.0, "Rules engine
        /// built-ins" and "AWS rules engine built-ins").
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum BuiltIn {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl BuiltIn {
            /// Every built-in.
            pub const ALL: &[BuiltIn] = &[$(Self::$variant,)*];

            /// The built-in with a name.
            pub fn find(name: &str) -> Option<Self> {
                let mut all = Self::ALL.iter();
                all.find(|known| known.name() == name).copied()
            }

            /// Its name in rule sets.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The type of its value.
            pub fn kind(self) -> RuleParameterKind {
                match self {
                    $(Self::$variant => RuleParameterKind::$kind,)*
                }
            }
        }
    };
}

built_ins! {
    AccountId "AWS::Auth::AccountId" String;
    AccountIdEndpointMode "AWS::Auth::AccountIdEndpointMode" String;
    CredentialScope "AWS::Auth::CredentialScope" String;
    Region "AWS::Region" String;
    S3Accelerate "AWS::S3::Accelerate" Boolean;
    S3DisableExpressSessionAuth "AWS::S3::DisableS3ExpressSessionAuth" Boolean;
    S3DisableMultiRegionAccessPoints "AWS::S3::DisableMultiRegionAccessPoints" Boolean;
    S3ForcePathStyle "AWS::S3::ForcePathStyle" Boolean;
    S3UseArnRegion "AWS::S3::UseArnRegion" Boolean;
    S3UseGlobalEndpoint "AWS::S3::UseGlobalEndpoint" Boolean;
    S3ControlUseArnRegion "AWS::S3Control::UseArnRegion" Boolean;
    StsUseGlobalEndpoint "AWS::STS::UseGlobalEndpoint" Boolean;
    UseDualStack "AWS::UseDualStack" Boolean;
    UseFips "AWS::UseFIPS" Boolean;
    Endpoint "SDK::Endpoint" String;
}

/// A condition: a value that is neither missing nor false.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleCondition {
    /// The value.
    pub value: RuleExpression,
    /// The variable that receives the value.
    pub assign: Option<usize>,
}

/// An expression of endpoint rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleExpression {
    /// A text.
    String(Box<str>),
    /// Texts in sequence: a template string.
    Template(Vec<RuleExpression>),
    /// A boolean.
    Boolean(bool),
    /// A whole number.
    Integer(i32),
    /// The value of a parameter.
    Parameter(usize),
    /// The value of a variable.
    Variable(usize),
    /// An attribute of a value.
    Attribute(Box<RuleExpression>, RuleAttribute),
    /// An element of a list. A negative index counts from the end.
    Element(Box<RuleExpression>, i32),
    /// The result of a function.
    Call(RuleFunction, Vec<RuleExpression>),
}

macro_rules! functions {
    ($($variant:ident $name:literal;)*) => {
        /// A function of endpoint rules (Smithy 2.0, "Rules engine standard library" and "AWS rules
        /// engine library functions"). `getAttr` is [`RuleExpression::Attribute`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RuleFunction {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl RuleFunction {
            /// Every function.
            pub const ALL: &[RuleFunction] = &[$(Self::$variant,)*];

            /// The function with a name.
            pub fn find(name: &str) -> Option<Self> {
                let mut all = Self::ALL.iter();
                all.find(|known| known.name() == name).copied()
            }

            /// Its name in rule sets.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The name of the variant.
            pub fn variant(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }
        }
    };
}

functions! {
    IsVirtualHostableS3Bucket "aws.isVirtualHostableS3Bucket";
    ParseArn "aws.parseArn";
    Partition "aws.partition";
    BooleanEquals "booleanEquals";
    Coalesce "coalesce";
    IsSet "isSet";
    IsValidHostLabel "isValidHostLabel";
    Ite "ite";
    Not "not";
    ParseUrl "parseURL";
    Split "split";
    StringEquals "stringEquals";
    Substring "substring";
    UriEncode "uriEncode";
}

macro_rules! attributes {
    ($($variant:ident $name:literal;)*) => {
        /// An attribute of the result of a function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RuleAttribute {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl RuleAttribute {
            /// Every attribute.
            pub const ALL: &[RuleAttribute] = &[$(Self::$variant,)*];

            /// The attribute with a name.
            pub fn find(name: &str) -> Option<Self> {
                let mut all = Self::ALL.iter();
                all.find(|known| known.name() == name).copied()
            }

            /// Its name in rule sets.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The name of the variant.
            pub fn variant(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }
        }
    };
}

attributes! {
    AccountId "accountId";
    Authority "authority";
    DnsSuffix "dnsSuffix";
    DualStackDnsSuffix "dualStackDnsSuffix";
    ImplicitGlobalRegion "implicitGlobalRegion";
    IsIp "isIp";
    Name "name";
    NormalizedPath "normalizedPath";
    Partition "partition";
    Path "path";
    Region "region";
    ResourceId "resourceId";
    Scheme "scheme";
    Service "service";
    SupportsDualStack "supportsDualStack";
    SupportsFips "supportsFIPS";
}

/// A result of endpoint rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleResult {
    /// An endpoint.
    Endpoint {
        /// The URL.
        url: RuleExpression,
        /// Headers of requests, with their values.
        headers: Vec<(Box<str>, Vec<RuleExpression>)>,
        /// Properties, such as `authSchemes`.
        properties: Vec<(Box<str>, RuleProperty)>,
    },
    /// An error with a message.
    Error(RuleExpression),
    /// No rule matches.
    NoMatch,
}

/// A value of a property of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleProperty {
    /// A text or another simple value.
    Value(RuleExpression),
    /// A list.
    List(Vec<RuleProperty>),
    /// A map.
    Map(Vec<(Box<str>, RuleProperty)>),
}

/// A node of a decision graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RuleNode {
    /// The index of the condition.
    pub condition: usize,
    /// What follows if the condition matches.
    pub matched: RuleTarget,
    /// What follows otherwise.
    pub otherwise: RuleTarget,
}

/// A node or a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleTarget {
    /// The node with this index.
    Node(usize),
    /// The result with this index.
    Result(usize),
}

impl Default for RuleTarget {
    fn default() -> Self {
        Self::Result(0)
    }
}

/// The value of a parameter of endpoint rules in calls of an operation.
#[derive(Clone, Debug)]
pub struct RuleBinding {
    /// The name of the parameter.
    pub parameter: Box<str>,
    /// The source of the value.
    pub source: RuleSource,
    /// Where it is written.
    pub location: Location,
}

/// The source of a value that an operation binds to a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSource {
    /// A fixed value (`smithy.rules#staticContextParams`).
    Static(RuleValue),
    /// Values in the input (`smithy.rules#contextParam` and `operationContextParams`).
    Input {
        /// The way from the input to the values.
        path: Vec<InputStep>,
        /// The type of the value.
        kind: RuleParameterKind,
        /// Whether the value must be a text with more than spaces.
        required: bool,
    },
}

/// A step from a value to values in it: a part of a `JMESPath` expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputStep {
    /// The member of a structure or union with this index.
    Member(usize),
    /// The elements of a list.
    Elements,
    /// The values of a map.
    Values,
    /// The keys of a map.
    Keys,
    /// The values at the end of several ways, in their order. It is the last step.
    Select(Vec<Vec<InputStep>>),
}

/// A case of `smithy.rules#endpointTests`.
#[derive(Clone, Debug)]
pub struct EndpointCase {
    /// The names of the operations that it calls.
    pub operations: Vec<Box<str>>,
    /// The case as it is in the trait.
    pub value: Node<'static>,
}
