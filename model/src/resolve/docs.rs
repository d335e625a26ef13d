//! The documentation traits (Smithy 2.0, "Documentation traits").

use super::applied::AppliedTraits;
use crate::diagnostic::Report;
use crate::model::{Deprecated, Docs};
use crate::traits::TraitId;

/// The documentation of a shape or member.
pub(super) fn docs(traits: &AppliedTraits<'_>, report: &mut Report) -> Docs {
    let text = traits
        .string(TraitId::Documentation, report)
        .map(Into::into);
    let deprecated = traits
        .fields(TraitId::Deprecated, report)
        .map(|fields| Deprecated {
            message: fields.string("message", report).map(Into::into),
            since: fields.string("since", report).map(Into::into),
        });
    let mut links = Vec::new();
    if let Some(fields) = traits.fields(TraitId::ExternalDocumentation, report) {
        for title in fields.keys() {
            let address = fields.string(title, report);
            links.extend(address.map(|address| (title.into(), address.into())));
        }
    }
    Docs {
        text,
        deprecated,
        since: traits.string(TraitId::Since, report).map(Into::into),
        links,
        unstable: traits.annotation(TraitId::Unstable, report),
        internal: traits.annotation(TraitId::Internal, report),
    }
}
