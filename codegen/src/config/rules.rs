//! Rules about services and types.

use drawplate_model::model::{Kind, Shape};
use drawplate_model::source::Location;

/// A text of the configuration, and its place in the configuration file.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The text.
    pub text: String,
    /// Where it is written; [`Location::none`] if it is set in Rust.
    pub at: Location,
}

impl<T: Into<String>> From<T> for Setting {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            at: Location::none(),
        }
    }
}

/// A service to generate. Without any such rule, all services are generated.
#[derive(Clone, Debug)]
pub struct ServiceRule {
    /// The id of the service.
    pub service: Setting,
    /// The operations to keep, by id or by name; `None` for all. What they reach is kept as well:
    /// their inputs, outputs and errors with everything in them.
    pub operations: Option<Vec<Setting>>,
}

/// Derives and attributes of generated types.
///
/// ```
/// use drawplate_codegen::config::{TypeKind, TypeRule};
///
/// let rule = TypeRule::new("com.example#*")
///     .kind(TypeKind::Structure)
///     .derive("Eq")
///     .attribute("#[must_use]");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TypeRule {
    /// The ids of shapes, in which `*` stands for any text. A type that one of them matches gets
    /// the derives and attributes. A pattern with `$` is for ids of members,
    /// `namespace#Shape$member`, whose fields and variants get the attributes.
    pub patterns: Vec<Setting>,
    /// The kinds of types that the rule is for; empty for all.
    pub kinds: Vec<TypeKind>,
    /// Paths of derive macros. Those that a type has anyway are not added again.
    pub derives: Vec<Setting>,
    /// Outer attributes, `#[..]`.
    pub attributes: Vec<Setting>,
}

impl TypeRule {
    /// A rule for the types whose shape ids match a pattern, or for members.
    pub fn new(pattern: impl Into<Setting>) -> Self {
        Self {
            patterns: vec![pattern.into()],
            ..Self::default()
        }
    }

    /// Adds a pattern.
    #[must_use]
    pub fn pattern(mut self, pattern: impl Into<Setting>) -> Self {
        self.patterns.push(pattern.into());
        self
    }

    /// Adds a kind of types.
    #[must_use]
    pub fn kind(mut self, kind: TypeKind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Adds a derive.
    #[must_use]
    pub fn derive(mut self, derive: impl Into<Setting>) -> Self {
        self.derives.push(derive.into());
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: impl Into<Setting>) -> Self {
        self.attributes.push(attribute.into());
        self
    }
}

/// A kind of generated types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// Structures, including inputs, outputs and errors.
    Structure,
    /// Unions.
    Union,
    /// Enums of strings.
    Enum,
    /// Enums of integers.
    IntEnum,
}

impl TypeKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Structure, Self::Union, Self::Enum, Self::IntEnum];

    /// The name in the configuration file, which is that of Smithy.
    pub fn name(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Union => "union",
            Self::Enum => "enum",
            Self::IntEnum => "intEnum",
        }
    }

    /// The kind of the type that is generated for a shape, if there is one.
    pub(crate) fn of(shape: &Shape) -> Option<Self> {
        match &shape.kind {
            Kind::Structure(structure) => (!structure.synthetic).then_some(Self::Structure),
            Kind::Union(_) => Some(Self::Union),
            Kind::Enum(_) => Some(Self::Enum),
            Kind::IntEnum(_) => Some(Self::IntEnum),
            Kind::Simple(_) | Kind::List(_) | Kind::Map(_) => None,
        }
    }
}

/// A type of yours for the values of shapes, wherever members, lists and maps contain them.
///
/// The type implements `Encode`, `Decode`, `Clone` and `PartialEq`, is `Send` and `Sync`, and for
/// keys of maps implements `MapKey`; docs/configuration.md shows how. The generated type of a
/// replaced structure, union or enum is still there, so that the implementations can convert.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The shapes.
    pub of: ReplacedShapes,
    /// The path of the type, from the root of a crate: `::money::Money`, `crate::Money`.
    pub with: Setting,
}

/// The shapes of a [`Replacement`].
#[derive(Clone, Debug)]
pub enum ReplacedShapes {
    /// Those whose ids match a pattern, in which `*` stands for any text.
    Matching(Setting),
    /// Those with a trait, by its id.
    WithTrait(Setting),
}

impl ReplacedShapes {
    pub(crate) fn setting(&self) -> &Setting {
        match self {
            Self::Matching(setting) | Self::WithTrait(setting) => setting,
        }
    }

    pub(crate) fn contains(&self, shape: &Shape) -> bool {
        match self {
            Self::Matching(pattern) => matches(&pattern.text, shape.name.as_str()),
            Self::WithTrait(id) => shape.traits.get(&id.text).is_some(),
        }
    }
}

/// Whether `text` matches a pattern, in which `*` stands for any text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts = rest.split('*');
    let end = parts.next_back().unwrap_or_default();
    // The first place of each part leaves the most text to those after it.
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("a#B", "a#B", true),
            ("a#B", "a#Bc", false),
            ("a#*", "a#Bc", true),
            ("a#*", "ab#c", false),
            ("*", "a#B", true),
            ("*#B", "a.b#B", true),
            ("*B*", "a#aBc", true),
            ("a#*B*B", "a#BB", true),
            ("a#*B*B", "a#B", false),
            ("a#*Bc*c", "a#Bcc", true),
            ("a#*Bc*c", "a#Bc", false),
            ("a#**", "a#", true),
            ("*a", "aa", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
