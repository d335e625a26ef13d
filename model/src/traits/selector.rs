//! The selectors of traits.

use super::TraitId;

/// A selector of the shapes that a trait may be applied to. The known traits need no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Anything. Traits that change nothing where they are misplaced are not checked.
    Any,
    /// Shapes of these categories, not members.
    Shape(&'static [Category]),
    /// Shapes of this category that also have this trait.
    ShapeWith(Category, TraitId),
    /// Shapes of these categories, and members of any shape that target one.
    DataOrMember(&'static [Category]),
    /// Shapes of these categories, and members of structures that target one.
    ShapeOrStructureMember(&'static [Category]),
    /// Members of structures that target one of these categories.
    StructureMember(&'static [Category]),
    /// Members of structures and unions.
    NamedMember,
}

/// Shapes that selectors treat alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// `blob`.
    Blob,
    /// `boolean`.
    Boolean,
    /// `string` and `enum`.
    String,
    /// `byte`, `short`, `integer`, `long` and `intEnum`.
    Integer,
    /// `float`, `double`, `bigInteger` and `bigDecimal`.
    Decimal,
    /// `timestamp`.
    Timestamp,
    /// `document`.
    Document,
    /// `list` and `set`.
    List,
    /// `map`.
    Map,
    /// `structure`.
    Structure,
    /// `union`.
    Union,
    /// `operation`.
    Operation,
    /// `service`.
    Service,
}

impl Category {
    /// Every category of shapes that carry data.
    pub const DATA: &[Category] = &[
        Self::Blob,
        Self::Boolean,
        Self::String,
        Self::Integer,
        Self::Decimal,
        Self::Timestamp,
        Self::Document,
        Self::List,
        Self::Map,
        Self::Structure,
        Self::Union,
    ];

    /// The name of such a shape in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Decimal => "decimal number",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
            Self::List => "list",
            Self::Map => "map",
            Self::Structure => "structure",
            Self::Union => "union",
            Self::Operation => "operation",
            Self::Service => "service",
        }
    }
}
