//! Facts about the members of a structure, which `const` functions compute.

use super::{Binding, Member};

/// Facts about the members of a shape. They are computed from the members alone when the schema is
/// built, which is at compile time in generated code: targets may refer back to the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question that is asked about a structure"
)]
pub(crate) struct Layout {
    /// The index of the member that is the payload.
    pub(crate) payload: Option<usize>,
    /// The index of the member that is a stream of bytes or events.
    pub(crate) stream: Option<usize>,
    /// Whether a member is in the document of a request.
    pub(crate) in_request: bool,
    /// Whether a member is bound to another part of a request.
    pub(crate) outside_request: bool,
    /// Whether a member is in the document of a response.
    pub(crate) in_response: bool,
    /// Whether a member is bound to another part of a response.
    pub(crate) outside_response: bool,
    /// Whether a member is part of the host name.
    pub(crate) in_host: bool,
    /// Whether a member is bound to the header `Content-Type`.
    pub(crate) content_type: bool,
    /// Whether the client fills in a member (`idempotencyToken`).
    pub(crate) idempotency_token: bool,
    /// Whether a member is bound neither to a header nor to the payload of an event.
    pub(crate) in_event_document: bool,
    /// Whether a member is bound to a header or the payload of an event.
    pub(crate) outside_event_document: bool,
    /// Whether a member is an attribute in XML.
    pub(crate) xml_attribute: bool,
    /// Whether the elements of a member are flattened in XML.
    pub(crate) xml_flattened: bool,
    /// Whether a member contains those that the schema does not have.
    pub(crate) keeps_unknown: bool,
    /// Whether a member has a default.
    pub(crate) has_default: bool,
}

impl Layout {
    pub(super) const fn of(members: &[Member]) -> Self {
        let mut layout = Self {
            payload: None,
            stream: None,
            in_request: false,
            outside_request: false,
            in_response: false,
            outside_response: false,
            in_host: false,
            content_type: false,
            idempotency_token: false,
            in_event_document: false,
            outside_event_document: false,
            xml_attribute: false,
            xml_flattened: false,
            keeps_unknown: false,
            has_default: false,
        };
        let mut index = 0;
        while index < members.len() {
            let member = &members[index];
            match member.binding {
                Binding::Payload => layout.payload = Some(index),
                Binding::Header(name) => {
                    layout.content_type |= equal_ignoring_case(name, "content-type");
                }
                _ => {}
            }
            let (request, response) = (
                member.binding.is_in_request_document(),
                member.binding.is_in_response_document(),
            );
            layout.in_request |= request;
            layout.outside_request |= !request;
            layout.in_response |= response;
            layout.outside_response |= !response;
            if member.streaming {
                layout.stream = Some(index);
            }
            layout.in_host |= member.host_label;
            layout.keeps_unknown |= member.unknown;
            layout.has_default |= member.default.is_some();
            layout.idempotency_token |= member.idempotency_token;
            layout.xml_attribute |= member.xml.attribute;
            layout.xml_flattened |= member.xml.flattened;
            if member.event.is_some() {
                layout.outside_event_document = true;
            } else {
                layout.in_event_document = true;
            }
            index += 1;
        }
        layout
    }
}

/// Compares ASCII texts. `str::eq_ignore_ascii_case` is const since Rust 1.89.
const fn equal_ignoring_case(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index].eq_ignore_ascii_case(&b[index]) {
        index += 1;
    }
    index == a.len() && index == b.len()
}
