//! The XML traits in schemas.

use drawplate_model::model::{ShapeId, XmlMember, XmlNamespace, XmlShape};
use drawplate_model::protocol::MemberNames;
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;

/// Whether a protocol of the service applies the XML traits.
fn is_used(cx: &Cx<'_>) -> bool {
    let mut protocols = cx.service.protocols.iter();
    protocols.any(|protocol| matches!(protocol.spec().member_names, MemberNames::XmlName))
}

/// Whether messages of the service are encoded as XML. Clients of the query protocols only decode
/// it, and decoders ignore namespaces and the names of root elements.
fn is_encoded(cx: &Cx<'_>) -> bool {
    is_used(cx) && cx.service.has_server()
}

/// The calls for the traits of a member.
pub(super) fn member(cx: &Cx<'_>, xml: &XmlMember) -> TokenStream {
    if !is_used(cx) {
        return TokenStream::new();
    }
    let XmlMember {
        name,
        namespace,
        attribute,
        flattened,
    } = xml;
    let name = name.as_ref().map(|name| quote!(.xml_name(#name)));
    let namespace = namespace.as_ref().filter(|_| is_encoded(cx));
    let namespace = namespace.map(self::namespace);
    let attribute = attribute.then(|| quote!(.xml_attribute()));
    let flattened = flattened.then(|| quote!(.xml_flattened()));
    quote!(#name #namespace #attribute #flattened)
}

/// The calls for the traits of a shape that is the root of documents.
pub(super) fn shape(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let XmlShape {
        is_root,
        name,
        namespace,
    } = &cx.model.shapes[id].xml;
    if !is_encoded(cx) || !is_root {
        return TokenStream::new();
    }
    let name = name.as_ref().map(|name| quote!(.xml_name(#name)));
    let namespace = namespace.as_ref().or(cx.service.xml_namespace.as_ref());
    let namespace = namespace.map(self::namespace);
    let unwrapped = is_unwrapped(cx, id).then(|| quote!(.xml_unwrapped()));
    quote!(#name #namespace #unwrapped)
}

fn namespace(namespace: &XmlNamespace) -> TokenStream {
    let XmlNamespace { uri, prefix } = namespace;
    let prefix = super::option(prefix.as_ref());
    quote!(.xml_namespace(&s::XmlNamespace { uri: #uri, prefix: #prefix }))
}

/// Whether a shape is an output whose only member is the root element.
fn is_unwrapped(cx: &Cx<'_>, id: ShapeId) -> bool {
    let mut operations = cx.model.operations_of(cx.service);
    operations.any(|operation| operation.unwrapped_output && operation.output == id)
}
