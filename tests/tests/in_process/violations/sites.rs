//! The values that constraints are about, and how valid inputs have them.

use std::collections::BTreeSet;

use drawplate_model::model::{
    Binding, Constraints, Kind, Member, Operation, Shape, ShapeId, UnionForm,
};

use super::{Fill, Json, Message, Peer, Valid, inside, is_in_request_document};

/// A member inside an input, with the members on the path to it. The last may be the key of a map.
pub(super) struct Site<'m> {
    pub(super) path: Vec<&'m Member>,
}

/// A valid input with a value at a site.
pub(super) struct Base {
    pub(super) input: Json,
    /// From the input to the value.
    pub(super) steps: Vec<Step>,
    pub(super) pointer: String,
    /// The untagged unions around the value.
    pub(super) unions: Vec<UntaggedUnion>,
}

/// An untagged union on the path to a value. The value of its member has neither a step nor a
/// segment of its own.
pub(super) struct UntaggedUnion {
    pub(super) shape: ShapeId,
    /// The number of steps to it.
    pub(super) steps: usize,
    pub(super) pointer: String,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// The context of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    Structure,
    Union,
    /// Null is allowed.
    Sparse,
    Dense,
    /// The value is the map whose keys are changed.
    Key,
}

impl<'m> Site<'m> {
    pub(super) fn member(&self) -> &'m Member {
        self.path.last().expect("a site is a member")
    }

    pub(super) fn holder(&self, peer: &Peer) -> Holder {
        let Some((member, [.., holder])) = self.path.split_last() else {
            return Holder::Structure;
        };
        match &peer.model.shapes[holder.target].kind {
            Kind::List(list) if list.sparse => Holder::Sparse,
            Kind::Map(map) if std::ptr::eq(&raw const map.key, *member) => Holder::Key,
            Kind::Map(map) if map.sparse => Holder::Sparse,
            Kind::List(_) | Kind::Map(_) => Holder::Dense,
            Kind::Union(_) => Holder::Union,
            _ => Holder::Structure,
        }
    }

    /// The value is in a document, and not in a path, a query or a header.
    pub(super) fn is_in_document(&self, peer: &Peer) -> bool {
        let first = self.path[0];
        let simple = matches!(
            &peer.model.shapes[first.target].kind,
            Kind::Simple(_) | Kind::Enum(_)
        );
        !peer.wire().binds()
            || is_in_request_document(&first.binding)
            || first.binding == Binding::Payload && (!simple || peer.wire().has_document_payloads())
    }

    /// Whether the path leads through a sensitive shape.
    pub(super) fn is_sensitive(&self, peer: &Peer) -> bool {
        let shapes = &peer.model.shapes;
        let secret = |member: &&Member| member.sensitive || shapes[member.target].sensitive;
        self.path.iter().any(secret)
    }
}

/// Every member inside an input; recursive shapes are visited once.
pub(super) fn sites<'m>(peer: &'m Peer, operation: &'m Operation) -> Vec<Site<'m>> {
    let mut sites = Vec::new();
    let mut open = vec![(operation.input, Vec::<&Member>::new())];
    let mut seen = BTreeSet::new();
    while let Some((shape, path)) = open.pop() {
        if !seen.insert(shape) {
            continue;
        }
        let members = peer.model.shapes[shape].kind.members();
        for member in members.filter(|member| !member.json_unknown) {
            let mut path = path.clone();
            path.push(member);
            open.insert(0, (member.target, path.clone()));
            sites.push(Site { path });
        }
    }
    sites
}

