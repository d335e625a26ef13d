//! Authentication schemes (Smithy 2.0, "Authentication traits").

use super::applied::{AppliedTraits, Fields};
use super::links::Links;
use super::mixins::FlatShape;
use crate::diagnostic::Report;
use crate::model::{ApiKeyPosition, AuthScheme};
use crate::syntax::is_token;
use crate::traits::TraitId;

/// Schemes that Smithy defines and generated code cannot use.
const UNSUPPORTED: [&str; 3] = [
    "aws.auth#cognitoUserPools",
    "aws.auth#sigv4a",
    "smithy.api#httpDigestAuth",
];
/// The trait that makes another trait an authentication scheme.
const DEFINITION: &str = "smithy.api#authDefinition";

/// The schemes of a service, sorted by id.
pub(super) fn schemes(
    linked: &Links<'_, '_>,
    flat: &FlatShape<'_>,
    report: &mut Report,
) -> Vec<AuthScheme> {
    let mut schemes = Vec::new();
    for applied in flat.traits.iter() {
        let scheme = match applied.known {
            Some(TraitId::Sigv4) => Some(AuthScheme::SigV4),
            Some(TraitId::HttpBasicAuth) => Some(AuthScheme::Basic),
            Some(TraitId::HttpBearerAuth) => Some(AuthScheme::Bearer),
            Some(TraitId::HttpApiKeyAuth) => {
                let fields = flat.traits.fields(TraitId::HttpApiKeyAuth, report);
                let position = fields.and_then(|fields| api_key(fields, report));
                position.map(AuthScheme::ApiKey)
            }
            _ if is_scheme(linked, applied.id) => Some(AuthScheme::Unsupported(applied.id.into())),
            _ => None,
        };
        schemes.extend(scheme);
    }
    schemes.sort_unstable_by(|a, b| a.id().cmp(b.id()));
    schemes
}

/// Whether a trait that generated code does not know is a scheme.
fn is_scheme(linked: &Links<'_, '_>, id: &str) -> bool {
    let definitions = &linked.index.by_kind.traits;
    let defined = definitions.binary_search_by(|flat| (*flat.id).cmp(id)).ok();
    UNSUPPORTED.contains(&id)
        || defined.is_some_and(|place| {
            let mut traits = definitions[place].traits.iter();
            traits.any(|applied| applied.id == DEFINITION)
        })
}

/// The position of the key of `smithy.api#httpApiKeyAuth`.
fn api_key(fields: Fields<'_, '_>, report: &mut Report) -> Option<ApiKeyPosition> {
    let name = fields.required_string("name", report)?;
    let place = fields.required_string("in", report)?;
    let scheme = fields.string("scheme", report);
    for (key, text) in [("scheme", scheme), ("name", Some(name))] {
        let is_header = place == "header";
        if text.is_some_and(|text| is_header && !is_token(text)) {
            let expected = "a name that a header can have";
            fields.applied.malformed(&[key], expected, report);
            return None;
        }
    }
    match place {
        "header" => Some(ApiKeyPosition::Header {
            name: name.into(),
            scheme: scheme.map(Into::into),
        }),
        "query" => Some(ApiKeyPosition::Query(name.into())),
        _ => {
            let expected = "`header` or `query`";
            fields.applied.malformed(&["in"], expected, report);
            None
        }
    }
}

/// The ids in the trait `auth` of a service or operation, in order.
pub(super) fn listed(traits: &AppliedTraits<'_>, report: &mut Report) -> Option<Vec<Box<str>>> {
    let ids = traits.strings(TraitId::Auth, report)?;
    Some(ids.into_iter().map(Into::into).collect())
}
