//! Test cases of protocols (Smithy 2.0, "HTTP Protocol Compliance Tests").

mod parameters;

use super::applied::AppliedTrait;
use super::index::id;
use super::links::Links;
use super::mixins::FlatShape;
use super::part::ValuePart;
use crate::diagnostic::Report;
use crate::model::{
    CaseAssertion, CaseHead, CaseRequest, CaseSide, CaseSubject, Cases, EventStreamCase,
    HeaderPresence, MalformedCase, OperationId, RequestCase, ResponseCase,
};
use crate::node::{self, Object};
use crate::traits::TraitId;

const REQUESTS: TraitId = TraitId::HttpRequestTests;
const RESPONSES: TraitId = TraitId::HttpResponseTests;
const MALFORMED: TraitId = TraitId::HttpMalformedRequestTests;
const EVENT_STREAMS: TraitId = TraitId::EventStreamTests;

/// The cases of all operations and errors.
pub(super) fn all(linked: &Links<'_, '_>, report: &mut Report) -> Cases {
    let mut cases = Cases::default();
    for (place, flat) in linked.index.by_kind.operations.iter().enumerate() {
        let operation = id(place);
        each(flat, REQUESTS, report, |node, report| {
            let case = request_case(node, operation, report).map(|mut case| {
                case.head
                    .unread
                    .retain(|key| !repeats_binding(flat, node, key));
                case
            });
            cases.requests.extend(case);
        });
        each(flat, RESPONSES, report, |node, report| {
            let subject = CaseSubject::Output(operation);
            let case = response_case(node, subject, report).map(|mut case| {
                case.head
                    .unread
                    .retain(|key| !repeats_binding(flat, node, key));
                case
            });
            cases.responses.extend(case);
        });
        each(flat, MALFORMED, report, |node, report| {
            malformed_cases(node, operation, &mut cases.malformed, report);
        });
        each(flat, EVENT_STREAMS, report, |node, report| {
            let case = head(node, None, report).map(|head| EventStreamCase {
                head,
                operation,
                value: node.value().to_static(),
            });
            cases.event_streams.extend(case);
        });
    }
    for (place, flat) in linked.shapes().iter().enumerate() {
        if flat.traits.has(TraitId::Error) {
            each(flat, RESPONSES, report, |node, report| {
                let subject = CaseSubject::Error(id(place));
                cases.responses.extend(response_case(node, subject, report));
            });
        }
    }
    cases
}

/// Calls `read` with each case of a trait.
fn each(
    flat: &FlatShape<'_>,
    id: TraitId,
    report: &mut Report,
    mut read: impl FnMut(&ValuePart<'_, '_>, &mut Report),
) {
    let Some(applied) = flat.traits.get(id) else {
        return;
    };
    for case in elements(applied, report) {
        read(&case, report);
    }
}

fn elements<'t, 'a>(applied: &'t AppliedTrait<'a>, report: &mut Report) -> Vec<ValuePart<'t, 'a>> {
    let whole = ValuePart::new(applied);
    whole.items(report).unwrap_or_default()
}

/// The keys of all cases.
const HEAD: &[&str] = &["id", "protocol", "documentation", "appliesTo", "tags"];
const REQUEST: &[&str] = &[
    "method",
    "uri",
    "queryParams",
    "headers",
    "body",
    "bodyMediaType",
];
const REQUEST_CASE: &[&str] = &[
    "host",
    "resolvedHost",
    "forbidQueryParams",
    "requireQueryParams",
    "forbidHeaders",
    "requireHeaders",
    "params",
];
const RESPONSE_CASE: &[&str] = &[
    "code",
    "headers",
    "forbidHeaders",
    "requireHeaders",
    "body",
    "bodyMediaType",
    "params",
];
/// Vendor parameters of a response are only read if they describe an error: they have no other
/// keys.
const VENDOR: &[&str] = &["vendorParams", "vendorParamsShape"];
const ERROR_PARAMS: &[&str] = &["code", "type"];
/// Vendor parameters of a request may be the configuration of a client, whose effect is in the URI
/// and in the resolved host.
const CONFIGURATION: &[&str] = &["scopedConfig"];
const MALFORMED_CASE: &[&str] = &["request", "response", "testParameters"];
const MALFORMED_RESPONSE: &[&str] = &["code", "headers", "body"];

/// The keys that are not read.
fn unread(node: &ValuePart<'_, '_>, read: &[&[&str]]) -> Vec<Box<str>> {
    let keys = node.keys().into_iter();
    let unread = keys.filter(|key| read.iter().all(|read| !read.contains(key)));
    let mut unread = unread.map(Box::from).collect::<Vec<Box<str>>>();
    unread.sort_unstable();
    unread
}

/// Whether a key of a case is one of the binding of its operation, and has the same value. alloy's
/// suite has the method and path of requests in cases of responses, and the status in cases of
/// requests.
fn repeats_binding(flat: &FlatShape<'_>, node: &ValuePart<'_, '_>, key: &str) -> bool {
    let applied = flat.traits.get(TraitId::Http);
    let bound = applied.and_then(|http| http.value.get(key));
    let stated = node.get(key);
    matches!(key, "method" | "uri" | "code")
        && bound.is_some_and(|bound| stated.is_some_and(|stated| stated.value() == bound))
}

/// The part that all cases have. `index` is the number of an expanded case.
fn head(node: &ValuePart<'_, '_>, index: Option<usize>, report: &mut Report) -> Option<CaseHead> {
    let name = node.required_string("id", report);
    let protocol = node.required_string("protocol", report);
    let applies_to = node.get("appliesTo").and_then(|side| match side.text() {
        Some("client") => Some(CaseSide::Client),
        Some("server") => Some(CaseSide::Server),
        _ => {
            side.malformed("\"client\" or \"server\"", report);
            None
        }
    });
    let name = match index {
        Some(index) => format!("{}_case{index}", name?).into(),
        None => name?,
    };
    Some(CaseHead {
        id: name,
        protocol: protocol?,
        applies_to,
        unread: Vec::new(),
        location: node.location(),
    })
}

