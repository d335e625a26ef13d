//! Encodes a structure as the parts of a message: an input in a client, an output or error in a
//! server.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::header;
use super::text::{self, TextPosition};
use crate::codec::members::{MemberFilter, RootStructure, Tokens};
use crate::error::EncodeError;
use crate::protocol::Protocol;
use crate::protocol::content::Content;
use crate::schema::{Binding, Kind, Literal, Member};
use crate::shape::EncodeMembers;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::stream::event;
use crate::value::Document;

/// The bound parts of a message.
#[derive(Debug, Default)]
pub(crate) struct MessageParts {
    /// Labels, by their member.
    pub(crate) labels: Vec<(&'static Member, String)>,
    /// Query parameters in the order of the members, followed by those of maps.
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    /// Headers, including the content type of the body.
    pub(crate) headers: HeaderMap,
    /// The length of the body that the structure states.
    pub(crate) length: Option<u64>,
    /// The status that the structure sets.
    pub(crate) status: Option<u16>,
    /// The body. `None` is no body, which differs from an empty one.
    pub(crate) body: Option<Content>,
}

impl MessageParts {
    /// Sets the body to `document`.
    pub(crate) fn set_document(&mut self, mut document: Vec<u8>, media_type: &'static str) {
        // Limits count the length of a body. It should not take much more memory than that.
        const SLACK: usize = 64 << 10;
        if document.capacity() - document.len() > SLACK {
            document.shrink_to_fit();
        }
        self.body = Some(Content::Bytes(document.into()));
        self.headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static(media_type));
    }
}

/// Splits `structure` into parts by its HTTP bindings. `filter` selects the members of the
/// document, which are others in requests than in responses. The parts have no document, unless it
/// is the payload.
pub(crate) fn parts(
    protocol: &dyn Protocol,
    structure: &dyn EncodeMembers,
    filter: MemberFilter,
    tokens: Tokens<'_>,
) -> Result<MessageParts, EncodeError> {
    let schema = structure.schema();
    let layout = &schema.layout;
    let mut parts = MessageParts::default();
    let outside = match filter {
        MemberFilter::Response => layout.outside_response,
        _ => layout.outside_request,
    };
    if outside || layout.in_host {
        let mut binder = Binder {
            parts,
            protocol,
            tokens,
            parameters: Vec::new(),
            default_type: None,
        };
        structure.encode_members(&mut binder)?;
        parts = binder.finish();
    }
    Ok(parts)
}

/// The texts of the members that are part of the host name.
pub(crate) fn host_labels(
    structure: &dyn EncodeMembers,
) -> Result<Vec<(&'static Member, String)>, EncodeError> {
    let mut labels = HostLabels(Vec::new());
    if structure.schema().layout.in_host {
        structure.encode_members(&mut labels)?;
    }
    Ok(labels.0)
}

