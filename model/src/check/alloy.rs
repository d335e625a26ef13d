//! alloy's traits: the forms of unions in JSON, null as a value, and unknown members.

use super::{at_member, at_trait, member_id};
use crate::model::{Binding, Kind, Member, Model, Shape, Simple, Union, UnionForm};
use crate::traits::TraitId;
use crate::words::with_article;
use crate::{Code, Diagnostic, Report};

/// The unions of the model.
fn unions(model: &Model) -> impl Iterator<Item = (&Shape, &Union)> {
    model.shapes.values().filter_map(|shape| match &shape.kind {
        Kind::Union(union) => Some((shape, union)),
        _ => None,
    })
}

/// The members of a discriminated union are structures, and have no member with the name of the
/// discriminator (alloy, "Discriminated union").
pub(super) fn discriminators(model: &Model, report: &mut Report) {
    for (shape, union) in unions(model) {
        let UnionForm::Discriminated(key) = &union.form else {
            continue;
        };
        for member in union.members.iter().filter(|member| !member.json_unknown) {
            let target = &model.shapes[member.target];
            let Kind::Structure(structure) = &target.kind else {
                let message = format!(
                    "`{}` is {}, which cannot contain the discriminator `{key}`",
                    member.name,
                    with_article(target.kind.noun())
                );
                report.push(
                    at_member(Code::DiscriminatedMember, message, shape, member)
                        .help("put the value into a structure, or remove `discriminated`"),
                );
                continue;
            };
            let same = |inner: &&Member| *inner.json_name == **key && !inner.json_unknown;
            if let Some(inner) = structure.members.iter().find(same) {
                let message = format!(
                    "`{}` has the name of the discriminator of `{}`",
                    member_id(target, inner),
                    shape.name
                );
                report.push(
                    at_member(Code::DiscriminatedMember, message, target, inner)
                        .related_name(member.location.clone(), "a member of the union")
                        .help("give it another `jsonName`, or the union another discriminator"),
                );
            }
        }
    }
}

/// A value of an untagged union is the first member that it fits, so that a member is useless if
/// its values fit an earlier one.
pub(super) fn untagged(model: &Model, report: &mut Report) {
    for (shape, union) in unions(model) {
        if union.form != UnionForm::Untagged {
            continue;
        }
        for (index, member) in union.members.iter().enumerate() {
            let mut earlier = union.members[..index].iter();
            let Some(first) = earlier.find(|earlier| covers(model, earlier, member)) else {
                continue;
            };
            let message = format!(
                "`{}` is never read: its values are values of `{}`",
                member_id(shape, member),
                first.name
            );
            report.push(
                at_member(Code::UnreachableMember, message, shape, member)
                    .related_name(first.location.clone(), "this member comes first")
                    .help(format!(
                        "write it in front of `{}`, or require a member there that it lacks",
                        first.name
                    )),
            );
        }
    }
}

/// Whether every value of a member fits an earlier one.
fn covers(model: &Model, earlier: &Member, member: &Member) -> bool {
    let (first, second) = (
        &model.shapes[earlier.target].kind,
        &model.shapes[member.target].kind,
    );
    if earlier.target == member.target {
        return true;
    }
    let is_document = |member: &Member| {
        matches!(
            model.shapes[member.target].kind,
            Kind::Simple(Simple::Document)
        )
    };
    let constrained = earlier.constraints != crate::model::Constraints::default();
    match (first, second) {
        (Kind::Simple(Simple::Document), _) => true,
        _ if constrained => false,
        (
            Kind::Simple(Simple::String),
            Kind::Simple(Simple::String | Simple::Blob) | Kind::Enum(_),
        ) => true,
        (Kind::Simple(first), Kind::IntEnum(_)) => rank(*first).is_some_and(|rank| rank >= INTEGER),
        (Kind::Simple(first), Kind::Simple(second)) => {
            rank(*first).zip(rank(*second)).is_some_and(|(a, b)| a >= b)
        }
        (Kind::List(first), Kind::List(second)) => {
            is_document(&first.member) || first.member.target == second.member.target
        }
        (Kind::Map(first), Kind::Map(second)) => {
            is_document(&first.value) || first.value.target == second.value.target
        }
        (Kind::Map(first), Kind::Structure(_)) => is_document(&first.value),
        (Kind::Structure(first), Kind::Structure(second)) => first.members.iter().all(|member| {
            let same = |other: &&Member| other.json_name == member.json_name;
            match second.members.iter().find(same) {
                Some(other) => {
                    other.target == member.target && (other.required || !member.required)
                }
                None => !member.required,
            }
        }),
        _ => false,
    }
}

/// The place of `integer` among the numbers.
const INTEGER: u8 = 2;

/// Numbers, so that the values of one are values of those after it.
fn rank(simple: Simple) -> Option<u8> {
    Some(match simple {
        Simple::Byte => 0,
        Simple::Short => 1,
        Simple::Integer => INTEGER,
        Simple::Long => 3,
        Simple::BigInteger => 4,
        Simple::Float | Simple::Double => 5,
        Simple::BigDecimal => 6,
        _ => return None,
    })
}

/// Null is a value, and unknown members are kept, only where a document has members by name. The
/// events of a stream are not in documents.
pub(super) fn places(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let streaming = matches!(&shape.kind, Kind::Union(union) if union.streaming);
        for member in shape.kind.members() {
            let bound = member.binding != Binding::Document || member.event.is_some();
            let is_structure = matches!(shape.kind, Kind::Structure(_));
            let nullable = member.traits.has(TraitId::AlloyNullable);
            if nullable && !is_structure || member.nullable && bound {
                let at = TraitId::AlloyNullable;
                report.push(misplaced(shape, member, at, "a structure"));
            }
            if member.json_unknown && (bound || streaming) {
                let at = TraitId::AlloyJsonUnknown;
                report.push(misplaced(shape, member, at, "a structure or union"));
            }
        }
        if let Kind::Union(union) = &shape.kind
            && union.streaming
            && union.form != UnionForm::Tagged
        {
            let message = format!(
                "the events of `{}` cannot have the form of JSON that its trait sets",
                shape.name
            );
            report.push(
                Diagnostic::new(Code::UnsupportedTrait, message, shape.location.clone())
                    .name()
                    .shape(&shape.name)
                    .help("remove the trait: the events of a stream have types of their own"),
            );
        }
    }
}

fn misplaced(shape: &Shape, member: &Member, id: TraitId, holder: &str) -> Diagnostic {
    let message = format!(
        "`{}` has the trait `{id}`, which is supported only for members in the document of {holder}",
        member_id(shape, member)
    );
    at_trait(Code::UnsupportedTrait, message, shape, member, id)
        .help("remove the trait or the binding of the member")
}
