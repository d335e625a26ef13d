//! Takes a structure apart into the parts of a message: what a client does with an input and a server with an output or error.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::document::{self, Alone, Root, Tokens, Which};
use super::header;
use super::text::{self, Place};
use crate::error::EncodeError;
use crate::http::Content;
use crate::protocol::service::Protocol;
use crate::schema::{Binding, Kind, Member};
use crate::shape::visitor::{Sink, Value};
use crate::shape::{EncodeStream, Structure};
use crate::value::Document;

/// The parts of a message that members are bound to.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// Labels by their member.
    pub(crate) labels: Vec<(&'static Member, String)>,
    /// Parameters in the order of the members, those of maps last.
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    /// Headers, the body's content type among them.
    pub(crate) headers: HeaderMap,
    /// The status that the structure asks for.
    pub(crate) status: Option<u16>,
    /// The body; `None` where there is none, which differs from an empty one.
    pub(crate) body: Option<Content>,
}

impl Parts {
    /// The text of a member that is a label.
    pub(crate) fn label(&self, member: &'static Member) -> Option<&str> {
        self.labels
            .iter()
            .find(|(label, _)| std::ptr::eq(*label, member))
            .map(|(_, text)| text.as_str())
    }
}

/// Takes `structure` apart.
pub(crate) fn parts(
    protocol: Protocol,
    structure: &dyn Structure,
    tokens: Tokens<'_>,
) -> Result<Parts, EncodeError> {
    let which = Which::of(protocol);
    let schema = structure.schema();
    let mut parts = Parts::default();
    let bound = schema
        .members
        .iter()
        .any(|member| member.binding != Binding::Document || member.host_label);
    if bound {
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
    let payload = schema
        .members
        .iter()
        .any(|member| member.binding == Binding::Payload);
    let document = if protocol.binds() {
        !payload && which.any(schema)
    } else {
        // The other members are sent in front of the events.
        schema.events().is_none()
    };
    if document {
        parts.body = Some(Content::Bytes(
            document::write(structure, which, tokens)?.into(),
        ));
        parts
            .headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static(protocol.content_type()));
    }
    Ok(parts)
}

/// Puts each member where it is bound to.
struct Binder<'t> {
    parts: Parts,
    protocol: Protocol,
    tokens: Tokens<'t>,
    /// Query parameters out of a map: what is bound by name comes before them.
    parameters: Vec<(String, String)>,
    /// The content type of the payload, unless a member says otherwise.
    default_type: Option<&'static str>,
}

