//! Decodes an input from a request and reports all violations in it.

use crate::error::DecodeError;
use crate::protocol::ServerProtocol;
use crate::protocol::bind::decode::ReceivedParts;
use crate::protocol::messages::RequestInput;
use crate::schema::Schema;
use crate::shape::private::Sealed;
use crate::shape::{DecodeMembers, Decoder, Shape, literal};
use crate::validate::decoder::ValidatingDecoder;
use crate::validate::patterns::Patterns;
use crate::value::Document;

/// Decodes `input` from a request. Missing members get their defaults.
pub(super) fn decode(
    protocol: &dyn ServerProtocol,
    patterns: &Patterns,
    parts: &ReceivedParts<'_>,
    input: &mut dyn DecodeMembers,
) -> Result<(), DecodeError> {
    let state = vec![State::Absent; input.schema().members.len()];
    let mut input = ValidatedInput {
        inner: input,
        patterns,
        state,
    };
    protocol.decode_request(parts, &mut input)?;
    input.fill_defaults()
}

/// The state of a member after the request was decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No value.
    Absent,
    /// An invalid value.
    Invalid,
    /// A value.
    Set,
}

/// An input whose members are validated while they are decoded.
struct ValidatedInput<'i> {
    inner: &'i mut dyn DecodeMembers,
    patterns: &'i Patterns,
    state: Vec<State>,
}

impl ValidatedInput<'_> {
    /// Fills missing members with their defaults (Smithy 2.0, "default trait").
    fn fill_defaults(&mut self) -> Result<(), DecodeError> {
        let Self { inner, state, .. } = self;
        for (index, member) in inner.schema().members.iter().enumerate() {
            if let (Some(value), State::Absent | State::Invalid) = (member.default, state[index]) {
                literal::with(value, &mut |decoder| inner.decode_member(index, decoder))?;
            }
        }
        Ok(())
    }
}

impl Sealed for ValidatedInput<'_> {}

impl Shape for ValidatedInput<'_> {
    fn schema(&self) -> &'static Schema {
        self.inner.schema()
    }
}

impl DecodeMembers for ValidatedInput<'_> {
    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        self.state[index] = State::Invalid;
        self.inner.decode_member(
            index,
            &mut ValidatingDecoder {
                inner: decoder,
                patterns: self.patterns,
                fingerprint: None,
            },
        )?;
        self.state[index] = State::Set;
        Ok(())
    }

    fn decode_unknown(&mut self, name: &str, value: Document) {
        self.inner.decode_unknown(name, value);
    }
}

impl RequestInput for ValidatedInput<'_> {
    fn is_absent(&self, index: usize) -> bool {
        self.state[index] == State::Absent
    }
}
