//! The functions of JMESPath and their parameters.

/// A type that a parameter accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Any,
    Number,
    String,
    Array,
    Object,
    Reference,
    ArrayOrString,
    ArrayOrStringOrObject,
    Numbers,
    Strings,
}

use Parameter::{
    Any, Array, ArrayOrString, ArrayOrStringOrObject, Number, Numbers, Object, Reference, String,
    Strings,
};

macro_rules! functions {
    ($($variant:ident $name:literal [$($parameter:expr),*] $(or more $repeated:literal)?;)*) => {
        /// A function (JMESPath, "Built-in Functions").
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Function {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Function {
            /// Every function, sorted by name.
            pub const ALL: &[Function] = &[$(Function::$variant,)*];

            /// The name in expressions.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name of the variant.
            pub fn variant(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// The parameters. The last one may be repeated if the function is variadic.
            pub(super) fn parameters(self) -> &'static [Parameter] {
                match self { $(Self::$variant => &[$($parameter),*],)* }
            }

            /// Whether further arguments may follow.
            pub(super) fn is_variadic(self) -> bool {
                match self { $(Self::$variant => false $(|| $repeated)?,)* }
            }
        }
    };
}

functions! {
    Abs "abs" [Number];
    Avg "avg" [Numbers];
    Ceil "ceil" [Number];
    Contains "contains" [ArrayOrString, Any];
    EndsWith "ends_with" [String, String];
    Floor "floor" [Number];
    Join "join" [String, Strings];
    Keys "keys" [Object];
    Length "length" [ArrayOrStringOrObject];
    Map "map" [Reference, Array];
    Max "max" [Array];
    MaxBy "max_by" [Array, Reference];
    Merge "merge" [Object] or more true;
    Min "min" [Array];
    MinBy "min_by" [Array, Reference];
    NotNull "not_null" [Any] or more true;
    Reverse "reverse" [ArrayOrString];
    Sort "sort" [Array];
    SortBy "sort_by" [Array, Reference];
    StartsWith "starts_with" [String, String];
    Sum "sum" [Numbers];
    ToArray "to_array" [Any];
    ToNumber "to_number" [Any];
    ToString "to_string" [Any];
    Type "type" [Any];
    Values "values" [Object];
}

impl Function {
    /// The function with a name.
    pub fn find(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|function| function.name() == name).copied()
    }

    /// Whether it accepts this number of arguments.
    pub(super) fn accepts(self, arguments: usize) -> bool {
        let required = self.parameters().len();
        arguments == required || (arguments > required && self.is_variadic())
    }
}

impl Parameter {
    /// What it accepts, in words.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Any => "any value",
            Number => "a number",
            String => "a string",
            Array => "an array",
            Object => "an object",
            Reference => "an expression after `&`",
            ArrayOrString => "an array or a string",
            ArrayOrStringOrObject => "an array, a string or an object",
            Numbers => "an array of numbers",
            Strings => "an array of strings",
        }
    }
}