impl Binder<'_> {
    fn finish(mut self) -> Parts {
        let named = self.parts.query.len();
        for (name, value) in self.parameters {
            if self.parts.query[..named]
                .iter()
                .all(|(other, _)| *other != name)
            {
                self.parts.query.push((name.into(), value));
            }
        }
        if let Some(media_type) = self.default_type {
            self.parts
                .headers
                .entry(CONTENT_TYPE)
                .or_insert(HeaderValue::from_static(media_type));
        }
        self.parts
    }

    fn label(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        let text = match value {
            Value::None => Cow::Borrowed(""),
            value => text::write(member, value, Place::Label)?,
        };
        self.parts.labels.push((member, text.into_owned()));
        Ok(())
    }

    fn query(
        &mut self,
        member: &'static Member,
        name: &'static str,
        value: Value<'_>,
    ) -> Result<(), EncodeError> {
        for text in self.texts(member, value, Place::Query)? {
            self.parts.query.push((name.into(), text));
        }
        Ok(())
    }

    /// The texts of a value that may be a list.
    fn texts(
        &self,
        member: &'static Member,
        value: Value<'_>,
        place: Place,
    ) -> Result<Vec<String>, EncodeError> {
        Ok(match value {
            Value::None if member.idempotency_token => vec![(self.tokens)()],
            Value::None => Vec::new(),
            Value::List(list) => {
                let mut elements = Elements {
                    place,
                    texts: Vec::with_capacity(list.len()),
                };
                if let Some(element) = member.target.members.first() {
                    list.encode_elements(element, &mut elements)?;
                }
                elements.texts
            }
            value => vec![text::write(member, value, place)?.into_owned()],
        })
    }

    fn header(
        &mut self,
        member: &'static Member,
        name: &str,
        value: Value<'_>,
    ) -> Result<(), EncodeError> {
        let text = match value {
            Value::None if member.idempotency_token => (self.tokens)(),
            Value::None => return Ok(()),
            Value::List(_) => {
                let Some(element) = member.target.members.first() else {
                    return Ok(());
                };
                let mut list = String::new();
                for text in self.texts(member, value, Place::Header)? {
                    header::push(&mut list, element, &text);
                }
                list
            }
            value => text::write(member, value, Place::Header)?.into_owned(),
        };
        let (name, value) = header_pair(member, name, text)?;
        // A member that is bound to a header by name comes before an entry of a map.
        self.parts.headers.insert(name, value);
        Ok(())
    }

    fn prefix_headers(
        &mut self,
        member: &'static Member,
        prefix: &str,
        value: Value<'_>,
    ) -> Result<(), EncodeError> {
        for (name, text) in entries(member, value, Place::Header)? {
            let (name, value) = header_pair(member, &format!("{prefix}{name}"), text)?;
            self.parts.headers.entry(name).or_insert(value);
        }
        Ok(())
    }

    fn payload(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        let json = self.protocol.content_type();
        let (body, media_type) = match value {
            Value::None => return Ok(()),
            Value::Stream(stream) => {
                self.parts.body = Some(self::stream(member, stream)?);
                self.default_type = Some(match (member.target.kind, member.media_type) {
                    (Kind::Union, _) => crate::http::EVENTS,
                    (_, Some(media_type)) => media_type,
                    (_, None) => "application/octet-stream",
                });
                return Ok(());
            }
            Value::Blob(bytes) => (
                Bytes::copy_from_slice(bytes),
                member.media_type.unwrap_or("application/octet-stream"),
            ),
            Value::String(text) => (
                Bytes::copy_from_slice(text.as_bytes()),
                member.media_type.unwrap_or("text/plain"),
            ),
            Value::Structure(structure) => (document::to_json(&Root(structure))?.into(), json),
            Value::Document(value) => (document::to_json(&Alone(value))?.into(), json),
            value => (
                text::write(member, value, Place::Whole)?
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

/// The bytes of a stream, which may be at hand.
fn stream(member: &Member, stream: &dyn EncodeStream) -> Result<Content, EncodeError> {
    let named = |error| EncodeError::new(format!("`{}`: {error}", member.name));
    let stream = stream.take().map_err(named)?;
    if member.requires_length && stream.length().is_none() {
        return Err(EncodeError::new(format!(
            "`{}` must have a length that is known before it is sent: `ByteStream::with_length` says it",
            member.name
        )));
    }
    Ok(match stream.as_bytes() {
        Some(bytes) => Content::Bytes(bytes.clone()),
        None => Content::Stream(stream),
    })
}

/// Under a protocol without bindings: makes the body the stream of events that `structure` has, behind a message of `event_type` with the other members
/// (Amazon Event Stream Specification, "Initial Message Events").
pub(crate) fn begin_events(
    parts: &mut Parts,
    protocol: Protocol,
    structure: &dyn Structure,
    event_type: &str,
    tokens: Tokens<'_>,
) -> Result<(), EncodeError> {
    if protocol.binds() || structure.schema().events().is_none() {
        return Ok(());
    }
    let first = crate::stream::event::initial(event_type, structure, tokens)?.encode()?;
    let mut events = Events(crate::http::Body::empty());
    structure.encode_members(&mut events)?;
    let body = crate::stream::event::Prefixed::new(first, events.0);
    parts.body = Some(Content::Stream(crate::ByteStream::new(body)));
    let media_type = HeaderValue::from_static(crate::http::EVENTS);
    parts.headers.insert(CONTENT_TYPE, media_type);
    Ok(())
}

/// Takes the stream.
struct Events(crate::http::Body);

impl Sink for Events {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        if let Value::Stream(events) = value {
            self.0 = stream(member, events)?.into_body();
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// The texts of a map's entries.
fn entries(
    member: &'static Member,
    value: Value<'_>,
    place: Place,
) -> Result<Vec<(String, String)>, EncodeError> {
    let Value::Map(map) = value else {
        return Ok(Vec::new());
    };
    let mut entries = Entries {
        place,
        key: String::new(),
        texts: Vec::with_capacity(map.len()),
    };
    if let [key, value, ..] = member.target.members {
        map.encode_entries(key, value, &mut entries)?;
    }
    Ok(entries.texts)
}

impl Sink for Binder<'_> {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        if member.host_label && (member.binding != Binding::Label || !self.protocol.binds()) {
            self.label(member, value)?;
        }
        if !self.protocol.binds() {
            return Ok(());
        }
        match member.binding {
            Binding::Document => Ok(()),
            Binding::Label => self.label(member, value),
            Binding::Query(name) => self.query(member, name, value),
            Binding::QueryParams => {
                let entries = entries(member, value, Place::Query)?;
                self.parameters.extend(entries);
                Ok(())
            }
            Binding::Header(name) => self.header(member, name, value),
            Binding::PrefixHeaders(prefix) => self.prefix_headers(member, prefix, value),
            Binding::Payload => self.payload(member, value),
            Binding::StatusCode => {
                if let Value::Integer(status) = value {
                    self.parts.status = u16::try_from(status).ok();
                }
                Ok(())
            }
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
            "`{name}` of `{}` is not the name of a header",
            member.name
        ))
    })?;
    let mut value = HeaderValue::try_from(text).map_err(|_| {
        EncodeError::new(format!(
            "the value of `{}` has characters that a header cannot hold",
            member.name
        ))
    })?;
    value.set_sensitive(member.sensitive);
    Ok((name, value))
}

/// The texts of a list's elements; nulls are left out.
struct Elements {
    place: Place,
    texts: Vec<String>,
}

impl Sink for Elements {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        if !matches!(value, Value::None) {
            self.texts
                .push(text::write(member, value, self.place)?.into_owned());
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// The texts of a map's entries, one per element where values are lists; nulls are left out.
struct Entries {
    place: Place,
    key: String,
    texts: Vec<(String, String)>,
}

impl Sink for Entries {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        let mut elements = Elements {
            place: self.place,
            texts: Vec::new(),
        };
        match value {
            Value::List(list) => {
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
