//! `Encode` and `Decode` of values that may be null.

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, Encoder};
use crate::value::Nullable;

impl<T: Encode> Encode for Nullable<T> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        match self {
            Self::Null => encoder.null(member),
            Self::Value(value) => value.encode(member, encoder),
        }
    }
}

impl<T: Decode> Decode for Nullable<T> {
    const NULL: Option<Self> = Some(Self::Null);

    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        if decoder.is_null() {
            Ok(Self::Null)
        } else {
            T::decode(member, decoder).map(Self::Value)
        }
    }

    fn empty() -> Self {
        Self::Null
    }
}
