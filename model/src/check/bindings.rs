//! The HTTP bindings of the members of inputs, outputs and errors (Smithy 2.0, "HTTP bindings").

use std::collections::BTreeMap;

use super::http::{is_integer, is_token};
use super::messages::{Direction, Message, messages};
use super::{
    at_member, at_trait, is_plain, is_plain_list, is_string, list_words, member_id, other_trait,
    target_of, target_words,
};
use crate::model::{Binding, Kind, Member, Model};
use crate::traits::TraitId;
use crate::{Code, Diagnostic, Report};

const QUERY: TraitId = TraitId::HttpQuery;
const PREFIX_HEADERS: TraitId = TraitId::HttpPrefixHeaders;
const HEADER: TraitId = TraitId::HttpHeader;

/// Headers that HTTP libraries and signers set (Smithy 2.0, "Restricted HTTP headers").
const RESTRICTED: &[&str] = &[
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "www-authenticate",
    "x-forwarded-for",
];

fn requests(model: &Model) -> impl Iterator<Item = Message<'_>> {
    messages(model)
        .into_iter()
        .filter(|message| message.direction == Direction::Request)
}

/// A finding at the target of a member; `what` the member is, and the `kinds` that it may target.
fn wrong_target(
    model: &Model,
    code: Code,
    message: &Message,
    member: &Member,
    what: &str,
    kinds: &str,
) -> Diagnostic {
    let words = match &model.shapes[member.target].kind {
        Kind::List(list) => format!(" of {}s", model.shapes[list.member.target].kind.noun()),
        Kind::Map(map) => format!(" of {}s", model.shapes[map.value.target].kind.noun()),
        _ => String::new(),
    };
    let text = format!(
        "the {what} `{}` targets {}{words}",
        member.name,
        target_words(model, member)
    );
    Diagnostic::new(code, text, target_of(member))
        .shape(member_id(message.shape, member))
        .help(format!("it may target {kinds}"))
}

/// Query parameters are plain values or lists of them, and each has its own name.
pub(super) fn queries(model: &Model, report: &mut Report) {
    for message in requests(model) {
        let mut names: BTreeMap<&str, &Member> = BTreeMap::new();
        for member in message.members {
            let Binding::Query(name) = &member.binding else {
                continue;
            };
            let kind = &model.shapes[member.target].kind;
            if !is_plain(kind) && !is_plain_list(model, kind) {
                let kinds = "a string, number, boolean, timestamp or a list of them";
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
                let text = format!("the query parameter of `{}` has no name", member.name);
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
                    "`{}` and `{}` are both bound to the query parameter `{name}`",
                    first.name, member.name
                );
                let diagnostic = at_trait(Code::RepeatedQuery, text, message.shape, member, QUERY);
                report.push(other_trait(diagnostic, first, QUERY, "first bound here"));
            }
        }
    }
}

