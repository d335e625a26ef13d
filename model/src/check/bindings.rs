//! The HTTP bindings of the members of inputs, outputs and errors (Smithy 2.0, "HTTP bindings").

use std::collections::BTreeMap;

use super::http::is_integer;
use super::messages::{Direction, Message, messages, messages_of, services};
use super::shapes::category;
use super::{
    at_member, at_trait, is_plain, is_plain_list, is_string, member_id, related_trait,
    target_location, target_phrase,
};
use crate::model::{Binding, Kind, Member, Model};
use crate::protocol::Bindings;
use crate::syntax::is_token;
use crate::traits::{Category, TraitId};
use crate::words::with_article;
use crate::{Code, Diagnostic, Report};

const QUERY: TraitId = TraitId::HttpQuery;
const PREFIX_HEADERS: TraitId = TraitId::HttpPrefixHeaders;
const HEADER: TraitId = TraitId::HttpHeader;

/// Headers that delimit messages and concern a single connection (RFC 9110, section 7.6.1). The
/// transport sets them.
const FRAMING: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Other headers that HTTP libraries and signers set (Smithy 2.0, "Restricted HTTP headers").
const RESTRICTED: &[&str] = &[
    "authorization",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "user-agent",
    "www-authenticate",
    "x-forwarded-for",
];

fn requests(model: &Model) -> impl Iterator<Item = Message<'_>> {
    messages(model)
        .into_iter()
        .filter(|message| message.direction == Direction::Request)
}

/// A diagnostic at the target of a member. `what` is the role of the member, `kinds` are the shapes
/// that it may target.
fn wrong_target(
    model: &Model,
    code: Code,
    message: &Message,
    member: &Member,
    what: &str,
    kinds: &str,
) -> Diagnostic {
    let elements = match &model.shapes[member.target].kind {
        Kind::List(list) => format!(" of {}s", model.shapes[list.member.target].kind.noun()),
        Kind::Map(map) => format!(" of {}s", model.shapes[map.value.target].kind.noun()),
        _ => String::new(),
    };
    let text = format!(
        "the {what} `{}` targets {}{elements}",
        member.name,
        target_phrase(model, member)
    );
    Diagnostic::new(code, text, target_location(member))
        .shape(member_id(message.shape, member))
        .help(format!("a {what} may target {kinds}"))
}

/// Query parameters are plain values or lists of them, and have different names.
pub(super) fn queries(model: &Model, report: &mut Report) {
    for message in requests(model) {
        let mut names: BTreeMap<&str, &Member> = BTreeMap::new();
        for member in message.members {
            let Binding::Query(name) = &member.binding else {
                continue;
            };
            let kind = &model.shapes[member.target].kind;
            if !is_plain(kind) && !is_plain_list(model, kind) {
                let kinds = "a string, number, boolean or timestamp, or a list of these";
                report.push(wrong_target(
                    model,
                    Code::QueryTarget,
                    &message,
                    member,
                    "query parameter",
                    kinds,
                ));
            }
            if name.is_empty() {
                let text = format!(
                    "`{}` is bound to a query parameter with an empty name",
                    member.name
                );
                report.push(at_trait(
                    Code::InvalidHeaderName,
                    text,
                    message.shape,
                    member,
                    QUERY,
                ));
            }
            if let Some(first) = names.insert(name, member) {
                let text = format!(
                    "`{}` and `{}` are bound to the same query parameter, `{name}`",
                    first.name, member.name
                );
                let diagnostic = at_trait(Code::RepeatedQuery, text, message.shape, member, QUERY)
                    .help("bind one of them to another parameter");
                report.push(related_trait(diagnostic, first, QUERY, "first bound here"));
            }
        }
    }
}

