//! Where the known traits may be applied, by the table of traits: selectors of published models in
//! a form that is quick to check and that has words for messages.

use super::graph::Vertex;
use crate::ast::ShapeType;
use crate::model::Simple;
use crate::traits::{Category, Selector, TraitId};
use crate::words::{quoted_list, with_article};

/// Where a known trait may be applied, in words, if this is another place.
pub(super) fn misplaced(
    id: TraitId,
    vertex: Vertex<'_, '_>,
    target: Option<ShapeType>,
) -> Option<String> {
    let selector = id.spec().selector;
    let category = category(vertex.shape.kind);
    let target = target.map(self::category);
    let is_member = vertex.member.is_some();
    let is_among = |allowed: &[Category]| category.is_some_and(|it| allowed.contains(&it));
    let targets = |allowed: &[Category]| {
        target
            .flatten()
            .is_some_and(|target| allowed.contains(&target))
    };
    let is_shape = |allowed: &[Category]| !is_member && is_among(allowed);
    let is_structure_member =
        |allowed: &[Category]| is_member && is_among(&[Category::Structure]) && targets(allowed);
    let (matches, allowed) = match selector {
        Selector::Any => return None,
        Selector::NamedMember => {
            let is_named = is_among(&[Category::Structure, Category::Union]);
            let allowed = "members of structures and unions".to_owned();
            (is_member && is_named, allowed)
        }
        Selector::Shape(categories) => (is_shape(categories), plurals(categories)),
        Selector::ShapeWith(required, other) => (
            is_shape(&[required]) && vertex.shape.traits.has(other),
            format!(
                "{} with the trait `{}`",
                plurals(&[required]),
                other.short()
            ),
        ),
        Selector::DataOrMember(categories) => (
            is_shape(categories) || is_member && targets(categories),
            format!("{}, and to members that target one", plurals(categories)),
        ),
        Selector::StructureMember(Category::DATA) => (
            is_structure_member(Category::DATA),
            "members of structures".to_owned(),
        ),
        Selector::StructureMember(categories) => (
            is_structure_member(categories),
            format!("members of structures that target {}", plurals(categories)),
        ),
        Selector::ShapeOrStructureMember(categories) => (
            is_shape(categories) || is_structure_member(categories),
            "simple shapes, lists and maps, and to members of structures that target one"
                .to_owned(),
        ),
    };
    (!matches).then_some(allowed)
}

/// What a trait is applied to, in words.
pub(super) fn place(vertex: Vertex<'_, '_>, target: Option<ShapeType>) -> String {
    let kind = vertex.shape.kind;
    if vertex.member.is_none() {
        return kind.phrase();
    }
    match (kind, target) {
        (ShapeType::Structure, Some(target)) => {
            format!("a member that targets {}", target.phrase())
        }
        (_, Some(target)) => format!(
            "a member of {} that targets {}",
            with_article(kind.name()),
            target.phrase()
        ),
        (_, None) => format!("a member of {}", with_article(kind.name())),
    }
}

/// `strings, blobs and lists`.
fn plurals(categories: &[Category]) -> String {
    let nouns = categories.iter().map(|it| format!("{}s", it.noun()));
    quoted_list(nouns).replace('`', "")
}

/// The category of a shape; resources have none.
fn category(kind: ShapeType) -> Option<Category> {
    Some(match kind {
        ShapeType::Simple(Simple::Blob) => Category::Blob,
        ShapeType::Simple(Simple::Boolean) => Category::Boolean,
        ShapeType::Simple(Simple::String) | ShapeType::Enum => Category::String,
        ShapeType::Simple(Simple::Byte | Simple::Short | Simple::Integer | Simple::Long)
        | ShapeType::IntEnum => Category::Integer,
        ShapeType::Simple(
            Simple::Float | Simple::Double | Simple::BigInteger | Simple::BigDecimal,
        ) => Category::Decimal,
        ShapeType::Simple(Simple::Timestamp) => Category::Timestamp,
        ShapeType::Simple(Simple::Document) => Category::Document,
        ShapeType::List | ShapeType::Set => Category::List,
        ShapeType::Map => Category::Map,
        ShapeType::Structure => Category::Structure,
        ShapeType::Union => Category::Union,
        ShapeType::Operation => Category::Operation,
        ShapeType::Service => Category::Service,
        ShapeType::Resource => return None,
    })
}
