//! The contract between front ends and `resolve`: the shapes of a model as they are written.
//!
//! A front end turns text into an [`Ast`]: it reads the JSON AST, the Smithy IDL, or anything else
//! that describes Smithy shapes. Nothing is linked yet: shapes refer to one another by absolute
//! shape ids, and trait values are [nodes](crate::node). A front end reports what is wrong with the
//! form of its text; everything else is found by `resolve` and `check`.
//!
//! **Positions.** A front end chooses one of two ways to locate its items:
//!
//! - With a range on every [`Text`] and [`Node`]. Diagnostics then mark these
//!   bytes.
//! - Without ranges, if the source is a JSON AST. Diagnostics then find an item by its JSON
//!   pointer, which follows from its place in the model:
//!   `/shapes/<id>/members/<name>/traits/<trait>/..`.
//!
//! **Rules.** Ids, targets and the ids of traits are absolute shape ids without a member, except
//! the id of an [`Application`], which may name a member. Names of members are identifiers. A list
//! has the member `member`, a map `key` and `value`, unless a mixin brings them. The shapes of the
//! Smithy prelude are not part of an AST: `resolve` adds them.

mod item;

pub(crate) use item::{ItemPath, Part};

use crate::diagnostic::Report;
use crate::model::Simple;
use crate::node::{Node, Object, Text};
use crate::source::{SourceId, Sources};
use crate::words::with_article;

/// The shapes of every file of a model, and the traits that are applied to them from outside.
#[derive(Debug)]
pub struct Ast<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The shapes, in the order of the files and of the shapes in each.
    pub definitions: Vec<Definition<'a>>,
    /// The `apply` statements, in the same order.
    pub applications: Vec<Application<'a>>,
    /// The metadata, in the same order.
    pub metadata: Vec<Metadata<'a>>,
    /// Warnings about the form of the files.
    pub warnings: Report,
}

/// The version of Smithy that a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Smithy 1.0.
    V1,
    /// Smithy 2.0.
    V2,
}

/// A shape.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// The file; `None` for the prelude.
    pub source: Option<SourceId>,
    /// The version of the file.
    pub version: Version,
    /// The absolute shape id.
    pub id: Text<'a>,
    /// The type.
    pub kind: ShapeType,
    /// The members: of a list `member`, of a map `key` and `value`.
    pub members: Vec<MemberDefinition<'a>>,
    /// The ids of the mixins.
    pub mixins: Vec<Text<'a>>,
    /// The shapes that a service, resource or operation refers to.
    pub links: Vec<Link<'a>>,
    /// The `version` of a service.
    pub service_version: Option<Text<'a>>,
    /// The `rename` of a service: ids of shapes and their new names.
    pub renames: Vec<(Text<'a>, Text<'a>)>,
    /// The `identifiers` of a resource: names and ids of targets.
    pub identifiers: Vec<(Text<'a>, Text<'a>)>,
    /// The `properties` of a resource: names and ids of targets.
    pub properties: Vec<(Text<'a>, Text<'a>)>,
    /// The traits, by absolute shape id.
    pub traits: Object<'a>,
}

/// The type of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeType {
    /// A type without members.
    Simple(Simple),
    /// `enum`.
    Enum,
    /// `intEnum`.
    IntEnum,
    /// `list`.
    List,
    /// `set`, of Smithy 1.0.
    Set,
    /// `map`.
    Map,
    /// `structure`.
    Structure,
    /// `union`.
    Union,
    /// `service`.
    Service,
    /// `operation`.
    Operation,
    /// `resource`.
    Resource,
}

/// A member. A shape with mixins may repeat a member of a mixin to add traits to it.
#[derive(Clone, Debug)]
pub struct MemberDefinition<'a> {
    /// The name.
    pub name: Text<'a>,
    /// The id of the target.
    pub target: Text<'a>,
    /// The traits, by absolute shape id.
    pub traits: Object<'a>,
}

/// A reference of a service, resource or operation to a shape.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// The property that holds the reference.
    pub property: Property,
    /// The index in the property, if it is a list.
    pub index: Option<usize>,
    /// The id of the target.
    pub target: Text<'a>,
}

/// Traits that are applied to a shape or member by an `apply` statement.
#[derive(Clone, Debug)]
pub struct Application<'a> {
    /// The file.
    pub source: Option<SourceId>,
    /// The absolute shape id, with or without `$member`.
    pub id: Text<'a>,
    /// The traits, by absolute shape id.
    pub traits: Object<'a>,
}

/// An entry of the metadata of a file.
#[derive(Clone, Debug)]
pub struct Metadata<'a> {
    /// The file.
    pub source: Option<SourceId>,
    /// The key.
    pub key: Text<'a>,
    /// The value.
    pub value: Node<'a>,
}