/// A valid input with a value at the site.
pub(super) fn base(peer: &Peer, operation: &Operation, site: &Site<'_>, seed: u64) -> Base {
    let mut valid = Valid::new(&peer.model, peer.wire(), seed, Fill::Least);
    let mut input = valid.input(operation);
    let mut pointer = String::new();
    let mut steps = Vec::new();
    let mut unions = Vec::new();
    let mut place = &mut input;
    let mut shape = operation.input;
    for (depth, member) in site.path.iter().enumerate() {
        let name = member.json_name.to_string();
        let step = match &peer.model.shapes[shape].kind {
            Kind::Structure(structure) => {
                if place.get(&name).is_none() {
                    let value = if depth == 0 {
                        let index = structure
                            .members
                            .iter()
                            .position(|other| std::ptr::eq(other, *member));
                        let index = index.expect("it is one of the members");
                        let message = Message::Request(operation);
                        let value = valid.part(index, member, message, true);
                        // An empty list or map does not appear in a query or in
                        // headers.
                        value.unwrap_or_else(|| {
                            valid.fill = Fill::All;
                            let value = valid.part(index, member, message, true);
                            valid.fill = Fill::Least;
                            value.expect("a message can carry some value")
                        })
                    } else {
                        valid.member(member, 1)
                    };
                    place.set(&name, value);
                }
                Step::Name(name.clone())
            }
            Kind::Union(union) => {
                *place = valid.set_member(union, member, 0);
                match union.form {
                    UnionForm::Tagged => Step::Name(name.clone()),
                    UnionForm::Discriminated(_) | UnionForm::Untagged => {
                        if union.form == UnionForm::Untagged {
                            unions.push(UntaggedUnion {
                                shape,
                                steps: steps.len(),
                                pointer: pointer.clone(),
                            });
                        }
                        shape = member.target;
                        continue;
                    }
                }
            }
            Kind::List(_) => {
                if *place == Json::Array(Vec::new()) {
                    *place = Json::Array(vec![valid.member(member, 1)]);
                }
                Step::Index(0)
            }
            Kind::Map(map) => {
                if *place == Json::Object(Vec::new()) {
                    let Json::String(key) = valid.member(&map.key, 1) else {
                        panic!("keys are texts")
                    };
                    // It may be a part of a header's name.
                    let plain = matches!(peer.model.shapes[map.key.target].kind, Kind::Simple(_));
                    let free = map.key.constraints == Constraints::default();
                    let key = if plain && free {
                        "a-key".to_owned()
                    } else {
                        key
                    };
                    *place = Json::Object(vec![(key, valid.member(&map.value, 1))]);
                }
                let Json::Object(entries) = &*place else {
                    panic!("a map is an object")
                };
                if std::ptr::eq(&raw const map.key, *member) {
                    break;
                }
                Step::Name(entries[0].0.clone())
            }
            _ => panic!("a value without members has none"),
        };
        let segment = segment(peer, &step, shape, depth, member);
        pointer = inside(&pointer, &segment);
        place = step.of(place);
        steps.push(step);
        shape = member.target;
    }
    Base {
        input,
        steps,
        pointer,
        unions,
    }
}

/// The segment of a step in a pointer. The first step leads to a member of the input.
fn segment(peer: &Peer, step: &Step, shape: ShapeId, depth: usize, member: &Member) -> String {
    match step {
        // A member that is bound outside the document has no name on the wire.
        Step::Name(_)
            if depth == 0 && peer.wire().binds() && !is_in_request_document(&member.binding) =>
        {
            member.name.to_string()
        }
        // Keys of a sensitive map are redacted.
        Step::Name(key) => match &peer.model.shapes[shape] {
            Shape {
                sensitive: true,
                kind: Kind::Map(_),
                ..
            } => "*".to_owned(),
            Shape {
                kind: Kind::Map(_), ..
            } => key.clone(),
            _ => peer.wire().name(member).to_owned(),
        },
        Step::Index(index) => index.to_string(),
    }
}

impl Step {
    pub(super) fn of<'j>(&self, json: &'j mut Json) -> &'j mut Json {
        match (self, json) {
            (Self::Name(name), Json::Object(entries)) => {
                let entry = entries.iter_mut().find(|(other, _)| other == name);
                &mut entry.expect("the step was made").1
            }
            (Self::Index(index), Json::Array(elements)) => &mut elements[*index],
            (step, json) => panic!("{step:?} leads out of {json}"),
        }
    }
}
