//! `Encode` and `Decode` for the types of members.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::shape::{
    Decode, DecodeList, DecodeMap, Decoder, Encode, EncodeList, EncodeMap, Encoder, MapKey,
};
use crate::value::{BigDecimal, BigInteger, Blob, Document, Timestamp, UnknownMember};

/// Implements the traits for types that a codec has a method for: the call with `value`, the result
/// of decoding, and the empty value.
macro_rules! primitive {
    ($($type:ty: $encode:ident($value:ident => $encoded:expr), $decode:ident($member:ident, $decoded:ident => $result:expr), $empty:expr;)*) => {
        $(
            impl Encode for $type {
                #[inline]
                fn encode(&self, member: &'static Member, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
                    let $value = self;
                    encoder.$encode(member, $encoded)
                }
            }

            impl Decode for $type {
                #[inline]
                fn decode($member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
                    let $decoded = decoder.$decode($member)?;
                    $result
                }

                fn empty() -> Self {
                    $empty
                }
            }
        )*
    };
}

primitive! {
    bool: boolean(value => *value), boolean(_member, value => Ok(value)), false;
    i8: integer(value => i64::from(*value)), integer(member, value => narrow(member, value)), 0;
    i16: integer(value => i64::from(*value)), integer(member, value => narrow(member, value)), 0;
    i32: integer(value => i64::from(*value)), integer(member, value => narrow(member, value)), 0;
    i64: integer(value => *value), integer(_member, value => Ok(value)), 0;
    f32: float(value => *value), double(_member, value => Ok(single(value))), 0.0;
    f64: double(value => *value), double(_member, value => Ok(value)), 0.0;
    String: string(value => value), string(_member, value => Ok(value)), String::new();
    Blob: blob(value => value), blob(_member, value => Ok(value)), Blob::default();
    BigInteger: number(value => value.as_str()), number(member, value => value.parse().map_err(|error| member.invalid_number(error))), 0.into();
    BigDecimal: number(value => value.as_str()), number(member, value => value.parse().map_err(|error| member.invalid_number(error))), 0.into();
    Timestamp: timestamp(value => *value), timestamp(_member, value => Ok(value)), Timestamp::UNIX_EPOCH;
    Document: document(value => value), document(_member, value => Ok(value)), Document::Null;
}

/// Decoders respect the bounds of the member's kind. A type that is narrower than its schema still
/// rejects other values.
fn narrow<T: TryFrom<i64>>(member: &Member, value: i64) -> Result<T, DecodeError> {
    T::try_from(value).map_err(|_| {
        DecodeError::mismatch("an integer in the range of its type", member.shown(value))
    })
}

/// The nearest value of single precision; infinite if it is out of range.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the nearest single is what is wanted"
)]
fn single(value: f64) -> f32 {
    value as f32
}

impl UnknownMember {
    /// Passes the member to `encoder`.
    pub fn encode(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        match (self.name(), self.value()) {
            (Some(name), Some(value)) => encoder.unknown(name, value),
            _ => Ok(()),
        }
    }
}

impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        match self {
            Some(value) => value.encode(member, encoder),
            None => encoder.none(member),
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    #[inline]
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        if decoder.is_null() {
            Ok(T::NULL)
        } else {
            T::decode(member, decoder).map(Some)
        }
    }

    fn empty() -> Self {
        None
    }
}

impl<T: Encode> Encode for Box<T> {
    #[inline]
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        T::encode(self, member, encoder)
    }
}

impl<T: Decode> Decode for Box<T> {
    #[inline]
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let value = T::decode(member, decoder)?;
        decoder.allocate(size_of::<T>())?;
        Ok(Self::new(value))
    }

    fn empty() -> Self {
        Self::new(T::empty())
    }
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.list(member, self)
    }
}

impl<T: Encode> EncodeList for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn encode_elements(
        &self,
        element: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        self.iter()
            .try_for_each(|value| value.encode(element, encoder))
    }
}

