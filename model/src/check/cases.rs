//! Test cases of protocols (Smithy 2.0, "HTTP Protocol Compliance Tests").

mod values;

use std::collections::BTreeMap;

use crate::model::{CaseHead, Cases, Model};
use crate::{Code, Diagnostic, Location, Report};

pub(super) use self::values::values;

/// No two cases of a trait have the same id.
pub(super) fn ids(model: &Model, report: &mut Report) {
    let Cases {
        requests,
        responses,
        malformed,
        event_streams,
    } = &model.cases;
    unique(requests.iter().map(|case| &case.head), report);
    unique(responses.iter().map(|case| &case.head), report);
    unique(malformed.iter().map(|case| &case.head), report);
    unique(event_streams.iter().map(|case| &case.head), report);
}

fn unique<'m>(heads: impl Iterator<Item = &'m CaseHead>, report: &mut Report) {
    let mut seen = BTreeMap::<&str, &Location>::new();
    for head in heads {
        let Some(first) = seen.get(&*head.id) else {
            seen.insert(&head.id, &head.location);
            continue;
        };
        let message = format!("two test cases have the id `{}`", head.id);
        report.push(
            Diagnostic::new(Code::RepeatedCase, message, head.location.join("id"))
                .label("the second one")
                .related(first.join("id"), "the first one")
                .help(
                    "give it another id: results and lists of expected failures name cases by id",
                ),
        );
    }
}
