//! Serializes values to any format of serde.

use ::serde::ser::{Error as _, SerializeMap, SerializeSeq};
use ::serde::{Serialize, Serializer};
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;

#[cfg(feature = "alloy")]
use crate::codec::{
    Codec as _, MemberNames,
    json::JSON_NAMES,
    union::{Discriminated, UnionValue},
};
use crate::error::EncodeError;
#[cfg(feature = "alloy")]
use crate::schema::UnionForm;
use crate::schema::{self, Member, TimestampFormat};
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers, HasSchema};
use crate::value::{Document, Timestamp, float, timestamp};

/// Serializes a value to any format.
pub fn serialize<T: Encode + HasSchema, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serialize_as(T::ROOT, value, serializer)
}

/// Writes a value of `member` to any format.
pub(crate) fn serialize_as<S: Serializer>(
    member: &'static Member,
    value: &dyn Encode,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut root = Root {
        serializer: Some(serializer),
        result: None,
    };
    match (value.encode(member, &mut root), root.result) {
        (Ok(()), Some(result)) | (Err(_), Some(result @ Err(_))) => result,
        (Err(error), _) => Err(S::Error::custom(error)),
        (Ok(()), None) => Err(S::Error::custom("the value is missing")),
    }
}

/// A value of a member, list or map, or null.
struct Optional<'v>(&'static Member, ValueRef<'v>);

impl Serialize for Optional<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            ValueRef::None => serializer.serialize_none(),
            #[cfg(feature = "alloy")]
            ValueRef::Null => serializer.serialize_none(),
            value => serializer.serialize_some(&Present(self.0, value)),
        }
    }
}

/// A value.
struct Present<'v>(&'static Member, ValueRef<'v>);

impl Serialize for Present<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(member, value) = *self;
        let text = serializer.is_human_readable();
        match value {
            ValueRef::None => serializer.serialize_none(),
            ValueRef::Boolean(value) => serializer.serialize_bool(value),
            ValueRef::Integer(value) => serializer.serialize_i64(value),
            ValueRef::Float(value) => match float::name(value.into()) {
                Some(name) if text => serializer.serialize_str(name),
                _ => serializer.serialize_f32(value),
            },
            ValueRef::Double(value) => match float::name(value) {
                Some(name) if text => serializer.serialize_str(name),
                _ => serializer.serialize_f64(value),
            },
            ValueRef::Number(digits) if text => number(digits, serializer),
            ValueRef::Number(digits) => serializer.serialize_str(digits),
            ValueRef::String(value) => serializer.serialize_str(value),
            ValueRef::Blob(value) if text => {
                serializer.collect_str(&Base64Display::new(value, &STANDARD))
            }
            ValueRef::Blob(value) => serializer.serialize_bytes(value),
            ValueRef::Timestamp(value) if text => instant(member, value, serializer),
            ValueRef::Timestamp(value) => {
                (value.as_secs(), value.subsec_nanos()).serialize(serializer)
            }
            ValueRef::Document(value) if text => value.serialize(serializer),
            ValueRef::Document(value) => serializer.collect_str(value),
            ValueRef::List(value) => list(member, value, serializer),
            ValueRef::Map(value) => map(member, value, serializer),
            ValueRef::Structure(value) => structure(value, serializer),
            #[cfg(feature = "alloy")]
            ValueRef::Null => serializer.serialize_none(),
            #[cfg(feature = "alloy")]
            ValueRef::Union(value) if text => union(value, serializer),
            #[cfg(feature = "alloy")]
            ValueRef::Union(value) => {
                let json = JSON_NAMES.encode(member, &UnionValue(value));
                let json = json.map_err(S::Error::custom)?;
                serializer.serialize_str(&String::from_utf8(json).map_err(S::Error::custom)?)
            }
            ValueRef::Stream(value) => match value.buffered() {
                Some(bytes) => Present(member, ValueRef::Blob(&bytes)).serialize(serializer),
                None => Err(S::Error::custom(member.unexpected_stream())),
            },
        }
    }
}

/// A number that a type of serde represents exactly; other numbers are text.
fn number<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(value) = digits.parse::<i64>()
        && value.to_string() == digits
    {
        return serializer.serialize_i64(value);
    }
    match digits.parse::<f64>() {
        Ok(value) if digits.contains('.') && value.to_string() == digits => {
            serializer.serialize_f64(value)
        }
        _ => serializer.serialize_str(digits),
    }
}

fn instant<S: Serializer>(
    member: &Member,
    value: Timestamp,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let format = member
        .timestamp_format
        .unwrap_or(TimestampFormat::EpochSeconds);
    let printable = timestamp::format(value, format).map_err(S::Error::custom)?;
    if format == TimestampFormat::EpochSeconds {
        number(&printable.to_string(), serializer)
    } else {
        serializer.collect_str(&printable)
    }
}