struct HostLabels(Vec<(&'static Member, String)>);

impl ValueVisitor for HostLabels {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if member.host_label {
            self.0.push((member, label(member, value)?));
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

fn label(member: &'static Member, value: ValueRef<'_>) -> Result<String, EncodeError> {
    match value {
        ValueRef::None => Ok(String::new()),
        value => text::write(member, value, TextPosition::Label).map(Cow::into_owned),
    }
}

/// The body of the event stream in `structure`, after a message with the other members (Amazon
/// Event Stream Specification, "Initial Message Events"); `None` if there is no event stream.
pub(crate) fn events(
    protocol: &dyn Protocol,
    structure: &dyn EncodeMembers,
    event_type: &str,
    tokens: Tokens<'_>,
) -> Result<Option<Content>, EncodeError> {
    if structure.schema().events().is_none() {
        return Ok(None);
    }
    let codec = protocol.codec();
    let first = event::initial(codec, event_type, structure, tokens)?.encode()?;
    let mut events = EventBody {
        protocol,
        body: crate::http::Body::empty(),
    };
    structure.encode_members(&mut events)?;
    let body = event::Prefixed::new(first, events.body);
    Ok(Some(Content::Stream(crate::ByteStream::new(body))))
}

/// Collects the event stream.
struct EventBody<'p> {
    protocol: &'p dyn Protocol,
    body: crate::http::Body,
}

impl ValueVisitor for EventBody<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if let ValueRef::Stream(events) = value {
            self.body = Content::from_member(member, events, self.protocol.codec())?.into_body();
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Writes each member to the part of the message that it is bound to.
struct Binder<'t> {
    parts: MessageParts,
    protocol: &'t dyn Protocol,
    tokens: Tokens<'t>,
    /// Query parameters from a map; those that are bound by name precede them.
    parameters: Vec<(String, String)>,
    /// The content type of the payload, unless a member sets it.
    default_type: Option<&'static str>,
}

impl Binder<'_> {
    fn finish(mut self) -> MessageParts {
        let named = self.parts.query.len();
        for (name, value) in self.parameters {
            if self.parts.query[..named]
                .iter()
                .all(|(other, _)| *other != name)
            {
                self.parts.query.push((name.into(), value));
            }
        }
        if self.default_type == Some(event::MEDIA_TYPE) {
            // Events end when they end.
            self.parts.length = None;
        }
        if let Some(media_type) = self.default_type {
            self.parts
                .headers
                .entry(CONTENT_TYPE)
                .or_insert(HeaderValue::from_static(media_type));
        }
        self.parts
    }

    fn query(
        &mut self,
        member: &'static Member,
        name: &'static str,
        value: ValueRef<'_>,
    ) -> Result<(), EncodeError> {
        for text in self.texts(member, value, TextPosition::Query)? {
            self.parts.query.push((name.into(), text));
        }
        Ok(())
    }

    /// The texts of a value or of the elements of a list.
    fn texts(
        &self,
        member: &'static Member,
        value: ValueRef<'_>,
        position: TextPosition,
    ) -> Result<Vec<String>, EncodeError> {
        Ok(match value {
            ValueRef::None if member.idempotency_token => vec![(self.tokens)()],
            ValueRef::None => Vec::new(),
            ValueRef::List(list) => {
                let mut elements = Elements {
                    position,
                    texts: Vec::with_capacity(list.len()),
                };
                if let Some(element) = member.target.members.first() {
                    list.encode_elements(element, &mut elements)?;
                }
                elements.texts
            }
            value => vec![text::write(member, value, position)?.into_owned()],
        })
    }

    fn header(
        &mut self,
        member: &'static Member,
        name: &str,
        value: ValueRef<'_>,
    ) -> Result<(), EncodeError> {
        let text = match value {
            ValueRef::None if member.idempotency_token => (self.tokens)(),
            ValueRef::None => return Ok(()),
            ValueRef::List(_) => {
                let Some(element) = member.target.members.first() else {
                    return Ok(());
                };
                let mut list = String::new();
                for text in self.texts(member, value, TextPosition::Header)? {
                    header::push(&mut list, element, &text);
                }
                list
            }
            value => text::write(member, value, TextPosition::Header)?.into_owned(),
        };
        let (name, value) = header_pair(member, name, text)?;
        if header::is_of_transport(&name) {
            self.transport_header(&name, &value);
            return Ok(());
        }
        // A member that is bound to a header by name has precedence over an entry of a map.
        self.parts.headers.insert(name, value);
        Ok(())
    }

    fn prefix_headers(
        &mut self,
        member: &'static Member,
        prefix: &str,
        value: ValueRef<'_>,
    ) -> Result<(), EncodeError> {
        for (name, text) in entries(member, value, TextPosition::Header)? {
            let (name, value) = header_pair(member, &format!("{prefix}{name}"), text)?;
            if header::is_of_transport(&name) {
                self.transport_header(&name, &value);
            } else {
                self.parts.headers.entry(name).or_insert(value);
            }
        }
        Ok(())
    }

    /// Keeps a stated length, for messages whose transport does not know it.
    fn transport_header(&mut self, name: &HeaderName, value: &HeaderValue) {
        if let (true, None, Ok(text)) = (*name == CONTENT_LENGTH, self.parts.length, value.to_str())
        {
            self.parts.length = text.parse().ok();
        }
    }

    /// A default that is no status, such as 0, is no value.
    fn status(&mut self, member: &Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let ValueRef::Integer(value) = value else {
            return Ok(());
        };
        self.parts.status = match u16::try_from(value) {
            Ok(status @ 200..=999) => Some(status),
            _ if member.default == Some(Literal::Integer(value)) => None,
            _ => {
                let name = member.name;
                return Err(EncodeError::new(format!(
                    "`{name}` is {value}, which is not the HTTP status of a response (200 to 999)"
                )));
            }
        };
        Ok(())
    }

    fn payload(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let codec = self.protocol.codec();
        let document = self.protocol.media_type();
        let (body, media_type) = match value {
            ValueRef::None => return Ok(()),
            ValueRef::Stream(stream) => {
                self.parts.body = Some(Content::from_member(member, stream, codec)?);
                self.default_type = Some(match (member.target.kind, member.media_type) {
                    (Kind::Union, _) => event::MEDIA_TYPE,
                    (_, Some(media_type)) => media_type,
                    (_, None) => "application/octet-stream",
                });
                return Ok(());
            }
            value if self.protocol.messages().has_document_payloads() => {
                (codec.encode(member, &value)?.into(), document)
            }
            ValueRef::Blob(bytes) => (
                Bytes::copy_from_slice(bytes),
                member.media_type.unwrap_or("application/octet-stream"),
            ),
            ValueRef::String(text) => (
                Bytes::copy_from_slice(text.as_bytes()),
                member.media_type.unwrap_or("text/plain"),
            ),
            ValueRef::Structure(structure) => {
                let bytes = codec.encode(member, &RootStructure(structure))?;
                (bytes.into(), document)
            }
            ValueRef::Document(_) => (codec.encode(member, &value)?.into(), document),
            value => (
                text::write(member, value, TextPosition::Body)?
                    .into_owned()
                    .into(),
                member.media_type.unwrap_or("text/plain"),
            ),
        };
        self.parts.body = Some(Content::Bytes(body));
        self.default_type = Some(media_type);
        Ok(())
    }
}

/// The texts of the entries of a map.
fn entries(
    member: &'static Member,
    value: ValueRef<'_>,
    position: TextPosition,
) -> Result<Vec<(String, String)>, EncodeError> {
    let ValueRef::Map(map) = value else {
        return Ok(Vec::new());
    };
    let mut entries = Entries {
        position,
        key: String::new(),
        texts: Vec::with_capacity(map.len()),
    };
    if let [key, value, ..] = member.target.members {
        map.encode_entries(key, value, &mut entries)?;
    }
    Ok(entries.texts)
}

impl ValueVisitor for Binder<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if member.host_label && member.binding != Binding::Label {
            self.parts.labels.push((member, label(member, value)?));
        }
        match member.binding {
            Binding::Document => Ok(()),
            Binding::Label => {
                self.parts.labels.push((member, label(member, value)?));
                Ok(())
            }
            Binding::Query(name) => self.query(member, name, value),
            Binding::QueryParams => {
                let entries = entries(member, value, TextPosition::Query)?;
                self.parameters.extend(entries);
                Ok(())
            }
            Binding::Header(name) => self.header(member, name, value),
            Binding::PrefixHeaders(prefix) => self.prefix_headers(member, prefix, value),
            Binding::Payload => self.payload(member, value),
            Binding::StatusCode => self.status(member, value),
        }
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

fn header_pair(
    member: &Member,
    name: &str,
    text: String,
) -> Result<(HeaderName, HeaderValue), EncodeError> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        EncodeError::new(format!(
            "the key `{name}` of `{}` is not a valid header name",
            member.name
        ))
    })?;
    let mut value = HeaderValue::try_from(text).map_err(|_| {
        EncodeError::new(format!(
            "the value of `{}` contains characters that are invalid in a header",
            member.name
        ))
    })?;
    value.set_sensitive(member.sensitive);
    Ok((name, value))
}

/// Collects the texts of the elements of a list, without nulls.
struct Elements {
    position: TextPosition,
    texts: Vec<String>,
}

impl ValueVisitor for Elements {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if !matches!(value, ValueRef::None) {
            self.texts
                .push(text::write(member, value, self.position)?.into_owned());
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Collects the texts of the entries of a map, without nulls. A list value adds one entry per
/// element.
struct Entries {
    position: TextPosition,
    key: String,
    texts: Vec<(String, String)>,
}

impl ValueVisitor for Entries {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let mut elements = Elements {
            position: self.position,
            texts: Vec::new(),
        };
        match value {
            ValueRef::List(list) => {
                if let Some(element) = member.target.members.first() {
                    list.encode_elements(element, &mut elements)?;
                }
            }
            value => elements.value(member, value)?,
        }
        self.texts.extend(
            elements
                .texts
                .into_iter()
                .map(|text| (self.key.clone(), text)),
        );
        Ok(())
    }

    fn entry(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        key.clone_into(&mut self.key);
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}
