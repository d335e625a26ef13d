//! The hierarchy of resources (Smithy 2.0, "Resource"), of which only the operations are left in the model.

use std::collections::HashMap;

use super::index::Index;
use super::mixins::{FlatLink, FlatShape};
use crate::ast::Property;
use crate::diagnostic::{Code, Diagnostic, Report};

/// Reports each resource that contains itself, where the circle closes.
pub(super) fn report_cycles(index: &Index<'_, '_>, report: &mut Report) {
    // Whether all that a resource contains has been seen; those not yet entered are missing.
    let mut left: HashMap<&str, bool> = HashMap::new();
    for root in &index.by_kind.resources {
        if left.insert(&root.id, false).is_some() {
            continue;
        }
        // Depth first with a stack of its own: resources may be as deep as the file is long.
        let mut stack = vec![(root, root.links(Property::Resources))];
        while let Some((resource, rest)) = stack.last_mut() {
            let Some(link) = rest.next() else {
                left.insert(&resource.id, true);
                stack.pop();
                continue;
            };
            // A link that leads nowhere has its own finding.
            let Some(child) = index.known_resource(link.target) else {
                continue;
            };
            match left.get(&*child.id) {
                Some(true) => {}
                Some(false) => {
                    let open = stack.iter().map(|(open, _)| *open);
                    let circle: Vec<_> = open.skip_while(|open| open.id != child.id).collect();
                    report.push(cycle(&circle, link));
                }
                None => {
                    left.insert(&child.id, false);
                    stack.push((child, child.links(Property::Resources)));
                }
            }
        }
    }
}

/// The finding at the link from the last resource of a circle to its first.
fn cycle(circle: &[&FlatShape<'_>], link: FlatLink<'_>) -> Diagnostic {
    let path: Vec<String> = circle
        .iter()
        .map(|resource| format!("`{}`", resource.id))
        .chain([format!("`{}`", link.target)])
        .collect();
    let message = format!(
        "resource `{}` contains itself: {}",
        link.target,
        path.join(" has ")
    );
    Diagnostic::new(Code::ResourceCycle, message, link.path.target())
        .label("leads back")
        .shape(link.path.id())
        .help("leave out the reference to the resource that is further up")
}
