//! Paths as axum and matchit have them.

use drawplate_runtime::service::{Route, Segment};

/// The path of a route below `base`. Labels are called by their number: matchit wants one name for
/// a label of several routes.
pub(crate) fn template(base: &str, route: &Route) -> String {
    let segments = route.path.iter().map(|segment| match segment {
        Segment::Literal(text) => (*text).to_owned(),
        Segment::Label(index) => format!("{{label{index}}}"),
        Segment::Greedy(index) => format!("{{*label{index}}}"),
    });
    format!("{base}/{}", segments.collect::<Vec<_>>().join("/"))
}
