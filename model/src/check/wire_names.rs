//! The names of members in XML and in forms.

use std::collections::{BTreeMap, BTreeSet};

use super::{at_trait, related_trait};
use crate::model::{Binding, Kind, Member, Model, Protocol, Service, Shape, ShapeId};
use crate::protocol::{Bindings, MemberNames};
use crate::traits::TraitId;
use crate::{Code, Report};

/// The name of a member in the messages of a protocol.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum WireName {
    /// An element. Documents choose their own prefixes, so that the prefix does not matter.
    Element(String),
    /// An attribute without a prefix has no namespace, and so differs from one with a prefix.
    Attribute { is_prefixed: bool, name: String },
    /// The parameter of a form.
    Parameter(String),
}

impl WireName {
    fn shown(&self) -> String {
        match self {
            Self::Element(name) => format!("the XML element `{name}`"),
            Self::Attribute { name, .. } => format!("the XML attribute `{name}`"),
            Self::Parameter(name) => format!("the parameter `{name}` of a form"),
        }
    }
}

/// The role of a shape in messages, which decides which of its members are in documents (Smithy
/// 2.0, "HTTP bindings" and "Event streams").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Usage {
    /// Bindings do not apply: the shape is inside a document or is a payload, or the protocol has
    /// no bindings.
    Content,
    /// The input of an operation.
    Request,
    /// The output of an operation or an error.
    Response,
    /// An event of a stream.
    Event,
}

impl Usage {
    /// Whether a member of the shape is in a document.
    fn includes(self, member: &Member) -> bool {
        match self {
            Self::Content => true,
            // A request has no status.
            Self::Request => matches!(member.binding, Binding::Document | Binding::StatusCode),
            // A response has neither a path nor a query.
            Self::Response => matches!(
                member.binding,
                Binding::Document | Binding::Label | Binding::Query(_) | Binding::QueryParams
            ),
            Self::Event => member.event.is_none(),
        }
    }
}

/// The members of a structure or union have different names in XML and in forms, and so have the
/// key and the value of a map (Smithy 2.0, "XML bindings"; Smithy, "AWS query protocol" and "AWS
/// EC2 query protocol"). Smithy does not check it, but decoders cannot tell such members apart.
pub(super) fn repeated(model: &Model, report: &mut Report) {
    let mut reported = BTreeSet::new();
    for service in model.services.values() {
        let has_names =
            |protocol: &&Protocol| matches!(protocol.spec().member_names, MemberNames::XmlName);
        for protocol in service.protocols.iter().filter(has_names) {
            for (id, usage) in usages(*protocol, service, model) {
                repeated_in(*protocol, (id, usage), model, &mut reported, report);
            }
        }
    }
}

/// The shapes in the messages of a service, with each of their roles.
fn usages(protocol: Protocol, service: &Service, model: &Model) -> BTreeSet<(ShapeId, Usage)> {
    let shapes = service.shapes.iter();
    if protocol.spec().bindings == Bindings::Rpc {
        return shapes.map(|id| (*id, Usage::Content)).collect();
    }
    let messages = model.operations_of(service).flat_map(|operation| {
        let responses = operation.errors.iter().chain([&operation.output]);
        let responses = responses.map(|id| (*id, Usage::Response));
        responses.chain([(operation.input, Usage::Request)])
    });
    let contents = shapes.flat_map(|id| {
        let kind = &model.shapes[*id].kind;
        let is_stream = matches!(kind, Kind::Union(union) if union.streaming);
        let usage = if is_stream {
            Usage::Event
        } else {
            Usage::Content
        };
        // The events of a stream are not in a document together.
        let members = kind.members().filter(|member| !member.streaming);
        members.map(move |member| (member.target, usage))
    });
    messages.chain(contents).collect()
}

fn repeated_in(
    protocol: Protocol,
    (id, usage): (ShapeId, Usage),
    model: &Model,
    reported: &mut BTreeSet<(ShapeId, WireName)>,
    report: &mut Report,
) {
    let shape = &model.shapes[id];
    let mut seen = BTreeMap::new();
    let members = members(shape).into_iter();
    for (member, default) in members.filter(|(member, _)| usage.includes(member)) {
        for name in names(protocol, member, default) {
            let Some(first) = seen.insert(name.clone(), member) else {
                continue;
            };
            if reported.insert((id, name.clone())) {
                push(shape, first, member, &name, report);
            }
        }
    }
}

fn push(shape: &Shape, first: &Member, member: &Member, name: &WireName, report: &mut Report) {
    let trait_of = |member: &Member| match name {
        WireName::Parameter(_) if member.traits.has(TraitId::Ec2QueryName) => TraitId::Ec2QueryName,
        _ => TraitId::XmlName,
    };
    // Mark the trait, which the first of the two may have.
    let (member, first) = if member.traits.has(trait_of(member)) {
        (member, first)
    } else {
        (first, member)
    };
    let message = format!(
        "`{}` and `{}` are both {}",
        first.name,
        member.name,
        name.shown()
    );
    let diagnostic = at_trait(
        Code::RepeatedWireName,
        message,
        shape,
        member,
        trait_of(member),
    );
    let diagnostic = diagnostic.help("give one of them another `xmlName`");
    let label = "the member with the same name";
    report.push(related_trait(diagnostic, first, trait_of(first), label));
}

/// The members that are next to each other in a message, with their names unless they have another
/// in XML.
fn members(shape: &Shape) -> Vec<(&Member, &str)> {
    match &shape.kind {
        Kind::Structure(_) | Kind::Union(_) => {
            let members = shape.kind.members();
            members.map(|member| (member, &*member.name)).collect()
        }
        Kind::Map(map) => vec![(&map.key, "key"), (&map.value, "value")],
        _ => Vec::new(),
    }
}

fn names(protocol: Protocol, member: &Member, default: &str) -> Vec<WireName> {
    let name = member.xml.name.as_deref().unwrap_or(default);
    let (is_prefixed, local) = match name.split_once(':') {
        Some((_, local)) => (true, local.to_owned()),
        None => (false, name.to_owned()),
    };
    let in_xml = if member.xml.attribute {
        WireName::Attribute {
            is_prefixed,
            name: local,
        }
    } else {
        WireName::Element(local)
    };
    let in_form = match protocol {
        Protocol::AwsQuery => Some(name.to_owned()),
        Protocol::Ec2Query => Some(ec2_name(member, name)),
        _ => None,
    };
    let in_form = in_form.map(WireName::Parameter);
    std::iter::once(in_xml).chain(in_form).collect()
}

/// The name in requests of ec2Query: that of the trait, or the one in XML with a capital.
fn ec2_name(member: &Member, name: &str) -> String {
    if let Some(name) = &member.ec2_query_name {
        return name.to_string();
    }
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