/// Headers have valid and different names, and values that can be written in a header.
pub(super) fn headers(model: &Model, report: &mut Report) {
    for message in messages(model) {
        let mut names: BTreeMap<String, &Member> = BTreeMap::new();
        for member in message.members {
            let Binding::Header(name) = &member.binding else {
                continue;
            };
            let kind = &model.shapes[member.target].kind;
            if !is_plain(kind) && !is_plain_list(model, kind) {
                let kinds = "a string, number, boolean or timestamp, or a list of these";
                report.push(wrong_target(
                    model,
                    Code::HeaderTarget,
                    &message,
                    member,
                    "header",
                    kinds,
                ));
            }
            let at = |code, text: String| at_trait(code, text, message.shape, member, HEADER);
            let lower = name.to_ascii_lowercase();
            if !is_token(name) {
                let text = format!("`{name}` is not a valid header name");
                report.push(
                    at(Code::InvalidHeaderName, text).help("use letters, digits and hyphens"),
                );
            } else if FRAMING.contains(&&*lower) {
                let text = format!("`{name}` is set by the transport");
                let help = "use another header: the value of the member is read from this one, but \
                            is not sent where it could break the message";
                report.push(at(Code::RestrictedHeader, text).help(help));
            } else if RESTRICTED.contains(&&*lower) {
                let text = format!("`{name}` is reserved for HTTP itself");
                let help = "use another header: clients, servers and proxies may overwrite or \
                            reject this one";
                report.push(at(Code::RestrictedHeader, text).help(help));
            }
            if let Some(first) = names.insert(lower, member) {
                let text = format!(
                    "`{}` and `{}` are bound to the same header, `{name}`",
                    first.name, member.name
                );
                let diagnostic = at(Code::RepeatedHeader, text)
                    .help("bind one of them to another header; the names of headers ignore case");
                report.push(related_trait(diagnostic, first, HEADER, "first bound here"));
            }
        }
    }
}

/// Prefixed headers are a dense map of strings, and no other header starts with their prefix.
pub(super) fn prefix_headers(model: &Model, report: &mut Report) {
    for message in messages(model) {
        for member in message.members {
            let Binding::PrefixHeaders(prefix) = &member.binding else {
                continue;
            };
            let strings = match &model.shapes[member.target].kind {
                Kind::Map(map) => !map.sparse && is_string(&model.shapes[map.value.target].kind),
                _ => false,
            };
            if !strings {
                let what = "member bound to prefixed headers";
                report.push(wrong_target(
                    model,
                    Code::PrefixHeadersTarget,
                    &message,
                    member,
                    what,
                    "a map of strings that is not sparse",
                ));
            }
            if !prefix.is_empty() && !is_token(prefix) {
                let text = format!("`{prefix}` is not a valid prefix of a header name");
                report.push(
                    at_trait(
                        Code::InvalidHeaderName,
                        text,
                        message.shape,
                        member,
                        PREFIX_HEADERS,
                    )
                    .help("use letters, digits and hyphens"),
                );
            }
            let lower = prefix.to_ascii_lowercase();
            let framing = FRAMING.iter().find(|name| name.starts_with(&lower));
            if let Some(framing) = framing.filter(|_| !prefix.is_empty()) {
                let text = format!(
                    "headers with the prefix `{prefix}` include `{framing}`, which is set by the \
                     transport"
                );
                let at = at_trait(
                    Code::RestrictedHeader,
                    text,
                    message.shape,
                    member,
                    PREFIX_HEADERS,
                );
                report.push(at.help("use another prefix: an entry for this header is not sent"));
            }
            prefix_conflicts(&message, member, prefix, report);
        }
    }
}

fn prefix_conflicts(message: &Message, member: &Member, prefix: &str, report: &mut Report) {
    for other in message.members {
        let Binding::Header(name) = &other.binding else {
            continue;
        };
        if name
            .to_ascii_lowercase()
            .starts_with(&prefix.to_ascii_lowercase())
        {
            let (code, text, help) = if prefix.is_empty() {
                let text = format!(
                    "`{}` receives all headers, but `{name}` is also bound to `{}`",
                    member.name, other.name
                );
                (
                    Code::AllHeaders,
                    text,
                    "the header is read into both members; when it is sent, its own member wins",
                )
            } else {
                let text = format!(
                    "the header `{name}` starts with `{prefix}`, the prefix of `{}`",
                    member.name
                );
                (
                    Code::PrefixConflict,
                    text,
                    "give the header another name, or the map another prefix",
                )
            };
            let diagnostic = at_trait(code, text, message.shape, other, HEADER);
            report.push(related_trait(
                diagnostic.help(help),
                member,
                PREFIX_HEADERS,
                "the prefix",
            ));
        }
    }
}

