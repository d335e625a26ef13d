//! `smithy.waiters#waitable` (Smithy 2.0, "Waiters").

use super::mixins::FlatShape;
use super::part::ValuePart;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::jmespath::Expression;
use crate::model::{
    Acceptor, AcceptorState, Deprecated, Docs, Matcher, PathComparator, PathMatcher, Query, Waiter,
};
use crate::node::Value;
use crate::traits::TraitId;

/// The delays in seconds of a waiter that does not set them.
const DEFAULT_DELAYS: [u32; 2] = [2, 120];

/// The waiters of an operation, in the order of the model.
pub(super) fn waiters(flat: &FlatShape<'_>, report: &mut Report) -> Vec<Waiter> {
    let Some(applied) = flat.traits.get(TraitId::Waitable) else {
        return Vec::new();
    };
    let entries = ValuePart::new(applied).entries(report).unwrap_or_default();
    let waiters = entries
        .iter()
        .map(|(name, part)| waiter(name, part, report));
    waiters.collect()
}

fn waiter(name: &str, part: &ValuePart<'_, '_>, report: &mut Report) -> Waiter {
    let [min_delay, max_delay] = DEFAULT_DELAYS;
    let acceptors = part.get("acceptors").and_then(|part| part.items(report));
    let acceptors = acceptors.unwrap_or_default();
    let is_deprecated = part.boolean("deprecated", report).unwrap_or_default();
    Waiter {
        name: name.into(),
        docs: Docs {
            text: part.string("documentation", report),
            deprecated: is_deprecated.then(Deprecated::default),
            ..Docs::default()
        },
        acceptors: acceptors
            .iter()
            .filter_map(|part| acceptor(part, report))
            .collect(),
        min_delay: delay(part, "minDelay", report).unwrap_or(min_delay),
        max_delay: delay(part, "maxDelay", report).unwrap_or(max_delay),
        location: part.location(),
    }
}

fn delay(part: &ValuePart<'_, '_>, key: &str, report: &mut Report) -> Option<u32> {
    let part = part.get(key)?;
    let seconds = part.value().as_unsigned();
    let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    let seconds = seconds.filter(|seconds| *seconds > 0);
    if seconds.is_none() {
        part.malformed("a number of seconds that is at least 1", report);
    }
    seconds
}

/// An acceptor. `None` if it is malformed: the rules about values of traits report what is missing
/// or unknown.
fn acceptor(part: &ValuePart<'_, '_>, report: &mut Report) -> Option<Acceptor> {
    let state = match &*part.required_string("state", report)? {
        "success" => AcceptorState::Success,
        "failure" => AcceptorState::Failure,
        "retry" => AcceptorState::Retry,
        _ => return None,
    };
    let union = part.required_object("matcher", report)?;
    let [(kind, value)] = &*union.entries(report)? else {
        return None;
    };
    let matcher = match *kind {
        "success" => match value.value().value {
            Value::Boolean(success) => Matcher::Success(success),
            _ => return None,
        },
        "errorType" => Matcher::ErrorType(error_name(value.text()?).into()),
        "output" => Matcher::Output(path_matcher(value, report)?),
        "inputOutput" => Matcher::InputOutput(path_matcher(value, report)?),
        _ => return None,
    };
    let message = part.get("message");
    let message = match &message {
        Some(part) => Some(query(part, report)?),
        None => None,
    };
    Some(Acceptor {
        state,
        matcher,
        message,
        location: part.location(),
    })
}

/// The name of an error, which may be written as an absolute shape id.
fn error_name(text: &str) -> &str {
    text.rsplit_once('#').map_or(text, |(_, name)| name)
}

fn path_matcher(part: &ValuePart<'_, '_>, report: &mut Report) -> Option<PathMatcher> {
    let comparator = match &*part.required_string("comparator", report)? {
        "stringEquals" => PathComparator::StringEquals,
        "booleanEquals" => PathComparator::BooleanEquals,
        "allStringEquals" => PathComparator::AllStringEquals,
        "anyStringEquals" => PathComparator::AnyStringEquals,
        _ => return None,
    };
    Some(PathMatcher {
        path: query(&part.get("path")?, report)?,
        comparator,
        expected: part.required_string("expected", report)?,
        expected_location: part.get("expected")?.location(),
    })
}

fn query(part: &ValuePart<'_, '_>, report: &mut Report) -> Option<Query> {
    let text = part.text()?;
    match Expression::parse(text) {
        Ok(expression) => Some(Query {
            expression,
            text: text.into(),
            location: part.location(),
        }),
        Err(error) => {
            let character = text[..error.at].chars().count() + 1;
            let message =
                format!("the JMESPath expression `{text}` is invalid at character {character}");
            report.push(
                Diagnostic::new(Code::InvalidJmespath, message, part.location())
                    .label(error.message)
                    .shape(part.shape())
                    .help("see https://jmespath.org/specification.html"),
            );
            None
        }
    }
}
