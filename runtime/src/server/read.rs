//! Fills an input from a request, and finds all that is wrong with it.

use crate::codec::decode::Mode;
use crate::error::{DecodeError, EncodeError, Problem};
use crate::protocol::bind::decode::{self, Parts};
use crate::protocol::bind::document::{self, Which};
use crate::protocol::bind::text::both;
use crate::protocol::service::Protocol;
use crate::schema::{Binding, Kind, Schema};
use crate::shape::literal;
use crate::shape::{Decoder, Encoder, Structure};
use crate::value::Document;

use crate::validate::decoder::Checked;
use crate::validate::patterns::Patterns;

/// Fills `input`: members where they are bound to, then the document, then the defaults of what nobody set.
pub(super) fn fill(
    protocol: Protocol,
    patterns: &Patterns,
    parts: &Parts<'_>,
    input: &mut dyn Structure,
) -> Result<(), DecodeError> {
    let members = input.schema().members;
    let mut input = Input {
        inner: Some(input),
        patterns: Some(patterns),
        state: vec![State::Absent; members.len()],
    };
    let mut result = Ok(());
    let mut payload = false;
    if protocol.binds() {
        for (index, member) in members.iter().enumerate() {
            let found = match member.binding {
                Binding::Document => continue,
                Binding::Payload => {
                    payload = true;
                    decode::payload(index, member, parts, &mut input, Mode::Strict)
                }
                _ => decode::bound(index, member, parts, &mut input),
            };
            // No bytes are bytes, too.
            let bytes = member.binding == Binding::Payload
                && matches!(member.target.kind, Kind::Blob | Kind::String);
            let needed = member.required && member.default.is_none() && !bytes;
            let found = match found {
                Ok(()) if needed && input.state[index] == State::Absent => {
                    Err(DecodeError::new(Problem::Missing))
                }
                found => found,
            };
            let found = found.map_err(|error| {
                let error = if member.is_secret() {
                    error.redacted()
                } else {
                    error
                };
                error.inside(member.name)
            });
            result = both(result, found);
        }
    }
    if let (crate::http::Content::Events(events), false) = (parts.body, protocol.binds()) {
        let initial = document::read_events(&mut input, parts.body, events, Mode::Strict);
        both(result, initial)?;
        return input.fill_defaults();
    }
    let which = Which::of(protocol);
    if !payload
        && members
            .iter()
            .any(|member| which == Which::All || member.binding == Binding::Document)
    {
        // Who has nothing to say need not say it in JSON.
        let body: &[u8] = match &**parts.body.bytes() {
            b"" => b"{}",
            body => body,
        };
        result = both(
            result,
            document::read(&mut input, which, body, Mode::Strict),
        );
    }
    result?;
    input.fill_defaults()
}

/// What became of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    Tried,
    Set,
}

/// An input on its way in: its members are checked, and it is known which are there.
struct Input<'i> {
    inner: Option<&'i mut dyn Structure>,
    patterns: Option<&'i Patterns>,
    state: Vec<State>,
}

impl Input<'_> {
    /// A member that was not sent has its default (Smithy 2.0, "default trait").
    fn fill_defaults(&mut self) -> Result<(), DecodeError> {
        let Some(inner) = &mut self.inner else {
            return Ok(());
        };
        for (index, member) in inner.schema().members.iter().enumerate() {
            if let (Some(value), State::Absent | State::Tried) = (member.default, self.state[index])
            {
                literal::with(value, &mut |decoder| inner.decode_member(index, decoder))?;
            }
        }
        Ok(())
    }
}

impl Structure for Input<'_> {
    fn schema(&self) -> &'static Schema {
        self.inner
            .as_ref()
            .map_or(&crate::server::NOTHING, |inner| inner.schema())
    }

    fn empty() -> Self {
        Self {
            inner: None,
            patterns: None,
            state: Vec::new(),
        }
    }

    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        self.inner
            .as_ref()
            .map_or(Ok(()), |inner| inner.encode_members(encoder))
    }

    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        let (Some(inner), Some(patterns)) = (&mut self.inner, self.patterns) else {
            return Ok(());
        };
        self.state[index] = State::Tried;
        inner.decode_member(
            index,
            &mut Checked {
                inner: decoder,
                patterns,
                print: None,
            },
        )?;
        self.state[index] = State::Set;
        Ok(())
    }

    fn decode_unknown(&mut self, name: &str, value: Document) {
        if let Some(inner) = &mut self.inner {
            inner.decode_unknown(name, value);
        }
    }
}