/// Headers have valid names, each its own, and values that can be written in one.
pub(super) fn headers(model: &Model, report: &mut Report) {
    for message in messages(model) {
        let mut names: BTreeMap<String, &Member> = BTreeMap::new();
        for member in message.members {
            let Binding::Header(name) = &member.binding else {
                continue;
            };
            let kind = &model.shapes[member.target].kind;
            if !is_plain(kind) && !is_plain_list(model, kind) {
                let kinds = "a string, number, boolean, timestamp or a list of them";
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
                let text = format!("`{name}` is not the name of a header");
                report.push(
                    at(Code::InvalidHeaderName, text)
                        .help("a name has letters, digits and hyphens"),
                );
            } else if RESTRICTED.contains(&&*lower) {
                let text = format!("`{name}` belongs to HTTP itself");
                let help = "what stands here may be overwritten or refused on the way; take another header";
                report.push(at(Code::RestrictedHeader, text).help(help));
            }
            if let Some(first) = names.insert(lower, member) {
                let text = format!(
                    "`{}` and `{}` are both bound to the header `{name}`",
                    first.name, member.name
                );
                let diagnostic = at(Code::RepeatedHeader, text)
                    .help("the case of a header's name does not matter");
                report.push(other_trait(diagnostic, first, HEADER, "first bound here"));
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
                let what = "member for prefixed headers";
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
                let text = format!("`{prefix}` is not the beginning of a header's name");
                report.push(
                    at_trait(
                        Code::InvalidHeaderName,
                        text,
                        message.shape,
                        member,
                        PREFIX_HEADERS,
                    )
                    .help("a name has letters, digits and hyphens"),
                );
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
                    "`{}` takes all headers, and `{name}` is bound to `{}` too",
                    member.name, other.name
                );
                (
                    Code::AllHeaders,
                    text,
                    "the header is read into both, and its own member wins when it is sent",
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
            report.push(other_trait(
                diagnostic.help(help),
                member,
                PREFIX_HEADERS,
                "the prefix stands here",
            ));
        }
    }
}

/// All query parameters together are a map of strings or of lists of strings.
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
                let what = "member for query parameters";
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

/// The status code is an integer of an output.
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

/// A member is bound to one part of the message.
pub(super) fn several(model: &Model, report: &mut Report) {
    for message in messages(model) {
        for member in message.members {
            let known = member.traits.iter().filter_map(|it| it.known());
            let bound: Vec<TraitId> = known.filter(|id| conflicts(member, *id)).collect();
            if let [first, second, ..] = bound.as_slice() {
                let short = bound.iter().map(|id| id.short());
                let text = format!("`{}` is bound by {}", member.name, list_words(short));
                let diagnostic =
                    at_trait(Code::SeveralBindings, text, message.shape, member, *second);
                report.push(other_trait(
                    diagnostic.help("keep one of these traits"),
                    member,
                    *first,
                    "also bound here",
                ));
            }
        }
    }
}

/// Whether another trait of the member conflicts with this one.
fn conflicts(member: &Member, id: TraitId) -> bool {
    let others = id.spec().conflicts.iter().filter(|other| **other != id);
    let mut others = others.filter(|other| member.traits.has(**other));
    others.next().is_some()
}

/// Payload, prefixed headers, the map of all query parameters and the status code are bound at most
/// once.
pub(super) fn exclusive(model: &Model, report: &mut Report) {
    for message in messages(model) {
        let mut bound: BTreeMap<TraitId, &Member> = BTreeMap::new();
        for member in message.members {
            let id = match member.binding {
                Binding::Payload => TraitId::HttpPayload,
                Binding::PrefixHeaders(_) => TraitId::HttpPrefixHeaders,
                Binding::QueryParams => TraitId::HttpQueryParams,
                Binding::StatusCode => TraitId::HttpResponseCode,
                Binding::Document | Binding::Label | Binding::Query(_) | Binding::Header(_) => {
                    continue;
                }
            };
            let Some(first) = bound.get(&id) else {
                bound.insert(id, member);
                continue;
            };
            let text = format!(
                "`{}` and `{}` both have the trait `{}`",
                first.name,
                member.name,
                id.short()
            );
            let diagnostic = at_trait(Code::RepeatedBinding, text, message.shape, member, id)
                .help("only one member of a structure may have this trait");
            report.push(other_trait(diagnostic, first, id, "first bound here"));
        }
    }
}

/// Beside a payload every member is bound to something.
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
                "`{}` is bound to nothing, and `{}` is the whole body of {}",
                member.name,
                payload.name,
                message.direction.noun()
            );
            let help = match message.direction {
                Direction::Request => "bind it with `httpLabel`, `httpQuery` or `httpHeader`",
                Direction::Response | Direction::Error => "bind it with `httpHeader`",
            };
            let diagnostic =
                at_member(Code::UnboundBesidePayload, text, message.shape, member).help(help);
            report.push(other_trait(
                diagnostic,
                payload,
                TraitId::HttpPayload,
                "the payload is bound here",
            ));
        }
    }
}
