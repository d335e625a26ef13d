//! Test cases of protocols (Smithy 2.0, "HTTP Protocol Compliance Tests").

mod node;
mod parameters;

use self::node::Node;
use super::index::id;
use super::mixins::Flat;
use super::traits::Trait;
use super::usage::Linked;
use crate::ast::Json;
use crate::diagnostic::Report;
use crate::model::{
    CaseAnswer, CaseAssertion, CaseHead, CaseRequest, CaseSide, Cases, EventStreamCase,
    HeaderPresence, MalformedCase, OperationId, RequestCase, ResponseCase,
};

const REQUESTS: &str = "smithy.test#httpRequestTests";
const RESPONSES: &str = "smithy.test#httpResponseTests";
const MALFORMED: &str = "smithy.test#httpMalformedRequestTests";
const EVENT_STREAMS: &str = "smithy.test#eventStreamTests";

/// The cases of all operations and errors.
pub(super) fn all(linked: &Linked<'_, '_>, report: &mut Report) -> Cases {
    let mut cases = Cases::default();
    for (place, flat) in linked.index.parts.operations.iter().enumerate() {
        let operation = id(place);
        each(flat, REQUESTS, report, |node, report| {
            cases.requests.extend(request_case(node, operation, report));
        });
        each(flat, RESPONSES, report, |node, report| {
            let answer = CaseAnswer::Output(operation);
            cases.responses.extend(response_case(node, answer, report));
        });
        each(flat, MALFORMED, report, |node, report| {
            malformed_cases(node, operation, &mut cases.malformed, report);
        });
        each(flat, EVENT_STREAMS, report, |node, report| {
            let case = head(node, None, report).map(|head| EventStreamCase {
                head,
                operation,
                value: node.json().to_value(),
            });
            cases.event_streams.extend(case);
        });
    }
    for (place, flat) in linked.shapes().iter().enumerate() {
        if flat.traits.has("smithy.api#error") {
            each(flat, RESPONSES, report, |node, report| {
                let answer = CaseAnswer::Error(id(place));
                cases.responses.extend(response_case(node, answer, report));
            });
        }
    }
    cases
}

/// Hands the cases of a trait to `read`.
fn each(
    flat: &Flat<'_>,
    name: &str,
    report: &mut Report,
    mut read: impl FnMut(&Node<'_, '_>, &mut Report),
) {
    let Some(applied) = flat.traits.get(name) else {
        return;
    };
    for case in elements(applied, report) {
        read(&case, report);
    }
}

fn elements<'t, 'a>(applied: &'t Trait<'a>, report: &mut Report) -> Vec<Node<'t, 'a>> {
    let whole = Node::new(applied, &applied.value);
    whole.items(report).unwrap_or_default()
}

/// What cases of every kind have.
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
const MALFORMED_CASE: &[&str] = &["request", "response", "testParameters"];
const MALFORMED_RESPONSE: &[&str] = &["code", "headers", "body"];

/// The keys of a node that are none of these.
fn unread(node: &Node<'_, '_>, read: &[&[&str]]) -> Vec<Box<str>> {
    let keys = node.keys().into_iter();
    let unread = keys.filter(|key| read.iter().all(|read| !read.contains(key)));
    let mut unread = unread.map(Box::from).collect::<Vec<Box<str>>>();
    unread.sort_unstable();
    unread
}

/// What every case has. `index` is that of an expanded one.
fn head(node: &Node<'_, '_>, index: Option<usize>, report: &mut Report) -> Option<CaseHead> {
    let name = node.needed_string("id", report);
    let protocol = node.needed_string("protocol", report);
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
        at: node.at(),
    })
}

fn request_case(
    node: &Node<'_, '_>,
    operation: OperationId,
    report: &mut Report,
) -> Option<RequestCase> {
    let head = head(node, None, report);
    let request = request(node, report);
    Some(RequestCase {
        host: node.string("host", report),
        resolved_host: node.string("resolvedHost", report),
        forbid_query: node.strings("forbidQueryParams", report),
        require_query: node.strings("requireQueryParams", report),
        presence: presence(node, report),
        params: params(node, report),
        head: head.map(|head| CaseHead {
            unread: unread(node, &[HEAD, REQUEST, REQUEST_CASE]),
            ..head
        })?,
        operation,
        request: request?,
    })
}

fn request(node: &Node<'_, '_>, report: &mut Report) -> Option<CaseRequest> {
    let method = node.needed_string("method", report);
    let uri = node.needed_string("uri", report);
    Some(CaseRequest {
        query: node.strings("queryParams", report),
        headers: node.pairs("headers", report),
        body: node.string("body", report),
        body_media_type: node.string("bodyMediaType", report),
        method: method?,
        uri: uri?,
    })
}

fn presence(node: &Node<'_, '_>, report: &mut Report) -> HeaderPresence {
    HeaderPresence {
        forbidden: node.strings("forbidHeaders", report),
        required: node.strings("requireHeaders", report),
    }
}

/// The values of a case; one without any has an empty structure.
fn params(node: &Node<'_, '_>, report: &mut Report) -> serde_json::Value {
    let empty = || serde_json::Value::Object(serde_json::Map::new());
    match node.get("params") {
        None => empty(),
        Some(params) if matches!(params.json(), Json::Object(_)) => params.json().to_value(),
        Some(params) => {
            params.malformed("an object", report);
            empty()
        }
    }
}

fn response_case(
    node: &Node<'_, '_>,
    answer: CaseAnswer,
    report: &mut Report,
) -> Option<ResponseCase> {
    let head = head(node, None, report);
    let status = node.needed_status("code", report);
    Some(ResponseCase {
        answer,
        headers: node.pairs("headers", report),
        presence: presence(node, report),
        body: node.string("body", report),
        body_media_type: node.string("bodyMediaType", report),
        params: params(node, report),
        head: head.map(|head| CaseHead {
            unread: unread(node, &[HEAD, RESPONSE_CASE]),
            ..head
        })?,
        status: status?,
    })
}

/// A case for each set of parameters; one where there are none.
fn malformed_cases(
    node: &Node<'_, '_>,
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
                let node = node.in_place(&expanded);
                cases.extend(malformed_case(&node, operation, Some(index), report));
            }
        }
    }
}

fn malformed_case(
    node: &Node<'_, '_>,
    operation: OperationId,
    index: Option<usize>,
    report: &mut Report,
) -> Option<MalformedCase> {
    let head = head(node, index, report);
    let asked = node.needed_object("request", report);
    let request = asked.as_ref().and_then(|node| request(node, report));
    let response = node.needed_object("response", report)?;
    let mut unread = self::unread(node, &[HEAD, MALFORMED_CASE]);
    unread.extend(asked.iter().flat_map(|node| self::unread(node, &[REQUEST])));
    unread.extend(self::unread(&response, &[MALFORMED_RESPONSE]));
    let status = response.needed_status("code", report);
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

fn assertion(body: &Node<'_, '_>, report: &mut Report) -> Option<CaseAssertion> {
    let media_type = body.needed_string("mediaType", report);
    let assertion = body.needed_object("assertion", report)?;
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