impl<T: Decode> Decode for Vec<T> {
    #[inline]
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let mut list = Self::new();
        decoder.list(member, &mut list)?;
        Ok(list)
    }

    fn empty() -> Self {
        Self::new()
    }
}

impl<T: Decode> DecodeList for Vec<T> {
    fn decode_element(
        &mut self,
        element: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        let value = T::decode(element, decoder)?;
        if self.len() == self.capacity() {
            decoder.allocate(growth(self.capacity(), size_of::<T>()))?;
        }
        self.push(value);
        Ok(())
    }
}

/// The number of bytes by which a full vector of elements of this size grows: its capacity doubles.
pub(crate) const fn growth(capacity: usize, element: usize) -> usize {
    const LEAST: usize = 4;
    let elements = if capacity < LEAST { LEAST } else { capacity };
    elements.saturating_mul(element)
}

/// The codec traits of a type of maps, and the size of an entry in memory.
macro_rules! map {
    (
        $(#[$cfg:meta])*
        $map:ty, [$($bounds:tt)*], <$($hasher:ident: $hasher_bound:path)?>, $entry:expr
    ) => {
        $(#[$cfg])*
        impl<K: MapKey + $($bounds)*, T: Encode $(, $hasher: $hasher_bound)?> Encode for $map {
            #[inline]
            fn encode(
                &self,
                member: &'static Member,
                encoder: &mut dyn Encoder,
            ) -> Result<(), EncodeError> {
                encoder.map(member, self)
            }
        }

        $(#[$cfg])*
        impl<K: MapKey + $($bounds)*, T: Encode $(, $hasher: $hasher_bound)?> EncodeMap for $map {
            fn len(&self) -> usize {
                self.len()
            }

            fn encode_entries(
                &self,
                key: &'static Member,
                value: &'static Member,
                encoder: &mut dyn Encoder,
            ) -> Result<(), EncodeError> {
                self.iter().try_for_each(|(name, entry)| {
                    encoder.key(key, name.as_key())?;
                    entry.encode(value, encoder)
                })
            }
        }

        $(#[$cfg])*
        impl<K: MapKey + $($bounds)*, T: Decode $(, $hasher: $hasher_bound + Default)?> Decode for $map {
            #[inline]
            fn decode(
                member: &'static Member,
                decoder: &mut dyn Decoder,
            ) -> Result<Self, DecodeError> {
                let mut map = Self::default();
                decoder.map(member, &mut map)?;
                Ok(map)
            }

            fn empty() -> Self {
                Self::default()
            }
        }

        $(#[$cfg])*
        impl<K: MapKey + $($bounds)*, T: Decode $(, $hasher: $hasher_bound)?> DecodeMap for $map {
            fn len(&self) -> usize {
                self.len()
            }

            fn decode_entry(
                &mut self,
                key: &str,
                value: &'static Member,
                decoder: &mut dyn Decoder,
            ) -> Result<(), DecodeError> {
                let value = T::decode(value, decoder)?;
                decoder.allocate($entry)?;
                self.insert(K::from_key(key), value);
                Ok(())
            }
        }
    };
}

// The nodes of a tree are at least half full.
map!(BTreeMap<K, T>, [], <>, 2 * size_of::<(K, T)>());
// A table is at least 7/16 full, and has a byte of its own for each entry.
map!(HashMap<K, T, S>, [Eq + Hash], <S: BuildHasher>, 3 * (size_of::<(K, T)>() + 1));
// Besides its entries, it has a table of their indexes.
map!(
    #[cfg(feature = "indexmap")]
    indexmap::IndexMap<K, T, S>, [Eq + Hash], <S: BuildHasher>,
    2 * (size_of::<(K, T)>() + size_of::<u64>()) + 3 * (size_of::<usize>() + 1)
);

impl MapKey for String {
    fn as_key(&self) -> &str {
        self
    }

    fn from_key(text: &str) -> Self {
        text.to_owned()
    }
}
