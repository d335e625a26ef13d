//! Operations.

use la_arena::Arena;

use super::applied::Fields;
use super::auth;
use super::docs::docs;
use super::endpoints;
use super::http;
use super::index::unresolved;
use super::links::{Links, OperationLinks};
use super::mixins::FlatShape;
use super::paginated;
use super::shapes::name;
use super::waiters;
use crate::diagnostic::Report;
use crate::model::{Operation, RequestChecksum, ResponseChecksum, ShapeId};
use crate::traits::TraitId;

/// Every operation, in the order of ids.
pub(super) fn all(linked: &Links<'_, '_>, report: &mut Report) -> Arena<Operation> {
    let operations = linked
        .index
        .by_kind
        .operations
        .iter()
        .zip(&linked.operations);
    let mut all = Arena::with_capacity(linked.operations.len());
    for (flat, links) in operations {
        let operation = operation(linked, flat, links, report);
        all.alloc(operation);
    }
    all
}

fn operation(
    linked: &Links<'_, '_>,
    flat: &FlatShape<'_>,
    links: &OperationLinks,
    report: &mut Report,
) -> Operation {
    let traits = &flat.traits;
    let input = links.input.map(|input| linked.index.flat(input));
    let (http, host_prefix) = match input {
        Some(input) => (
            http::http(flat, input, report),
            http::host_prefix(flat, input, report),
        ),
        None => (None, None),
    };
    let compression = traits.fields(TraitId::RequestCompression, report);
    let encodings = compression.map(|fields| encodings(fields, report));
    Operation {
        name: name(flat),
        docs: docs(traits, report),
        input: links.input.unwrap_or_else(unresolved),
        output: links.output.unwrap_or_else(unresolved),
        errors: errors(linked, links),
        http,
        readonly: traits.annotation(TraitId::Readonly, report),
        idempotent: traits.annotation(TraitId::Idempotent, report),
        paginated: paginated::paginated(linked, flat, links, report),
        host_prefix,
        checksum_required: traits.annotation(TraitId::HttpChecksumRequired, report),
        checksum: input.and_then(|input| checksum(flat, input, report)),
        response_checksum: input.and_then(|input| response_checksum(flat, input, report)),
        request_compression: encodings
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        auth: auth::listed(traits, report),
        optional_auth: traits.annotation(TraitId::OptionalAuth, report),
        unsigned_payload: traits.has(TraitId::UnsignedPayload),
        unwrapped_output: traits.annotation(TraitId::S3UnwrappedXmlOutput, report),
        waiters: waiters::waiters(flat, report),
        rule_bindings: endpoints::bindings(linked, flat, links, report),
        traits: traits.for_model(flat.path),
        location: flat.path.location(),
    }
}

/// The part of `aws.protocols#httpChecksum` about requests; `None` if it is about responses only.
fn checksum(
    flat: &FlatShape<'_>,
    input: &FlatShape<'_>,
    report: &mut Report,
) -> Option<RequestChecksum> {
    let fields = flat.traits.fields(TraitId::HttpChecksum, report)?;
    let required = fields.boolean("requestChecksumRequired", report);
    let required = required.unwrap_or_default();
    let algorithm = header_member(fields, "requestAlgorithmMember", input, report);
    (required || algorithm.is_some()).then(|| RequestChecksum {
        algorithm: algorithm.map(Into::into),
        required,
    })
}

/// The part of `aws.protocols#httpChecksum` about responses.
fn response_checksum(
    flat: &FlatShape<'_>,
    input: &FlatShape<'_>,
    report: &mut Report,
) -> Option<ResponseChecksum> {
    let fields = flat.traits.fields(TraitId::HttpChecksum, report)?;
    let mode = header_member(fields, "requestValidationModeMember", input, report)?;
    let algorithms = fields.strings("responseAlgorithms", report)?;
    Some(ResponseChecksum {
        mode: mode.into(),
        algorithms: algorithms.into_iter().map(Into::into).collect(),
    })
}

/// The header of the member of the input that a field names.
fn header_member<'i>(
    fields: Fields<'_, '_>,
    key: &str,
    input: &'i FlatShape<'_>,
    report: &mut Report,
) -> Option<&'i str> {
    let name = fields.string(key, report)?;
    let member = input.members.iter().find(|member| member.name == name);
    let header = member.and_then(|member| member.traits.string(TraitId::HttpHeader, report));
    if header.is_none() {
        let expected = "a member of the input that is bound to a header";
        fields.applied.malformed(&[key], expected, report);
    }
    header
}

/// The encodings of `smithy.api#requestCompression`.
fn encodings<'t>(fields: Fields<'t, '_>, report: &mut Report) -> Vec<&'t str> {
    const KEY: &str = "encodings";
    let encodings = fields.required_strings(KEY, report).unwrap_or_default();
    for (index, encoding) in encodings.iter().enumerate() {
        if !encoding.eq_ignore_ascii_case("gzip") {
            let path = [KEY, &index.to_string()];
            fields.applied.malformed(&path, "`gzip`", report);
        }
    }
    encodings
}

/// The errors of the operation and of its services.
fn errors(linked: &Links<'_, '_>, links: &OperationLinks) -> Vec<ShapeId> {
    let common = links
        .services
        .iter()
        .flat_map(|place| &linked.services[*place].errors);
    let mut errors: Vec<ShapeId> = links.errors.iter().chain(common).copied().collect();
    errors.sort_unstable();
    errors.dedup();
    errors
}
