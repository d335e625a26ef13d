//! The `http` trait of operations (Smithy 2.0, "http trait").

use super::messages::{members, operations, services};
use super::{at_trait, is_plain, is_string, target_location, target_phrase};
use crate::model::{
    Binding, ErrorTrait, Fault, Http, Kind, Member, Model, Operation, Segment, Shape, Simple,
};
use crate::protocol::Protocol;
use crate::syntax::is_token;
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

/// Statuses are those of a final response. Those of successes should be 2xx, and 204, 205 and 304
/// have no body.
pub(super) fn status(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        let code = http.code;
        if !is_final(code) {
            let message = format!("{code} is not a status of a response");
            let diagnostic = at_http(Code::StatusOutOfRange, message, operation, "code");
            report.push(diagnostic.help("use a status between 200 and 299"));
            continue;
        }
        if !(200..=299).contains(&code) {
            let message = format!("{code} is not a status of success");
            report.push(
                at_http(Code::UnusualStatus, message, operation, "code")
                    .help("use a status between 200 and 299"),
            );
        }
        let output = &model.shapes[operation.output];
        if let Some(message) = body_without_content(code, output) {
            let diagnostic = at_http(Code::BodyWithoutContent, message, operation, "code");
            report.push(
                diagnostic
                    .related_name(output.location.clone(), "the output")
                    .help("use status 200, or bind the members to headers"),
            );
        }
    }
}

/// Whether a response with this status ends a call: it has three digits and is not interim (RFC
/// 9110, section 15).
fn is_final(status: u16) -> bool {
    (200..=999).contains(&status)
}

/// The problem of a response that has members in the body, but no body (RFC 9110, section 6.4.1).
fn body_without_content(status: u16, shape: &Shape) -> Option<String> {
    let body = |member: &&Member| matches!(member.binding, Binding::Document | Binding::Payload);
    let bodies: Vec<_> = members(shape)
        .iter()
        .filter(body)
        .map(|member| &member.name)
        .collect();
    (matches!(status, 204 | 205 | 304) && !bodies.is_empty()).then(|| {
        format!(
            "a response with status {status} has no body to hold {}",
            quoted_list(bodies)
        )
    })
}

/// The statuses of errors. That of a client error should be 4xx, and that of a server error 5xx.
pub(super) fn error_statuses(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let Kind::Structure(structure) = &shape.kind else {
            continue;
        };
        let Some(ErrorTrait { fault, status, .. }) = structure.error else {
            continue;
        };
        let (fault, statuses) = match fault {
            Fault::Client => ("client", 400..=499),
            Fault::Server => ("server", 500..=599),
        };
        let mut push = |code, message: String, help: String| {
            let location = shape.traits.location(TraitId::HttpError, &shape.location);
            report.push(
                Diagnostic::new(code, message, location)
                    .shape(&shape.name)
                    .help(help),
            );
        };
        let (first, last) = (statuses.start(), statuses.end());
        let help = format!("use a status between {first} and {last}");
        if !is_final(status) {
            let message = format!("{status} is not a status of a response");
            push(Code::StatusOutOfRange, message, help);
            continue;
        }
        if let Some(message) = body_without_content(status, shape) {
            push(Code::BodyWithoutContent, message, help.clone());
        }
        if !statuses.contains(&status) {
            let message = if (200..=299).contains(&status) {
                format!("{status} is a status of success: clients do not see this error")
            } else {
                format!("{status} is not a status of a {fault} error")
            };
            push(Code::UnusualErrorStatus, message, help);
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

/// A greedy label is the last label, so there is at most one.
pub(super) fn greedy_labels(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        let mut labels = label_members(http, input).peekable();
        while let Some((segment, label, _)) = labels.next() {
            let Some((_, next, _)) = labels.peek() else {
                break;
            };
            if matches!(segment, Segment::Greedy(..)) {
                let message = format!(
                    "the greedy label `{{{label}+}}` is before the label `{{{next}}}` in `{}`",
                    http.uri
                );
                let help =
                    format!("move it to the end, or write `{{{label}}}` to match a single segment");
                report
                    .push(at_http(Code::GreedyLabelNotLast, message, operation, "uri").help(help));
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
