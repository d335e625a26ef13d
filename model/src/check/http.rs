//! The `http` trait of operations (Smithy 2.0, "http trait").

use super::messages::{members, operations, services};
use super::{at_trait, is_plain, is_string, target_location, target_phrase};
use crate::model::{Binding, Http, Model, Operation, Segment, Shape, Simple};
use crate::model::{Kind, Member};
use crate::protocol::Protocol;
use crate::traits::TraitId;
use crate::words::quoted_list;
use crate::{Code, Diagnostic, Location, Report};

const HTTP: TraitId = TraitId::Http;

/// The operations that have the `http` trait, with the trait and the input.
fn routed(model: &Model) -> impl Iterator<Item = (&Operation, &Http, &Shape)> {
    operations(model).into_iter().filter_map(|operation| {
        operation
            .http
            .as_ref()
            .map(|http| (operation, http, &model.shapes[operation.input]))
    })
}

/// Where a field of the `http` trait is written.
fn field_location(operation: &Operation, field: &str) -> Location {
    let Operation {
        traits, location, ..
    } = operation;
    traits.part(HTTP, location, field)
}

/// A diagnostic at a field of the `http` trait.
fn at_http(code: Code, message: String, operation: &Operation, field: &str) -> Diagnostic {
    Diagnostic::new(code, message, field_location(operation, field)).shape(&operation.name)
}

/// The labels of a pattern, with the members that they name.
fn label_members<'a>(
    http: &'a Http,
    input: &'a Shape,
) -> impl Iterator<Item = (&'a Segment, &'a str, &'a Member)> {
    http.uri
        .segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Label(index, name) | Segment::Greedy(index, name) => members(input)
                .get(*index)
                .map(|member| (segment, &**name, member)),
        })
}

/// An operation has the `http` trait if a protocol of its service requires it.
pub(super) fn has_http(model: &Model, report: &mut Report) {
    for (service, operations) in services(model) {
        let requires = |it: &&Protocol| it.spec().operation_requires.contains(&HTTP);
        let Some(protocol) = service.protocols.iter().find(requires) else {
            continue;
        };
        for operation in operations.filter(|operation| operation.http.is_none()) {
            let message = format!(
                "operation `{}` lacks the trait `http`",
                operation.name.name()
            );
            let reason = format!(
                "the protocol `{}` of this service requires it",
                protocol.id()
            );
            report.push(
                Diagnostic::new(Code::MissingHttp, message, operation.location.clone())
                    .name()
                    .shape(&operation.name)
                    .related_name(service.location.clone(), reason)
                    .help("add the trait `smithy.api#http` with a `method` and a `uri`"),
            );
        }
    }
}

/// Methods are tokens (RFC 9110, section 9.1).
pub(super) fn method(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        if !is_token(&http.method) {
            let message = format!("`{}` is not a valid HTTP method", http.method);
            let diagnostic = at_http(Code::InvalidMethod, message, operation, "method");
            report.push(diagnostic.help("use one of GET, HEAD, POST, PUT, PATCH and DELETE"));
        }
    }
}

/// Whether a text is a token (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(part)
}

/// Statuses have three digits. Those of successes should be 2xx, and 204 and 205 have no body.
pub(super) fn status(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        let code = http.code;
        if !(100..=999).contains(&code) {
            let message = format!("{code} is not a valid HTTP status");
            let diagnostic = at_http(Code::StatusOutOfRange, message, operation, "code");
            report.push(diagnostic.help("use a status between 200 and 299"));
        } else if !(200..=299).contains(&code) {
            let message = format!("{code} is not a status of success");
            report.push(
                at_http(Code::UnusualStatus, message, operation, "code")
                    .help("use a status between 200 and 299"),
            );
        } else if matches!(code, 204 | 205) {
            let output = &model.shapes[operation.output];
            let body =
                |member: &&Member| matches!(member.binding, Binding::Document | Binding::Payload);
            let bodies: Vec<_> = members(output)
                .iter()
                .filter(body)
                .map(|member| &member.name)
                .collect();
            if !bodies.is_empty() {
                let message = format!(
                    "a response with status {code} has no body to hold {}",
                    quoted_list(bodies)
                );
                let diagnostic = at_http(Code::BodyWithoutContent, message, operation, "code");
                report.push(
                    diagnostic
                        .related_name(output.location.clone(), "the output")
                        .help("use status 200, or bind the members to headers"),
                );
            }
        }
    }
}

/// Each label occurs once in a pattern.
pub(super) fn repeated_labels(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        let labels: Vec<_> = label_members(http, input)
            .map(|(_, name, _)| name)
            .collect();
        for (index, label) in labels.iter().enumerate() {
            if labels[..index].contains(label) {
                let message = format!("the label `{{{label}}}` occurs twice in `{}`", http.uri);
                report.push(
                    at_http(Code::RepeatedLabel, message, operation, "uri")
                        .help("use a different member for each label"),
                );
            }
        }
    }
}

/// A greedy label is the last segment; so there is at most one.
pub(super) fn greedy_labels(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        let Some((_, before)) = http.uri.segments.split_last() else {
            continue;
        };
        for segment in before {
            if let Segment::Greedy(_, label) = segment {
                let message = format!(
                    "the greedy label `{{{label}+}}` is not the last segment of `{}`",
                    http.uri
                );
                let help =
                    format!("move it to the end, or write `{{{label}}}` to match a single segment");
                report.push(
                    at_http(Code::MisplacedGreedyLabel, message, operation, "uri").help(help),
                );
            }
        }
    }
}