/// The properties of services, resources and operations that refer to shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// The input of an operation.
    Input,
    /// The output of an operation.
    Output,
    /// The errors of an operation or service.
    Errors,
    /// The operations of a service or resource.
    Operations,
    /// The resources of a service or resource.
    Resources,
    /// Lifecycle operation of a resource.
    Create,
    /// Lifecycle operation of a resource.
    Put,
    /// Lifecycle operation of a resource.
    Read,
    /// Lifecycle operation of a resource.
    Update,
    /// Lifecycle operation of a resource.
    Delete,
    /// Lifecycle operation of a resource.
    List,
    /// The operations of a resource that need no instance of it.
    CollectionOperations,
}

impl<'a> Ast<'a> {
    /// An AST without shapes.
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            definitions: Vec::new(),
            applications: Vec::new(),
            metadata: Vec::new(),
            warnings: Report::new(),
        }
    }
}

impl<'a> Definition<'a> {
    /// A shape of Smithy 2.0 without members or traits.
    pub fn new(source: SourceId, id: impl Into<Text<'a>>, kind: ShapeType) -> Self {
        Self {
            source: Some(source),
            version: Version::V2,
            id: id.into(),
            kind,
            members: Vec::new(),
            mixins: Vec::new(),
            links: Vec::new(),
            service_version: None,
            renames: Vec::new(),
            identifiers: Vec::new(),
            properties: Vec::new(),
            traits: Object::default(),
        }
    }
}

impl<'a> MemberDefinition<'a> {
    /// A member without traits.
    pub fn new(name: impl Into<Text<'a>>, target: impl Into<Text<'a>>) -> Self {
        Self {
            name: name.into(),
            target: target.into(),
            traits: Object::default(),
        }
    }
}

impl ShapeType {
    /// The properties of shapes of this type in the JSON AST, besides traits and mixins.
    pub(crate) fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Simple(_) => &[],
            Self::Enum | Self::IntEnum | Self::Structure | Self::Union => &["members"],
            Self::List | Self::Set => &["member"],
            Self::Map => &["key", "value"],
            Self::Service => &["version", "operations", "resources", "errors", "rename"],
            Self::Operation => &["input", "output", "errors"],
            Self::Resource => &[
                "identifiers",
                "properties",
                "create",
                "put",
                "read",
                "update",
                "delete",
                "list",
                "operations",
                "collectionOperations",
                "resources",
            ],
        }
    }

    /// Every type, with its name in the JSON AST and in the IDL.
    pub const ALL: &[(&str, ShapeType)] = &[
        ("blob", Self::Simple(Simple::Blob)),
        ("boolean", Self::Simple(Simple::Boolean)),
        ("string", Self::Simple(Simple::String)),
        ("byte", Self::Simple(Simple::Byte)),
        ("short", Self::Simple(Simple::Short)),
        ("integer", Self::Simple(Simple::Integer)),
        ("long", Self::Simple(Simple::Long)),
        ("float", Self::Simple(Simple::Float)),
        ("double", Self::Simple(Simple::Double)),
        ("bigInteger", Self::Simple(Simple::BigInteger)),
        ("bigDecimal", Self::Simple(Simple::BigDecimal)),
        ("timestamp", Self::Simple(Simple::Timestamp)),
        ("document", Self::Simple(Simple::Document)),
        ("enum", Self::Enum),
        ("intEnum", Self::IntEnum),
        ("list", Self::List),
        ("set", Self::Set),
        ("map", Self::Map),
        ("structure", Self::Structure),
        ("union", Self::Union),
        ("service", Self::Service),
        ("operation", Self::Operation),
        ("resource", Self::Resource),
    ];

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, kind)| *kind)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match Self::ALL.iter().find(|(_, kind)| *kind == self) {
            Some((name, _)) => name,
            None => unreachable!("the table has every type"),
        }
    }

    /// The name with its article, for messages.
    pub fn phrase(self) -> String {
        with_article(self.name())
    }

    /// Whether its members have names of their own, which the JSON AST keeps in `members`.
    pub fn has_named_members(self) -> bool {
        matches!(
            self,
            Self::Enum | Self::IntEnum | Self::Structure | Self::Union
        )
    }
}

impl Property {
    /// Every property.
    pub const ALL: &[Property] = &[
        Self::Input,
        Self::Output,
        Self::Errors,
        Self::Operations,
        Self::Resources,
        Self::Create,
        Self::Put,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::List,
        Self::CollectionOperations,
    ];

    /// The name in the JSON AST and in the IDL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Errors => "errors",
            Self::Operations => "operations",
            Self::Resources => "resources",
            Self::Create => "create",
            Self::Put => "put",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::List => "list",
            Self::CollectionOperations => "collectionOperations",
        }
    }

    /// Whether it is a list of references.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Self::Errors | Self::Operations | Self::Resources | Self::CollectionOperations
        )
    }
}
