//! The JSON AST as it stands in the files (Smithy 2.0, "JSON AST"): shapes by their text, nothing linked.
//!
//! Structure is typed here, since it is the format's; the values of traits stay JSON until `resolve` reads those that it
//! knows.

mod json;

pub(crate) use json::{Json, Object};

use std::borrow::Cow;

use crate::diagnostic::Report;
use crate::model::Simple;
use crate::source::{SourceId, Sources};

/// What [`load`](crate::load) makes of the texts: the shapes of every file and what is applied to them.
#[derive(Debug)]
pub struct Ast<'a> {
    pub(crate) sources: &'a Sources,
    /// In the order of the files and of the shapes in each, after those of the prelude.
    pub(crate) definitions: Vec<Definition<'a>>,
    /// Likewise.
    pub(crate) applications: Vec<Application<'a>>,
    pub(crate) warnings: Report,
}

/// The version of Smithy that a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// A shape.
#[derive(Debug)]
pub(crate) struct Definition<'a> {
    /// `None` for the prelude.
    pub(crate) source: Option<SourceId>,
    pub(crate) version: Version,
    /// An absolute shape id without a member.
    pub(crate) id: Cow<'a, str>,
    pub(crate) kind: ShapeType,
    /// Those of `members`, or `member`, or `key` and `value`.
    pub(crate) members: Vec<MemberDefinition<'a>>,
    pub(crate) mixins: Vec<Cow<'a, str>>,
    /// What a service, resource or operation refers to.
    pub(crate) links: Vec<Link<'a>>,
    /// `version` of a service.
    pub(crate) service_version: Option<Cow<'a, str>>,
    /// `rename` of a service.
    pub(crate) renames: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(crate) traits: Object<'a>,
}

/// The type of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeType {
    Simple(Simple),
    Enum,
    IntEnum,
    List,
    Set,
    Map,
    Structure,
    Union,
    Service,
    Operation,
    Resource,
}

impl ShapeType {
    /// Every type but `apply`, by its name in the AST.
    pub(crate) const ALL: &[(&str, ShapeType)] = &[
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

    /// Its name in the AST.
    pub(crate) fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(_, kind)| *kind == self);
        named.expect("the table has every type").0
    }

    /// Its name with its article, for messages.
    pub(crate) fn phrase(self) -> String {
        let name = self.name();
        let article = if name.starts_with(['e', 'i', 'o']) {
            "an"
        } else {
            "a"
        };
        format!("{article} {name}")
    }

    /// Whether its members stand in `members`.
    pub(crate) fn has_members(self) -> bool {
        matches!(
            self,
            Self::Enum | Self::IntEnum | Self::Structure | Self::Union
        )
    }
}

/// A member. In a structure that mixes it in, it may repeat a member of a mixin.
#[derive(Debug)]
pub(crate) struct MemberDefinition<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) target: Cow<'a, str>,
    pub(crate) traits: Object<'a>,
}

/// A shape that a service, resource or operation refers to.
#[derive(Debug)]
pub(crate) struct Link<'a> {
    /// The property: `input`, `operations`, ..
    pub(crate) property: &'static str,
    /// The place in the property's list, if it is one.
    pub(crate) index: Option<usize>,
    pub(crate) target: Cow<'a, str>,
}

/// Traits that are applied to a shape or member (`apply`).
#[derive(Debug)]
pub(crate) struct Application<'a> {
    pub(crate) source: Option<SourceId>,
    /// An absolute shape id, with a member or without.
    pub(crate) id: Cow<'a, str>,
    pub(crate) traits: Object<'a>,
}