/// Each label names a member with the trait `httpLabel`, and each such member has a label. The
/// members are required, and their values can be written in a path.
pub(super) fn labels(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        for (segment, label, member) in label_members(http, input) {
            label_is_bound(operation, http, input, label, member, report);
            label_is_required(input, member, report);
            label_target(model, input, segment, member, report);
        }
        for member in members(input)
            .iter()
            .filter(|member| member.binding == Binding::Label)
        {
            if !label_members(http, input).any(|(_, _, labelled)| std::ptr::eq(labelled, member)) {
                let message = format!(
                    "`{}` has the trait `httpLabel`, but `{}` has no such label",
                    member.name, http.uri
                );
                let help = format!(
                    "add `{{{}}}` to the URI, or bind the member with `httpQuery` or `httpHeader`",
                    member.name
                );
                report.push(
                    at_trait(
                        Code::UnusedLabel,
                        message,
                        input,
                        member,
                        TraitId::HttpLabel,
                    )
                    .related(
                        field_location(operation, "uri"),
                        format!("the URI of `{}`", operation.name.name()),
                    )
                    .help(help),
                );
            }
        }
    }
}

fn label_is_bound(
    operation: &Operation,
    http: &Http,
    input: &Shape,
    label: &str,
    member: &Member,
    report: &mut Report,
) {
    if member.binding != Binding::Label {
        let message = format!(
            "`{label}` is a label of `{}`, but the member lacks the trait `httpLabel`",
            http.uri
        );
        report.push(
            super::at_member(Code::UnboundLabel, message, input, member)
                .related(field_location(operation, "uri"), "the URI with the label")
                .help("add the trait `smithy.api#httpLabel` to the member"),
        );
    }
}

fn label_is_required(input: &Shape, member: &Member, report: &mut Report) {
    if member.binding == Binding::Label && !member.required {
        let message = format!("`{}` is part of the path, but is not required", member.name);
        let diagnostic = at_trait(
            Code::OptionalLabel,
            message,
            input,
            member,
            TraitId::HttpLabel,
        );
        report.push(diagnostic.help("add the trait `smithy.api#required` to the member"));
    }
}

fn label_target(
    model: &Model,
    input: &Shape,
    segment: &Segment,
    member: &Member,
    report: &mut Report,
) {
    let kind = &model.shapes[member.target].kind;
    let greedy = matches!(segment, Segment::Greedy(..));
    if (greedy && !is_string(kind)) || !is_plain(kind) {
        let target = target_phrase(model, member);
        let (kinds, label) = if greedy {
            ("a string", "greedy label")
        } else {
            ("a string, number, boolean or timestamp", "label")
        };
        let message = format!("the {label} `{}` targets {target}", member.name);
        report.push(
            Diagnostic::new(Code::LabelTarget, message, target_location(member))
                .shape(super::member_id(input, member))
                .help(format!("a {label} may target {kinds}")),
        );
    }
}

/// Each query literal occurs once, and no member is bound to the same name.
pub(super) fn query_literals(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        for (index, (name, _)) in http.uri.query.iter().enumerate() {
            if http.uri.query[..index]
                .iter()
                .any(|(other, _)| other == name)
            {
                let message = format!("the query literal `{name}` occurs twice in `{}`", http.uri);
                report.push(
                    at_http(Code::RepeatedQueryLiteral, message, operation, "uri")
                        .help("remove one of the two"),
                );
            }
            for member in members(input) {
                if matches!(&member.binding, Binding::Query(query) if query == name) {
                    let message = format!(
                        "`{name}` is a query literal of `{}`, but is also bound to a member",
                        http.uri
                    );
                    report.push(
                        at_trait(
                            Code::RepeatedQueryLiteral,
                            message,
                            input,
                            member,
                            TraitId::HttpQuery,
                        )
                        .related(field_location(operation, "uri"), "the URI with the literal")
                        .help(
                            "remove the literal or the member, or bind the member to another name",
                        ),
                    );
                }
            }
        }
    }
}

/// Requests with methods that have no body do not bind members to the body.
pub(super) fn bodies(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        let body =
            |member: &&Member| matches!(member.binding, Binding::Document | Binding::Payload);
        let bodies: Vec<_> = members(input)
            .iter()
            .filter(body)
            .map(|member| &member.name)
            .collect();
        if matches!(&*http.method, "GET" | "HEAD" | "OPTIONS" | "TRACE") && !bodies.is_empty() {
            let message = format!(
                "a {} request has no body to hold {}",
                http.method,
                quoted_list(bodies)
            );
            report.push(
                at_http(Code::BodyUnexpected, message, operation, "method")
                    .related_name(input.location.clone(), "the input")
                    .help("use POST, or bind the members with `httpQuery` or `httpHeader`"),
            );
        }
    }
}

/// Whether the shape can hold a status code.
pub(super) fn is_integer(kind: &Kind) -> bool {
    matches!(kind, Kind::Simple(Simple::Integer) | Kind::IntEnum(_))
}
