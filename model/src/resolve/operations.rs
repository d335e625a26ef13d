//! Operations.

use la_arena::Arena;

use super::http;
use super::index::id;
use super::mixins::Flat;
use super::paginated;
use super::shapes::{docs, name};
use super::usage::{Linked, OperationLinks};
use crate::diagnostic::Report;
use crate::model::{Operation, ShapeId};

/// Every operation, in the order of ids.
pub(super) fn all(linked: &Linked<'_, '_>, report: &mut Report) -> Arena<Operation> {
    let operations = linked.index.parts.operations.iter().zip(&linked.operations);
    let mut all = Arena::with_capacity(linked.operations.len());
    for (flat, links) in operations {
        let operation = operation(linked, flat, links, report);
        all.alloc(operation);
    }
    all
}

fn operation(
    linked: &Linked<'_, '_>,
    flat: &Flat<'_>,
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
    let compression = traits.fields("smithy.api#requestCompression", report);
    let encodings = compression.and_then(|fields| fields.strings("encodings", report));
    // An input or output that is wrong is reported; the model is not handed on.
    let nothing = id(0);
    let at = flat.site.at();
    Operation {
        name: name(flat),
        docs: docs(traits, report),
        input: links.input.unwrap_or(nothing),
        output: links.output.unwrap_or(nothing),
        errors: errors(linked, links),
        http,
        readonly: traits.annotation("smithy.api#readonly", report),
        idempotent: traits.annotation("smithy.api#idempotent", report),
        paginated: paginated::paginated(linked, flat, links, report),
        host_prefix,
        checksum_required: traits.annotation("smithy.api#httpChecksumRequired", report),
        request_compression: encodings
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        unauthenticated: unauthenticated(linked, flat, links, report),
        unsigned_payload: traits.has("aws.auth#unsignedPayload"),
        traits: traits.applied(&at),
        at,
    }
}

/// Its own errors and those of its services.
fn errors(linked: &Linked<'_, '_>, links: &OperationLinks) -> Vec<ShapeId> {
    let common = links
        .services
        .iter()
        .flat_map(|place| &linked.services[*place].errors);
    let mut errors: Vec<ShapeId> = links.errors.iter().chain(common).copied().collect();
    errors.sort_unstable();
    errors.dedup();
    errors
}

/// Whether `smithy.api#auth`, the operation's or else its service's, lists no way to authenticate.
fn unauthenticated(
    linked: &Linked<'_, '_>,
    flat: &Flat<'_>,
    links: &OperationLinks,
    report: &mut Report,
) -> bool {
    const AUTH: &str = "smithy.api#auth";
    let services = &linked.index.parts.services;
    let holders = [flat]
        .into_iter()
        .chain(links.services.iter().map(|place| &services[*place]));
    let holder = { holders }.find(|holder| holder.traits.has(AUTH));
    let ways = holder.and_then(|holder| holder.traits.strings(AUTH, report));
    ways.is_some_and(|ways| ways.is_empty())
}
