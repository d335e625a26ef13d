//! Waiters (Smithy 2.0, "Waiters").

use std::collections::BTreeMap;

use super::messages::operations_of;
use crate::jmespath::{self, Type};
use crate::model::{
    Acceptor, AcceptorState, Matcher, Model, Operation, PathComparator, PathMatcher, Query, Waiter,
};
use crate::suggest::did_you_mean;
use crate::{Code, Diagnostic, Report};

/// The waiters of a service have different names, whatever their case.
pub(super) fn names(model: &Model, report: &mut Report) {
    for service in model.services.values() {
        let mut owners: BTreeMap<String, (&Operation, &Waiter)> = BTreeMap::new();
        for operation in model.operations_of(service) {
            for waiter in &operation.waiters {
                let key = waiter.name.to_ascii_lowercase();
                let Some((other, first)) = owners.get(&key) else {
                    owners.insert(key, (operation, waiter));
                    continue;
                };
                let [owner, other] = [operation, *other].map(|it| it.name.name());
                let [name, first_name] = [waiter, *first].map(|it| &it.name);
                let message = if name == first_name {
                    format!("`{other}` and `{owner}` both have a waiter `{name}`")
                } else if owner == other {
                    format!(
                        "the waiters `{first_name}` and `{name}` of `{owner}` differ only in case"
                    )
                } else {
                    format!(
                        "the waiters `{first_name}` of `{other}` and `{name}` of `{owner}` differ \
                         only in case"
                    )
                };
                report.push(
                    Diagnostic::new(Code::RepeatedWaiter, message, waiter.location.clone())
                        .name()
                        .shape(&operation.name)
                        .related_name(first.location.clone(), "the other waiter")
                        .help("give one of them another name, which differs in more than case"),
                );
            }
        }
    }
}

/// Waiters can succeed, and their expressions fit the input and output.
pub(super) fn acceptors(model: &Model, report: &mut Report) {
    for operation in operations_of(model, model.services.values()) {
        for waiter in &operation.waiters {
            let subject = Subject {
                model,
                operation,
                waiter,
            };
            subject.check(report);
        }
    }
}

/// A waiter that is checked.
struct Subject<'m> {
    model: &'m Model,
    operation: &'m Operation,
    waiter: &'m Waiter,
}

