//! The hierarchy of resources (Smithy 2.0, "Resource"). The Model keeps only their operations.

use std::collections::HashMap;

use super::index::Index;
use super::mixins::{FlatLink, FlatShape, chain};
use crate::ast::Property;
use crate::diagnostic::{Code, Diagnostic, Report};

/// Reports each resource that contains itself, at the reference that closes the cycle.
pub(super) fn report_cycles(index: &Index<'_, '_>, report: &mut Report) {
    // Whether everything that a visited resource contains has been visited.
    let mut left: HashMap<&str, bool> = HashMap::new();
    for root in &index.by_kind.resources {
        if left.insert(&root.id, false).is_some() {
            continue;
        }
        // Depth first, with an explicit stack: resources may be nested as deep as the file is long.
        let mut stack = vec![(root, root.links(Property::Resources))];
        while let Some((resource, rest)) = stack.last_mut() {
            let Some(link) = rest.next() else {
                left.insert(&resource.id, true);
                stack.pop();
                continue;
            };
            // A reference that leads nowhere has a diagnostic of its own.
            let Some(child) = index.known_resource(link.target) else {
                continue;
            };
            match left.get(&*child.id) {
                Some(true) => {}
                Some(false) => {
                    let open = stack.iter().map(|(open, _)| *open);
                    let cycle_path: Vec<_> = open.skip_while(|open| open.id != child.id).collect();
                    report.push(cycle(&cycle_path, link));
                }
                None => {
                    left.insert(&child.id, false);
                    stack.push((child, child.links(Property::Resources)));
                }
            }
        }
    }
}

/// The diagnostic at the reference from the last resource of a cycle to the first.
fn cycle(cycle_path: &[&FlatShape<'_>], link: FlatLink<'_>) -> Diagnostic {
    let path: Vec<String> = cycle_path
        .iter()
        .map(|resource| format!("`{}`", resource.id))
        .chain([format!("`{}`", link.target)])
        .collect();
    let message = format!(
        "resource `{}` contains itself: {}",
        link.target,
        chain(&path, "contains")
    );
    Diagnostic::new(Code::ResourceCycle, message, link.path.target())
        .label("leads back")
        .shape(link.path.id())
        .help("remove this reference")
}