fn request_case(
    node: &ValuePart<'_, '_>,
    operation: OperationId,
    report: &mut Report,
) -> Option<RequestCase> {
    let head = head(node, None, report);
    let request = request(node, report);
    let config = node
        .get("vendorParams")
        .filter(|params| unread(params, &[CONFIGURATION]).is_empty())
        .filter(|_| node.get("resolvedHost").is_some())
        .and_then(|params| params.get("scopedConfig"));
    let vendor = if config.is_some() { VENDOR } else { &[] };
    Some(RequestCase {
        host: node.string("host", report),
        resolved_host: node.string("resolvedHost", report),
        forbid_query: node.strings("forbidQueryParams", report),
        require_query: node.strings("requireQueryParams", report),
        presence: presence(node, report),
        params: params(node, report),
        config: config.map(|config| config.value().to_static()),
        head: head.map(|head| CaseHead {
            unread: unread(node, &[HEAD, REQUEST, REQUEST_CASE, vendor]),
            ..head
        })?,
        operation,
        request: request?,
    })
}

fn request(node: &ValuePart<'_, '_>, report: &mut Report) -> Option<CaseRequest> {
    let method = node.required_string("method", report);
    let uri = node.required_string("uri", report);
    Some(CaseRequest {
        query: node.strings("queryParams", report),
        headers: node.pairs("headers", report),
        body: node.string("body", report),
        body_media_type: node.string("bodyMediaType", report),
        method: method?,
        uri: uri?,
    })
}

fn presence(node: &ValuePart<'_, '_>, report: &mut Report) -> HeaderPresence {
    HeaderPresence {
        forbidden: node.strings("forbidHeaders", report),
        required: node.strings("requireHeaders", report),
    }
}

/// The parameters of a case; an empty structure if it has none.
fn params(node: &ValuePart<'_, '_>, report: &mut Report) -> node::Node<'static> {
    let empty = || node::Node::from(Object::default());
    match node.get("params") {
        None => empty(),
        Some(params) if params.value().as_object().is_some() => params.value().to_static(),
        Some(params) => {
            params.malformed("an object", report);
            empty()
        }
    }
}

fn response_case(
    node: &ValuePart<'_, '_>,
    subject: CaseSubject,
    report: &mut Report,
) -> Option<ResponseCase> {
    let head = head(node, None, report);
    let status = node.required_status("code", report);
    let params = node.get("vendorParams");
    let error = params
        .filter(|params| !params.keys().is_empty() && unread(params, &[ERROR_PARAMS]).is_empty());
    let vendor = if error.is_some() { VENDOR } else { &[] };
    let mut error = |key| error.as_ref()?.string(key, report);
    let (error_code, error_type) = (error("code"), error("type"));
    Some(ResponseCase {
        subject,
        headers: node.pairs("headers", report),
        presence: presence(node, report),
        body: node.string("body", report),
        body_media_type: node.string("bodyMediaType", report),
        error_code,
        error_type,
        params: self::params(node, report),
        head: head.map(|head| CaseHead {
            unread: unread(node, &[HEAD, RESPONSE_CASE, vendor]),
            ..head
        })?,
        status: status?,
    })
}

/// One case for each set of parameters, or one if the case has no parameters.
fn malformed_cases(
    node: &ValuePart<'_, '_>,
    operation: OperationId,
    cases: &mut Vec<MalformedCase>,
    report: &mut Report,
) {
    match parameters::sets(node, report) {
        None => cases.extend(malformed_case(node, operation, None, report)),
        Some(sets) => {
            for (index, set) in sets.iter().enumerate() {
                let Some(expanded) = parameters::expand(node, set, report) else {
                    return;
                };
                let node = node.with_value(&expanded);
                cases.extend(malformed_case(&node, operation, Some(index), report));
            }
        }
    }
}

fn malformed_case(
    node: &ValuePart<'_, '_>,
    operation: OperationId,
    index: Option<usize>,
    report: &mut Report,
) -> Option<MalformedCase> {
    let head = head(node, index, report);
    let asked = node.required_object("request", report);
    let request = asked.as_ref().and_then(|node| request(node, report));
    let response = node.required_object("response", report)?;
    let mut unread = self::unread(node, &[HEAD, MALFORMED_CASE]);
    unread.extend(asked.iter().flat_map(|node| self::unread(node, &[REQUEST])));
    unread.extend(self::unread(&response, &[MALFORMED_RESPONSE]));
    let status = response.required_status("code", report);
    let headers = response.pairs("headers", report);
    let body = match response.get("body") {
        Some(body) => Some(assertion(&body, report)?),
        None => None,
    };
    Some(MalformedCase {
        head: head.map(|head| CaseHead { unread, ..head })?,
        operation,
        request: request?,
        status: status?,
        headers,
        body,
    })
}

fn assertion(body: &ValuePart<'_, '_>, report: &mut Report) -> Option<CaseAssertion> {
    let media_type = body.required_string("mediaType", report);
    let assertion = body.required_object("assertion", report)?;
    match (assertion.get("contents"), assertion.get("messageRegex")) {
        (Some(_), None) => Some(CaseAssertion::Contents {
            text: assertion.string("contents", report)?,
            media_type: media_type?,
        }),
        (None, Some(_)) => Some(CaseAssertion::MessageRegex(
            assertion.string("messageRegex", report)?,
        )),
        _ => {
            assertion.malformed("an object with `contents` or `messageRegex`", report);
            None
        }
    }
}
