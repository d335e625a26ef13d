//! The part of a structure that travels in the document, and what fills it in.

use crate::codec::json;
use crate::error::{DecodeError, EncodeError};
use crate::schema::{Binding, Member, Schema};
use crate::shape::visitor::{Sink, Value};
use crate::shape::{Decoder, Encode, Encoder, Structure};
use crate::value::Document;

/// What stands for the member where a document stands alone.
static ROOT: Member = Member::new("", &crate::schema::DOCUMENT);

/// Tokens for members that nobody set (Smithy 2.0, "idempotencyToken trait").
pub(crate) type Tokens<'t> = &'t dyn Fn() -> String;

/// Members that stand in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// All of them.
    All,
    /// Those that are bound to no other part of the message.
    Unbound,
    /// All but the stream.
    Initial,
    /// Those that are bound to no other part of an event.
    Event,
}

impl Which {
    pub(crate) fn of(protocol: crate::protocol::service::Protocol) -> Self {
        if protocol.binds() {
            Self::Unbound
        } else {
            Self::All
        }
    }

    fn has(self, member: &Member) -> bool {
        match self {
            Self::All => true,
            Self::Unbound => member.binding == Binding::Document,
            Self::Initial => !member.streaming,
            Self::Event => member.event.is_none(),
        }
    }

    /// Whether a structure of this schema has members in the document.
    pub(crate) fn any(self, schema: &Schema) -> bool {
        schema.members.iter().any(|member| self.has(member))
    }
}

/// The JSON text of a value that is a whole document.
pub(crate) fn to_json(value: &dyn Encode) -> Result<Vec<u8>, EncodeError> {
    json::to_bytes(value, &ROOT)
}

/// The JSON text of the members that stand in the document, with a token for each that needs one and has none.
pub(crate) fn write(
    structure: &dyn Structure,
    which: Which,
    tokens: Tokens<'_>,
) -> Result<Vec<u8>, EncodeError> {
    let members = structure.schema().members;
    let plain = members
        .iter()
        .all(|member| which.has(member) && !member.idempotency_token);
    if plain {
        to_json(&Root(structure))
    } else {
        to_json(&Root(&Part {
            whole: Some(structure),
            which,
            tokens,
        }))
    }
}

/// Takes the members beside a stream of events, and the stream.
pub(crate) fn read_events(
    structure: &mut dyn Structure,
    content: &crate::http::Content,
    events: &crate::stream::event::Incoming,
    mode: json::Mode,
) -> Result<(), DecodeError> {
    let mut result = read(structure, Which::Initial, events.initial(), mode);
    if let Some((index, member)) = structure.schema().events() {
        let stream = structure.decode_member(index, &mut super::text::Whole { content });
        let stream = stream.map_err(|error| error.inside(member.name));
        result = super::text::both(result, stream);
    }
    result
}

/// Takes the members that stand in the document from a decoder.
pub(crate) fn read(
    structure: &mut dyn Structure,
    which: Which,
    json: &[u8],
    mode: json::Mode,
) -> Result<(), DecodeError> {
    let plain = structure
        .schema()
        .members
        .iter()
        .all(|member| which.has(member));
    json::read(json, mode, &mut |decoder| {
        if plain {
            decoder.structure(&ROOT, structure)
        } else {
            decoder.structure(
                &ROOT,
                &mut Rest {
                    whole: Some(&mut *structure),
                    which,
                },
            )
        }
    })
}

/// A structure as a value that stands alone.
pub(crate) struct Root<'s>(pub(crate) &'s dyn Structure);

impl Encode for Root<'_> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.structure(member, self.0)
    }
}

/// A document as a value that stands alone.
pub(crate) struct Alone<'v>(pub(crate) &'v Document);

impl Encode for Alone<'_> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.document(member, self.0)
    }
}

/// What a wrapper around no structure is: nothing ever asks for its schema.
static NOTHING: Schema = Schema::structure("smithy.api#Unit", &[]);

/// The members of a structure that stand in the document, on their way out.
struct Part<'s> {
    whole: Option<&'s dyn Structure>,
    which: Which,
    tokens: Tokens<'s>,
}

impl Structure for Part<'_> {
    fn schema(&self) -> &'static Schema {
        self.whole.map_or(&NOTHING, Structure::schema)
    }

    fn empty() -> Self {
        Self {
            whole: None,
            which: Which::All,
            tokens: &String::new,
        }
    }

    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        let mut filter = Filter {
            encoder,
            which: self.which,
            tokens: self.tokens,
        };
        self.whole
            .map_or(Ok(()), |whole| whole.encode_members(&mut filter))
    }

    fn decode_member(&mut self, _: usize, _: &mut dyn Decoder) -> Result<(), DecodeError> {
        Ok(())
    }
}

struct Filter<'f> {
    encoder: &'f mut dyn Encoder,
    which: Which,
    tokens: Tokens<'f>,
}

impl Sink for Filter<'_> {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        if !self.which.has(member) {
            return Ok(());
        }
        let encoder = &mut *self.encoder;
        match value {
            Value::None if member.idempotency_token => encoder.string(member, &(self.tokens)()),
            Value::None => encoder.none(member),
            Value::Boolean(value) => encoder.boolean(member, value),
            Value::Integer(value) => encoder.integer(member, value),
            Value::Float(value) => encoder.float(member, value),
            Value::Double(value) => encoder.double(member, value),
            Value::Number(digits) => encoder.number(member, digits),
            Value::String(value) => encoder.string(member, value),
            Value::Blob(value) => encoder.blob(member, value),
            Value::Timestamp(value) => encoder.timestamp(member, value),
            Value::Document(value) => encoder.document(member, value),
            Value::List(value) => encoder.list(member, value),
            Value::Map(value) => encoder.map(member, value),
            Value::Structure(value) => encoder.structure(member, value),
            Value::Stream(value) => encoder.stream(member, value),
        }
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.encoder.unknown(name, value)
    }
}

/// The members of a structure that stand in the document, on their way in: a document does not set what is bound elsewhere.
struct Rest<'s> {
    whole: Option<&'s mut dyn Structure>,
    which: Which,
}

impl Structure for Rest<'_> {
    fn schema(&self) -> &'static Schema {
        self.whole.as_ref().map_or(&NOTHING, |whole| whole.schema())
    }

    fn empty() -> Self {
        Self {
            whole: None,
            which: Which::All,
        }
    }

    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        self.whole
            .as_ref()
            .map_or(Ok(()), |whole| whole.encode_members(encoder))
    }

    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        match &mut self.whole {
            Some(whole)
                if whole
                    .schema()
                    .members
                    .get(index)
                    .is_some_and(|member| self.which.has(member)) =>
            {
                whole.decode_member(index, decoder)
            }
            // A value that nobody takes is read past.
            _ => Ok(()),
        }
    }

    fn expects(&self, index: usize) -> bool {
        let member = self.schema().members.get(index);
        member.is_some_and(|member| self.which.has(member))
    }
}
