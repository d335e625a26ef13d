//! Pagination and host labels.

use super::messages::{members, operations_of};
use super::{at_member, at_trait, is_string, member_id, target_location, target_phrase};
use crate::model::{HostPart, Kind, Member, Model, Operation, Paginated, Shape, Simple};
use crate::traits::TraitId;
use crate::{Code, Diagnostic, Report};

/// The operations of all services, each once.
fn bound(model: &Model) -> Vec<&Operation> {
    operations_of(model, model.services.values())
}

/// The members that pagination uses have the right types (Smithy 2.0, "paginated trait").
pub(super) fn paginated(model: &Model, report: &mut Report) {
    for operation in bound(model) {
        let Some(Paginated {
            input_token,
            output_token,
            items,
            page_size,
        }) = &operation.paginated
        else {
            continue;
        };
        let (input, output) = (operation.input, operation.output);
        if let Some((shape, member)) = follow(model, input, std::slice::from_ref(input_token)) {
            token(model, operation, shape, member, &INPUT_TOKEN, report);
        }
        if let Some((shape, member)) = follow(model, output, output_token) {
            token(model, operation, shape, member, &OUTPUT_TOKEN, report);
        }
        if let Some((shape, member)) = items.as_ref().and_then(|path| follow(model, output, path)) {
            let right = |kind: &Kind| matches!(kind, Kind::List(_) | Kind::Map(_));
            let rule = Rule {
                code: Code::PaginationItems,
                property: "items",
                kinds: "a list or map",
            };
            page_target(model, operation, shape, member, &rule, right, report);
        }
        let size = page_size.and_then(|index| follow(model, input, &[index]));
        if let Some((shape, member)) = size {
            let right = |kind: &Kind| {
                let whole = matches!(
                    kind,
                    Kind::Simple(Simple::Byte | Simple::Short | Simple::Integer | Simple::Long)
                );
                whole || matches!(kind, Kind::IntEnum(_))
            };
            let rule = Rule {
                code: Code::PaginationPageSize,
                property: "pageSize",
                kinds: "an integer",
            };
            page_target(model, operation, shape, member, &rule, right, report);
        }
    }
}

struct Rule {
    code: Code,
    property: &'static str,
    kinds: &'static str,
}

/// The structure and member at the end of a path of member indexes.
fn follow<'a>(
    model: &'a Model,
    from: crate::model::ShapeId,
    path: &[usize],
) -> Option<(&'a Shape, &'a Member)> {
    let (last, before) = path.split_last()?;
    let mut shape = &model.shapes[from];
    for index in before {
        shape = &model.shapes[members(shape).get(*index)?.target];
    }
    members(shape).get(*last).map(|member| (shape, member))
}

/// What is required of a token, besides its type.
struct Token {
    property: &'static str,
    /// The code for a member that is required.
    required: Code,
    help: &'static str,
}

const INPUT_TOKEN: Token = Token {
    property: "inputToken",
    required: Code::PaginationToken,
    help: "remove the trait `required`: the first request has no token",
};

const OUTPUT_TOKEN: Token = Token {
    property: "outputToken",
    required: Code::RequiredNextToken,
    help: "remove the trait `required`, unless the last page has an empty token",
};

fn token(
    model: &Model,
    operation: &Operation,
    shape: &Shape,
    member: &Member,
    token: &Token,
    report: &mut Report,
) {
    let Token {
        property,
        required,
        help,
    } = *token;
    let right = |kind: &Kind| is_string(kind) || matches!(kind, Kind::Map(_));
    let rule = Rule {
        code: Code::PaginationToken,
        property,
        kinds: "a string or map",
    };
    page_target(model, operation, shape, member, &rule, right, report);
    if member.required {
        let message = format!(
            "`{}` is the `{property}` of `{}`, but is required",
            member.name,
            operation.name.name()
        );
        report.push(at_trait(required, message, shape, member, TraitId::Required).help(help));
    }
}

fn page_target(
    model: &Model,
    operation: &Operation,
    shape: &Shape,
    member: &Member,
    rule: &Rule,
    right: impl Fn(&Kind) -> bool,
    report: &mut Report,
) {
    if !right(&model.shapes[member.target].kind) {
        let Rule {
            code,
            property,
            kinds,
        } = rule;
        let message = format!(
            "`{}`, the `{property}` of `{}`, targets {}",
            member.name,
            operation.name.name(),
            target_phrase(model, member)
        );
        let paginated = operation
            .traits
            .location(TraitId::Paginated, &operation.location);
        report.push(
            Diagnostic::new(*code, message, target_location(member))
                .shape(member_id(shape, member))
                .related(paginated, "the trait `paginated` of the operation")
                .help(format!(
                    "the member that `{property}` names must target {kinds}"
                )),
        );
    }
}

/// Each label of a host prefix names a member with the trait `hostLabel`, and each such member has
/// a label (Smithy 2.0, "hostLabel trait").
pub(super) fn host_labels(model: &Model, report: &mut Report) {
    for operation in bound(model) {
        let Some(prefix) = &operation.host_prefix else {
            continue;
        };
        let input = &model.shapes[operation.input];
        let labelled = |index: usize| prefix.parts.contains(&HostPart::Label(index));
        let prefix_location = operation
            .traits
            .location(TraitId::Endpoint, &operation.location);
        for (index, member) in members(input).iter().enumerate() {
            match (labelled(index), member.host_label) {
                (true, true) => host_label(model, input, member, report),
                (false, false) => {}
                (true, false) => {
                    let message = format!(
                        "`{}` is a label of a host prefix, but the member lacks the trait `hostLabel`",
                        member.name
                    );
                    report.push(
                        at_member(Code::UnboundHostLabel, message, input, member)
                            .related(prefix_location.clone(), "the host prefix with the label")
                            .help("add the trait `smithy.api#hostLabel` to the member"),
                    );
                }
                (false, true) => {
                    let message = format!(
                        "`{}` has the trait `hostLabel`, but the host prefix of `{}` has no such label",
                        member.name,
                        operation.name.name()
                    );
                    report.push(
                        at_trait(
                            Code::UnboundHostLabel,
                            message,
                            input,
                            member,
                            TraitId::HostLabel,
                        )
                        .related(prefix_location.clone(), "the host prefix")
                        .help(format!(
                            "add `{{{}}}` to the prefix, or remove the trait `hostLabel`",
                            member.name
                        )),
                    );
                }
            }
        }
    }
}

fn host_label(model: &Model, input: &Shape, member: &Member, report: &mut Report) {
    if !member.required {
        let message = format!(
            "`{}` is part of the host name, but is not required",
            member.name
        );
        let diagnostic = at_trait(
            Code::OptionalHostLabel,
            message,
            input,
            member,
            TraitId::HostLabel,
        );
        report.push(diagnostic.help("add the trait `smithy.api#required` to the member"));
    }
    if !is_string(&model.shapes[member.target].kind) {
        let message = format!(
            "the host label `{}` targets {}",
            member.name,
            target_phrase(model, member)
        );
        report.push(
            Diagnostic::new(Code::HostLabelTarget, message, target_location(member))
                .shape(member_id(input, member))
                .help("a host label must target a string"),
        );
    }
}