fn list<S: Serializer>(
    member: &Member,
    value: &dyn EncodeList,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut elements = Elements {
        sequence: serializer.serialize_seq(Some(value.len()))?,
        format_error: None,
    };
    let result = value.encode_elements(member.target.element(), &mut elements);
    check(result, elements.format_error)?;
    elements.sequence.end()
}

fn map<S: Serializer>(
    member: &Member,
    value: &dyn EncodeMap,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut entries = Entries {
        map: serializer.serialize_map(Some(value.len()))?,
        format_error: None,
    };
    let (key, entry) = member.target.entry();
    let result = value.encode_entries(key, entry, &mut entries);
    check(result, entries.format_error)?;
    entries.map.end()
}

fn structure<S: Serializer>(value: &dyn EncodeMembers, serializer: S) -> Result<S::Ok, S::Error> {
    let mut count = Count(0);
    value.encode_members(&mut count).map_err(S::Error::custom)?;
    let mut members = Members {
        map: serializer.serialize_map(Some(count.0))?,
        format_error: None,
    };
    let result = value.encode_members(&mut members);
    check(result, members.format_error)?;
    members.map.end()
}

/// A union that has a form of its own, in a human-readable format.
#[cfg(feature = "alloy")]
fn union<S: Serializer>(value: &dyn EncodeMembers, serializer: S) -> Result<S::Ok, S::Error> {
    match value.schema().form {
        UnionForm::Tagged => structure(value, serializer),
        UnionForm::Discriminated(key) => {
            let (union, names) = (value, MemberNames::Json);
            structure(&Discriminated { union, key, names }, serializer)
        }
        UnionForm::Untagged => {
            let mut root = Root {
                serializer: Some(serializer),
                result: None,
            };
            match (value.encode_members(&mut root), root.result) {
                (_, Some(result)) => result,
                (Err(error), None) => Err(S::Error::custom(error)),
                (Ok(()), None) => Err(S::Error::custom("no member of the union is set")),
            }
        }
    }
}

/// The error of the format has precedence over the error of the encoder that it causes.
fn check<E: ::serde::ser::Error>(
    result: Result<(), EncodeError>,
    format_error: Option<E>,
) -> Result<(), E> {
    match (result, format_error) {
        (_, Some(format_error)) => Err(format_error),
        (Err(error), None) => Err(E::custom(error)),
        (Ok(()), None) => Ok(()),
    }
}

/// Stores the error of the format while encoding ends.
fn store<E>(format_error: &mut Option<E>) -> impl FnOnce(E) -> EncodeError + '_ {
    |error| {
        *format_error = Some(error);
        EncodeError::new("the format cannot encode the value")
    }
}

/// Serializes the root value.
struct Root<S: Serializer> {
    serializer: Option<S>,
    result: Option<Result<S::Ok, S::Error>>,
}

impl<S: Serializer> ValueVisitor for Root<S> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        self.result = self
            .serializer
            .take()
            .map(|serializer| Present(member, value).serialize(serializer));
        Ok(())
    }

    /// The member of an untagged union is its value alone.
    fn unknown_member(&mut self, _: &str, value: &Document) -> Result<(), EncodeError> {
        self.value(UNKNOWN, ValueRef::Document(value))
    }
}

/// The schema of an unknown member.
const UNKNOWN: &Member = &Member::new("", &schema::DOCUMENT);

/// Counts the members that have a value: some formats write their number first.
struct Count(usize);

impl ValueVisitor for Count {
    fn value(&mut self, _: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        self.0 += usize::from(!matches!(value, ValueRef::None));
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        self.0 += 1;
        Ok(())
    }
}

struct Members<M: SerializeMap> {
    map: M,
    format_error: Option<M::Error>,
}

impl<M: SerializeMap> ValueVisitor for Members<M> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if matches!(value, ValueRef::None) {
            return Ok(());
        }
        self.map
            .serialize_entry(member.json_name, &Optional(member, value))
            .map_err(store(&mut self.format_error))
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.map
            .serialize_entry(name, &Present(UNKNOWN, ValueRef::Document(value)))
            .map_err(store(&mut self.format_error))
    }
}

struct Elements<Q: SerializeSeq> {
    sequence: Q,
    format_error: Option<Q::Error>,
}

impl<Q: SerializeSeq> ValueVisitor for Elements<Q> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        self.sequence
            .serialize_element(&Optional(member, value))
            .map_err(store(&mut self.format_error))
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Err(EncodeError::new("a member outside of a union"))
    }
}

struct Entries<M: SerializeMap> {
    map: M,
    format_error: Option<M::Error>,
}

impl<M: SerializeMap> ValueVisitor for Entries<M> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        self.map
            .serialize_value(&Optional(member, value))
            .map_err(store(&mut self.format_error))
    }

    fn entry(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.map
            .serialize_key(key)
            .map_err(store(&mut self.format_error))
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Err(EncodeError::new("a member outside of a union"))
    }
}
