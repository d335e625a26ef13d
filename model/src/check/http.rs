//! The `http` trait of operations (Smithy 2.0, "http trait").

use super::messages::{members, operations, services};
use super::{at_trait, is_plain, is_string, list_words, target_of, target_words};
use crate::model::{Binding, Http, Model, Operation, Segment, Shape, Simple};
use crate::model::{Kind, Member};
use crate::traits::TraitId;
use crate::{Code, Diagnostic, Location, Report};

const HTTP: TraitId = TraitId::Http;

/// The operations with their `http` traits and inputs.
fn routed(model: &Model) -> impl Iterator<Item = (&Operation, &Http, &Shape)> {
    operations(model).into_iter().filter_map(|operation| {
        operation
            .http
            .as_ref()
            .map(|http| (operation, http, &model.shapes[operation.input]))
    })
}

fn http_at(operation: &Operation) -> Location {
    operation.traits.location(HTTP, &operation.location)
}

fn at_http(code: Code, message: String, operation: &Operation, part: &str) -> Diagnostic {
    let at = http_at(operation);
    let at = if operation.traits.has(HTTP) {
        at.join(part)
    } else {
        at
    };
    Diagnostic::new(code, message, at).shape(&operation.name)
}

/// The labels of a pattern, with their members.
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

/// Every operation has an `http` trait where the protocol needs it.
pub(super) fn has_http(model: &Model, report: &mut Report) {
    for (service, operations) in services(model) {
        for operation in operations.filter(|operation| operation.http.is_none()) {
            let message = format!("operation `{}` has no `http` trait", operation.name.name());
            report.push(
                Diagnostic::new(Code::MissingHttp, message, operation.location.clone())
                    .name()
                    .shape(&operation.name)
                    .related_name(service.location.clone(), "this service's protocol is `aws.protocols#restJson1`")
                    .help(r#"add `"smithy.api#http": {"method": "POST", "uri": "/.."}` to its traits"#),
            );
        }
    }
}

/// Methods are tokens (RFC 9110, section 9.1).
pub(super) fn method(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        if !is_token(&http.method) {
            let message = format!("`{}` is not an HTTP method", http.method);
            let diagnostic = at_http(Code::InvalidMethod, message, operation, "method");
            report.push(diagnostic.help("use one of GET, HEAD, POST, PUT, PATCH, DELETE"));
        }
    }
}

/// RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(part)
}

/// Statuses have three digits; successes should be 2xx, and 204 and 205 have no body.
pub(super) fn status(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        let code = http.code;
        if !(100..=999).contains(&code) {
            let message = format!("{code} is not an HTTP status");
            let diagnostic = at_http(Code::StatusOutOfRange, message, operation, "code");
            report.push(
                diagnostic.help(
                    "a status has three digits, and that of a success is between 200 and 299",
                ),
            );
        } else if !(200..=299).contains(&code) {
            let message = format!("{code} is not the status of a success");
            report.push(
                at_http(Code::UnusualStatus, message, operation, "code")
                    .help("use one between 200 and 299"),
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
                let message = format!("status {code} has no body for {}", list_words(bodies));
                let diagnostic = at_http(Code::BodyWithoutContent, message, operation, "code");
                report.push(
                    diagnostic
                        .related_name(output.location.clone(), "the output")
                        .help("use status 200, or bind these members to headers"),
                );
            }
        }
    }
}

/// No label stands in a pattern twice.
pub(super) fn repeated_labels(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        let labels: Vec<_> = label_members(http, input)
            .map(|(_, name, _)| name)
            .collect();
        for (index, label) in labels.iter().enumerate() {
            if labels[..index].contains(label) {
                let message = format!("`{{{label}}}` stands twice in `{}`", http.uri);
                report.push(
                    at_http(Code::RepeatedLabel, message, operation, "uri")
                        .help("give each label its own member"),
                );
            }
        }
    }
}

/// A greedy label is the last segment, so that there is only one.
pub(super) fn greedy_labels(model: &Model, report: &mut Report) {
    for (operation, http, _) in routed(model) {
        let Some((_, before)) = http.uri.segments.split_last() else {
            continue;
        };
        for segment in before {
            if let Segment::Greedy(_, label) = segment {
                let message = format!("`{{{label}+}}` is not the last segment of `{}`", http.uri);
                let help =
                    format!("move it to the end, or write `{{{label}}}` to match a single segment");
                report.push(
                    at_http(Code::MisplacedGreedyLabel, message, operation, "uri").help(help),
                );
            }
        }
    }
}

/// Labels and the members that are bound to them fit together: each has the other, the member is required, and its value
/// can be written in a path.
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
                let message = format!("`{}` is not a label of `{}`", member.name, http.uri);
                let help = format!(
                    "write `{{{}}}` in the URI, or bind the member with `httpQuery` or `httpHeader`",
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
                        http_at(operation).join("uri"),
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
            "`{label}` is a label of `{}`, and the member does not say so",
            http.uri
        );
        report.push(
            super::at_member(Code::UnboundLabel, message, input, member)
                .related(http_at(operation).join("uri"), "the label stands here")
                .help(r#"add `"smithy.api#httpLabel": {}` to the member's traits"#),
        );
    }
}

fn label_is_required(input: &Shape, member: &Member, report: &mut Report) {
    if member.binding == Binding::Label && !member.required {
        let message = format!(
            "`{}` stands in the path, and it is not required",
            member.name
        );
        let diagnostic = at_trait(
            Code::OptionalLabel,
            message,
            input,
            member,
            TraitId::HttpLabel,
        );
        report.push(diagnostic.help(r#"add `"smithy.api#required": {}` to the member's traits"#));
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
        let words = target_words(model, member);
        let (kinds, label) = if greedy {
            ("a string", "greedy label")
        } else {
            ("a string, number, boolean or timestamp", "label")
        };
        let message = format!("the {label} `{}` targets {words}", member.name);
        report.push(
            Diagnostic::new(Code::LabelTarget, message, target_of(member))
                .shape(super::member_id(input, member))
                .help(format!("a {label} targets {kinds}")),
        );
    }
}

/// No query literal stands twice, and no member is bound to one.
pub(super) fn query_literals(model: &Model, report: &mut Report) {
    for (operation, http, input) in routed(model) {
        for (index, (name, _)) in http.uri.query.iter().enumerate() {
            if http.uri.query[..index]
                .iter()
                .any(|(other, _)| other == name)
            {
                let message = format!("the query literal `{name}` stands twice in `{}`", http.uri);
                report.push(
                    at_http(Code::RepeatedQueryLiteral, message, operation, "uri")
                        .help("leave one of them out"),
                );
            }
            for member in members(input) {
                if matches!(&member.binding, Binding::Query(query) if query == name) {
                    let message = format!(
                        "`{name}` is a literal of `{}` and bound to a member too",
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
                        .related(http_at(operation).join("uri"), "the literal stands here")
                        .help(
                            "leave the literal or the member out, or give the member another name",
                        ),
                    );
                }
            }
        }
    }
}

/// Requests that should have no body have none.
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
            let message = format!("{} has no body for {}", http.method, list_words(bodies));
            report.push(
                at_http(Code::BodyUnexpected, message, operation, "method")
                    .related_name(input.location.clone(), "the input")
                    .help("use POST, or bind these members with `httpQuery` or `httpHeader`"),
            );
        }
    }
}

/// An integer: what a status code is.
pub(super) fn is_integer(kind: &Kind) -> bool {
    matches!(kind, Kind::Simple(Simple::Integer) | Kind::IntEnum(_))
}