/// A member for all query parameters is a map of strings or of lists of strings.
pub(super) fn query_params(model: &Model, report: &mut Report) {
    for message in requests(model) {
        for member in message
            .members
            .iter()
            .filter(|member| member.binding == Binding::QueryParams)
        {
            let strings = match &model.shapes[member.target].kind {
                Kind::Map(map) => match &model.shapes[map.value.target].kind {
                    Kind::List(list) => is_string(&model.shapes[list.member.target].kind),
                    value => is_string(value),
                },
                _ => false,
            };
            if !strings {
                let what = "member bound to all query parameters";
                report.push(wrong_target(
                    model,
                    Code::QueryParamsTarget,
                    &message,
                    member,
                    what,
                    "a map of strings or of lists of strings",
                ));
            }
        }
    }
}

/// A member for the status code is an integer.
pub(super) fn status_codes(model: &Model, report: &mut Report) {
    for message in messages(model) {
        for member in message
            .members
            .iter()
            .filter(|member| member.binding == Binding::StatusCode)
        {
            if !is_integer(&model.shapes[member.target].kind) {
                report.push(wrong_target(
                    model,
                    Code::StatusCodeTarget,
                    &message,
                    member,
                    "status code",
                    "an integer",
                ));
            }
        }
    }
}

/// The target of a payload is a shape that the protocols of the service can send alone.
pub(super) fn payload_targets(model: &Model, report: &mut Report) {
    for (service, operations) in services(model) {
        let protocols = service.protocols.iter().filter(|protocol| {
            let spec = protocol.spec();
            spec.bindings == Bindings::Http
        });
        for (protocol, message) in protocols.flat_map(|protocol| {
            let operations = operations.clone();
            let messages = messages_of(model, operations);
            messages.into_iter().map(move |message| (protocol, message))
        }) {
            let payloads = message.members.iter();
            for member in payloads.filter(|member| member.binding == Binding::Payload) {
                let allowed = protocol.spec().payloads;
                if allowed.contains(&category(&model.shapes[member.target].kind)) {
                    continue;
                }
                let diagnostic = wrong_target(
                    model,
                    Code::PayloadTarget,
                    &message,
                    member,
                    "payload",
                    &format!("{} in `{}`", one_of(allowed), protocol.id()),
                );
                report.push(diagnostic);
            }
        }
    }
}

/// `a blob, a string or a structure`.
fn one_of(categories: &[Category]) -> String {
    let nouns: Vec<String> = categories
        .iter()
        .map(|category| with_article(category.noun()))
        .collect();
    match nouns.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        nouns => nouns.concat(),
    }
}

/// If a member is the payload, every other member has a binding.
pub(super) fn payloads(model: &Model, report: &mut Report) {
    for message in messages(model) {
        let Some(payload) = message
            .members
            .iter()
            .find(|member| member.binding == Binding::Payload)
        else {
            continue;
        };
        for member in message
            .members
            .iter()
            .filter(|member| member.binding == Binding::Document)
        {
            let text = format!(
                "`{}` has no HTTP binding, but `{}` is the whole body of the {}",
                member.name,
                payload.name,
                message.direction.noun()
            );
            let help = match message.direction {
                Direction::Request => {
                    "bind the member with `httpLabel`, `httpQuery` or `httpHeader`"
                }
                Direction::Response | Direction::Error => "bind the member with `httpHeader`",
            };
            let diagnostic =
                at_member(Code::UnboundBesidePayload, text, message.shape, member).help(help);
            report.push(related_trait(
                diagnostic,
                payload,
                TraitId::HttpPayload,
                "the payload",
            ));
        }
    }
}
