//! The shapes that every model has (Smithy 2.0, "Prelude"), and the ids of shapes that are known by
//! name.

use std::sync::LazyLock;

use crate::ast::{Definition, ShapeType, Version};
use crate::model::Simple;
use crate::node::{Node, Object};
use crate::traits::TraitId;

/// The start of the ids of the prelude.
pub(crate) const NAMESPACE: &str = "smithy.api#";

/// The target of members without a value, and the input or output of operations without one.
pub(crate) const UNIT: &str = "smithy.api#Unit";

/// The target to suggest for a member that has none.
pub(crate) const STRING: &str = "smithy.api#String";

/// The trait of shapes that only their own namespace may refer to.
pub(crate) const PRIVATE: &str = "smithy.api#private";

/// The error for invalid requests that Smithy's framework library defines.
pub(crate) const VALIDATION_EXCEPTION: &str = "smithy.framework#ValidationException";

/// The simple shapes.
const SIMPLE: &[(&str, Simple)] = &[
    ("smithy.api#Blob", Simple::Blob),
    ("smithy.api#Boolean", Simple::Boolean),
    (STRING, Simple::String),
    ("smithy.api#Byte", Simple::Byte),
    ("smithy.api#Short", Simple::Short),
    ("smithy.api#Integer", Simple::Integer),
    ("smithy.api#Long", Simple::Long),
    ("smithy.api#Float", Simple::Float),
    ("smithy.api#Double", Simple::Double),
    ("smithy.api#BigInteger", Simple::BigInteger),
    ("smithy.api#BigDecimal", Simple::BigDecimal),
    ("smithy.api#Timestamp", Simple::Timestamp),
    ("smithy.api#Document", Simple::Document),
];

/// The simple shapes whose values default to false or 0.
const PRIMITIVE: &[(&str, Simple)] = &[
    ("smithy.api#PrimitiveBoolean", Simple::Boolean),
    ("smithy.api#PrimitiveByte", Simple::Byte),
    ("smithy.api#PrimitiveShort", Simple::Short),
    ("smithy.api#PrimitiveInteger", Simple::Integer),
    ("smithy.api#PrimitiveLong", Simple::Long),
    ("smithy.api#PrimitiveFloat", Simple::Float),
    ("smithy.api#PrimitiveDouble", Simple::Double),
];

/// The traits that this project defines: a model may apply them without defining them.
const TRAITS: &[TraitId] = &[TraitId::BasePath, TraitId::ValidationError];

static DEFINITIONS: LazyLock<Vec<Definition<'static>>> = LazyLock::new(|| {
    let define = |id: &'static str, kind, traits: Object<'static>| Definition {
        source: None,
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
        traits,
    };
    let applied = |id: TraitId, value| Object::from_iter([(id.id(), value)]);
    let simple = SIMPLE
        .iter()
        .map(|(id, simple)| define(id, ShapeType::Simple(*simple), Object::default()));
    let primitive = PRIMITIVE.iter().map(|(id, simple)| {
        let zero = match simple {
            Simple::Boolean => Node::from(false),
            _ => Node::from(0),
        };
        let traits = applied(TraitId::Default, zero);
        define(id, ShapeType::Simple(*simple), traits)
    });
    let traits = TRAITS.iter().map(|id| {
        let traits = applied(TraitId::Trait, Node::empty());
        define(id.id(), ShapeType::Simple(Simple::String), traits)
    });
    let unit = define(UNIT, ShapeType::Structure, Object::default());
    simple
        .chain(primitive)
        .chain([unit])
        .chain(traits)
        .collect()
});

/// The definitions of the prelude.
pub(crate) fn definitions() -> &'static [Definition<'static>] {
    &DEFINITIONS
}

/// The id of a simple shape of the prelude, by its name.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    let ids = SIMPLE.iter().chain(PRIMITIVE).map(|(id, _)| *id);
    ids.chain([UNIT])
        .find(|id| id.strip_prefix(NAMESPACE) == Some(name))
}
