//! The XML binding traits (Smithy 2.0, "XML bindings").

use super::applied::AppliedTraits;
use crate::diagnostic::Report;
use crate::model::{XmlMember, XmlNamespace, XmlShape};
use crate::traits::TraitId;

/// Those of a member.
pub(super) fn member(traits: &AppliedTraits<'_>, report: &mut Report) -> XmlMember {
    XmlMember {
        name: traits.string(TraitId::XmlName, report).map(Into::into),
        namespace: namespace(traits, report),
        attribute: traits.annotation(TraitId::XmlAttribute, report),
        flattened: traits.annotation(TraitId::XmlFlattened, report),
    }
}

/// Those of a shape, which is a root or is not.
pub(super) fn shape(traits: &AppliedTraits<'_>, is_root: bool, report: &mut Report) -> XmlShape {
    XmlShape {
        is_root,
        name: traits.string(TraitId::XmlName, report).map(Into::into),
        namespace: namespace(traits, report),
    }
}

/// The namespace of a shape or member.
pub(super) fn namespace(traits: &AppliedTraits<'_>, report: &mut Report) -> Option<XmlNamespace> {
    let fields = traits.fields(TraitId::XmlNamespace, report)?;
    Some(XmlNamespace {
        uri: fields.required_string("uri", report)?.into(),
        prefix: fields.string("prefix", report).map(Into::into),
    })
}