impl Subject<'_> {
    fn check(&self, report: &mut Report) {
        let Waiter {
            name,
            docs: _,
            acceptors,
            min_delay,
            max_delay,
            location,
        } = self.waiter;
        let unusable = |message: String, help: &str| {
            Diagnostic::new(Code::UnusableWaiter, message, location.clone())
                .name()
                .shape(&self.operation.name)
                .help(help)
        };
        if min_delay > max_delay {
            let message = format!(
                "the `minDelay` of the waiter `{name}`, {min_delay} seconds, is greater than its \
                 `maxDelay`, {max_delay} seconds"
            );
            report.push(unusable(message, "change one of them"));
        }
        let mut states = acceptors.iter().map(|acceptor| acceptor.state);
        if !states.any(|state| state == AcceptorState::Success) {
            let message = format!("the waiter `{name}` never succeeds");
            report.push(unusable(
                message,
                "add an acceptor with the state `success`",
            ));
        }
        for acceptor in acceptors {
            self.acceptor(acceptor, report);
        }
    }

    fn acceptor(&self, acceptor: &Acceptor, report: &mut Report) {
        let Acceptor {
            state,
            matcher,
            message,
            location,
        } = acceptor;
        let output = Type::of_shape(self.model, self.operation.output);
        match matcher {
            Matcher::Success(_) => {}
            Matcher::ErrorType(name) => self.error_type(name, acceptor, report),
            Matcher::Output(matcher) => self.path(matcher, &output, report),
            Matcher::InputOutput(matcher) => {
                let input = Type::of_shape(self.model, self.operation.input);
                let fields = [("input", input), ("output", output.clone())];
                let fields = fields.map(|(name, of)| (name.into(), of));
                self.path(matcher, &Type::Object(fields.into()), report);
            }
        }
        let Some(query) = message else {
            return;
        };
        if *state != AcceptorState::Failure {
            let message = format!(
                "an acceptor of the waiter `{}` has a `message`, but not the state `failure`",
                self.waiter.name
            );
            report.push(
                Diagnostic::new(Code::UnusableWaiter, message, query.location.clone())
                    .shape(&self.operation.name)
                    .related(location.clone(), "the acceptor")
                    .help("remove `message`"),
            );
        }
        match self.query(query, &output, report) {
            Type::Any | Type::String => {}
            Type::Array(element) if matches!(*element, Type::Any | Type::String) => {}
            other => {
                let message = format!(
                    "the message of an acceptor of the waiter `{}` is {}, not a string or an \
                     array of strings",
                    self.waiter.name,
                    other.phrase()
                );
                report.push(
                    Diagnostic::new(Code::UnusableWaiter, message, query.location.clone())
                        .shape(&self.operation.name)
                        .help("choose a member that is a string"),
                );
            }
        }
    }

    fn error_type(&self, name: &str, acceptor: &Acceptor, report: &mut Report) {
        let errors = self.operation.errors.iter();
        let errors = errors.map(|id| self.model.shapes[*id].name.name());
        let errors = errors.collect::<Vec<_>>();
        // Services respond with errors that models do not have.
        if errors.contains(&name) {
            return;
        }
        if let Some(suggestion) = did_you_mean(name, errors) {
            let message = format!(
                "the waiter `{}` looks for the error `{name}`, which `{}` does not have",
                self.waiter.name,
                self.operation.name.name()
            );
            report.push(
                Diagnostic::new(Code::UnknownWaiterError, message, acceptor.location.clone())
                    .shape(&self.operation.name)
                    .help(suggestion),
            );
        }
    }

    fn path(&self, matcher: &PathMatcher, current: &Type, report: &mut Report) {
        let PathMatcher {
            path,
            comparator,
            expected,
            expected_location,
        } = matcher;
        if *comparator == PathComparator::BooleanEquals && !matches!(&**expected, "true" | "false")
        {
            let message = format!(
                "an acceptor of the waiter `{}` compares a boolean with `{expected}`",
                self.waiter.name
            );
            report.push(
                Diagnostic::new(Code::UnusableWaiter, message, expected_location.clone())
                    .shape(&self.operation.name)
                    .help("use `true` or `false`"),
            );
        }
        let found = self.query(path, current, report);
        let (fits, wanted) = match comparator {
            PathComparator::StringEquals => (found == Type::String, "a string"),
            PathComparator::BooleanEquals => (found == Type::Boolean, "a boolean"),
            PathComparator::AllStringEquals | PathComparator::AnyStringEquals => {
                (matches!(found, Type::Array(_)), "an array")
            }
        };
        if !fits && found != Type::Any {
            let message = format!(
                "the result of the JMESPath expression `{}` is {}, but `{}` compares {wanted}",
                path.text,
                found.phrase(),
                comparator.name()
            );
            report.push(
                Diagnostic::new(Code::MismatchedJmespath, message, path.location.clone())
                    .shape(&self.operation.name)
                    .help("choose another comparator or another expression"),
            );
        }
    }

    /// The type of an expression, whose problems are reported.
    fn query(&self, query: &Query, current: &Type, report: &mut Report) -> Type {
        let Query {
            expression,
            text,
            location,
        } = query;
        let (found, problems) = jmespath::check(self.model, expression, current);
        for problem in problems {
            let code = if problem.is_error {
                Code::InvalidJmespath
            } else {
                Code::MismatchedJmespath
            };
            let message = format!("in the JMESPath expression `{text}`, {}", problem.message);
            let character = text[..problem.at].chars().count() + 1;
            report.push(
                Diagnostic::new(code, message, location.clone())
                    .label(format!("at character {character}"))
                    .shape(&self.operation.name)
                    .help("an expression applies to values with the members of the model"),
            );
        }
        found
    }
}
